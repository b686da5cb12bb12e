"""What the exercises on the tutorial share: questions, mistakes and a property in both data formats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.exercise import Keys, Mistake, Property, Round, Wrong, each
from autograder.exercise.models import output_agrees
from autograder.exercise.questions import KerasCall
from autograder.exercise.weights import model_of

from ... import oracle
from ...oracle.feature_maps import read_map, write_map

FIRST = "channels_first"


def ask_in_format(x: np.ndarray, weights: dict, first: bool = False, unknown: bool = False, **options) -> KerasCall:
    """A question about x (B, H, W, C), put in either format; unknown: height and width are not given to Keras."""
    sides = (None, None) if unknown else x.shape[1:3]
    shape = (x.shape[3], *sides) if first else (*sides, x.shape[3])
    if first:
        x, options["data_format"] = write_map(x, FIRST), FIRST
    return KerasCall(shape, x, weights, **options)


def either_format(wrong: Callable) -> Callable:
    """A mistake about maps (B, H, W, C), made in either format."""

    def function(x, *, data_format="channels_last", **weights):
        return write_map(wrong(read_map(x, data_format), **weights), data_format)

    return function


def only_first(wrong: Callable) -> Callable:
    """A mistake of one format alone, about x as it stands, (B, C, H, W)."""

    def function(x, *, data_format="channels_last", **weights):
        if data_format != FIRST:
            raise ValueError("only in channels-first")
        return wrong(np.asarray(x, np.float64), **weights)

    return function


def in_both_formats(*pairs: tuple[str, Callable]) -> tuple[Mistake, ...]:
    return tuple(Mistake(sentence, either_format(function)) for sentence, function in pairs)


MEETS_COLUMNS = "In channels-first the gate meets the columns of the map, not its channels."


def gate_of(last: Callable = oracle.sigmoid, between: Callable = oracle.relu) -> Callable:
    return lambda z, w1, b1, w2, b2: last(between(z @ w1 + b1) @ w2 + b2)


def softmax(values):
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def gated(x, gate):
    return x * gate[:, None, None, :]


def mean_of(x):
    return x.mean(axis=(1, 2))


def max_of(x):
    return x.max(axis=(1, 2))


def unchanged(values):
    return values


def right_in_channels_first(
    keys: Keys, points: float, statement: str, *, name: str = "channels first", usual: str
) -> Property:
    """As `output_agrees`; where the weights are right in the question `usual` only, the message says so."""

    def check(round: Round) -> None:
        for key in each(keys):
            model = model_of(round, key)
            everything = set(round.block(key).weights) == set(model.matched)
            if not everything and set(round.block(usual).weights) == set(model_of(round, usual).matched):
                raise Wrong("In channels-first some layer takes another axis of the map for its channels.")
            output_agrees(key, points, statement).check(round)

    return Property(name, points, statement, check)
