"""Questions about a layer's class and about residual blocks: how they are asked, and the oracle they are judged by."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from attention_course.layers.spatial import CBAM
from attention_course.oracle.residual import cbam_residual_block, convolve, normalize
from autograder.exercise.questions import KerasCall
from autograder.judge import answers_here

X = np.random.default_rng(3).normal(size=(2, 5, 7, 6))


def ask(function, **options):
    return answers_here("asked", {"one": KerasCall((5, 7, 6), X, **options)}, {"asked": function})["one"]


class Scaled(keras.layers.Layer):
    def __init__(self, factor=2, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return self.factor * x


def test_a_layers_class_is_made_with_the_keywords_and_then_called():
    got = ask(Scaled, layer=True, keywords={"factor": 3})
    np.testing.assert_allclose(got.model.output, 3 * X, rtol=1e-6)


def test_what_is_no_layer_is_said_to_be_something_else():
    got = ask(lambda: lambda x: x, layer=True)
    assert got.model is None and got.value.type == "function"


def test_an_error_of_loading_keeps_its_innermost_cause():
    got = ask(Scaled, layer=True, reload=True)
    assert got.model.errors["reloaded"].startswith("TypeError: Could not locate class 'Scaled'")


def test_the_vectors_of_a_norm_are_told_apart_by_name():
    slots = {name: np.full(6, value) for value, name in enumerate(("moving_variance1", "beta1", "gamma1"), start=1)}
    got = ask(keras.layers.BatchNormalization, layer=True, weights=slots)
    assert set(got.model.matched) == set(slots)
    np.testing.assert_allclose(got.model.output, 3 * X / np.sqrt(1.001) + 2, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(2, 5, 7, 3), (1, 8, 6, 3), (2, 1, 4, 3)])
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("stride", [1, 2])
def test_convolution_is_that_of_keras(shape, size, stride):
    rng = np.random.default_rng(4)
    x, kernel = rng.normal(size=shape), rng.normal(size=(size, size, 3, 4))
    expected = keras.ops.conv(x, kernel, strides=stride, padding="same")
    np.testing.assert_allclose(convolve(x, kernel, stride), expected, atol=1e-12)


@pytest.mark.parametrize("stride", [1, 2])
def test_residual_block_is_that_of_the_reference_layers(stride):
    rng, layers = np.random.default_rng(5), keras.layers
    inputs = keras.Input(X.shape[1:])
    convolutions = [layers.Conv2D(8, n, strides=s, padding="same", use_bias=False) for n, s in ((3, stride), (3, 1))]
    convolutions.append(layers.Conv2D(8, 1, strides=stride, use_bias=False))
    norms, attention = [layers.BatchNormalization() for _ in range(3)], CBAM(4)
    branch = keras.ops.relu(norms[0](convolutions[0](inputs)))
    branch = attention(norms[1](convolutions[1](branch)))
    model = keras.Model(inputs, keras.ops.relu(norms[2](convolutions[2](inputs)) + branch))
    model.set_weights([rng.uniform(0.5, 1.5, size=w.shape) * rng.choice([0.3, 0.5]) for w in model.get_weights()])
    values = [np.array(w, np.float64) for w in attention.get_weights()]
    kernels, vectors = [layer.get_weights()[0] for layer in convolutions], [layer.get_weights() for layer in norms]
    cbam = (*values[:4], values[4][..., 0])
    got = cbam_residual_block(X, kernels[0], vectors[0], kernels[1], vectors[1], cbam, kernels[2], vectors[2], stride)
    np.testing.assert_allclose(model.predict(X, verbose=0), got, rtol=2e-4, atol=2e-4)


def test_norm_uses_its_stored_statistics():
    assert normalize(np.array([3.0]), 2.0, 1.0, 1.0, 4.0, epsilon=0.0) == 3.0
