"""Grades from nbgrader's gradebook into the CSV file that Canvas or Moodle exported, or into one of their own.

A student is found by the identity that the LMS exported and nothing else: Canvas's ID, Moodle's Identifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Assignment, Notebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select
from sqlalchemy.engine import Connection

from ..course import Course, CourseError
from ..judge.verdict import points_text
from ..record.class_list import Member
from ..record.reader import has_gradebook, left_to_a_person, open_to_read, was_graded
from ..statuses import ByHand
from . import canvas, moodle
from .class_list import by_student, only_section
from .csv_table import CsvTable, is_formula, read_table, write_table
from .doubtful import doubtful
from .roster import lms_of, read_roster, student_ids


@dataclass(frozen=True)
class Grade:
    """A student's grade in points, with what was given by hand, less nbgrader's late penalty and never below 0.

    `pending`: answers that a person grades have no points yet; `again`: what a person graded has changed since.
    """

    student: str
    last_name: str
    first_name: str
    score: float
    max_score: float
    pending: bool
    again: bool


@dataclass
class Filled:
    """What became of the grades: how many are `placed`, and who was not, each as one line."""

    placed: int = 0
    pending: int = 0  # have answers that wait for points
    again: int = 0  # have points that are to be looked at again
    unplaced: list[str] = field(default_factory=list)  # have a grade, are not in the file
    ungraded: list[str] = field(default_factory=list)  # are in the file, have no grade
    closed: list[str] = field(default_factory=list)  # the LMS does not take their grade
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        lists = {"not in the file": self.unplaced, "without a grade": self.ungraded, "closed": self.closed}
        hand = {"pending": self.pending, ByHand.AGAIN.value: self.again}
        return {"placed": self.placed, **{word: len(one) for word, one in lists.items()}, **hand}


def grades_of(course: Course, name: str) -> dict[str, Grade]:
    """The grades of a notebook by student, from nbgrader's gradebook.
    Raises CourseError if there is no gradebook, it cannot be read, or it holds no grade of this notebook."""
    query = (
        select(
            Student.id,
            Student.last_name,
            Student.first_name,
            SubmittedNotebook.score,
            SubmittedNotebook.late_submission_penalty,
            SubmittedNotebook.max_score,
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Student, SubmittedAssignment.student_id == Student.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == name, Notebook.name == name, was_graded())
    )
    with _gradebook(course) as connection:
        rows, left = connection.execute(query).all(), left_to_a_person(connection, name)
    if not rows:
        raise CourseError(f"the gradebook has no grade of {name}: run `autograder grade {name}` first")
    return {
        student: Grade(
            student,
            last or "",
            first or "",
            max(0.0, score - (penalty or 0.0)),
            max_score,
            pending=ByHand.WAITING in left[student],
            again=ByHand.AGAIN in left[student],
        )
        for student, last, first, score, penalty, max_score in rows
    }


def _gradebook(course: Course) -> AbstractContextManager[Connection]:
    db_url = CourseDirectory(config=course.config()).db_url
    if not has_gradebook(db_url):
        raise CourseError(f"no gradebook {db_url.removeprefix('sqlite:///')}: grade first, with `autograder grade`")
    return open_to_read(db_url)


def export_canvas(
    course: Course, name: str, file: Path, output: Path, column: str | None = None, section: str = ""
) -> Filled:
    """Fill one assignment's column of Canvas's gradebook; only it and the columns that say who it is are written.

    With a `section`, the students of others are left out: Canvas leaves them as they are then.
    Raises CourseError if a file or the gradebook cannot be used, the column is not there, or nobody is in the section.
    """
    table = _read(file, output, "canvas")
    table = canvas.only_column(table, canvas.assignment_column(table, column or name))
    place = len(table.header) - 1
    possible = canvas.points_possible(table, place)
    filler = _Filler(course, name, table.header[place])
    others = _of_other_sections(table, section) if section else []
    for number, person, row in canvas.student_rows(table):
        if row in others:
            filler.leave_out({number})
        else:
            filler.fill(row, place, possible, f"{number} {person}", {number}, canvas.why_closed(row[place]))
    table.rows = [row for row in table.rows if row not in others]
    write_table(table, output)
    return filler.finish()


def _of_other_sections(table: CsvTable, section: str) -> list[list[str]]:
    """The students' rows that are not of a section. Raises CourseError if none is."""
    members = {number: Member(person, canvas.section(table, row)) for number, person, row in canvas.student_rows(table)}
    kept = only_section(members, section)
    return [row for number, _, row in canvas.student_rows(table) if number not in kept]


def export_moodle(course: Course, name: str, file: Path, output: Path) -> Filled:
    """Fill the column Grade of Moodle's grading worksheet, where the grade can be changed. All else stays as it is.
    Raises CourseError as `export_canvas` does, or if the assignment is graded by a scale."""
    table = _read(file, output, "moodle")
    place, maximum = table.require(moodle.GRADE), table.require(moodle.MAXIMUM)
    ids = student_ids(table)
    filler = _Filler(course, name, moodle.MAXIMUM)
    for number, person, row in moodle.student_rows(table):
        closed = "Moodle says that it cannot be" if moodle.is_closed(table, row) else ""
        filler.fill(row, place, row[maximum], f"{number} {person}", {ids[number], number}, closed)
    _leave_out_feedback(table, filler.filled)
    write_table(table, output)
    return filler.finish()


def export_plain(
    course: Course, names: list[str], output: Path, roster: Path | None = None, section: str = ""
) -> Filled:
    """Write a table of its own: one row per student, one column per notebook (without names, all that have grades).

    With a roster it has everybody on it too, with empty cells and no 0 where nothing was handed in, and a column of
    sections if there are any. Raises CourseError if one that was named has no grades, none has, the roster cannot be
    read, or nobody is in the section.
    """
    by_notebook = {name: grades_of(course, name) for name in names or _graded(course)}
    people = {
        grade.student: (grade.last_name, grade.first_name)
        for grades in by_notebook.values()
        for grade in grades.values()
    }
    sections: dict[str, str] = {}
    if roster:
        names = {student: " ".join(filter(None, (first, last))) for student, (last, first) in people.items()}
        for student, person in by_student(read_roster(roster)[1].values(), names).items():
            people.setdefault(student, person.first_and_last[::-1])
            sections[student] = person.section
    if section:
        kept = only_section({student: Member(section=sections.get(student, "")) for student in people}, section)
        people = {student: people[student] for student in kept}
    aside = ["section"] if any(sections.values()) else []
    table = CsvTable(output, ["student", "last_name", "first_name", *aside, *by_notebook, "total"], [])
    for student in sorted(people):
        own = [grades[student].score for grades in by_notebook.values() if student in grades]
        points = [points_text(grades[student].score) if student in grades else "" for grades in by_notebook.values()]
        who = [student, *people[student], *(sections.get(student, "") for _ in aside)]
        table.rows.append([*who, *points, points_text(sum(own)) if own else ""])
    write_table(table, output)
    ungraded = [student for student in people if not any(student in grades for grades in by_notebook.values())]
    pending = {grade.student for grades in by_notebook.values() for grade in grades.values() if grade.pending}
    again = {grade.student for grades in by_notebook.values() for grade in grades.values() if grade.again}
    return Filled(
        len(people) - len(ungraded),
        len(pending & people.keys()),
        len(again & people.keys()),
        ungraded=[_named(one, people) for one in ungraded],
        notes=[
            f"{name}, {note}"
            for name, grades in by_notebook.items()
            for note in _doubts(course, name, {one: _named(one, people) for one in people if one in grades})
        ],
    )


def _doubts(course: Course, name: str, people: Mapping[str, str]) -> list[str]:
    """A line for each grade that is to be looked at; `people` are those who have one, as they are to be shown."""
    try:
        found = doubtful(course, name, people)
    except CourseError as error:
        return [f"whether each grade is of the newest attempt is not known: {error}"]
    return [f"{people[student]}: {reason}" for student, reason in found.items()]


def _named(student: str, people: dict[str, tuple[str, str]]) -> str:
    return " ".join(filter(None, (student, *reversed(people[student]))))


def _graded(course: Course) -> list[str]:
    query = select(Assignment.name).join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
    with _gradebook(course) as connection:
        graded = set(connection.execute(query).scalars())
    if not graded:
        raise CourseError("the gradebook has no grades yet: grade first, with `autograder grade`")
    return [name for name in course.names if name in graded]


def _read(file: Path, output: Path, lms: str) -> CsvTable:
    if output.exists() and output.samefile(file):
        raise CourseError(
            f"{output} is the file that is read: write to another one, so that the export stays as it was"
        )
    table = read_table(file)
    if lms_of(table) != lms:
        raise CourseError(f"{file} comes from {lms_of(table).title()}: use --{lms_of(table)}")
    return table


class _Filler:
    """Puts grades into the rows of an LMS's table, in its points, and notes who is left."""

    def __init__(self, course: Course, name: str, title: str):
        self._course, self._name, self._title = course, name, title
        self._directory = CourseDirectory(config=course.config())
        self._grades, self._seen = grades_of(course, name), set()
        self._placed: dict[str, str] = {}  # who they are, by their id in nbgrader
        self.filled = Filled()

    def fill(self, row: list[str], place: int, possible: str, person: str, ids: set[str], closed: str) -> None:
        """Fill one row's cell. `ids` may be the student's in nbgrader; `closed` says why nothing is to be written."""
        graded = sorted(ids & self._grades.keys())
        self._seen.update(graded)
        if not graded:
            self.filled.ungraded.append(person + (": handed in, but not graded" if self._handed_in(ids) else ""))
        elif len(graded) > 1:
            self.filled.closed.append(f"{person}: two students of the gradebook, {' and '.join(graded)}")
        elif closed:
            self.filled.closed.append(f"{person}: {closed}")
        else:
            grade = self._grades[graded[0]]
            row[place] = points_text(grade.score * self._scale(possible, grade.max_score))
            self.filled.placed += 1
            self._placed[graded[0]] = person
            self.filled.pending += grade.pending
            self.filled.again += grade.again

    def leave_out(self, ids: set[str]) -> None:
        """Pass by a row that is not to be filled."""
        self._seen.update(ids)

    def _handed_in(self, ids: set[str]) -> bool:
        directory = self._directory
        folders = (directory.format_path(directory.submitted_directory, student, self._name) for student in ids)
        return any(Path(folder).is_dir() for folder in folders)

    def _scale(self, possible: str, max_score: float) -> float:
        points = _points(possible)
        if points is None:
            self.filled.notes = [f"{self._title}: no points possible, so the points are written as they are"]
        if points is None or points == max_score or not max_score:
            return 1.0
        self.filled.notes = [f"{self._title}: scaled from {points_text(max_score)} to {points_text(points)} points"]
        return points / max_score

    def finish(self) -> Filled:
        """Note the grades that found no row, and those that are to be looked at."""
        self.filled.notes += _doubts(self._course, self._name, self._placed)
        for student in sorted(self._grades.keys() - self._seen):
            grade = self._grades[student]
            self.filled.unplaced.append(" ".join(filter(None, (student, grade.first_name, grade.last_name))))
        return self.filled


def _points(text: str) -> float | None:
    """A number of points, with a decimal point or comma; None if there is none above 0."""
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return points if 0 < points < float("inf") else None


def _leave_out_feedback(table: CsvTable, filled: Filled) -> None:
    """Moodle takes the comments back as they stand, so none can be made harmless: then it keeps those that it has."""
    place = table.find(moodle.FEEDBACK)
    if place is not None and any(is_formula(row[place]) for row in table.rows):
        for row in (table.header, *table.rows):
            del row[place]
        filled.notes.append(f"{moodle.FEEDBACK} is left out, since one begins like a formula; Moodle keeps what it has")
