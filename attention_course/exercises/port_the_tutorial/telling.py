"""The test that catches it: a case on which nine faulty residual sums differ from the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.exercise.arrays import ARRAY_TYPES, not_an_array
from autograder.exercise.exercise import Exercise, Property, Round, Wrong, for_each_question
from autograder.exercise.questions import Call

from ... import oracle
from ...oracle.residual_sum import residual_sum, telling_case

NAMES = ("x", "f", "w1", "b1", "w2", "b2")
LEAST = 0.01  # a smaller difference is lost where float32 is compared with a tolerance
MOST = 200_000  # numbers in an array of a case


@dataclass(frozen=True)
class Case:
    """What a student's function returns: shortcut and branch (B, C, H, W), and the weights of the bottleneck."""

    x: np.ndarray
    f: np.ndarray
    w1: np.ndarray
    b1: np.ndarray
    w2: np.ndarray
    b2: np.ndarray

    @property
    def weights(self) -> tuple[np.ndarray, ...]:
        return self.w1, self.b1, self.w2, self.b2

    @property
    def hidden(self) -> np.ndarray:
        """The hidden values of mean and maximum before the ReLU."""
        return np.vstack([self.f.mean(axis=(2, 3)), self.f.max(axis=(2, 3))]) @ self.w1 + self.b1

    @property
    def right(self) -> np.ndarray:
        return residual_sum(self.x, self.f, *self.weights)


def channel_gate(f: np.ndarray, w1, b1, w2, b2, first=oracle.relu, floor=-np.inf, last=2) -> np.ndarray:
    """The gate (B, C, 1, 1) of a branch (B, C, H, W); the settings say what a faulty port does otherwise.

    first : the step between the layers. floor : where the maximum starts. last : how often b2 is added.
    """
    logits = sum(first(v @ w1 + b1) @ w2 for v in (f.mean(axis=(2, 3)), f.max(axis=(2, 3), initial=floor)))
    return oracle.sigmoid(logits + last * b2)[:, :, None, None]


def _otherwise(**settings) -> Callable[[Case], np.ndarray]:
    return lambda case: oracle.relu(case.x + case.f * channel_gate(case.f, *case.weights, **settings))


def _format_guessed(case: Case) -> np.ndarray:
    if case.f.shape[-1] != len(case.b2):
        return case.right
    moved = np.moveaxis(case.f, -1, 1)
    return oracle.relu(case.x + np.moveaxis(moved * channel_gate(moved, *case.weights), 1, -1))


@dataclass(frozen=True)
class Port:
    """A faulty port: what it computes, and where nothing shows of it.

    `blind` tells whether a case has what `because` says; both are facts about the case, and no guess.
    """

    name: str
    fault: str
    computes: Callable[[Case], np.ndarray]
    because: str
    blind: Callable[[Case], bool]


PORTS = (
    Port(
        "A",
        "adds three terms",
        lambda c: oracle.relu(c.x + c.f + c.f * channel_gate(c.f, *c.weights)),
        "the branch is zero everywhere",
        lambda c: not c.f.any(),
    ),
    Port(
        "B",
        "gates the sum",
        lambda c: oracle.relu((c.x + c.f) * channel_gate(c.f, *c.weights)),
        "the shortcut is zero everywhere",
        lambda c: not c.x.any(),
    ),
    Port(
        "C",
        "takes the gate from the shortcut",
        lambda c: oracle.relu(c.x + c.f * channel_gate(c.x, *c.weights)),
        "shortcut and branch are the same",
        lambda c: np.array_equal(c.x, c.f),
    ),
    Port(
        "D",
        "guesses the format",
        _format_guessed,
        "the last axis has another length than the axis of the channels",
        lambda c: c.f.shape[-1] != len(c.b2),
    ),
    Port(
        "E",
        "keeps the gate of the first image",
        lambda c: oracle.relu(c.x + c.f * channel_gate(c.f[:1], *c.weights)),
        "there is one image only",
        lambda c: len(c.f) == 1,
    ),
    Port(
        "F",
        "has no ReLU between the layers",
        _otherwise(first=lambda a: a),
        "no hidden value is below zero",
        lambda c: c.hidden.min() >= 0,
    ),
    Port(
        "G",
        "counts the last bias once",
        _otherwise(last=1),
        "the last bias is zero everywhere",
        lambda c: not c.b2.any(),
    ),
    Port(
        "H",
        "starts the maximum at zero",
        _otherwise(floor=0.0),
        "each channel of the branch is above zero somewhere",
        lambda c: c.f.max(axis=(2, 3)).min() >= 0,
    ),
    Port(
        "I",
        "ends with a ReLU6",
        lambda c: np.minimum(c.right, 6),
        "no sum is above six",
        lambda c: c.right.max() <= 6,
    ),
)


def shows(port: Port, case: Case) -> bool:
    """Whether a port gives another result than the right sum, so that a test sees it."""
    return bool(np.max(np.abs(port.computes(case) - case.right)) > LEAST)


# --- the exercise ---------------------------------------------------------------------------------------------------


def _questions(rng):
    sizes = rng.permutation([(channels, units) for channels in range(3, 25) for units in range(1, 7)])[:3]
    return {f"case {number}": Call((int(c), int(m))) for number, (c, m) in enumerate(sizes, 1)}


KEYS = ("case 1", "case 2", "case 3")


def _arrays(round: Round, key: str) -> tuple[np.ndarray, ...]:
    value = round.value(key)
    if not isinstance(value.content, tuple):
        raise Wrong(not_an_array(value.type, "a tuple of six arrays"), "type")
    if len(value.content) != len(NAMES):
        raise Wrong(f"It returns a tuple of {len(value.content)} where six arrays are expected.", "length")
    for name, item in zip(NAMES, value.content, strict=True):
        if item.type not in ARRAY_TYPES or not isinstance(item.content, np.ndarray):
            raise Wrong(f"In the tuple {name} is of type {item.type} where an array of numbers is expected.", "items")
    return tuple(np.asarray(item.content, np.float64) for item in value.content)


def _case(round: Round, key: str) -> Case:
    arrays = _arrays(round, key)
    channels, units = round.question(key).arguments
    wanted = ("B", channels, "H", "W"), ("B", channels, "H", "W"), (channels, units), (units,), (units, channels)
    for name, array, shape in zip(NAMES, arrays, (*wanted, (channels,)), strict=True):
        fits = len(array.shape) == len(shape)
        fits = fits and all(isinstance(w, str) or got == w for got, w in zip(array.shape, shape, strict=True))
        if not fits or not array.size:
            text = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
            raise Wrong(
                f"Asked for {channels} channels and {units} units, {name} has shape {array.shape}: {text} is expected.",
                f"shape of {name}",
            )
        if not np.isfinite(array).all():
            raise Wrong(f"In the case, {name} holds nan or infinity.")
        if array.size > MOST:
            raise Wrong(f"In the case, {name} holds more than {MOST:,} numbers: a test case is small.")
    case = Case(*arrays)
    if case.x.shape != case.f.shape:
        raise Wrong("Shortcut and branch have different shapes: they are added, so they have one.")
    return case


@for_each_question("type", "returns a tuple of six arrays of numbers")
def _is_a_tuple(round: Round, key: str) -> None:
    _arrays(round, key)


@for_each_question("shape", "the six arrays have the shapes on the card")
def _fits(round: Round, key: str) -> None:
    _case(round, key)


def _tells(port: Port) -> Property:
    @for_each_question(f"port {port.name}", f"the case shows that port {port.name} {port.fault}")
    def tells(round: Round, key: str) -> None:
        case = _case(round, key)
        with np.errstate(all="ignore"):
            if shows(port, case):
                return
            why = port.because if port.blind(case) else "the results differ by less than one hundredth"
        raise Wrong(f"Port {port.name} passes on this case: {why}.")

    return tells(KEYS, 0.5)


TELLING_CASE = Exercise(
    id="telling_case",
    oracle=telling_case,
    questions=_questions,
    properties=(_is_a_tuple(KEYS, 0.25), _fits(KEYS, 0.25), *map(_tells, PORTS)),
)
