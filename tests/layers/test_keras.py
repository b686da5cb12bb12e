"""The layers as good citizens of Keras: saving, training, precision, unknown sizes, clear refusals."""

import keras
import numpy as np
import pytest

from attention_course import layers as reference

from .backends import numpy

FORMATS = ["channels_last", "channels_first"]
# Every argument away from its default, so that a configuration that forgets one is noticed.
LAYERS = {
    "se": (reference.SqueezeExcitation, {"ratio": 3, "use_bias": False}),
    "eca": (reference.EfficientChannelAttention, {"gamma": 1, "b": 2}),
    "eca_fixed": (reference.EfficientChannelAttention, {"kernel_size": 9}),
    "channel": (reference.ChannelAttention, {"ratio": 3, "use_bias": False}),
    "spatial": (reference.SpatialAttention, {"kernel_size": 5, "norm": True}),
    "cbam": (reference.CBAM, {"ratio": 3, "kernel_size": 5, "use_bias": False, "norm": True}),
}
PLAIN = {  # without a norm, whose gamma = 0 would hide the convolution behind it
    "se": reference.SqueezeExcitation,
    "eca": reference.EfficientChannelAttention,
    "channel": reference.ChannelAttention,
    "spatial": reference.SpatialAttention,
    "cbam": reference.CBAM,
}


def make(block, **more):
    kind, arguments = LAYERS[block]
    return kind(**arguments, **more)


def shape_of(height, width, channels, data_format):
    return (channels, height, width) if data_format == "channels_first" else (height, width, channels)


def feature_map(data_format, height=6, width=5, channels=12, seed=0):
    shape = (2, *shape_of(height, width, channels, data_format))
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def randomise(layer, seed=1):
    rng = np.random.default_rng(seed)
    layer.set_weights([rng.uniform(0.2, 1, size=weight.shape) for weight in layer.weights])


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", LAYERS)
def test_save_and_reload(name, data_format, tmp_path):
    inputs = keras.Input(shape_of(None, None, 12, data_format))
    model = keras.Model(inputs, make(name, data_format=data_format, name="block")(inputs))
    randomise(model)
    model.save(tmp_path / "model.keras")
    # The layer keeps the format it was made with, whatever the setting is when it comes back.
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last" if data_format == "channels_first" else "channels_first")
    try:
        again = keras.models.load_model(tmp_path / "model.keras")
    finally:
        keras.config.set_image_data_format(before)
    x = feature_map(data_format)
    assert not np.allclose(numpy(model(x)), x / 2, atol=1e-3)  # the weights matter
    np.testing.assert_array_equal(numpy(again(x)), numpy(model(x)))
    assert again.get_layer("block").get_config() == model.get_layer("block").get_config()


@pytest.mark.parametrize("name", LAYERS)
def test_config_holds_every_argument(name):
    layer = make(name, data_format="channels_first", dtype="float64", name="block", trainable=False)
    config = layer.get_config()
    for argument, value in {**LAYERS[name][1], "data_format": "channels_first", "name": "block"}.items():
        assert config[argument] == value
    again = type(layer).from_config(config)
    assert again.get_config() == config
    assert (again.compute_dtype, again.trainable) == ("float64", False)
    again.build((None, 12, 6, 5))
    assert {weight.dtype for weight in again.weights} == {"float64"}


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", PLAIN)
def test_one_step_of_fit_moves_every_weight(name, data_format):
    keras.utils.set_random_seed(0)
    inputs = keras.Input(shape_of(6, 5, 32, data_format))
    attended = PLAIN[name](data_format=data_format)(inputs)
    pooled = keras.layers.GlobalAveragePooling2D(data_format=data_format)(attended)
    model = keras.Model(inputs, keras.layers.Dense(1)(pooled))
    model.compile(keras.optimizers.SGD(1.0), "mse", jit_compile=False)
    before = [numpy(weight) for weight in model.trainable_weights]
    history = model.fit(feature_map(data_format, channels=32), np.array([[1.0], [-1.0]]), verbose=0)
    assert np.isfinite(history.history["loss"][0])
    for old, weight in zip(before, model.trainable_weights, strict=True):
        assert not np.array_equal(old, numpy(weight)), weight.path


@pytest.mark.parametrize("name", LAYERS)
def test_mixed_precision(name):
    x = feature_map("channels_last")
    mixed, full = make(name, dtype="mixed_float16"), make(name, dtype="float32")
    full.build(x.shape)
    mixed.build(x.shape)
    randomise(full)
    mixed.set_weights(full.get_weights())
    got = numpy(mixed(x))
    assert got.dtype == "float16"
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
    np.testing.assert_allclose(got, numpy(full(x)), atol=0.02)


@pytest.mark.parametrize("name", LAYERS)
def test_pooling_does_not_overflow_in_half_precision(name):
    x = np.full((1, 64, 64, 12), 100, "float16")  # each channel sums to 409,600, and float16 ends at 65,504
    assert np.all(np.isfinite(numpy(make(name, dtype="mixed_float16")(x))))


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", LAYERS)
def test_unknown_height_and_width(name, data_format):
    inputs = keras.Input(shape_of(None, None, 12, data_format))
    layer = make(name, data_format=data_format)
    model = keras.Model(inputs, layer(inputs))
    assert model.output_shape == model.input_shape
    randomise(model)
    for height, width in ((6, 5), (1, 9)):
        x = feature_map(data_format, height, width)
        np.testing.assert_allclose(numpy(model(x)), numpy(layer(x)), atol=1e-6)


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_is_made_in_call(name):
    layer = make(name)
    layer.build((None, None, None, 12))
    made = [id(weight) for weight in layer.weights]
    x = feature_map("channels_last")
    first = numpy(layer(x))
    np.testing.assert_array_equal(numpy(layer(x)), first)
    layer(feature_map("channels_last", 3, 4))
    assert [id(weight) for weight in layer.weights] == made


@pytest.mark.parametrize("training", [False, True])
def test_official_norm_starts_at_one_half(training):
    x = feature_map("channels_last")
    layer = reference.SpatialAttention(norm=True)
    np.testing.assert_array_equal(numpy(layer(x, training=training)), x / 2)
    shapes = [tuple(weight.shape) for weight in layer.trainable_weights]
    assert shapes == [(7, 7, 2, 1), (1,), (1,)]
    assert len(layer.non_trainable_weights) == 2  # the moving mean and variance


def test_official_norm_by_hand():
    x = feature_map("channels_last")
    layer = reference.CBAM(norm=True)
    layer.build(x.shape)
    randomise(layer.channel)
    taps = np.random.default_rng(3).normal(size=(7, 7, 2, 1))
    gamma, beta, mean, variance = 0.015, -0.25, 0.5, 1e-4  # a variance so small that epsilon shows
    layer.spatial.set_weights([taps, *np.array([[gamma], [beta], [mean], [variance]])])
    plain = reference.SpatialAttention()
    plain.build(x.shape)
    plain.set_weights([taps])
    refined = numpy(layer.channel(x))
    gate = numpy(plain(refined)) / refined
    logits = np.log(gate / (1 - gate))
    want = refined / (1 + np.exp(-(gamma * (logits - mean) / np.sqrt(variance + 1e-5) + beta)))
    np.testing.assert_allclose(numpy(layer(x, training=False)), want, atol=1e-3)
    layer(x, training=True)
    moved = numpy(layer.spatial.normalization.moving_mean)[0]
    assert moved == pytest.approx(0.99 * mean + 0.01 * logits[..., 0].mean(), abs=1e-4)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    ("data_format", "shape", "message"),
    [
        ("channels_last", (None, 12), "rank 2.*Give it .*\\(B, H, W, C\\)"),
        ("channels_first", (None, 12, 6, 5, 4, 3), "rank 6.*Give it .*\\(B, C, H, W\\)"),
        ("channels_last", (None, 6, 5, None), "axis 3.*undefined.*keras.Input"),
        ("channels_first", (None, None, 6, 5), "axis 1.*undefined.*data_format"),
        ("channels_last", (None, 6, 5, 0), "has 0 channels. Give it at least 1"),
    ],
)
def test_refused_shapes(name, data_format, shape, message):
    layer = make(name, data_format=data_format)
    with pytest.raises(ValueError, match=f"{type(layer).__name__} .*{message}"):
        layer(keras.Input(shape[1:]))


@pytest.mark.parametrize("name", LAYERS)
def test_a_built_layer_refuses_another_width_or_rank(name):
    layer = make(name)
    layer(feature_map("channels_last"))
    with pytest.raises(ValueError, match="incompatible"):
        layer(feature_map("channels_last", channels=11))
    with pytest.raises(ValueError, match="incompatible"):
        layer(feature_map("channels_last")[0])


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        *((kind, {"ratio": 0}, "ratio is 0") for kind in ("SqueezeExcitation", "ChannelAttention", "CBAM")),
        ("SqueezeExcitation", {"ratio": -4}, "ratio is -4"),
        ("SqueezeExcitation", {"ratio": 2.5}, "ratio is 2.5"),
        *(
            (kind, {"kernel_size": size}, f"kernel_size is {size}")
            for kind in ("EfficientChannelAttention", "SpatialAttention", "CBAM")
            for size in (4, 0, -3, 3.0)
        ),
        ("SpatialAttention", {"kernel_size": None}, "kernel_size is None"),
        *(("EfficientChannelAttention", {"gamma": gamma}, f"gamma is {gamma!r}") for gamma in (0, "2", None)),
        ("EfficientChannelAttention", {"b": "1"}, "b is '1'"),
        ("GlobalContext", {"epsilon": -1}, "epsilon is -1"),
        ("SimAM", {"e_lambda": "x"}, "e_lambda is 'x'"),
        ("SqueezeExcitation", {"gate_activation": "softmax", "start": "identity"}, "gate_activation is 1.0 at 0"),
        *((kind.__name__, {"data_format": "NCHW"}, "data_format is 'NCHW'") for kind in PLAIN.values()),
    ],
)
def test_refused_arguments(kind, arguments, message):
    with pytest.raises(ValueError, match=f": {message}.*(Give|Use)"):
        getattr(reference, kind)(**arguments)
