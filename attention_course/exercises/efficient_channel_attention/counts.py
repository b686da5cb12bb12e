"""The kernel size from the channels, and the channels from the kernel size.

Source: Wang et al., ECA-Net, arXiv 1910.03151, section 3.2.3.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.exercise.counts import counts_by_pattern, returns_int
from autograder.exercise.exercise import Exercise, Mistake
from autograder.exercise.questions import Call

from ... import oracle
from ..inputs import one_of

# --- the kernel size ------------------------------------------------------------------------------------------------


def _reach(channels, gamma=2, b=1, log=math.log2):
    return abs(log(channels) / gamma + b / gamma)


def _up(number):
    """The number if it is odd, else the next one."""
    return number if number % 2 else number + 1


def _ties_down(channels, gamma=2, b=1):
    """The nearest odd number, a tie going down."""
    t = _reach(channels, gamma, b)
    return max(1, int(t) - 1) if t == int(t) and int(t) % 2 == 0 else _up(int(t))


def _without_abs(channels, gamma=2, b=1):
    """The floor of a number that may be negative, made odd."""
    return _up(int((math.log2(channels) + b) / gamma))


def _down(number):
    return number if number % 2 else number - 1


_SIZE_MISTAKES = (
    Mistake("Ties go down here: where two odd numbers are equally near, the greater one is meant.", _ties_down),
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
        "The natural logarithm is used instead of that to base two.",
        lambda c, gamma=2, b=1: _up(int(_reach(c, gamma, b, math.log))),
    ),
    Mistake(
        "The logarithm to base ten is used instead of that to base two.",
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
    Mistake(
        "Only b is divided by gamma: the logarithm is to be divided too.",
        lambda c, gamma=2, b=1: _up(int(abs(math.log2(c) + b / gamma))),
    ),
    Mistake(
        "The logarithm is made a whole number too early: where b is negative it matters.",
        lambda c, gamma=2, b=1: _up(abs(int(math.log2(c)) + b) // gamma),
    ),
    Mistake("b is left out.", lambda c, gamma=2, b=1: oracle.eca_kernel_size(c, gamma, 0)),
    Mistake(
        "It takes a quarter of the channels: the size follows the channels that the gate multiplies.",
        lambda c, gamma=2, b=1: oracle.eca_kernel_size(c // 4, gamma, b),
    ),
    Mistake("The absolute value is missing: with a negative b it matters.", _without_abs),
    Mistake(
        "An odd number is made even: it is the even ones that go up.",
        lambda c, gamma=2, b=1: int(_reach(c, gamma, b)) + int(_reach(c, gamma, b)) % 2,
    ),
)

# The size is a staircase with few steps: whoever has seen some sizes knows most others, but not those beside a border.
_DRAWN_WIDTHS = tuple(f"beside a border {number}" for number in range(14))
_DRAWN_TIES = tuple(f"tie, gamma and b {number}" for number in range(8))
_DRAWN_SETTINGS = tuple(f"gamma and b {number}" for number in range(8))


def _size_questions(rng):
    def beside_a_border(below: bool) -> Call:
        """Far enough from it for arithmetic in float64, and far above the widths at which 3 is the smallest size."""
        border, distance = 2 ** (4 * int(rng.integers(4, 15)) - 1), 10 ** rng.uniform(-4, -1.3)
        return Call((round(border * (1 - distance if below else 1 + distance)),))

    def tie() -> Call:
        """Where t is an even number. gamma is a power of two, so that every order of the steps finds it exactly."""
        gamma, half, b = one_of(rng, 1, 2, 4), one_of(rng, *range(1, 9)), one_of(rng, *range(-9, 13))
        exponent = 2 * half * gamma - b
        return Call((2**exponent,), {"gamma": gamma, "b": b}) if 3 <= exponent < 60 else tie()

    def with_settings() -> Call:
        """At a distance from the borders; the size is at least 3."""
        gamma, b = one_of(rng, 1, 3, 4, 5), one_of(rng, -5, -4, -3, 2, 3, 4, 5, 6)
        channels = round(2 ** rng.uniform(4, 58))
        t = abs(np.log2(channels) + b) / gamma
        return Call((channels,), {"gamma": gamma, "b": b}) if t > 2.1 and 0.05 < t % 1 < 0.95 else with_settings()

    return {
        "plain": Call((1000,)),
        "64": Call((64,)),
        "256": Call((256,)),
        "512": Call((512,)),
        "between": Call((int(rng.integers(130, 1900)),)),
        "large": Call((int(rng.integers(34_000, 60_000)),)),
        "tie, 8": Call((8,)),
        "tie, 128": Call((128,)),
        "tie, 2048": Call((2048,)),
        "tie, 32768": Call((32768,)),
        # Up to seven channels the size is 1, whatever is drawn.
        "1": Call((1,)),
        "2": Call((2,)),
        "4": Call((4,)),
        "few": Call((int(rng.choice([3, 5, 6, 7])),)),
        # No power of two: in thirds, where the division is rounded, a tie would depend on the order of the steps.
        "gamma 1": Call((int(rng.integers(17, 22)),), {"gamma": 1, "b": 3}),
        "gamma 3": Call((int(rng.integers(900, 1000)),), {"gamma": 3, "b": 2}),
        "b 4": Call((int(rng.integers(40, 60)),), {"b": 4}),
        "b -9": Call((int(rng.integers(5, 7)),), {"gamma": 2, "b": -9}),
        **{key: beside_a_border(below=number % 2 == 0) for number, key in enumerate(_DRAWN_WIDTHS)},
        **{key: tie() for key in _DRAWN_TIES},
        **{key: with_settings() for key in _DRAWN_SETTINGS},
        # The sum is below zero, and between an even number and the odd one that is nearest: who cuts the logarithm down
        # is at the even one, and goes up to another odd one.
        "gamma 1, b negative": Call((one_of(rng, 5, 6, 7),), {"gamma": 1, "b": -one_of(rng, 8, 10, 12)}),
    }


ECA_KERNEL_SIZE = Exercise(
    id="eca_kernel_size",
    oracle=oracle.eca_kernel_size,
    questions=_size_questions,
    properties=(
        returns_int("plain", 0.25),
        counts_by_pattern(
            ("plain", "64", "256", "512", "between", "large", *_DRAWN_WIDTHS),
            1.5,
            "the nearest odd number, for the usual widths and for others",
            name="usual widths",
            otherwise="The size is wrong for some widths: put the width into the formula by hand, then take "
            "the nearest odd one.",
        ),
        counts_by_pattern(
            ("tie, 8", "tie, 128", "tie, 2048", "tie, 32768"),
            1.25,
            "a tie between two odd numbers goes up",
            name="ties",
            otherwise="The size is wrong where two odd numbers are equally near.",
            also=_DRAWN_TIES,
        ),
        counts_by_pattern(
            ("1", "2", "4", "few"),
            0.75,
            "fewer than eight channels",
            name="few channels",
            otherwise="The size is wrong for fewer than eight channels: the nearest odd number may be 1.",
        ),
        counts_by_pattern(
            ("gamma 1", "gamma 3", "b 4", "b -9", "gamma 1, b negative", *_DRAWN_SETTINGS),
            1.25,
            "other values of gamma and b, a negative b among them",
            name="gamma and b",
            otherwise="The size is wrong for other values of gamma and b.",
        ),
    ),
    mistakes=_SIZE_MISTAKES,
)


# --- the kernel size, read the other way --------------------------------------------------------------------------

_FIRST_MISTAKES = (
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

# With the usual gamma and b the answers are a few numbers that are in the notebook, and more are out of a search's
# reach. So other settings are asked for as well. What they cost if they are not heeded is judged by their own property.
_LARGEST_GAMMA = {3: 8, 5: 4, 7: 3, 9: 2, 11: 2}  # by size: who searches and ignores b comes to an end all the same
_ODD_ELSEWHERE = tuple(f"odd, gamma and b {number}" for number in range(9))
_EVEN_ELSEWHERE = tuple(f"even, gamma and b {number}" for number in range(9))
_OTHER_SETTINGS = tuple(f"other gamma and b {number}" for number in range(9))


def _first_questions(rng):
    def with_settings(below: int = 0) -> list[Call]:
        """Nine sizes, three beyond the notebook's, each with a gamma and a b; `below`: asked for so much less."""
        calls = []
        for size in (11, 11, 11, *rng.choice([3, 5, 7, 9], size=6)):
            gamma, b = 2, 1
            while (gamma, b) == (2, 1):
                gamma = int(rng.integers(1, _LARGEST_GAMMA[size] + 1))
                top = gamma * (int(size) - 1)  # the answer is 2 ** (top - b)
                b = top - int(rng.integers(1, min(top, 12) + 1))
            calls.append(Call((int(size) - below,), {"gamma": gamma, "b": b}))
        return calls

    return {
        "5": Call((5,)),
        "1": Call((1,)),
        "3": Call((3,)),
        "7": Call((7,)),
        "9": Call((9,)),
        "2": Call((2,)),
        "4": Call((4,)),
        "6": Call((6,)),
        "gamma 1, b 2": Call((7,), {"gamma": 1, "b": 2}),
        "gamma 3, b 2": Call((int(rng.choice([3, 5])),), {"gamma": 3, "b": 2}),
        "gamma 1, b 4": Call((3,), {"gamma": 1, "b": 4}),
        **dict(zip(_ODD_ELSEWHERE, with_settings(), strict=True)),
        **dict(zip(_EVEN_ELSEWHERE, with_settings(below=1), strict=True)),
        **dict(zip(_OTHER_SETTINGS, with_settings(), strict=True)),
    }


FIRST_CHANNELS_FOR = Exercise(
    id="first_channels_for",
    oracle=oracle.first_channels_for,
    questions=_first_questions,
    properties=(
        returns_int("5", 0.25),
        counts_by_pattern(
            ("5", "3", "7", "9"),
            0.75,
            "the first channel count for sizes 3, 5, 7 and 9",
            name="odd sizes",
            otherwise="The count is wrong for an odd size: ask for the kernel size of your count, and of "
            "one channel less.",
            also=_ODD_ELSEWHERE,
        ),
        counts_by_pattern(
            "1",
            0.25,
            "one channel is enough for size 1",
            name="size 1",
            otherwise="The count for size 1 is wrong: what is the smallest network?",
        ),
        counts_by_pattern(
            ("2", "4", "6"),
            0.25,
            "at least 4 means 5, for sizes are odd",
            name="even numbers",
            otherwise="The count is wrong for an even k: sizes are odd, so which is the next one?",
            also=_EVEN_ELSEWHERE,
        ),
        counts_by_pattern(
            ("gamma 1, b 2", "gamma 3, b 2", "gamma 1, b 4", *_OTHER_SETTINGS),
            0.5,
            "other values of gamma and b",
            name="gamma and b",
            otherwise="The count is wrong for other values of gamma and b.",
        ),
    ),
    mistakes=_FIRST_MISTAKES,
)
