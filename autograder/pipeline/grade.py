"""Grade one submitted notebook, from its file to its verdicts. No gradebook: that is `record`'s."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearOutput

from ..course import Course
from ..exercises import exercises_of
from ..judge.verdict import Verdict, without_answers
from .intake import Unreadable, read_submission
from .judging import Judge
from .rebuild import instructor_notebooks, rebuild
from .run import Run

RETRIES = 1  # of a fault of the grader's own


@dataclass(frozen=True)
class Result:
    """What grading one submission gave.

    `refusal` holds the reason where the file could not be graded at all, `fault` the grader's own failure; `graded` is
    the notebook with its verdicts otherwise.
    """

    student: str
    notebook: str
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    refusal: str = ""
    fault: str = ""
    seconds: float = 0.0
    seed: int | None = None
    graded: NotebookNode | None = None

    @property
    def score(self) -> float:
        return round(sum(verdict.score for verdict in self.verdicts), 6)

    @property
    def max_score(self) -> float:
        return round(sum(verdict.max_score for verdict in self.verdicts), 6)

    def lines(self) -> list[str]:
        """What the instructor should know of this submission beside its score."""
        if self.fault:
            return [f"grader-fault, to be graded again: {self.fault}"]
        return [f"not graded: {self.refusal}"] if self.refusal else list(self.notes)

    def to_dict(self) -> dict:
        """The object that `--json` prints for this submission."""
        return {
            "student": self.student,
            "notebook": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": [verdict.to_dict() for verdict in self.verdicts],
        }


def grade_file(course: Course, name: str, path: Path, student: str = "", seed: int | None = None) -> Result:
    """Grade one file. Whatever is in it, a Result comes back."""
    try:
        submitted, notes = read_submission(path)
    except Unreadable as reason:
        return refused(name, student, str(reason))
    except OSError as error:
        return refused(name, student, f"The file cannot be read: {error.strerror}.")
    for attempt in range(RETRIES + 1):
        try:
            return _grade(course, name, submitted, notes, student, seed)
        except Exception as error:  # the student's code runs elsewhere: what fails here is ours
            if attempt == RETRIES:
                return _faulty(name, student, f"{type(error).__name__}: {error}")
    raise AssertionError("unreachable")


def refused(name: str, student: str, reason: str) -> Result:
    """The Result of a submission that cannot be graded, with the reason on every exercise."""
    verdicts = tuple(without_answers(exercise, "missing", reason) for exercise in exercises_of(name))
    return Result(student, name, verdicts, refusal=reason)


def _faulty(name: str, student: str, fault: str) -> Result:
    verdicts = tuple(without_answers(exercise, "grader-fault") for exercise in exercises_of(name))
    return Result(student, name, verdicts, fault=fault)


def _grade(
    course: Course, name: str, submitted: NotebookNode, notes: list[str], student: str, seed: int | None
) -> Result:
    """The steps that nbgrader_config.py names for autograde, up to the verdicts."""
    started = time.monotonic()
    notebook, missing, more_notes = rebuild(submitted, *instructor_notebooks(course, name))
    notes = [*notes, *more_notes]
    notebook.metadata["autograder"] = {"missing": missing, "notes": notes}
    config = course.config()
    if seed is not None:
        config.Run.seed = seed
    resources = ResourcesDict(nbgrader={"notebook": name, "student": student}, metadata={})
    for step in (ClearOutput, Run, Judge):
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return Result(
        student,
        name,
        tuple(resources["verdicts"]),
        tuple(notes),
        seconds=time.monotonic() - started,
        seed=resources["seed"],
        graded=notebook,
    )
