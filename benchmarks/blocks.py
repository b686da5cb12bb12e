"""Times each block beside the same computation written by others, in turn in one process; prints the ratios as JSON.

`benchmarks/layers.py` runs it once for each framework, which KERAS_BACKEND names.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from unittest import mock

import keras
import numpy as np
from keras import ops
from keras.layers import (
    Activation,
    Add,
    Concatenate,
    Conv1D,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Lambda,
    Reshape,
    multiply,
)

from attention_course import layers
from attention_course.layers import spatial

BACKEND = keras.backend.backend()
SHAPES = ((8, 56, 56, 64), (8, 28, 28, 256), (8, 7, 7, 2048), (1, 112, 112, 64))
RATIO = 8  # of the tutorial's bottlenecks
SPAN = 0.015  # seconds that a repetition takes at least
OURS = {
    "SE": layers.se_block,
    "ECA": layers.eca_block,
    "channel attention": layers.channel_attention,
    "spatial attention": layers.spatial_attention,
    "CBAM": layers.cbam_block,
}


# The tutorial's code as it goes round, with Keras 3's names.


def se_block(x, ratio=RATIO):
    channel = x.shape[-1]
    se = GlobalAveragePooling2D()(x)
    se = Reshape((1, 1, channel))(se)
    se = Dense(channel // ratio, activation="relu", kernel_initializer="he_normal")(se)
    se = Dense(channel, activation="sigmoid", kernel_initializer="he_normal")(se)
    return multiply([x, se])


def eca_block(x, b=1, gamma=2):
    kernel_size = int(abs((math.log2(x.shape[-1]) + b) / gamma))
    kernel_size = kernel_size if kernel_size % 2 else kernel_size + 1
    eca = GlobalAveragePooling2D()(x)
    eca = Reshape((-1, 1))(eca)
    eca = Conv1D(1, kernel_size, padding="same", use_bias=False)(eca)
    eca = Activation("sigmoid")(eca)
    eca = Reshape((1, 1, -1))(eca)
    return multiply([x, eca])


def channel_attention(x, ratio=RATIO):
    channel = x.shape[-1]
    first = Dense(channel // ratio, activation="relu", kernel_initializer="he_normal")
    second = Dense(channel, kernel_initializer="he_normal")
    average = second(first(Reshape((1, 1, channel))(GlobalAveragePooling2D()(x))))
    largest = second(first(Reshape((1, 1, channel))(GlobalMaxPooling2D()(x))))
    return multiply([x, Activation("sigmoid")(Add()([average, largest]))])


def spatial_attention(x):
    average = Lambda(lambda x: ops.mean(x, axis=3, keepdims=True))(x)
    largest = Lambda(lambda x: ops.max(x, axis=3, keepdims=True))(x)
    both = Concatenate(axis=3)([average, largest])
    return multiply([x, Conv2D(1, 7, padding="same", activation="sigmoid", use_bias=False)(both)])


def cbam_block(x):
    return spatial_attention(channel_attention(x))


LITERAL = {
    "SE": se_block,
    "ECA": eca_block,
    "channel attention": channel_attention,
    "spatial attention": spatial_attention,
    "CBAM": cbam_block,
}


def model_of(block: Callable, shape: tuple, kit=keras):
    x = kit.Input(batch_shape=shape)
    return kit.Model(x, block(x))


def with_weights(model, weights: list):
    model.set_weights([new.reshape(old.shape) for new, old in zip(weights, model.get_weights(), strict=True)])
    return model


# Who is compared: (block, shape) -> our model and theirs with the same weights, or None where they lack the block.


def literal(block: str, shape: tuple) -> tuple | None:
    ours = our_model(block, shape)
    return ours, with_weights(model_of(LITERAL[block], shape), ours.get_weights())


def convolution(block: str, shape: tuple) -> tuple | None:
    if block != "spatial attention":
        return None
    ours = our_model(block, shape)
    with mock.patch.dict(spatial.CONVOLUTIONS, {2: Conv2D}):
        return ours, with_weights(model_of(OURS[block], shape), ours.get_weights())


def keras_hub(block: str, shape: tuple) -> tuple | None:
    from keras_hub.src.models.mobilenet.mobilenet_backbone import SqueezeAndExcite2D

    if block != "SE":
        return None
    ours, theirs = our_model(block, shape), SqueezeAndExcite2D(shape[-1], shape[-1] // RATIO, name="se")
    return ours, with_weights(model_of(theirs, shape), ours.get_weights())


def kecam(block: str, shape: tuple) -> tuple | None:
    import tf_keras
    from keras_cv_attention_models.attention_layers import eca_module, se_module

    blocks = {"SE": functools.partial(se_module, se_ratio=1 / RATIO, divisor=1), "ECA": eca_module}
    if block not in blocks:
        return None
    ours = our_model(block, shape)
    return ours, with_weights(model_of(blocks[block], shape, kit=tf_keras), ours.get_weights())


@functools.cache
def import_torchvision():
    """Import what timm needs; kept, as PyTorch forgets operators that nobody holds."""
    import torch

    try:
        return importlib.import_module("torchvision")
    except RuntimeError:  # its wheel's operators do not load beside a CPU torch; declaring two of them is enough
        operators = torch.library.Library("torchvision", "DEF")
        operators.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        operators.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        return operators


def timm(block: str, shape: tuple) -> tuple | None:
    """Both in PyTorch's format, and both with the norm that timm's spatial gate has."""
    import torch

    import_torchvision()
    from timm.layers import EcaModule, SqueezeExcite
    from timm.layers.cbam import CbamModule, ChannelAttn, SpatialAttn

    batch, *size, channels = shape
    ours = our_model_for_timm(block, (batch, channels, *size))
    weights = ours.get_weights()
    bottleneck = {"rd_channels": channels // RATIO}
    theirs = {
        "SE": lambda: SqueezeExcite(channels, **bottleneck),
        "ECA": lambda: EcaModule(kernel_size=len(weights[0])),
        "channel attention": lambda: ChannelAttn(channels, mlp_bias=True, **bottleneck),
        "spatial attention": SpatialAttn,
        "CBAM": lambda: CbamModule(channels, mlp_bias=True, **bottleneck),
    }[block]()
    state = {name: value for name, value in theirs.state_dict().items() if value.ndim}
    for (name, value), weight in zip(state.items(), weights, strict=True):
        weight = weight.transpose(3, 2, 0, 1) if weight.ndim == 4 else weight.T
        state[name] = torch.tensor(weight.reshape(value.shape))
    theirs.load_state_dict(state, strict=False)
    return ours, theirs.eval()


PEERS = {
    "tensorflow": {"literal": literal, "our convolution": convolution, "keras-hub": keras_hub, "kecam": kecam},
    "jax": {"literal": literal, "our convolution": convolution},
    "torch": {"literal": literal, "timm": timm},
}
PACKAGES = {
    "tensorflow": ("keras", "tensorflow-cpu", "tensorflow", "keras-hub", "keras-cv-attention-models", "tf-keras"),
    "jax": ("keras", "jax"),
    "torch": ("keras", "torch", "timm"),
}


@functools.cache
def our_model(block: str, shape: tuple):
    return model_of(OURS[block], shape)


def our_model_for_timm(block: str, shape: tuple):
    """Ours with the channels first, and with a norm where timm has one, with random weights."""
    normed = {"spatial attention": layers.SpatialAttention, "CBAM": functools.partial(layers.CBAM, RATIO)}
    keras.config.set_image_data_format("channels_first")
    found = model_of(normed[block](norm=True) if block in normed else OURS[block], shape)
    keras.config.set_image_data_format("channels_last")
    generator = np.random.default_rng(0)  # gamma starts at 0, and then the gate is 1/2 whatever the kernel
    found.set_weights([generator.uniform(0.1, 1, weight.shape) for weight in found.get_weights()])
    return found


# What is timed: each way of calling a model or module.


def drawn(shape: tuple) -> list[np.ndarray]:
    """A feature map, and what comes back to the block from above it."""
    generator = np.random.default_rng(0)
    return [generator.normal(size=shape).astype("float32") for _ in range(2)]


@functools.cache
def tensorflow_ways(model, shape: tuple) -> dict[str, Callable]:
    import tensorflow as tf

    x, upstream = map(tf.constant, drawn(shape))
    weights = [weight.value if isinstance(weight, keras.Variable) else weight for weight in model.trainable_weights]

    def forward():
        return model(x, training=False)

    def backward():
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = model(x, training=True)
        return tape.gradient(y, [x, *weights], output_gradients=upstream)

    ways = {}
    for way, compiled in (("eager", lambda run: run), ("graph", tf.function), ("jit", tf.function(jit_compile=True))):
        ways[way], ways[f"{way}, backward"] = compiled(forward), compiled(backward)
    return ways


@functools.cache
def jax_ways(model, shape: tuple) -> dict[str, Callable]:
    import jax

    x, upstream = map(jax.numpy.asarray, drawn(shape))
    weights = [variable.value for variable in model.trainable_variables]

    def forward(weights, x):
        return model.stateless_call(weights, [], x)[0]

    def backward(weights, x):
        return jax.vjp(forward, weights, x)[1](upstream)

    def finished(function):
        compiled = jax.jit(function)
        return lambda: jax.block_until_ready(compiled(weights, x))

    return {"jit": finished(forward), "jit, backward": finished(backward)}


@functools.cache
def torch_ways(model, shape: tuple) -> dict[str, Callable]:
    import torch

    x, upstream = map(torch.tensor, drawn(shape))
    leaves = [x.clone().requires_grad_(), *(weight for weight in model.parameters() if weight.requires_grad)]

    def forward():
        with torch.no_grad():
            return model(x)

    def backward():
        return torch.autograd.grad(model(leaves[0]), leaves, upstream)

    return {"eager": forward, "eager, backward": backward}


WAYS = {"tensorflow": tensorflow_ways, "jax": jax_ways, "torch": torch_ways}


def seconds(run: Callable, count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - started) / count


def compare(ours: Callable, theirs: Callable, repetitions: int) -> dict:
    """Our milliseconds, and our time divided by theirs in each repetition: the two run in turn."""
    counts = {}
    for run in (ours, theirs):
        run()  # traced, compiled
        counts[run] = max(1, round(SPAN / seconds(run, 2)))
    times: dict[Callable, list[float]] = {ours: [], theirs: []}
    for repetition in range(repetitions):
        for run in (ours, theirs) if repetition % 2 else (theirs, ours):
            times[run].append(seconds(run, counts[run]))
    ratios = [one / other for one, other in zip(times[ours], times[theirs], strict=True)]
    return {"ms": 1000 * median(times[ours]), "median": median(ratios), "min": min(ratios), "max": max(ratios)}


def rows(repetitions: int, missing: dict[str, str]) -> Iterator[dict]:
    """One row for each peer, block and shape; a peer that cannot be imported goes into `missing`, with the reason."""
    for peer, make in PEERS[BACKEND].items():
        for block in OURS:
            for shape in SHAPES:
                try:
                    pair = make(block, shape)
                except ImportError as error:
                    missing[peer] = str(error)
                    continue
                if pair is None:
                    continue
                given = shape if peer != "timm" else (shape[0], shape[3], *shape[1:3])
                ours, theirs = (WAYS[BACKEND](model, given) for model in pair)
                results = [np.asarray(next(iter(ways.values()))()) for ways in (ours, theirs)]
                np.testing.assert_allclose(*results, rtol=1e-4, atol=1e-5, err_msg=f"{peer}, {block}")
                ways = {way: compare(run, theirs[way], repetitions) for way, run in ours.items()}
                print(f"{BACKEND}: {peer}, {block}, {shape}", file=sys.stderr, flush=True)
                yield {"peer": peer, "block": block, "shape": shape, "ways": ways}


def main() -> None:
    missing: dict[str, str] = {}
    found = list(rows(int(sys.argv[1]), missing))
    installed = {one.name.lower().replace("_", "-"): one.version for one in importlib.metadata.distributions()}
    packages = {name: installed[name] for name in PACKAGES[BACKEND] if name in installed}
    print(json.dumps({"packages": packages, "missing": missing, "rows": found}))


if __name__ == "__main__":
    main()
