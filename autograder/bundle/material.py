"""What of the course students may read, and what they may not, by the sources: nothing that was made from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from nbformat import NotebookNode

from .. import cells
from ..build import read_source
from ..course import Course
from ..exercise.catalogue import catalogue_of
from ..packing import packed_in

_JUDGE = Path(__file__).absolute().parent.parent / "judge"
_WHAT = {"SOLUTION": "a solution", "HIDDEN TESTS": "a hidden test"}


@dataclass(frozen=True)
class Piece:
    """A text, with its place in the course. `by_line`: each of its lines counts by itself."""

    text: str
    origin: str
    is_code: bool
    by_line: bool = False


def divide(course: Course) -> tuple[list[Piece], list[Piece]]:
    """The secret pieces and the public ones.

    Secret are solutions, hidden tests and teachers' cells; the course's package, the judge and sample answers.
    Public are the notebooks as students get them.
    """
    secret, public = list(_what_judges(course)), []
    code_stub, text_stub = course.stubs()
    for name in course.names:
        origin = f"solutions/{name}/{name}.py"
        for cell in read_source(course, name).cells:
            secret += _secret_parts(cell, origin)
            if "instructor" not in cells.tags(cell):
                is_code = cell.cell_type == "code"
                given = cells.student_source(_marked(cell), code_stub if is_code else text_stub)
                public += [
                    Piece(given, origin, is_code),
                    *(Piece(one.helpers, origin, True) for one in packed_in(given)),
                ]
    return secret, public


def _what_judges(course: Course) -> Iterator[Piece]:
    """Every module of the judge and of the course's package, and every file of sample answers."""
    package = Path(import_module(catalogue_of(course.config()).package.partition(".")[0]).__file__).parent
    # The sample answers: the course's, and those beside its package.
    answers = {(root / "tests" / "answers").resolve() for root in (course.root, package.parent)}
    folders = [(_JUDGE, _JUDGE.parent.parent), (package, package.parent)]
    for folder, top in [*folders, *((place, place.parent.parent) for place in sorted(answers))]:
        for path in sorted(folder.rglob("*.py")):
            yield Piece(path.read_text(encoding="utf-8"), path.relative_to(top).as_posix(), True)


def _secret_parts(cell: NotebookNode, origin: str) -> Iterator[Piece]:
    is_code = cell.cell_type == "code"
    if "instructor" in cells.tags(cell):
        yield Piece(cells.unfolded(cell.source), f"{origin}, a cell for teachers", is_code)
        return
    for kind, what in _WHAT.items():
        for text in cells.regions(_marked(cell), kind):
            yield Piece(text, f"{origin}, {what}", False, by_line=True)
            if is_code and kind == "SOLUTION":
                yield Piece(cell.source, f"{origin}, {what}", True)  # the function as a whole


def _marked(cell: NotebookNode) -> str:
    """The cell's source with its regions. An answer cell without any is a solution from end to end for nbgrader."""
    if cells.is_marked(cell, "solution") and not any(cells.regions(cell.source, kind) for kind in _WHAT):
        return f"### BEGIN SOLUTION\n{cell.source}\n### END SOLUTION"
    return cell.source
