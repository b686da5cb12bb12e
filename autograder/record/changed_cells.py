"""A notebook of which there are submissions gets other cells: nbgrader's generate_assignment refuses that.

A cell that stays keeps all its grades and comments; a new one gets a place in each submission, as nbgrader makes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from .. import cells
from ..course import CourseError


def make_room(gradebook: Gradebook, name: str, walkthrough: NotebookNode) -> None:
    """Let a notebook in the gradebook have the cells of its walkthrough, if nbgrader would not enter them.
    Raises CourseError if a cell would go for which a person gave something."""
    assignment = gradebook.db.query(Assignment).filter(Assignment.name == name).one_or_none()
    notebook = next((one for one in assignment.notebooks if one.name == name), None) if assignment else None
    rows = (*notebook._base_cells, *notebook.source_cells) if notebook else ()
    there = {(type(row), row.name): row for row in rows}
    wanted = {(kind, cells.own_id(cell)): cell for kind, cell in _kinds(walkthrough)}
    if assignment is None or there.keys() == wanted.keys() or not assignment.submissions:
        return
    if notebook is None:  # an extension was granted before the notebook was entered
        kernel = json.dumps(walkthrough.metadata.get("kernelspec", {}))
        notebook = Notebook(name=name, assignment_id=assignment.id, kernelspec=kernel)
        gradebook.db.add(notebook)
        gradebook.db.flush()  # it gets its id
    _take_out(gradebook, name, [there[one] for one in there.keys() - wanted.keys()])
    gradebook.db.add_all(_row(notebook, *one, wanted[one]) for one in wanted.keys() - there.keys())
    gradebook.db.flush()
    gradebook.db.expire_all()  # so that what is read from here on is what is there
    for submission in assignment.submissions:
        gradebook.db.add_all(_places(submission, notebook))
    gradebook.db.commit()


def _kinds(walkthrough: NotebookNode) -> Iterator[tuple[type, NotebookNode]]:
    """The cells that nbgrader enters, each with its table; one may go into several."""
    for cell in walkthrough.cells:
        if "instructor" in cells.tags(cell):
            continue
        marks = ((GradeCell, is_grade), (SolutionCell, is_solution), (TaskCell, is_task))
        kinds = [kind for kind, is_marked in marks if is_marked(cell)]
        for kind in (*kinds, SourceCell) if kinds or is_locked(cell) else ():
            yield kind, cell


def _take_out(gradebook: Gradebook, name: str, rows: Iterable) -> None:
    """Remove cells with their grades and comments, if no person gave one."""
    kept = {row: (*getattr(row, "grades", ()), *getattr(row, "comments", ())) for row in rows}
    given = sorted({row.name for row, of_submissions in kept.items() if any(map(_is_given, of_submissions))})
    if given:
        raise CourseError(
            f"{name} has no cell {', '.join(given)} any more, for which a person gave points or comments: let it have "
            "that name again, or take what was given away in formgrader, then run this again"
        )
    for row, of_submissions in kept.items():
        for one in (*of_submissions, row):
            gradebook.db.delete(one)


def _is_given(one: Grade | Comment) -> bool:
    if isinstance(one, Comment):
        return bool(one.manual_comment)
    return one.manual_score is not None or bool(one.extra_credit)


def _row(notebook: Notebook, kind: type, name: str, cell: NotebookNode) -> GradeCell | SolutionCell | SourceCell:
    """A new cell, which nbgrader fills in."""
    about = {} if kind is SolutionCell else {"cell_type": cell.cell_type}
    about |= {"max_score": 0.0} if kind in (GradeCell, TaskCell) else {}
    return kind(name=name, notebook_id=notebook.id, **about)


def _places(submission: SubmittedAssignment, notebook: Notebook) -> Iterator[SubmittedNotebook | Grade | Comment]:
    """What a submission lacks to hold a grade or a comment for each cell."""
    its = next((one for one in submission.notebooks if one.notebook_id == notebook.id), None)
    if its is None:
        its = SubmittedNotebook(notebook_id=notebook.id, assignment_id=submission.id)
        yield its
    filled = {one.cell_id for one in (*its.grades, *its.comments)}
    for cell in notebook._base_cells:
        if cell.id not in filled:
            yield (Comment if isinstance(cell, SolutionCell) else Grade)(cell_id=cell.id, notebook=its)
