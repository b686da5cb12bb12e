"""Where the parts of a chart are, in the units of its drawing area: the template draws them as SVG."""

from __future__ import annotations

from dataclasses import dataclass

from .summary import Scores

WIDTH, HEIGHT = 360, 190  # so that text of 12 units can be read on a phone
_LEFT, _RIGHT, _TOP, _FLOOR = 10, 350, 20, 130
_GAP = 3


@dataclass(frozen=True)
class Bar:
    """One bin: a rectangle, the number above it, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    count: int
    shares: str
    points: str


@dataclass(frozen=True)
class Box:
    """The middle half of the students, from the lower to the upper quartile, and the median in it."""

    x: float
    width: float
    median: float


@dataclass(frozen=True)
class Histogram:
    """A distribution of points as bars, over an axis in percent of the points."""

    bars: tuple[Bar, ...]
    box: Box | None
    ticks: tuple[tuple[float, str], ...]
    floor: float = _FLOOR


def histogram_chart(scores: Scores) -> Histogram:
    """The chart of a distribution."""
    tallest = max([1, *(one.count for one in scores.bins)])
    step = (_RIGHT - _LEFT) / len(scores.bins)
    bars = []
    for number, one in enumerate(scores.bins):
        height = (_FLOOR - _TOP) * one.count / tallest
        shares = f"{number * 100 // len(scores.bins)} to {(number + 1) * 100 // len(scores.bins)} %"
        x = _LEFT + number * step + _GAP / 2
        bars.append(
            Bar(_short(x), _short(_FLOOR - height), _short(step - _GAP), _short(height), one.count, shares, _range(one))
        )
    ticks = tuple((_place(share), f"{share:.0%}".replace("%", " %")) for share in (0, 0.25, 0.5, 0.75, 1))
    return Histogram(tuple(bars), _box(scores), ticks)


def _box(scores: Scores) -> Box | None:
    if not scores.spread or not scores.max_score:
        return None
    quartiles = (scores.spread.lower_quartile, scores.spread.median, scores.spread.upper_quartile)
    low, median, high = (_place(points / scores.max_score) for points in quartiles)
    return Box(low, _short(max(high - low, 1)), median)


def _range(one) -> str:
    return f"{one.low:.3g} to {one.high:.3g}"


def _place(share: float) -> float:
    """The x of a share of the points; what lies beyond stands at the end."""
    return _short(_LEFT + (_RIGHT - _LEFT) * min(max(share, 0), 1))


def _short(value: float) -> float:
    return round(value, 1)
