"""Enter a graded notebook into nbgrader's gradebook and folders, by nbgrader's own converters. One writer at a time."""

from __future__ import annotations

import html
import tempfile
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.converters import Autograde, GenerateFeedback
from traitlets.config import Config

from ..converters import generate_assignment, run_converter
from ..course import Course
from .judging import Judge
from .run import Run


def require_assignment(course: Course, name: str) -> None:
    """Enter the assignment into the gradebook, if it is not there yet or its cells have changed."""
    with tempfile.TemporaryDirectory() as folder:
        generate_assignment(course, name, Path(folder))


def submission_config(course: Course, name: str, student: str, submitted: Path | None) -> Config:
    """nbgrader's configuration for one student's submission of one notebook."""
    config = course.config()
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.student_id = student
    if submitted:
        config.CourseDirectory.submitted_directory = str(submitted.absolute())
    return config


def record(course: Course, name: str, student: str, submitted: Path | None, graded: NotebookNode) -> Path:
    """Write the graded notebook, its grades and its feedback. Returns the feedback file.

    nbgrader's Autograde runs with the notebook already graded in the place of its first step, so that timestamps, late
    penalties and manual scores are treated as ever.

    Raises
    ------
    CourseError : if nbgrader fails, with what it said.
    """
    config = submission_config(course, name, student, submitted)
    config.Autograde.force = True
    config.GenerateFeedback.force = True

    def take_graded(notebook: NotebookNode, resources):
        return graded, resources

    kept = [step for step in config.Autograde.autograde_preprocessors if step not in (Run, Judge)]
    run_converter(Autograde, config, sanitize_preprocessors=[take_graded], autograde_preprocessors=kept)
    run_converter(GenerateFeedback, config)
    return feedback_file(course, name, student)


def feedback_file(course: Course, name: str, student: str) -> Path:
    return course.root / "feedback" / student / name / f"{name}.html"


def write_refusal(course: Course, name: str, student: str, reason: str) -> Path:
    """The feedback of a submission that could not be graded: the reason, as a small page."""
    path = feedback_file(course, name, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    page = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Not graded</title></head><body>'
        f"<h1>{html.escape(name)}: not graded</h1><p>{html.escape(reason)}</p></body></html>\n"
    )
    fresh = path.with_suffix(".tmp")
    fresh.write_text(page, encoding="utf-8")
    fresh.replace(path)
    return path
