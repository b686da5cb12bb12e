"""The page for practitioners: its code runs as it stands there, in its order, on each backend."""

import re
from pathlib import Path

import keras
import matplotlib
import numpy as np
import pytest

GUIDE = Path(__file__).absolute().parent.parent / "docs" / "put-a-gate-into-your-network.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The names that the page's code leaves, run in an empty folder, and the folder."""
    matplotlib.use("agg")
    folder, names = tmp_path_factory.mktemp("guide"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for number, block in enumerate(BLOCKS, start=1):
            exec(compile(block, f"{GUIDE.name}, block {number}", "exec"), names)
    return names, folder


def test_every_block_runs(run):
    assert len(BLOCKS) == GUIDE.read_text(encoding="utf-8").count("```") / 2 > 8


def test_the_picture_shows_the_gate(run):
    names, _ = run
    heights = [bar.get_height() for bar in names["plt"].gca().patches]
    np.testing.assert_allclose(heights, names["gate"][0, 0, 0], rtol=1e-6)


def test_in_the_end_everything_but_the_norms_is_trained_with_a_small_step(run):
    """What moves cannot be seen here: in a network without weights hardly a gradient arrives."""
    model, base = run[0]["model"], run[0]["base"]
    assert len(model.trainable_weights) == len(run[0]["gated"].trainable_weights) + 2 > 17 * 4 + 2
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-5) and int(model.optimizer.iterations) == 1
    assert base.trainable_weights == []
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) > 17 and not any(norm.trainable for norm in norms)
    assert all(layer.trainable for layer in model.layers if layer not in norms)


def test_what_the_page_exports_lies_there(run):
    _, folder = run
    made = {"tensorflow": {"gated", "gated.keras"}, "torch": {"gated.pt2", "gated.keras"}, "jax": {"gated.keras"}}
    assert {path.name for path in folder.iterdir()} == made[keras.backend.backend()]


def test_weights_of_timm_are_in_the_layer(run):
    layer = run[0]["layer"]
    assert layer.get_weights()[0].shape == (64, 8) and np.allclose(layer.get_weights()[0], 0.1)
