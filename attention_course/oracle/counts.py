"""How many weights the blocks add, and ECA's kernel size. Integer arithmetic only, so every answer is exact."""

from fractions import Fraction
from numbers import Integral


def _whole(name, value):
    """The value as an int. Raises ValueError unless it is a whole number of at least 1."""
    if not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} is {value!r}, but a whole number of at least 1 is needed")
    return int(value)


def _stages(widths, depths):
    """(width, depth) of each stage, checked. Raises ValueError when the lists do not match."""
    if len(widths) != len(depths):
        raise ValueError(f"there are {len(widths)} widths and {len(depths)} depths: one of each per stage is needed")
    return [(_whole("a width", width), _whole("a depth", depth)) for width, depth in zip(widths, depths, strict=True)]


def se_weight_count(channels, ratio=16, bias=True):
    """The weights of one SE block, 2 C m, and m + C more with biases; the bottleneck is m = max(1, C // ratio).

    Raises ValueError unless channels and ratio are whole numbers of at least 1.
    Source: Hu et al. 2018 (arXiv 1709.01507), section 4, which leaves the biases out; the official code has them.
    """
    channels = _whole("channels", channels)
    bottleneck = max(1, channels // _whole("ratio", ratio))
    return 2 * channels * bottleneck + (bottleneck + channels if bias else 0)


def resnet_overhead(widths, depths, ratio=16):
    """The weights that SE blocks with biases add to a residual network.

    widths: the channels of a block's output, one entry per stage; depths: the blocks, one entry per stage.
    [256, 512, 1024, 2048] and [3, 4, 6, 3], a ResNet-50, give 2530992.
    Raises ValueError when the lists differ in length or hold anything but whole numbers of at least 1.
    Source: Hu et al. 2018 (arXiv 1709.01507), section 4, with the biases of the official code.
    """
    return sum(depth * se_weight_count(width, ratio) for width, depth in _stages(widths, depths))


def _fraction(name, value):
    """A whole number as it is; a float as the nearest fraction with a denominator of at most 100 (0.1 is 1/10)."""
    try:
        return Fraction(value).limit_denominator(100)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} is {value!r}, but a finite number is needed") from error


def eca_kernel_size(channels, gamma=2, b=1):
    """ECA's adaptive kernel size: the odd number nearest to t = abs(log2(C) + b) / gamma; a tie goes up.

    That is the floor of t, and one more where the floor is even: the official rule in words, since the
    odd number nearest to any t in [2 j, 2 j + 2) is 2 j + 1. A tie, t an even number, is between 2 j - 1
    and 2 j + 1; with the defaults it happens at C = 2 ** (4 j - 1), which is 8, 128, 2048, 32768.
    No logarithm is computed in floating point: abs(log2(C) + r/q) is abs(log2(C ** q) + r) / q, and the
    floor and the ceiling of the log2 of an integer are lengths in bits.

    Raises ValueError unless channels is a whole number of at least 1, gamma > 0 and both are finite. A float
    is read as the nearest fraction with a denominator of at most 100.
    Source: Wang et al. 2020 (arXiv 1910.03151), section 3.2.3, from C = 2 ** (gamma k - b).
    """
    return _nearest_odd(_whole("channels", channels), *_terms(gamma, b))


def _terms(gamma, b):
    """(q, r, s) as whole numbers, where t is (q log2(C) + r) / s or minus that. Raises ValueError as its caller."""
    gamma, b = _fraction("gamma", gamma), _fraction("b", b)
    if gamma <= 0:
        raise ValueError(f"gamma is {gamma}, but a number above 0 is needed")
    common = gamma.denominator * b.denominator
    return common, int(b * common), int(gamma * common)


def _nearest_odd(channels, common, shift, step):
    """`eca_kernel_size` of a whole number of channels, given what `_terms` makes of gamma and b."""
    power = channels**common
    above = power.bit_length() - 1 + shift  # the floor of log2(power) + shift
    below = -(power - 1).bit_length() - shift  # the floor of -(log2(power) + shift)
    floor = max(above, below) // step  # the one of the two that is not negative
    return floor + 1 if floor % 2 == 0 else floor


def first_channels_for(k, gamma=2, b=1):
    """The smallest channel count whose kernel size is at least k: 1, 8, 128, 2048, 32768 for 1, 3, 5, 7, 9.

    Raises ValueError unless k is a whole number of at least 1 and gamma > 0.
    Source: Wang et al. 2020 (arXiv 1910.03151), section 3.2.3, read backwards.
    """
    k, terms = _whole("k", k), _terms(gamma, b)
    high = 1
    while _nearest_odd(high, *terms) < k:
        high *= 2
    low = high // 2  # too small, or 0
    # Where C = 1 is too small, abs(log2(C) + b) reaches the threshold once and stays above: halving is safe.
    while high - low > 1:
        middle = (low + high) // 2
        if _nearest_odd(middle, *terms) < k:
            low = middle
        else:
            high = middle
    return high


def eca_weight_count(widths, depths):
    """The weights that ECA blocks add to a residual network: one kernel a block, no bias.

    widths and depths as in `resnet_overhead`; a ResNet-50 gives 86. The paper's 80 comes from kernel sizes
    3, 5, 5, 7 set by hand, where its own formula gives 5, 5, 5, 7.
    Raises ValueError when the lists differ in length or hold anything but whole numbers of at least 1.
    Source: Wang et al. 2020 (arXiv 1910.03151), section 3.2.3; the README of its official repository.
    """
    return sum(depth * eca_kernel_size(width) for width, depth in _stages(widths, depths))
