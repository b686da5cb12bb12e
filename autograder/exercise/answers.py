"""What came back from a student's function, as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..statuses import AnswerStatus


@dataclass(frozen=True)
class Value:
    """One value of a student's answer: the name of its type and its content, where that is known.

    The content of a number, a text or an array (a list of numbers is one) is that; of a tuple, another list or a
    dictionary, a tuple, a list or a dictionary of Values.
    """

    type: str
    content: Any = None

    @property
    def is_numeric(self) -> bool:
        """Whether it is a number or an array of numbers."""
        return isinstance(self.content, bool | int | float | np.ndarray)


@dataclass(frozen=True)
class Answer:
    """What came back for one question.

    `error` holds the exception where one was raised, and `stub` the notebook's function that raised it, where that is
    not written yet. `cause` is the sentence of why a name is missing, where known: see `judge.cause`.
    """

    status: AnswerStatus
    error: str = ""
    value: Value | None = None
    changed_arguments: bool = False
    model: ModelAnswer | None = None
    cause: str = ""
    stub: str = ""

    @property
    def exception(self) -> str:
        """The name of the exception that was raised; "" if none was."""
        return self.error.partition(":")[0] if self.status == AnswerStatus.RAISED else ""  # see `judge.ask`


@dataclass(frozen=True)
class ModelAnswer:
    """What a KerasCall brings back. Arrays are None where that step was not asked for or failed (see `errors`).

    A slot is matched only to a weight that the model's computation reads.
    """

    weights: tuple[tuple[tuple[int, ...], bool], ...]  # (shape, trainable) of every weight
    matched: tuple[str, ...]  # the slots that found a weight
    idle: int = 0  # how many of the weights the output does not depend on
    others: int = 0  # on how many variables that are no weights of the model it depends
    output: np.ndarray | None = None
    dtype: str = ""  # of the output, as it was computed
    saved: np.ndarray | None = None  # the output with the weights as they were saved
    reloaded: np.ndarray | None = None
    gradients: Mapping[str, np.ndarray] = field(default_factory=dict)  # by slot, and "x"
    errors: Mapping[str, str] = field(default_factory=dict)
    transposed: ModelAnswer | None = None  # the same with each matrix turned, where the weights may be kept so

    @property
    def size(self) -> int:
        """How many single weights the model holds."""
        return sum(math.prod(shape) for shape, _ in self.weights)
