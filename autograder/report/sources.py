"""Read a graded class: the ledger's results, the gradebook's names and hand-given points. Nothing is written."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    Notebook,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select
from sqlalchemy.engine import Connection

from ..course import Course, CourseError
from ..exercise.catalogue import catalogue_of
from ..grading.grade import Result
from ..intake.finding import find_students
from ..record.class_list import ClassList, Member
from ..record.ledger import Entry, LedgerToRead, ledger_path
from ..record.reader import has_gradebook, left_to_a_person, of_assignment, open_to_read
from ..statuses import ByHand
from .records import ClassRecords, HandGrades, StudentRecord


def read_class(
    course: Course,
    name: str,
    page: Path,
    people: ClassList,
    submitted: Path | None = None,
    not_taken: Mapping[str, str] | None = None,
) -> ClassRecords:
    """What is known of everybody who handed in a notebook, or is one of the `people`.

    Who handed in is who is in the folder of submissions; without such a folder, who was graded. `page` is the file of
    the report, from which links lead to the feedback. `not_taken` says of whom something was not collected, and why.
    Raises CourseError if nothing was graded, or ledger, gradebook or a named folder of submissions cannot be read.
    """
    path = ledger_path(course, name)
    entries, results = _read_ledger(path)
    handed_in = _handed_in(course, name, submitted) or set(entries)
    dropped = len(results.keys() - handed_in)
    if people.section:
        handed_in &= people.members.keys()
    if not handed_in & results.keys():
        of = f"{name}, section {people.section!r}," if people.section else name
        raise CourseError(f"no submission of {of} has been graded: run `autograder grade {name}` first")
    config = course.config()
    directory = CourseDirectory(config=config)
    judged = {exercise.id for exercise in catalogue_of(config).exercises_of(name)}
    hands, manual = _read_gradebook(directory.db_url, name, judged)

    def feedback(student: str) -> str:
        path = Path(directory.format_path(directory.feedback_directory, student, name)) / f"{name}.html"
        return _link(page, path) if path.is_file() else ""

    def member(student: str) -> tuple[str, str, str]:
        known = people.members.get(student, Member())
        return student, known.name, known.section

    records = [
        StudentRecord(
            *member(student),
            late=people.lateness.get(student),
            result=results.get(student),
            hand=hands.get(student),
            breaks=entries[student].breaks if student in entries else 0,
            feedback=feedback(student),
        )
        for student in handed_in
    ]
    missing = people.members.keys() - handed_in
    reasons = not_taken or {}
    records += [
        StudentRecord(*member(student), handed_in=False, not_taken=reasons.get(student, "")) for student in missing
    ]
    records.sort(key=lambda record: record.student)
    graded_at = datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat(" ", "minutes")
    return ClassRecords(name, tuple(records), manual, graded_at, dropped, people.section)


def _read_ledger(path: Path) -> tuple[dict[str, Entry], dict[str, Result]]:
    if not path.is_file():
        raise CourseError(f"{path.stem} has not been graded: run `autograder grade {path.stem}` first")
    with LedgerToRead(path) as ledger:
        entries = ledger.entries()
        return entries, {result.student: result for result in ledger.results(entries)}


def _handed_in(course: Course, name: str, submitted: Path | None) -> set[str]:
    try:
        return set(find_students(course, name, submitted))
    except CourseError:
        if submitted is not None:
            raise
        return set()


def _link(page: Path, target: Path) -> str:
    """The relative link from a page to a file; a name in it can be any text."""
    return quote(Path(os.path.relpath(target, page.absolute().parent)).as_posix())


# --- the gradebook ---


def _read_gradebook(db_url: str, name: str, judged: set[str]) -> tuple[dict[str, HandGrades], dict[str, float] | None]:
    """What was graded by hand, and the points of questions graded so; None without a gradebook."""
    if not has_gradebook(db_url):
        return {}, None
    with open_to_read(db_url) as connection:
        manual = _manual_cells(connection, name, judged)
        return _hand_grades(connection, name, manual), manual


def _manual_cells(connection: Connection, name: str, judged: set[str]) -> dict[str, float]:
    """The graded cells that the judge has nothing to do with, with their points."""
    found = {}
    for kind in (GradeCell, TaskCell):
        cells = (
            select(BaseCell.name, kind.__table__.c.max_score)
            .join(kind.__table__, kind.__table__.c.id == BaseCell.__table__.c.id)
            .join(Notebook, Notebook.id == BaseCell.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
            .where(Assignment.name == name)
        )
        found |= {
            cell: points for cell, points in connection.execute(cells) if cell.removesuffix("-check") not in judged
        }
    return found


def _hand_grades(connection: Connection, name: str, manual: dict[str, float]) -> dict[str, HandGrades]:
    totals, given, left = defaultdict(float), defaultdict(float), left_to_a_person(connection, name)
    for student, penalty in connection.execute(of_assignment(name, SubmittedNotebook.late_submission_penalty)):
        totals[student] -= penalty or 0.0
    columns = (BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
    grades = (
        of_assignment(name, *columns)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
    )
    for student, cell, auto, by_hand, extra in connection.execute(grades):
        points = (auto or 0.0) if by_hand is None else by_hand
        points += (extra or 0.0) if (auto, by_hand) != (None, None) else 0.0  # as nbgrader counts extra credit
        totals[student] += points
        if cell in manual:
            given[student] += points
    return {
        student: HandGrades(round(total, 6), given[student], left[student][ByHand.WAITING], left[student][ByHand.AGAIN])
        for student, total in totals.items()
    }
