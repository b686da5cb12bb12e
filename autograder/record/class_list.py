"""Who is in the class, and who handed in late, as nbgrader's gradebook has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nbgrader.api import Assignment, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.engine import Connection

from ..judge.verdict import points_text
from .reader import has_gradebook, of_assignment, open_to_read, was_graded

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


@dataclass(frozen=True)
class Member:
    """Somebody of the class; `section` is of the LMS's roster. "" where it is not known."""

    name: str = ""
    section: str = ""


@dataclass(frozen=True)
class Lateness:
    """How a submission stands to its due date: seconds beyond it, extension included, and nbgrader's penalty.

    `marked`: the LMS calls it late, without a time or a due date from which nbgrader could tell.
    """

    seconds: float = 0.0
    penalty: float = 0.0
    extension: timedelta | None = None
    marked: bool = False

    @property
    def is_late(self) -> bool:
        return self.marked or self.seconds > 0

    def __str__(self) -> str:
        parts = [f"late by {_duration(self.seconds)}"] if self.seconds else []
        parts += ["late, says the LMS"] if self.marked else []
        parts += [f"penalty {points_text(self.penalty)}"] if self.penalty else []
        parts += [f"extension {_duration(self.extension.total_seconds())}"] if self.extension else []
        return ", ".join(parts)


@dataclass(frozen=True)
class ClassList:
    """A class around one notebook: its members by student, and the lateness of those who have any, or an extension.

    `section` is the one whose members these are; "": all of the class.
    """

    members: Mapping[str, Member] = field(default_factory=dict)
    lateness: Mapping[str, Lateness] = field(default_factory=dict)
    section: str = ""


def read_class_list(db_url: str, name: str) -> ClassList:
    """The class as the gradebook has it; an empty one where there is no gradebook.
    Raises CourseError if the gradebook cannot be read."""
    if not has_gradebook(db_url):
        return ClassList()
    with open_to_read(db_url) as connection:
        return ClassList(_members(connection), _lateness(connection, name))


def read_graded(db_url: str, name: str) -> set[str]:
    """The students of whom the gradebook, which is there, has a grade: also of a submission that was taken away since.
    Raises CourseError if the gradebook cannot be read."""
    with open_to_read(db_url) as connection:
        return set(connection.execute(of_assignment(name).where(was_graded())).scalars())


def _members(connection: Connection) -> dict[str, Member]:
    rows = connection.execute(select(Student.id, Student.first_name, Student.last_name))
    return {
        student: Member(" ".join(part.strip() for part in parts if part and part.strip())) for student, *parts in rows
    }


def _lateness(connection: Connection, name: str) -> dict[str, Lateness]:
    columns = (SubmittedAssignment.timestamp, Assignment.duedate, SubmittedAssignment.extension)
    query = of_assignment(name, *columns, SubmittedNotebook.late_submission_penalty)
    found = {}
    for student, handed_in, due, extension, penalty in connection.execute(query):
        late = Lateness(_seconds_late(handed_in, due, extension), penalty or 0.0, extension or None)
        if str(late):
            found[student] = late
    return found


def _seconds_late(handed_in: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """As nbgrader's SubmittedAssignment.total_seconds_late reckons it."""
    if handed_in is None or due is None:
        return 0.0
    return max(0.0, (handed_in - due - (extension or timedelta())).total_seconds())


def _duration(seconds: float) -> str:
    """The two largest units of a time, rounded up to minutes: nobody is late by 0 min."""
    left, parts = -(-seconds // 60) * 60, []
    for unit, size in _UNITS:
        number, left = divmod(left, size)
        parts += [f"{number:g} {unit}"] if number else []
    return " ".join(parts[:2])
