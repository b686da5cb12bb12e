"""Inputs that leave a wrong answer nowhere to hide: no two axes alike, values of both signs, biases never zero."""

from __future__ import annotations

import numpy as np


def feature_map(rng: np.random.Generator, batch: int = 2, height: int = 5, width: int = 7, channels: int = 8):
    """A feature map (B, H, W, C) with B, H, W and C all different and a mean that differs from channel to channel."""
    return rng.normal(size=(batch, height, width, channels)) + rng.normal(size=(batch, 1, 1, channels))


def negative_map(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """A feature map without a positive number: a max that starts at zero shows here, and only here."""
    return -0.1 - np.abs(feature_map(rng, *shape))


def paper_map(rng: np.random.Generator) -> np.ndarray:
    """A feature map (1, 2, 2, 3) small enough for paper: whole numbers, none below zero, and so are its means."""
    while True:
        x = rng.integers(0, 10, size=(1, 2, 2, 3)).astype(np.float64)
        means = x.mean(axis=(1, 2))
        if not np.any(means % 1) and len(np.unique(means)) == 3:
            return x


def whole_numbers(rng: np.random.Generator, *shape: int, largest: int = 3) -> np.ndarray:
    """Whole numbers between -largest and largest, zero apart."""
    return rng.integers(1, largest + 1, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def gates(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Gate values between 0.05 and 0.95."""
    return rng.uniform(0.05, 0.95, size=shape)


def bottleneck(rng: np.random.Generator, z: np.ndarray, width: int) -> dict[str, np.ndarray]:
    """Weights of a two-layer bottleneck for z (B, C), by slot: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,).

    They are drawn again until z @ w1 + b1 has values of both signs, so that a missing ReLU always shows, and none near
    zero, where the ReLU has no derivative to compare with. The width must be at least 2 where z has one row.
    """
    channels = z.shape[1]
    while True:
        weights = {
            "w1": rng.normal(size=(channels, width)),
            "b1": rng.normal(size=width),
            "w2": rng.normal(size=(width, channels)),
            "b2": rng.normal(size=channels),
        }
        hidden = z @ weights["w1"] + weights["b1"]
        if hidden.min() < 0 < hidden.max() and np.abs(hidden).min() > 0.05:
            return weights
