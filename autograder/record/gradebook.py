"""nbgrader's gradebook, written in batches: one open session, one transaction per batch, nbgrader's own steps."""

from __future__ import annotations

import hashlib
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import latesubmissions, saveautogrades
from sqlalchemy import Index
from sqlalchemy.schema import CreateIndex

from ..course import Course
from ..feedback.exporter import GradesOfNotebook, read_grades, shown_name
from ..grading.assignment import GRADEBOOK_STEPS, autograde_steps, gradebook_sections
from .hand_grades import SETTLED, ByHandOfAttempt, settled_grades
from .reader import of_assignment

_SOME = 500  # students asked for in one statement
# nbgrader's tables have none of these: each look at one student would read the rows of all.
_INDEXES = [
    Index(f"ix_autograder_{column.class_.__tablename__}_{column.key}", column)
    for column in (
        Grade.notebook_id,
        Comment.notebook_id,
        SubmittedNotebook.assignment_id,
        SubmittedAssignment.student_id,
    )
]


class BatchGradebook(Gradebook):
    """A gradebook that stays open: what nbgrader's methods commit is only flushed, until `save`.

    A student's grades and comments are looked up once, not with a statement for each cell as in nbgrader.
    """

    def __init__(self, db_url: str, course_id: str):
        super().__init__(db_url, course_id)
        with self.engine.begin() as connection:
            for index in _INDEXES:
                connection.execute(CreateIndex(index, if_not_exists=True))
        self.save, self.db.commit = self.db.commit, self.db.flush
        self._looked_up: dict[tuple, dict[str, Grade | Comment]] = {}

    def __exit__(self, *_) -> None:
        """Stay open: nbgrader's steps close what they have opened."""

    def hold_cells(self, assignment: str) -> None:
        """Read the assignment's cells, which the grades of all students refer to."""
        notebooks = self.find_assignment(assignment).notebooks
        self._cells = [[notebook.grade_cells, notebook.solution_cells] for notebook in notebooks]

    def refresh(self, notebook: str, assignment: str, student: str) -> None:
        """Write what is pending and read a submission's sums again: the database makes them."""
        self.db.flush()
        submitted = self.find_submission_notebook(notebook, assignment, student)
        self.db.expire(submitted)
        self.db.expire(submitted.assignment)
        self._looked_up.clear()

    def forget(self) -> None:
        """Leave the transaction: what is not saved is lost, and what is read next is what is there."""
        self._looked_up.clear()
        self._cells = []
        self.db.remove()

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        known = self._look_up("grades", notebook, assignment, student)
        return known.get(grade_cell) or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        known = self._look_up("comments", notebook, assignment, student)
        return known.get(solution_cell) or super().find_comment(solution_cell, notebook, assignment, student)

    def _look_up(self, kind: str, *place: str) -> dict[str, Grade | Comment]:
        if (kind, place) not in self._looked_up:
            rows = getattr(self.find_submission_notebook(*place), kind)
            self._looked_up[kind, place] = {row.name: row for row in rows}
        return self._looked_up[kind, place]


@dataclass(frozen=True)
class InGradebook:
    """What the gradebook holds of a student, in digests: what grading entered, and all else that feedback shows."""

    entered: str
    shown: str


class GradebookWriter:
    """Enters the graded notebooks of one assignment."""

    def __init__(self, course: Course, name: str, db_url: str, course_id: str):
        config = course.config()
        self._name = name
        self._best_counts = course.best_counts  # then the attempts differ in their time, and one may have none
        self._db_url = db_url
        self._steps = [step(config=config) for step in autograde_steps(config) if issubclass(step, GRADEBOOK_STEPS)]
        sections = gradebook_sections(config)
        self._settings = sorted((one, repr(values)) for one, values in config.items() if one in sections)
        self._gradebook = BatchGradebook(db_url, course_id)

    def close(self) -> None:
        self._gradebook.close()

    def enter(
        self,
        student: str,
        notebook: NotebookNode,
        timestamp: datetime | None,
        graded_before: str,
        by_hand: ByHandOfAttempt | None = None,
    ) -> GradesOfNotebook:
        """Do what nbgrader's Autograde does to the gradebook. It is there after the `transaction`.

        `graded_before` is the notebook that the last grading left, as JSON. `by_hand`, of an attempt that counts again,
        comes first and instead of what was given for another one. Returns what the student's feedback is to show.
        """
        book, place = self._gradebook, (self._name, self._name, student)
        stamped = {"timestamp": timestamp} if timestamp or self._best_counts else {}
        about = {"notebook": self._name, "assignment": self._name, "student": student, "db_url": self._db_url}
        with ExitStack() as stack, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about nbgrader's own tables
            for module in (saveautogrades, latesubmissions):
                stack.enter_context(patch.object(module, "Gradebook", lambda db_url: book))
            book.update_or_create_student(student)
            book.update_or_create_submission(self._name, student, **stamped)
            if by_hand:
                by_hand.put_back(book, self._name, student)
                book.refresh(*place)
            settled = settled_grades(book, self._name, student, by_hand.graded if by_hand else graded_before)
            for step in self._steps:
                book.refresh(*place)
                step.preprocess(notebook, ResourcesDict(nbgrader={**about, SETTLED: settled}))
            book.refresh(*place)
            return read_grades(book, self._name, student)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is entered meanwhile, all or nothing."""
        try:
            self._gradebook.hold_cells(self._name)
            yield
            self._gradebook.save()
        finally:
            self._gradebook.forget()

    def grades(self, student: str) -> GradesOfNotebook:
        """What a student's feedback shows."""
        try:
            return read_grades(self._gradebook, self._name, student)
        finally:
            self._gradebook.forget()

    def shown_name(self, student: str) -> str:
        """The name that pages show for a student, of whom there may be no submission."""
        try:
            return shown_name(self._gradebook.find_student(student))
        except MissingEntry:
            return student
        finally:
            self._gradebook.forget()

    def by_hand(self, student: str, graded: str) -> ByHandOfAttempt | None:
        """What a person gave, for the notebook `graded`; None where the gradebook has nothing of the student."""
        try:
            return ByHandOfAttempt.of(self._gradebook, self._name, student, graded)
        except MissingEntry:
            return None
        finally:
            self._gradebook.forget()

    def late_penalty(self, student: str, score: float, timestamp: datetime | None) -> float:
        """What nbgrader would take off these points if the submission were of this time."""
        steps = [step for step in self._steps if isinstance(step, latesubmissions.AssignLatePenalties)]
        try:
            due = self._gradebook.find_assignment(self._name).duedate
            if not steps or timestamp is None or due is None:
                return 0.0
            extension = self._gradebook.find_submission(self._name, student).extension
        except MissingEntry:
            extension = None
        finally:
            self._gradebook.forget()
        late = (timestamp - due - (extension or timedelta())).total_seconds()
        if late <= 0:
            return 0.0
        steps[0].init_plugin()
        return min(max(steps[0].plugin_inst.late_submission_penalty(student, score, late) or 0.0, 0.0), score)

    def digests(self, students: Iterable[str]) -> dict[str, InGradebook]:
        """What is in the gradebook now, by student; those without a submission are left out."""
        students = list(students)
        found: dict[str, InGradebook] = {}
        try:
            for start in range(0, len(students), _SOME):
                found |= self._digests(students[start : start + _SOME])
        finally:
            self._gradebook.forget()  # so that the next look shows what others wrote
        return found

    def _digests(self, students: list[str]) -> dict[str, InGradebook]:
        entered: defaultdict[str, list[Sequence]] = defaultdict(list)
        shown: defaultdict[str, list[Sequence]] = defaultdict(list)
        lateness = (SubmittedAssignment.extension, Assignment.duedate, SubmittedNotebook.late_submission_penalty)
        for student, *row in self._rows(students, lateness):
            entered[student].append((*row, self._settings))  # by which the penalty was reckoned
        grade = (Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
        for student, cell, auto_score, *rest in self._rows(students, grade, Grade):
            entered[student].append((cell, auto_score))
            shown[student].append((cell, *rest))
        for student, *row in self._rows(students, (Student.first_name, Student.last_name)):
            shown[student].append(row)
        comment = (Comment.cell_id, Comment.auto_comment, Comment.manual_comment)
        for student, *row in self._rows(students, comment, Comment):
            shown[student].append(row)
        return {student: InGradebook(_digest(entered[student]), _digest(shown[student])) for student in entered}

    def _rows(self, students: list[str], columns: tuple, table: Any = None) -> Iterator[tuple]:
        query = (
            of_assignment(self._name, *columns)
            .join(Student, Student.id == SubmittedAssignment.student_id)
            .where(SubmittedAssignment.student_id.in_(students))
        )
        if table:
            query = query.join(table, table.notebook_id == SubmittedNotebook.id)
        return iter(self._gradebook.db.execute(query))


def _digest(rows: list[Sequence]) -> str:
    return hashlib.sha256(repr(sorted(map(str, rows))).encode()).hexdigest()[:24]
