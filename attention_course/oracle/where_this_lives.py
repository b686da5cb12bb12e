"""A gate that starts at 1, how much a trained gate depends on the class, and pooling that chooses positions."""

import numpy as np

from .blocks import excite
from .feature_maps import apply_channel_gate, as_floats, global_average_pool, read_map
from .further import context_attention


def identity_se_forward(x, w1, b1, w2, b2):
    """x times twice the gate of SE, which is 1 where w2 and b2 are zero: (B, H, W, C) -> (B, H, W, C).

    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,). Raises ValueError for any other shape.
    """
    return apply_channel_gate(x, 2 * excite(global_average_pool(x), w1, b1, w2, b2))


def gate_spread(gates, labels):
    """The standard deviation over the classes of each channel's mean gate: gates (B, C), labels (B,) -> (C,).

    Every class that has an image counts once, and the deviation divides by the number of these classes.
    Raises ValueError for any other shape.
    Source: the analysis of Hu et al. 2018 (arXiv 1709.01507), section 7.2, as one number per channel.
    """
    gates = as_floats("the gates", gates, "B", "C")
    labels = as_floats("the labels", labels, len(gates))
    return np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)]).std(axis=0)


def softmax_pool(x, query):
    """The mean of x weighted by the softmax over positions of x query: (B, H, W, C) and (C,) -> (B, C).

    Raises ValueError for any other shape.
    Source: the context modeling of Cao et al. 2019 (arXiv 1904.11492); the weights are `context_attention`'s.
    """
    return np.einsum("bhw,bhwc->bc", context_attention(x, query), read_map(x, "channels_last"))
