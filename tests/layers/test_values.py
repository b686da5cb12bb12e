"""The Keras layers and the tutorial's functions against the NumPy oracle: values, gradients, weights."""

import ast
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_course import layers as reference
from attention_course import oracle

from .backends import EXAMPLES, FLOAT64, difference_quotients, gradients, numpy, tensor

FORMATS = ["channels_last", "channels_first"]

# Each block as a layer (from its keyword arguments), and the oracle's forward function for the same weights.
BLOCKS = {
    "se": (lambda **more: reference.SqueezeExcitation(ratio=3, **more), oracle.se_forward),
    "eca": (lambda **more: reference.EfficientChannelAttention(kernel_size=5, **more), oracle.eca_forward),
    "eca_adaptive": (reference.EfficientChannelAttention, oracle.eca_forward),
    "channel": (lambda **more: reference.ChannelAttention(ratio=3, **more), oracle.channel_attention_forward),
    "spatial": (reference.SpatialAttention, oracle.spatial_attention_forward),
    "spatial_3": (lambda **more: reference.SpatialAttention(kernel_size=3, **more), oracle.spatial_attention_forward),
    "cbam": (lambda **more: reference.CBAM(ratio=3, kernel_size=5, **more), oracle.cbam_forward),
}

# The same for the functions of the tutorial, which follow the global settings.
FUNCTIONS = {
    "se_block": oracle.se_forward,
    "eca_block": oracle.eca_forward,
    "channel_attention": oracle.channel_attention_forward,
    "spatial_attention": oracle.spatial_attention_forward,
    "cbam_block": oracle.cbam_forward,
}


@pytest.fixture(params=FORMATS)
def global_format(request):
    """The global data format set to each value in turn."""
    before = keras.config.image_data_format()
    keras.config.set_image_data_format(request.param)
    yield request.param
    keras.config.set_image_data_format(before)


def to_format(x, data_format):
    return np.moveaxis(x, -1, 1) if data_format == "channels_first" else x


def randomise(weights, rng):
    """Give every weight, the biases too, a random value; return the values."""
    values = [rng.normal(size=weight.shape) for weight in weights]
    for weight, value in zip(weights, values, strict=True):
        weight.assign(value)
    return values


def for_oracle(values):
    """Kernels without the axes of length 1 that Keras adds: (k, 1, 1) -> (k,), (k, k, 2, 1) -> (k, k, 2)."""
    shorten = {3: lambda kernel: kernel[:, 0, 0], 4: lambda kernel: kernel[..., 0]}
    return [shorten.get(value.ndim, lambda same: same)(value) for value in values]


def prepare(name, shape, data_format, seed=0):
    """A built float64 layer with random weights, its input, and the oracle's arguments after the input."""
    rng = np.random.default_rng(seed)
    x = to_format(rng.normal(size=shape), data_format)
    layer = BLOCKS[name][0](data_format=data_format, dtype="float64")
    layer.build(x.shape)
    return layer, x, for_oracle(randomise(layer.trainable_variables, rng))


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("shape", [(2, 3, 5, 8), (3, 4, 2, 7), (2, 1, 1, 3), (2, 3, 4, 129)], ids=str)
def test_layer_equals_oracle(name, shape, data_format):
    layer, x, arguments = prepare(name, shape, data_format)
    got = numpy(layer(tensor(x)))
    assert got.shape == x.shape
    np.testing.assert_allclose(got, BLOCKS[name][1](x, *arguments, data_format=data_format), atol=FLOAT64)


@given(
    name=st.sampled_from(sorted(BLOCKS)),
    shape=st.tuples(st.integers(1, 3), st.integers(1, 8), st.integers(1, 8), st.integers(1, 20)),
    data_format=st.sampled_from(FORMATS),
    seed=st.integers(0, 99),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_layer_equals_oracle_at_any_size(name, shape, data_format, seed):
    layer, x, arguments = prepare(name, shape, data_format, seed)
    np.testing.assert_allclose(
        numpy(layer(tensor(x))), BLOCKS[name][1](x, *arguments, data_format=data_format), atol=FLOAT64
    )


@pytest.mark.parametrize(("block", "forward"), [("se", oracle.se_forward), ("cbam", oracle.cbam_forward)])
def test_without_biases_is_with_biases_of_zero(block, forward):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 3, 5, 8))
    layer = BLOCKS[block][0](use_bias=False, dtype="float64")
    layer.build(x.shape)
    w1, w2, *kernel = for_oracle(randomise(layer.weights, rng))
    want = forward(x, w1, np.zeros(2), w2, np.zeros(8), *kernel)
    np.testing.assert_allclose(numpy(layer(tensor(x))), want, atol=FLOAT64)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_gradients_equal_finite_differences(name, data_format):
    layer, x, arguments = prepare(name, (2, 3, 4, 6), data_format, seed=5)
    pull = np.random.default_rng(6).normal(size=x.shape)
    got = gradients(layer, x, pull)
    arrays = [np.array(x), *(np.array(argument) for argument in arguments)]
    want = difference_quotients(lambda: float(np.sum(pull * BLOCKS[name][1](*arrays, data_format=data_format))), arrays)
    for ours, theirs in zip([got[0], *for_oracle(got[1:])], want, strict=True):
        assert np.abs(theirs).max() > 1e-3  # a gradient of zeros would prove nothing
        np.testing.assert_allclose(ours, theirs, atol=max(1e-7, FLOAT64))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_equal_oracle_in_the_global_format(name, global_format):
    rng = np.random.default_rng(2)
    x = to_format(rng.normal(size=(2, 3, 5, 16)).astype("float32"), global_format)
    feature_map = keras.Input(x.shape[1:])
    result = getattr(reference, name)(feature_map)
    assert isinstance(result, keras.KerasTensor) and result.shape == feature_map.shape
    model = keras.Model(feature_map, result)
    arguments = for_oracle(randomise(model.weights, rng))
    got = numpy(model(x))
    np.testing.assert_allclose(got, FUNCTIONS[name](x, *arguments, data_format=global_format), atol=2e-5)


@pytest.mark.parametrize(
    ("name", "parameters", "shapes"),
    [
        ("se_block", {}, [(16, 2), (2,), (2, 16), (16,)]),
        ("se_block", {"ratio": 4}, [(16, 4), (4,), (4, 16), (16,)]),
        ("se_block", {"ratio": 32}, [(16, 1), (1,), (1, 16), (16,)]),
        ("channel_attention", {}, [(16, 2), (2,), (2, 16), (16,)]),
        ("channel_attention", {"ratio": 4}, [(16, 4), (4,), (4, 16), (16,)]),
        ("spatial_attention", {}, [(7, 7, 2, 1)]),
        ("cbam_block", {}, [(16, 2), (2,), (2, 16), (16,), (7, 7, 2, 1)]),
        ("cbam_block", {"ratio": 4}, [(16, 4), (4,), (4, 16), (16,), (7, 7, 2, 1)]),
        ("eca_block", {}, [(3, 1, 1)]),
        ("eca_block", {"b": 5}, [(5, 1, 1)]),  # (4 + 5) / 2 is 4.5
        ("eca_block", {"gamma": 1}, [(5, 1, 1)]),  # 4 + 1
        ("eca_block", {"b": 2, "gamma": 1}, [(7, 1, 1)]),  # 4 + 2, a tie; swapped it would be 2.5 and 3
    ],
)
def test_functions_have_exactly_the_weights_of_the_block(name, parameters, shapes, global_format):
    feature_map = keras.Input(to_format(np.zeros((1, 6, 5, 16)), global_format).shape[1:])
    model = keras.Model(feature_map, getattr(reference, name)(feature_map, **parameters))
    assert [tuple(weight.shape) for weight in model.weights] == shapes
    assert model.count_params() == sum(int(np.prod(shape)) for shape in shapes)
    for weight in model.weights:  # kernels drawn at random, biases zero
        assert np.any(numpy(weight)) == (len(weight.shape) > 1)


def test_functions_can_be_used_again_and_again():
    x = feature_map = keras.Input((6, 5, 16))
    for _ in range(2):
        for name in FUNCTIONS:
            x = getattr(reference, name)(x)
    x = reference.eca_block(x, name="first")
    model = keras.Model(feature_map, reference.eca_block(x, name="second"))
    assert model.get_layer("eca_layer_first") is not model.get_layer("eca_layer_second")
    assert len(model.weights) == 2 * (4 + 1 + 4 + 1 + 5) + 2
    assert model(np.ones((2, 6, 5, 16))).shape == (2, 6, 5, 16)


@pytest.mark.parametrize("channels", [1, 2, 7, 8, 127, 128, 2047, 2048, 32767, 32768])
@pytest.mark.parametrize("rule", [{}, {"gamma": 1, "b": 0}, {"gamma": 1.5, "b": -3}], ids=str)
def test_adaptive_kernel_size_equals_oracle(channels, rule):
    layer = reference.EfficientChannelAttention(**rule)
    layer.build((None, None, None, channels))
    assert layer.count_params() == oracle.eca_kernel_size(channels, **rule)


@pytest.mark.parametrize("channels", [1, 3, 16, 40, 64])
@pytest.mark.parametrize("use_bias", [True, False])
def test_weight_counts_equal_oracle(channels, use_bias):
    for kind, more in ((reference.SqueezeExcitation, 0), (reference.ChannelAttention, 0), (reference.CBAM, 98)):
        layer = kind(ratio=16, use_bias=use_bias)
        layer.build((None, None, None, channels))
        assert layer.count_params() == oracle.se_weight_count(channels, 16, use_bias) + more


def test_the_layers_import_keras_and_numpy_and_a_backend_only_where_it_runs():
    """They are installed without the rest. What names a backend stands in a function, which asks for it first."""
    at_once, ever = set(), set()
    for path in Path(reference.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text())
        at_once |= roots(tree.body)
        ever |= roots(ast.walk(tree))
    assert {"keras"} <= at_once <= {"keras", "numpy", *sys.stdlib_module_names}
    assert ever - at_once <= {"jax", "tensorflow", "torch", *sys.stdlib_module_names}


def roots(nodes):
    """The packages that these imports name, but for their own."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}
