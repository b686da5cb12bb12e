"""What all the blocks share: data format and axes, the gate and its start, precision, saving, and clear refusals."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, Literal, TypeAlias

import keras
from keras import ops

# The name under which saved models know the blocks, as in "attention_course>CBAM". It must never change.
register = keras.saving.register_keras_serializable(package="attention_course")

DataFormat: TypeAlias = Literal["channels_last", "channels_first"]
Start: TypeAlias = Literal["random", "identity"]
Activation: TypeAlias = str | Callable | None
Initializer: TypeAlias = str | dict | keras.initializers.Initializer
Regularizer: TypeAlias = str | dict | keras.regularizers.Regularizer

# What stands for the spatial axes in a message, by the rank of the input.
SPATIAL_NAMES = {3: "L", 4: "H, W", 5: "D, H, W"}


def whole_number(value: Any, name: str, layer: str) -> int:
    """The value as an int. Raises ValueError unless it is a whole number of at least 1."""
    if not isinstance(value, Integral) or value < 1:
        raise ValueError(
            f"{layer}: {name} is {value!r}, but a whole number of at least 1 is needed. Give {name} such a number."
        )
    return int(value)


def odd_size(value: Any, name: str, layer: str) -> int:
    """The kernel size as an int. Raises ValueError unless it is a positive odd number."""
    size = whole_number(value, name, layer)
    if size % 2 == 0:
        raise ValueError(
            f"{layer}: {name} is {size}, but an odd number is needed: an even kernel has no middle tap. "
            f"Use {size - 1} or {size + 1}."
        )
    return size


def positive_number(value: Any, name: str, layer: str) -> Any:
    """The value itself. Raises ValueError unless it is a number above 0."""
    if not isinstance(value, Real) or not 0 < value < math.inf:
        raise ValueError(f"{layer}: {name} is {value!r}. Give it a number above 0.")
    return value


def fresh(initializer: Initializer) -> Initializer:
    """An initializer that draws other values than any other layer's: Keras's own objects repeat theirs."""
    if isinstance(initializer, keras.initializers.Initializer):
        return initializer.clone()
    return initializer


class FeatureMapLayer(keras.layers.Layer):
    """A layer that takes a feature map and gives one of the same shape.

    `build` of a subclass calls `read_channels`, which sets `channel_axis` and `spatial_axes` for the rank of the
    input. Sublayers are made with `sublayer_arguments` (Keras's layers) or `half_arguments` (blocks of ours), so
    that a quantised model saves and reloads.

    Args:
        data_format: "channels_last" for (B, ..., C), "channels_first" for (B, C, ...); None takes
            `keras.config.image_data_format()`, once, so that a saved model does not change with the setting.
        quantization: filled by `get_config` after `quantize`, never by hand: the quantised sublayers by name.
        **kwargs: `name`, `dtype` and `trainable`, as for every Keras layer.
    """

    def __init__(self, data_format: DataFormat | None = None, quantization: dict | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        if data_format is None:
            data_format = keras.config.image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                f"{type(self).__name__}: data_format is {data_format!r}. "
                'Use "channels_last", "channels_first" or None for the global setting.'
            )
        self.data_format = data_format
        self._quantization = quantization or {}

    def read_channels(self, input_shape: tuple[int | None, ...]) -> int:
        """The number of channels of the input, which `build` needs. Raises ValueError where there is none."""
        where = f"{type(self).__name__} ({self.data_format})"
        shape, rank, last = tuple(input_shape), len(input_shape), self.data_format == "channels_last"
        if rank not in SPATIAL_NAMES:
            *some, most = [f"(B, {names}, C)" if last else f"(B, C, {names})" for names in SPATIAL_NAMES.values()]
            raise ValueError(
                f"{where}: the input has shape {shape}, rank {rank}, but a feature map has rank 3, 4 or 5. "
                f"Give it {', '.join(some)} or {most}."
            )
        self.channel_axis = rank - 1 if last else 1
        self.spatial_axes = tuple(range(1, rank - 1)) if last else tuple(range(2, rank))
        channels = shape[self.channel_axis]
        if channels is None:
            raise ValueError(
                f"{where}: the channel axis (axis {self.channel_axis}) of the input shape {shape} is "
                "undefined. Give the number of channels in keras.Input, or check data_format."
            )
        if channels < 1:
            raise ValueError(f"{where}: the input shape {shape} has {channels} channels. Give it at least 1.")
        # Keras itself then refuses another rank or width at a later call.
        self.input_spec = keras.layers.InputSpec(ndim=rank, axes={self.channel_axis: channels})
        return channels

    @property
    def gate_dtype(self) -> str:
        """The dtype that a gate is computed in: float32 where x has half precision.

        A sum of products leaves the range of float16 long before x does, and inf - inf is NaN.
        """
        return "float32" if self.compute_dtype in ("float16", "bfloat16") else self.compute_dtype

    def sublayer_arguments(self, name: str) -> dict[str, Any]:
        """The keyword arguments of a sublayer: its name, dtype and `trainable`, and what it was quantised with.

        `trainable`, because Keras tells it only to the sublayers that are there when it is set, and most are made in
        `build`: the norm of a frozen block would go on moving its statistics.
        """
        dtype = self.dtype_policy if self.gate_dtype == self.compute_dtype else self.gate_dtype
        quantized = {
            key: keras.saving.deserialize_keras_object(value) for key, value in self._quantization.get(name, {}).items()
        }
        return {"name": name, "dtype": dtype, "trainable": self.trainable, **quantized}

    def half_arguments(self, name: str) -> dict[str, Any]:
        """The keyword arguments that a block gives to a block inside it: those above, and the format."""
        return {
            "name": name,
            "trainable": self.trainable,
            "data_format": self.data_format,
            "dtype": self.dtype_policy,
            "quantization": self._quantization.get(name),
        }

    def _quantized_sublayers(self) -> dict[str, dict]:
        """What the quantised sublayers must be made with again, by name; empty for a layer as it was built."""
        found = {}
        for layer in self._flatten_layers(recursive=False, include_self=False):
            if isinstance(layer, FeatureMapLayer):
                made_with = layer._quantized_sublayers()
            elif layer.quantization_mode:
                config = layer.get_config()
                made_with = {key: config[key] for key in ("dtype", "quantization_config") if key in config}
            else:
                continue
            if made_with:
                found[layer.name] = made_with
        return found

    def rematerialized_call(self, layer_call: Callable, *args: Any, **kwargs: Any) -> Callable:
        """Keras's own, for a `keras.RematScope`, with the keywords bound: TensorFlow takes none in a graph."""

        @functools.wraps(layer_call)
        def bound(*tensors):
            return layer_call(*tensors, **kwargs)

        again = super().rematerialized_call(bound, *args)
        return lambda *tensors, **_: again(*tensors)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "data_format": self.data_format}
        quantization = self._quantized_sublayers()
        return {**config, "quantization": quantization} if quantization else config


class Gate(FeatureMapLayer):
    """A block that multiplies a feature map by a gate, y = x * gate(x), which can be read.

    A subclass writes `gate`, and begins it with `x = self.read(x)`.
    """

    def gate(self, x: Any, training: bool | None = None) -> Any:
        """What x is multiplied by: a tensor of x's rank that broadcasts to x, in the compute dtype of the layer.

        Args:
            x: The feature map: a tensor, a NumPy array, or a KerasTensor of a model.
            training: As in a call of the layer; only a norm uses it.

        Raises:
            ValueError: before the layer is built, by a first call for example; or x has another rank or number of
                channels than the layer was built for.
        """
        raise NotImplementedError(f"{type(self).__name__} has no gate")

    def read(self, x: Any) -> Any:
        """x as a tensor of the compute dtype, as in a call. Raises ValueError where `gate` says so."""
        if not self.built:
            raise ValueError(f"{type(self).__name__}: the gate has no weights yet. Call the layer once, or its build.")
        x = ops.cast(x, self.compute_dtype)
        # Keras checks this in a call alone, and most gates of another map can be computed.
        rank, channels = self.input_spec.ndim, self.input_spec.axes[self.channel_axis]
        if len(x.shape) != rank or x.shape[self.channel_axis] not in (None, channels):
            raise ValueError(
                f"{type(self).__name__} ({self.data_format}): x has shape {tuple(x.shape)}, but the layer is built for "
                f"rank {rank} with {channels} channels on axis {self.channel_axis}. Give it what the layer gets."
            )
        return x

    def mean(self, x: Any, axis: int | tuple[int, ...]) -> Any:
        """The mean of x over these axes, in `gate_dtype`."""
        return ops.mean(ops.cast(x, self.gate_dtype), axis=axis)

    def largest(self, x: Any, axis: int | tuple[int, ...]) -> Any:
        """The maximum of x over these axes, in `gate_dtype`."""
        # TensorFlow refuses the maximum of an empty batch, and torch.compile refuses ops.max.
        reduce = ops.sum if x.shape[0] == 0 else ops.amax
        return ops.cast(reduce(x, axis=axis), self.gate_dtype)

    def call(self, x: Any, training: bool | None = None) -> Any:
        x = self.read(x)
        return ops.multiply(x, self.gate(x, training=training))


class LearnedGate(Gate):
    """A gate with weights: how it starts, and the activation that turns its logits into the gate.

    Args:
        start: "random" draws every kernel. "identity" makes the gate exactly 1 at the start: twice the gate
            activation, and the last kernel and its bias zero.
        gate_activation: turns the logits into the gate.
        kernel_initializer: for every kernel, but for the last one of "identity".
        kernel_regularizer: for every kernel.
        data_format, **kwargs: as for `FeatureMapLayer`.
    """

    def __init__(
        self,
        *,
        start: Start = "random",
        gate_activation: Activation = "sigmoid",
        kernel_initializer: Initializer = "he_normal",
        kernel_regularizer: Regularizer | None = None,
        data_format: DataFormat | None = None,
        **kwargs: Any,
    ):
        super().__init__(data_format=data_format, **kwargs)
        if start not in ("random", "identity"):
            raise ValueError(f'{type(self).__name__}: start is {start!r}. Use "random" or "identity".')
        self.start = start
        self.gate_activation = keras.activations.get(gate_activation)
        # Not made here: each kernel takes one of its own, with its own random values.
        self.kernel_initializer = kernel_initializer
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        if start == "identity":
            middle = float(ops.convert_to_numpy(self.gate_activation(ops.zeros((1,))))[0])
            if middle != 0.5:
                raise ValueError(
                    f"{type(self).__name__}: gate_activation is {middle} at 0, and with start='identity' twice that "
                    "has to be 1. Use 'sigmoid', 'hard_sigmoid' or another function that is 1/2 there."
                )

    def last_kernel_initializer(self) -> Initializer:
        """The initializer of the kernel whose products are the logits: zeros for a gate that starts at 1."""
        return "zeros" if self.start == "identity" else fresh(self.kernel_initializer)

    def activate(self, logits: Any) -> Any:
        """The gate of these logits, twice the activation for a gate that starts at 1, in the compute dtype."""
        gate = self.gate_activation(logits)
        return ops.cast(2 * gate if self.start == "identity" else gate, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "start": self.start,
            "gate_activation": keras.activations.serialize(self.gate_activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
        }
