"""From what a block gave back to what made it: the kernel of an ECA block, and which block a map came from."""

import numpy as np

from .blocks import band_matrix, shared_mlp
from .feature_maps import as_floats, global_average_pool, global_max_pool, read_map, relu, sigmoid


def kernel_from_gates(z, gates, kernel_size):
    """The ECA kernel (k,) whose logits come nearest to those of the gates, by least squares: z and gates (B, C).

    The logits are linear in the kernel: column t of the system holds what the kernel with a one at t alone gives.
    Raises ValueError unless every gate is between 0 and 1, k is odd, and z determines all k numbers.
    Source: Wang et al. 2020 (arXiv 1910.03151), section 3.2.2, solved for the kernel.
    """
    z = as_floats("z", z, "B", "C")
    gates = as_floats("the gates", gates, *z.shape)
    if not np.all((gates > 0) & (gates < 1)):
        raise ValueError("every gate must be between 0 and 1")
    logits = np.log(gates) - np.log1p(-gates)
    units = np.eye(kernel_size)
    system = np.stack([(z @ band_matrix(unit, z.shape[1]).T).ravel() for unit in units], axis=1)
    kernel, _, rank, _ = np.linalg.lstsq(system, logits.ravel(), rcond=None)
    if rank < kernel_size:
        raise ValueError(f"z determines {rank} of the {kernel_size} numbers only")
    return kernel


def _averaged_first(mean, largest, *weights):
    return sigmoid(2 * shared_mlp((mean + largest) / 2, *weights))


def _bias_once(mean, largest, w1, b1, w2, b2):
    return sigmoid((relu(mean @ w1 + b1) + relu(largest @ w1 + b1)) @ w2 + b2)


def _right(mean, largest, *weights):
    return sigmoid(shared_mlp(mean, *weights) + shared_mlp(largest, *weights))


def _mean_of_gates(mean, largest, *weights):
    return (sigmoid(shared_mlp(mean, *weights)) + sigmoid(shared_mlp(largest, *weights))) / 2


def suspects(x, w1, b1, w2, b2):
    """The maps of six blocks, channel attention and five faulty ones; None for one that cannot be computed.

    In the order: right; b2 counted once; the mean of two gates; the MLP of the averaged pools, counted twice; the
    maximum of absolute values; the gate (B, C) multiplied without its two axes, which needs B to be W, or 1.
    Shapes: x (B, H, W, C), w1 (C, m), b1 (m,), w2 (m, C), b2 (C,).
    """
    x = read_map(x, "channels_last")
    weights = (w1, b1, w2, b2)
    mean, largest = global_average_pool(x), global_max_pool(x)
    right = _right(mean, largest, *weights)
    gates = (
        right,
        _bias_once(mean, largest, *weights),
        _mean_of_gates(mean, largest, *weights),
        _averaged_first(mean, largest, *weights),
        _right(mean, global_max_pool(np.abs(x)), *weights),
    )
    bare = x * right if len(x) in (1, x.shape[2]) else None
    return (*(x * gate[:, None, None, :] for gate in gates), bare)


def faults_that_fit(x, y, w1, b1, w2, b2):
    """Which of the six blocks of `suspects` may have made y from x: (6,), 1 where it fits and 0 where it does not.

    y may have been computed in float32. Shapes: x and y (B, H, W, C), w1 (C, m), b1 (m,), w2 (m, C), b2 (C,).
    Raises ValueError for any other shape.
    """
    y = as_floats("y", y, *np.shape(x))
    maps = suspects(x, w1, b1, w2, b2)
    return np.array([float(one is not None and np.allclose(one, y, rtol=1e-4, atol=1e-5)) for one in maps])
