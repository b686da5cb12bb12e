"""What an exercise is: questions to a student's function, properties its answers must have, and known mistakes.

A course lists its exercises by notebook (see `catalogue`). Nothing here runs a student's code: the judge asks the
questions where that code lives, and brings the answers back as plain data (see `autograder.judge`).
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from ..statuses import AnswerStatus
from .answers import Answer, ModelAnswer, Value
from .errors import advice_on, explain_error, one_line
from .questions import KerasCall, Question

# Student answers may be computed in float32; every known mistake is off by more than a hundred times this.
TOLERANCE = 1e-4

Keys = str | tuple[str, ...]  # the question that a property looks at, or several
Sizes = TypeVar("Sizes")


class Wrong(Exception):
    """A property does not hold. The message is the one sentence that the student reads.

    `diagnosis` tells what is wrong from all else that can be wrong in the exercise, for programs. It is to be given
    where the sentence holds what differs between students: numbers, or their own words. Else the sentence does it.
    `unwritten` if the property does not hold because the stub that was given out still stands. `alone` if it does not
    because another one, as a rule, does not hold either and names the fault: the sentence where no other one does.
    """

    def __init__(self, sentence: str, diagnosis: str = "", unwritten: bool = False, alone: str = ""):
        super().__init__(sentence)
        self.diagnosis = diagnosis or sentence
        self.unwritten = unwritten
        self.alone = alone


def raised(who: str, error: str, cause: str = "") -> Wrong:
    """What is wrong where `who` raised this error, in a sentence as of `explain_error`."""
    kind = one_line(error.partition(":")[0], 60)
    known = "caused" if cause else advice_on(error, who)
    return Wrong(explain_error(who, error, cause), f"{who} raised {kind}, {known}")


@dataclass(frozen=True)
class Mistake:
    """A known wrong computation: if it reproduces a student's answer, its sentence is the diagnosis."""

    sentence: str
    function: Callable[..., Any]


# How many weights a block has, or several numbers (a range, a set), or None where there is no such number.
Count = int | Container[int] | None


@dataclass(frozen=True)
class WeightMistake:
    """A known slip in the layers of a block: where it gives as many weights as a student's model has, it is named.

    `count` is that number of weights, or a function of the question: see `weight_mistakes` for one of its sizes.
    """

    sentence: str
    count: Count | Callable[[KerasCall], Count]

    def number(self, question: KerasCall) -> Count:
        """How many weights a block with this slip has where this is asked."""
        return self.count(question) if callable(self.count) else self.count

    def gives(self, total: int, question: KerasCall) -> bool:
        """Whether a block with this slip may have `total` weights."""
        number = self.number(question)
        return number == total if number is None or isinstance(number, int) else total in number


def weight_mistakes(
    sizes: Callable[[KerasCall], Sizes], *pairs: tuple[str, int | Callable[[Sizes], Count]]
) -> tuple[WeightMistake, ...]:
    """WeightMistakes from pairs of sentence and count, a number or a function of `sizes(question)`."""

    def of(count: int | Callable[[Sizes], Count]) -> Count | Callable[[KerasCall], Count]:
        return (lambda question: count(sizes(question))) if callable(count) else count

    return tuple(WeightMistake(sentence, of(count)) for sentence, count in pairs)


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


def for_each_question(
    name: str = "", statement: str = "", on_word: bool = False
) -> Callable[..., Callable[..., Property]]:
    """A decorator for `check(round, key, **settings)`, which raises Wrong where the answer to a question is wrong.

    It makes of the check a function that gives the Property of one question or several:
    `check(keys, points, statement, *, name, **settings)`, with the name and statement given here if it is given none.
    """

    def decorate(check: Callable[..., None]) -> Callable[..., Property]:
        own_name, own_statement = name, statement

        def make(
            keys: Keys, points: float, statement: str = own_statement, *, name: str = own_name, **settings: Any
        ) -> Property:
            inspect.signature(check).bind(None, "", **settings)
            if not (name and statement):
                raise TypeError(f"{check.__name__} needs a name and a statement")

            def check_each(round: Round) -> None:
                for key in each(keys):
                    check(round, key, **settings)

            return Property(name, points, statement, check_each, on_word)

        make.__name__, make.__doc__ = check.__name__, check.__doc__
        return make

    return decorate


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
    weight_mistakes : known numbers of weights that a wrong block has; the first that is a model's is named.
    """

    id: str
    oracle: Callable[..., Any]
    questions: Callable[[np.random.Generator], Mapping[str, Question]]
    properties: tuple[Property, ...]
    mistakes: tuple[Mistake, ...] = ()
    weight_mistakes: tuple[WeightMistake, ...] = ()

    @property
    def points(self) -> float:
        """What the whole exercise is worth."""
        return sum(item.points for item in self.properties)

    def ask(self, seed: int) -> dict[str, Question]:
        """The questions for a run's seed. The same seed always gives the same questions."""
        return dict(self.questions(np.random.default_rng([seed, zlib.crc32(self.id.encode())])))


def close(got: np.ndarray, expected: np.ndarray) -> bool:
    """Whether two arrays of one shape agree to TOLERANCE, relative to the greatest expected value where above one."""
    if got.shape != expected.shape or not np.all(np.isfinite(got)) or not np.all(np.isfinite(expected)):
        return False
    return not far_off(got, expected).any()


def far_off(got: np.ndarray, expected: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Which of the values are wrong, of two arrays of one shape; `tolerance` is relative as in `close`."""
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)  # booleans know no difference
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return ~(np.abs(got - expected) <= tolerance * scale)


@dataclass(frozen=True)
class Round:
    """One exercise's questions with a student's answers to them: what a property looks at."""

    exercise: Exercise
    questions: Mapping[str, Question]
    answers: Mapping[str, Answer]

    @cached_property
    def _expected(self) -> dict[str, Any]:
        return {}

    def expected(self, key: str) -> Any:
        """The oracle's answer to a question, computed once."""
        if key not in self._expected:
            self._expected[key] = self.evaluate(self.exercise.oracle, key)
        return self._expected[key]

    def right(self, key: str) -> np.ndarray | None:
        """The oracle's answer as an array; None where it has none to such a question."""
        try:
            with np.errstate(all="ignore"):
                return np.asarray(self.expected(key))
        except Exception:
            return None

    def evaluate(self, function: Callable[..., Any], key: str, weights: Mapping[str, np.ndarray] | None = None) -> Any:
        """What `function` (the oracle or a known mistake) gives for a question, or with other weights for a block."""
        question = self.question(key)
        if isinstance(question, KerasCall):
            # Named only where it is not the usual one: most known mistakes know no other format.
            form = {} if question.data_format == "channels_last" else {"data_format": question.data_format}
            return function(question.x, **(question.weights if weights is None else weights), **form)
        return function(*question.arguments, **question.keywords)

    def question(self, key: str) -> Question:
        """The question of this name. Raises LookupError where the exercise asks none: a slip of the course's."""
        if key not in self.questions:
            raise LookupError(f"there is no question {key!r}, only {', '.join(map(repr, self.questions))}")
        return self.questions[key]

    def block(self, key: str) -> KerasCall:
        """A question that asks for a model."""
        question = self.question(key)
        if not isinstance(question, KerasCall):
            raise TypeError(f"{self.exercise.id}: the question {key} asks for no model")
        return question

    def answer(self, key: str) -> Answer:
        """A student's answer to a question.
        Raises Wrong if the function is missing, raised an exception or gave something that cannot be read."""
        self.question(key)
        answer = self.answers.get(key, Answer(AnswerStatus.MALFORMED, "no answer came back"))
        name, caused = self.exercise.id, ", caused" if answer.cause else ""
        if answer.status == AnswerStatus.MISSING:
            sentence = f"There is no function named {name}: keep the name that the exercise gives."
            raise Wrong(answer.cause or sentence, f"{answer.status}{caused}")
        if answer.stub == name:
            raise Wrong(f"{name} is not written yet. {answer.cause}".strip(), f"unwritten{caused}", unwritten=True)
        if answer.stub:
            waits = f"{name} calls {answer.stub}, which is not written yet. {answer.cause}"
            raise Wrong(waits.strip(), f"calls what is unwritten{caused}")
        if answer.status == AnswerStatus.RAISED:
            raise raised(name, answer.error, answer.cause)
        if answer.status != AnswerStatus.OK:
            raise Wrong(f"The answer of {name} could not be read: {answer.error}.", answer.status)
        if answer.model is not None and answer.model.transposed is not None:
            return replace(answer, model=self._right_way_round(key, answer.model, answer.model.transposed))
        return answer

    def value(self, key: str) -> Value:
        """The value of a student's answer to a question. Raises Wrong as `answer`."""
        return self.answer(key).value or Value("model")

    def _right_way_round(self, key: str, model: ModelAnswer, turned: ModelAnswer) -> ModelAnswer:
        """Weights kept as (out, in) are as good as others: the way that gives the right values is the one meant."""
        question = self.block(key)
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
        same: Callable[[np.ndarray, np.ndarray], bool] = close,
    ) -> str | None:
        """The sentence of a known mistake that gives what the student's function gave for a question.

        A mistake can give the same by chance. So none is named that would have shown in more right answers than it
        explains wrong ones; of gates that are all open or shut, none that would have shown otherwise in another answer.
        Of several, the one that explains the most of the other answers is named.
        """
        expected = np.asarray(self.evaluate(self.exercise.oracle, key, weights))
        tried = ((mistake, self.attempt(mistake.function, key, weights)) for mistake in self.exercise.mistakes)
        candidates = [it for it, wrong in tried if wrong is not None and same(got, wrong) and not same(wrong, expected)]
        saturated = close(got, np.rint(np.clip(got, 0, 1)))
        explained: dict[str, int] = {}
        for mistake in candidates:
            like_it, otherwise, though_right = self._evidence(mistake, key, same)
            if like_it >= though_right and not (saturated and otherwise):
                explained[mistake.sentence] = max(like_it, explained.get(mistake.sentence, 0))
        return max(explained, key=explained.__getitem__, default=None)

    def _evidence(
        self, mistake: Mistake, key: str, same: Callable[[np.ndarray, np.ndarray], bool]
    ) -> tuple[int, int, int]:
        """How many of the other answers are as with this mistake, wrong otherwise, and right where it would show."""
        like_it = otherwise = though_right = 0
        for other in self.questions.keys() - {key}:
            if self._data_format(other) != self._data_format(key):
                continue  # who writes for two formats may be wrong in one
            given, wrong = self.numbers(other), self.attempt(mistake.function, other)
            if given is None or wrong is None:
                continue
            right = self.right(other)
            if same(given, wrong):
                like_it += 1
            elif right is not None and not same(wrong, right):
                though_right += same(given, right)
                otherwise += not same(given, right)
        return like_it, otherwise, though_right

    def diagnose_weights(self, key: str, total: int) -> str | None:
        """The sentence of the first known slip with which a question's block has `total` weights."""
        question = self.block(key)
        known = (item.sentence for item in self.exercise.weight_mistakes if item.gives(total, question))
        return next(known, None)

    def _data_format(self, key: str) -> str:
        question = self.question(key)
        return question.data_format if isinstance(question, KerasCall) else ""

    def numbers(self, key: str) -> np.ndarray | None:
        """The numbers that the student's function gave for a question, if any."""
        answer = self.answers.get(key)
        if answer is None or answer.status != AnswerStatus.OK:
            return None
        if answer.model:
            return answer.model.output
        return np.asarray(answer.value.content) if answer.value and answer.value.is_numeric else None

    def attempt(
        self, function: Callable[..., Any], key: str, weights: Mapping[str, np.ndarray] | None = None
    ) -> np.ndarray | None:
        """What `evaluate` gives; None where the function does not work with these inputs."""
        try:
            with np.errstate(all="ignore"):
                return np.asarray(self.evaluate(function, key, weights))
        except Exception:
            return None


def each(keys: Keys) -> tuple[str, ...]:
    """The questions that a property looks at, one or several."""
    return (keys,) if isinstance(keys, str) else keys
