"""What the layers' tests need from whichever backend Keras runs on, and what a backend cannot do."""

from __future__ import annotations

from fnmatch import fnmatchcase

import keras
import numpy as np
from keras import ops

BACKEND = keras.backend.backend()
numpy = ops.convert_to_numpy

# The tolerance of a test in float64. keras.ops.mean computes in float32 on JAX and PyTorch even for float64, about
# 6e-8 off; behind an MLP with random weights for 129 channels it was 3e-6 at most.
FLOAT64 = {"tensorflow": 1e-12}.get(BACKEND, 1e-5)

# How many examples of a property are tried. JAX compiles anew for each shape, two seconds an example.
EXAMPLES = {"jax": 15}.get(BACKEND, 30)

# By backend, then by the test and its parameters as pytest names them (a pattern of fnmatch): why it cannot pass.
CANNOT: dict[str, dict[str, str]] = {
    "jax": {
        "test_rematerialisation_changes_no_step_of_training[coordinate*": "as below: its layer has a norm as well",
        "test_rematerialisation_changes_no_step_of_training[*norm*": (
            "tracers cannot leave what JAX rematerialises, so a norm cannot move its statistics there; Keras's own "
            "BatchNormalization fails in a RematScope as well"
        ),
    },
    "torch": {
        f"test_gradients_equal_finite_differences[{block}-*": (
            "in float64 PyTorch's convolution on a CPU wants a contiguous gradient (slow_conv2d: grad_weight must be "
            "contiguous), and Keras's own Conv2D(1, 7) gives it none either"
        )
        for block in ("spatial", "spatial_3", "cbam")
    },
}


def reason_not_to_pass(test: str) -> str | None:
    """Why this backend cannot pass the test of this name, if it is listed."""
    for pattern, reason in CANNOT.get(BACKEND, {}).items():
        if fnmatchcase(test, pattern.replace("[", "[[]")):
            return reason
    return None


def tensor(x, dtype="float64"):
    return ops.convert_to_tensor(x, dtype)


def _tensorflow_gradients(layer, x, pull):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x) * pull)
    return tape.gradient(loss, [x, *(weight.value for weight in layer.trainable_variables)])


def _jax_gradients(layer, x, pull):
    import jax

    def loss(x, trainable):
        y, _ = layer.stateless_call(trainable, layer.non_trainable_variables, x)
        return (y * pull).sum()

    of_x, of_weights = jax.grad(loss, argnums=(0, 1))(x, [weight.value for weight in layer.trainable_variables])
    return [of_x, *of_weights]


def _torch_gradients(layer, x, pull):
    import torch

    x.requires_grad_()
    return torch.autograd.grad((layer(x) * pull).sum(), [x, *(weight.value for weight in layer.trainable_variables)])


GRADIENTS = {"tensorflow": _tensorflow_gradients, "jax": _jax_gradients, "torch": _torch_gradients}


def gradients(layer, x, pull):
    """The gradients of the sum of layer(x) * pull, as arrays: that of x, then those of the trainable weights."""
    x, pull = tensor(x, layer.compute_dtype), tensor(pull, layer.compute_dtype)
    return [numpy(gradient) for gradient in GRADIENTS[BACKEND](layer, x, pull)]


def difference_quotients(function, arrays, step=1e-6):
    """The gradient of a scalar function of arrays, one entry at a time."""
    gradients = []
    for array in arrays:
        gradient = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + step
            above = function()
            array[index] = kept - step
            gradient[index] = (above - function()) / (2 * step)
            array[index] = kept
        gradients.append(gradient)
    return gradients
