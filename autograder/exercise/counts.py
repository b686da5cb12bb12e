"""The properties of functions that return whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .arrays import not_an_array
from .exercise import Keys, Property, Round, Wrong, each, for_each_question

_CANNOT = (ValueError, TypeError, IndexError, ArithmeticError, AttributeError)


@for_each_question("type", "returns a Python int", on_word=True)
def returns_int(round: Round, key: str) -> None:
    """The result is a Python int."""
    kind = round.value(key).type
    if kind != "int":
        raise Wrong(_not_a_count(kind))


@for_each_question()
def counts(round: Round, key: str, otherwise: str) -> None:
    """Whole numbers agree exactly with the oracle; `otherwise` is said of a count that no known mistake explains."""
    value = round.value(key)
    got = np.asarray(value.content if value.is_numeric else np.nan)
    if got.ndim != 0 or not np.isfinite(got):
        raise Wrong(_not_a_count(value.type))
    if got != round.expected(key):
        raise Wrong(round.diagnose(key, got, same=np.array_equal) or otherwise)


def counts_by_pattern(
    keys: Keys, points: float, statement: str, *, name: str, otherwise: str, also: tuple[str, ...] = ()
) -> Property:
    """As `counts`, but the mistake that gives every one of the student's answers is named before any other.

    One small odd number fits many mistakes. All the answers together seldom do.

    The questions `also` are there against answers that were learned from another run, not to find another mistake: a
    known mistake that gives the right numbers at all the `keys` costs nothing here if it gives all the answers to them.
    """
    plain = counts(keys, points, statement, name=name, otherwise=otherwise)
    learned = counts(also, points, statement, name=name, otherwise=otherwise)

    def check(round: Round) -> None:
        try:
            plain.check(round)
            if not _costs_elsewhere(round, each(keys), also):
                learned.check(round)
        except Wrong:
            asked = each(keys) + also
            if not _wrong_keys(round, asked):
                raise  # not a number, or no answer at all: nothing to tell apart
            sentence = _explains(round, tuple(round.questions), 1) or _explains(round, asked, 2) or otherwise
            raise Wrong(sentence) from None

    return Property(name, points, statement, check)


def _not_a_count(kind: str) -> str:
    if kind == "NoneType":
        return not_an_array(kind, "a Python int")
    if kind == "int":  # whose number did not come: see `judge.ask`
        return "It returns a whole number of more than 18 digits: no count in this course is so large."
    if "float" in kind:
        return f"It returns a value of type {kind}: a count is a Python int, so keep every step in whole numbers."
    return f"It returns a value of type {kind}: a count is one Python int."


def _number(round: Round, key: str) -> float | None:
    numbers = round.numbers(key)
    return None if numbers is None or numbers.ndim else float(numbers)


def _wrong_keys(round: Round, keys: tuple[str, ...]) -> list[str]:
    numbers = {key: _number(round, key) for key in keys}
    return [key for key, number in numbers.items() if number is not None and number != round.expected(key)]


def _costs_elsewhere(round: Round, keys: tuple[str, ...], also: tuple[str, ...]) -> bool:
    """Whether one known mistake, which does not show at the keys, gives the student's numbers for all others."""
    for mistake in round.exercise.mistakes:
        right = all(_made(round, mistake.function, key) == round.expected(key) for key in keys)
        if right and all(_made(round, mistake.function, key) == _number(round, key) for key in also):
            return bool(also)
    return False


def _explains(round: Round, keys: tuple[str, ...], at_least: int) -> str | None:
    """The first mistake that gives all of the student's numbers at these keys, `at_least` so many of them wrong."""
    given = {key: number for key in keys if (number := _number(round, key)) is not None}
    wrong = _wrong_keys(round, keys)
    for mistake in round.exercise.mistakes:
        made = {key: _made(round, mistake.function, key) for key in given}
        fits = all(made[key] is None or made[key] == number for key, number in given.items())
        if fits and sum(made[key] is not None for key in wrong) >= at_least:
            return mistake.sentence
    return None


def _made(round: Round, function: Callable[..., Any], key: str) -> float | None:
    try:
        return float(round.evaluate(function, key))
    except _CANNOT:
        return None  # this mistake gives no number here
