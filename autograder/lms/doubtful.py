"""Where gradebook, submissions and feedback disagree: grades of an earlier attempt or of no file, pages from before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from ..course import Course, CourseError
from ..intake.finding import find_students
from ..record.gradebook import InGradebook
from ..record.ledger import LedgerToRead, ledger_path
from ..record.reader import has_gradebook
from ..record.recorder import Recorder

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
    path = ledger_path(course, name)
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


def older_pages(course: Course, name: str, pages: Mapping[str, Path]) -> set[str]:
    """Whose feedback page shows what is no longer in the gradebook: what a person gave since is not on it.

    A page that is newer than the ledger is nbgrader's own, and nothing is known of it.
    Raises CourseError if the ledger or the gradebook is in use or damaged.
    """
    path = ledger_path(course, name)
    if not path.is_file() or not has_gradebook(CourseDirectory(config=course.config()).db_url):
        return set()
    written = path.stat().st_mtime
    ours = [student for student, page in pages.items() if page.stat().st_mtime <= written]
    with LedgerToRead(path) as ledger, Recorder(course, name) as recorder:
        entries, now = ledger.entries(), recorder.digests(ours)
    shown = {
        student: InGradebook(entry.beside.entered, entry.beside.shown)
        for student, entry in entries.items()
        if entry.beside
    }
    return {student for student in shown.keys() & now.keys() if shown[student] != now[student]}
