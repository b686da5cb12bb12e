"""What a notebook's file shows of one's work: the states of exercises, and the questions in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class WorkState(StrEnum):
    """How far an exercise has come, in the words that its student reads."""

    NOT_BEGUN = "not begun"
    WRITTEN = "written, not checked"
    VISIBLE = "visible checks passed, not checked"
    WRONG = "not right yet"
    PARTLY = "partly right"
    RIGHT = "right"


@dataclass(frozen=True)
class Question:
    """A question in one's own words: only a person can grade it."""

    id: str
    points: float
    written: bool


@dataclass(frozen=True)
class Work:
    """What a notebook's file shows without running it: the state of each exercise, and the questions in words."""

    states: Mapping[str, WorkState] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
