"""The options of the blocks, each by what it changes, and what holds for every combination of them."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_course import layers

from .backends import EXAMPLES, gradients, numpy
from .blocks import BLOCKS, FORMATS, expected_gate, feature_map, parameters_of, randomise, sigmoid

MLP = {
    "ratio": 3,
    "use_bias": False,
    "units": 5,
    "divisor": 4,
    "hidden_activation": "silu",
    "bias_initializer": "ones",
    "bias_regularizer": keras.regularizers.L1(0.1),
}
WEIGHTS = {
    "start": "identity",
    "gate_activation": "hard_sigmoid",
    "kernel_initializer": keras.initializers.RandomUniform(-0.5, 0.5, seed=7),
    "kernel_regularizer": keras.regularizers.L2(0.5),
}
SPATIAL = {"kernel_size": 5, "norm": True, "dilation": 2}
# Every argument away from its default.
EVERY = {
    "se": {**MLP, **WEIGHTS},
    "eca": {"kernel_size": 5, "gamma": 1, "b": 2, "min_kernel": 3, **WEIGHTS},
    "channel": {**MLP, **WEIGHTS},
    "spatial": {**SPATIAL, **WEIGHTS},
    "cbam": {**MLP, **SPATIAL, **WEIGHTS},
}
OWN_ARGUMENTS = {
    name: {key: one.default for key, one in parameters_of(kind).items() if key not in ("data_format", "kwargs")}
    for name, kind in BLOCKS.items()
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_configuration_brings_every_argument_back(name):
    assert set(EVERY[name]) == set(OWN_ARGUMENTS[name])
    assert all(EVERY[name][key] != default for key, default in OWN_ARGUMENTS[name].items())
    layer = BLOCKS[name](**EVERY[name], data_format="channels_first", name="block", dtype="float32", trainable=False)
    config = layer.get_config()
    again = BLOCKS[name].from_config(config)
    assert again.get_config() == config
    assert set(config) == {*EVERY[name], "data_format", "name", "dtype", "trainable"}
    plain = BLOCKS[name](data_format="channels_last").get_config()
    assert not [key for key in {*EVERY[name], "data_format"} if plain[key] == config[key]]
    x = feature_map("channels_first")
    for one in (layer, again):
        one.build(x.shape)
        randomise(one)
    np.testing.assert_array_equal(numpy(again(x)), numpy(layer(x)))


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("rank", [3, 4, 5])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        *((name, {}) for name in BLOCKS),
        *((name, {"kernel_size": 3, "dilation": far}) for name in ("spatial", "cbam") for far in (2, 3)),
    ],
    ids=str,
)
def test_each_rank_equals_scipy(name, options, rank, data_format):
    layer = BLOCKS[name](data_format=data_format, **options)
    x = feature_map(data_format, rank=rank)
    layer.build(x.shape)
    rng = np.random.default_rng(2)
    layer.set_weights([rng.normal(size=weight.shape) / 2 for weight in layer.weights])
    want = expected_gate(layer, x)
    assert want.ndim == rank and want.std() > 0.002
    np.testing.assert_allclose(numpy(layer.gate(x)), want, atol=2e-6)
    np.testing.assert_allclose(numpy(layer(x)), x * want, atol=1e-5)


@st.composite
def blocks(draw):
    """A block with options drawn at random, built and ready, and a feature map for it."""
    name = draw(st.sampled_from(sorted(BLOCKS)))
    choices = {
        "ratio": st.integers(1, 20),
        "units": st.none() | st.integers(1, 9),
        "divisor": st.none() | st.integers(1, 9),
        "use_bias": st.booleans(),
        "norm": st.booleans(),
        "dilation": st.integers(1, 2),
        "kernel_size": st.sampled_from([1, 3, 5]),
        "min_kernel": st.sampled_from([1, 3]),
        "gamma": st.sampled_from([1, 2, 1.5]),
        "b": st.integers(-1, 3),
        "start": st.sampled_from(["random", "identity"]),
        "hidden_activation": st.sampled_from(["silu", "gelu", "tanh"]),  # a ReLU may leave a whole layer at 0
        "gate_activation": st.sampled_from(["sigmoid", "hard_sigmoid"]),
        "kernel_initializer": st.sampled_from(["he_normal", "glorot_uniform"]),
        "bias_initializer": st.sampled_from(["zeros", "ones"]),
        "kernel_regularizer": st.sampled_from([None, "l2"]),
        "bias_regularizer": st.sampled_from([None, "l1"]),
    }
    options = {key: draw(choices[key]) for key in sorted(OWN_ARGUMENTS[name])}
    data_format = draw(st.sampled_from(FORMATS))
    rank, channels = draw(st.sampled_from([3, 4, 5])), draw(st.sampled_from([2, 5, 12]))
    x = feature_map(data_format, channels, rank, draw(st.integers(1, 3)), draw(st.integers(0, 99)))
    layer = BLOCKS[name](data_format=data_format, **options)
    layer.build(x.shape)
    return layer, x


@given(block=blocks())
@settings(max_examples=EXAMPLES, deadline=None)
def test_whatever_the_options_y_is_x_times_the_gate(block):
    layer, x = block
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config
    if layer.get_config()["start"] == "identity":
        np.testing.assert_array_equal(numpy(layer.gate(x)), np.ones(layer.gate(x).shape))
        np.testing.assert_array_equal(numpy(layer(x)), x)
        # And it can leave its start: one step of gradient descent on the gate alone.
        slopes = gradients(layer, x, x)[1:]
        for weight, slope in zip(layer.trainable_variables, slopes, strict=True):
            weight.assign(numpy(weight) - 0.1 * slope)
        assert not np.array_equal(numpy(layer(x)), x)
    else:
        randomise(layer)
    gate = numpy(layer.gate(x))
    assert gate.ndim == x.ndim and np.broadcast_shapes(gate.shape, x.shape) == x.shape
    np.testing.assert_allclose(numpy(layer(x)), x * gate, rtol=1e-6, atol=1e-7)
    assert tuple(layer(x).shape) == x.shape


def timm_make_divisible(value, divisor):
    """timm.layers.make_divisible with the round_limit of 0 that its SqueezeExcite and EcaModule give."""
    return max(divisor, int(value + divisor / 2) // divisor * divisor)


@pytest.mark.parametrize("divisor", [1, 3, 4, 8])
@pytest.mark.parametrize("ratio", [1, 3, 4, 16])
def test_units_are_rounded_as_timm_rounds_them(ratio, divisor):
    layer = layers.SqueezeExcitation(ratio, divisor=divisor)
    for channels in [*range(1, 200), 240, 672, 960, 2048]:
        assert layer.bottleneck_units(channels) == timm_make_divisible(channels / ratio, divisor)


@pytest.mark.parametrize("name", ["se", "channel", "cbam"])
def test_units_take_the_place_of_the_ratio(name):
    layer = BLOCKS[name](ratio=2, units=7, divisor=8)
    layer.build((None, 4, 4, 12))
    assert tuple(layer.weights[0].shape) == (12, 7)


@pytest.mark.parametrize(("channels", "least", "size"), [(4, 1, 1), (4, 3, 3), (16, 3, 3), (16, 5, 5), (256, 3, 5)])
def test_the_least_adaptive_kernel(channels, least, size):
    layer = layers.EfficientChannelAttention(min_kernel=least)
    layer.build((None, 4, 4, channels))
    assert layer.count_params() == size
    fixed = layers.EfficientChannelAttention(kernel_size=1, min_kernel=least)
    fixed.build((None, 4, 4, channels))
    assert fixed.count_params() == 1


@pytest.mark.parametrize("start", ["random", "identity"])
@pytest.mark.parametrize("name", BLOCKS)
def test_the_activations_are_those_asked_for(name, start):
    activations = {"gate_activation": "hard_sigmoid"}
    if "hidden_activation" in OWN_ARGUMENTS[name]:
        activations["hidden_activation"] = "tanh"
    layer, plain = BLOCKS[name](start=start, **activations), BLOCKS[name]()
    x = feature_map() / 5 + 0.2
    for one in (layer, plain):
        one.build(x.shape)
        randomise(one)
    gate, sigmoids = numpy(layer.gate(x)), numpy(plain.gate(x))
    assert np.abs(gate - sigmoids).max() > 0.01
    if name in ("eca", "spatial"):  # one set of logits, no hidden layer
        hard = np.clip(np.log(sigmoids / (1 - sigmoids)) / 6 + 0.5, 0, 1)
        np.testing.assert_allclose(gate, 2 * hard if start == "identity" else hard, atol=1e-4)


def test_the_hidden_activation_by_hand():
    x = feature_map()
    layer = layers.SqueezeExcitation(hidden_activation="tanh")
    layer.build(x.shape)
    randomise(layer)
    w1, b1, w2, b2 = (numpy(weight) for weight in layer.weights)
    want = sigmoid(np.tanh(x.mean((1, 2)) @ w1 + b1) @ w2 + b2)
    np.testing.assert_allclose(numpy(layer.gate(x))[:, 0, 0], want, atol=1e-6)


@pytest.mark.parametrize("name", BLOCKS)
def test_an_identity_needs_a_gate_of_one_half_at_zero(name):
    with pytest.raises(ValueError, match="gate_activation is 0.0 at 0.*Use 'sigmoid'"):
        BLOCKS[name](start="identity", gate_activation="tanh")
    BLOCKS[name](start="random", gate_activation="tanh")
    BLOCKS[name](start="identity", gate_activation=keras.activations.hard_sigmoid)


@pytest.mark.parametrize("name", ["spatial", "cbam"])
def test_beside_a_gamma_of_zero_the_kernel_stays_random(name):
    layer = BLOCKS[name](norm=True, start="identity")
    layer.build((None, 4, 4, 12))
    kernel, gamma = (next(w for w in layer.weights if w.path.endswith(end)) for end in ("convolution/kernel", "gamma"))
    assert np.all(numpy(kernel) != 0) and np.all(numpy(gamma) == 0)


@pytest.mark.parametrize("name", BLOCKS)
def test_kernels_come_from_the_initializer_each_with_its_own_values(name):
    layer = BLOCKS[name](
        kernel_initializer=keras.initializers.RandomUniform(3, 4),
        **({"units": 12} if name in ("se", "channel", "cbam") else {}),
    )
    layer.build((None, 4, 4, 12))
    kernels = [numpy(weight) for weight in layer.weights if len(weight.shape) > 1]
    assert all(kernel.min() >= 3 and kernel.max() <= 4 for kernel in kernels)
    if len(kernels) > 1:  # two of 12 x 12
        assert not np.array_equal(kernels[0], kernels[1])


@pytest.mark.parametrize("name", ["se", "channel", "cbam"])
def test_biases_come_from_their_initializer(name):
    layer, identity = (BLOCKS[name](bias_initializer="ones", start=start) for start in ("random", "identity"))
    for one in (layer, identity):
        one.build((None, 4, 4, 12))
    biases = [[numpy(w) for w in one.weights if w.name == "bias"] for one in (layer, identity)]
    assert all(np.all(bias == 1) for bias in biases[0]) and len(biases[0]) == 2
    assert np.all(biases[1][0] == 1) and np.all(biases[1][1] == 0)  # the last has to be 0


@pytest.mark.parametrize("name", BLOCKS)
def test_regularizers_add_their_losses(name):
    has_biases = "bias_regularizer" in OWN_ARGUMENTS[name]
    layer = BLOCKS[name](
        kernel_regularizer=keras.regularizers.L2(0.5),
        **({"bias_regularizer": keras.regularizers.L1(2.0)} if has_biases else {}),
    )
    layer.build((None, 4, 4, 12))
    randomise(layer)
    want = sum(0.5 * np.sum(numpy(w) ** 2) if len(w.shape) > 1 else 2 * np.sum(np.abs(numpy(w))) for w in layer.weights)
    assert sum(float(numpy(loss)) for loss in layer.losses) == pytest.approx(want, rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        *((kind, {"start": "zeros"}, "start is 'zeros'") for kind in BLOCKS),
        *((kind, {"units": 0}, "units is 0") for kind in ("se", "channel", "cbam")),
        *((kind, {"divisor": 1.5}, "divisor is 1.5") for kind in ("se", "channel", "cbam")),
        *((kind, {"dilation": 0}, "dilation is 0") for kind in ("spatial", "cbam")),
        ("eca", {"min_kernel": 2}, "min_kernel is 2"),
    ],
)
def test_refused_options(kind, arguments, message):
    with pytest.raises(ValueError, match=f": {message}.*(Give|Use)"):
        BLOCKS[kind](**arguments)
