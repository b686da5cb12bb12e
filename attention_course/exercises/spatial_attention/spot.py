"""A kernel made by hand, judged by what the spatial gate does with it: many kernels are right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.arrays import array_of, compare_shape, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake, Property, Round, Wrong, close, each, for_each_question
from autograder.exercise.questions import Call

from ... import oracle
from ...oracle.design import spot_kernel
from ..inputs import one_of


def _spot_questions(rng):
    def asked(*sizes):
        spot, single, plain = rng.uniform(0.75, 0.97), rng.uniform(0.55, 0.72), rng.uniform(0.04, 0.4)
        gates = (round(float(gate), 4) for gate in (spot, single, plain))
        return Call((one_of(rng, *sizes), one_of(rng, *range(3, 17)), *gates))

    first = asked(7)
    return {"seven": first, "again": first, "three": asked(3), "other": asked(5, 9, 11)}


def _scenes(size: int, channels: int) -> np.ndarray:
    """Three maps (3, H, W, C): one bright position, one where a single channel is bright, and a plain bright area."""
    side = 2 * size + 1
    maps = np.zeros((3, side, side, channels))
    maps[0, size, size] = maps[1, size, size, channels // 2] = maps[2] = 1
    return maps


def _three_logits(kernel: np.ndarray, channels: int) -> np.ndarray:
    """The logits of the three maps in their middle: (3,)."""
    size = len(kernel)
    return oracle.conv2d_same(oracle.channel_pool(_scenes(size, channels)), kernel)[:, size, size]


def _kernel_of(round: Round, key: str) -> np.ndarray:
    kernel = array_of(round, key)
    compare_shape(round, key, kernel)
    if not np.all(np.isfinite(kernel)):
        raise Wrong("The kernel holds nan or infinity.")
    return kernel


def _look(round: Round, key: str, scene: int, otherwise: str) -> np.ndarray:
    """The kernel, if the gate is right in the middle of a scene; Wrong with the mistake that gives all three logits."""
    kernel, channels = _kernel_of(round, key), round.question(key).arguments[1]
    wanted, got = (oracle.sigmoid(_three_logits(one, channels)) for one in (round.expected(key), kernel))
    if not close(got[scene : scene + 1], wanted[scene : scene + 1]):

        def same(kernel: np.ndarray, wrong: np.ndarray) -> bool:
            # Not their gates: of two that are shut, one is as good as the other.
            return kernel.shape == wrong.shape and close(
                _three_logits(kernel, channels), _three_logits(wrong, channels)
            )

        raise Wrong(round.diagnose(key, kernel, same=same) or otherwise)
    return kernel


_opens = for_each_question()(_look)


def _turns(keys: tuple[str, ...], points: float, statement: str) -> Property:
    """The gates turn with the map, and the kernel does what it should at the lone spot."""

    def check(round: Round) -> None:
        for key in each(keys):
            kernel = _look(round, key, 0, _NOT_SPOT)
            change = np.rot90(kernel) - kernel
            if not close(change, np.zeros_like(change)):  # measured by itself: large taps may cancel each other
                raise Wrong(
                    "It does not look in all directions alike: turn the map by a quarter turn, and the gates differ."
                )

    return Property("directions", points, statement, check)


def _spot(
    middle: Callable = lambda spot, single, channels: np.linalg.solve([[1, 1], [1 / channels, 1]], [spot, single]),
    around: Callable = lambda spot, plain, size: (plain - spot) / (size**2 - 1),
    logit: Callable = lambda gate: np.log(gate / (1 - gate)),
) -> Callable:
    """A kernel made otherwise: two middle taps, the taps around them on the mean, what turns gates into logits."""

    def make(size, channels, spot, single, plain):
        spot, single, plain = map(logit, (spot, single, plain))
        kernel = np.zeros((size, size, 2))
        kernel[..., 0] = around(spot, plain, size)
        kernel[size // 2, size // 2] = middle(spot, single, channels)
        return kernel

    return make


_NOT_SPOT = "At a lone spot, where all channels are 1, the gate is not the one asked for."
_EVERYWHERE = ("seven", "three", "other")

SPOT_KERNEL = Exercise(
    id="spot_kernel",
    oracle=spot_kernel,
    questions=_spot_questions,
    properties=(
        returns_array("seven", 0.25),
        has_shape(("seven", "three"), 0.5, "gives a kernel of the size asked for: (k, k, 2)"),
        _opens(
            _EVERYWHERE,
            1.25,
            "opens as asked at a lone spot in all channels",
            name="spot",
            scene=0,
            otherwise=_NOT_SPOT,
        ),
        _opens(
            _EVERYWHERE,
            1.5,
            "opens as asked where a single channel is bright",
            name="single channel",
            scene=1,
            otherwise="Where a single channel is 1 the gate is not the one asked for.",
        ),
        _opens(
            _EVERYWHERE,
            1.5,
            "is as shut as asked inside a plain bright area",
            name="plain area",
            scene=2,
            otherwise="Inside a plain bright area the gate is not the one asked for.",
        ),
        _turns(_EVERYWHERE, 0.75, "looks in all directions alike"),
        leaves_arguments_alone(("seven", "again"), 0.25),
    ),
    mistakes=(
        Mistake(
            "The gates themselves are used as logits: the sigmoid comes after the kernel, so undo it first.",
            _spot(logit=lambda gate: gate),
        ),
        Mistake(
            "The logarithm of the gate is used as its logit: the sigmoid has another inverse.", _spot(logit=np.log)
        ),
        Mistake(
            "The taps around the middle are made as if they were alone: in a plain area the middle taps count too.",
            _spot(around=lambda spot, plain, size: plain / (size**2 - 1)),
        ),
        Mistake(
            "Each tap around the middle carries the whole sum: it has to be shared out among them.",
            _spot(around=lambda spot, plain, size: plain - spot),
        ),
        Mistake(
            "The sum is shared out among all taps: the middle is not one of those around it.",
            _spot(around=lambda spot, plain, size: (plain - spot) / size**2),
        ),
        Mistake(
            "Where a single channel is 1 the mean is taken to be 0: it is 1 / C.",
            _spot(middle=lambda spot, single, channels: (spot - single, single)),
        ),
        Mistake(
            "The slices are exchanged: the mean comes first, then the max.",
            lambda *asked: spot_kernel(*asked)[..., ::-1],
        ),
        Mistake(
            "The max has no tap: with the mean alone a single channel counts a C-th of all channels.",
            _spot(middle=lambda spot, single, channels: (spot, 0)),
        ),
        Mistake(
            "The mean has no tap in the middle: the max alone cannot tell a single channel from all of them.",
            _spot(middle=lambda spot, single, channels: (0, spot)),
        ),
        Mistake(
            "The two slices have equal taps around the middle, each with the whole sum: together they count twice.",
            lambda size, channels, *gates: _both_slices(spot_kernel(size, channels, *gates)),
        ),
    ),
)


def _both_slices(kernel: np.ndarray) -> np.ndarray:
    """The taps around the middle of slice 0 are in slice 1 as well."""
    double, middle = np.repeat(kernel[..., :1], 2, axis=-1), len(kernel) // 2
    double[middle, middle] = kernel[middle, middle]
    return double
