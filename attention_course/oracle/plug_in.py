"""What notebook 06 asks: the small residual network, the share of a gate inside a box, the interval of a difference."""

import math

import numpy as np

from .blocks import cbam_forward, eca_forward, se_forward
from .feature_maps import as_floats, global_average_pool, relu, sigmoid
from .further import softmax
from .residual import convolve, normalize

STRIDES = {1: 1, 2: 2}  # of the residual blocks
NORM = ("gamma", "beta", "moving_mean", "moving_variance")

# Student's t with 1, 2, ... degrees of freedom: 95 % of the values lie between minus and plus this number.
T_95 = (12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139)


def attach(x, **weights):
    """The block whose weights are given: none, w1 b1 w2 b2 (SE), kernel (k,) (ECA), or all five (CBAM)."""
    if not weights:
        return as_floats("the feature map", x, "B", "H", "W", "C").copy()
    if "w1" not in weights:
        return eca_forward(x, weights["kernel"])
    layers = [weights[slot] for slot in ("w1", "b1", "w2", "b2")]
    return cbam_forward(x, *layers, weights["kernel"]) if "kernel" in weights else se_forward(x, *layers)


def blind_gate(x, gates):
    """Each channel of x (B, H, W, C) times the sigmoid of its own number: gates (C,), the same for every image."""
    x = as_floats("the feature map", x, "B", "H", "W", "C")
    return x * sigmoid(as_floats("the numbers of the gates", gates, "C"))


def small_resnet(x, **weights):
    """The network of notebook 06 in inference mode: x (B, H, W, D) -> probabilities (B, classes).

    Weights by name: k_stem; for the blocks j = 1 and 2 k_ja, k_jb and, in the second, k_jc of the shortcut; behind each
    convolution a norm, gamma_stem, beta_stem and so on; the block's attention as in `attach`, with _j at the end;
    w_head (32, classes) and b_head (classes,).
    """
    x = stem(x, weights)
    for block, stride in STRIDES.items():
        x = relu(shortcut_path(x, weights, block, stride) + branch(x, weights, block, stride))
    return head(x, weights)


def conv_norm(x, weights, place, stride=1):
    """A convolution without bias and its norm, in inference mode."""
    norm = [weights[f"{vector}_{place}"] for vector in NORM]
    return normalize(convolve(x, weights[f"k_{place}"], stride), *norm)


def stem(x, weights):
    """The first convolution, with stride 2, its norm and its ReLU."""
    return relu(conv_norm(x, weights, "stem", 2))


def shortcut_path(x, weights, block, stride):
    """The input itself in the first block, else a 1x1 convolution with the stride and its norm."""
    return x if block == 1 else conv_norm(x, weights, f"{block}c", stride)


def plain_branch(x, weights, block, stride):
    """Convolution with the stride, norm, ReLU, convolution, norm."""
    return conv_norm(relu(conv_norm(x, weights, f"{block}a", stride)), weights, f"{block}b")


def attention(x, weights, block):
    """The attention of one block; the map itself where there is none."""
    names = {slot: f"{slot}_{block}" for slot in ("w1", "b1", "w2", "b2", "kernel")}
    return attach(x, **{slot: weights[name] for slot, name in names.items() if name in weights})


def branch(x, weights, block, stride):
    """The plain branch with its attention at the end."""
    return attention(plain_branch(x, weights, block, stride), weights, block)


def head(x, weights):
    """The mean over positions, a dense layer and a softmax."""
    return softmax(global_average_pool(x) @ weights["w_head"] + weights["b_head"])


def mass_inside(gate, boxes):
    """The share of each gate's sum inside its box: gate (B, H, W), boxes (B, 4) top, left, bottom, right -> (B,)."""
    gate = as_floats("the gate", gate, "B", "H", "W")
    inside = [one[top:bottom, left:right].sum() for one, (top, left, bottom, right) in zip(gate, boxes, strict=True)]
    return np.array(inside) / gate.sum(axis=(1, 2))


def paired_difference(a, b):
    """(mean, low, high) of a - b, run by run: the 95 % Student-t interval of the mean, for 2 to 11 runs."""
    mean, half = mean_and_half_width(np.asarray(a, np.float64) - np.asarray(b, np.float64))
    return mean, mean - half, mean + half


def mean_and_half_width(differences):
    """The mean and half the width of its 95 % Student-t interval."""
    count = len(differences)
    error = float(np.std(differences, ddof=1)) / math.sqrt(count)
    return float(np.mean(differences)), T_95[count - 2] * error
