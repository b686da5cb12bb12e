"""ECA's kernel size and the weight counts, in exact arithmetic."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_course import oracle

# The kernel size of 2 ** n channels for n = 0, 1, 2, ...: 1, 2, 4, ..., 4096.
SIZES_OF_POWERS = [1, 1, 1, 3, 3, 3, 3, 5, 5, 5, 5, 7, 7]
THRESHOLDS = {1: 1, 3: 8, 5: 128, 7: 2048, 9: 32768}
LIMIT = 70_000


def nearest_odd(position, tie):
    """The odd number nearest to the position; a tie goes up for tie = 1, down for tie = -1."""
    return min(range(1, 15, 2), key=lambda k: (abs(position - k), -tie * k))


def precise_size(channels, gamma, b):
    """The rule with logarithms of 60 digits; ties are whole to far more than 40 of them."""
    with localcontext(prec=60):
        log2 = Decimal(channels).ln() / Decimal(2).ln()
        gamma, b = (Decimal(part.numerator) / part.denominator for part in (gamma, b))
        floor = math.floor(round(abs(log2 + b) / gamma, 40))
    return floor if floor % 2 else floor + 1


@pytest.mark.parametrize(("power", "size"), list(enumerate(SIZES_OF_POWERS)))
def test_the_table_of_kernel_sizes(power, size):
    assert oracle.eca_kernel_size(2**power) == size
    assert type(oracle.eca_kernel_size(2**power)) is int


@pytest.mark.parametrize(("size", "channels"), list(THRESHOLDS.items()))
def test_thresholds(size, channels):
    assert oracle.eca_kernel_size(channels) == size
    assert oracle.eca_kernel_size(channels + 1) == size
    assert channels == 1 or oracle.eca_kernel_size(channels - 1) == size - 2
    assert oracle.first_channels_for(size) == channels
    assert oracle.first_channels_for(size + 1) == oracle.first_channels_for(size + 2)


def test_every_width_gets_the_nearest_odd_number_with_ties_up():
    ties = []
    for channels in range(1, LIMIT):
        size = oracle.eca_kernel_size(channels)
        # size - 1 <= (log2(C) + 1) / 2 < size + 1, without a logarithm.
        assert size % 2 == 1 and 4 ** (size - 1) <= 2 * channels < 4 ** (size + 1), channels
        position = (math.log2(channels) + 1) / 2
        assert size == nearest_odd(position, tie=1), channels
        if size != nearest_odd(position, tie=-1):
            ties.append(channels)
    assert ties == [2 ** (4 * j - 1) for j in range(1, 5)]


@pytest.mark.parametrize("power", range(1, 200))
def test_exact_at_and_just_below_every_power_of_two(power):
    # With gamma = 1 and b = 0 the size is the floor of log2(C), made odd: a logarithm that is off by its last digit
    # shows at 29, 31, 39 (math.log with a base) or from 48 on (2 ** n - 1 rounds up).
    assert oracle.eca_kernel_size(2**power, gamma=1, b=0) == power | 1
    assert oracle.eca_kernel_size(2**power - 1, gamma=1, b=0) == (power - 1) | 1
    assert oracle.eca_kernel_size(2**power) == ((power + 1) // 2) | 1


@given(
    channels=st.one_of(st.integers(1, 5000), st.integers(0, 40).map(lambda n: 2**n)),
    gamma=st.fractions(Fraction(1, 4), 5, max_denominator=10),
    b=st.fractions(-8, 8, max_denominator=10),
)
@settings(max_examples=200, deadline=None)
def test_other_gammas_and_shifts(channels, gamma, b):
    want = precise_size(channels, gamma, b)
    assert oracle.eca_kernel_size(channels, gamma, b) == want
    assert oracle.eca_kernel_size(channels, float(gamma), float(b)) == want


def test_other_gammas_by_hand():
    assert oracle.eca_kernel_size(2, gamma=0.1, b=0) == 11  # 1 / 0.1 is 10, between 9 and 11
    assert oracle.eca_kernel_size(64, gamma=1.5, b=0) == 5  # 4, a tie
    assert oracle.eca_kernel_size(1, gamma=1, b=-10) == 11  # the absolute value of -10
    assert oracle.eca_kernel_size(3, gamma=1, b=-5) == 3  # abs(1.58 - 5) is 3.42, nearer to 3 than to 5
    assert oracle.eca_kernel_size(16, gamma=1, b=-4) == 1  # 0, no negative size


@given(k=st.integers(1, 12), gamma=st.sampled_from([1, 2, 1.25, 1.7]), b=st.integers(-6, 3))
@settings(max_examples=60, deadline=None)
def test_first_channels_is_the_first(k, gamma, b):
    first = oracle.first_channels_for(k, gamma, b)
    assert type(first) is int
    assert oracle.eca_kernel_size(first, gamma, b) >= k
    for smaller in {*range(1, min(first, 300)), *range(max(1, first - 3), first)}:
        assert oracle.eca_kernel_size(smaller, gamma, b) < k


def test_first_channels_far_out():
    assert oracle.first_channels_for(101) == 2**199
    assert oracle.first_channels_for(11, gamma=1, b=-10) == 1


def test_weight_counts_by_hand():
    assert oracle.se_weight_count(64) == 64 * 4 + 4 + 4 * 64 + 64
    assert oracle.se_weight_count(64, bias=False) == 512
    assert oracle.se_weight_count(10, ratio=4) == 10 * 2 + 2 + 2 * 10 + 10  # 10 // 4 is 2
    assert oracle.se_weight_count(3, ratio=16) == 3 + 1 + 3 + 3  # one unit at least
    assert oracle.resnet_overhead([64, 3], [2, 1]) == 2 * 580 + 10
    assert oracle.resnet_overhead([], []) == 0
    assert oracle.eca_weight_count([64, 2048], [3, 2]) == 3 * 3 + 2 * 7
    for count in (oracle.se_weight_count(64), oracle.resnet_overhead([64], [2]), oracle.eca_weight_count([64], [2])):
        assert type(count) is int


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: oracle.eca_kernel_size(0), "channels is 0"),
        (lambda: oracle.eca_kernel_size(64.0), "channels is 64.0"),
        (lambda: oracle.eca_kernel_size(None), "channels is None"),
        (lambda: oracle.eca_kernel_size(64, gamma=0), "gamma is 0"),
        (lambda: oracle.eca_kernel_size(64, gamma=-2), "gamma is -2"),
        (lambda: oracle.eca_kernel_size(64, gamma=math.inf), "gamma is inf"),
        (lambda: oracle.eca_kernel_size(64, b=math.nan), "b is nan"),
        (lambda: oracle.first_channels_for(0), "k is 0"),
        (lambda: oracle.first_channels_for(3, gamma=0), "gamma is 0"),
        (lambda: oracle.se_weight_count(0), "channels is 0"),
        (lambda: oracle.se_weight_count(64, ratio=0), "ratio is 0"),
        (lambda: oracle.se_weight_count(64, ratio=0.5), "ratio is 0.5"),
        (lambda: oracle.resnet_overhead([64, 128], [2]), "2 widths and 1 depths"),
        (lambda: oracle.resnet_overhead([64], [2.0]), "a depth is 2.0"),
        (lambda: oracle.eca_weight_count([0], [2]), "a width is 0"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
