"""Exercises of notebook 00: pooling, gates, a case that reveals a bug, and data formats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.arrays import (
    ARRAY_TYPES,
    agrees,
    has_shape,
    leaves_arguments_alone,
    not_an_array,
    returns_array,
)
from autograder.exercise.exercise import Exercise, Mistake, Round, Wrong, for_each_question
from autograder.exercise.questions import Call

from .. import oracle
from .inputs import HAND_MAP, feature_map, gates, negative_map, paper_map


def _pool_questions(rng):
    x = feature_map(rng)
    return {
        "hand": Call((HAND_MAP,)),
        "paper": Call((paper_map(rng, largest=99),)),
        "random": Call((x,)),
        "again": Call((x,)),
        "negative": Call((negative_map(rng, 3, 2, 6, 4),)),
        "one image": Call((feature_map(rng, 1, 4, 3, 5),)),
    }


def _pool_properties(shape_statement: str) -> tuple:
    return (
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, shape_statement),
        agrees(("hand", "paper"), 0.5, "a map small enough to check on paper", name="hand case"),
        agrees(
            ("random", "negative", "one image"),
            1.5,
            "random maps with unequal sides, of both signs",
            name="random cases",
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    )


def batch_mistakes(right: Callable) -> tuple[Mistake, ...]:
    """Mistakes with the axis of the images, for a function that gives a result for each image."""
    squeezed = "Every axis of size 1 is squeezed away: a single image is to keep its axis."
    first = "Only the first image is used: each image has a result of its own."
    return (
        Mistake(squeezed, lambda *given: np.squeeze(right(*given))),
        Mistake(first, lambda *given: right(*given)[0]),
        Mistake(first, lambda *given: right(*given)[:1]),
    )


def _two_maps(first, second):
    return np.stack([first, second], axis=-1)


GLOBAL_AVERAGE_POOL = Exercise(
    id="global_average_pool",
    oracle=oracle.global_average_pool,
    questions=_pool_questions,
    properties=_pool_properties("gives one number per channel for each image: (B, C)"),
    mistakes=(
        Mistake("It adds up and does not divide: the mean divides by H * W.", lambda x: x.sum(axis=(1, 2))),
        Mistake("It takes the max, where the mean is asked for.", lambda x: x.max(axis=(1, 2))),
        Mistake("It averages over the channels, which are to be kept.", lambda x: x.mean(axis=-1)),
        Mistake(
            "It averages absolute values: negative numbers keep their sign.", lambda x: np.abs(x).mean(axis=(1, 2))
        ),
        Mistake("A ReLU comes before the mean.", lambda x: np.maximum(x, 0).mean(axis=(1, 2))),
        Mistake("It divides by H or W alone: there are H * W positions.", lambda x: x.sum(axis=(1, 2)) / x.shape[1]),
        Mistake("It divides by H or W alone: there are H * W positions.", lambda x: x.sum(axis=(1, 2)) / x.shape[2]),
        Mistake("It averages over the images too: each image has its own means.", lambda x: x.mean(axis=(0, 1, 2))),
        Mistake(
            "It averages over the images too: each image has its own means.",
            lambda x: np.broadcast_to(x.mean(axis=(0, 1, 2)), x[:, 0, 0].shape),
        ),
        Mistake("It takes the median, where the mean is asked for.", lambda x: np.median(x, axis=(1, 2))),
        Mistake(
            "A reshape cuts the numbers anew: the channels are the last axis, and a reshape does not move them.",
            lambda x: x.reshape(len(x), x.shape[-1], -1).mean(axis=-1),
        ),
        *batch_mistakes(oracle.global_average_pool),
    ),
)

CHANNEL_POOL = Exercise(
    id="channel_pool",
    oracle=oracle.channel_pool,
    questions=_pool_questions,
    properties=_pool_properties("gives two maps for each image: (B, H, W, 2)"),
    mistakes=(
        Mistake("The order is swapped: mean comes first, then max.", lambda x: _two_maps(x.max(-1), x.mean(-1))),
        Mistake("Both maps are the mean: the second should be the max.", lambda x: _two_maps(x.mean(-1), x.mean(-1))),
        Mistake("Both maps are the max: the first should be the mean.", lambda x: _two_maps(x.max(-1), x.max(-1))),
        Mistake("The first map is a sum: the mean divides by C.", lambda x: _two_maps(x.sum(-1), x.max(-1))),
        Mistake(
            "The max is taken of absolute values: negative numbers keep their sign.",
            lambda x: _two_maps(x.mean(-1), np.abs(x).max(-1)),
        ),
        Mistake(
            "The second map holds the values of greatest size, negative ones too: the max is the greatest number.",
            lambda x: _two_maps(x.mean(-1), np.where(np.abs(x.min(-1)) > np.abs(x.max(-1)), x.min(-1), x.max(-1))),
        ),
        Mistake("The second map is the min: it should be the max.", lambda x: _two_maps(x.mean(-1), x.min(-1))),
        Mistake(
            "The max never goes below zero: a max may be negative.",
            lambda x: _two_maps(x.mean(-1), np.maximum(x.max(-1), 0)),
        ),
        Mistake(
            "The two maps are stacked along a first axis: the new axis goes last.",
            lambda x: np.stack([x.mean(-1), x.max(-1)]),
        ),
        Mistake(
            "The two maps are joined along the width: they need a new axis.",
            lambda x: np.concatenate([x.mean(-1), x.max(-1)], axis=-1),
        ),
        Mistake(
            "A ReLU comes before the pooling.",
            lambda x: _two_maps(np.maximum(x, 0).mean(-1), np.maximum(x, 0).max(-1)),
        ),
        *(
            Mistake(
                "A reshape cuts the numbers anew: the two maps need a new axis, the last one.",
                lambda x, join=join: join([x.mean(-1), x.max(-1)]).reshape(*x.shape[:-1], 2),
            )
            for join in (np.stack, np.hstack, lambda maps: np.concatenate(maps, axis=-1))
        ),
        *batch_mistakes(oracle.channel_pool),
    ),
)


# --- a case that reveals two wrong products -------------------------------------------------------------------------

_MOST_POSITIONS = 1000  # of all images of a case together, as the card says
_SHOWS = 0.1  # how far off a wrong number must be: far more than rounding, and seen at a glance


def _case(round: Round, key: str) -> tuple[np.ndarray, np.ndarray]:
    """The map and the gate of an answer. Raises Wrong unless it is a pair of arrays of real numbers."""
    value = round.value(key)
    if not isinstance(value.content, tuple):
        raise Wrong(not_an_array(value.type, "a tuple of two arrays, the map and the gate,"))
    if len(value.content) != 2:
        raise Wrong("It returns another number of things than two: the map, then the gate.", "not two")
    for name, item in zip(("map", "gate"), value.content, strict=True):
        if not item.is_numeric:
            raise Wrong(
                f"The {name} is no array of real numbers: it is of type {item.type}.", f"the {name} is no array"
            )
    x, gate = (np.asarray(item.content, np.float64) for item in value.content)
    return x, gate


def _map_and_gate(round: Round, key: str) -> tuple[np.ndarray, np.ndarray]:
    """The map (B, H, W, C) and the gate (B, C) of an answer. Raises Wrong unless they are that."""
    x, gate = _case(round, key)
    (channels,) = round.question(key).arguments
    if x.ndim != 4 or x.shape[3] != channels:
        sentence = f"For {channels} channels the map has shape {x.shape} where (B, H, W, {channels}) is expected."
        raise Wrong(sentence, "shape of the map")
    if (positions := x[..., 0].size) > _MOST_POSITIONS:
        sentence = f"For {channels} channels B x H x W is {positions:,}, where at most {_MOST_POSITIONS:,} is allowed."
        raise Wrong(sentence, "too large a map")
    if gate.shape != (x.shape[0], channels):
        expected = (x.shape[0], channels)
        raise Wrong(f"The gate has shape {gate.shape} where (B, C) is {expected} here.", "shape of the gate")
    if not (np.all(np.isfinite(x)) and np.all((gate >= 0) & (gate <= 1))):
        raise Wrong("The map has to be finite, and every gate has to lie between 0 and 1.")
    return x, gate


@for_each_question("type", "returns a tuple of two NumPy arrays", on_word=True)
def _gives_two_arrays(round: Round, key: str) -> None:
    """A tuple of two arrays."""
    _case(round, key)
    for item in round.value(key).content:
        if item.type not in ARRAY_TYPES:
            raise Wrong(f"An entry of the tuple is of type {item.type} where a NumPy array is expected.")


@for_each_question(
    "shape",
    "a map (B, H, W, C) with the C that is asked for, B x H x W at most 1,000, and gates (B, C) between 0 and 1",
)
def _fits(round: Round, key: str) -> None:
    """The map and the gate fit each other, and are what they are called."""
    _map_and_gate(round, key)


@for_each_question()
def _reveals(round: Round, key: str, product: str, axes: Callable[[np.ndarray], np.ndarray]) -> None:
    """A product with other axes than the right ones runs, keeps the map's shape, and is wrong in every image."""
    x, gate = _map_and_gate(round, key)
    try:
        shape = np.broadcast_shapes(x.shape, axes(gate).shape)  # not the product yet: it may be large
    except ValueError:
        sentence = f"{product} stops with an error for a map of shape {x.shape} and a gate of shape {gate.shape}."
        raise Wrong(f"{sentence} It has to run.", f"{product}: error") from None
    if shape != x.shape:
        sentence = f"{product} gives shape {shape}, not shape {x.shape}, that of the map."
        raise Wrong(sentence, f"{product}: another shape")
    if x.shape[0] == 1:
        raise Wrong(f"{product} is right for a single image: nothing can be mixed up there.")
    off = np.abs(x * axes(gate) - x * gate[:, None, None, :])
    if not off.any():
        raise Wrong(f"{product} is right for this map and this gate, so that nothing shows.")
    if not np.all(off.reshape(len(x), -1).max(axis=1) >= _SHOWS):
        raise Wrong(f"{product} is wrong, but not in every image by a tenth or more.")


def _three_numbers_of_channels(rng):
    few, some, many = rng.choice(np.arange(2, 9)), rng.choice(np.arange(9, 40)), rng.choice(np.arange(40, 300))
    return {"few": Call((int(few),)), "some": Call((int(some),)), "many": Call((int(many),))}


_ALL_CASES = ("few", "some", "many")

REVEALING_CASE = Exercise(
    id="revealing_case",
    oracle=oracle.revealing_case,
    questions=_three_numbers_of_channels,
    properties=(
        _gives_two_arrays("few", 0.25),
        _fits(_ALL_CASES, 0.5),
        _reveals(
            _ALL_CASES,
            1.5,
            "the bare product runs, keeps the map's shape, and is wrong in every image",
            name="bare product",
            product="The bare product",
            axes=lambda gate: gate,
        ),
        _reveals(
            _ALL_CASES,
            1.75,
            "so does the product with one new axis, in the same case",
            name="one new axis",
            product="The product with one new axis",
            axes=lambda gate: gate[:, None],
        ),
    ),
)


# --- gates, and the two formats -------------------------------------------------------------------------------------


def _gate_questions(gate_shape):
    def questions(rng):
        shapes = {
            "random": (2, 5, 7, 8),
            "one image": (1, 4, 3, 5),
            # Sizes at which a gate without its new axes broadcasts silently.
            "batch equals width": (4, 3, 4, 6),
            "all alike": (3, 3, 3, 3),
        }
        calls = {key: Call((feature_map(rng, *shape), gates(rng, *gate_shape(shape)))) for key, shape in shapes.items()}
        return {**calls, "again": calls["random"]}

    return questions


def _gate_properties() -> tuple:
    return (
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees(("random", "one image"), 1.25, "random maps with unequal sides", name="random cases"),
        agrees(
            ("all alike", "batch equals width"),
            0.75,
            "sizes at which a wrong broadcast would go unnoticed",
            name="equal sides",
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    )


APPLY_CHANNEL_GATE = Exercise(
    id="apply_channel_gate",
    oracle=oracle.apply_channel_gate,
    questions=_gate_questions(lambda shape: (shape[0], shape[3])),
    properties=_gate_properties(),
    mistakes=(
        Mistake(
            "The bare x * gate lines up the batch of the gate with the width of x: the gate needs two more axes.",
            lambda x, g: x * g,
        ),
        Mistake("The gate lies along the height, not along the batch.", lambda x, g: x * g[:, None, :]),
        Mistake(
            "The new axes are at the end of the gate, so its channels meet the height.",
            lambda x, g: x * g[:, :, None, None],
        ),
        Mistake("The gate is added: a gate multiplies.", lambda x, g: x + g[:, None, None, :]),
        Mistake(
            "The input is added to the gated map: only the gated map is asked for.",
            lambda x, g: x + x * g[:, None, None, :],
        ),
        Mistake(
            "It gives the gate itself: multiply the feature map by it.",
            lambda x, g: np.broadcast_to(g[:, None, None, :], x.shape),
        ),
        Mistake("Every image gets the gate of the first image.", lambda x, g: x * g[0]),
        Mistake(
            "A sigmoid is applied again: the gate is already between 0 and 1.",
            lambda x, g: x * oracle.sigmoid(g)[:, None, None, :],
        ),
        Mistake("The gates are averaged over the images: each image has its own.", lambda x, g: x * g.mean(axis=0)),
        Mistake("It divides by the gate: a gate multiplies.", lambda x, g: x / g[:, None, None, :]),
    ),
)

APPLY_SPATIAL_GATE = Exercise(
    id="apply_spatial_gate",
    oracle=oracle.apply_spatial_gate,
    questions=_gate_questions(lambda shape: shape[:3]),
    properties=_gate_properties(),
    mistakes=(
        Mistake(
            "The bare x * gate lines up the gate with the last axes of x: the gate needs an axis for the channels.",
            lambda x, g: x * g,
        ),
        Mistake("The gate lies along width and channels: its new axis goes last.", lambda x, g: x * g[:, None]),
        Mistake("The gate is added: a gate multiplies.", lambda x, g: x + g[..., None]),
        Mistake(
            "The input is added to the gated map: only the gated map is asked for.", lambda x, g: x + x * g[..., None]
        ),
        Mistake(
            "It gives the gate itself: multiply the feature map by it.",
            lambda x, g: np.broadcast_to(g[..., None], x.shape),
        ),
        Mistake("Height and width of the gate are exchanged.", lambda x, g: x * g.transpose(0, 2, 1)[..., None]),
        Mistake("Every image gets the gate of the first image.", lambda x, g: x * g[0][..., None]),
        Mistake(
            "A sigmoid is applied again: the gate is already between 0 and 1.",
            lambda x, g: x * oracle.sigmoid(g)[..., None],
        ),
        Mistake("It divides by the gate: a gate multiplies.", lambda x, g: x / g[..., None]),
    ),
)


def _format_questions(rng):
    x = feature_map(rng, 2, 4, 5, 3)
    return {
        "hand": Call((HAND_MAP,)),
        "paper": Call((paper_map(rng, largest=99),)),
        "random": Call((x,)),
        "again": Call((x,)),
        "square": Call((feature_map(rng, 2, 3, 3, 3),)),
        "one image": Call((feature_map(rng, 1, 6, 2, 5),)),
    }


def _reordered(order):
    return lambda x: x.transpose(order)


TO_CHANNELS_FIRST = Exercise(
    id="to_channels_first",
    oracle=oracle.to_channels_first,
    questions=_format_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.25, "(B, H, W, C) becomes (B, C, H, W)"),
        agrees(("hand", "paper"), 0.25, "a map small enough to check on paper", name="hand case"),
        agrees(
            ("random", "square", "one image"), 1.0, "every value at its new place, square maps too", name="random cases"
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=(
        Mistake(
            "A reshape cuts the numbers anew: the axes are to be moved.",
            lambda x: x.reshape(len(x), x.shape[3], *x.shape[1:3]),
        ),
        Mistake("Height and width are exchanged on the way.", _reordered((0, 3, 2, 1))),
        Mistake("The channel axis has not moved.", _reordered((0, 1, 2, 3))),
        Mistake("The axes are moved in the other direction.", _reordered((0, 2, 3, 1))),
        Mistake("Width and channels are exchanged.", _reordered((0, 1, 3, 2))),
    ),
)

EXERCISES = (
    GLOBAL_AVERAGE_POOL,
    CHANNEL_POOL,
    REVEALING_CASE,
    APPLY_CHANNEL_GATE,
    APPLY_SPATIAL_GATE,
    TO_CHANNELS_FIRST,
)
