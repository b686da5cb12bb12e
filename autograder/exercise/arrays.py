"""The properties of functions that return arrays: type, rank and shape, values, inputs left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .exercise import Property, Round, Wrong, close, far_off, for_each_question
from .questions import KerasCall

ARRAY_TYPES = ("ndarray", "tensor")


@for_each_question("type", "returns a NumPy array of numbers", on_word=True)
def returns_array(round: Round, key: str) -> None:
    """The result is a NumPy array (a tensor that converts to one is accepted)."""
    array_of(round, key)
    kind = round.value(key).type
    if kind not in ARRAY_TYPES:
        raise Wrong(not_an_array(kind))


@for_each_question("shape")
def has_shape(round: Round, key: str) -> None:
    """Rank first, then shape."""
    compare_shape(round, key, array_of(round, key))


@for_each_question("values")
def agrees(round: Round, key: str) -> None:
    """Values agree with the oracle; where they do not, the first known mistake that explains them is named."""
    compare_values(round, key, array_of(round, key))


def leaves_arguments_alone(
    keys: tuple[str, ...],
    points: float,
    statement: str = "leaves its arguments as they were, and a second call gives the same",
    *,
    name: str = "purity",
    read: Callable[[Round, str], np.ndarray] | None = None,
    look_for: str = "+=, *=, out=, sort or pop",
) -> Property:
    """No argument is changed, and the same arguments give the same answer again: ask the same question twice.

    `read` takes the numbers from an answer where they are no array; `look_for` is what changes such arguments.
    """

    def check(round: Round) -> None:
        answers = [round.answer(key) for key in keys]
        if any(answer.changed_arguments for answer in answers):
            raise Wrong(f"It changes what it was given: work on a copy, and look for {look_for}.")
        first, *others = ((read or array_of)(round, key) for key in keys)
        for other in others:
            # nan is no sign of chance: a division by zero gives it every time.
            if not np.array_equal(other, first, equal_nan=True) and not close(other, first):
                raise Wrong("A second call with the same arguments gives another result.")

    return Property(name, points, statement, check, on_word=True)


# --- what the checks of other modules share ------------------------------------------------------------------------


def array_of(round: Round, key: str) -> np.ndarray:
    """The array of an answer. Raises Wrong if it holds none, or none of real numbers."""
    value = round.value(key)
    if value.content is None and value.type in ARRAY_TYPES:
        raise Wrong("The array that it returns does not hold real numbers.")
    if not value.is_numeric:
        raise Wrong(not_an_array(value.type))
    return np.asarray(value.content)


def not_an_array(kind: str, expected: str = "a NumPy array") -> str:
    """The sentence for a value of another type."""
    if kind == "NoneType":
        return f"It returns None where {expected} is expected: end it with return, for a print gives nothing back."
    if kind == "tuple":
        return f"It returns a tuple where {expected} is expected: return the result alone."
    return f"It returns a value of type {kind} where {expected} is expected."


def compare_shape(round: Round, key: str, got: np.ndarray, weights: Mapping[str, np.ndarray] | None = None) -> None:
    """Rank and shape of an answer, before any value: a broadcast must not repair them.
    Raises Wrong if they are not the ones expected."""
    expected = np.asarray(round.expected(key))
    if got.shape == expected.shape:
        return
    axes = "1 axis" if got.ndim == 1 else f"{got.ndim} axes"
    sentence = f"The result has {axes} and shape {got.shape} where shape {expected.shape} is expected"
    if got.ndim > expected.ndim and got.size == expected.size:
        sentence += ": axes of size 1 are left over"
    known = round.diagnose(key, got, weights)
    raise Wrong(known) if known else Wrong(f"{sentence}.", "shape")


def compare_values(round: Round, key: str, got: np.ndarray, weights: Mapping[str, np.ndarray] | None = None) -> None:
    """Shape and values of an answer.
    Raises Wrong if they are not the ones expected; it names the known mistake that explains them."""
    compare_shape(round, key, got, weights)
    expected = np.asarray(
        round.expected(key) if weights is None else round.evaluate(round.exercise.oracle, key, weights)
    )
    if not close(got, expected):
        known = round.diagnose(key, got, weights)
        raise Wrong(known) if known else unexplained(round, key, got, expected)


def unexplained(round: Round, key: str, got: np.ndarray, expected: np.ndarray) -> Wrong:
    """What can be said of wrong values that no known mistake explains. Never a right value, nor a difference to one."""
    if not np.all(np.isfinite(got)):
        return Wrong("The result holds nan or infinity: look for a division by zero, or for exp of a large number.")
    if not got.any():
        return Wrong("Every value of the result is zero.")
    if any(np.array_equal(got, whole(expected)) for whole in (np.trunc, np.floor, np.rint)):
        return Wrong("The values are rounded to whole numbers: is the result kept in an array of integers?")
    if _nearly_right(got, expected) and (_is_coarse(got) or _holds(round, key, got, expected, _nearly_right)):
        return Wrong(
            "The values are right to three digits only: look for float16, for rounding, or for a norm left in."
        )
    question = round.question(key)
    given = np.shape(question.x if isinstance(question, KerasCall) else question.arguments[0])
    if given and got.ndim and len(got) == given[0] and _holds(round, key, got, expected, _first_alone):
        one = "image" if len(given) > 1 else "value"
        batch = " of a batch" if len(given) > 1 else ""
        return Wrong(f"Only the first {one}{batch} is right: every {one} has to be treated alike.")
    wrong = far_off(got, expected)
    count = np.count_nonzero(wrong)
    values = f"{count} of {wrong.size} values {'is' if count == 1 else 'are'}"
    if count == wrong.size:
        values = "the only value is" if count == 1 else f"all {count} values are"
    return Wrong(f"For an input of shape {given}, {values} wrong.", "values")


def _holds(
    round: Round, key: str, got: np.ndarray, expected: np.ndarray, like: Callable[[np.ndarray, np.ndarray], bool | None]
) -> bool:
    """Whether a wrong answer is like this, and no other answer of the same function is unlike it (None: neither)."""
    if not like(got, expected):
        return False
    for other in round.questions.keys() - {key}:
        numbers, right = round.numbers(other), round.right(other)
        if numbers is not None and right is not None and numbers.shape == right.shape and like(numbers, right) is False:
            return False
    return True


def _nearly_right(got: np.ndarray, expected: np.ndarray) -> bool:
    return not far_off(got, expected, 0.002).any()


def _is_coarse(values: np.ndarray) -> bool:
    """Whether they have three decimals at most, or are numbers of half precision."""
    with np.errstate(over="ignore"):  # half precision ends at 65,504
        half = values.astype(np.float16)
    return any(np.array_equal(values, rough) for rough in (np.round(values, 3), half))


def _first_alone(got: np.ndarray, expected: np.ndarray) -> bool | None:
    """Whether the first image or value is right and another is not; None where there is only one."""
    if got.ndim == 0 or len(got) < 2:
        return None
    wrong = far_off(got, expected)
    return bool(not wrong[0].any() and wrong[1:].any())
