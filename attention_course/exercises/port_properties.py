"""What notebook 07 asks beside the usual properties of a block: reloading, kernel sizes, and a block with norms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import permutations

import numpy as np

from autograder.exercise.base import Mistake, Property, Round, Wrong, close
from autograder.exercise.block_properties import (
    _model,
    _output,
    _size,
    check_none_idle,
    check_weights_found,
    output_agrees,
)
from autograder.exercise.errors import explain_error
from autograder.exercise.properties import compare_shape, describe_difference

NORM = ("gamma", "beta", "moving_mean", "moving_variance")


def reloads(key: str, points: float) -> Property:
    """A saved model loads again, as Keras loads by default, and computes what it did."""

    def check(round: Round) -> None:
        model = _model(round, key)
        _output(model)
        error = model.errors.get("reloaded", "")
        if "Lambda" in error:
            raise Wrong("The saved model does not load: a Lambda layer holds Python code, which Keras will not run.")
        if "Could not locate" in error:
            raise Wrong("The saved model does not load: it holds a class of yours that Keras was not told of.")
        if error:
            raise Wrong(explain_error("Saving the model and loading it", error))
        if model.reloaded is None or model.saved is None or not close(model.reloaded, model.saved):
            raise Wrong("The model that was saved and loaded gives other values.")

    return Property("reload", points, "a saved model loads again and gives the same", check, on_word=True)


def right_in_channels_first(keys: tuple[str, ...], points: float, statement: str, usual: str) -> Property:
    """As `output_agrees`; where the weights are right in the question `usual` only, the message says so."""

    def check(round: Round) -> None:
        for key in keys:
            model = _model(round, key)
            everything = set(round.questions[key].weights) == set(model.matched)
            if not everything and set(round.questions[usual].weights) == set(_model(round, usual).matched):
                raise Wrong("In channels-first some layer takes another axis of the map for its channels.")
            output_agrees("channels first", (key,), points, statement).check(round)

    return Property("channels first", points, statement, check)


def many_sizes(name: str, keys: tuple[str, ...], points: float, statement: str, usual: str = "") -> Property:
    """The number of weights is right for every question named: a kernel's size, a bottleneck's width.

    One single weight too many in the question `usual`, a bias, is not counted once more here.
    """

    def check(round: Round) -> None:
        bias = 0
        if usual:
            spare = _size(_model(round, usual)) - sum(
                np.size(value) for value in round.questions[usual].weights.values()
            )
            bias = int(spare == 1)
        for key in keys:
            question, model = round.questions[key], _model(round, key)
            if _size(model) != bias + sum(np.size(value) for value in question.weights.values()):
                channels = question.x.shape[3 if question.data_format == "channels_last" else 1]
                given = ", ".join(f"{word} {value}" for word, value in question.keywords.items() if word != "name")
                raise Wrong(
                    f"With {channels} channels{', ' * bool(given)}{given}, the block has {_size(model)} weights: that "
                    "is not the number the formula gives."
                )
            _output(model)
            check_none_idle(model, "The block has as many weights as expected")

    return Property(name, points, statement, check)


def has_every_weight(
    name: str, keys: tuple[str, ...], points: float, statement: str, explain: Callable[[int, Round, str], str | None]
) -> Property:
    """As `has_weights`, for several questions, with the norms' moving vectors alone not trainable."""

    def check(round: Round) -> None:
        for key in keys:
            model, weights = _model(round, key), round.questions[key].weights
            total, wanted = _size(model), sum(np.size(value) for value in weights.values())
            if total != wanted:
                reason = explain(total, round, key) or "Compare model.summary() with the layers on the card."
                raise Wrong(f"The block has {total} weights where {wanted} are expected. {reason}")
            check_weights_found(model, weights, f"The block has {total} weights as expected", "the card")
            frozen = sum(not trainable for _, trainable in model.weights)
            if frozen != sum(slot.startswith("moving") for slot in weights):
                raise Wrong("Some of the weights of the block are not trainable.")

    return Property(name, points, statement, check)


def residual_agrees(
    name: str, keys: tuple[str, ...], points: float, statement: str, explain: Callable[[int, Round, str], str | None]
) -> Property:
    """Values of a block with convolutions and norms, whatever else it has: weights too many stay as they start.

    The four vectors of the norms are given in the order in which the norms stand in the model. A block may make its
    shortcut first: every order of the norms is tried, and one that agrees is enough.
    """

    def check(round: Round) -> None:
        for key in keys:
            model, question = _model(round, key), round.questions[key]
            if set(model.matched) != set(question.weights):
                raise Wrong("The values were not compared, because the weights of the block are not the ones expected.")
            got = _output(model)
            this_round = _at(round, key)
            compare_shape(this_round, key, got)
            orders = list(_norms_in_any_order(question.weights))
            expected = [np.asarray(this_round.evaluate(this_round.exercise.oracle, key, order)) for order in orders]
            if not any(close(got, one) for one in expected):
                known = (this_round.diagnose(key, got, order) for order in orders)
                reason = next(filter(None, known), None) or explain(_size(model), round, key)
                raise Wrong(reason or describe_difference(this_round, key, got, expected[0]))

    return Property(name, points, statement, check)


def keeps_shape(key: str, points: float) -> Property:
    """As `returns_keras_tensor`, for a block with strides."""

    def check(round: Round) -> None:
        compare_shape(_at(round, key), key, _output(_model(round, key)))

    return Property("type and shape", points, "takes a KerasTensor and gives one of the right shape", check)


def _at(round: Round, key: str) -> Round:
    """The round with the strides of one question given to the oracle and the known mistakes."""
    strides = round.questions[key].keywords.get("strides", 1)
    exercise = replace(
        round.exercise,
        oracle=partial(round.exercise.oracle, strides=strides),
        mistakes=tuple(
            Mistake(mistake.sentence, partial(mistake.function, strides=strides)) for mistake in round.exercise.mistakes
        ),
    )
    return Round(exercise, round.questions, round.answers)


def _norms_in_any_order(weights: Mapping[str, np.ndarray]):
    numbers = sorted(slot.removeprefix("gamma") for slot in weights if slot.startswith("gamma"))
    for order in permutations(numbers):
        moved = {f"{part}{to}": weights[f"{part}{at}"] for to, at in zip(numbers, order, strict=True) for part in NORM}
        yield {**weights, **moved}
