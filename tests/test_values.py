"""Functions that return plain values: text, numbers, None, and lists, tuples and dictionaries of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exercise.exercise import Exercise, Mistake
from autograder.exercise.questions import Call
from autograder.exercise.values import equals, raises, returns
from autograder.judge import judge_namespace


def verdict_on(value, right, *properties, mistakes=()):
    """The verdict on a function that gives `value` where `right` is right."""
    properties = properties or (equals("asked", 1, "is right"),)
    exercise = Exercise("f", lambda: right, lambda rng: {"asked": Call()}, properties, mistakes)
    return judge_namespace(exercise, {"f": value if callable(value) else lambda: value})


leaves = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text(max_size=20)
plain = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(-9, 9), inner, max_size=3)
    ),
    max_leaves=6,
)


def depth(value) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, list | tuple | dict) else 0


@settings(deadline=None)
@given(plain.filter(lambda value: depth(value) <= 2))
def test_every_plain_value_is_equal_to_itself(value):
    verdict = verdict_on(value, value)
    assert verdict.status == "pass", verdict.messages


WRONG = {
    "another text": ("keep", "reject", "another one"),
    "no text": (3, "reject", "type int where a text"),
    "None": (None, 3.5, "None where a number"),
    "something for None": (0, None, "int where None"),
    "a bool for a count": (True, 1, "type bool where a value of type int"),
    "a count for a bool": (1, True, "type int where a value of type bool"),
    "another number": (1e-6, 5e-5, "The number is wrong"),
    "nan": (float("nan"), 1.0, "The number is wrong"),
    "a shorter tuple": ((1.0,), (1.0, 2.0), "length 1 where length 2"),
    "one entry": ((1.0, "a", 3.0), (1.0, "b", 3.0), "Value 2: the text"),
    "other keys": ({"mean": 1.0}, {"mean": 1.0, "n": 3}, "other keys"),
    "under a key": ({"mean": 1.0, "n": 4}, {"mean": 1.0, "n": 3}, "Under 'n': the number"),
    "an array's shape": (np.zeros(3), [0.0, 0.0], "shape (3,)"),
    "a part of an array": (np.array([1.0, 2.0]), [1.0, 3.0], "Values are wrong"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_differs_is_said_and_what_is_right_is_not(name):
    value, right, says = WRONG[name]
    verdict = verdict_on(value, right)
    assert verdict.score == 0 and says in verdict.messages[0]
    assert str(right) not in verdict.messages[0] or right in (None, True)


def test_a_known_mistake_is_named_and_the_tolerance_is_the_teachers():
    mistakes = (Mistake("The two words are exchanged.", lambda: "reject"),)
    assert verdict_on("reject", "keep", mistakes=mistakes).messages == ["The two words are exchanged."]
    loose = equals("asked", 1, "is right", tolerance=0.01)
    assert (verdict_on(0.0501, 0.05, loose).score, verdict_on(0.0501, 0.05).score) == (1, 0)


def test_a_type_and_an_error_can_be_asked_for():
    assert verdict_on(0.5, 0.5, returns("asked", 1, "returns a float", kind="float")).score == 1
    assert verdict_on(1, 1.0, returns("asked", 1, "returns a float", kind="float")).score == 0

    def refuses():
        raise ValueError("no")

    asked = raises("asked", 1, "refuses an empty list with a ValueError")
    assert verdict_on(refuses, None, asked).score == 1
    assert "a result where a ValueError" in verdict_on(3, None, asked).messages[0]
    assert "ZeroDivisionError where a ValueError" in verdict_on(lambda: 1 / 0, None, asked).messages[0]
