"""The wheel beside Keras and one backend alone: a network with gates is made, trained, saved, reloaded and exported."""

import json
import os
import subprocess
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.support.wheel import build_wheel, install_with

BACKEND = keras.backend.backend()
OTHERS = {"tensorflow", "jax", "torch"} - {BACKEND}
DISTRIBUTION = "tensorflow-cpu" if BACKEND == "tensorflow" else BACKEND

TRAIN = """
import numpy as np
import keras
from attention_course.layers import SqueezeExcitation, insert

rng = np.random.default_rng(0)
x, y = rng.uniform(size=(8, 32, 32, 3)).astype("float32"), rng.integers(3, size=8)
base = keras.applications.MobileNetV2(weights=None, alpha=0.35, classes=3, input_shape=(32, 32, 3))
model = insert(base, SqueezeExcitation(start="identity", name="se"), r".*_project_BN")
before = model.predict(x, verbose=0)
np.save("difference.npy", before - base.predict(x, verbose=0))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y, batch_size=4, epochs=1, verbose=0)
gates = [layer for layer in model.layers if isinstance(layer, SqueezeExcitation)]
np.save("moved.npy", [np.abs(gate.get_weights()[2]).max() for gate in gates])
model.save("model.keras")
np.save("x.npy", x)
np.save("trained.npy", model.predict(x, verbose=0))
"""
RELOAD = """
import numpy as np
import keras
import attention_course.layers

model, x = keras.models.load_model("model.keras"), np.load("x.npy")
np.save("reloaded.npy", model.predict(x, verbose=0))
"""
EXPORT = {
    "tensorflow": """
import tensorflow as tf
model.export("exported", verbose=False)
loaded = tf.saved_model.load("exported")  # which holds the weights as long as it lives
exported = loaded.serve(x)
""",
    "torch": """
import torch
signature = [keras.InputSpec(shape=x.shape, dtype="float32")]  # what is not known would become 1
model.export("exported.pt2", format="torch", input_signature=signature, verbose=False)
exported = torch.export.load("exported.pt2").module()(torch.from_numpy(x)).detach()
""",
    # Keras exports from JAX by way of TensorFlow, which is not here. JAX's own needs flatbuffers to write a file.
    "jax": """
import jax, jax.export
trained = [variable.value for variable in model.trainable_variables]
others = [variable.value for variable in model.non_trainable_variables]
forward = jax.jit(lambda x: model.stateless_call(trained, others, x, training=False)[0])
exported = jax.export.export(forward)(x).call(x)
""",
}
LOOK = """
import importlib.metadata, json, sys
import attention_course.layers
names = {one.metadata["Name"].lower().replace("_", "-") for one in importlib.metadata.distributions()}
print(json.dumps([sorted(names), sorted({name.partition(".")[0] for name in sys.modules})]))
"""


class Machine:
    """The environment, and a folder to work in."""

    def __init__(self, folder: Path):
        source = folder / "source"
        source.mkdir()
        self.python = install_with(build_wheel(source), folder / "venv", DISTRIBUTION)
        self.folder = folder / "work"
        self.folder.mkdir()

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """What python says there, of the environment's own packages alone."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JAX"))}
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.folder,
            env=kept | {"KERAS_BACKEND": BACKEND},
            capture_output=True,
            text=True,
        )

    def do(self, code: str) -> str:
        ran = self.run("-c", code)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def read(self, name: str) -> np.ndarray:
        return np.load(self.folder / f"{name}.npy")


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("wheel"))
    machine.do(TRAIN)
    return machine


@pytest.fixture(scope="module")
def reloaded(machine) -> Machine:
    """The machine after another process has loaded the model and exported it."""
    machine.do(f"{RELOAD}\n{EXPORT[BACKEND]}\nnp.save('exported.npy', np.asarray(exported))")
    return machine


def test_keras_and_a_backend_are_all_it_takes(machine):
    installed, imported = map(set, json.loads(machine.do(LOOK)))
    assert {"attention-course", "keras", "numpy", DISTRIBUTION} <= installed
    assert not {"nbgrader", "jupyterlab", "click", "distributed", "matplotlib", "pytest"} & installed
    assert {BACKEND, "attention_course"} <= imported and not (OTHERS | {"autograder"}) & imported


def test_gates_of_identity_change_nothing_and_two_steps_move_each(machine):
    assert np.abs(machine.read("difference")).max() == 0
    assert machine.read("moved").shape == (17,) and machine.read("moved").min() > 1e-4  # of two steps of 1e-3


def test_another_process_reloads_the_same(reloaded):
    np.testing.assert_array_equal(reloaded.read("reloaded"), reloaded.read("trained"))


def test_what_is_exported_gives_the_same(reloaded):
    np.testing.assert_allclose(reloaded.read("exported"), reloaded.read("trained"), rtol=1e-5, atol=1e-6)


def test_the_command_says_which_extra_it_needs(machine):
    ran = machine.run("-m", "autograder")
    assert ran.returncode == 2 and "[course,grader]" in ran.stderr and "Traceback" not in ran.stderr
