"""Points and comments that a person gives to one answer after another, beside formgrader and a grading that may run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine, select, update
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError

from ..files import is_of_sqlite
from ..statuses import ByHand
from .reader import was_graded

BUSY_SECONDS = 2.0  # how long an attempt waits for another program that writes


class GradebookBusy(Exception):
    """Another program holds the gradebook; nothing was written."""


class ChangedMeanwhile(Exception):
    """A grade is another than the person saw who gave points; nothing was written."""


@dataclass(frozen=True)
class HandGrade:
    """What the gradebook has of one student's answer: nbgrader's own columns.

    `automatic` is nbgrader's score, which it gives to an answer that nobody wrote; `given` are a person's points.
    `comment_id` is None where the gradebook has no place for a comment.
    """

    id: str
    comment_id: str | None
    student: str
    student_name: str
    most: float
    automatic: float | None
    given: float | None
    needs_a_person: bool
    comment: str | None

    @property
    def by_hand(self) -> ByHand:
        return ByHand.of(self.needs_a_person, self.given)

    @property
    def points(self) -> float | None:
        """The points that count: a person's before nbgrader's. None where there are none yet."""
        return self.automatic if self.given is None else self.given


class HandGradebook:
    """The grades that a person gives. Its methods raise GradebookBusy if another program holds the gradebook."""

    def __init__(self, db_url: str, busy_seconds: float = BUSY_SECONDS):
        is_sqlite = make_url(db_url).get_backend_name() == "sqlite"
        self._engine = create_engine(db_url, connect_args={"timeout": busy_seconds} if is_sqlite else {})

    def close(self) -> None:
        self._engine.dispose()

    def grades(self, name: str, question: str) -> list[HandGrade]:
        """All grades of one question; the assignment has the notebook's name."""
        comments = (
            select(Comment.id, Comment.notebook_id, Comment.manual_comment)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .where(BaseCell.name == question)
            .subquery()
        )
        cell = GradeCell.__table__
        query = (
            select(
                *(Grade.id, comments.c.id, Student.id, Student.first_name, Student.last_name, cell.c.max_score),
                *(Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade, comments.c.manual_comment),
            )
            .select_from(Grade)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(Student, Student.id == SubmittedAssignment.student_id)
            .join(BaseCell.__table__, BaseCell.__table__.c.id == Grade.cell_id)
            .join(cell, cell.c.id == Grade.cell_id)
            .outerjoin(comments, comments.c.notebook_id == SubmittedNotebook.id)
            .where(Assignment.name == name, BaseCell.__table__.c.name == question, was_graded())
            .order_by(Student.id)
        )
        with self._transaction() as connection:
            return [
                HandGrade(id, comment_id, student, " ".join(filter(None, (first, last))), *rest)
                for id, comment_id, student, first, last, *rest in connection.execute(query)
            ]

    def replace(self, changes: Sequence[tuple[HandGrade, HandGrade]]) -> None:
        """Write each second grade in the place of the first: all of them or none.
        Raises ChangedMeanwhile if one is not in the gradebook as the first has it."""
        with self._transaction() as connection:
            for before, after in changes:
                _replace(connection, before, after)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            if is_of_sqlite(error, sqlite3.SQLITE_BUSY):
                raise GradebookBusy from error
            raise


def _replace(connection: Connection, before: HandGrade, after: HandGrade) -> None:
    """One statement for each row that looks and writes: nothing can come between."""
    grade = (
        update(Grade)
        .where(
            Grade.id == before.id,
            Grade.manual_score.is_not_distinct_from(before.given),
            Grade.auto_score.is_not_distinct_from(before.automatic),
            Grade.needs_manual_grade == before.needs_a_person,
        )
        .values(manual_score=after.given, needs_manual_grade=after.needs_a_person)
    )
    comment = (
        update(Comment)
        .where(Comment.id == before.comment_id, Comment.manual_comment.is_not_distinct_from(before.comment))
        .values(manual_comment=after.comment)
    )
    statements = [grade, comment] if before.comment != after.comment else [grade]
    if any(connection.execute(statement).rowcount != 1 for statement in statements):
        raise ChangedMeanwhile(before.student)
