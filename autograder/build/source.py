"""Text source -> notebook, not yet run."""

from __future__ import annotations

import hashlib
import json

import jupytext
from nbformat import NotebookNode, from_dict

from .. import cells
from ..course import Course
from ..exercise.catalogue import catalogue_of
from ..links import course_page, links_of
from .filling import MARKERS, fill_cell, require_filled
from .helper_cell import helper_cell
from .marks import Contents, read_marks, refusal

# Where a source says this, the notebook gets the cells of solutions/hand_in.py.
HAND_IN = "{{hand_in}}"


def read_source(course: Course, name: str) -> NotebookNode:
    """The notebook that the text source describes: what it leaves out filled in, cell ids fixed, no outputs.
    Raises CourseError if its marks do not fit the exercises."""
    notebook, contents = _read(course, name)
    notebook.metadata = from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    refuse = refusal(course.text_source(name))
    values = {  # what each marker becomes
        "{{badges}}": "\n\n".join(links_of(course, name, course.repository)),
        "{{notebook}}": name,
        "{{course}}": course_page(course.repository) if course.repository else "",
    }
    markers = [*MARKERS, *(marker.strip("{}") for marker in (*values, HAND_IN))]
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        fill_cell(cell, contents, refuse)
        if "helpers" in cells.tags(cell):
            cells.mark_helpers(cell)
            cell.source = helper_cell(course, name, contents)
        elif cell.metadata.get("jupyter", {}).get("source_hidden"):  # folded in JupyterLab,
            cell.metadata["cellView"] = "form"  # and in Colab
        for marker, value in values.items():
            cell.source = cell.source.replace(marker, value)
        require_filled(cell, markers, refuse)
        cells.fold_answers(cell)
    _fix_ids(notebook)
    digest = json.dumps([[cell.cell_type, cell.metadata, cell.source] for cell in notebook.cells], sort_keys=True)
    notebook.metadata["source_digest"] = hashlib.sha256(digest.encode()).hexdigest()
    return notebook


def read_contents(course: Course, name: str) -> Contents:
    """What the notebook gives points for, in how many minutes.
    Raises CourseError if its marks do not fit the exercises."""
    return _read(course, name)[1]


def _read(course: Course, name: str) -> tuple[NotebookNode, Contents]:
    """The source with the ending that all notebooks share, and what its marks say."""
    notebook = jupytext.read(course.text_source(name), fmt="py:percent")
    notebook.cells = [part for cell in notebook.cells for part in _with_ending(course, cell)]
    catalogue = catalogue_of(course.config())
    exercises = catalogue.exercises_of(name) if name in catalogue.notebooks else ()  # a notebook may have none
    return notebook, read_marks(notebook.cells, exercises, course.text_source(name))


def _with_ending(course: Course, cell: NotebookNode) -> list[NotebookNode]:
    """The cell itself; for the one that only marks the ending's place, the cells of the ending."""
    if cell.source.strip() != HAND_IN:
        return [cell]
    return jupytext.read(course.hand_in, fmt="py:percent").cells


def _fix_ids(notebook: NotebookNode) -> None:
    """Give every cell an id that stays the same as long as its text does: its grade id, else a digest."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        plain = cells.grade_id(cell) or hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[plain] = seen.get(plain, 0) + 1
        cell["id"] = plain if seen[plain] == 1 else f"{plain}-{seen[plain]}"
