"""Known mistakes of ECA: of its gate and block, and of its kernel size."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from autograder.exercise.base import Mistake

from .. import oracle
from .gate_mistakes import softmax

FLIPPED = "The kernel is flipped: entry (i, j) is the weight from channel j to channel i, so a row reads forwards."
WRAPPED = "The ends are joined to a ring: beyond the first and the last channel there are zeros."
SHIFTED = "The middle of the kernel does not stand on the diagonal."


def wrapped(kernel, channels):
    """A band whose ends are joined to a ring."""
    matrix, middle = np.zeros((channels, channels)), len(kernel) // 2
    for to in range(channels):
        for tap, weight in enumerate(kernel):
            matrix[to, (to + tap - middle) % channels] += weight
    return matrix


def _repeated_ends(kernel, channels):
    """A band that repeats the outer channels beyond the ends."""
    matrix, middle = np.zeros((channels, channels)), len(kernel) // 2
    for to in range(channels):
        for tap, weight in enumerate(kernel):
            matrix[to, min(max(to + tap - middle, 0), channels - 1)] += weight
    return matrix


def starts_on_diagonal(kernel, channels):
    """The first tap on the diagonal, the others to its right."""
    return oracle.band_matrix(np.concatenate([np.zeros(len(kernel) - 1), kernel]), channels)


def ends_on_diagonal(kernel, channels):
    """The last tap on the diagonal, the others to its left."""
    return oracle.band_matrix(np.concatenate([kernel, np.zeros(len(kernel) - 1)]), channels)


def _mirrored(kernel, channels):
    """Distance in place of direction: the right half of the kernel on both sides."""
    middle = len(kernel) // 2
    return oracle.band_matrix(np.concatenate([kernel[:middle:-1], kernel[middle:]]), channels)


def _half_wrapped(kernel, channels):
    """A band whose lower end reaches round to the last channels, as a negative index does."""
    return np.triu(wrapped(kernel, channels), len(kernel) // 2 + 1) + oracle.band_matrix(kernel, channels)


BAND_MISTAKES = (
    Mistake(FLIPPED, lambda kernel, channels: oracle.band_matrix(kernel[::-1], channels)),
    Mistake(WRAPPED, wrapped),
    Mistake("A negative index counts from the far end: in the first rows it fills the wrong corner.", _half_wrapped),
    Mistake("The outer channels are repeated beyond the ends: there are zeros.", _repeated_ends),
    Mistake(SHIFTED, starts_on_diagonal),
    Mistake(SHIFTED, ends_on_diagonal),
    Mistake("Left and right are treated alike: the sign of j - i matters, not its size alone.", _mirrored),
    Mistake(
        "Only the diagonal is filled.",
        lambda kernel, channels: np.eye(channels) * kernel[len(kernel) // 2],
    ),
    Mistake(
        "The rows at both ends are missing: the matrix is square, one row a channel.",
        lambda kernel, channels: oracle.band_matrix(kernel, channels)[len(kernel) // 2 : -(len(kernel) // 2)],
    ),
    Mistake(
        "Every row is the same: the band moves one channel to the right from row to row.",
        lambda kernel, channels: np.tile(oracle.band_matrix(kernel, channels)[0], (channels, 1)),
    ),
    Mistake(
        "The whole kernel stands at the left end of every row: the band moves with the row.",
        lambda kernel, channels: np.tile(np.pad(kernel, (0, channels - len(kernel))), (channels, 1)),
    ),
    Mistake(
        "The weights of the kernel are lost: the band holds ones.",
        lambda kernel, channels: oracle.band_matrix(np.ones(len(kernel)), channels),
    ),
)


# --- the gate and the block, as functions of the map x, the kernel and, where a block has one, a bias ---------------


def eca_with_bias(x, kernel, bias=0.0):
    """ECA with a bias before the sigmoid, which the real block does not have."""
    z = oracle.squeeze(x)
    return x * oracle.sigmoid(z @ oracle.band_matrix(kernel, z.shape[1]).T + np.sum(bias))[:, None, None, :]


def _logits(z, kernel, bias, band=oracle.band_matrix):
    return z @ band(kernel, z.shape[1]).T + np.sum(bias)


def _gate(x, kernel, bias):
    return oracle.sigmoid(_logits(oracle.squeeze(x), kernel, bias))


def _block(last: Callable = oracle.sigmoid, squeeze: Callable = oracle.squeeze, band: Callable = oracle.band_matrix):
    """A block with another squeeze, another matrix or another last function."""
    return lambda x, kernel, bias=0.0: x * last(_logits(squeeze(x), kernel, bias, band))[:, None, None, :]


def _centre(kernel, channels):
    return np.eye(channels) * kernel[len(kernel) // 2]


_ALONE = "It gives the gate itself: multiply the feature map by it."

BLOCK_MISTAKES = (
    Mistake(
        "The kernel is flipped: a convolution of this course does not turn its kernel round.",
        _block(band=lambda kernel, channels: oracle.band_matrix(kernel[::-1], channels)),
    ),
    Mistake("The sigmoid is missing.", _block(last=lambda logits: logits)),
    Mistake("A softmax makes the channels compete: each gate needs a sigmoid of its own.", _block(last=softmax)),
    Mistake(
        "A ReLU stands before the sigmoid, so that no gate is below one half.",
        _block(last=lambda logits: oracle.sigmoid(oracle.relu(logits))),
    ),
    Mistake("A ReLU stands in place of the sigmoid: it is not bounded by one.", _block(last=oracle.relu)),
    Mistake("A tanh stands in place of the sigmoid: a gate lies between 0 and 1.", _block(last=np.tanh)),
    Mistake(
        "A hard sigmoid stands in place of the sigmoid.",
        _block(last=lambda logits: np.clip(logits / 6 + 0.5, 0, 1)),
    ),
    Mistake(WRAPPED, _block(band=wrapped)),
    Mistake("The outer channels are repeated beyond the ends: there are zeros.", _block(band=_repeated_ends)),
    Mistake(SHIFTED, _block(band=starts_on_diagonal)),
    Mistake(SHIFTED, _block(band=ends_on_diagonal)),
    Mistake("The kernel is not used: the gate comes from each mean alone.", _block(band=lambda k, c: np.eye(c))),
    Mistake("Only the middle of the kernel is used.", _block(band=_centre)),
    Mistake("The squeeze takes the max, not the mean.", _block(squeeze=oracle.global_max_pool)),
    Mistake("The squeeze adds up and does not divide.", _block(squeeze=lambda x: x.sum(axis=(1, 2)))),
    Mistake("A ReLU stands before the squeeze.", _block(squeeze=lambda x: oracle.squeeze(oracle.relu(x)))),
    Mistake("A ReLU stands after the squeeze.", _block(squeeze=lambda x: oracle.relu(oracle.squeeze(x)))),
    Mistake(
        "An extra ReLU stands before the block.",
        lambda x, kernel, bias=0.0: eca_with_bias(oracle.relu(x), kernel, bias),
    ),
    Mistake("A ReLU stands after the block.", lambda x, kernel, bias=0.0: oracle.relu(eca_with_bias(x, kernel, bias))),
    Mistake(
        "The images share one gate: each image has its own.",
        _block(squeeze=lambda x: np.tile(oracle.squeeze(x).mean(axis=0), (len(x), 1))),
    ),
    Mistake(
        "Every image gets the gate of the first image.",
        _block(squeeze=lambda x: np.tile(oracle.squeeze(x)[0], (len(x), 1))),
    ),
    Mistake(_ALONE, lambda x, kernel, bias=0.0: np.broadcast_to(_gate(x, kernel, bias)[:, None, None, :], x.shape)),
    Mistake(_ALONE, lambda x, kernel, bias=0.0: _gate(x, kernel, bias)[:, None, None, :]),
    Mistake(_ALONE, lambda x, kernel, bias=0.0: _gate(x, kernel, bias)),
    Mistake(
        "The gate is added: a gate multiplies.",
        lambda x, kernel, bias=0.0: x + _gate(x, kernel, bias)[:, None, None, :],
    ),
    Mistake(
        "The input is added to the gated map: the residual belongs to the network, not to the block.",
        lambda x, kernel, bias=0.0: x + eca_with_bias(x, kernel, bias),
    ),
    Mistake(
        "The bare x * gate lines up the batch of the gate with the width of x: the gate needs two more axes.",
        lambda x, kernel, bias=0.0: x * _gate(x, kernel, bias),
    ),
    Mistake(
        "The kernel slides over the images of the batch: it belongs along the channels of each image.",
        lambda x, kernel, bias=0.0: x * oracle.sigmoid(_logits(oracle.squeeze(x).T, kernel, bias).T)[:, None, None, :],
    ),
)


# --- the kernel size ------------------------------------------------------------------------------------------------


def _reach(channels, gamma=2, b=1, log=math.log2):
    return abs(log(channels) / gamma + b / gamma)


def _up(number):
    """The number if it is odd, else the next one."""
    return number if number % 2 else number + 1


def ties_down(channels, gamma=2, b=1):
    """The nearest odd number, a tie going down."""
    t = _reach(channels, gamma, b)
    return max(1, int(t) - 1) if t == int(t) and int(t) % 2 == 0 else _up(int(t))


def without_abs(channels, gamma=2, b=1):
    """The floor of a number that may be negative, made odd."""
    return _up(int((math.log2(channels) + b) / gamma))


def _down(number):
    return number if number % 2 else number - 1


SIZE_MISTAKES = (
    Mistake("Ties go down here: where two odd numbers are equally near, the greater one is meant.", ties_down),
    Mistake(
        "The number is rounded before it is made odd: that is not the nearest odd number.",
        lambda c, gamma=2, b=1: _up(round(_reach(c, gamma, b))),
    ),
    Mistake(
        "The number is rounded up before it is made odd: that is not the nearest odd number.",
        lambda c, gamma=2, b=1: _up(math.ceil(_reach(c, gamma, b))),
    ),
    Mistake(
        "An even number goes down to the odd one below: the nearest odd number may lie above.",
        lambda c, gamma=2, b=1: _down(int(_reach(c, gamma, b))),
    ),
    Mistake(
        "Halves are rounded to the even number, as round does it in Python: a tie goes up here.",
        lambda c, gamma=2, b=1: 2 * round((_reach(c, gamma, b) - 1) / 2) + 1,
    ),
    Mistake("The size is not made odd.", lambda c, gamma=2, b=1: int(_reach(c, gamma, b))),
    Mistake("The size is not made odd.", lambda c, gamma=2, b=1: round(_reach(c, gamma, b))),
    Mistake("The number is not made a whole and odd one.", lambda c, gamma=2, b=1: _reach(c, gamma, b)),
    Mistake(
        "The size is kept at 3 or above, as some libraries do: the formula goes down to 1.",
        lambda c, gamma=2, b=1: max(3, oracle.eca_kernel_size(c, gamma, b)),
    ),
    Mistake("The size is always 3: it follows the channels.", lambda c, gamma=2, b=1: 3),
    Mistake(
        "The natural logarithm stands in place of that to base two.",
        lambda c, gamma=2, b=1: _up(int(_reach(c, gamma, b, math.log))),
    ),
    Mistake(
        "The logarithm to base ten stands in place of that to base two.",
        lambda c, gamma=2, b=1: _up(int(_reach(c, gamma, b, math.log10))),
    ),
    Mistake("gamma and b are exchanged.", lambda c, gamma=2, b=1: oracle.eca_kernel_size(c, b, gamma)),
    Mistake("gamma and b are ignored.", lambda c, gamma=2, b=1: oracle.eca_kernel_size(c)),
    Mistake("gamma is ignored.", lambda c, gamma=2, b=1: oracle.eca_kernel_size(c, 2, b)),
    Mistake("b is ignored.", lambda c, gamma=2, b=1: oracle.eca_kernel_size(c, gamma, 1)),
    Mistake(
        "b has the wrong sign: solve the equation between channels and kernel size once more.",
        lambda c, gamma=2, b=1: oracle.eca_kernel_size(c, gamma, -b),
    ),
    Mistake(
        "b is added without being divided by gamma.",
        lambda c, gamma=2, b=1: _up(int(abs(math.log2(c) / gamma + b))),
    ),
    Mistake("b is left out.", lambda c, gamma=2, b=1: oracle.eca_kernel_size(c, gamma, 0)),
    Mistake(
        "It takes a quarter of the channels: the size follows the channels that the gate multiplies.",
        lambda c, gamma=2, b=1: oracle.eca_kernel_size(c // 4, gamma, b),
    ),
    Mistake("The absolute value is missing: with a negative b it matters.", without_abs),
    Mistake(
        "An odd number is made even: it is the even ones that go up.",
        lambda c, gamma=2, b=1: int(_reach(c, gamma, b)) + int(_reach(c, gamma, b)) % 2,
    ),
)

FIRST_MISTAKES = (
    Mistake(
        "It gives the count at which the formula reaches k itself: smaller counts are rounded up to k already.",
        lambda k, gamma=2, b=1: 2 ** (gamma * k - b),
    ),
    Mistake(
        "It gives the count at which the formula reaches k itself: smaller counts are rounded up to k already.",
        lambda k, gamma=2, b=1: 2 ** (gamma * _up(k) - b),
    ),
    Mistake(
        "b has the wrong sign: take the equation between channels and kernel size once more.",
        lambda k, gamma=2, b=1: math.ceil(2 ** (gamma * (_up(k) - 1) + b)),
    ),
    Mistake("b is left out.", lambda k, gamma=2, b=1: math.ceil(2 ** (gamma * (_up(k) - 1)))),
    Mistake(
        "The tie is left out: at the border the greater size is taken already.",
        lambda k, gamma=2, b=1: 1 if k == 1 else oracle.first_channels_for(k, gamma, b) + 1,
    ),
    Mistake(
        "The tie is left out: at the border the greater size is taken already.",
        lambda k, gamma=2, b=1: oracle.first_channels_for(k, gamma, b) + 1,
    ),
    Mistake(
        "There is no network with less than one channel: where the border lies below one, one channel is enough.",
        lambda k, gamma=2, b=1: int(2 ** (gamma * (_up(k) - 1) - b)),
    ),
    Mistake(
        "There is no network with less than one channel: where the border lies below one, one channel is enough.",
        lambda k, gamma=2, b=1: 2 ** (gamma * (_up(k) - 1) - b),
    ),
    Mistake(
        "An even k is treated as if sizes could be even: at least 4 means 5.",
        lambda k, gamma=2, b=1: max(1, math.ceil(2 ** (gamma * (k - 1) - b))),
    ),
    Mistake(
        "It stops at the first size above k: at least k includes k itself.",
        lambda k, gamma=2, b=1: oracle.first_channels_for(k + 1, gamma, b),
    ),
    Mistake(
        "It gives the last count of the range, not the first.",
        lambda k, gamma=2, b=1: oracle.first_channels_for(_up(k) + 1, gamma, b) - 1,
    ),
    Mistake(
        "It gives the last count whose size is too small: one more is needed.",
        lambda k, gamma=2, b=1: oracle.first_channels_for(k, gamma, b) - 1,
    ),
    Mistake(
        "It gives the size of a count, not the count of a size.",
        lambda k, gamma=2, b=1: oracle.eca_kernel_size(k, gamma, b),
    ),
    Mistake("gamma and b are exchanged.", lambda k, gamma=2, b=1: oracle.first_channels_for(k, b, gamma)),
    Mistake("gamma and b are ignored.", lambda k, gamma=2, b=1: oracle.first_channels_for(k)),
    Mistake("gamma is ignored.", lambda k, gamma=2, b=1: oracle.first_channels_for(k, 2, b)),
    Mistake("b is ignored.", lambda k, gamma=2, b=1: oracle.first_channels_for(k, gamma, 1)),
)


# --- the weights of a network -------------------------------------------------------------------------------------


def _total(size: Callable) -> Callable:
    """The sum over stages with another kernel size."""
    return lambda widths, depths: sum(d * size(w) for w, d in zip(widths, depths, strict=True))


_BY_HAND = {256: 3, 512: 5, 1024: 5, 2048: 7}
_PUBLISHED = "That is the published number, or that of ties which go down: follow the formula, where a tie goes up."

COUNT_MISTAKES = (
    Mistake(_PUBLISHED, _total(lambda c: _BY_HAND[c] if c in _BY_HAND else oracle.eca_kernel_size(c))),
    Mistake(_PUBLISHED, _total(ties_down)),
    Mistake("Every kernel has size 3 here: the size follows the width of the stage.", _total(lambda c: 3)),
    Mistake(
        "The size is kept at 3 or above, as some libraries do: the formula goes down to 1.",
        _total(lambda c: max(3, oracle.eca_kernel_size(c))),
    ),
    Mistake(
        "It takes the inner width of a block, a quarter of the width at its output.",
        _total(lambda c: oracle.eca_kernel_size(max(1, c // 4))),
    ),
    Mistake(
        "There is a kernel for every channel: one kernel serves all channels of a block.",
        _total(lambda c: c * oracle.eca_kernel_size(c)),
    ),
    Mistake("Each block has a bias here: ECA has none.", _total(lambda c: oracle.eca_kernel_size(c) + 1)),
    Mistake("The size is not made odd.", _total(lambda c: int(_reach(c)))),
    Mistake(
        "Each stage is counted once: a stage has as many blocks as its depth says.",
        lambda w, d: _total(oracle.eca_kernel_size)(w, [1] * len(w)),
    ),
    Mistake(
        "Only the first stage is counted: does the return line stand inside the loop?",
        lambda w, d: _total(oracle.eca_kernel_size)(w[:1], d[:1]),
    ),
    Mistake(
        "Only the last stage is counted: add the stages up.",
        lambda w, d: _total(oracle.eca_kernel_size)(w[-1:], d[-1:]),
    ),
    Mistake(
        "The last stage is not counted: does the loop end too early?",
        lambda w, d: _total(oracle.eca_kernel_size)(w[:-1], d[:-1]),
    ),
    Mistake("Widths and depths are exchanged.", lambda w, d: _total(oracle.eca_kernel_size)(d, w)),
    Mistake(
        "Every width is combined with every depth: a stage has one of each.",
        lambda w, d: sum(d) * sum(oracle.eca_kernel_size(c) for c in w),
    ),
    Mistake(
        "The widths are added up before the kernel size: each stage has a size of its own.",
        lambda w, d: sum(d) * oracle.eca_kernel_size(sum(w)),
    ),
    Mistake("These are the weights of SE blocks.", lambda w, d: oracle.resnet_overhead(w, d)),
)
