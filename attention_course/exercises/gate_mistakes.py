"""Known mistakes of a gate from a two-layer bottleneck, of the block that multiplies a map by it, and of its weights.

The same slips show in `excite`, in `se_forward` and in `se_block`, and again wherever a bottleneck gives a gate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.exercise.exercise import Mistake, weight_mistakes
from autograder.exercise.questions import KerasCall

from .. import oracle


def softmax(values, axis=-1):
    shifted = np.exp(values - values.max(axis=axis, keepdims=True))
    return shifted / shifted.sum(axis=axis, keepdims=True)


def _leaky(slope: float) -> Callable:
    return lambda hidden: np.where(hidden > 0, hidden, slope * hidden)


# What is used instead of a ReLU: all of them let something of the negative numbers through, or not all of the others.
_NEARLY_RELU = (
    *map(_leaky, (0.01, 0.1, 0.2, 0.3)),
    np.abs,
    lambda hidden: np.clip(hidden, 0, 6),
    lambda hidden: np.where(hidden > 0, hidden, np.expm1(np.minimum(hidden, 0))),  # ELU
    lambda hidden: hidden * oracle.sigmoid(hidden),  # SiLU
    lambda hidden: hidden * (1 + np.vectorize(math.erf)(hidden / np.sqrt(2))) / 2,  # GELU
    lambda hidden: hidden * oracle.sigmoid(np.sqrt(8 / np.pi) * (hidden + 0.044715 * hidden**3)),  # GELU by a tanh
    lambda hidden: np.logaddexp(0, hidden),  # softplus
)


def _gate(last: Callable = oracle.sigmoid, between: Callable = oracle.relu) -> Callable:
    """A gate with other functions behind the second layer, or between the two."""
    return lambda z, w1, b1, w2, b2: last(between(z @ w1 + b1) @ w2 + b2)


def _without(*slots: str) -> Callable:
    """A gate with some biases left out."""

    def gate(z, w1, b1, w2, b2):
        return oracle.excite(z, w1, 0 * b1 if "b1" in slots else b1, w2, 0 * b2 if "b2" in slots else b2)

    return gate


_RELU_FIRST = "A ReLU comes before the first layer: its one place is between the two layers."
_ACROSS_IMAGES = "A softmax runs over the images: each gate needs a sigmoid of its own."

# Functions of z and the weights.
GATE_MISTAKES = (
    Mistake("The sigmoid is missing.", _gate(last=lambda logits: logits)),
    Mistake("A softmax makes the channels compete: each gate needs a sigmoid of its own.", _gate(last=softmax)),
    Mistake(_ACROSS_IMAGES, _gate(last=lambda logits: softmax(logits, axis=0))),
    Mistake(_ACROSS_IMAGES, _gate(last=lambda logits: softmax(logits, axis=None))),
    Mistake(
        "The gate is turned round, as by a wrong sign in the exponent: it closes where it is to open.",
        _gate(last=lambda logits: oracle.sigmoid(-logits)),
    ),
    Mistake(
        "Parentheses are missing in the sigmoid: the whole sum of 1 and the exponential divides.",
        # math.exp stops where it overflows: to a tolerance that is relative, everything is close to infinity.
        _gate(last=np.vectorize(lambda logit: 1 + math.exp(-logit))),
    ),
    Mistake("There is no ReLU between the two layers.", _gate(between=lambda hidden: hidden)),
    Mistake(_RELU_FIRST, lambda z, *w: _gate(between=lambda hidden: hidden)(oracle.relu(z), *w)),
    Mistake(_RELU_FIRST, lambda z, *w: oracle.excite(oracle.relu(z), *w)),
    *(
        Mistake("Another function than a plain ReLU is used between the two layers.", _gate(between=function))
        for function in _NEARLY_RELU
    ),
    Mistake(
        "A ReLU comes after the second layer, so that no gate is below one half.",
        _gate(last=lambda logits: oracle.sigmoid(oracle.relu(logits))),
    ),
    Mistake("A ReLU is used instead of the sigmoid: it is not bounded by one.", _gate(last=oracle.relu)),
    Mistake("A tanh is used instead of the sigmoid: a gate lies between 0 and 1.", _gate(last=np.tanh)),
    Mistake("A sigmoid is used instead of the ReLU between the layers.", _gate(between=oracle.sigmoid)),
    Mistake("A tanh is used instead of the ReLU between the layers.", _gate(between=np.tanh)),
    Mistake("The ReLU and the sigmoid are exchanged.", _gate(last=oracle.relu, between=oracle.sigmoid)),
    Mistake("Both biases are left out.", _without("b1", "b2")),
    Mistake("The bias b1 is left out.", _without("b1")),
    Mistake("The bias b2 is left out.", _without("b2")),
    Mistake(
        "The bias b1 is added after the ReLU.",
        lambda z, w1, b1, w2, b2: oracle.sigmoid((oracle.relu(z @ w1) + b1) @ w2 + b2),
    ),
    Mistake(
        "The bias b2 is added after the sigmoid.",
        lambda z, w1, b1, w2, b2: oracle.sigmoid(oracle.relu(z @ w1 + b1) @ w2) + b2,
    ),
    Mistake(
        "A hard sigmoid is used instead of the sigmoid.",
        _gate(last=lambda logits: np.clip(logits / 6 + 0.5, 0, 1)),
    ),
    Mistake(
        "The images share one gate: each image has its own.",
        lambda z, *w: np.broadcast_to(oracle.excite(z.mean(axis=0, keepdims=True), *w), z.shape),
    ),
    Mistake("It multiplies z by the gate: only the gate is asked for.", lambda z, *w: z * oracle.excite(z, *w)),
)


def _scaled(gate_of: Callable, squeeze: Callable = oracle.squeeze) -> Callable:
    """A wrong block from a wrong gate: squeeze, wrong gate, scale."""
    return lambda x, w1, b1, w2, b2: x * gate_of(squeeze(x), w1, b1, w2, b2)[:, None, None, :]


def by_name(function: Callable) -> Callable:
    """A function of a map and four weights in their order, which a KerasCall gives by name."""
    return lambda x, w1, b1, w2, b2: function(x, w1, b1, w2, b2)


def _own_gate(x, w):
    return oracle.excite(oracle.squeeze(x), *w)[:, None, None, :]


# Functions of the map x and the weights, given in their order or by name.
BLOCK_MISTAKES = tuple(
    Mistake(sentence, by_name(function))
    for sentence, function in (
        (
            "It gives the gate itself: multiply the feature map by it.",
            lambda x, *w: np.broadcast_to(_own_gate(x, w), x.shape),
        ),
        ("It gives the gate itself: multiply the feature map by it.", lambda x, *w: _own_gate(x, w)),
        ("It gives the gate itself: multiply the feature map by it.", lambda x, *w: _own_gate(x, w)[:, 0, 0]),
        ("The gate is added: a gate multiplies.", lambda x, *w: x + _own_gate(x, w)),
        (
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
            lambda x, *w: x + x * _own_gate(x, w),
        ),
        ("The squeeze takes the max, not the mean.", _scaled(oracle.excite, oracle.global_max_pool)),
        (
            "There is no squeeze: every position has a gate of its own.",
            lambda x, *w: x * oracle.excite(x.reshape(-1, x.shape[-1]), *w).reshape(x.shape),
        ),
        ("The squeeze adds up and does not divide.", _scaled(oracle.excite, lambda x: x.sum(axis=(1, 2)))),
        (
            "An extra ReLU comes before the block.",
            lambda x, *w: oracle.relu(x) * _own_gate(oracle.relu(x), w),
        ),
        ("A ReLU comes before the squeeze.", lambda x, *w: x * _own_gate(oracle.relu(x), w)),
        ("A ReLU comes after the block.", lambda x, *w: oracle.relu(x * _own_gate(x, w))),
        ("Every image gets the gate of the first image.", lambda x, *w: x * _own_gate(x, w)[0]),
        (
            "The bare x * gate lines up the batch of the gate with the width of x: the gate needs two more axes.",
            lambda x, *w: x * _own_gate(x, w)[:, 0, 0],
        ),
        *((mistake.sentence, _scaled(mistake.function)) for mistake in GATE_MISTAKES),
    )
)


# --- how many weights a bottleneck has ------------------------------------------------------------------------------


def to_eight(width: int) -> int:
    """A width rounded to a multiple of eight, as some libraries do."""
    return max(8, (width + 4) // 8 * 8)


@dataclass(frozen=True)
class Bottleneck:
    """The sizes of a question about a block with two layers, and with other weights beside them, such as a kernel."""

    channels: int
    ratio: int
    others: int

    @classmethod
    def of(cls, question: KerasCall) -> Bottleneck:
        """The sizes of a question that names the ratio."""
        others = question.size - sum(np.size(question.weights[slot]) for slot in ("w1", "b1", "w2", "b2"))
        return cls(question.channels, question.keywords["ratio"], int(others))

    @property
    def width(self) -> int:
        """How many units the first layer has."""
        return self.channels // self.ratio

    @property
    def first(self) -> int:
        """The weights of the first layer."""
        return self.channels * self.width + self.width

    def total(self, width: int | None = None, channels: int | None = None) -> int:
        """The weights of the block; with another width of the bottleneck, or another length of its input."""
        width = self.width if width is None else width
        first = (self.channels if channels is None else channels) * width + width
        return first + width * self.channels + self.channels + self.others


WIDTH_SLIPS = weight_mistakes(
    Bottleneck.of,
    ("The ratio is taken for the width of the bottleneck.", lambda s: s.total(s.ratio)),
    ("The ratio is ignored.", lambda s: {s.total(s.channels // 16), s.total(s.channels // 8)}),
    ("The width is rounded up: it is to be rounded down.", lambda s: s.total(s.width + 1)),
)
BOTTLENECK_SLIPS = (
    *WIDTH_SLIPS,
    *weight_mistakes(
        Bottleneck.of,
        ("Both biases are missing.", lambda s: s.total() - s.width - s.channels),
        ("The bias of the first layer is missing.", lambda s: s.total() - s.width),
        ("The bias of the second layer is missing.", lambda s: s.total() - s.channels),
        ("The bottleneck is made wider by the ratio, not narrower.", lambda s: s.total(s.channels * s.ratio)),
        ("The width is rounded to a multiple of 8.", lambda s: s.total(to_eight(s.width))),
    ),
)
# Where a block is these two layers and nothing else.
TWO_LAYER_SLIPS = weight_mistakes(
    Bottleneck.of,
    ("Do the layers belong to the model, and does the gate come from x?", 0),
    ("The first layer is as wide as the map: there is no bottleneck.", lambda s: s.total(s.channels)),
    ("There is one layer where two are expected.", lambda s: s.channels * s.channels + s.channels),
    ("A batch norm is left in.", lambda s: {s.total() + 4 * s.channels, s.total() + 4 * s.width}),
    ("A norm is left in.", lambda s: s.total() + 2 * s.channels),
)
