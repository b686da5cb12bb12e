"""Exercises of notebook 03: CBAM's channel attention, one MLP shared by mean and max.

Source: Woo, Park, Lee and Kweon, CBAM: Convolutional Block Attention Module, arXiv 1807.06521, section 3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_output_shape,
    has_weights,
    output_agrees,
    stands_twice,
)
from autograder.exercise.questions import Call, KerasCall

from .. import oracle
from .gate_mistakes import BOTTLENECK_SLIPS, TWO_LAYER_SLIPS, Bottleneck, by_name, softmax
from .inputs import HAND_MAP, bottleneck, feature_map, negative_map, one_of, paper_map, sides, uneven, whole_numbers

# --- inputs --------------------------------------------------------------------------------------------------------


def _paper_weights(rng, width: int, *descriptors: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weights of an MLP for three channels, in halves; the sigmoid of the sum of logits is neither 0 nor 1."""
    while True:
        shapes = ((3, width), (width,), (width, 3), (3,))
        weights = tuple(whole_numbers(rng, *shape, largest=5) / 2 for shape in shapes)
        if np.abs(sum(oracle.shared_mlp(v, *weights) for v in descriptors)).max() < 5:
            return weights


def _lit_map(rng, *shape: int) -> np.ndarray:
    """A feature map in which every channel has a positive number: a max that starts at zero costs no points here."""
    while True:
        x = feature_map(rng, *shape)
        if oracle.global_max_pool(x).min() > 0:
            return x


def _pools(x):
    return oracle.global_average_pool(x), oracle.global_max_pool(x)


# --- shared_mlp ----------------------------------------------------------------------------------------------------


def _mlp(last: Callable = lambda logits: logits, between: Callable = oracle.relu) -> Callable:
    """An MLP with another function behind the second layer, or between the two."""
    return lambda v, w1, b1, w2, b2: last(between(v @ w1 + b1) @ w2 + b2)


_MLP_MISTAKES = (
    Mistake("A sigmoid stands at the end: the logits are asked for, and the sigmoid follows their sum.", oracle.excite),
    Mistake("There is no ReLU between the two layers.", _mlp(between=lambda hidden: hidden)),
    Mistake("A ReLU stands after the second layer, so that no logit is below zero.", _mlp(last=oracle.relu)),
    Mistake("A sigmoid stands in place of the ReLU between the layers.", _mlp(between=oracle.sigmoid)),
    Mistake("A tanh stands in place of the ReLU between the layers.", _mlp(between=np.tanh)),
    Mistake("Absolute values stand in place of the ReLU between the layers.", _mlp(between=np.abs)),
    Mistake("Both biases are left out.", lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, 0 * b1, w2, 0 * b2)),
    Mistake("The bias b1 is left out.", lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, 0 * b1, w2, b2)),
    Mistake("The bias b2 is left out.", lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, b1, w2, 0 * b2)),
    Mistake(
        "The bias b2 counts twice: that happens where two results are added, not inside the MLP.",
        lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, b1, w2, 2 * b2),
    ),
    Mistake(
        "The bias b1 is added after the ReLU.",
        lambda v, w1, b1, w2, b2: (oracle.relu(v @ w1) + b1) @ w2 + b2,
    ),
    Mistake("A ReLU stands before the first layer.", lambda v, *w: oracle.shared_mlp(oracle.relu(v), *w)),
    Mistake(
        "It multiplies v by the result: only the logits are asked for.", lambda v, *w: v * oracle.shared_mlp(v, *w)
    ),
    Mistake("It adds v to the result: only the logits are asked for.", lambda v, *w: v + oracle.shared_mlp(v, *w)),
    Mistake(
        "It ends at the bottleneck: the second layer is missing.", lambda v, w1, b1, w2, b2: oracle.relu(v @ w1 + b1)
    ),
    Mistake(
        "The rows share one result: each row of v has its own.",
        lambda v, *w: np.broadcast_to(oracle.shared_mlp(v.mean(axis=0, keepdims=True), *w), v.shape),
    ),
)


def _mlp_questions(rng):
    def logits_of(batch, channels, width):
        v = rng.normal(size=(batch, channels))
        return Call((v, *bottleneck(rng, width, v).values()))

    random = logits_of(3, 8, 2)
    v = whole_numbers(rng, 2, 3, largest=9)
    hand = (np.array([[1.0], [-1.0], [2.0]]), np.array([1.0]), np.array([[1.0, 0.0, -1.0]]), np.array([0.0, 1.0, -2.0]))
    return {
        # A row whose unit is awake and one whose unit sleeps.
        "hand": Call((np.array([[4.0, 2.0, -0.5], [0.0, 3.0, 0.5]]), *hand)),
        "paper": Call((v, *_paper_weights(rng, 1, v / 9))),
        "random": random,
        "again": random,
        "wide": logits_of(2, 12, 3),
        "one row": logits_of(1, 6, 4),
    }


SHARED_MLP = Exercise(
    id="shared_mlp",
    oracle=oracle.shared_mlp,
    questions=_mlp_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one row"), 0.5, "gives one logit a channel for each row: (B, C)"),
        agrees(("hand", "paper"), 0.75, "two rows small enough for paper", name="hand case"),
        agrees(
            ("random", "wide", "one row"), 2.25, "random weights, with biases that are not zero", name="random cases"
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=_MLP_MISTAKES,
)


# --- the block -----------------------------------------------------------------------------------------------------


def _axes(gate):
    return gate[:, None, None, :]


def _from_logits(combine: Callable, mlp: Callable = oracle.shared_mlp) -> Callable:
    """A block whose gate is `combine` of the logits of mean and of max."""
    return lambda x, *w: x * _axes(combine(*(mlp(v, *w) for v in _pools(x))))


def _from_pools(combine: Callable) -> Callable:
    """A block whose two descriptors are combined before one call of the MLP gives the gate."""
    return lambda x, *w: x * _axes(oracle.excite(combine(*_pools(x)), *w))


def _other_pools(mean: Callable = oracle.global_average_pool, largest: Callable = oracle.global_max_pool) -> Callable:
    """A block with other pools and everything else in its place."""
    return lambda x, *w: x * _axes(oracle.sigmoid(oracle.shared_mlp(mean(x), *w) + oracle.shared_mlp(largest(x), *w)))


def _hidden(x, w1, b1):
    return [oracle.relu(v @ w1 + b1) for v in _pools(x)]


def _gate(x, w):
    return oracle.sigmoid(sum(oracle.shared_mlp(v, *w) for v in _pools(x)))


def _sum_sigmoid(a, m):
    return oracle.sigmoid(a + m)


_GATES_ADDED = "The two gates are added, which can exceed one: add the logits, then take one sigmoid."
_BIAS_ONCE = "The bias b2 counts once: each of the two results of the MLP brings its own."
_GATE_ALONE = "It gives the gate itself: multiply the feature map by it."

CHANNEL_MISTAKES = tuple(
    Mistake(sentence, by_name(function))
    for sentence, function in (
        (_GATES_ADDED, _from_logits(lambda a, m: oracle.sigmoid(a) + oracle.sigmoid(m))),
        (
            "The gate is the mean of two gates: add the logits, then take one sigmoid.",
            _from_logits(lambda a, m: (oracle.sigmoid(a) + oracle.sigmoid(m)) / 2),
        ),
        (
            "Two gates multiply the map one by the other: add the logits, then take one sigmoid.",
            _from_logits(lambda a, m: oracle.sigmoid(a) * oracle.sigmoid(m)),
        ),
        (
            "The second pool looks at the map that the first gate has changed: both look at x.",
            lambda x, *w: _from_pools(lambda a, m: m)(_from_pools(lambda a, m: a)(x, *w), *w),
        ),
        (
            "The greater of the two gates is taken: the logits are to be added.",
            _from_logits(lambda a, m: oracle.sigmoid(np.maximum(a, m))),
        ),
        ("The logits are averaged, not added.", _from_logits(lambda a, m: oracle.sigmoid((a + m) / 2))),
        ("The logits are multiplied, not added.", _from_logits(lambda a, m: oracle.sigmoid(a * m))),
        (
            "One is subtracted from the other: the logits are to be added.",
            _from_logits(lambda a, m: oracle.sigmoid(a - m)),
        ),
        ("The max is not used: this is the gate of squeeze and excitation.", _from_pools(lambda a, m: a)),
        ("The mean is not used: the gate looks at the max alone.", _from_pools(lambda a, m: m)),
        ("One descriptor is used twice: the max does not enter.", _from_logits(lambda a, m: oracle.sigmoid(2 * a))),
        ("One descriptor is used twice: the mean does not enter.", _from_logits(lambda a, m: oracle.sigmoid(2 * m))),
        (
            "The two descriptors are averaged before the MLP: each of them goes through it alone.",
            _from_pools(lambda a, m: (a + m) / 2),
        ),
        (
            "The two descriptors are added before the MLP: each of them goes through it alone.",
            _from_pools(lambda a, m: a + m),
        ),
        (
            "The two descriptors are multiplied before the MLP: each of them goes through it alone.",
            _from_pools(lambda a, m: a * m),
        ),
        (
            _BIAS_ONCE,
            lambda x, w1, b1, w2, b2: x * _axes(oracle.sigmoid(sum(_hidden(x, w1, b1)) @ w2 + b2)),
        ),
        (
            "The ReLU comes after the sum of the two first layers: each descriptor needs its own.",
            lambda x, w1, b1, w2, b2: (
                x * _axes(oracle.sigmoid(oracle.relu(sum(v @ w1 + b1 for v in _pools(x))) @ w2 + 2 * b2))
            ),
        ),
        (
            "A ReLU stands on the sum, so that no gate is below one half.",
            _from_logits(lambda a, m: oracle.sigmoid(oracle.relu(a + m))),
        ),
        (
            "A ReLU stands at the end of the MLP: logits may be below zero.",
            _from_logits(_sum_sigmoid, lambda v, *w: oracle.relu(oracle.shared_mlp(v, *w))),
        ),
        (
            "A sigmoid stands at the end of the MLP and another one after the sum.",
            _from_logits(_sum_sigmoid, oracle.excite),
        ),
        ("The sigmoid is missing.", _from_logits(lambda a, m: a + m)),
        (
            "A softmax makes the channels compete: each gate needs a sigmoid of its own.",
            _from_logits(lambda a, m: softmax(a + m)),
        ),
        (
            "A tanh stands in place of the sigmoid: a gate lies between 0 and 1.",
            _from_logits(lambda a, m: np.tanh(a + m)),
        ),
        ("A hard sigmoid stands in place of the sigmoid.", _from_logits(lambda a, m: np.clip((a + m) / 6 + 0.5, 0, 1))),
        ("There is no ReLU between the two layers.", _from_logits(_sum_sigmoid, _mlp(between=lambda hidden: hidden))),
        (
            "Both biases are left out.",
            _from_logits(_sum_sigmoid, lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, 0 * b1, w2, 0 * b2)),
        ),
        (
            "The bias b1 is left out.",
            _from_logits(_sum_sigmoid, lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, 0 * b1, w2, b2)),
        ),
        (
            "The bias b2 is left out.",
            _from_logits(_sum_sigmoid, lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, b1, w2, 0 * b2)),
        ),
        ("The min is taken in place of the max.", _other_pools(largest=lambda x: x.min(axis=(1, 2)))),
        (
            "The max is taken of absolute values: negative numbers keep their sign.",
            _other_pools(largest=lambda x: np.abs(x).max(axis=(1, 2))),
        ),
        (
            "The max never goes below zero: a max may be negative.",
            _other_pools(largest=lambda x: np.maximum(x.max(axis=(1, 2)), 0)),
        ),
        ("The mean pool adds up and does not divide.", _other_pools(mean=lambda x: x.sum(axis=(1, 2)))),
        (
            "A ReLU stands before the pools.",
            _other_pools(lambda x: oracle.relu(x).mean(axis=(1, 2)), lambda x: oracle.relu(x).max(axis=(1, 2))),
        ),
        (
            "The images share one gate: each image has its own.",
            _other_pools(
                lambda x: np.repeat(x.mean(axis=(0, 1, 2))[None], len(x), axis=0),
                lambda x: np.repeat(x.max(axis=(0, 1, 2))[None], len(x), axis=0),
            ),
        ),
        ("Every image gets the gate of the first image.", lambda x, *w: x * _gate(x, w)[0]),
        (_GATE_ALONE, lambda x, *w: np.broadcast_to(_axes(_gate(x, w)), x.shape)),
        (_GATE_ALONE, lambda x, *w: _axes(_gate(x, w))),
        (_GATE_ALONE, lambda x, *w: _gate(x, w)),
        ("The gate is added: a gate multiplies.", lambda x, *w: x + _axes(_gate(x, w))),
        (
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
            lambda x, *w: x + x * _axes(_gate(x, w)),
        ),
        (
            "The bare x * gate lines up the batch of the gate with the width of x: the gate needs two more axes.",
            lambda x, *w: x * _gate(x, w),
        ),
    )
)


def _forward_questions(rng):
    def block_of(*shape, width, make=_lit_map):
        x = make(rng, *shape)
        return Call((x, *bottleneck(rng, width, *_pools(x)).values()))

    random, paper = block_of(2, 5, 7, 8, width=3), paper_map(rng)
    # Mean (4, 2, -3) wakes one unit and max (7, 8, 0) the other.
    hand = (
        np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, 1.0]]),
        np.array([-1.0, 0.0]),
        np.array([[1.0, -1.0, 0.5], [-0.25, 0.5, 0.0]]),
        np.array([1.0, -0.5, 0.25]),
    )
    return {
        "hand": Call((HAND_MAP, *hand)),
        "paper": Call((paper, *_paper_weights(rng, 2, *_pools(paper)))),
        "random": random,
        "again": random,
        "negative": block_of(3, 4, 6, 5, width=3, make=negative_map),
        "batch equals width": block_of(4, 3, 4, 4, width=3),
        "one image": block_of(1, 4, 3, 6, width=4),
    }


CHANNEL_ATTENTION_FORWARD = Exercise(
    id="channel_attention_forward",
    oracle=oracle.channel_attention_forward,
    questions=_forward_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees(("hand", "paper"), 1.0, "a map and weights small enough for paper", name="hand case"),
        agrees(("random", "one image"), 2.5, "random maps and weights, biases not zero", name="random cases"),
        agrees("negative", 0.75, "maps without a positive number", name="negative maps"),
        agrees("batch equals width", 0.75, "sizes at which a wrong broadcast would go unnoticed", name="equal sides"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=CHANNEL_MISTAKES,
)


def _block_questions(rng):
    def block_of(*shape, width, **keywords):
        x = feature_map(rng, *shape)
        return KerasCall(shape[1:], x, bottleneck(rng, width, *_pools(x)), **keywords)

    # The ratio does not divide the channels, and the remainder is large: every way of rounding differs.
    channels, ratio, width = uneven(rng, widths=(5, 11))  # of width 3, some sums have two causes
    # Here the ratio is the width of the bottleneck too: who mixes them up still sees gradients judged.
    same, alike = one_of(rng, 4, 5, 6), one_of(rng, 3, 4, 5)
    shape, keywords, small = (alike, one_of(rng, 2, 6), alike, same**2), {"ratio": same}, (*sides(rng, 2), same**2)
    usual = one_of(rng, 2, 3, 5)
    return {
        "random": block_of(2, *sides(rng, 2), channels, width=width, keywords={"ratio": ratio}),
        "default ratio": block_of(3, *sides(rng), 16 * usual, width=usual),
        "batch equals width": block_of(*shape, width=same, keywords=keywords, gradients=rng.normal(size=shape)),
        "unknown sides": KerasCall((None, None, same**2), feature_map(rng, 2, *small), {}, keywords),
        "twice": KerasCall(small, feature_map(rng, 2, *small), {}, keywords, repeat=2),
    }


_JOINED = "Mean and max are joined to one long vector: each goes through the MLP alone."
_BLOCK_WEIGHT_MISTAKES = (
    *BOTTLENECK_SLIPS,
    *TWO_LAYER_SLIPS,
    *weight_mistakes(
        Bottleneck.of,
        ("There are two MLPs: mean and max go through one and the same.", lambda s: 2 * s.total()),
        ("The first layer stands there twice: mean and max share it.", lambda s: s.total() + s.first),
        ("The second layer stands there twice: mean and max share it.", lambda s: 2 * s.total() - s.first),
        (_JOINED, lambda s: s.total(channels=2 * s.channels)),
        (_JOINED, lambda s: s.total(2 * s.channels // s.ratio, 2 * s.channels)),
    ),
)


CHANNEL_ATTENTION = Exercise(
    id="channel_attention",
    oracle=lambda x, w1, b1, w2, b2: oracle.channel_attention_forward(x, w1, b1, w2, b2),
    questions=_block_questions,
    properties=(
        has_output_shape("random", 0.75),
        has_weights("random", 1.5, "exactly one MLP's weights W1, b1, W2, b2, shared and trainable"),
        output_agrees("default ratio", 1.0, "the default ratio is 16", name="default ratio"),
        output_agrees("random", 2.0, "gives what your NumPy version gives, weight for weight", every_weight=True),
        output_agrees("batch equals width", 0.75, "a batch as large as the map is wide", name="equal sides"),
        gradients_agree("batch equals width", 1.0),
        builds("unknown sides", 0.5),
        stands_twice(("batch equals width", "twice"), 0.5),
    ),
    mistakes=CHANNEL_MISTAKES,
    weight_mistakes=_BLOCK_WEIGHT_MISTAKES,
)

EXERCISES = (SHARED_MLP, CHANNEL_ATTENTION_FORWARD, CHANNEL_ATTENTION)
