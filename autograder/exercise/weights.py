"""The properties of the weights that a Keras block, layer or network holds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from .answers import ModelAnswer
from .arrays import not_an_array
from .errors import explain_error
from .exercise import Keys, Property, Round, Wrong, each


def has_weights(
    keys: Keys,
    points: float,
    statement: str,
    *,
    name: str = "weights",
    subject: str = "The block",
    card: str = "the shapes in the exercise",
) -> Property:
    """The model holds exactly the question's weights, all trainable but the statistics of a norm.

    Where it does not, the first of the exercise's `weight_mistakes` that gives as many is named. `subject` begins the
    sentence, with {key} for the question's name; `card` is what the student can compare model.summary() with.
    """

    def check(round: Round) -> None:
        for key in each(keys):
            model, question, which = model_of(round, key), round.block(key), subject.format(key=key)
            if model.size != question.size:
                reason = round.diagnose_weights(key, model.size) or f"Compare model.summary() with {card}."
                raise Wrong(f"{which} has {model.size} weights where {question.size} are expected. {reason}")
            if set(model.matched) != set(question.weights):
                count = f"{which} has {model.size} weights as expected"
                check_none_idle(model, count)
                raise Wrong(f"{count}, but in other shapes than the exercise gives.")
            fixed = sum(np.size(value) for slot, value in question.weights.items() if is_statistic(slot))
            if sum(math.prod(shape) for shape, trainable in model.weights if not trainable) != fixed:
                if not fixed:
                    raise Wrong("Some of the weights of the block are not trainable.")
                raise Wrong(f"{which} has weights that are not trainable, besides the statistics of the norms.")

    return Property(name, points, statement, check)


def has_number_of_weights(keys: Keys, points: float, statement: str, *, name: str, usual: str = "") -> Property:
    """The number of weights is right for every question: a kernel's size, a bottleneck's width.

    One single weight too many in the question `usual`, a bias, is not counted once more here.
    """

    def check(round: Round) -> None:
        bias = int(bool(usual) and model_of(round, usual).size - round.block(usual).size == 1)
        for key in each(keys):
            question, model = round.block(key), model_of(round, key)
            if model.size != bias + question.size:
                settings = [f"{word} {value}" for word, value in question.keywords.items() if word != "name"]
                given = ", ".join([f"{question.channels} channels", *settings])
                raise Wrong(
                    f"With {given}, the block has {model.size} weights: that is not the number the formula gives."
                )
            output_of(model)
            check_none_idle(model, "The block has as many weights as expected")

    return Property(name, points, statement, check)


def stands_twice(
    keys: tuple[str, str],
    points: float,
    statement: str = "can stand twice in one model, each time with weights of its own",
    *,
    name: str = "twice",
) -> Property:
    """The block can stand twice in one model. The first question has it once, the second twice."""

    def check(round: Round) -> None:
        once, twice = (model_of(round, key) for key in keys)
        output_of(twice)
        check_none_idle(twice, "The model of two blocks has weights")
        if twice.size == 0:
            raise Wrong("The model has no weights: the layers of the block do not belong to it.")
        if twice.size == once.size:
            raise Wrong("Two blocks in one model share their weights: make the layers anew in every call.")

    return Property(name, points, statement, check)


def despite_a_bias(item: Property) -> Property:
    """The same property, judged as if a convolution to one map had no bias.

    A bias starts at zero and stays there while the values are compared. It costs points where the weights are judged,
    and not once more in every property. A batch norm has four weights of this shape, so it is never taken for a bias.
    """

    def check(round: Round) -> None:
        answers = {}
        for key, answer in round.answers.items():
            if answer.model is not None:
                weights = tuple(weight for weight in answer.model.weights if weight[0] != (1,))
                if len(weights) == len(answer.model.weights) - 1:
                    answer = replace(answer, model=replace(answer.model, weights=weights))
            answers[key] = answer
        item.check(replace(round, answers=answers))

    return replace(item, check=check)


# --- what the checks of this module and of `models` share ----------------------------------------------------------


def model_of(round: Round, key: str) -> ModelAnswer:
    """The model of an answer.

    Raises
    ------
    Wrong : if there is none.
    """
    answer, question = round.answer(key), round.block(key)
    if answer.model is not None:
        return answer.model
    kind = round.value(key).type
    if question.layer:
        raise Wrong(
            f"Called with its settings it gives a {kind}: a class that inherits from the layer of Keras is due."
        )
    raise Wrong(not_an_array(kind, "a keras.Model" if question.whole else "a KerasTensor"))


def output_of(model: ModelAnswer) -> np.ndarray:
    """What a model gave.

    Raises
    ------
    Wrong : if it could not be run, or gave no numbers.
    """
    require("output", model)
    if model.output is None:
        raise Wrong("Running the model gave no real numbers.")
    return model.output


def require(step: str, model: ModelAnswer) -> None:
    """Check that a step went well, "output" or "gradients".

    Raises
    ------
    Wrong : if it did not.
    """
    if step in model.errors:
        raise Wrong(explain_error("Running the model", model.errors[step]))


def check_none_idle(model: ModelAnswer, count: str) -> None:
    """Check that the output depends on every weight; `count` begins the sentence.

    Raises
    ------
    Wrong : if it does not, or could not be computed.
    """
    if model.idle:
        require("output", model)
        raise Wrong(f"{count}, but the output does not depend on all of them: is a step left out of the result?")


def is_statistic(slot: str) -> bool:
    """Whether a slot is the mean or the variance that a norm stores, which no training step changes."""
    return slot.startswith("moving")
