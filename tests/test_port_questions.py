"""What notebook 07 asks of a judge beyond the usual: the other data format, norms in any order, Keras's own stubs."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from attention_course import oracle
from attention_course.exercises import CATALOGUE
from attention_course.oracle.residual import convolve, normalize
from autograder.exercise.answers import Answer
from autograder.exercise.exercise import Exercise, Mistake, Round, Wrong
from autograder.exercise.questions import KerasCall


def round_of(data_format, answer=None):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    given = oracle.to_channels_first(x) if data_format == "channels_first" else x
    question = KerasCall(given.shape[1:], given, {"kernel": np.ones(1)}, data_format=data_format)
    exercise = Exercise(
        "eca_block", oracle.eca_forward, lambda rng: {}, (), (Mistake("Only in one format.", lambda x, kernel: 2 * x),)
    )
    return x, Round(exercise, {"q": question}, {"q": answer} if answer else {})


def test_the_oracle_hears_of_the_data_format():
    x, first = round_of("channels_first")
    _, last = round_of("channels_last")
    assert np.array_equal(first.expected("q"), oracle.to_channels_first(last.expected("q")))


def test_a_mistake_that_knows_one_format_is_passed_over_in_the_other():
    x, last = round_of("channels_last")
    assert last.diagnose("q", 2 * x) == "Only in one format."
    _, first = round_of("channels_first")
    assert first.diagnose("q", 2 * oracle.to_channels_first(x)) is None


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("NotImplementedError: Your turn: write this function, then run this cell again.", "not written yet"),
        ("NotImplementedError: We could not automatically infer the shape of the Lambda's output.", "raised"),
    ],
)
def test_only_the_stub_counts_as_not_written(error, says):
    with pytest.raises(Wrong, match=says):
        round_of("channels_last", Answer("raised", error))[1].answer("q")


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("sides", [(5, 7), (6, 7), (6, 8)])
@pytest.mark.parametrize("size", [1, 3])
def test_convolution_of_the_oracle_is_the_one_of_keras(strides, sides, size):
    rng = np.random.default_rng(1)
    x, kernel = rng.normal(size=(2, *sides, 3)), rng.normal(size=(size, size, 3, 4))
    expected = keras.ops.conv(x.astype("float32"), kernel.astype("float32"), strides=strides, padding="same")
    assert np.allclose(convolve(x, kernel, strides), expected, atol=1e-4)


def test_norm_of_the_oracle_is_the_one_of_keras():
    rng = np.random.default_rng(2)
    x, vectors = rng.normal(size=(2, 3, 4, 5)), [rng.uniform(0.5, 2, 5) for _ in range(4)]
    norm = keras.layers.BatchNormalization()
    norm.build(x.shape)
    norm.set_weights(vectors)
    assert np.allclose(normalize(x, *vectors), norm(x.astype("float32")), atol=1e-4)


def test_questions_stand_in_both_formats():
    for exercise in CATALOGUE.exercises_of("07_port_the_tutorial"):
        formats = {question.data_format for question in exercise.ask(0).values()}
        assert formats == {"channels_last", "channels_first"}, exercise.id
