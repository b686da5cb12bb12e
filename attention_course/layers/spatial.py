"""The block that gives each position a weight, and CBAM, in which it follows the channel half."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from .base import (
    Activation,
    DataFormat,
    Gate,
    Initializer,
    LearnedGate,
    Regularizer,
    Start,
    fresh,
    odd_size,
    register,
    whole_number,
)
from .channel import ChannelAttention
from .convolve import StripConv2D

CONVOLUTIONS = {1: keras.layers.Conv1D, 2: StripConv2D, 3: keras.layers.Conv3D}  # by the spatial axes


@register
class SpatialAttention(LearnedGate):
    """x * sigmoid(conv([mean; max] over the channels)), Woo et al. 2018 (arXiv 1807.06521).

    norm: the batch normalisation that the official code, not the paper, puts before the sigmoid. It starts
    with gamma = 0, so that the gate is 0.5 everywhere.
    Weights: 2 kernel_size ** 2, and 2 trainable ones more with norm.
    """

    def __init__(
        self,
        kernel_size: int = 7,
        norm: bool = False,
        data_format: DataFormat | None = None,
        *,
        dilation: int = 1,
        start: Start = "random",
        gate_activation: Activation = "sigmoid",
        kernel_initializer: Initializer = "he_normal",
        kernel_regularizer: Regularizer | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            start=start,
            gate_activation=gate_activation,
            kernel_initializer=kernel_initializer,
            kernel_regularizer=kernel_regularizer,
            data_format=data_format,
            **kwargs,
        )
        self.kernel_size = odd_size(kernel_size, "kernel_size", type(self).__name__)
        self.dilation = whole_number(dilation, "dilation", type(self).__name__)
        self.norm = norm

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.read_channels(input_shape)
        positions = (None,) * len(self.spatial_axes)
        # With a norm its gamma = 0 makes the gate 1, and a kernel of zeros beside it would never learn.
        random = fresh(self.kernel_initializer) if self.norm else self.last_kernel_initializer()
        self.convolution = CONVOLUTIONS[len(positions)](
            1,
            self.kernel_size,
            dilation_rate=self.dilation,
            padding="same",
            use_bias=False,
            kernel_initializer=random,
            kernel_regularizer=self.kernel_regularizer,
            data_format="channels_last",  # as `gate` stacks the two maps; channels-first would need a GPU
            **self.sublayer_arguments("convolution"),
        )
        self.convolution.build((None, *positions, 2))
        if self.norm:
            self.normalization = keras.layers.BatchNormalization(
                momentum=0.99, epsilon=1e-5, gamma_initializer="zeros", **self.sublayer_arguments("normalization")
            )
            self.normalization.build((None, *positions, 1))
        super().build(input_shape)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        mean = ops.mean(ops.cast(x, self.gate_dtype), axis=self.channel_axis)
        largest = ops.cast(ops.amax(x, axis=self.channel_axis), self.gate_dtype)
        logits = self.convolution(ops.stack([mean, largest], axis=-1))
        if self.norm:
            logits = self.normalization(logits, training=training)
        return ops.expand_dims(self.activate(ops.squeeze(logits, -1)), self.channel_axis)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "norm": self.norm,
            "dilation": self.dilation,
        }


@register
class CBAM(Gate):
    """The channel half, then the spatial half of the refined map: Woo et al. 2018 (arXiv 1807.06521).

    ratio and use_bias are those of `ChannelAttention`, kernel_size and norm those of `SpatialAttention`.
    """

    def __init__(
        self,
        ratio: int = 16,
        kernel_size: int = 7,
        use_bias: bool = True,
        norm: bool = False,
        data_format: DataFormat | None = None,
        *,
        units: int | None = None,
        divisor: int | None = None,
        dilation: int = 1,
        start: Start = "random",
        hidden_activation: Activation = "relu",
        gate_activation: Activation = "sigmoid",
        kernel_initializer: Initializer = "he_normal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        both = {
            "start": start,
            "gate_activation": gate_activation,
            "kernel_initializer": kernel_initializer,
            "kernel_regularizer": kernel_regularizer,
        }
        self.channel = ChannelAttention(
            ratio,
            use_bias,
            units=units,
            divisor=divisor,
            hidden_activation=hidden_activation,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            **both,
            **self.half_arguments("channel"),
        )
        self.spatial = SpatialAttention(kernel_size, norm, dilation=dilation, **both, **self.half_arguments("spatial"))

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.read_channels(input_shape)
        self.channel.build(input_shape)
        self.spatial.build(input_shape)
        super().build(input_shape)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        channel = self.channel.gate(x)
        return ops.multiply(channel, self.spatial.gate(ops.multiply(x, channel), training=training))

    def call(self, x: Any, training: bool | None = None) -> Any:
        # x times the gate, without a gate of the size of x: two small ones follow each other.
        return self.spatial(self.channel(x), training=training)

    def get_config(self) -> dict[str, Any]:
        return {**self.spatial.get_config(), **self.channel.get_config(), **super().get_config()}
