"""The properties of functions that return plain values: text, numbers, None, lists, tuples and dictionaries of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .answers import Value
from .arrays import not_an_array
from .exercise import TOLERANCE, Round, Wrong, for_each_question


@for_each_question("type", on_word=True)
def returns(round: Round, key: str, kind: str) -> None:
    """The result is of this type, by its name: "float", "str", "dict"."""
    got = round.value(key).type
    if got != kind:
        raise Wrong(not_an_array(got, f"a value of type {kind}"))


@for_each_question("value")
def equals(round: Round, key: str, tolerance: float = TOLERANCE) -> None:
    """The value is the oracle's: texts, whole numbers and None exactly; other numbers and arrays to `tolerance`, as a
    share of the expected one (where that is zero, to 1e-12). Where it is not, the first known mistake that gives it is
    named."""
    value, expected = round.value(key), round.expected(key)
    reason = difference(value, expected, tolerance)
    for mistake in round.exercise.mistakes if reason else ():
        wrong = _given_by(round, key, mistake.function)
        if wrong is not _NOTHING and not difference(value, wrong, tolerance):
            raise Wrong(mistake.sentence)
    if reason:
        raise Wrong(reason)


@for_each_question("refuses", on_word=True)
def raises(round: Round, key: str, kind: str = "ValueError") -> None:
    """The function raises this error, by its name. What the oracle does with such arguments does not matter."""
    answer = round.answers.get(key)
    if answer is not None and answer.exception and not answer.stub:
        if answer.exception != kind:
            raise Wrong(f"It raises {answer.exception} where a {kind} is expected.", "another error")
        return
    round.value(key)
    raise Wrong(f"It gives a result where a {kind} is expected.")


def difference(value: Value, expected: Any, tolerance: float = TOLERANCE) -> str:
    """In what a value differs from the expected one, as a sentence that does not give it away; "" if in nothing."""
    content = value.content
    if expected is None or isinstance(expected, str):
        if value.type != type(expected).__name__:
            return not_an_array(value.type, "None" if expected is None else "a text")
        return "" if content == expected else "The text is another one than expected."
    if isinstance(expected, dict):
        if not isinstance(content, dict):
            return not_an_array(value.type, "a dictionary")
        if content.keys() != expected.keys():
            return "The dictionary has other keys than expected."
        return _first(((f"Under {key!r}", content[key], expected[key]) for key in expected), tolerance)
    if isinstance(expected, list | tuple) and isinstance(content, list | tuple):
        if len(content) != len(expected):
            return f"It has length {len(content)} where length {len(expected)} is expected."
        pairs = enumerate(zip(content, expected, strict=True), 1)
        return _first(((f"Value {number}", *pair) for number, pair in pairs), tolerance)
    return _number_differs(value, expected, tolerance)


_NOTHING = object()


def _given_by(round: Round, key: str, function) -> Any:
    try:
        return round.evaluate(function, key)
    except Exception:  # this mistake cannot be made with these arguments
        return _NOTHING


def _first(triples, tolerance: float) -> str:
    reasons = ((place, difference(value, expected, tolerance)) for place, value, expected in triples)
    return next((f"{place}: {reason[:1].lower()}{reason[1:]}" for place, reason in reasons if reason), "")


def _number_differs(value: Value, expected: Any, tolerance: float) -> str:
    wanted = np.asarray(expected)
    if wanted.dtype.kind not in "biuf":
        raise TypeError(f"a value of type {type(expected).__name__} cannot be compared")
    if not value.is_numeric:
        return not_an_array(value.type, "a number" if wanted.ndim == 0 else "an array or list of numbers")
    got = np.asarray(value.content)
    if (got.dtype.kind == "b") != (wanted.dtype.kind == "b") and isinstance(value.content, bool | int | float):
        return not_an_array(value.type, f"a value of type {type(expected).__name__}")
    if got.shape != wanted.shape:
        return f"It has shape {got.shape} where shape {wanted.shape} is expected."
    allowed = 0 if wanted.dtype.kind in "bi" else tolerance
    right = np.isclose(got.astype(float), wanted.astype(float), rtol=allowed, atol=allowed and 1e-12, equal_nan=True)
    many = "Values are wrong." if right.any() else "All values are wrong."
    return "" if right.all() else "The number is wrong." if wanted.ndim == 0 else many
