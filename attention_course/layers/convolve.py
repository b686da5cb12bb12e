"""The spatial gate's convolution of two maps to one: Keras's own, or the faster product of strips under XLA."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

NARROWEST = 8  # columns of a strip: 8 was never slower than 10, 12, 14, 16 or 28, nor than one strip of the whole width


class StripConv2D(keras.layers.Conv2D):
    """A Conv2D that XLA compiles to a product of strips, for few channels to one map of the same size.

    Made for one filter, an odd square kernel, stride 1, "same" padding and channels last. Weights, configuration and
    saved files are those of Conv2D; results differ in the last digits of a float32.
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        (dilation, _), (size, _) = self.dilation_rate, self.kernel_size
        if not strips_are_faster(inputs.shape[2], reach=dilation * (size - 1)):
            return super().convolution_op(inputs, kernel)
        kernel = ops.convert_to_tensor(kernel)
        if keras.backend.backend() == "jax":
            import jax

            return jax.jit(strip_product, static_argnums=2)(inputs, kernel, dilation)
        return strip_product(inputs, kernel, dilation)


def strips_are_faster(width: int | None, reach: int) -> bool:
    """Whether `strip_product` takes less time than the convolution.

    Args:
        width: columns of the maps; None where they are not known, and where they are a symbol.
        reach: columns that the kernel covers beside the one in which its result stands.
    """
    if not isinstance(width, int) or not 0 < reach <= width:
        return False
    # On GPU and TPU nothing was measured, and their libraries' convolutions are good.
    return _compiled_by_xla() and all(device.startswith("cpu") for device in keras.distribution.list_devices())


def _compiled_by_xla() -> bool:
    """Whether XLA compiles what is called now: always on JAX, on TensorFlow in a function with jit_compile=True."""
    if keras.backend.backend() != "tensorflow":
        return keras.backend.backend() == "jax"  # `StripConv2D` has it compiled even in a call without jit
    import tensorflow as tf

    try:
        from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext
    except ImportError:  # it is not public: without it there is the convolution
        return False
    return GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())


def strip_product(maps: Any, kernel: Any, dilation: int = 1) -> Any:
    """The "same" cross-correlation of maps (B, H, W, C) with a kernel (k, k, C, 1), k odd, as (B, H, W, 1).

    The maps are cut into strips of a few columns. One product takes each row of a strip, with the columns beside it
    that the kernel reaches, to what each of the k rows of the kernel makes of it: the matrix of that product has the
    kernel's rows as bands along its diagonals. Then k products, each from another row, are added to one row.
    """
    size, _, channels, _ = kernel.shape
    _, height, width, _ = ops.shape(maps)
    reach = dilation * (size - 1)
    columns = NARROWEST * max(
        1, -(-reach // NARROWEST)
    )  # at least the reach: then one neighbour has all that is beside
    strips = -(-width // columns)
    right = (strips + 1) * columns - width - reach // 2
    maps = ops.pad(maps, [[0, 0], [reach // 2, reach // 2], [reach // 2, right], [0, 0]])
    maps = ops.reshape(maps, (-1, height + reach, strips + 1, columns * channels))
    maps = ops.concatenate([maps[:, :, :-1], maps[:, :, 1:, : reach * channels]], axis=-1)
    # taps[j, n, v] is 1 where the column n is under the tap j for the result in the column v.
    taps = np.stack([np.eye(columns + reach, columns, -dilation * tap) for tap in range(size)])
    bands = ops.einsum("ijc,jnv->nciv", kernel[..., 0], ops.convert_to_tensor(taps, dtype=kernel.dtype))
    products = ops.matmul(maps, ops.reshape(bands, ((columns + reach) * channels, size * columns)))
    rows = [
        products[:, dilation * row : dilation * row + height, :, row * columns : (row + 1) * columns]
        for row in range(size)
    ]
    return ops.reshape(sum(rows), (-1, height, strips * columns, 1))[:, :, :width]
