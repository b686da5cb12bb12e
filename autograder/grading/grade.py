"""Grade one submitted notebook, from its file to its verdicts. No gradebook: that is `record`'s."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from ..course import Course
from ..exercise.exercise import Exercise
from ..intake.reading import Unreadable, read_submission
from ..judge.verdict import Verdict, without_answers
from ..rebuild.rebuild import rebuild
from ..retry import with_retries
from ..statuses import Status
from .assignment import Assignment

TRIES = 2  # where the grader itself fails, as when its preloaded process is killed


@dataclass(frozen=True)
class Result:
    """What grading one submission gave.

    `refusal` holds the reason where the file could not be graded at all, `fault` the grader's own failure (`set_aside`
    if it is not to be tried again); `graded` is the notebook with its verdicts otherwise, as JSON. `seed` made this
    submission's inputs; `class_seed`, from which it was made, is for the teacher alone. `contested` where another
    submission or the machine's load may have had a part in a verdict: a class runs it again, alone, or if it was
    `asleep` beside others that were. `attempt` says which of several attempts this is and why it counts.
    """

    student: str
    notebook: str
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    refusal: str = ""
    fault: str = ""
    set_aside: bool = False
    seconds: float = 0.0
    exercise_seconds: Mapping[str, float] = field(default_factory=dict)
    seed: int | None = None
    class_seed: int | None = None
    graded: str = ""
    contested: bool = False
    asleep: bool = False
    attempt: str = ""

    @property
    def score(self) -> float:
        return round(sum(verdict.score for verdict in self.verdicts), 6)

    @property
    def max_score(self) -> float:
        return round(sum(verdict.max_score for verdict in self.verdicts), 6)

    @property
    def reason(self) -> str:
        """Why there is no grade; "" if there is one."""
        return self.fault or self.refusal

    def lines(self) -> list[str]:
        """What the instructor should know of this submission beside its score."""
        if self.set_aside:
            return [f"set aside: {self.fault}", *self.notes]
        if self.fault:
            return [f"grader-fault, to be graded again: {self.fault}", *self.notes]
        return [f"not graded: {self.refusal}"] if self.refusal else [*filter(None, [self.attempt]), *self.notes]

    def to_dict(self) -> dict:
        """The object that `--json` prints for this submission."""
        return {
            "student": self.student,
            "notebook": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "exercises": [verdict.to_dict() for verdict in self.verdicts],
        }

    def pack(self) -> bytes:
        """All but the graded notebook, small: between processes and in the ledger."""
        return zlib.compress(json.dumps(asdict(replace(self, graded=""))).encode())

    @classmethod
    def unpack(cls, packed: bytes) -> Result:
        """The Result that `pack` made small."""
        fields = json.loads(zlib.decompress(packed))
        verdicts = tuple(map(Verdict.from_dict, fields.pop("verdicts")))
        return cls(verdicts=verdicts, notes=tuple(fields.pop("notes")), **fields)


def grade_file(
    course: Course, name: str, path: Path, student: str = "", seed: int | None = None, trust: bool = False
) -> Result:
    """Grade one file of a notebook of the course; `trust` does without a sandbox. A Result comes back in any case."""
    return grade_submission(Assignment.of(course, name, trust), path, student, seed)


def grade_submission(
    assignment: Assignment,
    path: Path,
    student: str = "",
    seed: int | None = None,
    on_answers: Callable[..., None] | None = None,
) -> Result:
    """Grade one file. Whatever is in it, a Result comes back. `on_answers`: see `Run`."""
    try:
        submitted, notes = read_submission(path, assignment.limits)
    except (Unreadable, OSError) as error:
        reason = f"The file cannot be read: {error.strerror}." if isinstance(error, OSError) else str(error)
        return refused(assignment.name, assignment.exercises, student, reason)
    try:
        return with_retries(lambda: _grade(assignment, submitted, notes, student, seed, on_answers), Exception, TRIES)
    except Exception as error:  # the student's code runs elsewhere: what fails here is ours
        return faulty(assignment.name, assignment.exercises, student, f"{type(error).__name__}: {error}")


def refused(name: str, exercises: Iterable[Exercise], student: str, reason: str) -> Result:
    """The Result of a submission that cannot be graded, with the reason on every exercise."""
    verdicts = tuple(without_answers(exercise, Status.MISSING, reason) for exercise in exercises)
    return Result(student, name, verdicts, refusal=reason)


def faulty(name: str, exercises: Iterable[Exercise], student: str, fault: str, set_aside: bool = False) -> Result:
    """The Result of a submission with which the grader failed."""
    verdicts = tuple(without_answers(exercise, Status.GRADER_FAULT) for exercise in exercises)
    return Result(student, name, verdicts, fault=fault, set_aside=set_aside)


def _grade(
    assignment: Assignment,
    submitted: NotebookNode,
    notes: list[str],
    student: str,
    seed: int | None,
    on_answers: Callable[..., None] | None,
) -> Result:
    """The steps that nbgrader_config.py names for autograde, but for those that need the gradebook."""
    started = time.monotonic()
    notebook, missing, more_notes = rebuild(submitted, *assignment.notebooks)
    notes = [*notes, *more_notes]
    notebook.metadata["autograder"] = {"missing": missing, "notes": notes}
    config = Config(assignment.settings)
    if seed is not None:
        config.Run.seed = seed
    if on_answers is not None:
        config.Run.on_answers = on_answers
    config.SandboxProvisioner.hidden = list(assignment.hidden)
    about = {"notebook": assignment.name, "assignment": assignment.name, "student": student}
    resources = ResourcesDict(nbgrader=about, metadata={})
    for step in map(import_item, assignment.steps):
        notebook, resources = step(config=config).preprocess(notebook, resources)
    verdicts, seconds = resources["verdicts"], resources.get("exercise_seconds", {})
    return Result(
        student,
        assignment.name,
        tuple(verdicts),
        tuple(notes),
        seconds=time.monotonic() - started,
        # Without those of cells that belong to no exercise.
        exercise_seconds={verdict.id: seconds[verdict.id] for verdict in verdicts if verdict.id in seconds},
        seed=resources["seed"],
        # Half of a surrogate pair can be in JSON, but not in a file.
        graded=nbformat.writes(notebook).encode("utf-8", "replace").decode(),
        contested=resources.get("contested", False),
        asleep=resources.get("asleep", False),
    )
