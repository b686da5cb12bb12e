"""scSE, global context, coordinate attention and SimAM: values, gates, starts, saving; on any backend."""

import keras
import numpy as np
import pytest
from keras import ops

from attention_course import layers, oracle

FORMATS = ["channels_last", "channels_first"]
CHANNELS = 12
# Every argument away from its default, so that a configuration that forgets one is noticed.
BLOCKS = {
    "scse": (layers.ScSE, {"ratio": 4, "use_bias": False}),
    "context_add": (layers.GlobalContext, {"ratio": 4, "use_bias": False, "epsilon": 0.01}),
    "context_scale": (layers.GlobalContext, {"units": 5, "fusion": "scale", "hidden_activation": "gelu"}),
    "coordinate": (layers.CoordinateAttention, {"ratio": 3, "divisor": 2, "use_bias": False}),
    "simam": (layers.SimAM, {"e_lambda": 0.1}),
}
# With the default arguments but for a bottleneck that suits 12 channels.
PLAIN = {
    "scse": (layers.ScSE, {"ratio": 4}),
    "context_add": (layers.GlobalContext, {"ratio": 4}),
    "context_scale": (layers.GlobalContext, {"ratio": 4, "fusion": "scale"}),
    "coordinate": (layers.CoordinateAttention, {}),
    "simam": (layers.SimAM, {}),
}
LEARNED = [name for name in PLAIN if name != "simam"]
GATED = [name for name in PLAIN if name != "context_add"]
ANY_RANK = [name for name in PLAIN if name != "coordinate"]


def make(block, blocks=PLAIN, **more):
    kind, arguments = blocks[block]
    return kind(**arguments | more)


def arrange(x, data_format):
    """The channels-last array x in this format."""
    return np.moveaxis(x, -1, 1) if data_format == "channels_first" else x


def feature_map(*shape, seed=0, dtype="float32"):
    return np.random.default_rng(seed).normal(size=shape or (2, 6, 5, CHANNELS)).astype(dtype)


def numbers(x):
    return ops.convert_to_numpy(x)


def randomise(layer, seed=1):
    """All weights random; variances above 0."""
    rng = np.random.default_rng(seed)
    layer.set_weights(
        [rng.uniform(0.3 if "variance" in w.path else -1, 1, size=w.shape).astype("float32") for w in layer.weights]
    )


def built(name, shape, blocks=PLAIN, **more):
    layer = make(name, blocks, **more)
    layer.build(shape)
    randomise(layer)
    return layer


def expected(layer, x):
    """The oracle's answer for the channels-last x, with the weights of the layer."""
    weights = [numbers(weight) for weight in layer.weights]
    if isinstance(layer, layers.ScSE):
        *mlp, kernel, bias = weights
        return oracle.scse_forward(x, *mlp, kernel[:, 0], bias[0])
    if isinstance(layer, layers.GlobalContext):
        kernel, *rest = weights
        return oracle.global_context_forward(x, kernel[:, 0], *rest, fusion=layer.fusion)
    if isinstance(layer, layers.CoordinateAttention):
        norm = layer.normalization
        parts = [layer.reduce.kernel, norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance]
        for dense in (layer.expand_rows, layer.expand_columns):
            parts += [dense.kernel, dense.bias]
        return oracle.coordinate_attention_forward(x, *map(numbers, parts))
    return oracle.simam_forward(x)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("shape", [(2, 6, 5, CHANNELS), (3, 1, 1, CHANNELS), (1, 2, 9, CHANNELS)], ids=str)
def test_values(name, data_format, shape):
    x = feature_map(*shape)
    given = arrange(x, data_format)
    layer = built(name, given.shape, data_format=data_format)
    np.testing.assert_allclose(numbers(layer(given)), arrange(expected(layer, x), data_format), atol=3e-6)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", ANY_RANK)
@pytest.mark.parametrize("sizes", [(30,), (2, 3, 5)], ids=str)
def test_other_ranks_are_a_map_with_the_positions_in_a_row(name, data_format, sizes):
    x = feature_map(2, *sizes, CHANNELS)
    given = arrange(x, data_format)
    layer = built(name, given.shape, data_format=data_format)
    want = expected(layer, x.reshape(2, 30, 1, CHANNELS)).reshape(x.shape)
    np.testing.assert_allclose(numbers(layer(given)), arrange(want, data_format), atol=3e-6)


@pytest.mark.parametrize("shape", [(2, 30, CHANNELS), (2, 2, 3, 5, CHANNELS)], ids=str)
def test_coordinate_attention_needs_rows_and_columns(shape):
    message = f"CoordinateAttention .*rank {len(shape)}, but rows and columns need a feature map of rank 4. Use"
    with pytest.raises(ValueError, match=message):
        layers.CoordinateAttention()(feature_map(*shape))


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", GATED)
def test_the_gate_can_be_read(name, data_format):
    x = arrange(feature_map(), data_format)
    layer = built(name, x.shape, data_format=data_format)
    for given in (x, ops.convert_to_tensor(x), x.astype("float64")):
        gate = numbers(layer.gate(given))
        assert gate.dtype == np.float32
        assert gate.shape == (
            arrange(np.ones((2, 1, 1, CHANNELS)), data_format).shape if "context" in name else x.shape
        )
        np.testing.assert_allclose(numbers(layer(x)), x * gate, atol=1e-6)


@pytest.mark.parametrize("name", GATED)
def test_a_model_whose_output_is_the_gate(name):
    sizes = (6, None) if name == "coordinate" else (None, None)
    inputs = keras.Input((*sizes, CHANNELS))
    layer = built(name, inputs.shape)
    model = keras.Model(inputs, layer.gate(inputs))
    x = feature_map()
    np.testing.assert_allclose(model.predict(x, verbose=0), numbers(layer.gate(x)), atol=1e-6)


def test_the_gate_of_a_keras_tensor_without_a_height():
    inputs = keras.Input((None, 5, CHANNELS))
    with pytest.raises(ValueError, match="CoordinateAttention: .*Give the height in keras.Input"):
        built("coordinate", inputs.shape).gate(inputs)


def test_where_a_term_is_added_there_is_no_gate():
    layer = built("context_add", (None, 6, 5, CHANNELS))
    with pytest.raises(ValueError, match='GlobalContext: with fusion="add" .*Read `attention\\(x\\)`.*fusion="scale"'):
        layer.gate(feature_map())


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("fusion", ["add", "scale"])
def test_the_attention_of_global_context(fusion, data_format):
    x = feature_map()
    given = arrange(x, data_format)
    layer = built(f"context_{fusion}", given.shape, data_format=data_format)
    attention = numbers(layer.attention(given))
    assert attention.shape == arrange(np.ones((2, 6, 5, 1)), data_format).shape
    want = oracle.context_attention(x, numbers(layer.score.kernel)[:, 0])
    np.testing.assert_allclose(attention.squeeze(layer.channel_axis), want, rtol=1e-4)
    with pytest.raises(ValueError, match="GlobalContext.*build"):
        layers.GlobalContext().attention(x)


def test_one_hidden_unit_leaves_nothing_of_the_context():
    x = feature_map()
    layer = built("context_add", x.shape, units=1)
    terms = numbers(layer(x)) - x
    np.testing.assert_allclose(terms, np.broadcast_to(terms[:1, :1, :1], x.shape), atol=1e-3)
    layer = built("context_add", x.shape, units=3)
    terms = numbers(layer(x)) - x
    assert np.abs(terms[0] - terms[1]).max() > 0.01


def test_the_attention_does_not_overflow():
    layer = built("context_add", (None, 6, 5, CHANNELS))
    attention = numbers(layer.attention(1e4 * feature_map()))
    np.testing.assert_allclose(attention.sum(axis=(1, 2, 3)), 1, rtol=1e-5)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
@pytest.mark.parametrize("name", LEARNED)
def test_identity_start(name, dtype, data_format, training):
    x = arrange(feature_map(dtype="float16"), data_format)
    layer = make(name, start="identity", dtype=dtype, data_format=data_format, bias_initializer="ones")
    np.testing.assert_array_equal(numbers(layer(x, training=training)), x)
    if name in GATED:
        np.testing.assert_array_equal(numbers(layer.gate(x, training=training)), np.ones_like(numbers(layer.gate(x))))
    randomise(layer)
    assert not np.allclose(numbers(layer(x)), x, atol=0.1)


def test_scse_that_starts_as_the_identity_has_the_gate_of_any_other():
    x = feature_map()
    layer = built("scse", x.shape, start="identity")
    np.testing.assert_allclose(numbers(layer(x)), expected(layer, x), atol=3e-6)


@pytest.mark.parametrize("start", ["random", "identity"])
@pytest.mark.parametrize("name", LEARNED)
def test_fit_moves_every_weight(name, start):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((6, 5, CHANNELS))
    x = make(name, start=start)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.GlobalAveragePooling2D()(x)))
    model.compile(keras.optimizers.SGD(0.5), "mse", jit_compile=False)
    before = [numbers(weight).copy() for weight in model.weights]
    # Two steps: kernels of zeros stop the gradient of what is before them in the first.
    model.fit(10 * feature_map(8, 6, 5, CHANNELS), feature_map(8, 1, seed=1), verbose=0, batch_size=4)
    for old, weight in zip(before, model.weights, strict=True):
        assert np.all(np.isfinite(numbers(weight)))
        assert not np.array_equal(old, numbers(weight)), weight.path


def test_coordinate_attention_keeps_statistics_of_rows_and_columns():
    x = feature_map()
    layer = built("coordinate", x.shape)
    before = numbers(layer.normalization.moving_mean).copy()
    layer(x, training=True)
    strips = np.concatenate([x.mean(axis=2), x.mean(axis=1)], axis=1)
    mean = (strips @ numbers(layer.reduce.kernel)).mean(axis=(0, 1))
    np.testing.assert_allclose(numbers(layer.normalization.moving_mean), 0.9 * before + 0.1 * mean, atol=1e-6)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_save_and_reload(name, data_format, tmp_path):
    x = arrange(feature_map(), data_format)
    inputs = keras.Input(arrange(np.ones((1, 6, 5, CHANNELS)), data_format).shape[1:])
    model = keras.Model(inputs, make(name, BLOCKS, data_format=data_format, name="block")(inputs))
    randomise(model)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(numbers(again(x)), numbers(model(x)))
    config = model.get_layer("block").get_config()
    assert again.get_layer("block").get_config() == config
    for argument, value in BLOCKS[name][1].items():
        assert config[argument] == value


@pytest.mark.parametrize("name", BLOCKS)
def test_sizes_that_are_not_known_in_advance(name):
    inputs = keras.Input((None, None, CHANNELS))
    model = keras.Model(inputs, make(name, BLOCKS)(inputs))
    assert model.output_shape == model.input_shape
    randomise(model)
    layer = model.layers[-1]
    for shape in ((2, 6, 5, CHANNELS), (3, 1, 9, CHANNELS)):
        x = feature_map(*shape)
        np.testing.assert_allclose(model.predict(x, verbose=0), numbers(layer(x)), atol=1e-6)


@pytest.mark.parametrize("name", PLAIN)
def test_whole_numbers_are_cast_to_the_compute_dtype(name):
    x = np.random.default_rng(0).integers(0, 256, size=(2, 6, 5, CHANNELS)).astype("uint8")
    layer = built(name, x.shape)
    np.testing.assert_allclose(numbers(layer(x)), numbers(layer(x.astype("float32"))), rtol=1e-6)


@pytest.mark.parametrize("name", LEARNED)
def test_rematerialisation_changes_no_step_of_training(name):
    weights = []
    for scope in (keras.RematScope("full"), keras.RematScope(None)):
        with scope:
            layer = make(name)
        inputs = keras.Input((6, 5, CHANNELS))
        model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(layer(inputs)))
        randomise(model)
        before = model.get_weights()
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
        model.fit(feature_map(), np.ones((2, CHANNELS)), verbose=0)
        assert not any(np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))
        # Not the statistics of a norm: the second forward pass moves them again, as in Keras's own layers.
        weights.append([numbers(weight) for weight in model.trainable_weights])
    for ours, plain in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, plain, atol=1e-5)


@pytest.mark.parametrize("name", PLAIN)
def test_an_empty_batch(name):
    layer = built(name, (None, 6, 5, CHANNELS))
    assert numbers(layer(np.zeros((0, 6, 5, CHANNELS), "float32"))).shape == (0, 6, 5, CHANNELS)


@pytest.mark.parametrize("name", PLAIN)
def test_half_precision(name):
    x = feature_map(dtype="float16")
    mixed, full = built(name, x.shape, dtype="mixed_float16"), built(name, x.shape)
    got = mixed(x)
    assert keras.backend.standardize_dtype(got.dtype) == "float16"
    assert {keras.backend.standardize_dtype(weight.dtype) for weight in mixed.weights} <= {"float32"}
    np.testing.assert_allclose(numbers(got), numbers(full(x)), atol=0.01)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", PLAIN)
def test_half_precision_does_not_overflow(name, seed):
    # float16 ends at 65,504: neither the sums nor the squares of these numbers stay below, but twice each does.
    keras.utils.set_random_seed(seed)
    x = (2e4 * np.abs(feature_map(1, 4, 4, 256, seed=seed))).clip(max=3e4).astype("float16")
    assert np.all(np.isfinite(numbers(make(name, dtype="mixed_float16")(x))))


@pytest.mark.parametrize("name", PLAIN)
def test_int8_reload(name, tmp_path):
    inputs = keras.Input((6, 5, CHANNELS))
    model = keras.Model(inputs, make(name)(inputs))
    randomise(model)
    x = feature_map()
    before = numbers(model(x))
    model.quantize("int8")
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(numbers(again(x)), numbers(model(x)))
    np.testing.assert_allclose(numbers(model(x)), before, atol=0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.GlobalContext(fusion="both"), "GlobalContext: fusion is 'both'. Use"),
        (lambda: layers.SimAM(e_lambda=0), "SimAM: e_lambda is 0. Give"),
        (lambda: layers.SimAM(data_format="NCHW"), "SimAM: data_format is 'NCHW'"),
        (lambda: layers.ScSE(ratio=0), "ScSE: ratio is 0"),
        (lambda: layers.CoordinateAttention(divisor=0), "CoordinateAttention: divisor is 0"),
    ],
)
def test_refused_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(("channels", "width"), [(32, 8), (256, 8), (512, 16), (960, 32)])
def test_the_width_of_coordinate_attention(channels, width):
    layer = layers.CoordinateAttention()
    layer.build((None, 4, 4, channels))
    assert layer.reduce.units == width


@pytest.mark.parametrize("name", PLAIN)
def test_the_docstring_counts_the_weights(name):
    c, m = CHANNELS, {"coordinate": 8}.get(name, 3)
    counts = {
        "scse": 2 * c * m + m + c + c + 1,
        "context_add": c + 2 * c * m + m + c + 2 * m,
        "context_scale": c + 2 * c * m + m + c + 2 * m,
        "coordinate": 3 * c * m + 2 * m + 2 * c,
        "simam": 0,
    }
    layer = built(name, (None, 6, 5, CHANNELS))
    assert sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights) == counts[name]
