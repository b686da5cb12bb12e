"""What the made-up students of these tests hand in: answers from tests/answers, with the scores stated there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.course import Course
from tests.support.answers import Answer, answer_named
from tests.support.submissions import fill_in


@dataclass(frozen=True)
class Work:
    """One student's answers to the exercises, and to the questions in words by grade id."""

    student: str
    answers: tuple[Answer, ...]
    in_words: Mapping[str, str]

    @property
    def score(self) -> float:
        """The points that the judge must give; a person gives those for words."""
        return sum(answer.score for answer in self.answers)

    def write(self, course: Course, release: Path) -> None:
        """Fill in the student version `release`, and put it where nbgrader looks for what was handed in."""
        sources = {answer.exercise: answer.source for answer in self.answers} | self.in_words
        path = course.root / "submitted" / self.student / release.stem / release.name
        path.parent.mkdir(parents=True)
        nbformat.write(fill_in(nbformat.read(release, as_version=4), sources), path)


NOTEBOOK = "00_feature_maps"  # the shortest
_RIGHT = {
    "global_average_pool": "right mean",
    "channel_pool": "right stack",
    "revealing_case": "right cube",
    "apply_channel_gate": "right new-axes",
    "apply_spatial_gate": "right last-axis",
    "to_channels_first": "right transpose",
}
_WRONG = {
    "global_average_pool": "wrong keepdims",
    "channel_pool": "wrong max-first",
    "revealing_case": "wrong batch-is-width",
    "apply_channel_gate": "wrong bare-product",
    "apply_spatial_gate": "right last-axis",
    "to_channels_first": "wrong reshape",
}
_BEGUN = dict(list(_RIGHT.items())[:2])  # the rest is not written
_IN_WORDS = {"reflect-forget": "z forgets where, d forgets which.", "reflect-shapes": "It runs where B = W."}
CLASS = tuple(
    Work(student, tuple(answer_named(NOTEBOOK, *named) for named in labels.items()), in_words)
    for student, labels, in_words in (("ada", _RIGHT, _IN_WORDS), ("ben", _WRONG, {}), ("chen", _BEGUN, {}))
)
