"""One submission again by its seed, with what was asked and what came: for a person who answers an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..course import Course
from ..exercise.answers import Answer
from ..exercise.questions import Question
from ..judge.in_short import asked, came
from ..judge.verdict import Verdict
from .assignment import Assignment
from .grade import Result, grade_submission


@dataclass(frozen=True)
class Exchange:
    """One question to a student's function: its name in the exercise, what was asked, what came; a line each."""

    question: str
    asked: str
    came: str


@dataclass(frozen=True)
class Replayed:
    """An exercise's verdict with what it was made of; nothing was asked where the code was stopped before."""

    verdict: Verdict
    exchanges: tuple[Exchange, ...]

    def to_dict(self) -> dict:
        """The object that `--json` prints."""
        return {
            **self.verdict.to_dict(),
            "properties": [
                {
                    "name": item.name,
                    "statement": item.statement,
                    "points": item.points,
                    "passed": item.passed,
                    "sentence": item.sentence,
                }
                for item in self.verdict.properties
            ],
            "exchanges": [vars(exchange) for exchange in self.exchanges],
        }


def replay_file(
    course: Course, name: str, path: Path, seed: int, trust: bool = False
) -> tuple[Result, tuple[Replayed, ...]]:
    """Grade one file of a notebook of the course with a submission's seed; `trust` does without a sandbox.

    Returns the Result, which comes in any case, and the exercises in the order of the notebook.
    """
    exchanges: dict[str, tuple[Exchange, ...]] = {}

    def hear(exercise: str, questions: Mapping[str, Question], answers: Mapping[str, Answer]) -> None:
        exchanges[exercise] = tuple(
            Exchange(key, asked(exercise, question), came(answers[key])) for key, question in questions.items()
        )

    result = grade_submission(Assignment.of(course, name, trust), path, seed=seed, on_answers=hear)
    return result, tuple(Replayed(verdict, exchanges.get(verdict.id, ())) for verdict in result.verdicts)
