"""Makes bulk downloads, gradebooks and worksheets in the shapes of Canvas and Moodle.

The shapes follow their sources: Canvas's content_zipper and gradebook_exporter, Moodle's assign downloader and
gradingtable (see docs/lms.md).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAME = "00_feature_maps"


@dataclass(frozen=True)
class Student:
    """A student of an LMS: their number there, first and last name, e-mail address."""

    number: int
    first: str
    last: str
    email: str = ""

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}"

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"


CLASS = (
    Student(101, "Ada", "Lovelace", "ada@uni.edu"),
    Student(102, "Wei", "Chen", "wei.chen@uni.edu"),
    Student(103, "Wei", "Chen", "wei.chen2@uni.edu"),  # another one of the same name
    Student(104, "Zoë", "Nuñez-Ødegård", "zoe@uni.edu"),
    Student(105, "小龍", "李", "li@uni.edu"),
    Student(106, 'Anna "Annie"', "O'Brien, Jr.", "anna@uni.edu"),
    Student(107, "2+5", '=HYPERLINK("http://evil","x")&', "eve@uni.edu"),
    Student(108, "Grace", "Hopper", "grace@uni.edu"),
    Student(109, "Alan", "Turing", "alan@uni.edu"),
    Student(110, "Never", "Here", "never@uni.edu"),
)


# --- Canvas --------------------------------------------------------------------------------------------------------


def canvas_name(sortable: str, number: int, upload: int, file: str, late: bool = False) -> str:
    """The name of a file in Canvas's archive."""
    name = re.sub(r"_(\d+)_", r"\1", sortable).lower()
    joined = "_".join([name, *(["LATE"] if late else []), str(number)])
    words = "".join(c for c in joined if unicodedata.category(c)[0] in "LM" or unicodedata.category(c) in ("Nd", "Pc"))
    return f"{words}_{upload}_" + re.sub(r'[\x00/\\:*?"<>|]+', "_", file)


def canvas_gradebook(path: Path, students: Iterable[Student] = CLASS, title: str = f"{NAME} (55)", **about) -> Path:
    """Canvas's gradebook: a title row, points possible, the students, the test student, and columns of totals.

    `points` are those possible; `cells` go by the student's number; `manual` adds the row of manual posting.
    """
    points, cells = about.get("points", "20.00"), about.get("cells", {})
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Syllabus quiz (54)", title, "Final Score"]
    rows = [header]
    if about.get("manual"):
        rows.append(["", "", "", "", "", "", "Manual Posting"])
    rows.append(["    Points Possible", "", "", "", "", "3.00", points, "(read only)"])
    for one in students:
        name = f'="{one.sortable}"' if one.sortable.startswith("=") else one.sortable
        cell = cells.get(one.number, "")
        rows.append([name, str(one.number), f"S{one.number}", one.email, "Lab, 1", "2.00", cell, "80.00"])
    rows.append(["Student, Test", "999", "", "0123abc", "Lab, 1", "", "", ""])
    return write_csv(path, rows, "utf-8-sig" if about.get("mark") else "utf-8", about.get("delimiter", ","))


# --- Moodle --------------------------------------------------------------------------------------------------------


def moodle_folder(full: str, number: int, plugin: str = "file", last: str = "_") -> str:
    """The folder of a student's files in Moodle's archive; newer versions leave the last underscore out."""
    clean = re.sub(r"""[\x00-\x1f\x7f&<>"`|':\\/]""", "", full.replace("_", " "))
    return f"{clean}_{number}_assignsubmission_{plugin}{last}"


def moodle_worksheet(path: Path, students: Iterable[Student] = CLASS, **about) -> Path:
    """Moodle's grading worksheet. By number: `late`, `drafts`, `closed`; `feedback` and `times`, texts."""
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"]
    rows = [[*header, "Last modified (submission)", "Last modified (grade)", "Feedback comments"]]
    for one in students:
        status = "Draft (not submitted)" if one.number in about.get("drafts", ()) else "Submitted for grading"
        status += " - 1 day 2 hours late" if one.number in about.get("late", ()) else ""
        closed = "No" if one.number in about.get("closed", ()) else "Yes"
        maximum, time = about.get("maximum", "20.00"), about.get("times", {}).get(one.number, "-")
        last = [time, "-", about.get("feedback", {}).get(one.number, "")]
        rows.append([f"Participant {one.number}", one.full, one.email, status, "", maximum, closed, *last])
    return write_csv(path, rows)


def moodle_participants(path: Path, groups: dict[int, str], students: Iterable[Student] = CLASS) -> Path:
    """Moodle's list of participants as it downloads it; groups go by the student's number."""
    rows = [["First name", "Last name", "Email address", "Groups"]]
    return write_csv(path, rows + [[one.first, one.last, one.email, groups.get(one.number, "")] for one in students])


# --- both ----------------------------------------------------------------------------------------------------------


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows by column, as any CSV reader gives them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_zip(path: Path, files: dict[str, bytes], says_utf8: bool = True) -> Path:
    """A zip archive; Canvas does not say that its names are UTF-8."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name) if says_utf8 else _BareName(name.encode().decode("cp437"))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


class _BareName(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def unpack(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder
