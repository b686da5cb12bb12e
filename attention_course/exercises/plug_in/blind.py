"""The control of an experiment: a block with learned gates that cannot see the image."""

from __future__ import annotations

import numpy as np

from autograder.exercise.exercise import Exercise, Mistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_output_shape,
    has_weights,
    output_agrees,
    stands_twice,
)
from autograder.exercise.questions import KerasCall

from ... import oracle
from ...oracle.plug_in import blind_gate
from ..inputs import feature_map, one_of, sides


def _blind_questions(rng):
    channels = one_of(rng, 10, 11, 13, 14)
    whole = (3, *sides(rng, 3, channels), channels)
    square, few = one_of(rng, 5, 6, 7), one_of(rng, 9, 12)

    def block(*shape, **options):
        return KerasCall(shape[1:], feature_map(rng, *shape), {"gates": rng.normal(size=shape[3]) * 2}, **options)

    loose = block(2, *sides(rng, 2), few)
    return {
        "random": block(*whole, gradients=rng.normal(size=whole)),
        "all alike": block(square, square, square, square),
        "one image": block(1, *sides(rng, 1), few),
        "unknown sides": KerasCall((None, None, few), loose.x, loose.weights),
        "once": KerasCall(loose.input_shape, loose.x),
        "twice": KerasCall(loose.input_shape, loose.x, repeat=2),
    }


_WEIGHT_MISTAKES = weight_mistakes(
    lambda question: question.x.shape,
    ("The block has no weights: is what it learns made by a layer?", lambda s: 0),
    ("One factor for all channels together: each channel has its own.", lambda s: 1),
    ("It has a layer from channels to channels: a gate here is one learned number.", lambda s: s[3] * s[3]),
    (
        "It has a layer with biases from channels to channels: a gate here is one learned number.",
        lambda s: s[3] * s[3] + s[3],
    ),
    ("Each channel has two numbers, as with a bias: one is enough.", lambda s: 2 * s[3]),
    ("It has a gate for each position: the same gate holds at all of them.", lambda s: s[1] * s[2] * s[3]),
)


def _softmax(gates):
    powers = np.exp(gates - gates.max())
    return powers / powers.sum()


BLIND_GATE = Exercise(
    id="blind_gate",
    oracle=blind_gate,
    questions=_blind_questions,
    properties=(
        has_output_shape(("random", "one image"), 0.5),
        has_weights(("random", "all alike"), 1.0, "exactly one number for each channel, trainable"),
        output_agrees("random", 1.25, "each channel times the sigmoid of its number, in every image alike"),
        output_agrees(
            "all alike", 0.5, "sizes at which a gate along the wrong axis would go unnoticed", name="equal sides"
        ),
        gradients_agree("random", 0.75),
        builds("unknown sides", 0.5),
        stands_twice(("once", "twice"), 0.5),
    ),
    mistakes=(
        Mistake("The sigmoid is missing: the numbers themselves multiply the map.", lambda x, gates: x * gates),
        Mistake("It gives the gates, not the map that they multiply.", lambda x, gates: 0 * x + oracle.sigmoid(gates)),
        Mistake("The input is added: the block gives the gated map alone.", lambda x, gates: x + blind_gate(x, gates)),
        Mistake(
            "The numbers are added to the map, not multiplied with it.", lambda x, gates: x + oracle.sigmoid(gates)
        ),
        Mistake(
            "The gate depends on the image: its numbers are multiplied with the mean of each channel.",
            lambda x, gates: x * oracle.sigmoid(x.mean(axis=(1, 2), keepdims=True) * gates),
        ),
        Mistake(
            "The gate depends on the position: its numbers are multiplied with the map before the sigmoid.",
            lambda x, gates: x * oracle.sigmoid(x * gates),
        ),
        Mistake(
            "The gate is twice the sigmoid: a gate lies between zero and one.",
            lambda x, gates: 2 * blind_gate(x, gates),
        ),
        *(
            Mistake(sentence, lambda x, gates, wrong=wrong: x * wrong(gates))
            for sentence, wrong in (
                ("A tanh is used instead of the sigmoid: a gate lies between zero and one.", np.tanh),
                ("A ReLU is used instead of the sigmoid: a gate lies between zero and one.", oracle.relu),
                ("A hard sigmoid is used instead of the sigmoid.", lambda gates: np.clip(gates / 6 + 0.5, 0, 1)),
                ("The numbers change their sign before the sigmoid.", lambda gates: oracle.sigmoid(-gates)),
                ("The sigmoid is taken twice.", lambda gates: oracle.sigmoid(oracle.sigmoid(gates))),
            )
        ),
        Mistake(
            "A softmax makes the channels compete: each gate is a sigmoid of its own.",
            lambda x, gates: x * _softmax(gates),
        ),
        Mistake(
            "The gates lie along the columns: they belong to the channels.",
            lambda x, gates: x * oracle.sigmoid(gates)[:, None],
        ),
    ),
    weight_mistakes=_WEIGHT_MISTAKES,
)
