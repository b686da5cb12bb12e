"""nbgrader's own converters, run from Python: quiet, and with an error that says what failed."""

from __future__ import annotations

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
    """Run a converter.
    Raises CourseError if it fails, with what it logged."""
    converter = converter_class(coursedir=CourseDirectory(config=config), config=config)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about nbgrader's tables and a student's cell ids: nobody can act on them
        outcome = capture_log(converter)
    if not outcome["success"]:
        if outcome["error"].rstrip().endswith(KeyboardInterrupt.__name__):  # nbgrader takes Ctrl-C for a failure
            raise KeyboardInterrupt
        said = outcome.get("log") or outcome["error"]
        raise CourseError(f"nbgrader's {converter_class.__name__} failed:\n{said.strip()}")
