"""Further blocks: scSE, global context, coordinate attention and SimAM."""

from __future__ import annotations

from typing import Any, Literal

import keras
from keras import ops

from .base import Activation, DataFormat, Gate, Initializer, Regularizer, Start, positive_number, register
from .channel import Bottleneck


def pointwise(dense: keras.layers.Dense, x: Any, channel_axis: int) -> Any:
    """The dense layer at each position of the map x, with the result on the channel axis: a 1x1 convolution."""
    return ops.moveaxis(dense(ops.moveaxis(x, channel_axis, -1)), -1, channel_axis)


@register
class ScSE(Bottleneck):
    """scSE: each value gets the sum of a weight for its channel and a weight for its position.

    y = x * (sigmoid(MLP(mean of x over the positions)) + sigmoid(conv of x)), where the MLP is that of
    `SqueezeExcitation` and the convolution has a 1 x 1 kernel and one filter. The gate lies between 0 and 2.

    Args:
        ratio: The bottleneck has m = max(1, C // ratio) units. The paper takes ratio 2.
        use_bias: Whether the two dense layers and the convolution have biases.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        units: m itself, instead of `ratio`.
        divisor: Rounds C / ratio to the nearest multiple of this, and at least to it, as timm does with 8.
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: a last kernel and bias of zeros in each half make two halves of 1/2, so nothing is
            doubled here.
        hidden_activation: The activation of the bottleneck.
        gate_activation: Turns the logits of each half into its weights; with start="identity" a function that is
            1/2 at 0, as "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For all three kernels.
        bias_initializer: For all three biases.
        kernel_regularizer: For all three kernels.
        bias_regularizer: For all three biases.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, H, W, C), or (B, C, H, W) with "channels_first".

    Weights:
        2 C m + m + C of the MLP and C + 1 of the convolution; 2 C m + C with `use_bias=False`.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Roy et al. 2018, Concurrent Spatial and Channel Squeeze & Excitation (arXiv 1803.02579), section 2. The
        authors' later code takes the larger of the two refined maps, where the paper takes their sum.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.ScSE(ratio=16)
        y, gate = layer(x), layer.gate(x)
    """

    def build_mlp(self, channels: int) -> None:
        super().build_mlp(channels)
        self.position = self.last_dense(channels, 1, "position")

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = ops.cast(self.read(x), self.gate_dtype)
        channel = ops.expand_dims(self.mlp(self.mean(x, self.spatial_axes)), self.spatial_axes)
        spatial = pointwise(self.position, x, self.channel_axis)
        # Not `activate`, which doubles: two halves that are 1/2 each add up to 1.
        gate = ops.add(self.gate_activation(channel), self.gate_activation(spatial))
        return ops.cast(gate, self.compute_dtype)


@register
class GlobalContext(Bottleneck):
    """Global context: all positions get the same term or the same weights, made from where the block looks.

    `attention(x)` is the softmax over all positions of a 1 x 1 convolution of x, and the context is the mean of x with
    these shares, (B, C). Then t = MLP(context), where the MLP is dense(m), layer norm, ReLU, dense(C), and y = x + t or
    y = x * sigmoid(t). The context is self-attention with one query for all positions, softmax(q K^T) V with the
    kernel of the convolution as q and x as K and as V. The convolution has no bias: the softmax would ignore it.

    Args:
        ratio: The bottleneck has m = max(1, C // ratio) units. The layer norm leaves nothing of the context at
            m = 1 and a sign at m = 2, so with few channels give a smaller ratio, or `units`.
        use_bias: Whether the two dense layers have biases.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        fusion: "add" gives x + t, as in the paper; "scale" gives x * sigmoid(t), the default of timm.
        epsilon: Of the layer norm. The official code has 1e-5, timm 1e-6.
        units: m itself, instead of `ratio`.
        divisor: Rounds C / ratio to the nearest multiple of this, and at least to it; timm has 1 here, with ratio 8.
        start: "random" draws every kernel. "identity" makes y exactly x, so that the block changes nothing until it
            is trained: a last kernel and bias of zeros, and with fusion="scale" twice the gate activation. The
            official code starts fusion="add" so.
        hidden_activation: The activation of the bottleneck, after its norm.
        gate_activation: Turns t into the gate of fusion="scale"; with start="identity" a function that is 1/2 at 0,
            as "sigmoid" and "hard_sigmoid" are. fusion="add" has no gate.
        kernel_initializer: For all three kernels.
        bias_initializer: For the two biases.
        kernel_regularizer: For all three kernels.
        bias_regularizer: For the two biases.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        attention(x): (B, H, W, 1), or (B, 1, H, W) with "channels_first".
        gate(x), with fusion="scale": (B, 1, 1, C), or (B, C, 1, 1) with "channels_first".

    Weights:
        C of the convolution, 2 C m + m + C of the MLP (2 C m with `use_bias=False`) and 2 m of the norm.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead. Also
            `gate` with fusion="add".

    Source:
        Cao et al. 2019, GCNet (arXiv 1904.11492), "Global Context Block".

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.GlobalContext(ratio=16, fusion="scale")
        y, gate, attention = layer(x), layer.gate(x), layer.attention(x)
    """

    def __init__(
        self,
        ratio: int = 16,
        use_bias: bool = True,
        data_format: DataFormat | None = None,
        *,
        fusion: Literal["add", "scale"] = "add",
        epsilon: float = 1e-5,
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
            ratio,
            use_bias,
            data_format,
            units=units,
            divisor=divisor,
            start=start,
            hidden_activation=hidden_activation,
            gate_activation=gate_activation,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            **kwargs,
        )
        if fusion not in ("add", "scale"):
            raise ValueError(f'{type(self).__name__}: fusion is {fusion!r}. Use "add" or "scale".')
        self.fusion = fusion
        self.epsilon = positive_number(epsilon, "epsilon", type(self).__name__)

    def build_mlp(self, channels: int) -> None:
        hidden = self.bottleneck_units(channels)
        self.score = self.dense(channels, 1, "score", use_bias=False)
        self.reduce = self.dense(channels, hidden, "reduce")
        self.normalization = keras.layers.LayerNormalization(
            epsilon=self.epsilon, **self.sublayer_arguments("normalization")
        )
        self.normalization.build((None, hidden))
        # A layer, because some of Keras's activation functions take no KerasTensor.
        self.activation = keras.layers.Activation(self.hidden_activation, **self.sublayer_arguments("activation"))
        self.expand = self.last_dense(hidden, channels, "expand")

    def mlp(self, v: Any) -> Any:
        return self.expand(self.activation(self.normalization(self.reduce(v))))

    def attention(self, x: Any) -> Any:
        """The share of each position in the context, in `gate_dtype`; those of an image sum to 1.

        Args:
            x: The feature map: a tensor, a NumPy array, or a KerasTensor of a model.

        Raises:
            ValueError: before the layer is built, by a first call for example.
        """
        x = ops.cast(self.read(x), self.gate_dtype)
        logits = pointwise(self.score, x, self.channel_axis)
        # Keras's softmax over several axes needs the sizes of the others in advance.
        largest = ops.expand_dims(self.largest(logits, self.spatial_axes), self.spatial_axes)
        shares = ops.exp(logits - largest)
        return shares / ops.sum(shares, axis=self.spatial_axes, keepdims=True)

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

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> GlobalContext:
        # Keras's reader of .h5 files takes "add" for its own function of that name.
        fusion = config.get("fusion", "add")
        return super().from_config({**config, "fusion": getattr(fusion, "__name__", fusion)})


@register
class CoordinateAttention(Bottleneck):
    """Coordinate attention: each channel gets a weight for every row and one for every column.

    The means along each row, (B, H, C), and along each column, (B, W, C), go through one dense layer of m units, one
    batch norm and the hidden activation. From these, one more dense layer and the sigmoid make the gate of the rows,
    and another dense layer and the sigmoid that of the columns; y = x * row gate * column gate. So a weight depends on
    where in the image it is, as that of `SqueezeExcitation` does not. The first dense layer has no bias: the norm would
    take it away.

    Args:
        ratio: The bottleneck has m units, C / ratio rounded to a multiple of `divisor`.
        use_bias: Whether the last two dense layers have biases.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        units: m itself, instead of `ratio`.
        divisor: Rounds C / ratio to the nearest multiple of this, and at least to it; None takes max(1, C // ratio).
            The official code has m = max(8, C // 32).
        start: "random" draws every kernel. "identity" makes the gate exactly 1, so that the block changes nothing
            until it is trained: twice the gate activation, and a last kernel and bias of zeros for rows and columns.
        hidden_activation: The activation of the bottleneck. That of the official code is x clip(x + 3, 0, 6) / 6,
            called hard SiLU or hard swish.
        gate_activation: Turns the logits into the gate; with start="identity" a function that is 1/2 at 0, as
            "sigmoid" and "hard_sigmoid" are.
        kernel_initializer: For all three kernels.
        bias_initializer: For the two biases.
        kernel_regularizer: For all three kernels.
        bias_regularizer: For the two biases.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; no other rank.
        Out: as in.
        gate(x): (B, H, W, C), or (B, C, H, W) with "channels_first".

    Weights:
        3 C m of the dense layers and 2 C of their biases (none with `use_bias=False`); the norm has 2 m that are
        trained and 2 m that are not.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Hou et al. 2021, Coordinate Attention (arXiv 2103.02907), section 3.2.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.CoordinateAttention()
        y, gate = layer(x), layer.gate(x)
    """

    def __init__(
        self,
        ratio: int = 32,
        use_bias: bool = True,
        data_format: DataFormat | None = None,
        *,
        units: int | None = None,
        divisor: int | None = 8,
        start: Start = "random",
        hidden_activation: Activation = "hard_silu",
        gate_activation: Activation = "sigmoid",
        kernel_initializer: Initializer = "he_normal",
        bias_initializer: Initializer = "zeros",
        kernel_regularizer: Regularizer | None = None,
        bias_regularizer: Regularizer | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            ratio,
            use_bias,
            data_format,
            units=units,
            divisor=divisor,
            start=start,
            hidden_activation=hidden_activation,
            gate_activation=gate_activation,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            **kwargs,
        )

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
        # A layer, because some of Keras's activation functions take no KerasTensor.
        self.activation = keras.layers.Activation(self.hidden_activation, **self.sublayer_arguments("activation"))
        self.expand_rows = self.last_dense(hidden, channels, "expand_rows")
        self.expand_columns = self.last_dense(hidden, channels, "expand_columns")

    def halves(self, x: Any, training: bool | None = None) -> tuple[Any, Any]:
        """The gates of the rows and of the columns: (B, H, 1, C) and (B, 1, W, C), or the same channels-first."""
        vertical, horizontal = self.spatial_axes
        rows, columns = (self._swap(self.mean(x, axis)) for axis in (horizontal, vertical))
        both = self.reduce(ops.concatenate([rows, columns], axis=1))  # one norm, so one batch of H + W
        both = self.activation(self.normalization(both, training=training))
        height = ops.shape(rows)[1]
        if height is None:
            raise ValueError(
                f"{type(self).__name__}: the gate of a KerasTensor needs its number of rows. Give the height in "
                "keras.Input, or read the gate of an array."
            )
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
    """SimAM: each value gets a weight that grows with its distance from the mean of its channel, without weights.

    y = x * sigmoid(d^2 / (4 (variance + e_lambda)) + 1 / 2), with d the distance of the value from the mean of its
    channel over the positions, and the variance the sum of d^2 over the number of the other positions. The gate lies
    between sigmoid(1 / 2) = 0.622 and 1. Nothing is trained and there is no `start`: the block is never the identity.

    Args:
        e_lambda: Above 0; keeps the gate of a constant channel finite.
        data_format: "channels_last" or "channels_first"; None takes `keras.config.image_data_format()` and keeps it.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.

    Shapes:
        In: (B, H, W, C), or (B, C, H, W) with "channels_first"; (B, L, C) and (B, D, H, W, C) work alike.
        Out: as in.
        gate(x): (B, H, W, C), or (B, C, H, W) with "channels_first".

    Weights:
        None.

    Raises:
        ValueError: an argument or the shape of the input cannot be used; the message says what to give instead.

    Source:
        Yang et al. 2021, SimAM (PMLR 139), section 3.2, equation 5; the number of the others is that of its listing.

    Example:
        x = keras.random.normal((2, 56, 56, 64))
        layer = attention_course.layers.SimAM()
        y, gate = layer(x), layer.gate(x)
    """

    def __init__(self, e_lambda: float = 1e-4, data_format: DataFormat | None = None, **kwargs: Any):
        super().__init__(data_format=data_format, **kwargs)
        self.e_lambda = positive_number(e_lambda, "e_lambda", type(self).__name__)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.read_channels(input_shape)
        super().build(input_shape)

    def gate(self, x: Any, training: bool | None = None) -> Any:
        x = ops.cast(self.read(x), self.gate_dtype)
        squares = ops.square(x - ops.mean(x, axis=self.spatial_axes, keepdims=True))
        count = ops.sum(ops.ones_like(x), axis=self.spatial_axes, keepdims=True)
        others = ops.maximum(count - 1, 1)  # one position has no others, and d = 0
        variance = ops.sum(squares, axis=self.spatial_axes, keepdims=True) / others
        gate = ops.sigmoid(squares / (4 * (variance + self.e_lambda)) + 0.5)
        return ops.cast(gate, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "e_lambda": self.e_lambda}
