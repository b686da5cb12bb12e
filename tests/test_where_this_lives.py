"""Notebook 08: what it counts in networks of Keras, the gates that it inserts, and the path of ImageNet's weights."""

from __future__ import annotations

import re

import keras
import matplotlib
import numpy as np
import pytest

from attention_course.exercises.where_this_lives import GATE_SPREAD, SOFTMAX_POOL
from autograder import cells
from autograder.build.source import read_source
from autograder.course import Course
from tests.support.course import ROOT

NOTEBOOK = "08_where_this_lives"
CODE = [cell for cell in read_source(Course(ROOT), NOTEBOOK).cells if cell.cell_type == "code"]


def cells_with(*words: str) -> list[str]:
    """The code of the cells that hold one of these, in the order of the notebook. Each of them is in a cell."""
    assert all(any(word in cell.source for cell in CODE) for word in words)
    return [cells.visible_source(cell.source) for cell in CODE if any(word in cell.source for word in words)]


def run(namespace: dict, *words: str) -> None:
    for code in cells_with(*words):
        exec(compile(code, NOTEBOOK, "exec"), namespace)


@pytest.fixture
def names(monkeypatch) -> dict:
    """What the set-up, the helpers and the tools of sections 1 and 2 define; `shown` collects alternative texts."""
    matplotlib.use("Agg")
    namespace: dict = {"__name__": "__main__"}
    run(
        namespace,
        "import tensorflow as tf",
        "HELPERS, CAUSES = ",
        "def find_gates(",
        "def identity_se_block(",
        "class SqueezeGate(",
        "def put_blocks_in(",
    )
    namespace["shown"] = []
    namespace["show"] = lambda figure, alt, **_: namespace["shown"].append(alt)
    return namespace


def test_the_blocks_of_two_networks_are_found_in_their_graphs(names, capsys):
    run(names, "my_share = None", "efficient, mobile =")
    said = capsys.readouterr().out
    assert "efficientnetb0: 16 blocks, 636,540 of 5,330,571 weights, 11.9 %" in said
    assert "MobileNetV3Small: 9 blocks, 461,640 of 2,554,968 weights, 18.1 %" in said
    assert said.count("C / m =   24  input / m =  4") == 15, "all blocks but the first"
    # By name, as Keras calls them, there are the same weights.
    by_name = sum(layer.count_params() for layer in names["efficient"].layers if re.search("_se_(re|ex)", layer.name))
    assert by_name == 636_540
    assert names["find_gates"](keras.applications.MobileNetV2(weights=None)) == []


def test_gates_that_start_at_one_change_no_output_and_learn_from_the_second_array_on(names, capsys):
    run(names, "my_change = None", "pictures = 2 *", "after, change =", "my_moving = None", "goal = np.random")
    assert names["change"]["identity"] == 0 and names["change"]["fresh"] > 10
    assert names["moving"] == [2, 4]
    assert len(names["gated"].trainable_weights) == 4 * 17, "the trunk is frozen"
    assert "30,013 weights more, 1.3%; arrays that train: 68, four per gate" in capsys.readouterr().out


def test_the_gates_of_imagenets_weights_are_read_where_there_is_a_connection(names, monkeypatch, capsys):
    """With the switch on, but random weights: the tests download nothing."""
    make, asked = keras.applications.EfficientNetB0, []

    def without_download(weights):
        asked.append(weights)
        keras.utils.set_random_seed(1)
        return make(weights=None)

    monkeypatch.setattr(keras.applications, "EfficientNetB0", without_download)
    codes = cells_with("WITH_IMAGENET")
    assert codes[0].count("WITH_IMAGENET = False") == 1, "off as it is given out"
    for code in codes:
        exec(compile(code.replace("WITH_IMAGENET = False", "WITH_IMAGENET = True"), NOTEBOOK, "exec"), names)
    assert asked == ["imagenet"]
    said, (alt,) = capsys.readouterr().out, names["shown"]
    assert said.startswith("weights: ImageNet\n") and "ImageNet weights" in alt and "random" not in said + alt
    gates = names["photo_gates"]
    assert len(gates) == 16 and gates[0].shape == (2, 32) and gates[-1].shape == (2, 1152)
    assert all(((gate > 0) & (gate < 1)).all() for gate in gates)
    # The gates are those of the layers that Keras calls so.
    model = names["network_of_photos"]
    last = keras.Model(model.input, model.get_layer("block7a_se_expand").output)(names["squares"])
    np.testing.assert_allclose(gates[-1], keras.ops.convert_to_numpy(last)[:, 0, 0], atol=1e-6)


def test_softmax_pool_is_self_attention_with_one_query_and_the_mean_without_preference():
    rng = np.random.default_rng(0)
    x, query = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=5)
    for image, pooled in zip(x, SOFTMAX_POOL.oracle(x, query), strict=True):
        positions = image.reshape(-1, 5)
        queries = np.tile(query * np.sqrt(5), (12, 1))
        attended = keras.ops.dot_product_attention(*(v[None, :, None] for v in (queries, positions, positions)))
        np.testing.assert_allclose(keras.ops.convert_to_numpy(attended)[0, :, 0], np.tile(pooled, (12, 1)), atol=1e-5)
    np.testing.assert_allclose(SOFTMAX_POOL.oracle(x, 0 * query), x.mean(axis=(1, 2)))


def test_gate_spread_is_zero_for_gates_that_are_the_same_in_every_class():
    rng = np.random.default_rng(0)
    one_class = rng.uniform(size=(4, 3))
    gates, labels = np.concatenate([one_class, one_class[::-1]]), np.repeat([3, 8], 4)
    np.testing.assert_allclose(GATE_SPREAD.oracle(gates, labels), 0, atol=1e-15)
    shifted = gates + 0.3 * (labels == 8)[:, None]
    np.testing.assert_allclose(GATE_SPREAD.oracle(shifted, labels), 0.15)


@pytest.mark.parametrize("arguments", [(np.ones((3, 2, 1)), np.ones(3)), (np.ones((3, 2)), np.ones(4))])
def test_gate_spread_refuses_other_shapes(arguments):
    with pytest.raises(ValueError, match="is needed"):
        GATE_SPREAD.oracle(*arguments)
