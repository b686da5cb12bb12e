"""Grades in the gradebook that a teacher may not expect there: those of an earlier attempt, or of no file."""

from __future__ import annotations

from collections.abc import Collection

from ..class_run.batch import FOLDER
from ..course import Course, CourseError
from ..intake.finding import find_students
from ..record.ledger import LedgerToRead

OF_BEFORE = "the newest attempt could not be graded: the grade is of the one before"
OF_NO_FILE = "graded, but nothing is in submitted/"


def doubtful(course: Course, name: str, graded: Collection[str]) -> dict[str, str]:
    """Which grades of a notebook are to be looked at, and why, by student; `graded` are the students who have one.

    Raises CourseError if the ledger is in use or damaged.
    """
    try:
        handed_in = find_students(course, name).keys()
    except CourseError:  # submissions that are elsewhere say nothing
        handed_in = set(graded)
    path = course.root / FOLDER / f"{name}.sqlite"
    failed: set[str] = set()
    if path.is_file():  # nbgrader's own commands leave none
        with LedgerToRead(path) as ledger:
            entries = ledger.entries().keys() & set(graded)
            failed = entries - {result.student for result in ledger.results(entries) if not result.reason}
    return {
        student: OF_NO_FILE if student not in handed_in else OF_BEFORE
        for student in sorted(graded)
        if student not in handed_in or student in failed
    }
