"""The spatial gate in the form that XLA compiles well: the same numbers, the same weights, in less time."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

NARROWEST = 8  # columns of a strip: for 7 x 7 and its gradients faster than 10, 12, 14, 16, 28 and the whole width


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

    Measured with two maps of 7 x 7 to 224 x 224 and kernels of 3 x 3 to 11 x 11 on one core, the convolution's time
    divided by the strips', forward and with both gradients: 1 to 20 where XLA compiles them (8 and 9 for 7 x 7 on 8
    maps of 56 x 56), but 0.5 to 1 for a kernel wider than the map. Elsewhere the strips are many small operations: 0.6
    to 1.3 for the whole layer in a graph of TensorFlow, 0.2 to 0.4 in eager calls; on PyTorch 0.2 to 0.9.

    Args:
        width: columns of the maps; None where they are not known, and where they are a symbol.
        reach: columns that the kernel covers beside the one in which its result stands.
    """
    if not isinstance(width, int) or not 0 < reach <= width:
        return False
    return keras.backend.backend() == "jax" and _on_cpu() or _traced_for_xla()  # JAX: `StripConv2D` has it compiled


def spread(gate: Any, channels: int) -> Any:
    """A gate (B, ..., 1) as the factor of a map with so many channels: with a faster gradient where XLA compiles it.

    The gradient of a factor that broadcasts is a sum over the channels. XLA fuses it with the multiplication before
    it to a loop that takes longer than the two one after the other, as the gradient of a product of matrices does
    them: with that the layer and its gradients are 1.4 to 1.7 times as fast on TensorFlow, 0.6 to 2.8 times on JAX.
    """
    if keras.backend.standardize_dtype(gate.dtype) not in ("float32", "float64") or not _traced_for_xla():
        return gate  # half precision would be summed in half precision
    return ops.matmul(gate, ops.ones((1, channels), dtype=gate.dtype))


def _traced_for_xla() -> bool:
    """Whether TensorFlow is tracing a function with jit_compile=True, for the CPU."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    try:
        from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext
    except ImportError:  # it is not public: without it all is as in any other graph
        return False
    return GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph()) and _on_cpu()


def _on_cpu() -> bool:
    """Whether there is no accelerator: on one nothing was measured, and their libraries' convolutions are good."""
    return all(device.startswith("cpu") for device in keras.distribution.list_devices())


def strip_product(maps: Any, kernel: Any, dilation: int = 1) -> Any:
    """The "same" cross-correlation of maps (B, H, W, C) with a kernel (k, k, C, 1), k odd, as (B, H, W, 1).

    The maps are cut into strips of a few columns. One product takes each row of a strip, with the columns beside it
    that the kernel reaches, to what each of the k rows of the kernel makes of it: the matrix of that product has the
    kernel's rows as bands along its diagonals. Then k products, each from another row, are added to one row.
    """
    size, _, channels, _ = kernel.shape
    _, height, width, _ = ops.shape(maps)
    reach = dilation * (size - 1)
    # At least the reach: then all that a strip needs from beside it is in its neighbour.
    columns = NARROWEST * max(1, -(-reach // NARROWEST))
    strips = -(-width // columns)
    right = (strips + 1) * columns - width - reach // 2
    maps = ops.pad(maps, [[0, 0], [reach // 2, reach // 2], [reach // 2, right], [0, 0]])
    maps = ops.reshape(maps, (-1, height + reach, strips + 1, columns * channels))
    maps = ops.concatenate([maps[:, :, :-1], maps[:, :, 1:, : reach * channels]], axis=-1)
    # taps[j, n, v] is 1 where the column n is under the tap j for the result in the column v.
    taps = np.stack([np.eye(columns + reach, columns, -dilation * tap) for tap in range(size)])
    bands = ops.einsum("ijc,jnv->nciv", kernel[..., 0], ops.convert_to_tensor(taps, dtype=kernel.dtype))
    products = ops.matmul(maps, ops.reshape(bands, ((columns + reach) * channels, size * columns)))
    # Split, not sliced: the gradient of a split is one concatenation.
    by_row = ops.split(products, size, axis=-1)
    rows = [product[:, dilation * row : dilation * row + height] for row, product in enumerate(by_row)]
    return ops.reshape(sum(rows), (-1, height, strips * columns, 1))[:, :, :width]
