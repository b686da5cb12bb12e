"""This course, and course folders of their own for tests to grade in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from autograder import cells
from autograder.course import Course

ROOT = Path(__file__).absolute().parents[2]
BIN = Path(sys.executable).parent  # of our commands, and of nbgrader's
LINKED = ("nbgrader_config.py", "pyproject.toml", "solutions", "notebooks")


def make_course(folder: Path) -> Course:
    """A course folder of its own, with a gradebook of its own, whose sources are links to this one's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return Course(folder)


def run(*command, cwd: Path) -> subprocess.CompletedProcess:
    """Run one of these commands to its end, as a person would in a terminal in `cwd`."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)


def set_in_config(course: Course, line: str) -> None:
    """Add a line to a course's configuration. Where that is a link, what it leads to stays as it is."""
    config = course.root / "nbgrader_config.py"
    text = config.read_text()
    config.unlink()
    config.write_text(f"{text}\n{line}\n")


def solved(notebook: str) -> dict[str, str]:
    """The walkthrough's answers by grade id, those in words too."""
    found = nbformat.read(Course(ROOT).walkthrough(notebook), as_version=4).cells
    return {cells.grade_id(cell): cell.source for cell in found if cells.is_marked(cell, "solution")}
