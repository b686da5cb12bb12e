"""Who is in the class, from the file that the LMS exports for its grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..course import CourseError
from . import canvas, moodle
from .csv_table import CsvTable, read_table

LMS = {"canvas": canvas, "moodle": moodle}


@dataclass(frozen=True)
class Person:
    """A student of the roster. `student` is the id in nbgrader; `section` is Canvas's, or Moodle's groups with commas
    between them, all after it Moodle's.

    `lms_id` is the number that the LMS names files by, in Moodle's list of participants the address. `time`, of the
    last change, is UTC. A name `is_written_out` in Moodle's worksheet; elsewhere the last name and a comma come first.
    """

    lms_id: str
    name: str
    student: str
    section: str = ""
    email: str = ""
    late: bool = False
    draft: bool = False
    time: datetime | None = None
    is_written_out: bool = False

    @property
    def first_and_last(self) -> tuple[str, str]:
        """First and last name; a full name is parted at its last space."""
        if ", " in self.name and not self.is_written_out:
            last, first = self.name.split(", ", 1)
        else:
            first, _, last = self.name.rpartition(" ")
        return first, last


def read_roster(path: Path, to_collect: bool = False) -> tuple[str, dict[str, Person]]:
    """The LMS that a roster comes from, and its students by their number there, or by address where it has none.

    Raises CourseError if it is neither Canvas's gradebook nor one of Moodle's files, has a student twice, or is
    `to_collect` by and has no numbers.
    """
    table = read_table(path)
    lms = lms_of(table)
    if to_collect and _has_no_numbers(lms, table):
        raise CourseError(
            f"{path} has no column Identifier, and by the number in it Moodle names the files: "
            "give the assignment's grading worksheet to collect by"
        )
    people = _people(lms, table)
    twice = [number for number, count in Counter(person.lms_id for person in people).items() if count > 1]
    if twice:
        raise CourseError(f"{path} has the student {twice[0]} twice: export it again")
    return lms, {person.lms_id: person for person in people}


def lms_of(table: CsvTable) -> str:
    """Which LMS exported a table. Raises CourseError if none did."""
    for name, module in LMS.items():
        if module.is_roster(table):
            return name
    raise CourseError(
        f"{table.path} is neither Canvas's gradebook (columns ID and Section) nor Moodle's grading worksheet "
        "(Identifier) or list of participants (First name and Email address), exported in English"
    )


def _has_no_numbers(lms: str, table: CsvTable) -> bool:
    return lms == "moodle" and moodle.is_list_of_people(table)


def _people(lms: str, table: CsvTable) -> list[Person]:
    if lms == "canvas":
        return [
            Person(number, name, number, canvas.section(table, row)) for number, name, row in canvas.student_rows(table)
        ]
    if _has_no_numbers(lms, table):
        return [
            Person(address, name, address, moodle.groups(table, row), moodle.email(table, row))
            for address, name, row in moodle.people_rows(table)
        ]
    ids = student_ids(table)
    return [
        Person(
            number,
            name,
            ids[number],
            moodle.groups(table, row),
            email=moodle.email(table, row),
            late=moodle.is_late(table, row),
            draft=moodle.is_draft(table, row),
            time=moodle.handed_in(table, row),
            is_written_out=True,
        )
        for number, name, row in moodle.student_rows(table)
    ]


def student_ids(table: CsvTable) -> dict[str, str]:
    """nbgrader's id for each number of a Moodle worksheet: the e-mail address, where it is the student's own and can be
    a folder's name, else the number.

    Moodle's number is another one in each assignment, so by it nobody's notebooks could be seen together.
    """
    emails = {number: moodle.email(table, row) for number, _, row in moodle.student_rows(table)}
    how_many = Counter(emails.values())
    return {number: email if email and how_many[email] == 1 else number for number, email in emails.items()}


def without_address(lms: str, roster: Mapping[str, Person]) -> tuple[Person, ...]:
    """Who of a Moodle worksheet goes by a number that is good for one assignment alone."""
    return tuple(person for person in roster.values() if lms == "moodle" and person.student == person.lms_id)
