"""The properties of a residual block: which weights it has, with and without a projection, and whether they learn."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from autograder.exercise.base import ModelAnswer, Property, Round, Wrong
from autograder.exercise.block_properties import _model, _size, check_weights_found
from autograder.exercise.errors import explain_error


def has_block_weights(name: str, keys: tuple[str, ...], points: float, statement: str, explain: Callable) -> Property:
    """The model holds exactly the block's weights; all but the norms' statistics are trainable."""

    def check(round: Round) -> None:
        for key in keys:
            model, weights = _model(round, key), round.questions[key].weights
            total, wanted = _size(model), sum(np.size(value) for value in weights.values())
            if total != wanted:
                reason = explain(total, round, key) or "Compare model.summary() with the list in the exercise."
                raise Wrong(f"The block has {total} weights where {wanted} are expected. {reason}")
            check_weights_found(model, weights, f"The block has {total} weights as expected", "the exercise")
            fixed = sum(np.size(value) for slot, value in weights.items() if slot.startswith("moving"))
            if sum(math.prod(shape) for shape, trainable in model.weights if not trainable) != fixed:
                raise Wrong("Every weight has to be trainable, but for the mean and the variance that a norm stores.")

    return Property(name, points, statement, check)


def has_output_shape(keys: tuple[str, ...], points: float) -> Property:
    """The output has the oracle's shape: filters in place of channels, and sides divided by the stride, rounded up."""

    def check(round: Round) -> None:
        for key in keys:
            got, wanted = _output(_model(round, key)).shape, round.expected(key).shape
            if got != wanted:
                question = round.questions[key]
                settings = ", ".join(f"{name} {value}" for name, value in question.keywords.items())
                raise Wrong(
                    f"For an input of shape {question.x.shape} and {settings} the result has shape {got} where shape "
                    f"{wanted} is expected."
                )

    return Property("type and shape", points, "takes a KerasTensor and gives one of the right shape", check)


def every_weight_learns(key: str, points: float) -> Property:
    """In training mode a gradient reaches the input and every trainable weight."""

    def check(round: Round) -> None:
        model = _model(round, key)
        _output(model)
        if "gradients" in model.errors:
            raise Wrong(explain_error("Running the model", model.errors["gradients"]))
        if not model.matched:
            raise Wrong("The model has no weights of the expected shapes, so no gradient was looked for.")
        for slot in ("x", *(slot for slot in model.matched if not slot.startswith("moving"))):
            # A gradient may be all zeros where a ReLU sleeps, which fresh weights make it do now and then.
            if slot not in model.gradients:
                place = "the input" if slot == "x" else "some of the weights"
                raise Wrong(f"In training no gradient reaches {place}: is every part of the block used in the result?")

    return Property("gradients", points, "in training, a gradient reaches the input and every weight", check)


def works_with_unknown_sides(key: str, points: float) -> Property:
    """A model whose input has no known height and width builds and runs."""

    def check(round: Round) -> None:
        got, question = _output(_model(round, key)).shape, round.questions[key]
        (batch, height, width, _), stride = question.x.shape, question.keywords["stride"]
        if got != (batch, -(-height // stride), -(-width // stride), question.keywords["filters"]):
            raise Wrong(f"It gives shape {got} for an input of shape {question.x.shape}.")

    return Property("unknown sides", points, "works where height and width are not known", check)


def _output(model: ModelAnswer) -> np.ndarray:
    if "output" in model.errors:
        raise Wrong(explain_error("Running the model", model.errors["output"]))
    if model.output is None:
        raise Wrong("Running the model gave no real numbers.")
    return model.output
