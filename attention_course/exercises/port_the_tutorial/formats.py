"""What the exercises on the tutorial share: questions, mistakes and a property in both data formats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.exercise import Mistake, Round, Wrong, for_each_question
from autograder.exercise.models import model_of, output_agrees
from autograder.exercise.questions import KerasCall

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


def as_in(
    mistakes: tuple[Mistake, ...],
    *sentences: str | tuple[str, str],
) -> tuple[Mistake, ...]:
    """Known mistakes of another notebook by their sentences, made in either format.

    A pair is the sentence there and the one that is said here.
    Raises LookupError if there is no such mistake.
    """
    chosen = []
    for item in sentences:
        there, here = (item, item) if isinstance(item, str) else item
        functions = [mistake.function for mistake in mistakes if mistake.sentence == there]
        if not functions:
            raise LookupError(f"no known mistake says: {there}")
        chosen += [Mistake(here, either_format(function)) for function in functions]
    return tuple(chosen)


MEETS_COLUMNS = "In channels-first the gate multiplies the columns of the map, not its channels."


@for_each_question("channels first")
def right_in_channels_first(round: Round, key: str, usual: str) -> None:
    """As `output_agrees`; where the weights are right in the question `usual` only, the message says so."""
    matched = set(model_of(round, key).matched)
    if set(round.block(key).weights) != matched and set(round.block(usual).weights) == set(
        model_of(round, usual).matched
    ):
        raise Wrong("In channels-first some layer takes another axis of the map for its channels.")
    output_agrees(key, 0, "in channels-first").check(round)
