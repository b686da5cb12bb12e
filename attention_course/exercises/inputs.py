"""Inputs that leave a wrong answer nowhere to hide: no two axes alike, values of both signs, biases never zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import oracle

# One image, 2 x 2 positions, three channels: small enough to check on paper.
HAND_MAP = np.array([[[[1.0, 0.0, -4.0], [3.0, 0.0, -2.0]], [[5.0, 8.0, 0.0], [7.0, 0.0, -6.0]]]])

RESNET_50 = ([256, 512, 1024, 2048], [3, 4, 6, 3])  # widths and depths of its stages


def feature_map(
    rng: np.random.Generator, batch: int = 2, height: int = 5, width: int = 7, channels: int = 8
) -> np.ndarray:
    """A feature map (B, H, W, C) with B, H, W and C all different and a mean that differs from channel to channel."""
    return rng.normal(size=(batch, height, width, channels)) + rng.normal(size=(batch, 1, 1, channels))


def negative_map(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """A feature map without a positive number: a max that starts at zero shows here, and only here."""
    return -0.1 - np.abs(feature_map(rng, *shape))


def sides(rng: np.random.Generator, *others: int, among: tuple[int, ...] = tuple(range(3, 9))) -> tuple[int, int]:
    """Height and width of a map: two different numbers, unlike the others."""
    height, width = rng.choice([side for side in among if side not in others], size=2, replace=False)
    return int(height), int(width)


def one_of(rng: np.random.Generator, *values: int) -> int:
    """One of these whole numbers, as a Python int."""
    return int(rng.choice(values))


def uneven(
    rng: np.random.Generator, ratios: range = range(3, 13), widths: Sequence[int] = (3, 5, 11), largest: int = 63
) -> tuple[int, int, int]:
    """Channels, at most `largest`, ratio and width of a bottleneck where every slip in its width gives another one.

    The remainder is more than half the ratio, so that rounding to the nearest rounds up. The width is odd and is
    beside no multiple of eight, so that rounding to one is not rounding up.
    """
    while True:
        ratio, width = one_of(rng, *ratios), one_of(rng, *widths)
        channels = ratio * width + int(rng.integers(ratio // 2 + 1, ratio))
        others = (ratio, channels // 8, channels // 16)  # of who takes the ratio for the width, or ignores it
        if channels <= largest and width % 8 in (3, 5) and not {width, width + 1} & set(others):
            return channels, ratio, width


def paper_map(rng: np.random.Generator, largest: int = 9) -> np.ndarray:
    """A feature map (1, 2, 2, 3) small enough for paper: whole numbers, none below zero, and so are its means."""
    while True:
        x = rng.integers(0, largest + 1, size=(1, 2, 2, 3)).astype(np.float64)
        means = x.mean(axis=(1, 2))
        if not np.any(means % 1) and len(np.unique(means)) == 3:
            return x


def whole_numbers(rng: np.random.Generator, *shape: int, largest: int = 3) -> np.ndarray:
    """Whole numbers between -largest and largest, zero apart."""
    return rng.integers(1, largest + 1, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def gates(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Gate values between 0.05 and 0.95."""
    return rng.uniform(0.05, 0.95, size=shape)


def bottleneck(rng: np.random.Generator, width: int, *descriptors: np.ndarray) -> dict[str, np.ndarray]:
    """Weights by slot, w1 (C, m), b1 (m,), w2 (m, C), b2 (C,), of two layers that read each of the descriptors (B, C).

    They are drawn again until a wrong step always shows, in the values and in the gradients. For each descriptor some
    hidden units are asleep and some awake, and none is near the corner of the ReLU. The sum of the logits has both
    signs, and no sigmoid hides it. From a width of 2 on, every row and the mean of all rows wake a unit, so that no two
    have the same gate, and no two descriptors wake the same ones. The width must be at least 2 where there is one row.
    """
    channels = descriptors[0].shape[1]
    while True:
        weights = {
            "w1": rng.normal(size=(channels, width)) / np.sqrt(channels),
            "b1": rng.normal(size=width),
            "w2": rng.normal(size=(width, channels)) / np.sqrt(width),
            "b2": rng.normal(size=channels),
        }
        hidden = [v @ weights["w1"] + weights["b1"] for v in descriptors]
        logits = sum(oracle.shared_mlp(v, **weights) for v in descriptors)
        shows = all(h.min() < 0 < h.max() and np.abs(h).min() > 0.02 for h in hidden)
        shows = shows and logits.min() < -0.5 and logits.max() > 0.5
        if width > 1:
            shows = shows and all(np.vstack([h, h.mean(axis=0)]).max(axis=1).min() > 0 for h in hidden)
            shows = shows and all(np.any((hidden[0] > 0) != (h > 0)) for h in hidden[1:])
        if shows:
            return weights


def depths(rng: np.random.Generator, stages: int) -> list[int]:
    """How many blocks each stage of a network has, all different: a sum of their costs that nobody has seen before."""
    return [int(depth) for depth in rng.choice(np.arange(2, 60), size=stages, replace=False)]
