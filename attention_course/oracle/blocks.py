"""The attention blocks themselves, as compositions of pooling, a small map, a sigmoid and a gate."""

import numpy as np

from .feature_maps import (
    apply_channel_gate,
    apply_spatial_gate,
    as_floats,
    channel_pool,
    global_average_pool,
    global_max_pool,
    read_map,
    relu,
    sigmoid,
)


def shared_mlp(v, w1, b1, w2, b2):
    """relu(v w1 + b1) w2 + b2, one row at a time: v (B, C) -> logits (B, C).

    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,), with m the width of the bottleneck.
    Raises ValueError for any other shape.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, channel attention module; without the
    sigmoid it is also Hu et al. 2018 (arXiv 1709.01507), section 3.2.
    """
    v = as_floats("v", v, "B", "C")
    channels = v.shape[1]
    w1 = as_floats("w1", w1, channels, "m")
    bottleneck = w1.shape[1]
    b1 = as_floats("b1", b1, bottleneck)
    w2 = as_floats("w2", w2, bottleneck, channels)
    b2 = as_floats("b2", b2, channels)
    return relu(v @ w1 + b1) @ w2 + b2


def excite(z, w1, b1, w2, b2):
    """The SE gate, sigmoid(relu(z w1 + b1) w2 + b2): z (B, C) -> (B, C), each value between 0 and 1.

    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,). Raises ValueError for any other shape.
    Source: Hu et al. 2018 (arXiv 1709.01507), section 3.2; the biases are those of the official code.
    """
    return sigmoid(shared_mlp(z, w1, b1, w2, b2))


def se_forward(x, w1, b1, w2, b2, *, data_format="channels_last"):
    """Squeeze-and-excitation, x times excite(squeeze(x)): (B, H, W, C) -> (B, H, W, C).

    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,). Raises ValueError for any other shape.
    Source: Hu et al. 2018 (arXiv 1709.01507), section 3.
    """
    gate = excite(global_average_pool(x, data_format=data_format), w1, b1, w2, b2)
    return apply_channel_gate(x, gate, data_format=data_format)


def _odd_size(size):
    """Refuse an even size: it has no middle tap, so 'same' would shift the result by half a step."""
    if size % 2 == 0:
        raise ValueError(f"the kernel has size {size}, but an odd size is needed")
    return size


def band_matrix(kernel, channels):
    """The matrix M (C, C) for which M z is the 1-D cross-correlation of z (C,) with kernel (k,), zero padding.

    M[i, j] is the weight from channel j to channel i: kernel[j - i + k // 2] inside the band, 0 outside.
    Taps that would only ever meet padding (k > 2 C - 1) do not appear.
    Raises ValueError unless the kernel has rank 1 and odd size and there is at least one channel.
    Source: Wang et al. 2020 (arXiv 1910.03151), section 3.2.2, with one kernel shared by all channels.
    """
    kernel = as_floats("the kernel", kernel, "k")
    if channels < 1:
        raise ValueError(f"channels is {channels}, but at least 1 is needed")
    middle = _odd_size(kernel.size) // 2
    matrix = np.zeros((channels, channels))
    for offset in range(-middle, middle + 1):
        to = np.arange(max(0, -offset), min(channels, channels - offset))
        matrix[to, to + offset] = kernel[offset + middle]
    return matrix


def eca_forward(x, kernel, *, data_format="channels_last"):
    """Efficient channel attention, x times sigmoid(conv1d(mean of x)): (B, H, W, C) -> (B, H, W, C).

    Shapes: kernel (k,), k odd, shared by all channels; zero padding; no bias.
    Raises ValueError for another rank or an even k.
    Source: Wang et al. 2020 (arXiv 1910.03151), section 3.2.2.
    """
    z = global_average_pool(x, data_format=data_format)
    logits = z @ band_matrix(kernel, z.shape[1]).T
    return apply_channel_gate(x, sigmoid(logits), data_format=data_format)


def channel_attention_forward(x, w1, b1, w2, b2, *, data_format="channels_last"):
    """CBAM's channel half, x times sigmoid(MLP(mean) + MLP(max)): (B, H, W, C) -> (B, H, W, C).

    One MLP serves both, so b2 counts twice in the sum.
    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,). Raises ValueError for any other shape.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, channel attention module.
    """
    mean = global_average_pool(x, data_format=data_format)
    largest = global_max_pool(x, data_format=data_format)
    gate = sigmoid(shared_mlp(mean, w1, b1, w2, b2) + shared_mlp(largest, w1, b1, w2, b2))
    return apply_channel_gate(x, gate, data_format=data_format)


def conv2d_same(d, kernel, *, data_format="channels_last"):
    """The cross-correlation of d (B, H, W, D) with kernel (k, k, D), zero padding: (B, H, W).

    The kernel is not flipped: out[b, y, x] is the sum over i, j, c of kernel[i, j, c] times
    d[b, y + i - k // 2, x + j - k // 2, c]. With channels-first only d changes, to (B, D, H, W).
    Raises ValueError unless the kernel is square and odd and its D is that of d.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, spatial attention module.
    """
    d = read_map(d, data_format)
    _, height, width, depth = d.shape
    kernel = as_floats("the kernel", kernel, "k", "k", depth)
    if kernel.shape[0] != kernel.shape[1]:
        raise ValueError(f"the kernel has shape {kernel.shape}, but a square one is needed")
    size = _odd_size(kernel.shape[0])
    pad = size // 2
    padded = np.pad(d, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros(d.shape[:3])
    for i in range(size):
        for j in range(size):
            out += padded[:, i : i + height, j : j + width, :] @ kernel[i, j]
    return out


def spatial_attention_forward(x, kernel, *, data_format="channels_last"):
    """CBAM's spatial half, x times sigmoid(conv([mean; max] over channels)): (B, H, W, C) -> (B, H, W, C).

    Shapes: kernel (k, k, 2), k odd (7 in the paper); slice 0 meets the mean, slice 1 the maximum; no bias.
    Raises ValueError for any other shape.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, spatial attention module; the official code
    adds a batch normalisation before the sigmoid, the paper has none.
    """
    pooled = channel_pool(x, data_format=data_format)
    gate = sigmoid(conv2d_same(pooled, kernel, data_format=data_format))
    return apply_spatial_gate(x, gate, data_format=data_format)


def cbam_forward(x, w1, b1, w2, b2, kernel, *, data_format="channels_last"):
    """CBAM, the channel half and then the spatial half of the refined map: (B, H, W, C) -> (B, H, W, C).

    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,), kernel (k, k, 2). Raises ValueError for any other shape.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, equation 1.
    """
    refined = channel_attention_forward(x, w1, b1, w2, b2, data_format=data_format)
    return spatial_attention_forward(refined, kernel, data_format=data_format)
