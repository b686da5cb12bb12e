"""From answers to a verdict: each property passed or failed, its points, and one sentence to the student.

This runs out of reach of the student's code, on plain data.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..exercise.answers import Answer
from ..exercise.exercise import Exercise, Property, Round, Wrong
from ..exercise.questions import Call, KerasCall
from ..statuses import AnswerStatus, Status
from ..templating import render
from .cause import Failure, of_an_earlier, with_causes

# What a student reads when the exercise could not be answered at all. A grader's fault is never scored.
STATUS_SENTENCES = {
    Status.MISSING: "The answer cell is missing from the notebook.",
    Status.TIMEOUT: "It did not finish in time: look for an endless loop, or a slow one over positions.",
    Status.MEMORY: "It used more memory than is allowed.",
    Status.LIMIT: "It went beyond a limit of grading.",
    Status.CRASH: "Python itself stopped while it ran (os._exit, a crash in a library, or no memory left).",
    Status.GRADER_FAULT: "The grader failed here, not you: this exercise is to be graded again.",
}

_NUMBER = re.compile(r"\d+")


def points_text(points: float) -> str:
    """Points as people read them, with at most two decimals: as much as Canvas and Moodle show."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class PropertyVerdict:
    """One property: whether it holds, points earned of points, and a sentence where it does not.

    `diagnosis` tells, for programs, what is wrong from all else that can be wrong in the exercise: see `Wrong`.
    `unwritten` where the property does not hold because the function was not written, `follows` where it does not
    because another one does not.
    """

    name: str
    statement: str
    points: float
    passed: bool
    sentence: str = ""
    diagnosis: str = ""
    unwritten: bool = False
    follows: bool = False

    @property
    def earned(self) -> float:
        return self.points if self.passed else 0.0


@dataclass(frozen=True)
class Verdict:
    """An exercise's verdict."""

    id: str
    status: Status
    properties: tuple[PropertyVerdict, ...]

    @property
    def score(self) -> float:
        return round(sum(item.earned for item in self.properties), 6)

    @property
    def max_score(self) -> float:
        return round(sum(item.points for item in self.properties), 6)

    @property
    def messages(self) -> list[str]:
        """The distinct sentences of the failed properties, in order."""
        return list(dict.fromkeys(item.sentence for item in self.properties if item.sentence))

    @property
    def unwritten(self) -> bool:
        """Whether there is nothing to judge but the stub."""
        failed = [item for item in self.properties if not item.passed]
        return bool(failed) and all(item.unwritten for item in failed)

    @classmethod
    def from_dict(cls, fields: dict) -> Verdict:
        """The Verdict that `dataclasses.asdict` made a dictionary; of one made before there were diagnoses, too."""
        properties = tuple(PropertyVerdict(**{"diagnosis": item["sentence"], **item}) for item in fields["properties"])
        return cls(**{**fields, "status": Status(fields["status"]), "properties": properties})

    def to_dict(self) -> dict:
        """One entry of `exercises` in the JSON result."""
        return {
            "id": self.id,
            "score": self.score,
            "max_score": self.max_score,
            "status": self.status,
            "messages": self.messages,
        }


class FaultyProperty(Exception):
    """The course's own code, which judges a property, failed: a fault of the grader, not of the submission."""

    def __init__(self, exercise: str, name: str, error: Exception):
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        super().__init__(f"{exercise}, property {name!r}: {type(error).__name__}: {error} ({where})")


def judge_answers(
    exercise: Exercise,
    questions: Mapping[str, Call | KerasCall],
    answers: Mapping[str, Answer],
    failures: Sequence[Failure] = (),
) -> Verdict:
    """Judge the answers to an exercise's questions. Where cells failed, the sentences name what came of it.
    Raises FaultyProperty if a property does not judge an answer, but fails."""
    this_round = Round(exercise, questions, with_causes(exercise.id, answers, failures))
    found = [(item, _what_is_wrong(item, this_round)) for item in exercise.properties]
    alone = all(wrong is None or wrong.alone for _, wrong in found)
    first_said: dict[tuple[str, str], str] = {}  # of sentences that differ in their numbers alone, the first
    properties = []
    for item, wrong in found:
        why: tuple = ()
        if wrong is not None:
            sentence = wrong.alone if alone else str(wrong)
            sentence = first_said.setdefault((wrong.diagnosis, _NUMBER.sub("0", sentence)), sentence)
            why = (sentence, wrong.diagnosis, wrong.unwritten, bool(wrong.alone) and not alone)
        properties.append(PropertyVerdict(item.name, item.statement, item.points, wrong is None, *why))
    status = Status.PASS if all(item.passed for item in properties) else Status.FAIL
    if any(answer.status == AnswerStatus.MISSING for answer in answers.values()):
        status = Status.MISSING
    if status == Status.FAIL and not any(answer.cause for answer in this_round.answers.values()):
        properties = _with_remark(properties, of_an_earlier(exercise.id, failures))
    return Verdict(exercise.id, status, tuple(properties))


def _what_is_wrong(item: Property, this_round: Round) -> Wrong | None:
    try:
        item.check(this_round)
    except Wrong as wrong:
        return wrong
    except Exception as error:
        raise FaultyProperty(this_round.exercise.id, item.name, error) from error
    return None


def _with_remark(properties: list[PropertyVerdict], remark: str) -> list[PropertyVerdict]:
    """The properties, with a remark after the first sentence that says what is wrong."""
    first = next(item.sentence for item in properties if not item.passed)
    said = f"{first} {remark}".strip()
    return [replace(item, sentence=said) if item.sentence == first else item for item in properties]


def without_answers(exercise: Exercise, status: Status, sentence: str = "") -> Verdict:
    """The verdict where no answers came: no points, and the reason on every property."""
    sentence = sentence or STATUS_SENTENCES[status]
    properties = (PropertyVerdict(p.name, p.statement, p.points, False, sentence, status) for p in exercise.properties)
    return Verdict(exercise.id, status, tuple(properties))


def as_text(verdict: Verdict) -> str:
    """The verdict as plain lines for a terminal or a notebook's text output."""
    lines = [f"{verdict.id}: {verdict.score:g} of {verdict.max_score:g} points"]
    for item, sentence in _rows(verdict):
        lines.append(f"  {'passed' if item.passed else 'FAILED'}  {item.name} ({item.points:g}): {sentence}")
    return "\n".join(lines)


def as_html(verdict: Verdict) -> str:
    """The verdict as a small table; pass and fail are words, not colours alone."""
    return render("autograder.judge", "verdict.html.j2", verdict=verdict, rows=_rows(verdict))


def _rows(verdict: Verdict):
    """Each property with what to say of it; a sentence that is above already is not repeated."""
    seen = set()
    for item in verdict.properties:
        sentence = item.statement if item.passed else item.sentence
        if not item.passed and sentence in seen:
            sentence = "as above"
        seen.add(sentence)
        yield item, sentence
