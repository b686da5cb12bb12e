"""Blocks that the notebooks do not build: scSE, global context, coordinate attention and SimAM."""

import numpy as np

from .blocks import excite
from .feature_maps import apply_channel_gate, as_floats, global_average_pool, read_map, relu, sigmoid, write_map
from .residual import normalize

FUSIONS = ("add", "scale")


def scse_forward(x, w1, b1, w2, b2, kernel, bias, *, data_format="channels_last"):
    """scSE, x times (channel gate + spatial gate): (B, H, W, C) -> (B, H, W, C), the sum between 0 and 2.

    The channel gate is that of SE. The spatial gate is the sigmoid of a 1x1 convolution of x.
    Shapes: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,), kernel (C,), bias (). Raises ValueError for any other shape.
    Source: Roy et al. 2018 (arXiv 1803.02579), section 2, whose equations leave the biases out; the authors'
    later code takes the larger of the two refined maps, where the paper takes their sum.
    """
    channel = excite(global_average_pool(x, data_format=data_format), w1, b1, w2, b2)
    x = read_map(x, data_format)
    kernel = as_floats("the kernel", kernel, x.shape[3])
    spatial = sigmoid(x @ kernel + as_floats("the bias", bias))
    return write_map(x * (channel[:, None, None, :] + spatial[..., None]), data_format)


def softmax(logits):
    """exp(logits) / the sum of them, along the last axis, any shape; no overflow however large they are."""
    logits = np.asarray(logits, dtype=np.float64)
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))  # the largest is 1
    return shifted / shifted.sum(axis=-1, keepdims=True)


def context_attention(x, kernel, *, data_format="channels_last"):
    """Where global context looks, the softmax over positions of a 1x1 convolution: (B, H, W, C) -> (B, H, W).

    The map of each image sums to 1. A bias would change nothing: the softmax ignores what all logits share.
    Shapes: kernel (C,). Raises ValueError for any other shape.
    Source: Cao et al. 2019 (arXiv 1904.11492), "Global Context Block", its context modeling. It is the attention
    of one query that all positions share.
    """
    x = read_map(x, data_format)
    logits = x @ as_floats("the kernel", kernel, x.shape[3])
    return softmax(logits.reshape(len(x), -1)).reshape(logits.shape)


def layer_norm(v, gamma, beta, epsilon=1e-5):
    """Each row of v with mean 0 and variance 1, times gamma, plus beta: (B, C) -> (B, C), vectors (C,).

    Raises ValueError for any other shape.
    Source: Ba et al. 2016 (arXiv 1607.06450), section 3.
    """
    v = as_floats("v", v, "B", "C")
    gamma, beta = (as_floats(name, value, v.shape[1]) for name, value in (("gamma", gamma), ("beta", beta)))
    return normalize(v, gamma, beta, v.mean(axis=1, keepdims=True), v.var(axis=1, keepdims=True), epsilon)


def global_context_forward(
    x, kernel, w1, b1, gamma, beta, w2, b2, *, fusion="add", epsilon=1e-5, data_format="channels_last"
):
    """The global context block: (B, H, W, C) -> (B, H, W, C).

    The context is the mean of x weighted by `context_attention`, (B, C). The transform is
    t = relu(layer_norm(context w1 + b1)) w2 + b2, (B, C).
    fusion: "add" gives x + t, as in the paper; "scale" gives x times sigmoid(t), the default of timm.
    Shapes: kernel (C,), w1 (C, m), b1, gamma and beta (m,), w2 (m, C), b2 (C,).
    Raises ValueError for any other shape or fusion.
    Source: Cao et al. 2019 (arXiv 1904.11492), "Global Context Block", its equation.
    """
    if fusion not in FUSIONS:
        raise ValueError(f"fusion is {fusion!r}, but one of {', '.join(FUSIONS)} is needed")
    attention = context_attention(x, kernel, data_format=data_format)
    last = read_map(x, data_format)
    channels = last.shape[3]
    w1 = as_floats("w1", w1, channels, "m")
    bottleneck = w1.shape[1]
    b1 = as_floats("b1", b1, bottleneck)
    w2 = as_floats("w2", w2, bottleneck, channels)
    b2 = as_floats("b2", b2, channels)
    context = np.einsum("bhw,bhwc->bc", attention, last)
    t = relu(layer_norm(context @ w1 + b1, gamma, beta, epsilon)) @ w2 + b2
    if fusion == "scale":
        return apply_channel_gate(x, sigmoid(t), data_format=data_format)
    return write_map(last + t[:, None, None, :], data_format)


def hard_swish(x):
    """x clip(x + 3, 0, 6) / 6, elementwise, any shape. Source: Howard et al. 2019 (arXiv 1905.02244), section 5.2."""
    x = np.asarray(x, dtype=np.float64)
    return x * np.clip(x + 3, 0, 6) / 6


def coordinate_attention_forward(
    x,
    w1,
    gamma,
    beta,
    moving_mean,
    moving_variance,
    w_rows,
    b_rows,
    w_columns,
    b_columns,
    *,
    epsilon=1e-5,
    data_format="channels_last",
):
    """Coordinate attention in inference mode, x times a gate per row and one per column: (B, H, W, C) -> (B, H, W, C).

    The means along each row, (B, H, C), and along each column, (B, W, C), go through one map
    f(v) = hard_swish(batch norm(v w1)); then the gates are sigmoid(f(rows) w_rows + b_rows) and
    sigmoid(f(columns) w_columns + b_columns). The norm takes a bias of the first map away, so there is none.
    Shapes: w1 (C, m), gamma, beta, moving_mean and moving_variance (m,), w_rows and w_columns (m, C), b_rows and
    b_columns (C,). Raises ValueError for any other shape.
    Source: Hou et al. 2021 (arXiv 2103.02907), section 3.2; the activation is that of the official code.
    """
    last = read_map(x, data_format)
    channels = last.shape[3]
    w1 = as_floats("w1", w1, channels, "m")
    bottleneck = w1.shape[1]
    norm = [
        as_floats(name, vector, bottleneck)
        for name, vector in (
            ("gamma", gamma),
            ("beta", beta),
            ("moving_mean", moving_mean),
            ("moving_variance", moving_variance),
        )
    ]
    w_rows = as_floats("w_rows", w_rows, bottleneck, channels)
    b_rows = as_floats("b_rows", b_rows, channels)
    w_columns = as_floats("w_columns", w_columns, bottleneck, channels)
    b_columns = as_floats("b_columns", b_columns, channels)

    def encode(v):
        return hard_swish(normalize(v @ w1, *norm, epsilon))

    rows = sigmoid(encode(last.mean(axis=2)) @ w_rows + b_rows)
    columns = sigmoid(encode(last.mean(axis=1)) @ w_columns + b_columns)
    return write_map(last * rows[:, :, None, :] * columns[:, None, :, :], data_format)


def simam_forward(x, *, e_lambda=1e-4, data_format="channels_last"):
    """SimAM, x times sigmoid(1 / e) with the energy e of each value: (B, H, W, C) -> (B, H, W, C); no weights.

    1 / e = d^2 / (4 (variance + e_lambda)) + 1 / 2, with d the distance of a value from the mean of its channel
    and the variance that of the channel, its sum divided by H W - 1. A map of one position has d = 0.
    Raises ValueError unless x has rank 4 and no empty axis behind the batch.
    Source: Yang et al. 2021 (PMLR 139), section 3.2, equation 5; the division by H W - 1 is that of its listing.
    """
    last = read_map(x, data_format)
    squares = (last - last.mean(axis=(1, 2), keepdims=True)) ** 2
    others = max(last.shape[1] * last.shape[2] - 1, 1)
    variance = squares.sum(axis=(1, 2), keepdims=True) / others
    return write_map(last * sigmoid(squares / (4 * (variance + e_lambda)) + 0.5), data_format)
