"""A basic residual block with CBAM in its branch, in inference mode: convolutions, norms, the addition."""

import numpy as np

from .blocks import cbam_forward
from .feature_maps import as_floats, relu


def convolve(x, kernel, stride=1):
    """The cross-correlation of x (B, H, W, C) with kernel (k, k, C, F), 'same' padding as in Keras: (B, H', W', F).

    H' is H / stride, rounded up, and so is W'. Where the padding is odd, the bottom and the right get more.
    Raises ValueError for any other shape.
    """
    x = as_floats("the feature map", x, "B", "H", "W", "C")
    kernel = as_floats("the kernel", kernel, "k", "k", x.shape[3], "F")
    size = kernel.shape[0]
    outputs = [-(-side // stride) for side in x.shape[1:3]]
    totals = [max((out - 1) * stride + size - side, 0) for out, side in zip(outputs, x.shape[1:3], strict=True)]
    padded = np.pad(x, ((0, 0), *((total // 2, total - total // 2) for total in totals), (0, 0)))
    (height, width), reach = outputs, [(out - 1) * stride + 1 for out in outputs]
    result = np.zeros((len(x), height, width, kernel.shape[3]))
    for i in range(size):
        for j in range(size):
            result += padded[:, i : i + reach[0] : stride, j : j + reach[1] : stride] @ kernel[i, j]
    return result


def normalize(x, gamma, beta, moving_mean, moving_variance, epsilon=1e-3):
    """Batch normalisation in inference mode, with the statistics it has stored: vectors (C,)."""
    return gamma * (x - moving_mean) / np.sqrt(moving_variance + epsilon) + beta


def main_path(x, conv1, norm1, conv2, norm2, stride=1):
    """F(x): convolution with the stride, norm, ReLU, convolution, norm. A norm is gamma, beta, mean, variance."""
    hidden = relu(normalize(convolve(x, conv1, stride), *norm1))
    return normalize(convolve(hidden, conv2), *norm2)


def shortcut_path(x, projection=None, norm=None, stride=1):
    """x itself, or the 1x1 convolution with the stride and its norm where there is one."""
    return np.asarray(x, np.float64) if projection is None else normalize(convolve(x, projection, stride), *norm)


def cbam_residual_block(x, conv1, norm1, conv2, norm2, cbam, shortcut=None, norm=None, stride=1):
    """relu(shortcut + CBAM(F(x))): (B, H, W, C) -> (B, ceil(H / stride), ceil(W / stride), F).

    Shapes: conv1 (3, 3, C, F), conv2 (3, 3, F, F), shortcut (1, 1, C, F) or None for an identity shortcut; each
    norm four vectors (F,); cbam the weights w1, b1, w2, b2 and kernel of `cbam_forward`.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3 and its figure of the block in a residual network.
    """
    attended = cbam_forward(main_path(x, conv1, norm1, conv2, norm2, stride), *cbam)
    return relu(shortcut_path(x, shortcut, norm, stride) + attended)
