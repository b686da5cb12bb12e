"""nbgrader's own converters, run from Python: quiet, and with an error that says what failed."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets.config import Config

from .course import Course, CourseError


def generate_assignment(course: Course, name: str, release: Path, db_url: str | None = None) -> None:
    """Run nbgrader's generate_assignment into a folder, and enter the assignment into a gradebook (the course's).
    Raises CourseError if nbgrader fails, with what it said."""
    config = course.config()
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.release_directory = str(release)
    if db_url:
        config.CourseDirectory.db_url = db_url
    config.GenerateAssignment.force = True
    run_converter(GenerateAssignment, config)


def run_converter(converter_class: type, config: Config) -> None:
    """Run a converter with the environment's own tools (alembic) on PATH.
    Raises CourseError if it fails, with what it logged."""
    converter = converter_class(coursedir=CourseDirectory(config=config), config=config)
    with environment_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about nbgrader's tables and a student's cell ids: nobody can act on them
        outcome = capture_log(converter)
    if not outcome["success"]:
        said = outcome.get("log") or outcome["error"]
        raise CourseError(f"nbgrader's {converter_class.__name__} failed:\n{said.strip()}")


@contextlib.contextmanager
def environment_on_path():
    """Put this interpreter's folder first on PATH: nbgrader starts `alembic` by name."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
