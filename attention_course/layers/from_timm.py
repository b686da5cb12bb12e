"""Weights of timm's attention modules, for the layers that compute the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras import ops

from .base import FeatureMapLayer
from .channel import ChannelAttention, EfficientChannelAttention, SqueezeExcitation
from .further import CoordinateAttention, GlobalContext
from .spatial import CBAM, SpatialAttention


def load_timm(layer: FeatureMapLayer, state_dict: Mapping[str, Any]) -> FeatureMapLayer:
    """The layer itself, with the weights of the timm module that computes the same.

    | timm | layer, with the arguments that match timm's defaults |
    |---|---|
    | `SqueezeExcite` | `SqueezeExcitation(divisor=8)` |
    | `EcaModule(channels)` | `EfficientChannelAttention(min_kernel=3)` |
    | `EcaModule()` | `EfficientChannelAttention(kernel_size=3)` |
    | `CbamModule` | `CBAM(divisor=1, use_bias=False, norm=True)` |
    | its `ChannelAttn` | `ChannelAttention(divisor=1, use_bias=False)` |
    | its `SpatialAttn` | `SpatialAttention(norm=True)` |
    | `GlobalContext` | `GlobalContext(ratio=8, divisor=1, fusion="scale", epsilon=1e-6)` |
    | `CoordAttn` | `CoordinateAttention(ratio=24, use_bias=False)` |

    A state dict holds weights alone: arguments without weights (activations, epsilon, fusion) have to be the
    module's own, and a wrong one is not noticed. PyTorch's layers are channels-first; the layer may have either
    data format.

    Args:
        layer: One of the layers above, built, with `start="random"`; where `GlobalContext` adds, either start will do.
        state_dict: A mapping of names to PyTorch tensors or NumPy arrays, as `module.state_dict()` gives it.
            To take one module out of a model's, keep the names with its prefix and cut the prefix off.

    Raises:
        TypeError: there is no timm module for such a layer.
        ValueError: the layer is not built, starts as the identity (its gate is twice the sigmoid), or is
            quantised; a name is missing or unexpected; an array has another shape. The weights are then as before.

    Source: timm 1.0.31, `timm.layers`.
    """
    kind = type(layer).__name__
    variables = _variables(layer)
    arrays = _without_what_cancels(layer, {name: _array(value) for name, value in state_dict.items()})
    missing = sorted(set(variables) - set(arrays))
    unexpected = sorted(set(arrays) - set(variables))
    if missing or unexpected:
        raise ValueError(
            f"{kind}: the names in the state dict are not those that this layer needs. "
            f"Missing: {', '.join(missing) or 'none'}. Unexpected: {', '.join(unexpected) or 'none'}. "
            "The docstring of load_timm says which arguments of the layer match timm's defaults; a bias needs "
            "use_bias=True, a bn in CBAM or SpatialAttention norm=True."
        )
    values = {name: _in_keras_order(arrays[name], variables[name], f"{kind}: {name}") for name in variables}
    for name, variable in variables.items():
        variable.assign(values[name])
    return layer


def _variables(layer: FeatureMapLayer) -> dict[str, Any]:
    """{timm's name: the variable of the layer}. Raises TypeError or ValueError where it cannot be filled."""
    kind = type(layer).__name__
    names = next((names for known, names in _NAMES.items() if isinstance(layer, known)), None)
    if names is None:
        known = ", ".join(known.__name__ for known in _NAMES)
        raise TypeError(f"{kind}: there is no timm module for this layer. Give one of {known}.")
    if not layer.built:
        raise ValueError(f"{kind}: the layer has no weights yet. Call it, or its build(input_shape), first.")
    halves = (layer.channel, layer.spatial) if isinstance(layer, CBAM) else (layer,)
    if any(half.start == "identity" for half in halves) and getattr(layer, "fusion", "scale") == "scale":
        raise ValueError(
            f'{kind}: start is "identity", so the gate is twice the sigmoid, and timm\'s is not. '
            'Make the layer with start="random".'
        )
    variables = names(layer)
    if any("float" not in str(variable.dtype) for variable in variables.values()):
        raise ValueError(f"{kind}: the layer is quantised. Load the weights first and quantise it then.")
    return variables


def _linear(name, layer):
    """The kernel and, where there is one, the bias of a dense layer or a convolution."""
    return {f"{name}.weight": layer.kernel} | ({f"{name}.bias": layer.bias} if layer.use_bias else {})


def _norm(name, layer):
    """Gamma and beta of a layer norm or a batch norm, and the statistics of the latter."""
    weights = {f"{name}.weight": layer.gamma, f"{name}.bias": layer.beta}
    if hasattr(layer, "moving_mean"):
        weights |= {f"{name}.running_mean": layer.moving_mean, f"{name}.running_var": layer.moving_variance}
    return weights


def _mlp(layer):
    return _linear("fc1", layer.reduce) | _linear("fc2", layer.expand)


def _spatial(layer):
    return _linear("conv.conv", layer.convolution) | (_norm("conv.bn", layer.normalization) if layer.norm else {})


def _prefixed(prefix, variables):
    return {f"{prefix}.{name}": variable for name, variable in variables.items()}


def _cbam(layer):
    return _prefixed("channel", _mlp(layer.channel)) | _prefixed("spatial", _spatial(layer.spatial))


def _global_context(layer):
    transform = _mlp(layer) | _norm("norm", layer.normalization)
    return _linear("conv_attn", layer.score) | _prefixed(f"mlp_{layer.fusion}", transform)


def _coordinate(layer):
    first = _linear("conv1", layer.reduce) | _norm("bn1", layer.normalization)
    return first | _linear("conv_h", layer.expand_rows) | _linear("conv_w", layer.expand_columns)


_NAMES = {
    SqueezeExcitation: _mlp,
    EfficientChannelAttention: lambda layer: _linear("conv", layer.convolution),
    ChannelAttention: _mlp,
    SpatialAttention: _spatial,
    CBAM: _cbam,
    GlobalContext: _global_context,
    CoordinateAttention: _coordinate,
}


def _array(value):
    """The tensor or array as NumPy. PyTorch is not imported: a tensor is what has `detach`."""
    return value.detach().cpu().double().numpy() if hasattr(value, "detach") else ops.convert_to_numpy(value)


def _without_what_cancels(layer, arrays):
    """The arrays without those that change no output, which the layers do not have."""
    arrays = {name: array for name, array in arrays.items() if not name.endswith("num_batches_tracked")}
    if isinstance(layer, GlobalContext):
        arrays.pop("conv_attn.bias", None)  # the softmax ignores what all positions share
    if isinstance(layer, CoordinateAttention) and {"conv1.bias", "bn1.running_mean"} <= set(arrays):
        # The norm subtracts the mean, and the bias with it.
        arrays["bn1.running_mean"] = arrays["bn1.running_mean"] - arrays.pop("conv1.bias")
    return arrays


def _in_keras_order(array, variable, name):
    """The array with its axes in Keras's order. Raises ValueError for another shape.

    A kernel is (out, in, *size) in PyTorch and (*size, in, out) here; a dense layer's may be a 1x1 convolution.
    """
    shape = tuple(variable.shape)
    kernel = len(shape) > 1
    wanted = (shape[-1], shape[-2], *shape[:-2]) if kernel else shape
    if len(shape) == 2 and array.ndim == 4:
        wanted += (1, 1)
    if array.shape != wanted:
        raise ValueError(
            f"{name} has shape {array.shape}, but {wanted} is needed. Check the number of channels and the arguments "
            "that set the size (ratio, units, divisor; kernel_size, min_kernel)."
        )
    return array.transpose(*range(2, array.ndim), 1, 0).reshape(shape) if kernel else array
