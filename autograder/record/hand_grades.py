"""Points that a person gave, at a new grading: they stay where what they were given for has not changed.

nbgrader marks every grade that a person gave to be given again. `SaveGrades` marks those alone whose answer, maximum or
judge's score is another than in the notebook that the person saw: the one that the last grading left.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import determine_grade

from .. import cells
from ..rebuild.changes import plain

SETTLED = "settled"  # the entry of nbgrader's resources that holds `settled_grades`


def left_by_last_grading(graded: Path) -> str:
    """The graded notebook of the last grading, as JSON; "" where it is gone or cannot be read."""
    try:
        return graded.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def settled_grades(gradebook: Gradebook, name: str, student: str, graded: str) -> dict[str, tuple]:
    """What a person has graded and need not look at again: by grade id, what the points were given for.

    `graded` is the notebook that the last grading left, as JSON. Without it nothing shows what the points were for, and
    nothing is settled.
    """
    if not graded:
        return {}
    try:
        grades = gradebook.find_submission_notebook(name, name, student).grades
        settled = {grade.name for grade in grades if grade.manual_score is not None and not grade.needs_manual_grade}
        graded_for = _graded_for(nbformat.v4.reads(graded)) if settled else {}
    except (ValueError, MissingEntry):
        return {}
    return {name: graded_for[name] for name in settled & graded_for.keys()}


def _graded_for(notebook: NotebookNode) -> dict[str, tuple]:
    """By grade id, what points are given for: the judge's score and the maximum, and the answer with its pictures."""
    answers = defaultdict(list)
    for cell in notebook.cells:
        if answer := cells.answer_of(cell):
            answers[answer].append((plain(cell.source), cell.get("attachments")))
    graded = (cell for cell in notebook.cells if cells.is_marked(cell, "grade"))
    return {
        name: (*determine_grade(cell), answers[name.removesuffix("-check")])
        for cell in graded
        if (name := cells.grade_id(cell))
    }


@dataclass(frozen=True)
class ByHandOfAttempt:
    """All that a person gave for one attempt: by grade id (points, extra credit, whether to be given again), and the
    comments by the answer's id; `graded` is the notebook that it was given for, as JSON."""

    graded: str
    grades: dict[str, list]
    comments: dict[str, str | None]

    def pack(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpack(cls, packed: str) -> ByHandOfAttempt:
        return cls(**json.loads(packed))

    @classmethod
    def of(cls, gradebook: Gradebook, name: str, student: str, graded: str) -> ByHandOfAttempt:
        """What the gradebook holds. Raises nbgrader.api.MissingEntry if it has no such submission."""
        submitted = gradebook.find_submission_notebook(name, name, student)
        return cls(
            graded,
            {one.name: [one.manual_score, one.extra_credit, one.needs_manual_grade] for one in submitted.grades},
            {one.name: one.manual_comment for one in submitted.comments},
        )

    def put_back(self, gradebook: Gradebook, name: str, student: str) -> None:
        """Let the gradebook hold this again."""
        submitted = gradebook.find_submission_notebook(name, name, student)
        for grade in submitted.grades:
            if grade.name in self.grades:
                grade.manual_score, grade.extra_credit, grade.needs_manual_grade = self.grades[grade.name]
        for comment in submitted.comments:
            comment.manual_comment = self.comments.get(comment.name)

    def points(self) -> dict[str, tuple[tuple, float]]:
        """By grade id, what points that stand were given for, and these, extra credit with them."""
        graded_for = _graded_for(nbformat.v4.reads(self.graded)) if self.graded else {}
        return {
            name: (graded_for[name], points + (extra or 0.0))
            for name, (points, extra, again) in self.grades.items()
            if points is not None and not again and name in graded_for
        }


def same_answers(graded: str, other: str) -> bool:
    """Whether two graded notebooks, as JSON, hold the same answers; not where one is lost."""
    if not (graded and other) or graded.strip() == other.strip():
        return bool(graded and other)
    one, two = (
        {name: answer for name, (*_, answer) in _graded_for(nbformat.v4.reads(text)).items()}
        for text in (graded, other)
    )
    return one == two


@dataclass(frozen=True)
class Points:
    """What an attempt is worth: `sure` of `full` points, and `open` for answers in words that nobody has graded yet."""

    sure: float
    open: float
    full: float


def points_of(graded: str, given: Iterable[Mapping[str, tuple[tuple, float]]]) -> Points:
    """The points of a graded notebook, with those that a person gave for just the same answers in any attempt: `given`
    holds the `ByHandOfAttempt.points` of each."""
    by_hand: dict[str, list[tuple[tuple, float]]] = defaultdict(list)
    for one in given:
        for name, what_and_points in one.items():
            by_hand[name].append(what_and_points)
    sure = waiting = full = 0.0
    for name, graded_for in _graded_for(nbformat.v4.reads(graded)).items():
        score, most = graded_for[:2]
        full += most
        points = next((points for what, points in by_hand[name] if what == graded_for), score)
        if points is None:
            waiting += most
        else:
            sure += points
    return Points(round(sure, 6), waiting, full)


class SaveGrades(SaveAutoGrades):
    """nbgrader preprocessor, instead of SaveAutoGrades: a grade that was settled stays so if nothing has changed."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self._settled = resources["nbgrader"].get(SETTLED, {})
        self._graded_for = _graded_for(nb) if self._settled else {}
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._add_score(cell, resources)
        name = cells.own_id(cell)
        if name in self._settled and self._settled[name] == self._graded_for[name]:
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.needs_manual_grade = False
            self.gradebook.db.commit()
