"""A made-up class that hands in through Canvas, and what the tests of collecting and exporting share."""

from __future__ import annotations

import functools
import io
import tempfile
import zipfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.lms.collection import Collection
from tests.support.course import make_course
from tests.support.lms_files import CLASS, NAME, canvas_name

RELEASE = Course.find().release(NAME).read_bytes()
OTHER = Course.find().release("01_squeeze_excitation").read_bytes()


def notebook(text: str = "") -> bytes:
    """The student version with a cell of its own, so that no two are the same."""
    content = nbformat.reads(RELEASE.decode(), as_version=4)
    content.cells.append(nbformat.v4.new_markdown_cell(text, id="own"))
    return nbformat.writes(content).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def course_in(folder: Path) -> Course:
    """A course of its own with an empty gradebook."""
    course = make_course(folder / "class")
    (course.root / "gradebook.db").write_bytes(_empty_gradebook())
    return course


@functools.cache
def _empty_gradebook() -> bytes:
    """nbgrader starts a process for each new gradebook, to ask which edition its tables are: so one is copied."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook.db"
        Gradebook(f"sqlite:///{path}", "attention").close()
        return path.read_bytes()


def of(number: int, upload: int, file: str, late: bool = False) -> str:
    return canvas_name(next(one for one in CLASS if one.number == number).sortable, number, upload, file, late)


CANVAS = {
    of(101, 5001, f"{NAME}.ipynb"): notebook("Ada"),
    of(102, 5002, f"{NAME}.ipynb"): notebook("the first Wei"),
    of(103, 5003, f"{NAME}-1.ipynb", late=True): notebook("the second Wei, late, handed in twice"),
    of(104, 5004, f"{NAME} (2).ipynb"): notebook("Zoë"),
    of(105, 5005, f"{NAME}-2.ipynb"): notebook("李, third attempt"),
    of(106, 5006, "my homework.ipynb"): notebook("Anna, wrong name"),
    of(106, 5007, "figure.png"): b"\x89PNG",
    of(107, 5008, "all of it.zip"): zipped({f"work/{NAME}.ipynb": notebook("Eve"), "work/a.png": b"\x89PNG"}),
    of(108, 5009, "essay.docx"): b"PK\x03\x04 not a notebook",
    of(109, 5010, "01_squeeze_excitation.ipynb"): OTHER,
    canvas_name("Stranger, Some", 777, 5011, f"{NAME}.ipynb"): notebook("not of this class"),
    "../../submitted/evil_101_5012_00_feature_maps.ipynb": notebook("traversal"),
    "anon_x7Gh2_5013_00_feature_maps.ipynb": notebook("anonymous"),
    "__MACOSX/._" + of(101, 5001, f"{NAME}.ipynb"): b"\x00",
}


def submitted(course: Course) -> dict[str, str]:
    """By student, the last cell of each collected notebook, or the name of a zip archive."""
    found = {}
    for path in (course.root / "submitted").glob("*/*/*"):
        if path.suffix == ".ipynb":
            found[path.parts[-3]] = nbformat.read(path, as_version=4).cells[-1].source
        elif path.suffix == ".zip":
            found[path.parts[-3]] = path.name
    return found


def reasons(report: Collection) -> dict[str, str]:
    return {one.file: one.reason for one in report.unmatched}
