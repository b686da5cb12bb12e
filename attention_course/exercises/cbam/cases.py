"""The test that catches it: inputs on which one fault of the block shows and the others do not."""

from __future__ import annotations

import numpy as np

from autograder.exercise.exercise import Exercise, Property, Round, Wrong, for_each_question
from autograder.exercise.questions import Call

from ... import oracle
from ...oracle.design import FAULTS, telling_case
from ..inputs import one_of
from .block import CBAM_MISTAKES

_SENTENCES = (
    "The spatial gate is computed from the input: it has to look at the refined map.",
    "The bias b2 is counted once: each of the two passes through the layers adds it.",
    "There is no ReLU between the two layers of the channel half.",
    "Mean and max are exchanged in the spatial half: the mean comes first.",
    "The kernel of the spatial half is flipped: a network correlates.",
)
_KNOWN = {mistake.sentence: mistake.function for mistake in CBAM_MISTAKES}
FAULTY = {fault: _KNOWN[sentence] for fault, sentence in zip(FAULTS, _SENTENCES, strict=True)}

SHOWS, HIDDEN = 0.1, 1e-6  # how far off a fault is somewhere that shows, and how far off at most one that does not
MOST = 1000  # so that rounding stays far below what is hidden
_NAMES = ("x", "w1", "b1", "w2", "b2", "kernel")


def _questions(rng):
    def asked(fault):
        height, width, channels, m = map(int, rng.permutation(np.arange(2, 8))[:4])  # no two alike
        return Call((fault, [one_of(rng, 1, 2, 3, 4), height, width, channels], m))

    return {fault: asked(fault) for fault in FAULTS}


def _arrays(round: Round, key: str) -> list[np.ndarray]:
    """The six arrays of an answer."""
    value = round.value(key)
    if value.type == "NoneType":
        raise Wrong("It returns None where a tuple of six arrays is expected: end it with return.")
    if not isinstance(value.content, tuple) or len(value.content) != 6:
        raise Wrong("A tuple of six arrays is expected: x, w1, b1, w2, b2 and the kernel.")
    for name, item in zip(_NAMES, value.content, strict=True):
        if not isinstance(item.content, np.ndarray):
            raise Wrong(f"A tuple of six arrays is expected, and {name} is of type {item.type}.")
    return [np.asarray(item.content, np.float64) for item in value.content]


@for_each_question("type", "returns a tuple of six arrays", on_word=True)
def _gives_six_arrays(round: Round, key: str) -> None:
    _arrays(round, key)


@for_each_question("shape", "the arrays fit together and have the shapes asked for")
def _fits(round: Round, key: str) -> None:
    _case(round, key)


def _case(round: Round, key: str) -> list[np.ndarray]:
    """The six arrays, if their shapes are those asked for and no number is nan or too large."""
    arrays = _arrays(round, key)
    for name, array, wanted in zip(_NAMES, arrays, round.expected(key), strict=True):
        if array.shape != wanted.shape:
            raise Wrong(f"{name} has shape {array.shape} where {wanted.shape} is asked for.", f"shape of {name}")
        if not np.all(np.isfinite(array)):
            raise Wrong(f"{name} holds nan or infinity.")
        if np.abs(array).max() > MOST:
            raise Wrong(f"{name} holds numbers above {MOST:,} or below -{MOST:,}: take smaller ones.")
    return arrays


def differences(case: list[np.ndarray]) -> dict[str, float]:
    """How far each fault's result is from the right block's, at most, on the inputs of a case."""
    right = oracle.cbam_forward(*case)
    return {fault: float(np.abs(function(*case) - right).max()) for fault, function in FAULTY.items()}


@for_each_question()
def _tells(round: Round, key: str) -> None:
    """The fault of the question shows, and no other one."""
    case = _case(round, key)
    off = differences(case)
    also = [fault for fault in FAULTS if fault != key and not off[fault] <= HIDDEN]
    if not off[key] >= SHOWS:
        raise Wrong(f"The case for the fault “{key}” does not catch it: the results differ by less than a tenth.")
    if also:
        raise Wrong(f"In the case for the fault “{key}” another one shows as well: “{also[0]}”.")


def _caught(fault: str) -> Property:
    return _tells(fault, 1.0, f"the case for “{fault}” catches this fault and no other", name=fault)


TELLING_CASE = Exercise(
    id="telling_case",
    oracle=telling_case,
    questions=_questions,
    properties=(_gives_six_arrays(FAULTS, 0.25), _fits(FAULTS, 0.75), *map(_caught, FAULTS)),
)
