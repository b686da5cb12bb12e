"""Known numbers of weights: the first that is a model's is named."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.exercise.answers import Answer, ModelAnswer
from autograder.exercise.exercise import Exercise, Round, WeightMistake, Wrong, weight_mistakes
from autograder.exercise.models import has_weights
from autograder.exercise.questions import KerasCall

QUESTION = KerasCall((4, 5), np.zeros((2, 4, 5)), {"w": np.ones((5, 3)), "moving_mean": np.ones(3)})
KNOWN = (
    *weight_mistakes(
        lambda question: question.channels,
        ("None at all.", 0),
        ("One for each channel.", lambda channels: channels),
        ("As many again.", lambda channels: {channels, 2 * channels}),
        ("Never.", lambda channels: None),
    ),
    WeightMistake("Far too many.", range(100, 200)),
)


def round_of(*weights):
    exercise = Exercise("block", lambda x, **slots: x, lambda rng: {}, (), (), KNOWN)
    model = ModelAnswer(weights, matched=("w", "moving_mean"), output=np.zeros((2, 4, 3)))
    return Round(exercise, {"q": QUESTION}, {"q": Answer("ok", model=model)})


@pytest.mark.parametrize(
    ("total", "sentence"),
    [
        (0, "None at all."),
        (5, "One for each channel."),
        (10, "As many again."),
        (150, "Far too many."),
        (7, None),
    ],
)
def test_the_first_known_number_of_weights_is_named(total, sentence):
    assert round_of().diagnose_weights("q", total) == sentence


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([((5, 3), True), ((3,), False)], None),
        ([((5, 1), True)], "has 5 weights where 18 are expected. One for each channel."),
        ([((5, 1), True), ((2,), True)], "Compare model.summary"),
        ([((5, 3), True), ((3,), True)], "not trainable, besides the statistics"),
        ([((5, 3), False), ((3,), False)], "not trainable, besides the statistics"),
    ],
)
def test_weights_are_counted_and_all_but_statistics_learn(weights, says):
    check = has_weights("q", 1, "has its weights").check
    if says is None:
        check(round_of(*weights))
    else:
        with pytest.raises(Wrong, match=says):
            check(round_of(*weights))
