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
from .convolve import StripConv2D, spread

CONVOLUTIONS = {1: keras.layers.Conv1D, 2: StripConv2D, 3: keras.layers.Conv3D}  # by the spatial axes


@register
class SpatialAttention(LearnedGate):
    """The spatial half of CBAM: each position gets a weight that depends on its neighbourhood.

    y = x * sigmoid(conv([mean of x; maximum of x] over the channels)), with one k x k kernel for the two maps.

    Args:
        kernel_size: k, an odd number.
        norm: The batch normalisation that the official code, not the paper, puts before the sigmoid. It starts with
            gamma = 0, so the gate starts at 0.5 everywhere.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        dilation: The distance between the taps of the kernel, for a wider neighbourhood with as many weights.
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: twice the gate activation, and a kernel of zeros. With `norm` its gamma = 0 does
            that, and the kernel stays random.
        gate_activation: Turns the logits into the gate; with start="identity" a function that is 1/2 at 0, as
            "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For the kernel.
        kernel_regularizer: For the kernel.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, H, W, 1), or (B, 1, H, W) with "channels_first".

    Weights:
        2 k^2, without a bias: 98 for 7 x 7. (2 k for rank 3, 2 k^3 for rank 5.) `norm` adds 2 that are trained and 2
        that are not.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Woo et al. 2018, CBAM (arXiv 1807.06521), section 3, spatial attention module.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.SpatialAttention(kernel_size=7)
        y, gate = layer(x), layer.gate(x)
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
        # With a norm its gamma = 0 makes the logits 0, and a kernel of zeros beside that would never learn.
        initializer = fresh(self.kernel_initializer) if self.norm else self.last_kernel_initializer()
        self.convolution = CONVOLUTIONS[len(positions)](
            1,
            self.kernel_size,
            dilation_rate=self.dilation,
            padding="same",
            use_bias=False,
            kernel_initializer=initializer,
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
        pooled = [self.mean(x, self.channel_axis), self.largest(x, self.channel_axis)]
        logits = self.convolution(ops.stack(pooled, axis=-1))
        if self.norm:
            logits = self.normalization(logits, training=training)
        # Not squeezed: for an empty batch TensorFlow's convolution gives as many channels as it takes.
        return ops.expand_dims(self.activate(logits[..., 0]), self.channel_axis)

    def call(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        gate = self.gate(x, training=training)
        last = self.data_format == "channels_last"
        return ops.multiply(x, spread(gate, x.shape[-1]) if last else gate)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "norm": self.norm,
            "dilation": self.dilation,
        }


@register
class CBAM(Gate):
    """CBAM: the channel half, then the spatial half of what that gives.

    y = SpatialAttention(ChannelAttention(x)), so the gate is the product of the two gates.

    Args:
        ratio: The bottleneck of the channel half has m = max(1, C // ratio) units.
        kernel_size: k of the spatial half, an odd number.
        use_bias: Whether the two dense layers have biases.
        norm: The batch normalisation of the official code in the spatial half. Its gamma starts at 0.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        units: m itself, instead of `ratio`.
        divisor: Rounds C / ratio to the nearest multiple of this, and at least to it, as timm does with 8.
        dilation: The distance between the taps of the spatial kernel.
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: twice the gate activation, and a last kernel and bias of zeros in each half. With
            `norm` its gamma = 0 does that in the spatial half.
        hidden_activation: The activation of the bottleneck.
        gate_activation: Turns the logits into the gate; with start="identity" a function that is 1/2 at 0, as
            "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For all three kernels.
        bias_initializer: For the two biases.
        kernel_regularizer: For all three kernels.
        bias_regularizer: For the two biases.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, H, W, C), or (B, C, H, W) with "channels_first".

    Weights:
        2 C m + m + C in the channel half (2 C m with `use_bias=False`) and 2 k^2 in the spatial half; `norm` adds 2
        that are trained and 2 that are not.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Woo et al. 2018, CBAM (arXiv 1807.06521), section 3; the norm is that of its official code.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.CBAM(ratio=16)
        y, gate = layer(x), layer.gate(x)
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
        both: dict[str, Any] = {
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
