"""Further blocks: scSE, global context, coordinate attention and SimAM."""

from __future__ import annotations

import math
from typing import Any, Literal

import keras
from keras import ops

from .base import Activation, DataFormat, Gate, register
from .channel import Bottleneck


def pointwise(dense: keras.layers.Dense, x: Any, channel_axis: int) -> Any:
    """The dense layer at each position of the map x, with the result on the channel axis: a 1x1 convolution."""
    return ops.moveaxis(dense(ops.moveaxis(x, channel_axis, -1)), -1, channel_axis)


def positions(sizes: tuple, spatial_axes: tuple[int, ...]) -> Any:
    """How many positions a map of these sizes has: an int, or a tensor where a size is not known in advance."""
    return math.prod(sizes[axis] for axis in spatial_axes)


@register
class ScSE(Bottleneck):
    """x * (channel gate + spatial gate), concurrent spatial and channel squeeze-and-excitation.

    The channel gate is that of `SqueezeExcitation`; the spatial gate is the sigmoid of a 1x1 convolution of x. Their
    sum lies between 0 and 2, so a block with all weights zero is the identity, and `start="identity"` needs no
    doubling here: the last kernel of each half is zero.

    Shapes: (B, ..., C) -> (B, ..., C), of rank 3, 4 or 5; the gate has the shape of x.
    Weights: 2 C m + m + C of the MLP and C + 1 of the convolution; 2 C m + C with `use_bias=False`.

    Args:
        ratio: m is C // ratio. The paper takes 2; 16 is that of SE.
        use_bias: whether the dense layers and the convolution have biases.
        data_format: as for `SqueezeExcitation`.
        **kwargs: `units`, `divisor`, `start`, the activations, initializers and regularizers, as for
            `SqueezeExcitation`; `name`, `dtype` and `trainable`.

    Raises:
        ValueError: an argument or the shape of the input is not one that the block can work with.

    Source: Roy et al. 2018 (arXiv 1803.02579), section 2. The authors' later code takes the larger of the two
    refined maps, where the paper takes their sum.
    """

    def build_mlp(self, channels: int) -> None:
        super().build_mlp(channels)
        self.position = self.last_dense(channels, 1, "position")

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = ops.cast(self.read(x), self.gate_dtype)
        channel = ops.expand_dims(self.mlp(ops.mean(x, axis=self.spatial_axes)), self.spatial_axes)
        spatial = pointwise(self.position, x, self.channel_axis)
        # Not `activate`, which doubles: two halves that are 1/2 each add up to 1.
        gate = ops.add(self.gate_activation(channel), self.gate_activation(spatial))
        return ops.cast(gate, self.compute_dtype)


@register
class GlobalContext(Bottleneck):
    """x + t or x * sigmoid(t), with t made from a mean of x over the positions that the block attends to.

    `attention(x)` is the softmax over all positions of a 1x1 convolution of x. The context is the mean of x with
    these weights, (B, C), and t = MLP(context) with a layer norm before the activation of its hidden layer. This is
    self-attention with one query that all positions share: softmax(q K^T) V with the kernel of the convolution as q
    and x as both K and V. The convolution has no bias, because the softmax ignores what all logits share.

    Shapes: (B, ..., C) -> (B, ..., C), of rank 3, 4 or 5.
    Weights: C of the convolution, 2 C m + m + C of the MLP and 2 m of the norm; without the biases of the MLP,
    m + C, for `use_bias=False`.

    Args:
        ratio: m is C // ratio.
        use_bias: whether the dense layers of the MLP have biases.
        data_format: as for `SqueezeExcitation`.
        fusion: "add" gives x + t, as in the paper; "scale" gives x * sigmoid(t), the default of timm.
        epsilon: of the layer norm; 1e-5 is the official code's, timm has 1e-6.
        **kwargs: `units`, `divisor`, `start`, the activations, initializers and regularizers, as for
            `SqueezeExcitation`; `name`, `dtype` and `trainable`. With fusion="add" there is no gate activation,
            and `start="identity"` adds exactly 0 at the start.

    Raises:
        ValueError: an argument or the shape of the input is not one that the block can work with, or `gate` is
            called where t is added.

    Source: Cao et al. 2019 (arXiv 1904.11492), "Global Context Block".
    """

    def __init__(
        self,
        ratio: int = 16,
        use_bias: bool = True,
        data_format: DataFormat | None = None,
        *,
        fusion: Literal["add", "scale"] = "add",
        epsilon: float = 1e-5,
        **kwargs: Any,
    ):
        super().__init__(ratio, use_bias, data_format, **kwargs)
        if fusion not in ("add", "scale"):
            raise ValueError(f'{type(self).__name__}: fusion is {fusion!r}. Use "add" or "scale".')
        self.fusion = fusion
        self.epsilon = epsilon

    def build_mlp(self, channels: int) -> None:
        hidden = self.bottleneck_units(channels)
        self.score = self.dense(channels, 1, "score", use_bias=False)
        self.reduce = self.dense(channels, hidden, "reduce")
        self.normalization = keras.layers.LayerNormalization(
            epsilon=self.epsilon, **self.sublayer_arguments("normalization")
        )
        self.normalization.build((None, hidden))
        self.expand = self.last_dense(hidden, channels, "expand")

    def mlp(self, v: Any) -> Any:
        return self.expand(self.hidden_activation(self.normalization(self.reduce(v))))

    def attention(self, x: Any) -> Any:
        """The share of each position in the context, in `gate_dtype`: (B, ..., 1), or (B, 1, ...) channels-first.

        The map of each image sums to 1.

        Args:
            x: the feature map, a tensor or a NumPy array. The layer must have been built, by a call for example.
        """
        x = ops.cast(self.read(x), self.gate_dtype)
        logits = pointwise(self.score, x, self.channel_axis)
        sizes = ops.shape(logits)
        shares = ops.softmax(ops.reshape(logits, (sizes[0], positions(sizes, self.spatial_axes))), axis=-1)
        return ops.reshape(shares, sizes)

    def transform(self, x: Any) -> Any:
        """t, in `gate_dtype`: (B, 1, ..., C), or (B, C, 1, ...) channels-first."""
        weighted = ops.multiply(ops.cast(x, self.gate_dtype), self.attention(x))
        return ops.expand_dims(self.mlp(ops.sum(weighted, axis=self.spatial_axes)), self.spatial_axes)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        if self.fusion == "add":
            raise ValueError(
                f'{type(self).__name__}: with fusion="add" a term is added to x, so there is no gate. '
                'Read `attention(x)`, the map of the positions that the term is made from, or use fusion="scale".'
            )
        return self.activate(self.transform(self.read(x)))

    def call(self, x: Any, training: bool | None = None) -> Any:
        if self.fusion == "scale":
            return super().call(x, training=training)
        x = self.read(x)
        # `ops.add` takes the term of an empty batch for a bias on TensorFlow, and fails.
        return x + ops.cast(self.transform(x), self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "fusion": self.fusion, "epsilon": self.epsilon}


@register
class CoordinateAttention(Bottleneck):
    """x * row gate * column gate, so that the gate of a channel knows where in the image it is.

    The means along each row, (B, H, C), and along each column, (B, W, C), go through one dense layer C -> m, a batch
    norm and the hidden activation. One more dense layer each and the sigmoid make the two gates. The first layer has
    no bias, because the norm takes it away.

    Shapes: (B, H, W, C) -> (B, H, W, C), rank 4 alone; the gate has the shape of x.
    Weights: 3 C m of the dense layers and 2 m of the norm, with 2 C more for `use_bias=True`; 2 m statistics.

    Args:
        ratio: m is C / ratio, rounded to a multiple of `divisor`.
        use_bias: whether the last two dense layers have biases.
        data_format: as for `SqueezeExcitation`.
        divisor: 8, so m is at least 8, as in the official code; None takes C // ratio, at least 1.
        hidden_activation: the official code's, x clip(x + 3, 0, 6) / 6, which is also called hard swish.
        **kwargs: `units`, `start`, the gate activation, initializers and regularizers, as for `SqueezeExcitation`;
            `name`, `dtype` and `trainable`.

    Raises:
        ValueError: an argument or the shape of the input is not one that the block can work with.

    Source: Hou et al. 2021 (arXiv 2103.02907), section 3.2.
    """

    def __init__(
        self,
        ratio: int = 32,
        use_bias: bool = True,
        data_format: DataFormat | None = None,
        *,
        divisor: int | None = 8,
        hidden_activation: Activation = "hard_silu",
        **kwargs: Any,
    ):
        super().__init__(ratio, use_bias, data_format, divisor=divisor, hidden_activation=hidden_activation, **kwargs)

    def read_channels(self, input_shape: tuple[int | None, ...]) -> int:
        channels = super().read_channels(input_shape)
        if len(self.spatial_axes) != 2:
            raise ValueError(
                f"{type(self).__name__} ({self.data_format}): the input has shape {tuple(input_shape)}, rank "
                f"{len(input_shape)}, but rows and columns need a feature map of rank 4. Use another block here."
            )
        return channels

    def build_mlp(self, channels: int) -> None:
        hidden = self.bottleneck_units(channels)
        self.reduce = self.dense(channels, hidden, "reduce", use_bias=False)
        self.normalization = keras.layers.BatchNormalization(
            momentum=0.9, epsilon=1e-5, **self.sublayer_arguments("normalization")
        )
        self.normalization.build((None, None, hidden))
        self.expand_rows = self.last_dense(hidden, channels, "expand_rows")
        self.expand_columns = self.last_dense(hidden, channels, "expand_columns")

    def halves(self, x: Any, training: bool | None = None) -> tuple[Any, Any]:
        """The gates of the rows and of the columns: (B, H, 1, C) and (B, 1, W, C), or the same channels-first."""
        wide = ops.cast(x, self.gate_dtype)
        vertical, horizontal = self.spatial_axes
        rows, columns = (self._swap(ops.mean(wide, axis=axis)) for axis in (horizontal, vertical))
        both = self.reduce(ops.concatenate([rows, columns], axis=1))  # one norm, so one batch of H + W
        both = self.hidden_activation(self.normalization(both, training=training))
        height = ops.shape(rows)[1]
        row_gate = self.activate(self.expand_rows(both[:, :height]))
        column_gate = self.activate(self.expand_columns(both[:, height:]))
        return ops.expand_dims(self._swap(row_gate), horizontal), ops.expand_dims(self._swap(column_gate), vertical)

    def _swap(self, v: Any) -> Any:
        """(B, L, C) from the rank-3 map in the layer's format, and back."""
        return v if self.data_format == "channels_last" else ops.swapaxes(v, 1, 2)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        return ops.multiply(*self.halves(self.read(x), training=training))

    def call(self, x: Any, training: bool | None = None) -> Any:
        # x times the gate, without a gate of the size of x.
        x = self.read(x)
        rows, columns = self.halves(x, training=training)
        return ops.multiply(ops.multiply(x, rows), columns)


@register
class SimAM(Gate):
    """x * sigmoid(1 / e), with the energy e of each value: the further from the mean of its channel, the lower.

    1 / e = d^2 / (4 (variance + e_lambda)) + 1 / 2, with d the distance from the mean over the positions and the
    variance the sum of d^2 over the number of the other positions. The gate lies between sigmoid(1 / 2) = 0.622
    and 1. There are no weights, so there is nothing to train and no `start`: the block is never the identity.

    Shapes: (B, ..., C) -> (B, ..., C), of rank 3, 4 or 5; the gate has the shape of x.
    Weights: none.

    Args:
        e_lambda: above 0; keeps the gate of a constant channel finite.
        data_format: as for `SqueezeExcitation`.
        **kwargs: `name`, `dtype` and `trainable`.

    Raises:
        ValueError: an argument or the shape of the input is not one that the block can work with.

    Source: Yang et al. 2021 (PMLR 139), section 3.2, equation 5; the number of the others is that of its listing.
    """

    def __init__(self, e_lambda: float = 1e-4, data_format: DataFormat | None = None, **kwargs: Any):
        super().__init__(data_format=data_format, **kwargs)
        if not e_lambda > 0:
            raise ValueError(f"{type(self).__name__}: e_lambda is {e_lambda!r}. Give it a number above 0.")
        self.e_lambda = e_lambda

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.read_channels(input_shape)
        super().build(input_shape)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = ops.cast(self.read(x), self.gate_dtype)
        squares = ops.square(x - ops.mean(x, axis=self.spatial_axes, keepdims=True))
        count = ops.cast(positions(ops.shape(x), self.spatial_axes), self.gate_dtype)
        others = ops.maximum(count - 1, 1)  # one position has no others, and d = 0
        variance = ops.sum(squares, axis=self.spatial_axes, keepdims=True) / others
        gate = ops.sigmoid(squares / (4 * (variance + self.e_lambda)) + 0.5)
        return ops.cast(gate, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "e_lambda": self.e_lambda}
