"""Notebook 06: its oracle against SciPy and cases worked by hand, and the two kinds of question that it brought."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest
from scipy import stats

from attention_course.oracle import plug_in
from autograder import cells
from autograder.build import read_source
from autograder.course import Course
from autograder.exercise.questions import KerasCall
from autograder.judge import answers_here


def ask_one(function, question):
    return answers_here("function", {"only": question}, {"function": function})["only"]


@pytest.mark.parametrize("count", range(2, 12))
def test_paired_difference_agrees_with_scipy(count):
    a, b = np.random.default_rng(count).normal(size=(2, count))
    interval = stats.ttest_rel(a, b).confidence_interval(0.95)
    expected = ((a - b).mean(), interval.low, interval.high)
    np.testing.assert_allclose(plug_in.paired_difference(a, b), expected, rtol=1e-5)


def test_mass_inside_of_a_constant_gate_is_the_share_of_the_area():
    boxes = np.array([[0, 0, 4, 5], [1, 2, 3, 3]])
    np.testing.assert_allclose(plug_in.mass_inside(np.full((2, 4, 5), 0.3), boxes), [1, 2 / 20])


def test_arguments_before_the_tensor_come_first():
    question = KerasCall((2, 3, 4), np.ones((2, 2, 3, 4)), before=(3,))
    answer = ask_one(lambda factor, x: factor * x, question)
    np.testing.assert_allclose(answer.model.output, np.full((2, 2, 3, 4), 3.0))


def make_model(input_shape, units):
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, keras.layers.Dense(units)(inputs))


def test_a_whole_model_is_described_with_the_weights_it_was_given():
    x, kernel = np.ones((2, 3)), np.arange(6.0).reshape(3, 2)
    weights = {"w": kernel, "b": np.array([1.0, -1.0])}
    question = KerasCall((3,), x, weights, {"units": 2}, np.ones((2, 2)), whole=True)
    answer = ask_one(make_model, question)
    assert answer.value.type == "Model" and set(answer.model.matched) == {"w", "b"}
    np.testing.assert_allclose(answer.model.output, x @ kernel + weights["b"])
    np.testing.assert_allclose(answer.model.gradients["b"], [2, 2])


def test_something_else_than_a_model_is_told_by_its_type():
    question = KerasCall((3,), np.ones((2, 3)), keywords={"units": 2}, whole=True)
    answer = ask_one(lambda input_shape, units: keras.Input(input_shape), question)
    assert answer.model is None and answer.value.type == "KerasTensor"


@pytest.mark.parametrize("nested", [True, False])
def test_gates_put_in_are_found_in_nested_models_and_others_are_left_out(nested):
    code = [cell for cell in read_source(Course.find(), "06_plug_in").cells if cell.cell_type == "code"]
    space = {"keras": keras, "math": math, "np": np, "CLASSES": 10}
    for cell in code:
        if "given" in cells.tags(cell) or "def has_own_gates" in cell.source:
            exec(cell.source, space)

    def small_resnet(name, shape, classes):
        inputs = keras.Input(shape)
        x = keras.layers.Dense(4)(inputs)
        gate = space["ChannelGate"]([keras.ops.mean], 4) if nested else keras.layers.Dense(4)
        return keras.Model(inputs, x if name == "none" else keras.Sequential([gate])(x))

    space["small_resnet"] = small_resnet
    assert space["has_own_gates"]("se") != nested
