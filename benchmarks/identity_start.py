"""What a gate costs a trained network at once, and what is left of that after training the gates alone.

A small residual network learns scikit-learn's digits. Then a block is put behind the last norm of each branch, with
random first weights and with the identity start, and only the gates are trained. It writes identity_start.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402

from attention_course import layers  # noqa: E402
from autograder.files import write_whole  # noqa: E402
from benchmarks.machine import describe_machine  # noqa: E402
from benchmarks.report import machine_table, table  # noqa: E402

PAGE = Path(__file__).absolute().parent / "identity_start.md"
SEEDS = (0, 1, 2)
EPOCHS, GATE_EPOCHS, BATCH = 12, 2, 50
STARTS = ("random", "identity")
BLOCKS: dict[str, Callable[[str], keras.layers.Layer]] = {
    "SE": lambda start: layers.SqueezeExcitation(4, start=start),
    "ECA": lambda start: layers.EfficientChannelAttention(start=start),
    "CBAM": lambda start: layers.CBAM(4, start=start),
    "CBAM with norm": lambda start: layers.CBAM(4, norm=True, start=start),
}


def read_digits() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Images (N, 8, 8, 1) from 0 to 1 and labels (N,): 1,200 to train, 597 to test."""
    digits = load_digits()
    images = (digits.images / 16).astype("float32")[..., None]
    return (images[:1200], digits.target[:1200]), (images[1200:], digits.target[1200:])


def residual_network() -> keras.Model:
    """Six residual blocks of 16, 32 and 64 filters; the last norm of each branch is called branch_1, branch_2, ..."""

    def conv_norm(x, filters, size, stride=1, name=None):
        x = keras.layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(x)
        return keras.layers.BatchNormalization(momentum=0.9, name=name)(x)

    inputs = keras.Input((8, 8, 1))
    x = keras.layers.ReLU()(conv_norm(inputs, 16, 3))
    for number, (filters, stride) in enumerate(((16, 1), (16, 1), (32, 2), (32, 1), (64, 2), (64, 1)), start=1):
        branch = keras.layers.ReLU()(conv_norm(x, filters, 3, stride))
        branch = conv_norm(branch, filters, 3, name=f"branch_{number}")
        x = x if stride == 1 else conv_norm(x, filters, 1, stride)
        x = keras.layers.ReLU()(keras.layers.Add()([x, branch]))
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))


def train(model: keras.Model, data: tuple[np.ndarray, np.ndarray], epochs: int) -> None:
    """Adam, its rate along a cosine from 0.01 to 0."""
    rate = keras.optimizers.schedules.CosineDecay(0.01, epochs * len(data[0]) // BATCH)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(*data, batch_size=BATCH, epochs=epochs, verbose=0)


def accuracy(model: keras.Model, data: tuple[np.ndarray, np.ndarray]) -> float:
    inputs, labels = data
    return float(np.mean(np.argmax(model.predict(inputs, verbose=0), axis=1) == labels))


def with_gates(trained: keras.Model, block: keras.layers.Layer) -> keras.Model:
    """The trained network with a block behind each branch; the blocks alone can be trained."""
    model = layers.insert(trained, block, after=r"branch_\d")
    for layer in model.layers:
        layer.trainable = isinstance(layer, type(block))
    return model


def main() -> None:
    training, test = read_digits()
    before, found = [], {(name, start): [] for name in BLOCKS for start in STARTS}
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        trained = residual_network()
        train(trained, training, EPOCHS)
        before.append(accuracy(trained, test))
        print(f"network {seed}: {before[-1]:.3f}", flush=True)
        for (name, start), runs in found.items():
            keras.utils.set_random_seed(seed)
            model = with_gates(trained, BLOCKS[name](start))
            at_once = accuracy(model, test)
            train(model, training, GATE_EPOCHS)
            runs.append((at_once, accuracy(model, test)))
            print(f"  {name}, {start} start: {runs[-1][0]:.3f} at once, {runs[-1][1]:.3f} after", flush=True)
    write_whole(PAGE, page(before, found))


def page(before: list[float], found: dict[tuple[str, str], list[tuple[float, float]]]) -> str:
    rows = []
    for (name, start), runs in found.items():
        rows.append((name, start, *(_spread(column) for column in zip(*runs, strict=True))))
    text = (
        f"Test accuracy of a small residual network on scikit-learn's digits, trained for {EPOCHS} epochs: "
        f"{_spread(before)}. Then a block was put behind each of its six branches, and the blocks alone were trained "
        f"for {GATE_EPOCHS} epochs. Mean of {len(SEEDS)} networks (least to greatest)."
    )
    head = ("block", "first weights", "at once", f"after {GATE_EPOCHS} epochs of the gates alone")
    parts = ["# A gate in a trained network", "Made by `python -m benchmarks.identity_start`.", text]
    return "\n\n".join([*parts, table(head, rows), machine_table(describe_machine())]) + "\n"


def _spread(values) -> str:
    return f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    main()
