"""Canvas: the names in its "Download Submissions" archive, and its gradebook as CSV.

A file is called `lovelaceada_LATE_1234_5678_00_feature_maps-1.ipynb`: the name without all but letters and digits, LATE
where it was, the student's number, the upload's number, then the student's name for the file, to which Canvas adds -1,
-2 and so on when a file of that name is handed in again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..course import CourseError
from ..intake.names import HandIn
from .csv_table import CsvTable

_FILE = re.compile(
    r"(?P<name>.*?)_(?:(?P<late>LATE)_)?(?P<id>[0-9]{1,18})_(?P<upload>[0-9]{1,18})_(?P<file>.+)", re.DOTALL
)
_PAGE = re.compile(r".*?_(?:LATE_)?\d+_(?:text|link)\.html")
_ANONYMOUS = re.compile(r"(?:LATE_)?anon(?:ymous)?_(?!(?:LATE_)?\d+_\d+_)")
_WRAPPED = re.compile(r'="(?P<name>.*)"', re.DOTALL)  # how Canvas exports a name that starts with =
_ID = re.compile(r"[0-9]{1,18}")
_COLUMN_ID = re.compile(r"\s*\(\d+\)$")
_TEST_STUDENT = "Student, Test"


def hand_ins(path: PurePosixPath) -> list[HandIn]:
    """What a file's name may say, the likeliest first: a name that ends in digits can be read in two ways."""
    found, start = [], 0
    if _ANONYMOUS.match(path.name):
        return found
    while match := _FILE.match(path.name, start):
        name = path.name[: match.end("name")]
        if re.search(r"_[0-9]+_", name):  # Canvas leaves no such digits in a student's name: this is a file's
            break
        late = match["late"] is not None
        found.append(HandIn(str(int(match["id"])), name, match["file"], late, int(match["upload"])))
        start = match.start("id")
    return found


def names_in(name: str) -> list[str | None]:
    """The names that may be the student's: the whole alone."""
    return [name]


def why_unknown(path: PurePosixPath) -> str:
    """Why a file's name does not say whose it is."""
    if _ANONYMOUS.match(path.name):
        return "anonymous in Canvas: turn anonymous grading off for the download, or no grade can go back"
    if _PAGE.fullmatch(path.name):
        return "a text or a link typed into Canvas, not a file"
    return "not named as Canvas names submissions"


def feedback_path(path: PurePosixPath, _: str) -> str:
    """What a file must be called in the archive that Canvas takes back: as in the one that it gave.

    The numbers in the name alone count; what students see is called as they called their own file.
    """
    return path.name


def is_roster(table: CsvTable) -> bool:
    return table.find("Identifier") is None and table.find("ID") is not None and table.find("Section") is not None


def student_rows(table: CsvTable) -> Iterator[tuple[str, str, list[str]]]:
    """(number, name, row) of each student in the gradebook, without the row of points and Canvas's test student."""
    number = table.require("ID")
    for row in table.rows:
        if _ID.fullmatch(row[number].strip()) and _name(table, row) != _TEST_STUDENT:
            yield str(int(row[number])), _name(table, row), row


def section(table: CsvTable, row: list[str]) -> str:
    """A student's section; who is in several has them all in one cell, as a list in words."""
    return row[table.require("Section")].strip()


def _name(table: CsvTable, row: list[str]) -> str:
    """Last name, first name."""
    columns = ("Student",) if table.find("Student") is not None else ("LastName", "FirstName")
    parts = (row[table.require(column)] for column in columns)
    unwrapped = (match["name"] if (match := _WRAPPED.fullmatch(part)) else part for part in parts)
    return ", ".join(part.strip() for part in unwrapped)


def assignment_column(table: CsvTable, wanted: str) -> int:
    """The place of the assignment's column, headed `title (number)`: by both, by the title, or by a part of it.
    Raises CourseError if none or several fit."""
    start = table.require("Section") + 1
    columns = {place: table.header[place].strip() for place in range(start, len(table.header))}
    columns = {place: title for place, title in columns.items() if _COLUMN_ID.search(title)}
    titles = {place: _COLUMN_ID.sub("", title).lower() for place, title in columns.items()}
    low = wanted.strip().lower()
    for fits in (
        [place for place, title in columns.items() if title.lower() == low],
        [place for place, title in titles.items() if title == low],
        [place for place, title in titles.items() if low in title],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            listed = ", ".join(columns[place] for place in fits)
            raise CourseError(f"{table.path} has several columns {wanted!r}: {listed}. Name one whole with --column")
    listed = ", ".join(columns.values()) or "none, so export the whole gradebook"
    raise CourseError(f"{table.path} has no column {wanted!r}; name one with --column. Its assignments: {listed}")


def points_possible(table: CsvTable, column: int) -> str:
    """What the row "Points Possible" says of an assignment; "" if it says nothing."""
    rows = (row for row in table.rows if "Points Possible" in row[0])
    return next((row[column].strip() for row in rows), "")


def only_column(table: CsvTable, column: int) -> CsvTable:
    """The columns that tell who it is, and one assignment's: what Canvas advises to import."""
    places = [*range(table.require("Section") + 1), column]

    def kept(row: list[str]) -> list[str]:
        return [row[place] for place in places]

    rows = [kept(row) for row in table.rows]
    return CsvTable(table.path, kept(table.header), rows, table.delimiter, table.newline, table.marked)


def why_closed(cell: str) -> str:
    """Why a student's cell is not to be filled, or ""."""
    return {"N/A": "not assigned to them", "EX": "excused"}.get(cell.strip().upper(), "")
