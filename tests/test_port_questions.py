"""What notebook 07 asks of a judge beyond the usual: the other data format, a case for a test."""

from __future__ import annotations

from functools import cache

import keras
import numpy as np
import pytest

from attention_course import oracle
from attention_course.exercises import CATALOGUE
from attention_course.exercises.port_the_tutorial.telling import PORTS, TELLING_CASE, Case, shows
from attention_course.oracle.residual import convolve, normalize
from attention_course.oracle.residual_sum import telling_case
from autograder.exercise.exercise import Exercise, Mistake, Round
from autograder.exercise.questions import KerasCall
from tests.support.visible_checks import Notebook


def round_of(data_format):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    given = oracle.to_channels_first(x) if data_format == "channels_first" else x
    question = KerasCall(given.shape[1:], given, {"kernel": np.ones(1)}, data_format=data_format)
    exercise = Exercise(
        "eca_block", oracle.eca_forward, lambda rng: {}, (), (Mistake("Only in one format.", lambda x, kernel: 2 * x),)
    )
    return x, Round(exercise, {"q": question}, {})


def test_the_oracle_hears_of_the_data_format():
    x, first = round_of("channels_first")
    _, last = round_of("channels_last")
    assert np.array_equal(first.expected("q"), oracle.to_channels_first(last.expected("q")))


def test_a_mistake_that_knows_one_format_is_passed_over_in_the_other():
    x, last = round_of("channels_last")
    assert last.diagnose("q", 2 * x) == "Only in one format."
    _, first = round_of("channels_first")
    assert first.diagnose("q", 2 * oracle.to_channels_first(x)) is None


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


def test_blocks_are_asked_in_both_formats():
    for exercise in CATALOGUE.exercises_of("07_port_the_tutorial"):
        questions = [question for question in exercise.ask(0).values() if isinstance(question, KerasCall)]
        formats = {question.data_format for question in questions}
        assert formats == {"channels_last", "channels_first"} or exercise.id == "telling_case", exercise.id


# --- the case that tells nine faulty sums from the right one --------------------------------------------------------


def drawn(seed, batch=2, channels=4, height=3, width=4, units=3):
    draw = np.random.default_rng(seed).normal
    shape = (batch, channels, height, width)
    weights = draw(size=(channels, units)), draw(size=units), draw(size=(units, channels)), draw(size=channels)
    return draw(size=shape) * 4, draw(size=shape) - np.arange(channels)[:, None, None] * 2, *weights


@cache
def given_code() -> dict:
    return Notebook("07_port_the_tutorial").before["telling_case"]


@pytest.mark.parametrize("seed", range(8))
def test_the_judges_ports_are_those_of_the_notebook(seed):
    given = given_code()
    case = drawn(seed, width=4 + seed % 2)
    assert list(given["PORTS"]) == [port.name for port in PORTS]
    assert np.allclose(given["right_sum"](*case), Case(*case).right)
    for port in PORTS:
        assert np.allclose(given["PORTS"][port.name](*case), port.computes(Case(*case))), port.name
    caught = [port.name for port in PORTS if shows(port, Case(*case))]
    assert caught == [port.name for port in PORTS if port.name not in given["unnoticed"](case)]


def test_what_is_said_of_a_port_that_passes_is_so():
    """Where a case is blind for a port, the port gives the right sum: the reason that a student reads is one."""
    x, f, w1, b1, w2, b2 = drawn(0)
    blind = {
        "A": (x, 0 * f, w1, b1, w2, b2),
        "B": (0 * x, f, w1, b1, w2, b2),
        "C": (f, f, w1, b1, w2, b2),
        "D": drawn(0, width=5),
        "E": (x[:1], f[:1], w1, b1, w2, b2),
        "F": (x, f, w1, b1 + 100, w2, b2),
        "G": (x, f, w1, b1, w2, 0 * b2),
        "H": (x, np.abs(f), w1, b1, w2, b2),
        "I": (-np.abs(x), np.minimum(f, 5), w1, b1, w2, b2),
    }
    for port in PORTS:
        case = Case(*blind[port.name])
        assert port.blind(case) and not shows(port, case), port.name


def test_the_right_case_shows_every_port_at_every_size_that_is_asked():
    asked = {question.arguments for seed in range(60) for question in TELLING_CASE.ask(seed).values()}
    assert len(asked) > 80
    for sizes in asked:
        case = Case(*telling_case(*sizes))
        assert all(shows(port, case) for port in PORTS), sizes
