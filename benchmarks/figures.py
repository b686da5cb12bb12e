"""From runs to figures: seconds a submission, their spread over repetitions, ratios. Plain numbers in and out."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import linear_regression, mean, median

from benchmarks.ways import ALL, FLOOR, MANY, ONE, OTTER, STOCK

MIB = 2**20


def spread(values: Sequence[float]) -> dict:
    """Median, least and greatest of some values, and the values."""
    return {"median": median(values), "min": min(values), "max": max(values), "values": list(values)}


def marginal(small: tuple[int, float], large: tuple[int, float]) -> float:
    """Seconds that one more submission costs, from (submissions, seconds) of a small and a large class."""
    return (large[1] - small[1]) / (large[0] - small[0])


def summarise(runs: list[dict]) -> dict:
    """The figures of each way: start-up, seconds a submission of the whole command and without its start-up.

    A run is {way, notebook, repetition, submissions, seconds, startup, each}. Where a run cannot tell its start-up
    (None), the same repetition holds a small and a large class, and the difference tells.
    """
    summary = {}
    for way in dict.fromkeys(run["way"] for run in runs):
        notebooks: dict[str, list[dict]] = {}
        for notebook in dict.fromkeys(run["notebook"] for run in runs):
            notebooks[notebook] = _repetitions([r for r in runs if (r["way"], r["notebook"]) == (way, notebook)])
        together = [_average(one) for one in zip(*notebooks.values(), strict=True)]
        summary[way] = {
            "notebooks": {name: _spreads(repetitions) for name, repetitions in notebooks.items()},
            "mixed": _spreads(together),
        }
    return summary


def _repetitions(runs: list[dict]) -> list[dict]:
    figures = []
    for repetition in dict.fromkeys(run["repetition"] for run in runs):
        same = sorted((r for r in runs if r["repetition"] == repetition), key=lambda run: run["submissions"])
        large = same[-1]
        startup, each = large["startup"], large["each"]
        if each is None:
            each = marginal(*((run["submissions"], run["seconds"]) for run in (same[0], large)))
            startup = large["seconds"] - each * large["submissions"]
        figures.append({"startup": startup, "whole": large["seconds"] / large["submissions"], "each": each})
    return figures


def _average(figures: Sequence[dict]) -> dict:
    return {key: mean(one[key] for one in figures) for key in figures[0]}


def _spreads(figures: Sequence[dict]) -> dict:
    return {key: spread([one[key] for one in figures]) for key in figures[0]}


def ratios(summary: dict, cores: int) -> list[dict]:
    """What the project promises, as ratios of medians over the mixed batch; only those whose ways were run."""

    def value(way: str, key: str) -> float:
        return summary[way]["mixed"][key]["median"]

    found = []
    for ours, peers in ((ALL, (STOCK, MANY, OTTER)), (ONE, (STOCK, OTTER))):
        if ours not in summary:
            continue
        for stock in (peer for peer in peers if peer in summary):
            for key, words in (("each", "without start-up"), ("whole", "with its share of the start-up")):
                found.append({"what": f"{stock} / {ours}, {words}", "ratio": value(stock, key) / value(ours, key)})
        if FLOOR in summary:
            used = cores if ours == ALL else 1
            words = f"{ours} x {used} / floor, without start-up" if used > 1 else f"{ours} / floor, without start-up"
            found.append({"what": words, "ratio": used * value(ours, "each") / value(FLOOR, "each")})
    return found


def block_seconds(landed: Sequence[float], block: int) -> list[float]:
    """Seconds a submission in each block of so many, from the times at which results landed."""
    landed = sorted(landed)
    ends = landed[block - 1 :: block]
    return [(end - start) / block for start, end in zip(ends, ends[1:], strict=False)]


def memory_growth(samples: Sequence[tuple[float, int]], seconds: float, submissions: int) -> float:
    """MiB that the process tree grows in 100 submissions: a straight line through the run without its ends."""
    settled = [(at, size / MIB) for at, size in samples if seconds / 5 < at < seconds * 4 / 5]
    slope = linear_regression(*zip(*settled, strict=True)).slope
    return slope * seconds / submissions * 100
