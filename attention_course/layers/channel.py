"""The blocks that give each channel a weight: squeeze-and-excitation, ECA, and CBAM's channel half."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import keras
from keras import ops

from .base import (
    Activation,
    DataFormat,
    Initializer,
    LearnedGate,
    Regularizer,
    Start,
    fresh,
    odd_size,
    positive_number,
    register,
    whole_number,
)


class Bottleneck(LearnedGate):
    """A gate whose logits come from an MLP of two dense layers, C -> m -> C, called by `mlp` once it is built."""

    def __init__(
        self,
        ratio: int = 16,
        use_bias: bool = True,
        data_format: DataFormat | None = None,
        *,
        units: int | None = None,
        divisor: int | None = None,
        start: Start = "random",
        hidden_activation: Activation = "relu",
        gate_activation: Activation = "sigmoid",
        kernel_initializer: Initializer = "he_normal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
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
        here = type(self).__name__
        self.ratio = whole_number(ratio, "ratio", here)
        self.units = None if units is None else whole_number(units, "units", here)
        self.divisor = None if divisor is None else whole_number(divisor, "divisor", here)
        self.use_bias = use_bias
        self.hidden_activation = keras.activations.get(hidden_activation)
        self.bias_initializer = bias_initializer
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.build_mlp(self.read_channels(input_shape))
        super().build(input_shape)

    def build_mlp(self, channels: int) -> None:
        """Make the two dense layers for this number of channels."""
        hidden = self.bottleneck_units(channels)
        self.reduce = self.dense(channels, hidden, "reduce", activation=self.hidden_activation)
        self.expand = self.last_dense(hidden, channels, "expand")

    def bottleneck_units(self, channels: int) -> int:
        """m, the width of the hidden layer: `units`, or C / ratio, rounded down or to a multiple of `divisor`."""
        if self.units is not None:
            return self.units
        if self.divisor is None:
            return max(1, channels // self.ratio)
        # The nearest multiple, a tie going up, in whole numbers: floor(C / (ratio d) + 1/2) d.
        step = self.ratio * self.divisor
        return max(1, (2 * channels + step) // (2 * step)) * self.divisor

    def dense(self, inputs: int, units: int, name: str, **more: Any) -> keras.layers.Dense:
        """A dense layer, built for vectors of this width, with the block's own arguments unless `more` has them."""
        arguments = {
            "use_bias": self.use_bias,
            "kernel_initializer": fresh(self.kernel_initializer),
            "bias_initializer": fresh(self.bias_initializer),
            "kernel_regularizer": self.kernel_regularizer,
            "bias_regularizer": self.bias_regularizer,
        }
        layer = keras.layers.Dense(units, **arguments | more, **self.sublayer_arguments(name))
        layer.build((None, inputs))
        return layer

    def last_dense(self, inputs: int, units: int, name: str) -> keras.layers.Dense:
        """A dense layer that makes logits: all zero for a gate that starts at 1."""
        bias = {"bias_initializer": "zeros"} if self.start == "identity" else {}
        return self.dense(inputs, units, name, kernel_initializer=self.last_kernel_initializer(), **bias)

    def mlp(self, v: Any) -> Any:
        """(B, C) -> logits (B, C), in `gate_dtype`."""
        return self.expand(self.reduce(v))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "ratio": self.ratio,
            "use_bias": self.use_bias,
            "units": self.units,
            "divisor": self.divisor,
            "hidden_activation": keras.activations.serialize(self.hidden_activation),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
        }


@register
class SqueezeExcitation(Bottleneck):
    """Squeeze-and-excitation: each channel gets a weight that depends on the means of all channels.

    y = x * sigmoid(MLP(mean of x over the positions)), where the MLP is dense(m), ReLU, dense(C).

    Args:
        ratio: The bottleneck has m = max(1, C // ratio) units.
        use_bias: Whether the two dense layers have biases.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        units: m itself, instead of `ratio`.
        divisor: Rounds C / ratio to the nearest multiple of this, and at least to it, as timm does with 8.
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: twice the gate activation, and a last kernel and bias of zeros.
        hidden_activation: The activation of the bottleneck.
        gate_activation: Turns the logits into the gate; with start="identity" a function that is 1/2 at 0, as
            "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For the two dense kernels.
        bias_initializer: For the two biases.
        kernel_regularizer: For the two dense kernels.
        bias_regularizer: For the two biases.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, 1, 1, C), or (B, C, 1, 1) with "channels_first".

    Weights:
        2 C m + m + C, and 2 C m with `use_bias=False`.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Hu et al. 2018, Squeeze-and-Excitation Networks (arXiv 1709.01507), section 3; the biases are those of its
        official code.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.SqueezeExcitation(ratio=16)
        y, gate = layer(x), layer.gate(x)
    """

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        logits = self.mlp(self.mean(x, self.spatial_axes))
        return ops.expand_dims(self.activate(logits), self.spatial_axes)


@register
class ChannelAttention(Bottleneck):
    """The channel half of CBAM: each channel gets a weight that depends on the means and maxima of all channels.

    y = x * sigmoid(MLP(mean of x) + MLP(maximum of x)), both over the positions. One MLP serves both: dense(m), ReLU,
    dense(C).

    Args:
        ratio: The bottleneck has m = max(1, C // ratio) units.
        use_bias: Whether the two dense layers have biases.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        units: m itself, instead of `ratio`.
        divisor: Rounds C / ratio to the nearest multiple of this, and at least to it, as timm does with 8.
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: twice the gate activation, and a last kernel and bias of zeros.
        hidden_activation: The activation of the bottleneck.
        gate_activation: Turns the logits into the gate; with start="identity" a function that is 1/2 at 0, as
            "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For the two dense kernels.
        bias_initializer: For the two biases.
        kernel_regularizer: For the two dense kernels.
        bias_regularizer: For the two biases.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, 1, 1, C), or (B, C, 1, 1) with "channels_first".

    Weights:
        2 C m + m + C, and 2 C m with `use_bias=False`.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Woo et al. 2018, CBAM (arXiv 1807.06521), section 3, channel attention module.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.ChannelAttention(ratio=16)
        y, gate = layer(x), layer.gate(x)
    """

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        logits = self.mlp(self.mean(x, self.spatial_axes)) + self.mlp(self.largest(x, self.spatial_axes))
        return ops.expand_dims(self.activate(logits), self.spatial_axes)


@register
class EfficientChannelAttention(LearnedGate):
    """Efficient channel attention: each channel gets a weight that depends on the means of its neighbours.

    y = x * sigmoid(conv1d(mean of x over the positions)), with one short kernel that slides along the channels.

    Args:
        kernel_size: An odd number, or None for the odd number nearest to (log2(C) + b) / gamma, a tie going up.
        gamma: Of the rule for the kernel size.
        b: Of the rule for the kernel size.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        min_kernel: The least size that the rule may give. With fewer than 8 channels the rule gives 1, a kernel
            that sees no neighbour; timm and kecam have 3 here.
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: twice the gate activation, and a kernel of zeros.
        gate_activation: Turns the logits into the gate; with start="identity" a function that is 1/2 at 0, as
            "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For the kernel.
        kernel_regularizer: For the kernel.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, 1, 1, C), or (B, C, 1, 1) with "channels_first".

    Weights:
        kernel_size, without a bias: 3 for 16 channels, 5 for 256.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Wang et al. 2020, ECA-Net (arXiv 1910.03151), section 3.2.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.EfficientChannelAttention()
        y, gate = layer(x), layer.gate(x)
    """

    def __init__(
        self,
        kernel_size: int | None = None,
        gamma: float = 2,
        b: float = 1,
        data_format: DataFormat | None = None,
        *,
        min_kernel: int = 1,
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
        here = type(self).__name__
        self.kernel_size = None if kernel_size is None else odd_size(kernel_size, "kernel_size", here)
        self.gamma = positive_number(gamma, "gamma", here)
        if not isinstance(b, Real):
            raise ValueError(f"{here}: b is {b!r}. Give it a number.")
        self.b = b
        self.min_kernel = odd_size(min_kernel, "min_kernel", here)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = self.read_channels(input_shape)
        self.convolution = keras.layers.Conv1D(
            1,
            self.kernel_size or self._adaptive_size(channels),
            padding="same",
            use_bias=False,
            kernel_initializer=self.last_kernel_initializer(),
            kernel_regularizer=self.kernel_regularizer,
            data_format="channels_last",  # the channels are its steps, whatever the format of the map
            **self.sublayer_arguments("convolution"),
        )
        self.convolution.build((None, channels, 1))
        super().build(input_shape)

    def _adaptive_size(self, channels: int) -> int:
        size = int(abs((math.log2(channels) + self.b) / self.gamma))
        return max(self.min_kernel, size if size % 2 else size + 1)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        steps = ops.expand_dims(self.mean(x, self.spatial_axes), -1)
        logits = ops.squeeze(self.convolution(steps), -1)
        return ops.expand_dims(self.activate(logits), self.spatial_axes)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "gamma": self.gamma,
            "b": self.b,
            "min_kernel": self.min_kernel,
        }
