"""The report as one page: no script, no request to anywhere, nothing in it that students wrote can act."""

from __future__ import annotations

from pathlib import Path

from ..course import CourseError
from ..files import write_whole
from ..judge.verdict import STATUS_SENTENCES, points_text
from ..statuses import BEYOND_A_LIMIT, JUDGED, ByHand
from ..templating import templates, visible
from . import measures, summary
from .records import GradingState
from .summary import PropertySummary, StudentSummary, Summary

COMMONEST = 12  # mistakes that are not folded
TELLING = 0.3  # a correlation from which a property is said to separate; below -0.3 it does so the wrong way round
MOST = 500  # students of one list: the page of a class of tens of thousands is still one that a browser opens
_MANY = 8  # properties that are named as separating


def write_page(figures: Summary, path: Path) -> None:
    """Write the page, whole or not at all. Raises CourseError if it cannot be written there."""
    page = render(figures)
    try:
        write_whole(path, page)
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}): name another file with -o") from error


def render(figures: Summary) -> str:
    """The page. The same figures give the same page, to the byte."""
    return _PAGES.get_template("report.html.j2").render(
        figures=figures,
        rules=summary,
        measures=measures,
        limits=BEYOND_A_LIMIT,
        sentences=STATUS_SENTENCES,
        commonest=COMMONEST,
        telling=TELLING,
        by_exercise=_by_exercise(figures.properties),
        separating=_separating(figures.properties),
        reversed=[item for item in figures.properties if item.separates is not None and item.separates <= -TELLING],
    )


def _by_exercise(properties: tuple[PropertySummary, ...]) -> dict[str, list[PropertySummary]]:
    found: dict[str, list[PropertySummary]] = {}
    for item in properties:
        found.setdefault(item.exercise, []).append(item)
    return found


def _separating(properties: tuple[PropertySummary, ...]) -> list[PropertySummary]:
    """The properties that separate most, the strongest first."""
    telling = [item for item in properties if item.separates is not None and item.separates >= TELLING]
    return sorted(telling, key=lambda item: -item.separates)[:_MANY]


def _place(share: float) -> float:
    """Where a share of the points is along the axis of a chart; what lies beyond is drawn at the end."""
    return round(10 + 340 * min(max(share, 0), 1), 1)


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def _seconds(seconds: float) -> str:
    """A time for people: 0.42 s, 6.1 s, 75 s, 12 min, 3 h 20 min."""
    if seconds < 100:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _count(number: int, singular: str) -> str:
    return f"{number} {singular if number == 1 else singular + 's'}"


def _changed(student: StudentSummary) -> bool:
    """Whether the total is another one than the judge's and the hand-given points make."""
    return student.total is not None and abs(student.total - student.automatic - (student.given or 0)) > 1e-6


_PAGES = templates("autograder.report", finalize=visible)
_PAGES.filters.update(number=points_text, percent=_percent, seconds=_seconds, changed=_changed, place=_place)
_PAGES.filters["cut"] = summary.shortened
_PAGES.globals.update(count=_count, most=MOST, JUDGED=JUDGED, ByHand=ByHand, GradingState=GradingState)
