"""Counts whose known mistakes are told apart by all of a student's answers together, not by one number alone."""

from __future__ import annotations

import numpy as np

from autograder.exercise.base import Call, Property, Round, Wrong
from autograder.exercise.properties import counts

_CANNOT = (ValueError, TypeError, IndexError, ArithmeticError, AttributeError)


def counts_by_pattern(
    name: str, keys: tuple[str, ...], points: float, statement: str, otherwise: str, also: tuple[str, ...] = ()
) -> Property:
    """As `counts`, but the mistake that gives every one of the student's answers is named before any other.

    One small odd number fits many mistakes. All the answers together seldom do.

    The questions `also` are there against answers that were learned from another run, not to find another mistake: a
    known mistake that gives the right numbers at all the `keys` costs nothing here if it gives all the answers to them.
    """
    plain = counts(name, keys, points, statement, otherwise)
    learned = counts(name, also, points, statement, otherwise)

    def check(round: Round) -> None:
        try:
            plain.check(round)
            if not _costs_elsewhere(round, keys, also):
                learned.check(round)
        except Wrong:
            if not _wrong_keys(round, keys + also):
                raise  # not a number, or no answer at all: nothing to tell apart
            sentence = _explains(round, tuple(round.questions), 1) or _explains(round, keys + also, 2) or otherwise
            raise Wrong(sentence) from None

    return Property(name, points, statement, check)


def _number(round: Round, key: str) -> float | None:
    answer = round.answers.get(key)
    value = answer.value if answer is not None and answer.status == "ok" else None
    content = None if value is None else value.content
    if not isinstance(content, int | float | np.ndarray) or np.ndim(content) != 0:
        return None
    return float(content)


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


def _made(round: Round, function, key: str) -> float | None:
    question = round.questions[key]
    assert isinstance(question, Call)
    try:
        return float(round.evaluate(function, key))
    except _CANNOT:
        return None  # this mistake gives no number here
