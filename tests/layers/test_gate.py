"""The gate as a reader takes it out of a layer, and the docstrings of which the site makes the API page."""

import inspect
import re
import textwrap

import keras
import numpy as np
import pytest

import attention_course.layers
from attention_course import layers

from .backends import numpy
from .blocks import ALL, BLOCKS, FORMATS, feature_map, parameters_of, randomise

GATE_SHAPES = {
    "se": {"channels_last": (2, 1, 1, 12), "channels_first": (2, 12, 1, 1)},
    "eca": {"channels_last": (2, 1, 1, 12), "channels_first": (2, 12, 1, 1)},
    "channel": {"channels_last": (2, 1, 1, 12), "channels_first": (2, 12, 1, 1)},
    "spatial": {"channels_last": (2, 6, 5, 1), "channels_first": (2, 1, 6, 5)},
    "cbam": {"channels_last": (2, 6, 5, 12), "channels_first": (2, 12, 6, 5)},
}


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_the_gate_is_what_x_is_multiplied_by(name, data_format):
    layer, x = BLOCKS[name](data_format=data_format), feature_map(data_format)
    layer.build(x.shape)
    randomise(layer)
    gate = numpy(layer.gate(x))
    assert gate.shape == GATE_SHAPES[name][data_format] and gate.std() > 0.001
    if name == "cbam":  # whose call multiplies by one half after the other
        np.testing.assert_allclose(numpy(layer(x)), x * gate, rtol=1e-6)
    else:
        np.testing.assert_array_equal(numpy(layer(x)), x * gate)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_model_can_give_the_gate_beside_its_output(name):
    inputs = keras.Input((None, None, 12))
    layer = BLOCKS[name]()
    model = keras.Model(inputs, [layer(inputs), layer.gate(inputs)])
    x = feature_map()
    y, gate = (numpy(one) for one in model(x))
    np.testing.assert_allclose(y, x * gate, rtol=1e-6)
    assert len(model.weights) == len(layer.weights)


@pytest.mark.parametrize("name", BLOCKS)
def test_the_gate_reads_what_a_call_reads(name):
    layer, x = BLOCKS[name](dtype="mixed_float16"), feature_map()
    with pytest.raises(ValueError, match="Call the layer once"):
        layer.gate(x)
    y = numpy(layer(x))
    gate = numpy(layer.gate(x))
    assert gate.dtype == "float16"
    np.testing.assert_allclose(y, x.astype("float16") * gate, rtol=2e-3, atol=2**-24)  # the step of the smallest ones


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", ALL)
def test_the_gate_of_another_map_is_refused(name, data_format):
    """One image without its batch, other channels, the other format: of most of them a gate could be computed."""
    x = feature_map(data_format)
    layer = ALL[name](data_format=data_format, **({"fusion": "scale"} if name == "context" else {}))
    layer.build(x.shape)
    last = data_format == "channels_last"
    for wrong in (x[0], x[None], x[..., :5] if last else x[:, :5], np.moveaxis(x, *((-1, 1) if last else (1, -1)))):
        with pytest.raises(ValueError, match=r"x has shape .* built for rank 4 with 12 channels on axis"):
            layer.gate(wrong)


@pytest.mark.parametrize("name", ["spatial", "cbam"])
def test_only_training_moves_the_statistics_of_the_norm(name):
    layer, x = BLOCKS[name](norm=True), feature_map()
    layer(x)
    before = [numpy(weight) for weight in layer.non_trainable_weights]
    layer.gate(x)
    assert all(np.array_equal(old, numpy(new)) for old, new in zip(before, layer.non_trainable_weights, strict=True))
    layer.gate(x, training=True)
    assert not np.array_equal(before[0], numpy(layer.non_trainable_weights[0]))


def section(kind, title):
    """The text under "title:" in the docstring of the class."""
    text = inspect.getdoc(kind)
    return textwrap.dedent(re.search(rf"^{title}:\n((?:    .*\n?|\n)+)", text, re.MULTILINE).group(1))


@pytest.mark.parametrize("kind", ALL.values())
def test_the_docstring_names_every_argument_in_order(kind):
    named = re.findall(r"^(\**\w+):", section(kind, "Args"), re.MULTILINE)
    parameters = parameters_of(kind)
    assert named == [f"**{key}" if key == "kwargs" else key for key in parameters]
    assert [one for one in parameters.values() if one.annotation is inspect.Parameter.empty] == []
    for title in ("Shapes", "Weights", "Raises", "Source"):
        assert section(kind, title).strip()


@pytest.mark.parametrize("kind", ALL.values())
def test_the_example_of_the_docstring_runs(kind):
    names = {"keras": keras, "attention_course": attention_course}
    exec(section(kind, "Example"), names)
    assert isinstance(names["layer"], kind)
    np.testing.assert_allclose(numpy(names["y"]), numpy(names["x"]) * numpy(names["gate"]), rtol=1e-5)


def test_every_block_is_in_the_tests():
    kinds = {one for one in vars(layers).values() if inspect.isclass(one)}
    assert kinds == set(ALL.values())
