"""Rebuild, don't trust: the graded notebook is the instructor's, with the student's answers put in.

Only the text of answer cells and of the student's own extra cells is taken from a submission. Tags, metadata, test
cells and their order come from the instructor, so a flipped flag, a copied test cell or stripped metadata changes
nothing. Below each answer that a person grades stands its rubric, for formgrader; the feedback leaves it out.
"""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from .. import cells
from ..course import Course
from .intake import check_notebook

LIKENESS = 0.6  # of two texts (difflib's ratio) above which one is taken for an edited copy of the other
MAX_LIKENESS_CHARACTERS = 5_000
MAX_COMPARISONS = 400  # of texts, in one notebook: each takes milliseconds
MAX_EXTRA_CELLS = 200


@dataclass
class _Match:
    """Which submitted cells stand for which of the instructor's cells, by their indices."""

    chosen: dict[int, int] = field(default_factory=dict)  # instructor's -> submitted
    dropped: set[int] = field(default_factory=set)  # submitted copies that are left out
    notes: list[str] = field(default_factory=list)
    comparisons: int = 0


def rebuild(
    submitted: NotebookNode, source: NotebookNode, release: NotebookNode
) -> tuple[NotebookNode, list[str], list[str]]:
    """Put the answers of `submitted` into the instructor's notebook.

    Parameters
    ----------
    submitted : the student's notebook.
    source : the instructor's notebook, with the hidden part of the test cells.
    release : the student version of `source`; its metadata holds nbgrader's checksums.

    Returns
    -------
    The notebook to grade, the ids of the answer cells that are missing, and notes for the student.
    """
    source_cells, rubrics = _split(source.cells)
    match = _match_cells(submitted.cells, source_cells, release.cells)
    extras = _extra_cells(submitted.cells, match)
    rebuilt, missing = [_student_cell(cell) for cell in extras.get(-1, [])], []
    for index, (ours, released) in enumerate(zip(source_cells, release.cells, strict=True)):
        cell = nbformat.from_dict(dict(ours))
        cell.metadata = nbformat.from_dict(dict(released.metadata))
        if cells.is_marked(released, "solution"):
            if index in match.chosen:
                cell.source = submitted.cells[match.chosen[index]].source
            else:
                missing.append(cells.grade_id(released))
                cell.source = _missing_source(released)
        elif not cells.is_judged(released):  # a test cell's hidden part names the exercise that is judged there
            cell.source = cells.visible_source(cell.source)
        # Nothing of the student's comes between an answer and its rubric: what looks like one further down is not.
        rebuilt += [cell, *rubrics.get(index, [])]
        rebuilt += [_student_cell(extra) for extra in extras.get(index, [])]
    notebook = nbformat.from_dict(dict(source))
    notebook.cells = rebuilt
    notes = match.notes + [f"The answer cell {name} is missing from the notebook." for name in missing]
    return notebook, missing, notes


def _split(source_cells: list) -> tuple[list, dict[int, list]]:
    """The cells that students have too, and the rubrics by the index of the answer that they stand behind."""
    shared, rubrics = [], {}
    for cell in source_cells:
        if "instructor" not in cells.tags(cell):
            shared.append(cell)
        elif shared and cells.is_manual(shared[-1]) and cell.cell_type == "markdown":
            rubrics.setdefault(len(shared) - 1, []).append(_rubric_cell(cell, cells.grade_id(shared[-1])))
    return shared, rubrics


def _rubric_cell(cell: NotebookNode, answer: str) -> NotebookNode:
    """The teacher's own text as a framed cell: formgrader shows the graded notebook, and nothing else.

    Its tag is not "instructor": nbgrader_config.py has cells of that tag removed, also where formgrader shows them.
    """
    lines = [f"**How to grade `{answer}`** (for you alone: students do not see this)", "", *cell.source.splitlines()]
    framed = "\n".join(f"> {line}".rstrip() for line in lines)
    metadata = {"tags": [cells.RUBRIC], "deletable": False, "editable": False}
    return nbformat.v4.new_markdown_cell(framed, id=cell.id, metadata=metadata)


def _missing_source(released: NotebookNode) -> str:
    """An empty answer: as code a comment, as text the untouched stub, which nbgrader scores as no response."""
    if released.cell_type == "code":
        return f"# The answer cell {cells.grade_id(released)} is missing from the notebook."
    return released.source


def _match_cells(submitted: list, source_cells: list, released: list) -> _Match:
    """Match by grade id, then by cell id or the very text, then by likeness between the same neighbours."""
    match = _Match()
    by_grade_id = _index(submitted, cells.grade_id)
    for index, ours in enumerate(released):
        name = cells.grade_id(ours)
        copies = by_grade_id.get(name, []) if name else []
        if copies:
            match.chosen[index] = _best_copy(submitted, copies, ours)
            match.dropped.update(copies)
            if len(copies) > 1:
                match.notes.append(f"The cell {name} is there {len(copies)} times; one copy was used.")
    for key in (lambda cell: cell.get("id"), lambda cell: cell.source.strip() or None):
        positions = _index(submitted, key)
        for index, ours in enumerate(released):
            free = [i for i in positions.get(key(ours), []) if i not in match.dropped]
            if index not in match.chosen and free and _plausible(submitted[free[0]], ours):
                match.chosen[index] = free[0]
                # Two answers in words may be alike, empty ones always are; copies of our own cells are left out.
                match.dropped.update(free[:1] if cells.is_marked(ours, "solution") else free)
    for index, ours in enumerate(released):
        found = None if index in match.chosen else _likest(submitted, ours, index, match)
        if found is not None:
            match.chosen[index] = found
            match.dropped.add(found)
            if cells.is_marked(ours, "solution"):
                match.notes.append(
                    f"The cell {cells.grade_id(ours)} was not labelled any more; "
                    "it was recognised by its text and graded as usual."
                )
    return match


def _index(some_cells: list, key) -> dict:
    """The positions of cells by a key; cells that have no key are left out."""
    positions: dict = {}
    for position, cell in enumerate(some_cells):
        found = key(cell)
        if isinstance(found, str):
            positions.setdefault(found, []).append(position)
    return positions


def _best_copy(submitted: list, copies: list[int], ours: NotebookNode) -> int:
    """The last copy that was worked on: an untouched copy must not wipe out an answer."""
    changed = [i for i in copies if submitted[i].source.strip() != ours.source.strip()]
    return (changed or copies)[-1]


def _plausible(theirs: NotebookNode, ours: NotebookNode) -> bool:
    """Whether a cell found by its id can be this one: ids may repeat after a careless copy."""
    return theirs.cell_type == ours.cell_type or cells.is_marked(ours, "solution")


def _likest(submitted: list, ours: NotebookNode, index: int, match: _Match) -> int | None:
    """The free cell that is an edited copy of ours, or one of an earlier edition of the notebook."""
    low = max((theirs for i, theirs in match.chosen.items() if i < index), default=-1)
    high = min((theirs for i, theirs in match.chosen.items() if i > index), default=len(submitted))
    free = [i for i in range(len(submitted)) if i not in match.dropped and submitted[i].cell_type == ours.cell_type]
    if ours.cell_type == "code" and cells.is_marked(ours, "solution"):
        defining = [i for i in free if cells.grade_id(ours) in _defined_names(submitted[i].source)]
        if defining:  # at its own place if it is there: another answer may define the same name again
            return ([i for i in defining if low < i < high] or defining)[-1]
    between = [i for i in free if low < i < high]
    if cells.is_manual(ours):  # an answer in words resembles nothing: its place tells
        return between[0] if between else None
    between = between[: MAX_COMPARISONS - match.comparisons]
    match.comparisons += len(between)
    return max(
        (i for i in between if _alike(submitted[i].source, ours.source)),
        key=lambda i: _matcher(submitted[i].source, ours.source).ratio(),
        default=None,
    )


def _defined_names(source: str) -> set[str]:
    try:
        body = ast.parse(source[:MAX_LIKENESS_CHARACTERS]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {word.split("(")[0].strip() for word in source[:MAX_LIKENESS_CHARACTERS].split("def ")[1:]}
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _matcher(one: str, other: str) -> difflib.SequenceMatcher:
    return difflib.SequenceMatcher(None, one[:MAX_LIKENESS_CHARACTERS], other[:MAX_LIKENESS_CHARACTERS])


def _alike(one: str, other: str) -> bool:
    matcher = _matcher(one, other)
    # From the cheapest bound to the exact ratio.
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= LIKENESS for bound in bounds)


def _extra_cells(submitted: list, match: _Match) -> dict[int, list]:
    """The student's own cells, by the instructor's cell that they stand behind (-1: before the first)."""
    ours_at = {theirs: ours for ours, theirs in match.chosen.items()}
    extras: dict[int, list] = {}
    behind = -1
    count = 0
    for position, cell in enumerate(submitted):
        if position in ours_at:
            behind = ours_at[position]
        elif position not in match.dropped and cell.source.strip() and count < MAX_EXTRA_CELLS:
            extras.setdefault(behind, []).append(cell)
            count += 1
    return extras


def _student_cell(cell: NotebookNode) -> NotebookNode:
    """A student's own cell: its text alone, ungraded."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(cell.cell_type, nbformat.v4.new_raw_cell)(cell.source, metadata={"tags": ["student"]})


class Rebuild(NbGraderPreprocessor):
    """nbgrader preprocessor, in place of OverwriteCells and DeduplicateIds: see `rebuild`."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        name = resources["nbgrader"]["notebook"]
        check_notebook(nb)
        notebook, missing, notes = rebuild(nb, *instructor_notebooks(Course.find(), name))
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"].get("student", name), note)
        notes = [*resources["nbgrader"].get("notes", []), *notes]  # of SubmissionExporter, which read the file
        notebook.metadata["autograder"] = {"missing": missing, "notes": notes}
        return notebook, resources


def instructor_notebooks(course: Course, name: str) -> tuple[NotebookNode, NotebookNode]:
    """The walkthrough and the student version of a notebook."""
    return tuple(_read(path) for path in (course.walkthrough(name), course.release(name)))


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)
