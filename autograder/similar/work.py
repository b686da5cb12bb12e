"""What students wrote, from the graded notebooks that the ledger keeps; and what they were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from .. import cells
from ..course import Course, CourseError
from ..packing import packed_in
from ..record.ledger import LedgerToRead, ledger_path
from .pairs import Answer

OWN_CELLS = "cells of their own"


def read_work(course: Course, name: str) -> dict[str, dict[str, Answer]]:
    """The answers by student and exercise, of everybody who was graded.
    Raises CourseError if nobody was, or the ledger cannot be read."""
    path = ledger_path(course, name)
    work = {}
    if path.is_file():
        with LedgerToRead(path) as ledger:
            for student in ledger.entries():
                graded = ledger.graded(student)
                if graded:
                    work[student] = answers_of(nbformat.v4.reads(graded))
    if not work:
        raise CourseError(f"no submission of {name} has been graded: run `autograder grade {name}` first")
    return work


def answers_of(notebook: NotebookNode) -> dict[str, Answer]:
    """A graded notebook's answers by exercise, all pieces of one put together, and the student's own cells."""
    parts: defaultdict[str, list[NotebookNode]] = defaultdict(list)
    for cell in notebook.cells:
        answer = cells.answer_of(cell) or (OWN_CELLS if "student" in cells.tags(cell) else None)
        if answer and (answer != OWN_CELLS or cell.cell_type == "code"):
            parts[answer].append(cell)
    return {
        answer: Answer("\n\n".join(cell.source for cell in own), any(cell.cell_type == "code" for cell in own))
        for answer, own in parts.items()
    }


def given_to_all(course: Course, name: str) -> Iterator[Answer]:
    """Every cell of the student version, and what is packed in it."""
    for cell in nbformat.read(course.release(name), as_version=4).cells:
        yield Answer(cell.source, cell.cell_type == "code")
        yield from (Answer(packed.helpers, True) for packed in packed_in(cell.source))
