"""A residual sum in channels-first, relu(x + f gate(f)), and a case that tells it from faulty ports of it."""

import numpy as np

from .blocks import channel_attention_forward
from .feature_maps import as_floats, relu


def residual_sum(x, f, w1, b1, w2, b2):
    """relu(x + f times CBAM's channel gate of f): shortcut x and branch f (B, C, H, W) -> (B, C, H, W).

    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,). Raises ValueError for any other shape.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, with the channel half alone.
    """
    f = as_floats("the branch", f, "B", "C", "H", "W")
    x = as_floats("the shortcut", x, *f.shape)
    return relu(x + channel_attention_forward(f, w1, b1, w2, b2, data_format="channels_first"))


def telling_case(channels, units):
    """Shortcut, branch and weights (x, f, w1, b1, w2, b2) on which no known faulty port gives the right sum.

    The map is as wide as it has channels. The first channel of the branch is below zero everywhere and feeds every
    hidden value, which is above zero for one image and below zero for the other. Some sums are above six.
    """
    shape, waves = (2, channels, 3, channels), np.sin(np.arange(12 * channels * channels))
    x, f = waves.reshape(2, *shape)
    x[..., 0] += 8
    f[0, 0] -= 1.5
    f[1, 0] -= 4
    w1, b1 = np.zeros((channels, units)), np.full(units, 2.0)
    w1[0] = 1
    w2 = np.resize([1.0, -1.0, 0.5], (units, channels)) / units
    return x, f, w1, b1, w2, np.linspace(0.5, 1.5, channels)
