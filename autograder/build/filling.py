"""What a source leaves out, because it follows from its marks and the exercises: points, metadata, hidden lines."""

from __future__ import annotations

import base64
import json
import re
import zlib

from nbformat import NotebookNode

from .. import cells
from .marks import ABOUT, ANSWER, CHECK, KINDS, QUESTION, Contents, Part, Refuse

# What the helper cell counts with.
POINTS = """# What each exercise is worth, as on its card, and all questions in your own words together.
POINTS = {points}
BY_HAND = {by_hand:g}"""

CAUSES = "{{causes}}"  # where helpers.py says this, what `packed` makes of the known causes stands

# A walkthrough opened alone runs too; where the judge is missing, nothing is given.
JUDGE = """try:
    from autograder.judge import judge_for
    judge = judge_for("{name}", "{package}")
except ImportError:
    def judge(exercise):
        print("The judge is not installed here, so nothing was graded.")
        return 0.0"""

_MARKER = re.compile(r"\{\{(points|minutes|worth|rows)(?::([^{}\n]*))?\}\}")
_QUESTIONS, _READING = "questions", "reading"  # used where a part's id is


def fill_cell(cell: NotebookNode, contents: Contents, refuse: Refuse) -> None:
    """Write into a cell what nbgrader, the judge and the reader need; what only a source says leaves it.
    Raises CourseError if a marker of its text names nothing."""
    points = {part.id: part.points for part in contents.parts}
    if cell.cell_type == "markdown":
        try:
            cell.source = _MARKER.sub(lambda found: filled(contents, found[1], found[2] or ""), cell.source)
        except LookupError as error:
            refuse(cell, error.args[0])
    if ANSWER in cell.metadata:
        cells.mark_answer(cell, cell.metadata[ANSWER])
    elif CHECK in cell.metadata:
        cells.mark_test(cell, cell.metadata[CHECK], points[cell.metadata[CHECK]])
    elif QUESTION in cell.metadata:
        cells.mark_question(cell, cell.metadata[QUESTION], points[cell.metadata[QUESTION]])
    for key in (*KINDS, *ABOUT):
        cell.metadata.pop(key, None)


def filled(contents: Contents, what: str, name: str = "") -> str:
    """What stands for the marker {{what:name}}, or {{what}}, of a text.
    Raises LookupError if there is nothing of that name, or its minutes are not said."""
    if what == "rows":
        rows = [part for part in contents.parts if part.row]
        return "\n".join(f"| {part.row} | {part.points:g} | {_minutes(contents, part.id):g} |" for part in rows)
    if what == "points":
        return f"{_points(contents, name):g}"
    if what == "minutes":
        return f"{_minutes(contents, name):g}"
    return f"{_counted(_points(contents, name), 'point')} · {_counted(_minutes(contents, name), 'minute')}"


def _points(contents: Contents, name: str) -> float:
    return sum(part.points for part in _named(contents, name))


def _minutes(contents: Contents, name: str) -> float:
    minutes = {part.id: part.minutes for part in ([] if name == _READING else _named(contents, name))}
    if name in ("", _READING):
        minutes[_READING] = contents.reading
    for which, count in minutes.items():
        if count is None:
            raise LookupError(f"the text gives the minutes of {which}, which nobody wrote: write minutes=5, after # %%")
    return sum(minutes.values())


def _named(contents: Contents, name: str) -> tuple[Part, ...]:
    """The parts that a marker's name stands for: one, all questions, or all."""
    if name in ("", _QUESTIONS):
        return contents.questions if name else contents.parts
    found = tuple(part for part in contents.parts if part.id == name)
    if not found:
        there = ", ".join(part.id for part in contents.parts) or "none"
        raise LookupError(f"a marker names {name!r}, which is no exercise or question here: there are {there}")
    return found


def _counted(number: float, word: str) -> str:
    return f"{number:g} {word}" if number == 1 else f"{number:g} {word}s"


def helpers_source(helpers: str, contents: Contents, causes: dict[str, str], name: str, package: str) -> str:
    """The helper cell's source. Its hidden part gives the test cells `judge` under nbgrader's own preprocessors."""
    points = json.dumps({part.id: part.points for part in contents.exercises}, indent=4)
    by_hand = sum(part.points for part in contents.questions)
    lines = [
        "#@title Helpers for drawing and checking (run this cell; there is no need to read it)",
        helpers.strip().replace(CAUSES, packed(causes)),
        "\n\n" + POINTS.format(points=points, by_hand=by_hand),
        cells.BEGIN_HIDDEN,
        JUDGE.format(name=name, package=package),
        cells.END_HIDDEN,
    ]
    return "\n".join(lines)


def packed(causes: dict[str, str]) -> str:
    """The known causes as the helper cell unpacks them: short, and not to be read by accident."""
    return base64.b64encode(zlib.compress(json.dumps(causes).encode(), 9)).decode()
