"""The blocks as the layers' tests go through them: their classes, feature maps, random weights, a reference."""

from __future__ import annotations

import inspect

import numpy as np
from scipy import ndimage

from attention_course import layers

from .backends import numpy

FORMATS = ("channels_last", "channels_first")
BLOCKS = {
    "se": layers.SqueezeExcitation,
    "eca": layers.EfficientChannelAttention,
    "channel": layers.ChannelAttention,
    "spatial": layers.SpatialAttention,
    "cbam": layers.CBAM,
}
FURTHER = {  # with values and gates of their own: test_further.py
    "scse": layers.ScSE,
    "context": layers.GlobalContext,
    "coordinate": layers.CoordinateAttention,
    "simam": layers.SimAM,
}
ALL = BLOCKS | FURTHER
SPATIAL_SIZES = (6, 5, 4)


def feature_map(data_format="channels_last", channels=12, rank=4, batch=2, seed=0):
    """A float32 feature map of this rank with values drawn from a normal distribution."""
    sizes = SPATIAL_SIZES[: rank - 2]
    shape = (batch, channels, *sizes) if data_format == "channels_first" else (batch, *sizes, channels)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def parameters_of(kind):
    """By name, as its __init__ says. Before Python 3.11.4 the signature of a class that inherits it says less."""
    _, *parameters = inspect.signature(kind.__init__).parameters.items()
    return dict(parameters)


def randomise(layer, seed=1):
    """Give every weight, the biases too, random values above 0, smaller where more of them meet in a sum."""
    rng = np.random.default_rng(seed)
    layer.set_weights([rng.uniform(0.2, 1, w.shape) / np.prod(w.shape[:-1], initial=1) ** 0.5 for w in layer.weights])


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def expected_gate(layer, x):
    """The gate of a built block without a norm, its activations the default ones, by SciPy and NumPy in float64."""
    if isinstance(layer, layers.CBAM):
        channel = expected_gate(layer.channel, x)
        return channel * expected_gate(layer.spatial, x * channel)
    x, axes, channel = x.astype("float64"), layer.spatial_axes, layer.channel_axis
    weights = [numpy(weight).astype("float64") for weight in layer.weights]
    if isinstance(layer, layers.SpatialAttention):
        kernel = _spread(weights[0][..., 0], layer.dilation)
        maps = x.mean(channel), x.max(channel)
        logits = [
            sum(ndimage.correlate(pooled[i], kernel[..., j], mode="constant") for j, pooled in enumerate(maps))
            for i in range(len(x))
        ]
        return np.expand_dims(sigmoid(np.array(logits)), channel)
    pools = [x.mean(axes)]
    if isinstance(layer, layers.EfficientChannelAttention):
        logits = ndimage.correlate1d(pools[0], weights[0][:, 0, 0], mode="constant")
    else:
        pools += [x.max(axes)] * isinstance(layer, layers.ChannelAttention)
        w1, b1, w2, b2 = weights
        logits = sum(np.maximum(v @ w1 + b1, 0) @ w2 + b2 for v in pools)
    return np.expand_dims(sigmoid(logits), axes)


def _spread(kernel, dilation):
    """The kernel with dilation - 1 zeros between neighbours along each axis but the last."""
    spread = np.zeros([*((size - 1) * dilation + 1 for size in kernel.shape[:-1]), kernel.shape[-1]])
    spread[(slice(None, None, dilation),) * (kernel.ndim - 1)] = kernel
    return spread
