"""Squeeze, excite, scale, the Keras block, and the gradient of a gate.

Source: Hu, Shen and Sun, Squeeze-and-Excitation Networks, arXiv 1709.01507, section 3.
"""

from __future__ import annotations

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake, weight_mistakes
from autograder.exercise.questions import Call

from ... import oracle
from ..bottleneck_block import block_properties, block_questions
from ..feature_maps import GLOBAL_AVERAGE_POOL, batch_mistakes
from ..gate_mistakes import BLOCK_MISTAKES, BOTTLENECK_SLIPS, GATE_MISTAKES, TWO_LAYER_SLIPS, Bottleneck
from ..inputs import HAND_MAP, bottleneck, feature_map, paper_map, uneven, whole_numbers

SQUEEZE = Exercise(
    id="squeeze",
    oracle=oracle.squeeze,
    questions=GLOBAL_AVERAGE_POOL.questions,
    properties=(  # the pool of notebook 00 again: worth less here
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.25, "gives one number per channel for each image: (B, C)"),
        agrees(("hand", "paper"), 0.5, "a map small enough to check on paper", name="hand case"),
        agrees(
            ("random", "negative", "one image"),
            0.75,
            "random maps with unequal sides, of both signs",
            name="random cases",
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=GLOBAL_AVERAGE_POOL.mistakes,
)

# A bottleneck of one unit for three channels, small enough for paper.
_HAND_W1, _HAND_W2, _HAND_B2 = np.array([[1.0], [-1.0], [2.0]]), np.array([[1.0, 0.0, -1.0]]), np.array([0.0, 1.0, 0.0])


def _paper_weights(rng, z: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weights for z (1, 3) as small as those above. The one unit is awake; what it gives leaves no gate near 0 or 1."""
    while True:
        w1, b1 = whole_numbers(rng, 3, 1), rng.integers(1, 9, size=1).astype(np.float64)
        if np.all(z @ w1 > 0) and np.all(z @ w1 + b1 < 9):
            return w1, b1, whole_numbers(rng, 1, 3) / 4, whole_numbers(rng, 3) / 2


# Logits in the thousands, where exp overflows. Every hidden unit is positive: this is about the sigmoid alone.
_LARGE = (
    np.array([[900.0, -300.0, 600.0], [400.0, 800.0, -100.0]]),
    np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
    np.array([1.0, -1.0]),
    np.array([[3.0, -3.0, 3.0], [3.0, -3.0, -9.0]]),
    np.array([0.5, -0.5, 1.0]),
)


def _large(rng) -> Call:
    """The same for twelve channels, whose gates are open or closed as no other run has them."""
    while True:
        z, w1, b1 = 100 * whole_numbers(rng, 2, 12, largest=9), rng.integers(0, 2, size=(12, 2)), np.array([1.0, -1.0])
        w2, b2 = 3 * whole_numbers(rng, 2, 12, largest=1), whole_numbers(rng, 12) / 2
        hidden = z @ w1 + b1
        logits = hidden @ w2 + b2
        differ = np.any((logits[0] < 0) != (logits[1] < 0))
        if hidden.min() > 200 and np.abs(logits).min() > 100 and logits.min() < -1000 and differ:
            return Call((z, w1.astype(np.float64), b1, w2, b2))


def _excite_questions(rng):
    def gate_of(batch, channels, width):
        z = rng.normal(size=(batch, channels))
        return Call((z, *bottleneck(rng, width, z).values()))

    random = gate_of(3, 8, 2)
    z = whole_numbers(rng, 1, 3, largest=4)
    return {
        "hand": Call((np.array([[4.0, 2.0, -0.5]]), _HAND_W1, np.array([1.0]), _HAND_W2, _HAND_B2)),
        "paper": Call((z, *_paper_weights(rng, z))),
        "random": random,
        "again": random,
        "wide": gate_of(2, 12, 3),
        "large": Call(_LARGE),
        "large, drawn": _large(rng),
        "one image": gate_of(1, 6, 2),
    }


EXCITE = Exercise(
    id="excite",
    oracle=oracle.excite,
    questions=_excite_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives one gate per channel for each image: (B, C)"),
        agrees(("hand", "paper"), 1.0, "a case small enough for paper", name="hand case"),
        agrees(
            ("random", "wide", "one image"), 2.25, "random weights, with biases that are not zero", name="random cases"
        ),
        agrees(
            ("large", "large, drawn"), 0.75, "gates stay finite, near 0 and 1, for large inputs", name="large values"
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=GATE_MISTAKES,
)


def _forward_questions(rng):
    def block_of(*shape, width):
        x = feature_map(rng, *shape)
        return Call((x, *bottleneck(rng, width, oracle.squeeze(x)).values()))

    random = block_of(2, 5, 7, 8, width=2)
    paper = paper_map(rng)
    return {
        "hand": Call((HAND_MAP, _HAND_W1, np.array([5.0]), _HAND_W2, _HAND_B2)),
        "paper": Call((paper, *_paper_weights(rng, oracle.squeeze(paper)))),
        "random": random,
        "again": random,
        "batch equals width": block_of(4, 3, 4, 4, width=2),
        "one image": block_of(1, 4, 3, 6, width=3),
    }


SE_FORWARD = Exercise(
    id="se_forward",
    oracle=oracle.se_forward,
    questions=_forward_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees(("hand", "paper"), 0.75, "a map and weights small enough for paper", name="hand case"),
        agrees(("random", "one image"), 1.5, "random maps and weights, biases not zero", name="random cases"),
        agrees("batch equals width", 0.75, "sizes at which a wrong broadcast would go unnoticed", name="equal sides"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=BLOCK_MISTAKES,
)


def _block_questions(rng):
    return block_questions(rng, lambda x: (oracle.squeeze(x),), uneven(rng))


_BLOCK_WEIGHT_MISTAKES = (
    *BOTTLENECK_SLIPS,
    *TWO_LAYER_SLIPS,
    *weight_mistakes(Bottleneck.of, ("The two layers are there twice.", lambda s: 2 * s.total())),
)

SE_BLOCK = Exercise(
    id="se_block",
    oracle=lambda x, w1, b1, w2, b2: oracle.se_forward(x, w1, b1, w2, b2),
    questions=_block_questions,
    properties=block_properties("exactly the weights W1, b1, W2, b2, all trainable"),
    mistakes=BLOCK_MISTAKES,
    weight_mistakes=_BLOCK_WEIGHT_MISTAKES,
)


_HAND_DY = np.array([[[[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], [[-1.0, 1.0, 3.0], [1.0, 0.0, 0.5]]]])


def _gradient_questions(rng):
    def pair(*shape):
        return Call((feature_map(rng, *shape), feature_map(rng, *shape)))

    random = pair(2, 5, 7, 8)
    return {
        "hand": Call(
            (HAND_MAP, np.array([[[[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], [[-1.0, 1.0, 3.0], [1.0, 0.0, 0.5]]]]))
        ),
        "paper": Call((paper_map(rng), whole_numbers(rng, 1, 2, 2, 3))),
        "random": random,
        "again": random,
        "all alike": pair(3, 3, 3, 3),
        "one image": pair(1, 4, 3, 6),
    }


GATE_GRADIENT = Exercise(
    id="gate_gradient",
    oracle=oracle.gate_gradient,
    questions=_gradient_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives one number per gate: (B, C)"),
        agrees(("hand", "paper"), 1.0, "a case small enough for paper", name="hand case"),
        agrees(("random", "all alike", "one image"), 2.0, "random maps, of both signs", name="random cases"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=(
        Mistake(
            "It averages over the positions: one gate multiplies all of them, and what they add to the loss adds up.",
            lambda x, dy: (x * dy).mean(axis=(1, 2)),
        ),
        Mistake(
            "It adds up dL/dy alone: how much a position reacts to its gate depends on x there.",
            lambda x, dy: dy.sum(axis=(1, 2)),
        ),
        Mistake(
            "It adds up x alone: what a change of y does to the loss is in dL/dy.",
            lambda x, dy: x.sum(axis=(1, 2)),
        ),
        Mistake(
            "It multiplies the sums: multiply position by position, then add up.",
            lambda x, dy: x.sum(axis=(1, 2)) * dy.sum(axis=(1, 2)),
        ),
        Mistake(
            "It multiplies a mean by a sum: multiply position by position, then add up.",
            lambda x, dy: x.mean(axis=(1, 2)) * dy.sum(axis=(1, 2)),
        ),
        Mistake(
            "It multiplies the means: multiply position by position, then add up.",
            lambda x, dy: x.mean(axis=(1, 2)) * dy.mean(axis=(1, 2)),
        ),
        Mistake(
            "It adds up over the images too: each image has gates of its own.",
            lambda x, dy: (x * dy).sum(axis=(0, 1, 2)),
        ),
        Mistake(
            "It adds up over the images too: each image has gates of its own.",
            lambda x, dy: np.broadcast_to((x * dy).sum(axis=(0, 1, 2)), x[:, 0, 0].shape),
        ),
        Mistake(
            "It adds up over the channels, which is what a spatial gate would need.",
            lambda x, dy: (x * dy).sum(axis=-1),
        ),
        Mistake("Nothing is added up: a gate has one gradient for all its positions.", lambda x, dy: x * dy),
        Mistake(
            "This is the gradient of x for a gate of ones: the gradient of the gate is asked for.", lambda x, dy: dy
        ),
        Mistake("The sign is turned: a gradient points uphill.", lambda x, dy: -oracle.gate_gradient(x, dy)),
        Mistake(
            "It takes absolute values: positions that pull the other way count with their sign.",
            lambda x, dy: np.abs(x * dy).sum(axis=(1, 2)),
        ),
        *batch_mistakes(oracle.gate_gradient),
    ),
)
