"""What the cells of a text source say they are. A source says nothing that follows from the exercises.

    # %% answer="squeeze" minutes=5                         the answer to an exercise
    # %% check="squeeze"                                    its visible test
    # %% [markdown] question="reflect-squeeze" points=3 minutes=5 row="reflection: what the mean forgets"

Tags stay tags: see TAGS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from nbformat import NotebookNode

from .. import cells
from ..course import CourseError, did_you_mean
from ..exercise.exercise import Exercise

ANSWER, CHECK, QUESTION = KINDS = ("answer", "check", "question")
POINTS, MINUTES, ROW = ABOUT = ("points", "minutes", "row")
TAGS = ("demo", "prediction", "given", "instructor", "helpers")
WORDS_A_MINUTE, MINUTES_A_FIGURE = 200, 0.5
_NOT_READ = re.compile(r"<details.*?</details>|### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)  # hints, answers
_LINES = tuple(f"### {end} {what}" for what in ("SOLUTION", "HIDDEN TESTS") for end in ("BEGIN", "END"))
_SOLUTION = re.compile(r"### (BEGIN|END) SOLUTION")
_FIGURE = re.compile(r"^\s*(show|compare)\(", re.MULTILINE)
_BELONGS = {POINTS: (QUESTION,), ROW: (QUESTION,), MINUTES: (ANSWER, QUESTION)}  # which cells may say it

Refuse = Callable[[NotebookNode, str], NoReturn]


@dataclass(frozen=True)
class Part:
    """What a notebook gives points for: an exercise, or a question in words.

    `minutes` is None where the source does not say; `row` is the first column of its row in the notebook's table, None
    where it has no row of its own.
    """

    id: str
    points: float
    minutes: float | None
    row: str | None
    is_question: bool


@dataclass(frozen=True)
class Contents:
    """The parts of a notebook in the order in which they stand, and the minutes that its words and figures take."""

    parts: tuple[Part, ...]
    reading: int

    @property
    def exercises(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.is_question)

    @property
    def questions(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_question)


def refusal(path: Path) -> Refuse:
    """What raises the CourseError about a cell of a source: file, cell, what to do."""

    def refuse(cell: NotebookNode, what: str) -> NoReturn:
        raise CourseError(f"{path}: {_cell_in_words(cell)}: {what}")

    return refuse


def read_marks(source: Sequence[NotebookNode], exercises: Sequence[Exercise], path: Path) -> Contents:
    """What the cells of the source at `path` say that they are, checked against the notebook's exercises.
    Raises CourseError if a mark names no exercise, stands twice, is misspelt or missing, or says what the exercise
    says."""
    known, refuse = {exercise.id: exercise for exercise in exercises}, refusal(path)
    seen: set[tuple[str, str]] = set()
    parts, has_judge = [], False
    for cell in source:
        _require_known(cell, refuse)
        has_judge |= "helpers" in cells.tags(cell)
        kind = _kind(cell, refuse)
        if kind is None:
            continue
        name = cell.metadata[kind]
        if (kind, name) in seen:
            refuse(cell, f"the source has another one for {name}: take one of the two away")
        seen.add((kind, name))
        if kind == QUESTION:
            parts.append(_question(cell, name, known, refuse))
        elif name not in known:
            there = ", ".join(known) or "none"
            refuse(cell, f"the notebook has no such exercise (there are: {there}): add it to EXERCISES, or correct it")
        elif kind == CHECK and not has_judge:
            refuse(cell, 'it calls the judge, which the helper cell brings: write # %% tags=["helpers"] above it')
        elif kind == ANSWER:
            _require_solution(cell, refuse)
            parts.append(Part(name, _whole(known[name].points), cell.metadata.get(MINUTES), f"`{name}`", False))
    for name in known:
        for kind in (ANSWER, CHECK):
            if (kind, name) not in seen:
                todo = f'write it, it begins with # %% {kind}="{name}", or take {name} out of EXERCISES'
                raise CourseError(f"{path}: the exercise {name} has no {kind} cell: {todo}")
    return Contents(tuple(parts), reading_minutes(source))


def _require_known(cell: NotebookNode, refuse: Refuse) -> None:
    """Raises CourseError if a tag, a word of the cell's mark or a line around a solution is none of the build's."""
    for tag in sorted(cells.tags(cell) - set(TAGS)):  # others are Jupyter's, such as raises-exception
        if meant := did_you_mean(tag, TAGS):
            refuse(cell, f"{tag!r} is no tag of the build{meant}")
    words = (*KINDS, *ABOUT, "tags")
    for key in cell.metadata.keys() - words:  # the other words are Jupyter's
        if meant := did_you_mean(key, words):
            refuse(cell, f"{key} is no mark{meant}")
    for number, line in enumerate(map(str.strip, cell.source.splitlines()), start=1):
        if line.startswith("#") and line not in _LINES and (meant := did_you_mean(line.upper(), _LINES, 0.88)):
            refuse(cell, f"{line!r}, line {number} of the cell, marks nothing{meant}")
    ends = _SOLUTION.findall(cell.source)
    if ends != ["BEGIN", "END"] * (len(ends) // 2):
        refuse(cell, "each ### BEGIN SOLUTION needs its own ### END SOLUTION below it, and no other")


def _require_solution(cell: NotebookNode, refuse: Refuse) -> None:
    if not _SOLUTION.search(cell.source):
        refuse(cell, "nothing in it stays with you: write ### BEGIN SOLUTION and ### END SOLUTION around the solution")


def _kind(cell: NotebookNode, refuse: Refuse) -> str | None:
    """What the cell is marked as; None where it gives no points. Raises CourseError if its marks do not go together."""
    if "nbgrader" in cell.metadata:
        refuse(cell, 'the build writes nbgrader\'s metadata: mark it answer="...", check="..." or question="..."')
    kinds = [kind for kind in KINDS if kind in cell.metadata]
    if len(kinds) > 1:
        refuse(cell, f"it is {' and '.join(kinds)} at once: one cell is one of them")
    kind = kinds[0] if kinds else None
    for key, owners in _BELONGS.items():
        if key in cell.metadata and kind not in owners:
            refuse(cell, f"{key} belongs to a cell marked {' or '.join(owners)}: take it away here")
    if MINUTES in cell.metadata and not _is_number(cell.metadata[MINUTES]):
        refuse(cell, f"{MINUTES} is a number: write {MINUTES}=5, without quotation marks")
    if kind in (ANSWER, CHECK) and cell.cell_type != "code":
        refuse(cell, "it holds code: write # %% without [markdown]")
    if kind == CHECK and cells.BEGIN_HIDDEN in cell.source:
        refuse(cell, "the build writes the hidden lines: take them away")
    return kind


def _question(cell: NotebookNode, name: str, exercises: dict[str, Exercise], refuse: Refuse) -> Part:
    points = cell.metadata.get(POINTS)
    if not _is_number(points) or points <= 0:
        refuse(cell, "a question says what it is worth: write points=3 after it")
    if name in exercises:
        refuse(cell, "an exercise has this id: give the question another")
    return Part(name, points, cell.metadata.get(MINUTES), cell.metadata.get(ROW), True)


def words_read(source: Sequence[NotebookNode]) -> int:
    """How many words of prose a student reads, hints and solutions left out."""
    prose = [cell.source for cell in source if cell.cell_type == "markdown" and "instructor" not in cells.tags(cell)]
    return sum(len(_NOT_READ.sub("", text).split()) for text in prose)


def figures_shown(source: Sequence[NotebookNode]) -> int:
    """How many code cells show a student a figure."""
    code = [cell for cell in source if cell.cell_type == "code" and not cells.tags(cell) & {"instructor", "helpers"}]
    return sum(bool(_FIGURE.search(cell.source)) for cell in code)


def reading_minutes(source: Sequence[NotebookNode]) -> int:
    """Minutes for the words and the figures of a notebook, rounded up."""
    return math.ceil(words_read(source) / WORDS_A_MINUTE + figures_shown(source) * MINUTES_A_FIGURE)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(points: float) -> float:
    """Points as a person writes them: 3, not 3.0."""
    return int(points) if float(points).is_integer() else points


def _cell_in_words(cell: NotebookNode) -> str:
    for kind in KINDS:
        if kind in cell.metadata:
            return f'the cell {kind}="{cell.metadata[kind]}"'
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    return f"the cell that begins with {first[:60]!r}"
