"""A gate in an existing network: `insert` makes the network anew with blocks in it, and keeps what it has learned."""

from __future__ import annotations

import itertools
import re
import types
from collections.abc import Callable, Iterable
from typing import Any

import keras

from .base import SPATIAL_NAMES

_NUMBER = re.compile(r"_\d+$")  # with which Keras ends a name that nobody gave
_SHOWN = 8  # names in an error


def insert(
    model: keras.Model,
    block: keras.layers.Layer | Callable[[keras.layers.Layer], keras.layers.Layer],
    after: str | re.Pattern | Iterable[str] | Callable[[keras.layers.Layer], bool],
) -> keras.Model:
    """A functional model like `model`, in which a gate follows each of the chosen layers.

    The layers of the new model are copies with the names, weights and `trainable` flags of the old ones; `model` stays
    as it is. Only its own `trainable` is not kept, so the gates in a frozen network can be trained at once. A compiled
    model gives a compiled one with the same settings, but its optimiser has taken no step: the old one's state belongs
    to other weights. A file of weights saved from `model` does not fit the new one.

    In a trained network use `start="identity"`: the new model then gives what `model` gives until it is trained.

    Args:
        model: a functional model; the layers of a model within it are out of reach.
        block: a block whose configuration each place gets a copy of, with weights of its own and the name of the layer
            followed by the block's: `conv1_se` for `SqueezeExcitation(name="se")`. Or a function that gives the block
            for a layer of the new model; that block is used as it is, with its name and any weights it has been given.
        after: a regular expression that the whole name of a layer matches, the names of layers, or a function that
            says of a layer whether a gate follows. A layer that is called in several places takes one gate to all.

    Returns:
        The new model. Its outputs are the gate's where a chosen layer was the last one.

    Raises:
        TypeError: if `block` or `after` is none of these, or the function of `block` gives something that is no layer.
        ValueError: if `model` is not functional, no layer is chosen, a name is of no layer, the output of a chosen
            layer is no feature map, or the gate has another data format than the layers of the model.
    """
    _check_functional(model)
    chosen = _chosen(model, after)
    make = _maker(block, taken={layer.name for layer in model.layers})
    gates: dict[str, keras.layers.Layer] = {}

    def call(layer, *args, **kwargs):
        output = layer(*args, **kwargs)
        if layer.name not in chosen:
            return output
        _check_feature_map(layer.name, output)
        if layer.name not in gates:
            gates[layer.name] = make(layer)
            _check_format(gates[layer.name], model)
        return gates[layer.name](output)

    with keras.saving.CustomObjectScope(_own_objects(model, block)):
        new = keras.models.clone_model(
            model, clone_function=_copy, input_tensors=_copy_inputs(model), call_function=call
        )
    for layer in model.layers:
        new.get_layer(layer.name).set_weights(layer.get_weights())
    for layer in new._flatten_layers():
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it computes with constants, which it makes of its weights here alone
    return new


def _copy(layer):
    """The layer anew, without its weights. A configuration that a class of one's own gives may lack the name."""
    copy = type(layer).from_config(layer.get_config())
    copy.name = layer.name
    return copy


def _own_objects(model, block) -> dict[str, Any]:
    """By name, the classes and functions that are not Keras's own: without them it makes no layer or loss anew."""
    layers = [*model._flatten_layers(), *(block._flatten_layers() if isinstance(block, keras.layers.Layer) else ())]
    attributes = [value for layer in layers for value in vars(layer).values()]  # an activation is one
    settings = keras.tree.flatten(model._compile_config.config) if model.compiled else []
    used = [*layers, *attributes, *settings]
    found = [one if isinstance(one, types.FunctionType) else type(one) for one in used]
    return {one.__name__: one for one in found if one.__module__.split(".")[0] not in ("keras", "builtins")}


def _check_functional(model) -> None:
    if isinstance(model, keras.Sequential):
        raise ValueError(
            "insert: the model is Sequential, but a functional one is needed. "
            "Make one of it: keras.Model(model.inputs[0], model.outputs[0])."
        )
    if not (isinstance(model, keras.Model) and hasattr(model, "operations")):
        raise ValueError(
            f"insert: {type(model).__name__} is no functional model, one made by keras.Model(inputs, outputs): only of "
            "such a model is it known which layer follows which. Put the blocks into its own code."
        )


def _copy_inputs(model):
    """New inputs in the structure of the model's. Keras would forget the names of those that nobody named."""
    inputs = [layer for layer in model.layers if isinstance(layer, keras.layers.InputLayer)]
    copies = {id(layer.output): type(layer).from_config(layer.get_config()).output for layer in inputs}
    return keras.tree.map_structure(lambda tensor: copies[id(tensor)], model.input)


def _chosen(model, after) -> set[str]:
    """The names of the layers that a gate follows."""
    after = _understood(after)
    named = after if isinstance(after, set) else set()

    def is_chosen(layer) -> bool:
        if isinstance(after, re.Pattern):
            return after.fullmatch(layer.name) is not None
        return bool(after(layer)) if callable(after) else layer.name in named

    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    chosen = {layer.name for layer in layers if is_chosen(layer)}
    missing = sorted(named - chosen)
    if chosen and not missing:
        return chosen
    wanted = (
        _listed(missing)
        if missing
        else f"that matches {after.pattern!r}"
        if isinstance(after, re.Pattern)
        else "that `after` chooses"
    )
    inside = [layer.name for layer in layers if isinstance(layer, keras.Model) and any(map(is_chosen, layer.layers))]
    hint = (
        f"Its layer {inside[0]!r} is a model that has, but `insert` reaches no layer within another: insert into "
        f"model.get_layer({inside[0]!r}), and build the rest around the new one."
        if inside
        else f"There are {_listed([layer.name for layer in layers])}."
    )
    raise ValueError(f"insert: {model.name!r} has no layer {wanted}. {hint}")


def _understood(after) -> re.Pattern | Callable | set[str]:
    """`after` as a compiled expression, a function of a layer or a set of names. Raises where it is none of these."""
    if isinstance(after, str):
        try:
            return re.compile(after)
        except re.error as error:
            raise ValueError(
                f"insert: after is {after!r}, which is no regular expression: {error}. Any characters are '.*' in one, "
                "as in '.*_bn'."
            ) from None
    a_class_or_layer = isinstance(after, type | keras.layers.Layer)
    if isinstance(after, re.Pattern) or callable(after) and not a_class_or_layer:
        return after
    names = list(after) if isinstance(after, Iterable) and not a_class_or_layer else [None]
    if not all(isinstance(name, str) for name in names):
        raise TypeError(
            f"insert: after is {after!r}. Give a regular expression for the whole name of a layer, a list of names, or "
            "a function of a layer that says whether a gate follows it."
        )
    return set(names)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(repr, names[:_SHOWN])) + more


def _maker(block, taken: set[str]) -> Callable[[keras.layers.Layer], keras.layers.Layer]:
    """A function that gives the gate for a layer; none has a name of those that are taken."""
    if isinstance(block, keras.layers.Layer):

        def copy(layer):
            name = f"{layer.name}_{_NUMBER.sub('', block.name)}"
            numbered = (f"{name}_{number}" for number in itertools.count(2))
            name = next(one for one in itertools.chain([name], numbered) if one not in taken)
            taken.add(name)
            return type(block).from_config({**block.get_config(), "name": name})

        return copy
    if isinstance(block, type) or not callable(block):
        raise TypeError(f"insert: block is {block!r}. Give a layer, SqueezeExcitation(), or a function that gives one.")

    def made(layer):
        gate = block(layer)
        if not isinstance(gate, keras.layers.Layer):
            raise TypeError(f"insert: block gave {gate!r} for the layer {layer.name!r}, but a layer is needed.")
        return gate

    return made


def _check_feature_map(name: str, output) -> None:
    is_one = isinstance(output, keras.KerasTensor)
    if not is_one or len(output.shape) not in SPATIAL_NAMES:
        given = f"has shape {tuple(output.shape)}" if is_one else "is more than one tensor"
        raise ValueError(
            f"insert: the output of {name!r} {given}, but a gate multiplies a feature map, of rank 4 as a rule and of "
            "rank 3 or 5 in networks of one or three dimensions. Choose other layers with `after`."
        )


def _check_format(gate, model) -> None:
    """Refuse what Keras would take wherever the map's sizes are known: a gate of columns instead of channels."""
    formats = {layer.data_format for layer in model.layers if hasattr(layer, "data_format")}
    wanted = getattr(gate, "data_format", None)
    if wanted and formats and wanted not in formats:
        raise ValueError(
            f"insert: the gate {gate.name!r} has data_format={wanted!r}, but the layers of {model.name!r} have "
            f"{formats.pop()!r}. Give that to the block."
        )
