"""Inputs that leave a wrong answer nowhere to hide: no two axes alike, values of both signs, biases never zero."""

from __future__ import annotations

import numpy as np


def feature_map(rng: np.random.Generator, batch: int = 2, height: int = 5, width: int = 7, channels: int = 8):
    """A feature map (B, H, W, C) with B, H, W and C all different and a mean that differs from channel to channel."""
    return rng.normal(size=(batch, height, width, channels)) + rng.normal(size=(batch, 1, 1, channels))


def negative_map(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """A feature map without a positive number: a max that starts at zero shows here, and only here."""
    return -0.1 - np.abs(feature_map(rng, *shape))


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
