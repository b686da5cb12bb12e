"""The gradebook, to look at. nbgrader's own Gradebook makes what it misses, so it is not used to look."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import ColumnElement, Select, create_engine, event, exists, or_, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from ..course import CourseError
from ..statuses import ByHand


def has_gradebook(db_url: str) -> bool:
    """Whether there is a gradebook: a file, where SQLite keeps it."""
    url = make_url(db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


@contextmanager
def open_to_read(db_url: str) -> Iterator[Connection]:
    """A connection to the gradebook that, with SQLite, cannot write.
    Raises CourseError if the gradebook cannot be read."""
    engine = create_engine(db_url)
    try:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
        with engine.connect() as connection, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about nbgrader's own tables
            yield connection
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise CourseError(
            f"the gradebook cannot be read ({reason}): close what holds it, or check CourseDirectory.db_url"
        ) from error
    finally:
        engine.dispose()


def of_assignment(name: str, *columns: Any) -> Select:
    """A query for the students who have a submission of an assignment, with these columns beside the student's id."""
    return (
        select(SubmittedAssignment.student_id, *columns)
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(Assignment.name == name)
    )


def left_to_a_person(connection: Connection, name: str) -> defaultdict[str, Counter[ByHand]]:
    """How many grades of each student a person has still to give, or to look at again; settled ones are not counted."""
    query = (
        of_assignment(name, Grade.manual_score)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .where(Grade.needs_manual_grade)
    )
    left: defaultdict[str, Counter[ByHand]] = defaultdict(Counter)
    for student, manual_score in connection.execute(query):
        left[student][ByHand.of(True, manual_score)] += 1
    return left


def was_graded() -> ColumnElement[bool]:
    """Whether a submitted notebook is more than the place of an extension that was granted before anything came in."""
    of_row = select(Grade.id).where(Grade.notebook_id == SubmittedNotebook.id).correlate(SubmittedNotebook)
    cell = GradeCell.__table__
    judged = of_row.join(cell, cell.c.id == Grade.cell_id).where(cell.c.cell_type == "code")
    scored = of_row.where(or_(Grade.auto_score.is_not(None), Grade.manual_score.is_not(None)))
    return or_(exists(scored), ~exists(judged))  # with questions in words alone, no score says nothing
