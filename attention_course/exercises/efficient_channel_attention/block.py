"""The band matrix, the gate and block in NumPy, and the Keras block.

Source: Wang et al., ECA-Net, arXiv 1910.03151, section 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake, WeightMistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_output_shape,
    has_weights,
    output_agrees,
    stands_twice,
)
from autograder.exercise.questions import Call, KerasCall

from ... import oracle
from ..gate_mistakes import softmax
from ..inputs import feature_map, one_of, paper_map, sides, whole_numbers


def random_kernel(rng: np.random.Generator, size: int) -> np.ndarray:
    """A kernel without symmetry, of both signs and with no tap near zero: a flip or a lost tap always shows."""
    taps = rng.uniform(0.4, 1.6, size=size) * np.where(np.arange(size) % 2, -1.0, 1.0)
    return taps + np.linspace(0.0, 1.0, size)


# --- the band -----------------------------------------------------------------------------------------------------

_FLIPPED = "The kernel is flipped: entry (i, j) is the weight from channel j to channel i, so a row reads forwards."
_WRAPPED = "The ends are joined to a ring: beyond the first and the last channel there are zeros."
_SHIFTED = "The middle of the kernel is not on the diagonal."


def _band(kernel, channels, channel_at: Callable[[int], int]):
    """A band that reads the channel `channel_at(place)` where it would find a zero, outside of the channels."""
    matrix, middle = np.zeros((channels, channels)), len(kernel) // 2
    for to in range(channels):
        for tap, weight in enumerate(kernel):
            matrix[to, channel_at(to + tap - middle)] += weight
    return matrix


def _wrapped(kernel, channels):
    """A band whose ends are joined to a ring."""
    return _band(kernel, channels, lambda place: place % channels)


def _repeated_ends(kernel, channels):
    """A band that repeats the outer channels beyond the ends."""
    return _band(kernel, channels, lambda place: min(max(place, 0), channels - 1))


def _starts_on_diagonal(kernel, channels):
    """The first tap on the diagonal, the others to its right."""
    return oracle.band_matrix(np.concatenate([np.zeros(len(kernel) - 1), kernel]), channels)


def _ends_on_diagonal(kernel, channels):
    """The last tap on the diagonal, the others to its left."""
    return oracle.band_matrix(np.concatenate([kernel, np.zeros(len(kernel) - 1)]), channels)


def _mirrored(kernel, channels):
    """Distance instead of direction: the right half of the kernel on both sides."""
    middle = len(kernel) // 2
    return oracle.band_matrix(np.concatenate([kernel[:middle:-1], kernel[middle:]]), channels)


def _half_wrapped(kernel, channels):
    """A band whose lower end reaches round to the last channels, as a negative index does."""
    return np.triu(_wrapped(kernel, channels), len(kernel) // 2 + 1) + oracle.band_matrix(kernel, channels)


def _read_from_its_end(kernel, channels):
    """A band in which a place before the kernel's first weight holds one of its last, as with a negative index."""
    size = len(kernel)
    to, source = np.indices((channels, channels))
    tap = source - to + size // 2
    return np.where((-size <= tap) & (tap < size), kernel[tap % size], 0.0)


_BAND_MISTAKES = (
    Mistake(_FLIPPED, lambda kernel, channels: oracle.band_matrix(kernel[::-1], channels)),
    Mistake(_WRAPPED, _wrapped),
    Mistake("A negative index counts from the far end: in the first rows it fills the wrong corner.", _half_wrapped),
    Mistake("A negative index counts from the end of the kernel: outside the band are zeros.", _read_from_its_end),
    Mistake("The outer channels are repeated beyond the ends: there are zeros.", _repeated_ends),
    Mistake(_SHIFTED, _starts_on_diagonal),
    Mistake(_SHIFTED, _ends_on_diagonal),
    Mistake("Left and right are treated alike: the sign of j - i matters, not its size alone.", _mirrored),
    Mistake(
        "Only the diagonal is filled.",
        lambda kernel, channels: np.eye(channels) * kernel[len(kernel) // 2],
    ),
    Mistake(
        "The rows at both ends are missing: the matrix is square, with one row per channel.",
        lambda kernel, channels: oracle.band_matrix(kernel, channels)[len(kernel) // 2 : -(len(kernel) // 2)],
    ),
    Mistake(
        "Every row is the same: the band moves one channel to the right from row to row.",
        lambda kernel, channels: np.tile(oracle.band_matrix(kernel, channels)[0], (channels, 1)),
    ),
    Mistake(
        "The whole kernel is at the left end of every row: the band moves with the row.",
        lambda kernel, channels: np.tile(np.pad(kernel, (0, channels - len(kernel))), (channels, 1)),
    ),
    Mistake(
        "The weights of the kernel are lost: the band holds ones.",
        lambda kernel, channels: oracle.band_matrix(np.ones(len(kernel)), channels),
    ),
)


def _band_questions(rng):
    random = Call((random_kernel(rng, 5), 9))
    return {
        "hand": Call((np.array([3.0, 1.0, -2.0]), 4)),
        "paper": Call((whole_numbers(rng, 3, largest=9), int(rng.integers(4, 8)))),
        "random": random,
        "again": random,
        "three": Call((random_kernel(rng, 3), 8)),
        "seven": Call((random_kernel(rng, 7), 12)),
        "one": Call((random_kernel(rng, 1) + 1.0, 5)),
        "wide": Call((random_kernel(rng, 5), 3)),
    }


BAND_MATRIX = Exercise(
    id="band_matrix",
    oracle=oracle.band_matrix,
    questions=_band_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "three"), 0.5, "gives a square matrix, one row and one column per channel: (C, C)"),
        agrees(("hand", "paper"), 1.0, "a kernel of three weights, small enough for paper", name="hand case"),
        agrees(("random", "three", "seven"), 1.5, "random kernels of size 3, 5 and 7", name="random cases"),
        agrees(("one", "wide"), 0.5, "a kernel of size 1, and one wider than the channels", name="sizes at the edge"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=_BAND_MISTAKES,
)


# --- the gate and the block: mistakes are functions of the map x, the kernel and, where a block has one, a bias ---


def _eca_with_bias(x, kernel, bias=0.0):
    """ECA with a bias before the sigmoid, which the real block does not have."""
    return x * eca_gate(x, kernel, bias)[:, None, None, :]


def _logits(z, kernel, bias, band=oracle.band_matrix):
    return z @ band(kernel, z.shape[1]).T + np.sum(bias)


def eca_gate(x, kernel, bias=0.0):
    """The gate (B, C) of a map (B, H, W, C)."""
    return oracle.sigmoid(_logits(oracle.squeeze(x), kernel, bias))


def _block(last: Callable = oracle.sigmoid, squeeze: Callable = oracle.squeeze, band: Callable = oracle.band_matrix):
    """A block with another squeeze, another matrix or another last function."""
    return lambda x, kernel, bias=0.0: x * last(_logits(squeeze(x), kernel, bias, band))[:, None, None, :]


def _centre(kernel, channels):
    return np.eye(channels) * kernel[len(kernel) // 2]


_ALONE = "It gives the gate itself: multiply the feature map by it."

ECA_MISTAKES = (
    Mistake(
        "The kernel is flipped: a convolution of this course does not turn its kernel round.",
        _block(band=lambda kernel, channels: oracle.band_matrix(kernel[::-1], channels)),
    ),
    Mistake("The sigmoid is missing.", _block(last=lambda logits: logits)),
    Mistake("A softmax makes the channels compete: each gate needs a sigmoid of its own.", _block(last=softmax)),
    Mistake(
        "A ReLU is applied before the sigmoid, so that no gate is below one half.",
        _block(last=lambda logits: oracle.sigmoid(oracle.relu(logits))),
    ),
    Mistake("A ReLU is used instead of the sigmoid: it is not bounded by one.", _block(last=oracle.relu)),
    Mistake("A tanh is used instead of the sigmoid: a gate lies between 0 and 1.", _block(last=np.tanh)),
    Mistake(
        "A hard sigmoid is used instead of the sigmoid.",
        _block(last=lambda logits: np.clip(logits / 6 + 0.5, 0, 1)),
    ),
    Mistake(_WRAPPED, _block(band=_wrapped)),
    Mistake("The outer channels are repeated beyond the ends: there are zeros.", _block(band=_repeated_ends)),
    Mistake(_SHIFTED, _block(band=_starts_on_diagonal)),
    Mistake(_SHIFTED, _block(band=_ends_on_diagonal)),
    Mistake("The kernel is not used: the gate comes from each mean alone.", _block(band=lambda k, c: np.eye(c))),
    Mistake("Only the middle of the kernel is used.", _block(band=_centre)),
    Mistake("The squeeze takes the max, not the mean.", _block(squeeze=oracle.global_max_pool)),
    Mistake("The squeeze adds up and does not divide.", _block(squeeze=lambda x: x.sum(axis=(1, 2)))),
    Mistake("A ReLU is applied before the squeeze.", _block(squeeze=lambda x: oracle.squeeze(oracle.relu(x)))),
    Mistake("A ReLU is applied after the squeeze.", _block(squeeze=lambda x: oracle.relu(oracle.squeeze(x)))),
    Mistake(
        "An extra ReLU is applied before the block.",
        lambda x, kernel, bias=0.0: _eca_with_bias(oracle.relu(x), kernel, bias),
    ),
    Mistake(
        "A ReLU is applied after the block.", lambda x, kernel, bias=0.0: oracle.relu(_eca_with_bias(x, kernel, bias))
    ),
    Mistake(
        "The images share one gate: each image has its own.",
        _block(squeeze=lambda x: np.tile(oracle.squeeze(x).mean(axis=0), (len(x), 1))),
    ),
    Mistake(
        "Every image gets the gate of the first image.",
        _block(squeeze=lambda x: np.tile(oracle.squeeze(x)[0], (len(x), 1))),
    ),
    Mistake(_ALONE, lambda x, kernel, bias=0.0: np.broadcast_to(eca_gate(x, kernel, bias)[:, None, None, :], x.shape)),
    Mistake(_ALONE, lambda x, kernel, bias=0.0: eca_gate(x, kernel, bias)[:, None, None, :]),
    Mistake(_ALONE, lambda x, kernel, bias=0.0: eca_gate(x, kernel, bias)),
    Mistake(
        "The gate is added: a gate multiplies.",
        lambda x, kernel, bias=0.0: x + eca_gate(x, kernel, bias)[:, None, None, :],
    ),
    Mistake(
        "The input is added to the gated map: the residual belongs to the network, not to the block.",
        lambda x, kernel, bias=0.0: x + _eca_with_bias(x, kernel, bias),
    ),
    Mistake(
        "The bare x * gate lines up the batch of the gate with the width of x: the gate needs two more axes.",
        lambda x, kernel, bias=0.0: x * eca_gate(x, kernel, bias),
    ),
    Mistake(
        "The kernel slides over the images of the batch: it belongs along the channels of each image.",
        lambda x, kernel, bias=0.0: x * oracle.sigmoid(_logits(oracle.squeeze(x).T, kernel, bias).T)[:, None, None, :],
    ),
)


# Its means are 2, 1 and -1.
_HAND_MAP = np.array([[[[1.0, 3.0, -4.0], [3.0, -1.0, 0.0]], [[0.0, 2.0, 2.0], [4.0, 0.0, -2.0]]]])


def _forward_questions(rng):
    def block_of(*shape, size):
        return Call((feature_map(rng, *shape), random_kernel(rng, size)))

    random = block_of(2, 5, 7, 8, size=3)
    return {
        "hand": Call((_HAND_MAP, np.array([1.0, 0.5, -1.5]))),
        "paper": Call((paper_map(rng), whole_numbers(rng, 3, largest=5) / 16)),
        "random": random,
        "again": random,
        "many channels": block_of(2, 2, 3, 130, size=7),
        "batch equals width": block_of(4, 3, 4, 6, size=3),
        "one image": block_of(1, 4, 3, 9, size=5),
    }


ECA_FORWARD = Exercise(
    id="eca_forward",
    oracle=oracle.eca_forward,
    questions=_forward_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees(("hand", "paper"), 0.75, "a map and a kernel small enough for paper", name="hand case"),
        agrees(
            ("random", "one image", "many channels"), 1.5, "random maps, kernels without symmetry", name="random cases"
        ),
        agrees("batch equals width", 0.75, "sizes at which a wrong broadcast would go unnoticed", name="equal sides"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=ECA_MISTAKES,
)


def _block_questions(rng):
    def block_of(*shape, size, unknown=None, **keywords):
        # The block has no bias. Where one is left in it is set, and only the weights are judged wrong.
        weights = {"kernel": random_kernel(rng, size), "bias": np.array([rng.uniform(0.3, 0.9)])}
        return KerasCall((*(unknown or shape[1:3]), shape[3]), feature_map(rng, *shape), weights, **keywords)

    # Fixed, exchanged, ignored, one alone too, or rounded otherwise, gamma and b give other sizes.
    other = {"gamma": 1, "b": one_of(rng, 9, 11, 13)}
    random = block_of(2, *sides(rng, 2), int(rng.integers(23, 31)), size=4 + other["b"], keywords=other)
    alike, channels = one_of(rng, 3, 4, 5), int(rng.integers(11, 21))
    shape, small = (alike, one_of(rng, 2, 6), alike, channels), (*sides(rng, 2), channels)
    return {
        "weights": KerasCall(random.input_shape, random.x, {"kernel": random.weights["kernel"]}, other),
        "random": random,
        "default": block_of(2, *sides(rng, 2), 128, size=5, unknown=(None, None)),
        "few channels": block_of(2, *sides(rng, 2, 4), 4, size=1),
        "batch equals width": block_of(*shape, size=3, gradients=rng.normal(size=shape)),
        "twice": KerasCall(small, feature_map(rng, 2, *small), repeat=2),
    }


class KernelSizes(NamedTuple):
    """The sizes of a question about ECA's block."""

    channels: int
    kernel: int

    @classmethod
    def of(cls, question: KerasCall) -> KernelSizes:
        return cls(question.channels, question.weights["kernel"].size)


def _size_without(setting: str) -> Callable[[KerasCall], int]:
    """The kernel size where gamma or b keeps its default value, whatever is asked."""

    def size(question: KerasCall) -> int:
        others = {name: value for name, value in question.keywords.items() if name != setting}
        return oracle.eca_kernel_size(question.channels, **others)

    return size


_EVERY_CHANNEL = "There is a weight for every channel: along which axis does the one kernel slide?"
_ALL_PAIRS = "Every channel meets every other one here: a band of k weights is meant."
_BLOCK_WEIGHT_MISTAKES = (
    WeightMistake("b is not handed on: the kernel size depends on it.", _size_without("b")),
    WeightMistake("gamma is not handed on: the kernel size depends on it.", _size_without("gamma")),
    *weight_mistakes(
        KernelSizes.of,
        ("Do the layers belong to the model, and does the gate come from x?", 0),
        ("gamma and b are exchanged, or the size is 1 whatever they are.", 1),
        ("The kernel has size 3: is it fixed, or are gamma and b ignored?", 3),
        (
            "It takes a quarter of the channels: the size follows the channels that the gate multiplies.",
            lambda s: s.kernel - 2,
        ),
        ("One weight is too many: the block has no bias, and no layer beside the kernel.", lambda s: s.kernel + 1),
        ("The kernel size is rounded up: take that of the exercise above.", lambda s: s.kernel + 2),
        ("A batch norm is left in.", lambda s: {s.kernel + 4, s.kernel + 4 * s.channels}),
        (_EVERY_CHANNEL, lambda s: {s.kernel * s.channels + bias for bias in (0, 1, s.channels)}),
        (_EVERY_CHANNEL, lambda s: {s.kernel**2 * s.channels + bias for bias in (0, 1)}),
        (_EVERY_CHANNEL, lambda s: {s.kernel * s.channels**2, s.kernel * s.channels**2 + s.channels}),
        (_ALL_PAIRS, lambda s: {s.channels**2, s.channels**2 + s.channels}),
    ),
)


ECA_BLOCK = Exercise(
    id="eca_block",
    oracle=lambda x, kernel, bias=0.0: _eca_with_bias(x, kernel, bias),
    questions=_block_questions,
    properties=(
        has_output_shape("random", 0.75),
        has_weights("weights", 1.5, "exactly k weights, all trainable"),
        output_agrees("random", 1.75, "gives what your NumPy version gives, weight for weight"),
        output_agrees(
            ("default", "few channels"), 0.75, "128 and 4 channels, with the default gamma and b", name="default size"
        ),
        output_agrees("batch equals width", 0.5, "a batch as large as the map is wide", name="equal sides"),
        gradients_agree("batch equals width", 0.75),
        builds("default", 0.5),
        stands_twice(("batch equals width", "twice"), 0.5),
    ),
    mistakes=ECA_MISTAKES,
    weight_mistakes=_BLOCK_WEIGHT_MISTAKES,
)
