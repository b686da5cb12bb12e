"""The block that gives each position a weight, and CBAM, which puts it behind the channel half."""

import keras
from keras import ops

from .base import FeatureMapLayer, odd_kernel_size
from .channel import ChannelAttention, register


@register
class SpatialAttention(FeatureMapLayer):
    """x * sigmoid(conv([mean; max] over the channels)), Woo et al. 2018 (arXiv 1807.06521).

    norm: the batch normalisation that the official code, not the paper, puts before the sigmoid. It starts
    with gamma = 0, so that the gate is 0.5 everywhere.
    Weights: 2 kernel_size ** 2, and 2 trainable ones more with norm.
    """

    def __init__(self, kernel_size=7, norm=False, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.kernel_size = odd_kernel_size(kernel_size, type(self).__name__)
        self.norm = norm

    def build(self, input_shape):
        self.read_channels(input_shape)
        pooled_shape = (None, None, None, 2)
        self.convolution = keras.layers.Conv2D(
            1,
            self.kernel_size,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            data_format="channels_last",  # as `call` stacks the two maps; channels-first would need a GPU
            dtype=self.dtype_policy,
            name="convolution",
        )
        self.convolution.build(pooled_shape)
        if self.norm:
            self.normalization = keras.layers.BatchNormalization(
                momentum=0.99, epsilon=1e-5, gamma_initializer="zeros", dtype=self.dtype_policy, name="normalization"
            )
            self.normalization.build((None, None, None, 1))
        super().build(input_shape)

    def call(self, x, training=None):
        mean = ops.mean(x, axis=self.channel_axis)
        largest = ops.max(x, axis=self.channel_axis)
        logits = self.convolution(ops.stack([mean, largest], axis=-1))
        if self.norm:
            logits = self.normalization(logits, training=training)
        gate = ops.sigmoid(ops.squeeze(logits, -1))
        return x * ops.expand_dims(gate, self.channel_axis)

    def get_config(self):
        return {**super().get_config(), "kernel_size": self.kernel_size, "norm": self.norm}


@register
class CBAM(FeatureMapLayer):
    """The channel half, then the spatial half of the refined map: Woo et al. 2018 (arXiv 1807.06521).

    ratio and use_bias are those of `ChannelAttention`, kernel_size and norm those of `SpatialAttention`.
    """

    def __init__(self, ratio=16, kernel_size=7, use_bias=True, norm=False, data_format=None, **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        shared = {"data_format": self.data_format, "dtype": self.dtype_policy}
        self.channel = ChannelAttention(ratio, use_bias, name="channel", **shared)
        self.spatial = SpatialAttention(kernel_size, norm, name="spatial", **shared)

    def build(self, input_shape):
        self.read_channels(input_shape)
        self.channel.build(input_shape)
        self.spatial.build(input_shape)
        super().build(input_shape)

    def call(self, x, training=None):
        return self.spatial(self.channel(x), training=training)

    def get_config(self):
        return {
            **super().get_config(),
            "ratio": self.channel.ratio,
            "kernel_size": self.spatial.kernel_size,
            "use_bias": self.channel.use_bias,
            "norm": self.spatial.norm,
        }
