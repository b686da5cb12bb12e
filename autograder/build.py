"""Text source -> executed walkthrough -> student version. Only what changed is made again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from . import cells
from .converters import generate_assignment
from .course import Course, CourseError
from .exercise.catalogue import catalogue_of
from .files import write_whole
from .links import course_page, links_of

CELL_SECONDS = 300

HELPERS_CELL = {
    "tags": ["helpers"],
    "cellView": "form",  # Colab folds the cell
    "jupyter": {"source_hidden": True},  # JupyterLab folds it
    "nbgrader": {
        "grade": False,
        "grade_id": "helpers",
        "locked": True,
        "schema_version": 3,
        "solution": False,
        "task": False,
    },
}

# What the helper cell counts with. Nobody writes these numbers twice: they are the metadata's.
POINTS = """# What each exercise is worth, as on its card, and all questions in your own words together.
POINTS = {points}
BY_HAND = {by_hand:g}"""

# Where a source says this, the cells of solutions/hand_in.py stand in the notebook.
HAND_IN = "{{hand_in}}"

# A walkthrough opened alone runs too; where the judge is missing, nothing is given.
JUDGE = """try:
    from autograder.judge import judge_for
    judge = judge_for("{name}", "{package}")
except ImportError:
    def judge(exercise):
        print("The judge is not installed here, so nothing was graded.")
        return 0.0"""

Progress = Callable[[str, int, int], None]  # (notebook, cells done, cells in all)


def build(course: Course, name: str, force: bool = False, progress: Progress | None = None) -> bool:
    """Make one notebook's walkthrough and student version, if its source changed. Returns whether it did.

    Raises
    ------
    CourseError : if a cell of the walkthrough fails; nothing is written then.
    """
    notebook = read_source(course, name)
    if not force and is_current(course, name, notebook):
        return False
    try:
        on_cell = lambda done: progress and progress(name, done, len(notebook.cells))  # noqa: E731
        execute(notebook, on_cell, path=course.setting("path"))
    except CellExecutionError as error:
        raise CourseError(f"{course.text_source(name)}: a cell failed, nothing was written.\n{error}") from error
    write_notebook(notebook, course.walkthrough(name))
    write_notebook(student_version(course, name), course.release(name))
    return True


def is_current(course: Course, name: str, notebook: NotebookNode | None = None) -> bool:
    """Whether the walkthrough was made from the source as it stands and the student version is there."""
    notebook = notebook or read_source(course, name)
    made, release = course.walkthrough(name), course.release(name)
    if not made.exists() or not release.exists():
        return False
    return nbformat.read(made, as_version=4).metadata.get("source_digest") == notebook.metadata["source_digest"]


def read_source(course: Course, name: str) -> NotebookNode:
    """The notebook that the text source describes: helpers, ending and links put in, cell ids fixed, no outputs."""
    notebook = jupytext.read(course.text_source(name), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    values = _values(course, name)
    notebook.cells = [part for cell in notebook.cells for part in _with_ending(course, cell)]
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        if "helpers" in cells.tags(cell):
            cell.metadata = nbformat.from_dict(HELPERS_CELL)
            cell.source = helpers_source(course, name, notebook)
        elif cell.metadata.get("jupyter", {}).get("source_hidden"):  # folded in JupyterLab,
            cell.metadata["cellView"] = "form"  # and in Colab
        for marker, value in values.items():
            cell.source = cell.source.replace(marker, value)
    _fix_ids(notebook)
    digest = json.dumps([[cell.cell_type, cell.metadata, cell.source] for cell in notebook.cells], sort_keys=True)
    notebook.metadata["source_digest"] = hashlib.sha256(digest.encode()).hexdigest()
    return notebook


def _with_ending(course: Course, cell: NotebookNode) -> list[NotebookNode]:
    """The cell itself; for the one that only marks the ending's place, the cells of the ending."""
    if cell.source.strip() != HAND_IN:
        return [cell]
    return jupytext.read(course.hand_in, fmt="py:percent").cells


def _values(course: Course, name: str) -> dict[str, str]:
    """What stands in the place of each marker of a source: it depends on the notebook and on where the course is."""
    return {
        "{{badges}}": "\n\n".join(links_of(course, name, course.repository)),
        "{{notebook}}": name,
        "{{course}}": course_page(course.repository) if course.repository else "",
    }


def helpers_source(course: Course, name: str, notebook: NotebookNode) -> str:
    """The helper cell's source. Its hidden part gives the test cells `judge` under nbgrader's own preprocessors."""
    points = {_exercise(cell): _points(cell) for cell in notebook.cells if cells.is_judged(cell)}
    by_hand = sum(_points(cell) for cell in notebook.cells if cells.is_manual(cell))
    lines = [
        "#@title Helpers for drawing and checking (run this cell; there is no need to read it)",
        course.helpers.read_text(encoding="utf-8").strip() if course.helpers.exists() else "",
        "\n\n" + POINTS.format(points=json.dumps(points, indent=4), by_hand=by_hand),
        cells.BEGIN_HIDDEN,
        JUDGE.format(name=name, package=catalogue_of(course.config()).package),
        cells.END_HIDDEN,
    ]
    return "\n".join(lines)


def _exercise(test_cell: NotebookNode) -> str:
    return cells.grade_id(test_cell).removesuffix("-check")


def _points(cell: NotebookNode) -> float:
    return cell.metadata["nbgrader"]["points"]


def _fix_ids(notebook: NotebookNode) -> None:
    """Give every cell an id that stays the same as long as its text does: its grade id, else a digest."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        plain = cells.grade_id(cell) or hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[plain] = seen.get(plain, 0) + 1
        cell["id"] = plain if seen[plain] == 1 else f"{plain}-{seen[plain]}"


def execute(
    notebook: NotebookNode,
    on_cell: Callable[[int], object] = lambda done: None,
    allow_errors: bool = False,
    path: str = "",
) -> None:
    """Run every cell in a folder that holds nothing else; unless errors are allowed, raise at the first that fails.

    `path` is the folder of the course's package, where that is not installed: test cells call the judge.
    """
    found = os.pathsep.join(filter(None, [path, os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            record_timing=False,
            coalesce_streams=True,
            allow_errors=allow_errors,
            on_cell_executed=lambda cell, cell_index, execute_reply: on_cell(cell_index + 1),
        )
        # The kernel's own notices are dropped; a cell's are in its outputs.
        client.execute(stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": found})
    notebook.metadata["language_info"] = {"name": "python"}  # not the version of the machine that built it


def student_version(course: Course, name: str) -> NotebookNode:
    """What nbgrader's generate_assignment makes of the walkthrough. The course's own gradebook is not touched."""
    with tempfile.TemporaryDirectory() as folder:
        generate_assignment(course, name, Path(folder) / "release", f"sqlite:///{folder}/gradebook.db")
        notebook = nbformat.read(Path(folder) / "release" / name / f"{name}.ipynb", as_version=4)
    return notebook


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook whole or not at all."""
    write_whole(path, nbformat.writes(notebook) + "\n")
