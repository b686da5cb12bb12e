"""What an exercise is: the questions that are asked of a student's function and the properties its answers must have.

An exercise module (one a notebook) lists its exercises. Nothing here runs a student's code: the judge asks the
questions where that code lives, and brings the answers back as plain data (see `autograder.judge`).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..statuses import AnswerStatus
from .errors import explain_error

# Student answers may be computed in float32; every known mistake is off by more than a hundred times this.
TOLERANCE = 1e-4

STUB_RAISES = NotImplementedError.__name__  # see nbgrader_config.py


class Wrong(Exception):
    """A property does not hold. The message is the one sentence that the student reads.

    `unwritten` if it does not hold because the stub that was given out still stands.
    """

    def __init__(self, sentence: str, unwritten: bool = False):
        super().__init__(sentence)
        self.unwritten = unwritten


@dataclass(frozen=True)
class Call:
    """Call the exercise's function with these arguments and send back what it returns."""

    arguments: tuple = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KerasCall:
    """Build a model around the exercise's Keras function and send it back; it is run elsewhere, with these weights.

    Attributes
    ----------
    input_shape : the shape of `keras.Input`, without the batch axis; None where it is unknown.
    x : the batch (B, ...) on which the model is run.
    weights : values by slot, such as {"w1": (C, m), ...}. A slot is matched by shape with axes of length one removed,
        so a Dense kernel and the kernel of a 1x1 convolution are the same slot. A slot named b... is a bias: where the
        block has none, the other properties are judged as if it were zero. A slot named gamma..., beta...,
        moving_mean... or moving_variance... takes that weight of a batch norm; these slots come first.
    keywords : further arguments of the function.
    gradients : an array of the output's shape; when given, the gradients of sum(output * array) come back too, taken
        in training mode.
    reload : save the model and load it again; its outputs before and after come back, with weights of their own.
    repeat : how many times the block stands in the model, one behind the other.
    data_format : the global image data format while the model is built and run.
    layer : the exercise is a layer's class: an instance, made with the keywords, is called on the tensor.
    before : arguments of the function that stand before the tensor.
    whole : the function makes a whole model, from input_shape and the keywords, all given by name.
    """

    input_shape: tuple
    x: np.ndarray
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)
    keywords: Mapping[str, Any] = field(default_factory=dict)
    gradients: np.ndarray | None = None
    reload: bool = False
    repeat: int = 1
    data_format: str = "channels_last"
    layer: bool = False
    before: tuple = ()
    whole: bool = False


@dataclass(frozen=True)
class Value:
    """One value of a student's answer: the name of its type and, for numbers and arrays, the number or array."""

    type: str
    content: Any = None


@dataclass(frozen=True)
class Answer:
    """What came back for one question.

    `error` holds the exception where one was raised. `cause` is the sentence of why a name is missing, where that is
    known: see `judge.cause`.
    """

    status: AnswerStatus
    error: str = ""
    value: Value | None = None
    changed_arguments: bool = False
    model: ModelAnswer | None = None
    cause: str = ""

    @property
    def unwritten(self) -> bool:
        """Whether the stub still stands. Keras raises its exception too, where it cannot tell the shape of a Lambda."""
        exception = self.error.partition(":")[0]  # see `judge.ask`
        return self.status == AnswerStatus.RAISED and exception == STUB_RAISES and "Lambda" not in self.error


@dataclass(frozen=True)
class ModelAnswer:
    """What a KerasCall brings back. Arrays are None where that step was not asked for or failed (see `errors`).

    A slot is matched only to a weight that the model's computation reads.
    """

    weights: tuple[tuple[tuple[int, ...], bool], ...]  # (shape, trainable) of every weight
    matched: tuple[str, ...]  # the slots that found a weight
    idle: int = 0  # how many of the weights the output does not depend on
    output: np.ndarray | None = None
    dtype: str = ""  # of the output, as it was computed
    saved: np.ndarray | None = None  # the output with the weights as they were saved
    reloaded: np.ndarray | None = None
    gradients: Mapping[str, np.ndarray] = field(default_factory=dict)  # by slot, and "x"
    errors: Mapping[str, str] = field(default_factory=dict)
    transposed: ModelAnswer | None = None  # the same with each matrix turned, where the weights may be kept so


@dataclass(frozen=True)
class Mistake:
    """A known wrong computation: if it reproduces a student's answer, its sentence is the diagnosis."""

    sentence: str
    function: Callable[..., Any]


@dataclass(frozen=True)
class Property:
    """One thing that must hold, worth `points`; `check(round)` raises Wrong when it does not.

    `on_word` if it rests on what the student's interpreter says of itself, such as the type of a value: all else is
    seen in numbers and graphs that came out of it.
    """

    name: str
    points: float
    statement: str
    check: Callable[[Round], None]
    on_word: bool = False


@dataclass(frozen=True)
class Exercise:
    """What is asked of one graded function, and how its answers are judged.

    Attributes
    ----------
    id : the function's name; the answer cell's grade_id, and the test cell's with "-check".
    oracle : the right answer; takes a Call's arguments, or a KerasCall's x and its weights by slot name.
    questions : makes the named questions from a random generator.
    properties : in the order in which they are reported; their points add up to the cell's points.
    mistakes : known wrong computations, with the oracle's arguments.
    """

    id: str
    oracle: Callable[..., Any]
    questions: Callable[[np.random.Generator], Mapping[str, Call | KerasCall]]
    properties: tuple[Property, ...]
    mistakes: tuple[Mistake, ...] = ()

    @property
    def points(self) -> float:
        return sum(item.points for item in self.properties)

    def ask(self, seed: int) -> dict[str, Call | KerasCall]:
        """The questions for a run's seed. The same seed always gives the same questions."""
        return dict(self.questions(np.random.default_rng([seed, zlib.crc32(self.id.encode())])))


@dataclass(frozen=True)
class Round:
    """One exercise's questions with a student's answers to them: what a property looks at."""

    exercise: Exercise
    questions: Mapping[str, Call | KerasCall]
    answers: Mapping[str, Answer]

    @cached_property
    def _expected(self) -> dict[str, Any]:
        return {}

    def expected(self, key: str) -> Any:
        """The oracle's answer to a question, computed once."""
        if key not in self._expected:
            self._expected[key] = self.evaluate(self.exercise.oracle, key)
        return self._expected[key]

    def evaluate(self, function: Callable[..., Any], key: str, weights: Mapping[str, np.ndarray] | None = None) -> Any:
        """What `function` (the oracle or a known mistake) gives for a question, or with other weights for a block."""
        question = self.questions[key]
        if isinstance(question, KerasCall):
            # Named only where it is not the usual one: most known mistakes know no other format.
            other = {} if question.data_format == "channels_last" else {"data_format": question.data_format}
            return function(question.x, **(question.weights if weights is None else weights), **other)
        return function(*question.arguments, **question.keywords)

    def answer(self, key: str) -> Answer:
        """A student's answer to a question.

        Raises
        ------
        Wrong : if the function is missing, raised an exception or gave something that cannot be read.
        """
        answer = self.answers.get(key, Answer(AnswerStatus.MALFORMED, "no answer came back"))
        name = self.exercise.id
        if answer.status == AnswerStatus.MISSING:
            raise Wrong(answer.cause or f"There is no function named {name}: keep the name that the exercise gives.")
        if answer.unwritten:
            raise Wrong(f"{name} is not written yet. {answer.cause}".strip(), unwritten=True)
        if answer.status == AnswerStatus.RAISED:
            raise Wrong(explain_error(name, answer.error, answer.cause))
        if answer.status != AnswerStatus.OK:
            raise Wrong(f"The answer of {name} could not be read: {answer.error}.")
        if answer.model is not None and answer.model.transposed is not None:
            return replace(answer, model=self._right_way_round(key, answer.model))
        return answer

    def _right_way_round(self, key: str, model: ModelAnswer) -> ModelAnswer:
        """Weights kept as (out, in) are as good as others: the way that gives the right values is the one meant."""
        question, turned = self.questions[key], model.transposed
        weights = {slot: value for slot, value in question.weights.items() if slot in turned.matched}
        missing = {slot: np.zeros_like(value) for slot, value in question.weights.items() if slot not in weights}
        try:
            expected = np.asarray(self.evaluate(self.exercise.oracle, key, {**weights, **missing}))
        except (ValueError, TypeError):
            return model
        return turned if turned.output is not None and close(turned.output, expected) else model

    def diagnose(
        self,
        key: str,
        got: np.ndarray,
        weights: Mapping[str, np.ndarray] | None = None,
        same: Callable[[np.ndarray, np.ndarray], bool] | None = None,
    ) -> str | None:
        """The sentence of a known mistake that gives what the student's function gave for a question.

        Two mistakes can give the same by chance: then the one that explains the most of the other answers is named.
        """
        same = same or close
        expected = np.asarray(self.evaluate(self.exercise.oracle, key, weights))
        candidates = []
        for mistake in self.exercise.mistakes:
            wrong = self._try(mistake, key, weights)
            if wrong is not None and same(got, wrong) and not same(wrong, expected):
                candidates.append(mistake)
        if len(candidates) < 2:
            return candidates[0].sentence if candidates else None
        given = {other: self._given(other) for other in self.questions}

        def explained(mistake: Mistake) -> int:
            wrongs = ((numbers, self._try(mistake, other)) for other, numbers in given.items() if numbers is not None)
            return sum(wrong is not None and same(numbers, wrong) for numbers, wrong in wrongs)

        return max(candidates, key=explained).sentence

    def _try(self, mistake: Mistake, key: str, weights: Mapping[str, np.ndarray] | None = None) -> np.ndarray | None:
        try:
            with np.errstate(all="ignore"):
                return np.asarray(self.evaluate(mistake.function, key, weights))
        except (ValueError, TypeError, IndexError, ArithmeticError):
            return None  # this mistake cannot be made with these inputs

    def _given(self, key: str) -> np.ndarray | None:
        """The numbers that the student's function gave for a question, if any."""
        answer = self.answers.get(key)
        if answer is None or answer.status != AnswerStatus.OK:
            return None
        numbers = answer.model.output if answer.model else answer.value.content
        return None if numbers is None or isinstance(numbers, tuple) else np.asarray(numbers)


def close(got: np.ndarray, expected: np.ndarray) -> bool:
    """Whether two arrays of one shape agree to TOLERANCE, relative to the greatest expected value where above one."""
    if got.shape != expected.shape or not np.all(np.isfinite(got)):
        return False
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return bool(np.max(np.abs(got - expected), initial=0.0) <= TOLERANCE * scale)
