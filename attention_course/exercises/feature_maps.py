"""Exercises of notebook 00: pooling, gates and data formats."""

from __future__ import annotations

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake
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


def _two_maps(first, second):
    return np.stack([first, second], axis=-1)


GLOBAL_AVERAGE_POOL = Exercise(
    id="global_average_pool",
    oracle=oracle.global_average_pool,
    questions=_pool_questions,
    properties=_pool_properties("gives one number a channel for each image: (B, C)"),
    mistakes=(
        Mistake("It adds up and does not divide: the mean divides by H * W.", lambda x: x.sum(axis=(1, 2))),
        Mistake("It takes the max, where the mean is asked for.", lambda x: x.max(axis=(1, 2))),
        Mistake("It averages over the channels, which are to be kept.", lambda x: x.mean(axis=-1)),
        Mistake(
            "It averages absolute values: negative numbers keep their sign.", lambda x: np.abs(x).mean(axis=(1, 2))
        ),
        Mistake("A ReLU stands before the mean.", lambda x: np.maximum(x, 0).mean(axis=(1, 2))),
        Mistake("It divides by H or W alone: there are H * W positions.", lambda x: x.sum(axis=(1, 2)) / x.shape[1]),
        Mistake("It divides by H or W alone: there are H * W positions.", lambda x: x.sum(axis=(1, 2)) / x.shape[2]),
        Mistake("It averages over the images too: each image has its own means.", lambda x: x.mean(axis=(0, 1, 2))),
        Mistake(
            "It averages over the images too: each image has its own means.",
            lambda x: np.broadcast_to(x.mean(axis=(0, 1, 2)), x[:, 0, 0].shape),
        ),
        Mistake("It takes the median, where the mean is asked for.", lambda x: np.median(x, axis=(1, 2))),
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
            "A ReLU stands before the pooling.",
            lambda x: _two_maps(np.maximum(x, 0).mean(-1), np.maximum(x, 0).max(-1)),
        ),
    ),
)


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
            "The new axes stand at the end of the gate, so its channels meet the height.",
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


def _format_questions(first: bool):
    def questions(rng):
        def ordered(x):
            return x if first else np.ascontiguousarray(x.transpose(0, 3, 1, 2))

        x = ordered(feature_map(rng, 2, 4, 5, 3))
        return {
            "hand": Call((ordered(HAND_MAP),)),
            "paper": Call((ordered(paper_map(rng, largest=99)),)),
            "random": Call((x,)),
            "again": Call((x,)),
            "square": Call((ordered(feature_map(rng, 2, 3, 3, 3)),)),
            "one image": Call((ordered(feature_map(rng, 1, 6, 2, 5)),)),
        }

    return questions


def _format_properties(statement: str) -> tuple:
    return (
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.25, statement),
        agrees(("hand", "paper"), 0.25, "a map small enough to check on paper", name="hand case"),
        agrees(
            ("random", "square", "one image"), 1.0, "every value at its new place, square maps too", name="random cases"
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    )


def _reordered(order):
    return lambda x: x.transpose(order)


TO_CHANNELS_FIRST = Exercise(
    id="to_channels_first",
    oracle=oracle.to_channels_first,
    questions=_format_questions(first=True),
    properties=_format_properties("(B, H, W, C) becomes (B, C, H, W)"),
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

TO_CHANNELS_LAST = Exercise(
    id="to_channels_last",
    oracle=oracle.to_channels_last,
    questions=_format_questions(first=False),
    properties=_format_properties("(B, C, H, W) becomes (B, H, W, C)"),
    mistakes=(
        Mistake(
            "A reshape cuts the numbers anew: the axes are to be moved.",
            lambda x: x.reshape(len(x), *x.shape[2:], x.shape[1]),
        ),
        Mistake("Height and width are exchanged on the way.", _reordered((0, 3, 2, 1))),
        Mistake("The channel axis has not moved.", _reordered((0, 1, 2, 3))),
        Mistake("The axes are moved in the other direction.", _reordered((0, 3, 1, 2))),
        Mistake("Width and channels are exchanged.", _reordered((0, 1, 3, 2))),
    ),
)

EXERCISES = (
    GLOBAL_AVERAGE_POOL,
    CHANNEL_POOL,
    APPLY_CHANNEL_GATE,
    APPLY_SPATIAL_GATE,
    TO_CHANNELS_FIRST,
    TO_CHANNELS_LAST,
)
