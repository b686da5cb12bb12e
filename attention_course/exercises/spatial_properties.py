"""Judging a spatial gate's block where its convolution has a bias that the exercise does not ask for."""

from __future__ import annotations

from dataclasses import replace

from autograder.exercise.base import Property, Round


def despite_a_bias(item: Property) -> Property:
    """The same property, judged as if the convolution had no bias.

    A bias starts at zero and stays there while the values are compared. It costs points where the weights are judged,
    and not once more in every property. A batch norm has four weights of this shape, so it is never taken for a bias.
    """

    def check(round: Round) -> None:
        item.check(_without_bias(round))

    return replace(item, check=check)


def _without_bias(round: Round) -> Round:
    answers = {}
    for key, answer in round.answers.items():
        if answer.model is not None:
            weights = tuple(weight for weight in answer.model.weights if weight[0] != (1,))
            if len(weights) == len(answer.model.weights) - 1:
                answer = replace(answer, model=replace(answer.model, weights=weights))
        answers[key] = answer
    return replace(round, answers=answers)
