"""Exercises of notebook 02: the band, the block, its kernel size read both ways, and what it costs.

Source: Wang et al., ECA-Net, arXiv 1910.03151, sections 3.2 and 3.3; the README of its official repository.
"""

from __future__ import annotations

import numpy as np

from autograder.exercise.base import Call, Exercise, KerasCall, Round
from autograder.exercise.block_properties import (
    builds,
    gradients_agree,
    has_weights,
    output_agrees,
    returns_keras_tensor,
    stands_twice,
)
from autograder.exercise.properties import agrees, has_shape, leaves_arguments_alone, returns_array, returns_int

from .. import oracle
from .eca_mistakes import BAND_MISTAKES, BLOCK_MISTAKES, COUNT_MISTAKES, FIRST_MISTAKES, SIZE_MISTAKES, eca_with_bias
from .inputs import feature_map, one_of, paper_map, sides, whole_numbers
from .pattern_properties import counts_by_pattern
from .weight_counts import RESNET_50, depths


def _kernel(rng: np.random.Generator, size: int) -> np.ndarray:
    """A kernel without symmetry, of both signs and with no tap near zero: a flip or a lost tap always shows."""
    taps = rng.uniform(0.4, 1.6, size=size) * np.where(np.arange(size) % 2, -1.0, 1.0)
    return taps + np.linspace(0.0, 1.0, size)


def _band_questions(rng):
    random = Call((_kernel(rng, 5), 9))
    return {
        "hand": Call((np.array([3.0, 1.0, -2.0]), 4)),
        "paper": Call((whole_numbers(rng, 3, largest=9), int(rng.integers(4, 8)))),
        "random": random,
        "again": random,
        "three": Call((_kernel(rng, 3), 8)),
        "seven": Call((_kernel(rng, 7), 12)),
        "one": Call((_kernel(rng, 1) + 1.0, 5)),
        "wide": Call((_kernel(rng, 5), 3)),
    }


BAND_MATRIX = Exercise(
    id="band_matrix",
    oracle=oracle.band_matrix,
    questions=_band_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "three"), 0.5, "gives a square matrix, one row and one column a channel: (C, C)"),
        agrees("hand case", ("hand", "paper"), 1.0, "a kernel of three weights and four channels"),
        agrees("random cases", ("random", "three", "seven"), 1.5, "random kernels of size 3, 5 and 7"),
        agrees("sizes at the edge", ("one", "wide"), 0.5, "a kernel of size 1, and one wider than the channels"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=BAND_MISTAKES,
)

# Its means are 2, 1 and -1.
_HAND_MAP = np.array([[[[1.0, 3.0, -4.0], [3.0, -1.0, 0.0]], [[0.0, 2.0, 2.0], [4.0, 0.0, -2.0]]]])


def _forward_questions(rng):
    def block_of(*shape, size):
        return Call((feature_map(rng, *shape), _kernel(rng, size)))

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
        agrees("hand case", ("hand", "paper"), 0.75, "a map and a kernel small enough for paper"),
        agrees("random cases", ("random", "one image", "many channels"), 1.5, "random maps, kernels without symmetry"),
        agrees("equal sides", ("batch equals width",), 0.75, "sizes at which a wrong broadcast would go unnoticed"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=BLOCK_MISTAKES,
)

# The size is a staircase with few steps: whoever has seen some sizes knows most others, but not those beside a border.
_DRAWN_WIDTHS = tuple(f"beside a border {number}" for number in range(14))
_DRAWN_TIES = tuple(f"tie, gamma and b {number}" for number in range(8))
_DRAWN_SETTINGS = tuple(f"gamma and b {number}" for number in range(8))


def _size_questions(rng):
    def beside_a_border(below: bool) -> Call:
        """Far enough from it for arithmetic in float64, and far above the widths at which 3 is the smallest size."""
        border, distance = 2 ** (4 * int(rng.integers(4, 15)) - 1), 10 ** rng.uniform(-4, -1.3)
        return Call((round(border * (1 - distance if below else 1 + distance)),))

    def tie() -> Call:
        """Where t is an even number. gamma is a power of two, so that every order of the steps finds it exactly."""
        gamma, half, b = one_of(rng, 1, 2, 4), one_of(rng, *range(1, 9)), one_of(rng, *range(-9, 13))
        exponent = 2 * half * gamma - b
        return Call((2**exponent,), {"gamma": gamma, "b": b}) if 3 <= exponent < 60 else tie()

    def with_settings() -> Call:
        """At a distance from the borders; the size is at least 3."""
        gamma, b = one_of(rng, 1, 3, 4, 5), one_of(rng, -5, -4, -3, 2, 3, 4, 5, 6)
        channels = round(2 ** rng.uniform(4, 58))
        t = abs(np.log2(channels) + b) / gamma
        return Call((channels,), {"gamma": gamma, "b": b}) if t > 2.1 and 0.05 < t % 1 < 0.95 else with_settings()

    return {
        "plain": Call((1000,)),
        "64": Call((64,)),
        "256": Call((256,)),
        "512": Call((512,)),
        "between": Call((int(rng.integers(130, 1900)),)),
        "large": Call((int(rng.integers(34_000, 60_000)),)),
        "tie, 8": Call((8,)),
        "tie, 128": Call((128,)),
        "tie, 2048": Call((2048,)),
        "tie, 32768": Call((32768,)),
        # Up to seven channels the size is 1, whatever is drawn.
        "1": Call((1,)),
        "2": Call((2,)),
        "4": Call((4,)),
        "few": Call((int(rng.choice([3, 5, 6, 7])),)),
        # No power of two: in thirds, where the division is rounded, a tie would depend on the order of the steps.
        "gamma 1": Call((int(rng.integers(17, 22)),), {"gamma": 1, "b": 3}),
        "gamma 3": Call((int(rng.integers(900, 1000)),), {"gamma": 3, "b": 2}),
        "b 4": Call((int(rng.integers(40, 60)),), {"b": 4}),
        "b -9": Call((int(rng.integers(5, 7)),), {"gamma": 2, "b": -9}),
        **{key: beside_a_border(below=number % 2 == 0) for number, key in enumerate(_DRAWN_WIDTHS)},
        **{key: tie() for key in _DRAWN_TIES},
        **{key: with_settings() for key in _DRAWN_SETTINGS},
    }


ECA_KERNEL_SIZE = Exercise(
    id="eca_kernel_size",
    oracle=oracle.eca_kernel_size,
    questions=_size_questions,
    properties=(
        returns_int("plain", 0.25),
        counts_by_pattern(
            "usual widths",
            ("plain", "64", "256", "512", "between", "large", *_DRAWN_WIDTHS),
            1.5,
            "the nearest odd number, for the usual widths and for others",
            "The size is wrong for some widths: put the width into the formula by hand, then take the nearest odd one.",
        ),
        counts_by_pattern(
            "ties",
            ("tie, 8", "tie, 128", "tie, 2048", "tie, 32768"),
            1.25,
            "a tie between two odd numbers goes up",
            "The size is wrong where two odd numbers are equally near.",
            also=_DRAWN_TIES,
        ),
        counts_by_pattern(
            "few channels",
            ("1", "2", "4", "few"),
            0.75,
            "one, two and four channels",
            "The size is wrong for fewer than eight channels: the nearest odd number may be 1.",
        ),
        counts_by_pattern(
            "gamma and b",
            ("gamma 1", "gamma 3", "b 4", "b -9", *_DRAWN_SETTINGS),
            1.25,
            "other values of gamma and b, a negative b among them",
            "The size is wrong for other values of gamma and b.",
        ),
    ),
    mistakes=SIZE_MISTAKES,
)

# With the usual gamma and b the answers are a few numbers that stand in the notebook, and more are out of a search's
# reach. So other settings are asked for as well. What they cost if they are not heeded is judged by their own property.
_LARGEST_GAMMA = {3: 8, 5: 4, 7: 3, 9: 2, 11: 2}  # by size: who searches and ignores b comes to an end all the same
_ODD_ELSEWHERE = tuple(f"odd, gamma and b {number}" for number in range(9))
_EVEN_ELSEWHERE = tuple(f"even, gamma and b {number}" for number in range(9))
_OTHER_SETTINGS = tuple(f"other gamma and b {number}" for number in range(9))


def _first_questions(rng):
    def with_settings(below: int = 0) -> list[Call]:
        """Nine sizes, three beyond the notebook's, each with a gamma and a b; `below`: asked for so much less."""
        calls = []
        for size in (11, 11, 11, *rng.choice([3, 5, 7, 9], size=6)):
            gamma, b = 2, 1
            while (gamma, b) == (2, 1):
                gamma = int(rng.integers(1, _LARGEST_GAMMA[size] + 1))
                top = gamma * (int(size) - 1)  # the answer is 2 ** (top - b)
                b = top - int(rng.integers(1, min(top, 12) + 1))
            calls.append(Call((int(size) - below,), {"gamma": gamma, "b": b}))
        return calls

    return {
        "5": Call((5,)),
        "1": Call((1,)),
        "3": Call((3,)),
        "7": Call((7,)),
        "9": Call((9,)),
        "2": Call((2,)),
        "4": Call((4,)),
        "6": Call((6,)),
        "gamma 1, b 2": Call((7,), {"gamma": 1, "b": 2}),
        "gamma 3, b 2": Call((int(rng.choice([3, 5])),), {"gamma": 3, "b": 2}),
        "gamma 1, b 4": Call((3,), {"gamma": 1, "b": 4}),
        **dict(zip(_ODD_ELSEWHERE, with_settings(), strict=True)),
        **dict(zip(_EVEN_ELSEWHERE, with_settings(below=1), strict=True)),
        **dict(zip(_OTHER_SETTINGS, with_settings(), strict=True)),
    }


FIRST_CHANNELS_FOR = Exercise(
    id="first_channels_for",
    oracle=oracle.first_channels_for,
    questions=_first_questions,
    properties=(
        returns_int("5", 0.25),
        counts_by_pattern(
            "odd sizes",
            ("5", "3", "7", "9"),
            1.5,
            "the first channel count for sizes 3, 5, 7 and 9",
            "The count is wrong for an odd size: ask for the kernel size of your count, and of one channel less.",
            also=_ODD_ELSEWHERE,
        ),
        counts_by_pattern(
            "size 1",
            ("1",),
            0.25,
            "one channel is enough for size 1",
            "The count for size 1 is wrong: what is the smallest network?",
        ),
        counts_by_pattern(
            "even numbers",
            ("2", "4", "6"),
            0.75,
            "at least 4 means 5, for sizes are odd",
            "The count is wrong for an even k: sizes are odd, so which is the next one?",
            also=_EVEN_ELSEWHERE,
        ),
        counts_by_pattern(
            "gamma and b",
            ("gamma 1, b 2", "gamma 3, b 2", "gamma 1, b 4", *_OTHER_SETTINGS),
            1.25,
            "other values of gamma and b",
            "The count is wrong for other values of gamma and b.",
        ),
    ),
    mistakes=FIRST_MISTAKES,
)


def _block_questions(rng):
    def block_of(*shape, size, unknown=None, **keywords):
        # The block has no bias. Where one is left in it is set, and only the weights are judged wrong.
        weights = {"kernel": _kernel(rng, size), "bias": np.array([rng.uniform(0.3, 0.9)])}
        return KerasCall((*(unknown or shape[1:3]), shape[3]), feature_map(rng, *shape), weights, **keywords)

    # Fixed, exchanged, ignored or rounded otherwise, gamma and b give other sizes.
    other = {"gamma": 1, "b": one_of(rng, 3, 5, 7)}
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


def _explain_block_weights(total: int, round: Round) -> str | None:
    question = round.questions["weights"]
    channels, size = question.x.shape[-1], question.weights["kernel"].size
    every_channel = "There is a weight for every channel: along which axis does the one kernel slide?"
    rounded_up = "The kernel size is rounded up: take that of the exercise above."
    known = {
        0: "Do the layers belong to the model, and does the gate come from x?",
        1: "gamma and b are exchanged, or the size is 1 whatever they are.",
        3: "The kernel has size 3: is it fixed, or are gamma and b ignored?",
        size - 2: "It takes a quarter of the channels: the size follows the channels that the gate multiplies.",
        size + 1: "A bias is added: the block has none.",
        size + 2: rounded_up,
        size + 4: "A batch norm is left in.",
        size + 4 * channels: "A batch norm is left in.",
        size * channels: every_channel,
        size * channels + 1: every_channel,
        size * channels + channels: every_channel,
        size * channels**2: every_channel,
        size * channels**2 + channels: every_channel,
        channels**2: "Every channel meets every other one here: a band of k weights is meant.",
        channels**2 + channels: "Every channel meets every other one here: a band of k weights is meant.",
    }
    return known.get(total)


ECA_BLOCK = Exercise(
    id="eca_block",
    oracle=lambda x, kernel, bias=0.0: eca_with_bias(x, kernel, bias),
    questions=_block_questions,
    properties=(
        returns_keras_tensor("random", 0.75),
        has_weights("weights", 1.5, "exactly k weights, all trainable", _explain_block_weights),
        output_agrees("values", ("random",), 1.75, "gives what your NumPy version gives, weight for weight"),
        output_agrees(
            "default size", ("default", "few channels"), 0.75, "128 and 4 channels, with the default gamma and b"
        ),
        output_agrees("equal sides", ("batch equals width",), 0.5, "a batch as large as the map is wide"),
        gradients_agree("batch equals width", 0.75),
        builds("unknown sides", "default", 0.5, "works where height and width are not known"),
        stands_twice("batch equals width", "twice", 0.5),
    ),
    mistakes=BLOCK_MISTAKES,
)

ECA_WEIGHT_COUNT = Exercise(
    id="eca_weight_count",
    oracle=oracle.eca_weight_count,
    questions=lambda rng: {
        "ResNet-50": Call(RESNET_50),
        "again": Call(RESNET_50),
        "its widths": Call((RESNET_50[0], depths(rng, 4))),
        "its widths again": Call((RESNET_50[0], depths(rng, 4))),
        "ResNet-101": Call((RESNET_50[0], [3, 4, 23, 3])),
        "ResNet-18": Call(([64, 128, 256, 512], [2, 2, 2, 2])),
        "three stages": Call(([48, 96, 192], depths(rng, 3))),
        "five stages": Call(([32, 64, 160, 640, 2560], depths(rng, 5))),
        "narrow": Call(([4, 8, 16], depths(rng, 3))),
        "narrow again": Call(([4, 8, 16], depths(rng, 3))),
    },
    properties=(
        returns_int("ResNet-50", 0.25),
        counts_by_pattern(
            "ResNet-50",
            ("ResNet-50", "its widths", "its widths again"),
            1.0,
            "a ResNet-50 with the formula's kernel sizes",
            "The count for ResNet-50, or for the same widths with other depths, is not that of the formula.",
        ),
        counts_by_pattern(
            "other networks",
            ("ResNet-101", "ResNet-18", "three stages", "five stages"),
            2.0,
            "other widths and depths, and another number of stages",
            "The count is wrong for other widths, other depths or another number of stages.",
        ),
        counts_by_pattern(
            "few channels",
            ("narrow", "narrow again"),
            0.5,
            "stages with as few as four channels",
            "The count is wrong where a stage has few channels.",
        ),
        leaves_arguments_alone(("ResNet-50", "again"), 0.25),
    ),
    mistakes=COUNT_MISTAKES,
)

EXERCISES = (BAND_MATRIX, ECA_FORWARD, ECA_KERNEL_SIZE, FIRST_CHANNELS_FOR, ECA_BLOCK, ECA_WEIGHT_COUNT)
