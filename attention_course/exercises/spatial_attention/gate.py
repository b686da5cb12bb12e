"""A convolution by hand, and the spatial gate in NumPy and in Keras."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    despite_a_bias,
    gradients_agree,
    has_output_shape,
    has_weights,
    output_agrees,
    stands_twice,
)
from autograder.exercise.questions import Call, KerasCall

from ... import oracle
from ..inputs import feature_map, negative_map, one_of, paper_map, sides, whole_numbers

# Two maps of 2 x 3 and a kernel without any symmetry, small enough for paper.
_HAND_MAPS = np.array([[[[1.0, 2.0], [0.0, 1.0], [2.0, 0.0]], [[3.0, 0.0], [1.0, -1.0], [4.0, 1.0]]]])
_HAND_KERNEL = np.zeros((3, 3, 2))
_HAND_KERNEL[..., 0] = [[0, 0, 2], [0, 1, 0], [-1, 0, 0]]
_HAND_KERNEL[..., 1] = [[0, 0, 0], [0, 0, 3], [0, 0, 0]]


def _conv_questions(rng):
    def maps_of(batch, height, width, depth, size):
        return Call((rng.normal(size=(batch, height, width, depth)), rng.normal(size=(size, size, depth))))

    random = maps_of(2, 5, 7, 3, 3)
    return {
        "hand": Call((_HAND_MAPS, _HAND_KERNEL)),
        "paper": Call((whole_numbers(rng, 1, 2, 3, 2, largest=9), whole_numbers(rng, 3, 3, 2, largest=5))),
        "random": random,
        "again": random,
        "five": maps_of(3, 6, 9, 4, 5),
        "one image": maps_of(1, 8, 4, 2, 3),
        "one tap": maps_of(2, 3, 4, 5, 1),
        "wider than the map": maps_of(2, 4, 3, 2, 7),
    }


def _correlate(d, kernel, mode="constant", before=None, **settings):
    """The convolution with another padding: its mode and settings, or how many of the rows and columns come first."""
    size, height, width = len(kernel), *d.shape[1:3]
    before = size // 2 if before is None else before
    sides = (before, size - 1 - before)
    padded = np.pad(d, ((0, 0), sides, sides, (0, 0)), mode=mode, **settings)
    return sum(padded[:, i : i + height, j : j + width] @ kernel[i, j] for i, j in np.ndindex(size, size))


def _wrapped_in_front(d, kernel):
    """The convolution where negative indices count from the other end, and what is behind the end is left out."""
    edge = len(kernel) // 2
    wrapped = np.pad(d, ((0, 0), (edge, 0), (edge, 0), (0, 0)), mode="wrap")
    return oracle.conv2d_same(wrapped, kernel)[:, edge:, edge:]


def _last_tap(d, kernel):
    kept = np.zeros_like(kernel)
    kept[-1, -1] = kernel[-1, -1]
    return oracle.conv2d_same(d, kept)


def _valid(d, kernel):
    edge = len(kernel) // 2
    if min(d.shape[1:3]) < len(kernel) or edge == 0:
        raise ValueError("nothing is left")
    return oracle.conv2d_same(d, kernel)[:, edge:-edge, edge:-edge]


def _full(d, kernel):
    edge = len(kernel) // 2
    return oracle.conv2d_same(np.pad(d, ((0, 0), (edge, edge), (edge, edge), (0, 0))), kernel)


def _by_channel(d, kernel):
    return np.stack(
        [oracle.conv2d_same(d[..., c : c + 1], kernel[..., c : c + 1]) for c in range(d.shape[-1])], axis=-1
    )


_PADDING = "The border is wrong: beyond the edge of the map there are zeros, and nothing else."
_SHIFTED = "The result is shifted: the border of zeros has to be as wide on each side."

CONV2D_SAME = Exercise(
    id="conv2d_same",
    oracle=oracle.conv2d_same,
    questions=_conv_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.75, "gives one map of the same height and width: (B, H, W)"),
        agrees(("hand", "paper"), 1.0, "two small maps and a kernel without symmetry", name="hand case"),
        agrees(("random", "five", "one image"), 2.5, "random maps and kernels of size 3 and 5", name="random cases"),
        agrees("one tap", 0.5, "a kernel of size 1, where nothing is padded", name="one tap"),
        agrees("wider than the map", 0.5, "a kernel of size 7, wider than the map", name="wide kernel"),
        leaves_arguments_alone(("random", "again"), 0.5),
    ),
    mistakes=(
        Mistake(
            "The kernel is flipped: a cross-correlation takes it as it is.",
            lambda d, k: oracle.conv2d_same(d, k[::-1, ::-1]),
        ),
        Mistake(
            "Rows and columns of the kernel are exchanged.",
            lambda d, k: oracle.conv2d_same(d, k.transpose(1, 0, 2)),
        ),
        Mistake("The kernel is flipped along one axis.", lambda d, k: oracle.conv2d_same(d, k[::-1])),
        Mistake("The kernel is flipped along one axis.", lambda d, k: oracle.conv2d_same(d, k[:, ::-1])),
        Mistake("Nothing is padded, so the map loses its border.", _valid),
        Mistake("Too much is padded: the result grows.", _full),
        Mistake(_PADDING, lambda d, k: _correlate(d, k, mode="edge")),
        Mistake(_PADDING, lambda d, k: _correlate(d, k, mode="reflect")),
        Mistake(_PADDING, lambda d, k: _correlate(d, k, mode="symmetric")),
        Mistake(_PADDING, lambda d, k: _correlate(d, k, mode="wrap")),
        Mistake(_PADDING, lambda d, k: _correlate(d, k, constant_values=1)),
        Mistake(
            "Negative indices count from the other end of the map: beyond each of its edges there are zeros.",
            _wrapped_in_front,
        ),
        Mistake("Only the last tap counts: the products of all taps are to be added up.", _last_tap),
        Mistake(_SHIFTED, lambda d, k: _correlate(d, k, before=0)),
        Mistake(_SHIFTED, lambda d, k: _correlate(d, k, before=len(k) - 1)),
        Mistake("The maps are kept apart: add them up into one map.", _by_channel),
        Mistake("The result is divided: a convolution adds products up.", lambda d, k: _by_channel(d, k).mean(-1)),
        Mistake(
            "The result is divided: a convolution adds products up.",
            lambda d, k: oracle.conv2d_same(d, k) / len(k) ** 2,
        ),
        Mistake(
            "The result is divided: a convolution adds products up.",
            lambda d, k: oracle.conv2d_same(d, k) / k.size,
        ),
        Mistake("Only the first map is used.", lambda d, k: _by_channel(d, k)[..., 0]),
        Mistake("Only the last map is used.", lambda d, k: _by_channel(d, k)[..., -1]),
        Mistake(
            "The maps are multiplied by the slices of the kernel in reverse order.",
            lambda d, k: oracle.conv2d_same(d, k[..., ::-1]),
        ),
        Mistake(
            "The maps are added up before the kernel sees them, so that every map is multiplied by every slice.",
            lambda d, k: oracle.conv2d_same(np.repeat(d.sum(-1, keepdims=True), d.shape[-1], axis=-1), k),
        ),
        Mistake(
            "All images are added up: each image has a result of its own.",
            lambda d, k: np.broadcast_to(oracle.conv2d_same(d, k).sum(axis=0), d.shape[:3]),
        ),
        Mistake("A ReLU comes after the convolution.", lambda d, k: oracle.relu(oracle.conv2d_same(d, k))),
    ),
)


# --- the gate -------------------------------------------------------------------------------------------------------


def _kernel(rng, size=7):
    # Small enough that the sigmoid is not saturated, and with two slices of different strength and no symmetry.
    return rng.normal(size=(size, size, 2)) * (1.4 / size)


# One image of 2 x 2 x 3 whose means and maxima are whole numbers; the taps look at the position and at the one above.
_HAND_X = np.array([[[[2.0, 3.0, -2.0], [0.0, -3.0, 0.0]], [[4.0, 1.0, 1.0], [-2.0, 0.0, -4.0]]]])
_HAND_GATE = np.zeros((7, 7, 2))
_HAND_GATE[3, 3, 0], _HAND_GATE[2, 3, 1] = np.log(2), np.log(3)


def _paper_gate(rng) -> np.ndarray:
    """A kernel of two taps, each the logarithm of a whole number: one in the middle, one beside it."""
    kernel = np.zeros((7, 7, 2))
    row, column = ((2, 3), (3, 2), (3, 4), (4, 3))[rng.integers(4)]
    kernel[3, 3, 0], kernel[row, column, 1] = np.log(rng.choice(np.arange(2, 10), size=2, replace=False)) / 4
    return kernel


def _forward_questions(rng):
    def block_of(*shape):
        return Call((feature_map(rng, *shape), _kernel(rng)))

    random = block_of(2, 9, 8, 5)
    return {
        "hand": Call((_HAND_X, _HAND_GATE)),
        "paper": Call((paper_map(rng), _paper_gate(rng))),
        "random": random,
        "again": random,
        "negative": Call((negative_map(rng, 3, 8, 10, 4), _kernel(rng))),
        "one image": block_of(1, 4, 3, 6),
        "all alike": block_of(3, 3, 3, 3),
        "batch equals width": block_of(4, 3, 4, 6),
    }


def _gate(
    last: Callable = oracle.sigmoid,
    pool: Callable = oracle.channel_pool,
    conv: Callable = oracle.conv2d_same,
) -> Callable:
    return lambda x, kernel: last(conv(pool(x), kernel))


def _two_maps(first: Callable, second: Callable) -> Callable:
    return lambda x: np.stack([first(x), second(x)], axis=-1)


def _mean(x):
    return x.mean(axis=-1)


def _max(x):
    return x.max(axis=-1)


def _softmax(logits):
    shifted = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
    return shifted / shifted.sum(axis=(1, 2), keepdims=True)


def _scaled(gate_of: Callable) -> Callable:
    return lambda x, kernel: x * gate_of(x, kernel)[..., None]


_OWN = _gate()


def _alone(make: Callable) -> Callable:
    """A mistake of the whole block: make(x, own gate with a last axis)."""
    return lambda x, kernel: make(x, _OWN(x, kernel)[..., None])


_GATE_ALONE = "It gives the gate itself: multiply the feature map by it."
_SUM = "Mean and max are added up: they stay two maps, each with a slice of the kernel."

# Functions of the map x and the kernel.
SPATIAL_MISTAKES = (
    Mistake("The sigmoid is missing.", _scaled(_gate(last=lambda logits: logits))),
    Mistake("The order is swapped: mean comes first, then max.", _scaled(_gate(pool=_two_maps(_max, _mean)))),
    Mistake("Both maps are the mean: the second should be the max.", _scaled(_gate(pool=_two_maps(_mean, _mean)))),
    Mistake("Both maps are the max: the first should be the mean.", _scaled(_gate(pool=_two_maps(_max, _max)))),
    Mistake(
        "The second map is the min: it should be the max.", _scaled(_gate(pool=_two_maps(_mean, lambda x: x.min(-1))))
    ),
    Mistake(
        "The first map is a sum: the mean divides by C.", _scaled(_gate(pool=_two_maps(lambda x: x.sum(-1), _max)))
    ),
    Mistake(
        "The max is taken of absolute values: negative numbers keep their sign.",
        _scaled(_gate(pool=_two_maps(_mean, lambda x: np.abs(x).max(-1)))),
    ),
    Mistake(
        "Mean and max are brought to the right shape, but in another order: each position needs its own two numbers.",
        _scaled(_gate(pool=lambda x: np.reshape([_mean(x), _max(x)], (*x.shape[:3], 2)))),
    ),
    Mistake(_SUM, _scaled(_gate(pool=_two_maps(lambda x: _mean(x) + _max(x), lambda x: _mean(x) + _max(x))))),
    Mistake(
        "The kernel is flipped: a cross-correlation takes it as it is.",
        _scaled(_gate(conv=lambda d, k: oracle.conv2d_same(d, k[::-1, ::-1]))),
    ),
    Mistake(
        "Rows and columns of the kernel are exchanged.",
        _scaled(_gate(conv=lambda d, k: oracle.conv2d_same(d, k.transpose(1, 0, 2)))),
    ),
    Mistake(
        "Only the middle of the kernel is used: all 7 x 7 taps count.",
        _scaled(_gate(conv=lambda d, k: oracle.conv2d_same(d, k[2:5, 2:5]))),
    ),
    Mistake(
        _PADDING,
        _scaled(_gate(conv=lambda d, k: _correlate(d, k, mode="edge"))),
    ),
    Mistake(
        "A ReLU comes between the convolution and the sigmoid, so that no gate is below one half.",
        _scaled(_gate(last=lambda logits: oracle.sigmoid(oracle.relu(logits)))),
    ),
    Mistake("A ReLU is used instead of the sigmoid: it is not bounded by one.", _scaled(_gate(last=oracle.relu))),
    Mistake("A tanh is used instead of the sigmoid: a gate lies between 0 and 1.", _scaled(_gate(last=np.tanh))),
    Mistake(
        "A hard sigmoid is used instead of the sigmoid.",
        _scaled(_gate(last=lambda logits: np.clip(logits / 6 + 0.5, 0, 1))),
    ),
    Mistake(
        "A softmax makes the positions compete: each gate needs a sigmoid of its own.", _scaled(_gate(last=_softmax))
    ),
    Mistake(
        "The sign in the exponent of the sigmoid is lost: a large logit gives a gate near 1.",
        _scaled(_gate(last=lambda logits: oracle.sigmoid(-logits))),
    ),
    Mistake(
        "The sigmoid is applied twice.", _scaled(_gate(last=lambda logits: oracle.sigmoid(oracle.sigmoid(logits))))
    ),
    Mistake(
        "The convolution sees one of the two maps only.",
        _scaled(lambda x, kernel: oracle.sigmoid(oracle.conv2d_same(_mean(x)[..., None], kernel[..., :1]))),
    ),
    Mistake(
        "The convolution sees one of the two maps only.",
        _scaled(lambda x, kernel: oracle.sigmoid(oracle.conv2d_same(_max(x)[..., None], kernel[..., 1:]))),
    ),
    Mistake(_GATE_ALONE, _alone(lambda x, g: g[..., 0])),
    Mistake(_GATE_ALONE, _alone(lambda x, g: g)),
    Mistake(_GATE_ALONE, _alone(lambda x, g: np.broadcast_to(g, x.shape))),
    Mistake("The gate is added: a gate multiplies.", _alone(lambda x, g: x + g)),
    Mistake(
        "The input is added to the gated map: the residual belongs to the network, not to the block.",
        _alone(lambda x, g: x + x * g),
    ),
    Mistake("Every image gets the gate of the first image.", _alone(lambda x, g: x * g[0])),
    Mistake(
        "The bare x * gate lines up the gate with the last axes of x: the gate needs an axis for the channels.",
        _alone(lambda x, g: x * g[..., 0]),
    ),
    Mistake(
        "The gate lies along width and channels: its new axis goes last.", _alone(lambda x, g: x * g[:, None, ..., 0])
    ),
    Mistake("An extra ReLU comes before the block.", lambda x, kernel: _scaled(_OWN)(oracle.relu(x), kernel)),
    Mistake("A ReLU comes after the block.", lambda x, kernel: oracle.relu(_scaled(_OWN)(x, kernel))),
    Mistake(
        "The two pooled maps are multiplied by the gate, not x.",
        lambda x, kernel: oracle.channel_pool(x) * _OWN(x, kernel)[..., None],
    ),
)

SPATIAL_ATTENTION_FORWARD = Exercise(
    id="spatial_attention_forward",
    oracle=oracle.spatial_attention_forward,
    questions=_forward_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees(("hand", "paper"), 0.75, "a map small enough for paper, a kernel with two taps", name="hand case"),
        agrees(("random", "negative", "one image"), 2.25, "random maps and kernels", name="random cases"),
        agrees(
            ("all alike", "batch equals width"),
            0.75,
            "sizes at which a wrong broadcast would go unnoticed",
            name="equal sides",
        ),
        leaves_arguments_alone(("random", "again"), 0.5),
    ),
    mistakes=SPATIAL_MISTAKES,
)


def _block_questions(rng):
    def block_of(*shape, size=7, **keywords):
        return KerasCall(shape[1:], feature_map(rng, *shape), {"kernel": _kernel(rng, size)}, **keywords)

    # No side can be told from another: a gate without its last axis would broadcast silently here.
    alike, channels, small = (one_of(rng, 4, 5, 6),) * 4, one_of(rng, 5, 6, 7), (*sides(rng, 2), one_of(rng, 7, 9))
    return {
        "random": block_of(2, *sides(rng, among=(7, 8, 9, 10)), one_of(rng, 3, 5, 6)),
        "three": block_of(3, *sides(rng, 3), one_of(rng, 4, 5, 6), size=3, keywords={"kernel_size": 3}),
        "all alike": block_of(*alike, gradients=rng.normal(size=alike)),
        "unknown sides": KerasCall((None, None, channels), feature_map(rng, 2, *sides(rng, 2), channels)),
        "twice": KerasCall(small, feature_map(rng, 2, *small), repeat=2),
    }


_TAPS = 49
_WEIGHT_MISTAKES = weight_mistakes(
    lambda question: question.channels,
    ("Does the convolution belong to the model, and does the gate come from x?", 0),
    ("The convolution has a bias: there is to be none.", 2 * _TAPS + 1),
    (
        "A batch norm is left in: its two weights and its two running statistics count as well.",
        2 * _TAPS + 4,
    ),
    ("A batch norm is left in, and the convolution has a bias.", 2 * _TAPS + 5),
    ("A norm is left in.", 2 * _TAPS + 2),
    # So it is with as many filters as channels, and where the pools run over the positions.
    (
        "The convolution has weights for every channel: it takes two maps, mean and max over channels, and gives one.",
        lambda channels: 2 * _TAPS * channels,
    ),
    ("There are two filters: the gate is one map.", 4 * _TAPS),
    ("The convolution sees one map: mean and max are two.", _TAPS),
    ("The convolution sees the channels themselves: pool them first.", lambda channels: _TAPS * channels),
    ("The kernel has size 3: the default is 7.", 2 * 9),
    ("The kernel has size 1: the gate sees no neighbours.", 2),
)


SPATIAL_ATTENTION = Exercise(
    id="spatial_attention",
    oracle=oracle.spatial_attention_forward,
    questions=_block_questions,
    properties=(
        has_output_shape("random", 0.5),
        has_weights("random", 1.5, "exactly one kernel of 7 x 7 x 2, trainable: 98 weights"),
        output_agrees("random", 1.5, "gives what your NumPy version gives, weight for weight"),
        despite_a_bias(output_agrees("three", 1.0, "a kernel size of 3, when it is asked for", name="kernel size")),
        despite_a_bias(
            output_agrees("all alike", 0.75, "sizes at which a wrong broadcast would go unnoticed", name="equal sides")
        ),
        despite_a_bias(gradients_agree("all alike", 0.75)),
        builds("unknown sides", 0.5),
        stands_twice(("all alike", "twice"), 0.5),
    ),
    mistakes=SPATIAL_MISTAKES,
    weight_mistakes=_WEIGHT_MISTAKES,
)
