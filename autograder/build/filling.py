"""What a source leaves out, because it follows from its marks and the exercises: points, metadata, hidden lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbformat import NotebookNode

from .. import cells
from ..course import did_you_mean
from .marks import ABOUT, ANSWER, CHECK, KINDS, QUESTION, Contents, Part, Refuse

MARKERS = ("points", "minutes", "worth", "rows")
_MARKER = re.compile(rf"\{{\{{({'|'.join(MARKERS)})(?::([^{{}}\n]*))?\}}\}}")
_LEFT = re.compile(r"\{\{\s*(\w+)\s*(:[^{}\n]*)?\}\}")
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


def require_filled(cell: NotebookNode, markers: Iterable[str], refuse: Refuse) -> None:
    """Raises CourseError if a marker of the cell's text is none of `markers`; {{x}} may be a formula's."""
    for word, name in _LEFT.findall(cell.source) if cell.cell_type == "markdown" else ():
        meant = did_you_mean(word, markers)
        if meant or name:
            refuse(cell, f"nothing stands for {{{{{word}{name}}}}} here{meant}")


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
