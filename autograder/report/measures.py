"""The statistics of the report: pure functions on numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

Z_95 = 1.959963984540054  # the 97.5 % point of the normal distribution
MIN_STUDENTS = 10  # fewer say nothing on what separates strong from weak
MIN_EACH = 3  # students with, and students without, a property


@dataclass(frozen=True)
class Spread:
    """The order statistics of some values."""

    n: int
    mean: float
    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float


@dataclass(frozen=True)
class Bin:
    """How many values lie in [low, high); the last bin holds its upper end too."""

    low: float
    high: float
    count: int


def spread(values: Sequence[float]) -> Spread | None:
    """Mean, quartiles and extremes; None without values. Quartiles interpolate (type 7 of Hyndman and Fan, 1996)."""
    if not values:
        return None
    low, lower, median, upper, high = (float(value) for value in np.quantile(values, (0, 0.25, 0.5, 0.75, 1)))
    return Spread(len(values), float(np.mean(values)), low, lower, median, upper, high)


def histogram(values: Sequence[float], top: float, bins: int = 10) -> tuple[Bin, ...]:
    """The values counted in equal bins from 0 to `top`.

    What lies beyond counts in the first or last bin: extra credit and late penalties can give such points.
    """
    edges = np.round(np.linspace(0, top, bins + 1), 6)
    # Points are sums of thirds and quarters: rounding keeps 2.9999999999 out of the bin below 3.
    counts, _ = np.histogram(np.clip(np.round(values, 6), 0, edges[-1]), edges)
    return tuple(
        Bin(float(low), float(high), int(count)) for low, high, count in zip(edges, edges[1:], counts, strict=False)
    )


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share, `successes` of n (n >= 1).

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212. It stays
    within 0 and 1, and holds its level with few students too: L. D. Brown, T. T. Cai and A. DasGupta, Interval
    estimation for a binomial proportion, Statistical Science 16 (2001) 101-133.
    """
    share, weight = successes / n, Z_95**2 / n
    centre = (share + weight / 2) / (1 + weight)
    half = Z_95 * sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return max(0.0, centre - half), min(1.0, centre + half)


def item_rest_correlation(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """The corrected item-total correlation: of a property, passed or not, with the student's points for all the others.

    This is the point-biserial correlation with the item taken out of the total, so that it does not correlate with
    itself: L. Crocker and J. Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14.

    None where there are fewer than MIN_STUDENTS, or fewer than MIN_EACH with or without the property, or where all have
    the same points otherwise.
    """
    passes = sum(passed)
    if len(passed) < MIN_STUDENTS or min(passes, len(passed) - passes) < MIN_EACH or np.ptp(rest) < 1e-9:
        return None
    return float(np.clip(np.corrcoef(np.asarray(passed, float), rest)[0, 1], -1, 1))
