"""A gate in an existing network: `insert` makes the network anew with blocks in it, and keeps what it has learned."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable

import keras

from .base import SPATIAL_NAMES

_NUMBER = re.compile(r"_\d+$")  # with which Keras ends a name that nobody gave
_SHOWN = 8  # names in an error


def insert(
    model: keras.Model,
    block: keras.layers.Layer | Callable[[keras.layers.Layer], keras.layers.Layer],
    after: str | Iterable[str] | Callable[[keras.layers.Layer], bool],
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
        TypeError: if `block` is neither, or its function gives something that is no layer.
        ValueError: if `model` is not functional, no layer is chosen, a name is of no layer, or the output of a chosen
            layer is no feature map.
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
        return gates[layer.name](output)

    new = keras.models.clone_model(model, input_tensors=_copy_inputs(model), call_function=call)
    for layer in model.layers:
        new.get_layer(layer.name).set_weights(layer.get_weights())
    return new


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
    named = set() if isinstance(after, str) or callable(after) else set(after)

    def is_chosen(layer) -> bool:
        if isinstance(after, str):
            return re.fullmatch(after, layer.name) is not None
        return bool(after(layer)) if callable(after) else layer.name in named

    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    chosen = {layer.name for layer in layers if is_chosen(layer)}
    missing = sorted(named - chosen)
    if chosen and not missing:
        return chosen
    wanted = (
        _listed(missing) if missing else f"that matches {after!r}" if isinstance(after, str) else "that `after` chooses"
    )
    inside = [layer.name for layer in layers if isinstance(layer, keras.Model) and any(map(is_chosen, layer.layers))]
    hint = (
        f"Its layer {inside[0]!r} is a model that has, but `insert` reaches no layer within another: insert into "
        f"model.get_layer({inside[0]!r}), and build the rest around the new one."
        if inside
        else f"There are {_listed([layer.name for layer in layers])}."
    )
    raise ValueError(f"insert: {model.name!r} has no layer {wanted}. {hint}")


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
