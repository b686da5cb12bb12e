"""The properties of a Keras block: type and shape, weights, values, gradients, and where it can stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from .base import TOLERANCE, ModelAnswer, Property, Round, Wrong, close
from .errors import explain_error
from .properties import compare_shape, describe_difference, not_an_array

# Half precision costs points where values are judged; the right gradients of it are right ones.
_HALF_TOLERANCE = 0.03
_OTHER_WEIGHTS = "The values were not compared, because the weights of the block are not the ones expected."


def returns_keras_tensor(key: str, points: float) -> Property:
    """The function takes a KerasTensor and gives one, of the input's shape."""

    def check(round: Round) -> None:
        compare_shape(round, key, _output(_model(round, key)))

    return Property("type and shape", points, "takes a KerasTensor and gives one of the right shape", check)


def has_weights(key: str, points: float, statement: str, explain: Callable[[int, Round], str | None]) -> Property:
    """The model holds exactly the block's weights, all trainable; `explain(total, round)` names a known slip."""

    def check(round: Round) -> None:
        model, weights = _model(round, key), round.questions[key].weights
        total, wanted = _size(model), sum(np.size(value) for value in weights.values())
        if total != wanted:
            reason = explain(total, round) or "Compare model.summary() with the shapes in the exercise."
            raise Wrong(f"The block has {total} weights where {wanted} are expected. {reason}")
        check_weights_found(model, weights, f"The block has {total} weights as expected", "the exercise")
        if not all(trainable for _, trainable in model.weights):
            raise Wrong("Some of the weights of the block are not trainable.")

    return Property("weights", points, statement, check)


def output_agrees(
    name: str, keys: tuple[str, ...], points: float, statement: str, every_weight: bool = False
) -> Property:
    """With given weights, the model's output agrees with the oracle.

    A block without a bias is compared with an oracle whose bias is zero, unless `every_weight` is asked for: what is
    missing costs points where weights are judged, and not once more in every property.
    """

    def check(round: Round) -> None:
        for key in keys:
            model = _model(round, key)
            weights = _weights_in_place(round, key, model, every_weight)
            expected, got = np.asarray(round.evaluate(round.exercise.oracle, key, weights)), _output(model)
            compare_shape(round, key, got, weights)
            if not close(got, expected):
                raise Wrong(round.diagnose(key, got, weights) or describe_difference(round, key, got, expected))

    return Property(name, points, statement, check)


def gradients_agree(key: str, points: float) -> Property:
    """Directional derivatives for the input and every weight agree with central differences of the oracle."""

    def check(round: Round) -> None:
        model = _model(round, key)
        weights = _weights_in_place(round, key, model)
        _require("gradients", model)
        rng = np.random.default_rng(0)
        for slot in ("x", *(slot for slot in weights if slot in model.matched)):
            if slot not in model.gradients:
                place = "input" if slot == "x" else "weights"
                raise Wrong(f"No gradient reaches the {place}: look for a stopped gradient or a step outside Keras.")
            point = round.questions[key].x if slot == "x" else weights[slot]
            direction, got = rng.normal(size=np.shape(point)), model.gradients[slot]
            numeric = _directional_derivative(round, key, weights, slot, direction)
            # A slot may be stored as (1, 1, C, m), or as (m, C): only its values count.
            if got.ndim == 2 and got.shape != direction.shape and got.shape == direction.T.shape:
                got = got.T
            tolerance = _HALF_TOLERANCE if model.dtype in ("float16", "bfloat16") else TOLERANCE
            if got.size != direction.size or not _close_derivative(got.ravel(), direction.ravel(), numeric, tolerance):
                raise Wrong("Gradients differ from those of the block: look for a stopped gradient or for dropout.")

    return Property("gradients", points, "in training, the right gradients reach the input and every weight", check)


def builds(name: str, key: str, points: float, statement: str) -> Property:
    """A model of this kind (unknown height and width ...) builds, runs and gives the input's shape."""

    def check(round: Round) -> None:
        got, wanted = _output(_model(round, key)).shape, round.questions[key].x.shape
        if got != wanted:
            raise Wrong(f"It gives shape {got} for an input of shape {wanted}.")

    return Property(name, points, statement, check)


def stands_twice(once: str, twice: str, points: float) -> Property:
    """The block can stand twice in one model, each time with weights of its own."""

    def check(round: Round) -> None:
        one, two = _model(round, once), _model(round, twice)
        _output(two)
        check_none_idle(two, "The model of two blocks has weights")
        if _size(two) == 0:
            raise Wrong("The model has no weights: the layers of the block do not belong to it.")
        if _size(two) == _size(one):
            raise Wrong("Two blocks in one model share their weights: make the layers anew in every call.")

    return Property("twice", points, "can stand twice in one model, each time with weights of its own", check)


# --- what the properties of residual blocks, of networks and of the tutorial share ---------------------------------


def check_weights_found(model: ModelAnswer, weights: Mapping[str, np.ndarray], count: str, card: str) -> None:
    """Check that each slot found a weight on which the output depends; `count` and `card` are words of the sentence.

    Raises
    ------
    Wrong : if one did not.
    """
    if set(model.matched) != set(weights):
        check_none_idle(model, count)
        raise Wrong(f"{count}, but in other shapes than {card} gives.")


def check_none_idle(model: ModelAnswer, count: str) -> None:
    """Check that the output depends on every weight; `count` begins the sentence.

    Raises
    ------
    Wrong : if it does not, or could not be computed.
    """
    if model.idle:
        _require("output", model)
        raise Wrong(f"{count}, but the output does not depend on all of them: is a step left out of the result?")


def _model(round: Round, key: str) -> ModelAnswer:
    answer = round.answer(key)
    if answer.model is None:
        raise Wrong(not_an_array(answer.value.type, "a KerasTensor"))
    return answer.model


def _size(model: ModelAnswer) -> int:
    return sum(math.prod(shape) for shape, _ in model.weights)


def _output(model: ModelAnswer) -> np.ndarray:
    _require("output", model)
    if model.output is None:
        raise Wrong("Running the model gave no real numbers.")
    return model.output


def _require(step: str, model: ModelAnswer) -> None:
    if step in model.errors:
        raise Wrong(explain_error("Running the model", model.errors[step]))


def _weights_in_place(round: Round, key: str, model: ModelAnswer, every_weight: bool = False) -> dict[str, np.ndarray]:
    """The weights that the student's block was given; a bias that it does not have counts as zero.

    Weights too many are another block, even where their first values change next to nothing, as with a fresh norm.
    """
    weights = dict(round.questions[key].weights)
    if _size(model) > sum(np.size(value) for value in weights.values()):
        raise Wrong(_OTHER_WEIGHTS)
    for slot in weights.keys() - set(model.matched):
        if every_weight or not slot.startswith("b"):
            raise Wrong(_OTHER_WEIGHTS)
        weights[slot] = np.zeros_like(weights[slot])
    return weights


def _directional_derivative(
    round: Round, key: str, weights: Mapping[str, np.ndarray], slot: str, direction: np.ndarray, step: float = 1e-7
) -> float:
    # The step is small, so that a ReLU or a maximum hardly ever changes its side within it; float64 can afford it.
    question = round.questions[key]

    def loss(sign: int) -> float:
        inputs = {"x": question.x, **weights}
        inputs[slot] = np.asarray(inputs[slot], np.float64) + sign * step * direction
        return float(np.sum(round.exercise.oracle(inputs.pop("x"), **inputs) * question.gradients))

    return (loss(+1) - loss(-1)) / (2 * step)


def _close_derivative(gradient: np.ndarray, direction: np.ndarray, numeric: float, tolerance: float) -> bool:
    # The sum may cancel, so the tolerance follows the gradient's length, not the sum.
    scale = max(1.0, float(np.linalg.norm(gradient)))
    return bool(abs(np.sum(gradient * direction) - numeric) <= tolerance * scale)
