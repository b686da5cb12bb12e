"""The kernel of an ECA block, recovered from the descriptors that it saw and the gates that it gave.

Source: Wang et al., ECA-Net, arXiv 1910.03151, section 3.2.2, solved for the kernel.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake
from autograder.exercise.questions import Call

from ... import oracle
from ..inputs import whole_numbers
from .block import random_kernel


def _logits(gates):
    return np.log(gates / (1 - gates))


def _windows(z, size: int, pad: str = "constant", before: int | None = None):
    """What each gate hears, (B, C, k): one row of the system each."""
    before = size // 2 if before is None else before
    padded = np.pad(z, ((0, 0), (before, size - 1 - before)), mode=pad)
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=1)


def _fitted(targets: Callable = _logits, windows: Callable = _windows) -> Callable:
    """A kernel from another left or right side of the equations."""

    def kernel(z, gates, kernel_size):
        system = windows(z, kernel_size).reshape(-1, kernel_size)
        return np.linalg.lstsq(system, targets(gates).ravel(), rcond=None)[0]

    return kernel


def _from_some(choose: Callable) -> Callable:
    """A kernel from some of the equations, or from mixtures of them: `choose` gets (B, C, k) and (B, C)."""

    def kernel(z, gates, kernel_size):
        system, logits = choose(_windows(z, kernel_size), _logits(gates))
        return np.linalg.lstsq(system.reshape(-1, kernel_size), np.ravel(logits), rcond=None)[0]

    return kernel


def _first_equations(z, gates, kernel_size):
    system, logits = _windows(z, kernel_size).reshape(-1, kernel_size), _logits(gates).ravel()
    return np.linalg.solve(system[:kernel_size], logits[:kernel_size])


def _inner(z, gates, kernel_size):
    """The kernel from the gates whose whole neighbourhood exists."""
    reach = kernel_size // 2
    system, logits = _windows(z, kernel_size), _logits(gates)
    inner = slice(reach, z.shape[1] - reach)
    if z.shape[1] < kernel_size:
        raise ValueError("no gate has a whole neighbourhood")
    return np.linalg.lstsq(system[:, inner].reshape(-1, kernel_size), logits[:, inner].ravel(), rcond=None)[0]


def _with_bias(z, gates, kernel_size):
    system = _windows(z, kernel_size).reshape(-1, kernel_size)
    system = np.column_stack([system, np.ones(len(system))])
    return np.linalg.lstsq(system, _logits(gates).ravel(), rcond=None)[0][:-1]


_SHIFTED = "The kernel is not centred: a gate hears as many channels before its own as after it."
_MISTAKES = (
    Mistake("The gates are taken for the logits: undo the sigmoid first.", _fitted(targets=lambda g: g)),
    Mistake("The logarithm is missing: the logit is that of the ratio.", _fitted(lambda g: g / (1 - g))),
    Mistake("The logarithm of the gate is not its logit: 1 minus the gate belongs to it.", _fitted(targets=np.log)),
    Mistake("The sign is lost: the logit of a gate above one half is positive.", _fitted(lambda g: -_logits(g))),
    Mistake(
        "The logarithm to base two is used instead of the natural one.",
        _fitted(lambda g: np.log2(g / (1 - g))),
    ),
    Mistake("The kernel comes out backwards.", lambda z, g, k: oracle.kernel_from_gates(z, g, k)[::-1]),
    Mistake(
        "The ends are joined to a ring: beyond the first and the last channel there are zeros.",
        _fitted(windows=lambda z, k: _windows(z, k, "wrap")),
    ),
    Mistake(
        "The outer channels are repeated beyond the ends: there are zeros.",
        _fitted(windows=lambda z, k: _windows(z, k, "edge")),
    ),
    Mistake(_SHIFTED, _fitted(windows=lambda z, k: _windows(z, k, before=0))),
    Mistake(_SHIFTED, _fitted(windows=lambda z, k: _windows(z, k, before=k - 1))),
    Mistake("Only the first image is used.", _from_some(lambda system, a: (system[:1], a[:1]))),
    Mistake(
        "Only as many gates are used as the kernel has weights: rounded gates need all of them.",
        _first_equations,
    ),
    Mistake(
        "The images are averaged before the kernel is sought: each image has equations of its own.",
        _from_some(lambda system, a: (system.mean(axis=0), a.mean(axis=0))),
    ),
    Mistake("The gates at both ends are left out: they say something too.", _inner),
    Mistake("A bias is fitted along: ECA has none.", _with_bias),
)


def _block(rng, images: int, channels: int, size: int, rounded: bool = False) -> Call:
    """Descriptors and gates of an ECA block, no gate near 0 or 1, and the kernel well determined by any part of them.

    `rounded`: the gates are rounded to one digit, no kernel gives them exactly, and every known mistake shows.
    """
    while True:
        z, kernel = rng.normal(size=(images, channels)) + 0.5 * rounded, random_kernel(rng, size) / 2
        logits = z @ oracle.band_matrix(kernel, channels).T
        system = _windows(z, size).reshape(-1, size)
        fits = np.linalg.cond(system) < 12 and np.linalg.cond(system[:size]) < 300
        if not fits or np.abs(logits).max() > 2.4:
            continue
        gates = oracle.sigmoid(logits)
        call = Call((z, np.round(gates, 1) if rounded else gates, size))
        right = oracle.kernel_from_gates(*call.arguments)
        if not rounded or all(np.abs(m.function(*call.arguments) - right).max() > 0.02 for m in _MISTAKES):
            return call


def _paper(rng) -> Call:
    """One image of three channels, in whole numbers; the kernel in halves."""
    while True:
        z, kernel = whole_numbers(rng, 1, 3, largest=4), whole_numbers(rng, 3, largest=3) / 2
        logits = z @ oracle.band_matrix(kernel, 3).T
        if abs(np.linalg.det(_windows(z, 3)[0])) > 1 and np.abs(logits).max() < 5 and kernel[0] != kernel[2]:
            return Call((z, oracle.sigmoid(logits), 3))


def _questions(rng):
    random = _block(rng, 4, 7, 3)
    return {
        "hand": Call((np.array([[1.0, 2.0, -1.0]]), np.array([[0.8, 0.1, 0.75]]), 3)),
        "paper": _paper(rng),
        "random": random,
        "again": random,
        "five": _block(rng, 3, 9, 5),
        "one image": _block(rng, 1, 11, 3),
        "one": _block(rng, 3, 6, 1),
        "wide": _block(rng, 4, 3, 5),
        "rounded": _block(rng, 3, 7, 3, rounded=True),
        "rounded, five": _block(rng, 3, 8, 5, rounded=True),
    }


KERNEL_FROM_GATES = Exercise(
    id="kernel_from_gates",
    oracle=oracle.kernel_from_gates,
    questions=_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "five"), 0.5, "gives one weight per tap: (k,)"),
        agrees(("hand", "paper"), 1.0, "three gates, three weights, small enough for paper", name="hand case"),
        agrees(("random", "five", "one image"), 2.0, "gates of a block whose kernel is known", name="random cases"),
        agrees(("one", "wide"), 0.75, "a kernel of one weight, and one wider than the map", name="sizes at the edge"),
        agrees(
            ("rounded", "rounded, five"),
            1.25,
            "gates rounded to one digit: the kernel that fits all of them best",
            name="rounded gates",
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=_MISTAKES,
)
