"""The properties of a layer's class: an instance is a layer, and a saved model comes back."""

from __future__ import annotations

from .base import ModelAnswer, Property, Round, Wrong, close
from .errors import explain_error
from .properties import compare_shape

_CAUSES = (
    ("Could not locate class", "Keras does not know the class when it loads the model: the class is not registered."),
    (
        "unexpected keyword argument",
        "Keras makes a layer anew with its name and its dtype as well, and with all that its configuration says: the "
        "constructor has to take these and hand the rest on to the parent.",
    ),
    (
        "required positional argument",
        "Keras makes the layer anew from its configuration, and an argument of the constructor is missing there.",
    ),
    (
        "must match",
        "The reloaded layer has weights of other shapes: an argument of the constructor is missing in its "
        "configuration, so that it came back with its default.",
    ),
    ("safe_mode", "Keras does not reload a Lambda layer from a file that might come from anyone: write it otherwise."),
    ("override `get_config()`", "Keras cannot write down how the layer was made: its configuration is missing."),
)


def is_layer(key: str, points: float) -> Property:
    """An instance of the class is a Keras layer; called on a KerasTensor it gives one of the input's shape."""

    def check(round: Round) -> None:
        compare_shape(round, key, _output(_layer_model(round, key)))

    return Property("type and shape", points, "makes a Keras layer that keeps the shape of a map", check)


def comes_back(name: str, key: str, points: float, statement: str) -> Property:
    """A model with the layer, saved and loaded with Keras's defaults, gives the same values."""

    def check(round: Round) -> None:
        model = _layer_model(round, key)
        _output(model)
        error = model.errors.get("reloaded")
        if error is not None:
            known = next((sentence for words, sentence in _CAUSES if words in error), None)
            raise Wrong(known or explain_error("Saving and loading the model", error))
        if not model.weights:
            raise Wrong("The model has no weights, so there is nothing to save.")
        if model.reloaded is None or model.saved is None or not close(model.reloaded, model.saved):
            raise Wrong("The reloaded model gives other values than the saved one.")

    return Property(name, points, statement, check, on_word=True)


def _layer_model(round: Round, key: str) -> ModelAnswer:
    answer = round.answer(key)
    if answer.model is None:
        kind = answer.value.type
        raise Wrong(
            f"Called with its settings it gives a {kind}: a class that inherits from the layer of Keras is due."
        )
    return answer.model


def _output(model: ModelAnswer):
    if "output" in model.errors:
        raise Wrong(explain_error("Running the model", model.errors["output"]))
    if model.output is None:
        raise Wrong("Running the model gave no real numbers.")
    return model.output
