"""The blocks that give each channel a weight: squeeze-and-excitation, ECA, and CBAM's channel half."""

import math

import keras
from keras import ops

from .base import FeatureMapLayer, odd_kernel_size, whole_number

register = keras.saving.register_keras_serializable(package="autograder")


class Bottleneck(FeatureMapLayer):
    """A channel gate made by two dense layers, C -> m -> C with m = max(1, C // ratio)."""

    def __init__(self, ratio=16, use_bias=True, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.ratio = whole_number(ratio, "ratio", type(self).__name__)
        self.use_bias = use_bias

    def build(self, input_shape):
        channels = self.read_channels(input_shape)
        bottleneck = max(1, channels // self.ratio)
        self.reduce = self._dense(bottleneck, "relu", "reduce")
        self.reduce.build((None, channels))
        self.expand = self._dense(channels, None, "expand")
        self.expand.build((None, bottleneck))
        super().build(input_shape)

    def _dense(self, units, activation, name):
        return keras.layers.Dense(
            units,
            activation=activation,
            use_bias=self.use_bias,
            kernel_initializer="he_normal",
            dtype=self.dtype_policy,
            name=name,
        )

    def mlp(self, v):
        """(B, C) -> logits (B, C)."""
        return self.expand(self.reduce(v))

    def scale(self, x, logits):
        """The feature map with each channel multiplied by the sigmoid of its logit, (B, C)."""
        return x * ops.expand_dims(ops.sigmoid(logits), self.spatial_axes)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "use_bias": self.use_bias}


@register
class SqueezeExcitation(Bottleneck):
    """x * sigmoid(MLP(mean of x)), Hu et al. 2018 (arXiv 1709.01507).

    Weights: 2 C m + m + C, without the last two for `use_bias=False`.
    """

    def call(self, x):
        return self.scale(x, self.mlp(ops.mean(x, axis=self.spatial_axes)))


@register
class ChannelAttention(Bottleneck):
    """x * sigmoid(MLP(mean of x) + MLP(max of x)), one MLP for both: Woo et al. 2018 (arXiv 1807.06521).

    Weights: 2 C m + m + C, without the last two for `use_bias=False`.
    """

    def call(self, x):
        mean = ops.mean(x, axis=self.spatial_axes)
        largest = ops.max(x, axis=self.spatial_axes)
        return self.scale(x, self.mlp(mean) + self.mlp(largest))


@register
class EfficientChannelAttention(FeatureMapLayer):
    """x * sigmoid(conv1d(mean of x)), one kernel along the channels: Wang et al. 2020 (arXiv 1910.03151).

    kernel_size: an odd number, or None for the odd number nearest to (log2(C) + b) / gamma, a tie going up.
    Weights: kernel_size.
    """

    def __init__(self, kernel_size=None, gamma=2, b=1, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        if kernel_size is not None:
            kernel_size = odd_kernel_size(kernel_size, type(self).__name__)
        if not gamma > 0:
            raise ValueError(f"{type(self).__name__}: gamma is {gamma!r}. Give it a number above 0.")
        self.kernel_size = kernel_size
        self.gamma = gamma
        self.b = b

    def build(self, input_shape):
        channels = self.read_channels(input_shape)
        self.convolution = keras.layers.Conv1D(
            1,
            self.kernel_size or self._adaptive_size(channels),
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            data_format="channels_last",  # the channels are its steps, whatever the format of the map
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.convolution.build((None, channels, 1))
        super().build(input_shape)

    def _adaptive_size(self, channels):
        size = int(abs((math.log2(channels) + self.b) / self.gamma))
        return size if size % 2 else size + 1

    def call(self, x):
        z = ops.mean(x, axis=self.spatial_axes)
        logits = ops.squeeze(self.convolution(ops.expand_dims(z, -1)), -1)
        return x * ops.expand_dims(ops.sigmoid(logits), self.spatial_axes)

    def get_config(self):
        return {**super().get_config(), "kernel_size": self.kernel_size, "gamma": self.gamma, "b": self.b}
