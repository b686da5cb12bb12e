"""Inputs of the oracle's functions of a feature map, all random and asymmetric."""

from __future__ import annotations

import math

import numpy as np


def logistic(t: float) -> float:
    """The sigmoid of one number, computed apart from the oracle's."""
    return 1 / (1 + math.exp(-t))


def draw(seed: int, *shapes) -> list[np.ndarray]:
    """One array of normal numbers for each shape."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def block_inputs(seed: int, batch=2, height=3, width=5, channels=4, bottleneck=2) -> list[np.ndarray]:
    """A feature map, the four arrays of an MLP, an ECA kernel and a spatial kernel."""
    c, m = channels, bottleneck
    return draw(seed, (batch, height, width, c), (c, m), (m,), (m, c), (c,), (3,), (7, 7, 2))


def further_inputs(seed: int, batch=2, height=3, width=5, channels=4, bottleneck=2) -> tuple[np.ndarray, dict]:
    """A feature map and, by the name of its function, the arrays of each further block."""
    c, m = channels, bottleneck
    x, w1, b1, w2, b2, kernel, bias, gamma, beta, mean, variance, w_columns, b_columns = draw(
        seed, (batch, height, width, c), (c, m), m, (m, c), c, c, (), m, m, m, m, (m, c), c
    )
    arguments = {
        "scse_forward": (w1, b1, w2, b2, kernel, bias),
        "context_attention": (kernel,),
        "global_context_forward": (kernel, w1, b1, gamma, beta, w2, b2),
        "coordinate_attention_forward": (w1, gamma, beta, mean, variance**2, w2, b2, w_columns, b_columns),
        "simam_forward": (),
    }
    return x, arguments


def map_functions() -> dict[str, tuple[np.ndarray, tuple]]:
    """Every function of a feature map by its name: the map and the rest of its arguments."""
    x, w1, b1, w2, b2, taps, kernel = block_inputs(0)
    channel_gate, spatial_gate, deep = draw(1, x.shape[::3], x.shape[:3], (3, 3, x.shape[3]))
    mlp = (w1, b1, w2, b2)
    arguments = {
        "global_average_pool": (),
        "global_max_pool": (),
        "channel_pool": (),
        "apply_channel_gate": (channel_gate,),
        "apply_spatial_gate": (spatial_gate,),
        "se_forward": mlp,
        "eca_forward": (taps,),
        "channel_attention_forward": mlp,
        "conv2d_same": (deep,),
        "spatial_attention_forward": (kernel,),
        "cbam_forward": (*mlp, kernel),
    }
    other, further = further_inputs(0)
    found = {name: (x, rest) for name, rest in arguments.items()}
    return found | {name: (other, tuple(map(np.asarray, rest))) for name, rest in further.items()}
