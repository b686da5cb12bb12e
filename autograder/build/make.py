"""Notebook -> executed walkthrough -> student version. Only what changed is made again."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from .. import cells
from ..converters import generate_assignment
from ..course import Course, CourseError
from ..files import write_whole
from ..judge.verdict import FaultyProperty
from ..links import without_repository
from .source import read_source

CELL_SECONDS = 300
_VERDICT = re.compile(r"^(\w+): (\S+ of \S+ points)$", re.MULTILINE)  # as `judge.verdict` writes it as plain text,
_FAILED = re.compile(r"^  FAILED  .*? \([\d.]+\): (.*)", re.MULTILINE)  # and what did not hold

Progress = Callable[[str, int, int], None]  # (notebook, cells done, cells in all)


def build(course: Course, name: str, force: bool = False, progress: Progress | None = None) -> bool:
    """Make one notebook's walkthrough and student version, if its source changed. Returns whether it did. Where only
    words and links changed, the code is not run again, unless `force` says so.
    Raises CourseError if a cell of the walkthrough fails, or a solution does not get all its points; nothing is written
    then."""
    notebook = read_source(course, name)
    if not force and is_current(course, name, notebook):
        return False
    if force or not take_outputs(notebook, course.walkthrough(name)):
        try:
            on_cell = lambda done: progress and progress(name, done, len(notebook.cells))  # noqa: E731
            execute(notebook, on_cell, course.setting("path"))
        except CellExecutionError as error:
            fault = error.evalue if error.ename == FaultyProperty.__name__ else f"a cell failed.\n{error}"
            raise CourseError(f"{course.text_source(name)}: nothing was written: {fault}") from error
    require_solved(notebook, course.text_source(name))
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


def execute(notebook: NotebookNode, on_cell: Callable[[int], object], path: str = "") -> None:
    """Run every cell in a folder that holds nothing else; raise at the first that fails.

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
            on_cell_executed=lambda cell, cell_index, execute_reply: on_cell(cell_index + 1),
        )
        # The kernel's own notices are dropped; a cell's are in its outputs.
        client.execute(stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": found})
    notebook.metadata["language_info"] = {"name": "python"}  # not the version of the machine that built it


def require_solved(notebook: NotebookNode, path: Path) -> None:
    """See that the judge gave every solution of the notebook made from `path` all its points.
    Raises CourseError, with what the judge said first, if it did not."""
    for cell in filter(cells.is_judged, notebook.cells):
        said = "\n".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        verdict, failed = _VERDICT.search(said), _FAILED.search(said)
        if verdict is None:
            raise CourseError(f"{path}: the test cell of {cells.judged_exercise(cell)} holds no verdict of the judge")
        if failed:
            raise CourseError(f"{path}: the solution of {verdict[1]} gets {verdict[2]}: {failed[1]}")


def take_outputs(notebook: NotebookNode, made: Path) -> bool:
    """Give a notebook the outputs of the one at `made`, if that has the same code, whatever repository its links lead
    to. Returns whether it has."""
    if not made.exists():
        return False
    ours, theirs = (
        [cell for cell in one.cells if cell.cell_type == "code"]
        for one in (notebook, nbformat.read(made, as_version=4))
    )
    codes = [[(without_repository(cell.source), cell.metadata) for cell in one] for one in (ours, theirs)]
    if codes[0] != codes[1]:
        return False
    for cell, before in zip(ours, theirs, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    return True


def student_version(course: Course, name: str) -> NotebookNode:
    """What nbgrader's generate_assignment makes of the walkthrough. The course's own gradebook is not touched."""
    with tempfile.TemporaryDirectory() as folder:
        generate_assignment(course, name, Path(folder) / "release", f"sqlite:///{folder}/gradebook.db")
        notebook = nbformat.read(Path(folder) / "release" / name / f"{name}.ipynb", as_version=4)
    return notebook


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook whole or not at all."""
    write_whole(path, nbformat.writes(notebook) + "\n")
