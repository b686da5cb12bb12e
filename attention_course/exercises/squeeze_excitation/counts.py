"""What a squeeze-and-excitation block costs, in weights.

Source: Hu, Shen and Sun, Squeeze-and-Excitation Networks, arXiv 1709.01507, section 4.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.exercise.counts import counts, returns_int
from autograder.exercise.exercise import Exercise, Mistake
from autograder.exercise.questions import Call

from ... import oracle
from ..gate_mistakes import to_eight
from ..inputs import uneven


def _two_layers(channels, width, bias=True):
    return 2 * channels * width + (width + channels) * bias


_ONE_BIAS = "The first bias is as long as the bottleneck is wide, the second has one entry per channel."


def _even(rng: np.random.Generator) -> tuple[int, int]:
    """Channels and a ratio that divides them; the width is a multiple of eight, and not the ratio."""
    while True:
        ratio, width = int(rng.choice([2, 3, 4, 5, 6, 7, 9, 10, 12])), 8 * int(rng.integers(2, 56))
        if width != ratio and width * ratio < 1200:  # somebody may make the layers and count
            return ratio * width, ratio


def _se_count_questions(rng):
    def published():
        return Call((16 * int(rng.integers(5, 120)),))

    channels, ratio, _ = uneven(rng, range(3, 14), range(40, 120), 1200)
    even, even_ratio = _even(rng)
    bare, bare_ratio = _even(rng)
    return {
        "default": Call((64,)),
        "wide": Call((2048,)),
        **{f"ratio 16, {number}": published() for number in range(3)},
        "uneven": Call((channels,), {"ratio": ratio}),
        "ratio": Call((even,), {"ratio": even_ratio}),
        "no bias": Call((512,), {"bias": False}),
        "no bias, drawn": Call((128 * int(rng.integers(5, 20)),), {"bias": False}),
        "no bias, ratio": Call((96,), {"ratio": 6, "bias": False}),
        "no bias, drawn ratio": Call((bare,), {"ratio": bare_ratio, "bias": False}),
    }


SE_WEIGHT_COUNT = Exercise(
    id="se_weight_count",
    oracle=oracle.se_weight_count,
    questions=_se_count_questions,
    properties=(
        returns_int("default", 0.25),
        counts(
            ("default", "wide", "ratio 16, 0", "ratio 16, 1", "ratio 16, 2"),
            1.0,
            "the published sizes, ratio 16, with biases",
            name="with biases",
            otherwise="The count is wrong for ratio 16: write down the shapes of both layers and add up their sizes.",
        ),
        counts(
            ("ratio", "uneven"),
            1.5,
            "other ratios, also where they do not divide the channels",
            name="ratio",
            otherwise="The count is wrong for another ratio, or where the ratio does not divide the channels.",
        ),
        counts(
            ("no bias", "no bias, drawn", "no bias, ratio", "no bias, drawn ratio"),
            1.25,
            "bias=False leaves both biases out",
            name="without biases",
            otherwise="The count is wrong where bias=False.",
        ),
    ),
    mistakes=(
        Mistake(
            "The ratio is taken for the width of the bottleneck.",
            lambda c, ratio=16, bias=True: _two_layers(c, ratio, bias),
        ),
        Mistake(
            "The bottleneck is made wider by the ratio, not narrower.",
            lambda c, ratio=16, bias=True: _two_layers(c, c * ratio, bias),
        ),
        Mistake(
            "One of the two matrices is forgotten.",
            lambda c, ratio=16, bias=True: c * (c // ratio) + (c // ratio + c) * bias,
        ),
        Mistake("The biases are left out where bias=True.", lambda c, ratio=16, bias=True: 2 * c * (c // ratio)),
        Mistake("bias=False is ignored.", lambda c, ratio=16, bias=True: _two_layers(c, c // ratio)),
        Mistake("The ratio is ignored.", lambda c, ratio=16, bias=True: _two_layers(c, c // 16, bias)),
        Mistake(_ONE_BIAS, lambda c, ratio=16, bias=True: 2 * c * (c // ratio) + 2 * c * bias),
        Mistake(_ONE_BIAS, lambda c, ratio=16, bias=True: 2 * c * (c // ratio) + 2 * (c // ratio) * bias),
        Mistake(_ONE_BIAS, lambda c, ratio=16, bias=True: 2 * c * (c // ratio) + c * bias),
        Mistake(
            "The width is a fraction: round it down before anything else.",
            lambda c, ratio=16, bias=True: _two_layers(c, c / ratio, bias),
        ),
        Mistake(
            "The product is divided and rounded: round the width alone, before anything else.",
            lambda c, ratio=16, bias=True: 2 * c * c // ratio + (c // ratio + c) * bias,
        ),
        Mistake(
            "The product is divided and rounded: round the width alone, before anything else.",
            lambda c, ratio=16, bias=True: int(_two_layers(c, c / ratio, bias)),
        ),
        Mistake(
            "The width is rounded up: it is to be rounded down.",
            lambda c, ratio=16, bias=True: _two_layers(c, math.ceil(c / ratio), bias),
        ),
        Mistake(
            "The width is rounded to a multiple of 8, as some libraries do.",
            lambda c, ratio=16, bias=True: _two_layers(c, to_eight(c // ratio), bias),
        ),
    ),
)
