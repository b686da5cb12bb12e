"""Text source -> notebook, not yet run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import jupytext
from nbformat import NotebookNode, from_dict

from .. import cells
from ..course import Course, CourseError
from ..exercise.catalogue import catalogue_of
from ..links import course_page, links_of
from .filling import MARKERS, fill_cell, require_filled
from .helper_cell import helper_cell
from .marks import ANSWER, CHECK, Contents, read_marks, refusal

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


def without_source(course: Course) -> list[str]:
    """The notebooks of the CATALOGUE that have no text source here. A course may give some of a package's alone."""
    return [name for name in catalogue_of(course.config()).notebooks if name not in course.names]


def read_contents(course: Course, name: str) -> Contents:
    """What the notebook gives points for, in how many minutes.
    Raises CourseError if its marks do not fit the exercises."""
    return _read(course, name)[1]


def _read(course: Course, name: str) -> tuple[NotebookNode, Contents]:
    """The source with the ending that all notebooks share, and what its marks say."""
    notebook = jupytext.read(course.text_source(name), fmt="py:percent")
    notebook.cells = [part for cell in notebook.cells for part in _with_ending(course, cell)]
    catalogue = catalogue_of(course.config())
    _require_alone(course.text_source(name))
    path, listed = course.text_source(name), name in catalogue.notebooks  # one without exercises need not be
    if not listed and any({ANSWER, CHECK} & cell.metadata.keys() for cell in notebook.cells):
        todo = f'write its line there, "{name}": "MODULE"'
        raise CourseError(
            f"{path}: it has exercises, and CATALOGUE of {catalogue.package} does not name {name}: {todo}"
        )
    return notebook, read_marks(notebook.cells, catalogue.exercises_of(name) if listed else (), path)


def _require_alone(source: Path) -> None:
    """Raises CourseError if a file lies beside a text source: students and the grader get the notebook alone."""
    for path in sorted(source.parent.iterdir()):
        if path.suffix not in (".py", ".ipynb") and not path.name.startswith((".", "__")):
            todo = "make data and pictures in a cell, or link to them, and take this away"
            raise CourseError(f"{path} would reach neither students nor the grader: {todo}")


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
