"""Known mistakes of CBAM as a whole: its two halves, their order, and its place in a residual block."""

from __future__ import annotations

import numpy as np

from autograder.exercise.base import Mistake

from .. import oracle
from ..oracle.residual import convolve, normalize

_sigmoid, _relu, _mlp = oracle.sigmoid, oracle.relu, oracle.shared_mlp


def _logits(x, *w):
    """The two rows of logits, from the mean and from the max."""
    return _mlp(oracle.global_average_pool(x), *w), _mlp(oracle.global_max_pool(x), *w)


def _channel_gate(x, *w):
    return _sigmoid(sum(_logits(x, *w)))[:, None, None, :]


def _spatial_gate(x, kernel):
    return _sigmoid(oracle.conv2d_same(oracle.channel_pool(x), kernel))[..., None]


def _behind(gate):
    """A block with another channel gate, the spatial half as it should be."""
    return lambda x, kernel, *w: oracle.spatial_attention_forward(x * gate(x, *w), kernel)


def _before(spatial):
    """A block with the right channel half, and another spatial half."""
    return lambda x, kernel, *w: spatial(x * _channel_gate(x, *w), kernel)


def _gate_of(logits):
    return lambda x, *w: logits(*_logits(x, *w), *w)[:, None, None, :]


def _without_relu(v, w1, b1, w2, b2):
    return (v @ w1 + b1) @ w2 + b2


def _linear_gate(x, *w):
    mean, largest = oracle.global_average_pool(x), oracle.global_max_pool(x)
    return _sigmoid(_without_relu(mean, *w) + _without_relu(largest, *w))[:, None, None, :]


def _averaged_gate(x, *w):
    mean, largest = oracle.global_average_pool(x), oracle.global_max_pool(x)
    return _sigmoid(_mlp((mean + largest) / 2, *w))[:, None, None, :]


def _by_spatial(logits_of):
    return lambda x, kernel: x * _sigmoid(logits_of(x, kernel))[..., None]


def _pools(x):
    return x.mean(axis=-1), x.max(axis=-1)


def _stacked(*maps):
    return np.stack(maps, axis=-1)


_BLOCKS = (
    # the block as a whole
    (
        "The spatial gate is computed from the input: it has to look at the refined map.",
        lambda x, kernel, *w: x * _channel_gate(x, *w) * _spatial_gate(x, kernel),
    ),
    (
        "The spatial half comes first: in CBAM the channel half does.",
        lambda x, kernel, *w: oracle.channel_attention_forward(oracle.spatial_attention_forward(x, kernel), *w),
    ),
    (
        "The two halves stand side by side and their results are added: the second one works on what the first gives.",
        lambda x, kernel, *w: oracle.channel_attention_forward(x, *w) + oracle.spatial_attention_forward(x, kernel),
    ),
    (
        "The spatial gate multiplies the input: what the channel half gave is lost.",
        lambda x, kernel, *w: x * _spatial_gate(x * _channel_gate(x, *w), kernel),
    ),
    (
        "It gives the product of the gates: the feature map is missing.",
        lambda x, kernel, *w: _channel_gate(x, *w) * _spatial_gate(x * _channel_gate(x, *w), kernel),
    ),
    (
        "It gives a gate, not a feature map.",
        lambda x, kernel, *w: _spatial_gate(x * _channel_gate(x, *w), kernel),
    ),
    (
        "The input is added to the result: the residual belongs to the network, not to the block.",
        lambda x, kernel, *w: x + oracle.cbam_forward(x, *w, kernel),
    ),
    (
        "The input is added between the two halves.",
        lambda x, kernel, *w: oracle.spatial_attention_forward(x + x * _channel_gate(x, *w), kernel),
    ),
    ("The spatial half is missing.", lambda x, kernel, *w: oracle.channel_attention_forward(x, *w)),
    ("The channel half is missing.", lambda x, kernel, *w: oracle.spatial_attention_forward(x, kernel)),
    (
        "A ReLU stands between the two halves.",
        lambda x, kernel, *w: oracle.spatial_attention_forward(_relu(x * _channel_gate(x, *w)), kernel),
    ),
    # the channel half
    ("The channel gate uses the mean alone.", _behind(_gate_of(lambda a, m, *w: _sigmoid(a)))),
    ("The channel gate uses the max alone.", _behind(_gate_of(lambda a, m, *w: _sigmoid(m)))),
    (
        "The two channel gates are added after the sigmoid, so that a gate may pass 1.",
        _behind(_gate_of(lambda a, m, *w: _sigmoid(a) + _sigmoid(m))),
    ),
    (
        "The bias b2 is counted once: each of the two passes through the layers adds it.",
        _behind(_gate_of(lambda a, m, w1, b1, w2, b2: _sigmoid(a + m - b2))),
    ),
    (
        "The logits of mean and max are averaged: they are to be added.",
        _behind(_gate_of(lambda a, m, *w: _sigmoid((a + m) / 2))),
    ),
    ("The mean and the max are averaged before the layers: each goes through them by itself.", _behind(_averaged_gate)),
    ("There is no ReLU between the two layers of the channel half.", _behind(_linear_gate)),
    ("The channel gate has no sigmoid.", _behind(_gate_of(lambda a, m, *w: a + m))),
    (
        "A ReLU stands before the sigmoid of the channel gate.",
        _behind(_gate_of(lambda a, m, *w: _sigmoid(_relu(a + m)))),
    ),
    # the spatial half
    (
        "The spatial gate has no sigmoid.",
        _before(lambda x, k: x * oracle.conv2d_same(oracle.channel_pool(x), k)[..., None]),
    ),
    (
        "Mean and max are exchanged in the spatial half: the mean comes first.",
        _before(_by_spatial(lambda x, k: oracle.conv2d_same(_stacked(*_pools(x)[::-1]), k))),
    ),
    (
        "The spatial half takes the mean twice, and no max.",
        _before(_by_spatial(lambda x, k: oracle.conv2d_same(_stacked(_pools(x)[0], _pools(x)[0]), k))),
    ),
    (
        "The kernel of the spatial half is flipped: a network correlates.",
        _before(_by_spatial(lambda x, k: oracle.conv2d_same(oracle.channel_pool(x), k[::-1, ::-1]))),
    ),
    (
        "A ReLU stands after the convolution of the spatial half.",
        _before(_by_spatial(lambda x, k: _relu(oracle.conv2d_same(oracle.channel_pool(x), k)))),
    ),
)

# Functions of the map x and the weights, given in their order or by name.
CBAM_MISTAKES = tuple(
    Mistake(sentence, lambda x, w1, b1, w2, b2, kernel, function=function: function(x, kernel, w1, b1, w2, b2))
    for sentence, function in _BLOCKS
)


def read_slots(slots):
    """A residual block's slots as kernels, norms, attention, projection and stride."""
    norms = [
        tuple(slots[f"{name}{n}"] for name in ("gamma", "beta", "moving_mean", "moving_variance"))
        for n in (1, 2, 3)
        if f"gamma{n}" in slots
    ]
    attention = tuple(slots[name] for name in ("w1", "b1", "w2", "b2", "kernel"))
    strided = slots.get("strided_projection")
    projection = strided if strided is not None else slots.get("projection")
    return (slots["conv1"], slots["conv2"]), norms, attention, projection, 2 if strided is not None else 1


def _parts(x, slots):
    """What a wrong block puts together: shortcut, branch without attention, attention, and the norms for the rest."""
    kernels, norms, attention, projection, stride = read_slots(slots)
    branch = _relu(normalize(convolve(x, kernels[0], stride), *norms[0]))
    branch = normalize(convolve(branch, kernels[1]), *norms[1])
    shortcut = x if projection is None else normalize(convolve(x, projection, stride), *norms[2])
    return shortcut, branch, lambda maps: oracle.cbam_forward(maps, *attention)


def _wrong(put_together):
    return lambda x, **slots: put_together(*_parts(x, slots))


def _rebuilt(first=_relu, before_norm=False, second_strides=False):
    """A block whose branch is put together otherwise."""

    def block(x, **slots):
        kernels, norms, attention, projection, stride = read_slots(slots)
        shortcut = _parts(x, slots)[0]
        strides = (1, stride) if second_strides else (stride, 1)
        branch = convolve(first(normalize(convolve(x, kernels[0], strides[0]), *norms[0])), kernels[1], strides[1])
        if before_norm:
            branch = normalize(oracle.cbam_forward(branch, *attention), *norms[1])
        else:
            branch = oracle.cbam_forward(normalize(branch, *norms[1]), *attention)
        return _relu(shortcut + branch)

    return block


RESIDUAL_MISTAKES = (
    Mistake("The last ReLU is missing.", _wrong(lambda s, f, cbam: s + cbam(f))),
    Mistake("The last ReLU stands before the addition.", _wrong(lambda s, f, cbam: s + _relu(cbam(f)))),
    Mistake(
        "A ReLU stands before CBAM: the branch goes into it as the batch norm leaves it.",
        _wrong(lambda s, f, cbam: _relu(s + cbam(_relu(f)))),
    ),
    Mistake(
        "CBAM stands after the addition, so that it turns down the shortcut too.",
        _wrong(lambda s, f, cbam: _relu(cbam(s + f))),
    ),
    Mistake("CBAM stands after the last ReLU, behind the whole block.", _wrong(lambda s, f, cbam: cbam(_relu(s + f)))),
    Mistake("CBAM stands on the shortcut: it belongs into the branch.", _wrong(lambda s, f, cbam: _relu(cbam(s) + f))),
    Mistake(
        "Three things are added: the branch without attention is one too many.",
        _wrong(lambda s, f, cbam: _relu(s + f + cbam(f))),
    ),
    Mistake("Attention is applied to the shortcut as well.", _wrong(lambda s, f, cbam: _relu(cbam(s) + cbam(f)))),
    Mistake("The shortcut is missing.", _wrong(lambda s, f, cbam: _relu(cbam(f)))),
    Mistake("The shortcut is counted twice.", _wrong(lambda s, f, cbam: _relu(2 * s + cbam(f)))),
    Mistake("There is no ReLU between the two convolutions.", _rebuilt(first=lambda maps: maps)),
    Mistake("CBAM stands before the last batch norm of the branch.", _rebuilt(before_norm=True)),
    Mistake("The stride stands in the second convolution: it belongs into the first.", _rebuilt(second_strides=True)),
)
