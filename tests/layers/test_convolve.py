"""The spatial gate's two ways to the same convolution: the same numbers, the same weights, each where it is faster."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from attention_course.layers import SpatialAttention, convolve, spatial
from attention_course.layers.convolve import StripConv2D, strip_product

BACKEND = keras.backend.backend()
only_tensorflow = pytest.mark.skipif(BACKEND != "tensorflow", reason="about TensorFlow's functions and graphs")
needs_xla = pytest.mark.skipif(BACKEND == "torch", reason="no XLA on PyTorch: there it is always the convolution")


def draw(seed, shape, dtype="float32"):
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(dtype)


def draw_both(seed, shape, size, dtype="float32"):
    """Maps and a kernel so small that no result is above the number of channels."""
    return draw(seed, shape, dtype), draw(seed + 1, (size, size, shape[-1], 1), dtype) / size**2


def convolution(maps, kernel, dilation=1):
    return ops.conv(maps, kernel, padding="same", dilation_rate=dilation, data_format="channels_last")


def by_definition(maps, kernel, dilation):
    """The sum over the taps, in NumPy and float64."""
    size, half = len(kernel), dilation * (len(kernel) // 2)
    _, height, width, _ = maps.shape
    padded = np.pad(maps.astype("float64"), ((0, 0), (half, half), (half, half), (0, 0)))
    rows = [slice(dilation * tap, dilation * tap + height) for tap in range(size)]
    columns = [slice(dilation * tap, dilation * tap + width) for tap in range(size)]
    return sum(padded[:, rows[i], columns[j]] @ kernel[i, j] for i in range(size) for j in range(size))


def compiled(function):
    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(function, jit_compile=True)
    import jax

    return jax.jit(function)


def gradients(function, arguments, upstream):
    """The gradients of a function of arrays, multiplied by `upstream` and summed, by each of its arguments."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        tensors = [tf.constant(one) for one in arguments]
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            result = function(*tensors)
        found = tape.gradient(result, tensors, output_gradients=tf.constant(upstream))
    else:
        import jax

        found = jax.vjp(function, *map(jax.numpy.asarray, arguments))[1](jax.numpy.asarray(upstream))
    return [ops.convert_to_numpy(one) for one in found]


@settings(max_examples=10 if BACKEND == "jax" else 30, deadline=None)  # JAX compiles each operation for each shape
@given(
    shape=st.tuples(st.integers(1, 2), st.integers(1, 20), st.integers(1, 36), st.integers(1, 3)),
    size=st.sampled_from([1, 3, 5, 7, 9, 11]),
    dilation=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_every_size_has_the_convolutions_numbers(shape, size, dilation, seed):
    maps, kernel = draw_both(seed, shape, size)
    found = ops.convert_to_numpy(strip_product(ops.convert_to_tensor(maps), ops.convert_to_tensor(kernel), dilation))
    assert found.shape == (*shape[:3], 1)
    np.testing.assert_allclose(found, by_definition(maps, kernel, dilation), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "size"), [((8, 56, 56, 2), 7), ((1, 112, 112, 2), 7), ((1, 224, 224, 2), 9)], ids=str
)
def test_large_maps_agree_with_keras(shape, size):
    maps, kernel = map(ops.convert_to_tensor, draw_both(0, shape, size))
    found, wanted = strip_product(maps, kernel), convolution(maps, kernel)
    np.testing.assert_allclose(ops.convert_to_numpy(found), ops.convert_to_numpy(wanted), rtol=0, atol=1e-6)


@needs_xla
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("shape", [(2, 5, 9, 2), (1, 4, 2, 2), (2, 17, 16, 2), (1, 1, 33, 2)], ids=str)
def test_the_gradients_are_the_convolutions(shape, size, dilation):
    # JAX has float32 alone, and sums hundreds of products for a weight.
    dtype, tolerance = ("float64", 1e-13) if BACKEND == "tensorflow" else ("float32", 5e-6)
    arguments, upstream = draw_both(0, shape, size, dtype), draw(2, (*shape[:3], 1), dtype)
    found = gradients(lambda maps, kernel: strip_product(maps, kernel, dilation), arguments, upstream)
    wanted = gradients(lambda maps, kernel: convolution(maps, kernel, dilation), arguments, upstream)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def test_an_empty_batch_gives_an_empty_batch():
    maps, kernel = draw_both(0, (0, 5, 9, 2), 3)
    assert strip_product(ops.convert_to_tensor(maps), ops.convert_to_tensor(kernel)).shape == (0, 5, 9, 1)


@pytest.fixture
def used(monkeypatch):
    """The widths of the maps for which the product of strips was used."""
    widths = []

    def noted(maps, kernel, dilation=1):
        widths.append(maps.shape[2])
        return strip_product(maps, kernel, dilation)

    monkeypatch.setattr(convolve, "strip_product", noted)
    return widths


def make_layer(size=7, **arguments):
    layer = SpatialAttention(size, **arguments)
    layer.build((None, None, None, 4))
    return layer


@needs_xla
@pytest.mark.parametrize(
    ("width", "size", "dilation", "strips"),
    [(56, 7, 1, True), (6, 7, 1, True), (5, 7, 1, False), (12, 7, 2, True), (11, 7, 2, False), (56, 1, 1, False)],
)
def test_strips_are_used_where_the_kernel_fits_into_the_map(used, width, size, dilation, strips):
    layer = make_layer(size, dilation=dilation)
    compiled(layer)(ops.convert_to_tensor(draw(0, (1, 5, width, 4))))
    assert used == [width] * strips


@needs_xla
def test_an_accelerator_has_the_convolution(used, monkeypatch):
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["gpu:0"])
    compiled(make_layer())(ops.convert_to_tensor(draw(0, (1, 9, 9, 4))))
    assert used == []


def test_what_xla_does_not_compile_is_the_convolution(used):
    make_layer()(draw(0, (1, 9, 9, 4)))
    assert used == ([9] if BACKEND == "jax" else [])  # compiled there even so: a call without jit is faster too


@only_tensorflow
def test_a_graph_has_the_convolution_and_a_compiled_one_the_strips(used):
    import tensorflow as tf

    layer, x = make_layer(), tf.constant(draw(0, (1, 9, 9, 4)))
    graph = tf.function(layer).get_concrete_function(x).graph
    assert used == []
    assert "Conv2D" in {operation.type for operation in graph.get_operations()}
    inner = tf.function(layer)
    tf.function(lambda x: inner(x), jit_compile=True)(x)  # the mark is on the outer function
    assert used == [9]


@only_tensorflow
def test_an_unknown_width_is_the_convolution_and_an_unknown_height_and_batch_are_none_the_worse(used):
    import tensorflow as tf

    layer, x = make_layer(), draw(0, (2, 10, 9, 4))
    for shape in ((None, None, None, 4), (None, None, 9, 4)):
        function = tf.function(layer, jit_compile=True, input_signature=[tf.TensorSpec(shape, tf.float32)])
        np.testing.assert_allclose(function(x), layer(x), rtol=0, atol=1e-6)
    assert used == [9]


@only_tensorflow
@pytest.mark.parametrize("width", [16, 64, 1024])
def test_memory_grows_with_the_map_alone(width):
    import tensorflow as tf

    maps, kernel = draw_both(0, (1, 32, width, 2), 7)
    graph = tf.function(strip_product, autograph=False).get_concrete_function(maps, kernel).graph
    sizes = [tensor.shape.num_elements() for one in graph.get_operations() for tensor in one.outputs]
    assert max(sizes) <= max(5 * maps.size, 7 * 14 * 8)  # seven rows a result, and a few columns and rows beside


@needs_xla
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("dtype", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_the_compiled_layer_gives_what_the_layer_gives(used, dtype, data_format, monkeypatch):
    layer = SpatialAttention(data_format=data_format, dtype=dtype)
    x = ops.convert_to_tensor(3 * draw(0, (2, 12, 10, 11)))
    layer.build(x.shape)
    with monkeypatch.context() as patch:
        patch.setattr(convolve, "strips_are_faster", lambda *_, **__: False)
        wanted = layer.gate(x)
        assert used == []
    found = compiled(layer.gate)(x)
    assert len(used) == 1 and found.dtype == wanted.dtype
    last_digit = {"float32": 1e-6, "mixed_float16": 2**-11, "mixed_bfloat16": 2**-8}[dtype]
    found, wanted = (ops.convert_to_numpy(ops.cast(gate, "float32")) for gate in (found, wanted))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=last_digit)


@only_tensorflow
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("shape", [(2, 9, 12, 8), (3, 10, 8), (2, 3, 4, 5, 8)], ids=str)
def test_the_compiled_layer_has_the_layers_gradients(shape, data_format):
    import tensorflow as tf

    layer = SpatialAttention(3, data_format=data_format, dtype="float64")
    layer.build(shape)
    weight, x = layer.trainable_weights[0].value, tf.constant(draw(0, shape, "float64"))

    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return y, *tape.gradient(y, (x, weight), output_gradients=tf.sin(x))

    for one, other in zip(compiled(gradient)(x), gradient(x), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@only_tensorflow
@pytest.mark.parametrize(("dtype", "products"), [("float32", 3), ("mixed_float16", 2)])
def test_the_gate_is_spread_by_a_product_in_full_precision_alone(dtype, products):
    import tensorflow as tf

    layer = make_layer(dtype=dtype)
    function = tf.function(layer, jit_compile=True).get_concrete_function(tf.zeros((1, 9, 9, 4)))
    kinds = [operation.type for operation in function.graph.get_operations()]
    assert sum("MatMul" in kind or kind == "Einsum" for kind in kinds) == products


@needs_xla
def test_training_gives_the_same_weights(used, monkeypatch):
    def train():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((9, 12, 4)), SpatialAttention(), keras.layers.GlobalAveragePooling2D()])
        model.compile(keras.optimizers.SGD(1.0), "mse", jit_compile=True)
        model.fit(draw(0, (8, 9, 12, 4)), draw(1, (8, 4)), epochs=3, verbose=0)
        return model.get_weights()

    found = train()
    assert 12 in used
    monkeypatch.setattr(convolve, "strips_are_faster", lambda *_, **__: False)
    for one, other in zip(found, train(), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


def test_the_weights_and_the_file_are_those_of_conv2d(tmp_path, monkeypatch):
    def make_model():
        return keras.Sequential([keras.Input((9, 12, 4)), SpatialAttention(name="gate")], name="net")

    ours = make_model()
    monkeypatch.setitem(spatial.CONVOLUTIONS, 2, keras.layers.Conv2D)
    plain = make_model()
    assert type(ours.layers[0].convolution) is StripConv2D and type(plain.layers[0].convolution) is keras.layers.Conv2D
    assert [weight.path for weight in ours.weights] == [weight.path for weight in plain.weights]
    ours.save_weights(tmp_path / "ours.weights.h5")
    plain.load_weights(tmp_path / "ours.weights.h5")
    np.testing.assert_array_equal(ours.get_weights()[0], plain.get_weights()[0])
