"""What the made-up students of these tests hand in: answers from tests/answers, with the scores stated there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from answer_files import AnswerFile, all_answers
from submissions import fill_in

from autograder import cells
from autograder.course import Course


@dataclass(frozen=True)
class Work:
    """One student's answers to the exercises, and to the questions in words by grade id."""

    student: str
    answers: tuple[AnswerFile, ...]
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


def answers_named(notebook: str, *names: str) -> tuple[AnswerFile, ...]:
    by_name = {answer.name: answer for answer in all_answers() if answer.notebook == notebook}
    return tuple(by_name[name] for name in names)


NOTEBOOK = "00_feature_maps"  # the shortest
_RIGHT = (
    "global_average_pool-right-mean",
    "channel_pool-right-stack",
    "apply_channel_gate-right-new-axes",
    "apply_spatial_gate-right-last-axis",
    "to_channels_first-right-transpose",
    "to_channels_last-right-transpose",
)
_WRONG = (
    "global_average_pool-wrong-keepdims",
    "channel_pool-wrong-max-first",
    "apply_channel_gate-wrong-bare-product",
    "to_channels_first-wrong-reshape",
)
_IN_WORDS = {"reflect-forget": "z forgets where, d forgets which.", "reflect-shapes": "It runs where B = W."}
CLASS = (
    Work("ada", answers_named(NOTEBOOK, *_RIGHT), _IN_WORDS),
    Work("ben", answers_named(NOTEBOOK, *_WRONG, "apply_spatial_gate-right-last-axis"), {}),
    Work("chen", answers_named(NOTEBOOK, *_RIGHT[:2]), {}),  # the rest is not written
)


def own_solutions(course: Course, notebook: str) -> dict[str, str]:
    """The walkthrough's answers by grade id, those in words too."""
    found = nbformat.read(course.walkthrough(notebook), as_version=4).cells
    return {cells.grade_id(cell): cell.source for cell in found if cells.is_marked(cell, "solution")}
