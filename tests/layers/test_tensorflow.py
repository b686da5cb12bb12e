"""What only TensorFlow has: traced functions of unknown sizes, XLA, SavedModel, TensorFlow Lite."""

import keras
import numpy as np
import pytest

from .backends import BACKEND
from .blocks import BLOCKS, FORMATS, feature_map, randomise

if BACKEND != "tensorflow":
    pytest.skip("tf.function, SavedModel and TensorFlow Lite exist on TensorFlow alone", allow_module_level=True)

import tensorflow as tf  # noqa: E402


def make_model(name, data_format, sizes=(None, None)):
    """A model of one block with random weights for 12 channels."""
    inputs = keras.Input((12, *sizes) if data_format == "channels_first" else (*sizes, 12))
    more = {"norm": True} if name in ("spatial", "cbam") else {}
    model = keras.Model(inputs, BLOCKS[name](data_format=data_format, **more)(inputs))
    randomise(model)
    return model


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_a_traced_function_takes_any_height_and_width(name, data_format, jit):
    model = make_model(name, data_format)
    traced = tf.function(model, input_signature=[tf.TensorSpec(model.input.shape)], jit_compile=jit)
    x = feature_map(data_format)
    for part in (x, x[:1], x[:, :, :4] if data_format == "channels_first" else x[:, :4]):
        np.testing.assert_allclose(traced(part), model(part), atol=1e-6)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_traced_function_takes_an_empty_batch(name):
    model = make_model(name, "channels_last")
    traced = tf.function(model, input_signature=[tf.TensorSpec(model.input.shape)])
    assert traced(np.zeros((0, 6, 5, 12), "float32")).shape == (0, 6, 5, 12)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_an_exported_model_gives_the_same(name, data_format, tmp_path):
    model, x = make_model(name, data_format), feature_map(data_format)
    model.export(tmp_path / "exported", verbose=False)
    again = tf.saved_model.load(tmp_path / "exported")
    np.testing.assert_allclose(again.serve(x), model(x), atol=1e-6)


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_tensorflow_lite_gives_the_same(name, data_format):
    model, x = make_model(name, data_format, (6, 5)), feature_map(data_format, batch=1)
    interpreter = tf.lite.Interpreter(model_content=tf.lite.TFLiteConverter.from_keras_model(model).convert())
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    got = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_allclose(got, model(x), atol=1e-5)
