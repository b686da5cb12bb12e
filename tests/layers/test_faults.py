"""Faults that users would have met, each with the smallest case that showed it."""

import contextlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from attention_course import layers

from .backends import BACKEND, numpy
from .blocks import ALL, BLOCKS, FORMATS, feature_map, randomise

ROOT = Path(__file__).parents[2]


def functional(make):
    inputs = keras.Input((None, None, 12))
    return keras.Model(inputs, make(inputs))


def quantised_model(name, place, mode, dtype):
    """A model that holds the block, directly or in a model of its own, quantised after its weights are drawn."""
    places = {
        "directly": lambda x: BLOCKS[name](dtype=dtype)(x),
        "in a Sequential": lambda x: keras.Sequential([BLOCKS[name](dtype=dtype)])(x),
        "in a functional model": lambda x: functional(lambda inner: BLOCKS[name](dtype=dtype)(inner))(x),
    }
    model = functional(places[place])
    randomise(model)
    model.quantize(mode)
    return model


@pytest.mark.parametrize(
    ("mode", "place", "dtype"),
    [
        ("int8", "directly", "float32"),
        ("int8", "directly", "mixed_float16"),
        ("int8", "in a Sequential", "float32"),
        ("int8", "in a functional model", "float32"),
        ("int4", "directly", "float32"),
    ],
)
@pytest.mark.parametrize("name", BLOCKS)
def test_a_quantised_model_reloads(name, mode, place, dtype, tmp_path):
    model, x = quantised_model(name, place, mode, dtype), feature_map()
    dense = name in ("se", "channel", "cbam")
    assert ("int8" in {weight.dtype for weight in model.weights}) == dense  # int4 is packed in int8
    want = numpy(model(x))
    for turn in range(2):  # saving what was loaded must work as well
        path = tmp_path / f"{turn}.keras"
        model.save(path)
        model = keras.models.load_model(path)
        np.testing.assert_array_equal(numpy(model(x)), want)
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(numpy(copy(x)), want)


def test_a_quantised_model_reloads_with_the_quantisers_it_was_made_with(tmp_path):
    model, x = functional(lambda inputs: layers.CBAM()(inputs)), feature_map()
    randomise(model)
    model.quantize(
        config=keras.quantizers.Int8QuantizationConfig(
            weight_quantizer=keras.quantizers.AbsMaxQuantizer(axis=0),
            activation_quantizer=keras.quantizers.AbsMaxQuantizer(axis=-1, value_range=(-7, 7)),
        )
    )
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(numpy(keras.models.load_model(tmp_path / "model.keras")(x)), numpy(model(x)))


def same_block(name: str, x, dtype: str) -> tuple:
    """A block for the map x twice, with the same weights: of this dtype and of float32."""
    half, full = (BLOCKS[name](dtype=one) for one in (dtype, "float32"))
    full.build(x.shape)
    half.build(x.shape)
    half.set_weights(full.get_weights())
    return half, full


@pytest.mark.parametrize("dtype", ["mixed_float16", "float16"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_gate_does_not_overflow_in_float16(name, dtype):
    for seed in range(10):
        # Values that float16 holds, up to 60,000, though not the sums of their products with weights.
        x = np.minimum(np.abs(np.random.default_rng(seed).normal(size=(1, 4, 4, 256))) * 4e4, 6e4).astype("float16")
        half, full = same_block(name, x, dtype)
        np.testing.assert_allclose(numpy(half.gate(x)), numpy(full.gate(x)), atol=1e-3)
        assert np.all(np.isfinite(numpy(half(x))))


@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "bfloat16"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_gate_in_bfloat16_is_wrong_by_its_last_bit_at_most(name, dtype):
    cast = keras.ops.cast
    x = cast(feature_map(channels=64) * 4, "bfloat16")
    half, full = same_block(name, x, dtype)
    want = numpy(full.gate(cast(x, "float32")))
    # CBAM's spatial half sees a refined map that is rounded already.
    tolerance = {"atol": 2**-6} if name == "cbam" else {"rtol": 2**-8}
    np.testing.assert_allclose(numpy(cast(half.gate(x), "float32")), want, **tolerance)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", ALL)
def test_an_empty_batch(name, data_format):
    x = feature_map(data_format, batch=0)
    assert numpy(ALL[name](data_format=data_format)(x)).shape == x.shape


@pytest.mark.parametrize("name", ALL)
def test_a_saved_model_names_the_package(name, tmp_path):
    functional(lambda inputs: ALL[name]()(inputs)).save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        block = json.loads(archive.read("config.json"))["config"]["layers"][1]
    assert block["registered_name"] == f"attention_course>{ALL[name].__name__}"


@pytest.mark.parametrize("name", ALL)
def test_a_model_in_the_old_format_reloads(name, tmp_path):
    """Keras's reader of .h5 files looks every word of a configuration up: "add" it took for a function."""
    model, x = functional(lambda inputs: ALL[name]()(inputs)), feature_map()
    model.save(tmp_path / "model.h5")
    np.testing.assert_array_equal(numpy(keras.models.load_model(tmp_path / "model.h5")(x)), numpy(model(x)))


@pytest.mark.parametrize(
    ("name", "options"), [("spatial", {"norm": True}), ("cbam", {"norm": True}), ("coordinate", {})]
)
def test_training_moves_nothing_in_a_block_that_was_made_frozen(name, options):
    """As every block of a frozen network is when it is loaded, cloned or copied."""
    layer, x = ALL[name](trainable=False, **options), feature_map()
    layer(x)
    before = layer.get_weights()
    layer(x, training=True)
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    layer.trainable = True
    assert len(layer.trainable_weights) == len(before) - 2  # all but the statistics
    layer(x, training=True)
    assert any(not np.array_equal(old, new) for old, new in zip(before, layer.get_weights(), strict=True))


def test_a_new_process_loads_a_model_after_the_import_alone(tmp_path):
    model, x = functional(lambda x: layers.CBAM()(layers.EfficientChannelAttention()(x))), feature_map()
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", x)
    code = (
        "import sys, keras, numpy as np\n"
        "import attention_course.layers\n"
        "model = keras.models.load_model('model.keras')\n"
        "np.save('y.npy', keras.ops.convert_to_numpy(model(np.load('x.npy'))))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": BACKEND}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), numpy(model(x)), atol=1e-6)


@pytest.mark.parametrize("name", [0, 7, "x"])
def test_eca_block_keeps_any_name(name):
    inputs = keras.Input((4, 4, 12))
    model = keras.Model(inputs, layers.eca_block(inputs, name=name))
    assert model.layers[1].name == f"eca_layer_{name}"


@pytest.mark.parametrize("name", BLOCKS)
def test_whole_numbers_are_cast_to_the_compute_dtype(name):
    x = np.random.default_rng(0).integers(0, 256, size=(2, 6, 5, 12)).astype("uint8")
    layer = BLOCKS[name]()
    layer.build(x.shape)
    randomise(layer)
    y = numpy(layer(x))
    assert y.dtype == "float32"
    np.testing.assert_allclose(y, numpy(layer(x.astype("float32"))), rtol=1e-6)
    np.testing.assert_allclose(y, x * numpy(layer.gate(x)), rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "options"),
    [*((name, {}) for name in BLOCKS), ("spatial", {"norm": True}), ("cbam", {"norm": True})],
    ids=str,
)
def test_rematerialisation_changes_no_step_of_training(name, options):
    weights = []
    for scope in (keras.RematScope(mode="full"), contextlib.nullcontext()):
        with scope:
            layer = BLOCKS[name](**options)
        inputs = keras.Input((6, 5, 12))
        model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(layer(inputs)))
        randomise(layer)
        before = [numpy(weight) for weight in layer.weights]
        model.compile(keras.optimizers.SGD(1.0), "mse", jit_compile=False)
        model.fit(feature_map() + 1, np.zeros((2, 12)), verbose=0)
        weights.append([numpy(weight) for weight in layer.trainable_weights])
        # The statistics of a norm too, so the call knew that it was training.
        for old, new in zip(before, layer.weights, strict=True):
            assert not np.array_equal(old, numpy(new)), new.path
    for ours, plain in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, plain, atol=1e-5)
