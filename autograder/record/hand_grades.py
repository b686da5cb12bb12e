"""Points that a person gave, at a new grading: they stay where what they were given for has not changed.

nbgrader marks every grade that a person gave to be given again. `SaveGrades` marks those alone whose answer, maximum or
judge's score is another than in the notebook that the person saw: the one that the last grading left.
"""

from __future__ import annotations

from collections import defaultdict
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
