"""Where the words of an answer in words are: in its own cell, in the question's, beside it, or anywhere."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from nbformat import NotebookNode

from .. import cells
from .changes import plain, reads_as_words
from .match import Match, Submitted, heaviest_in_order

MAX_PARTS = 20
MAX_LOOKED_AT = 200
_IN_QUESTION = "found in the question's cell"
_BESIDE = "found in a cell beside the answer's"
_SOMEWHERE = "found elsewhere in the notebook, perhaps meant for another question"


@dataclass
class Words:
    """The parts of an answer, each with a heading ("" in its own cell) and the position of its cell.

    `positions` are those of the student's own cells among them. `is_there`: whether the answer's cell was found.
    """

    parts: list[tuple[str, int]]
    is_there: bool
    note: str = ""
    positions: set[int] = field(default_factory=set)


def words_of(index: int, match: Match, released: Sequence[NotebookNode], own: list[int]) -> Words:
    """What may be the answer at `index`. A person reads it, so in doubt it is.

    What was written into the question's cell is part of it. Where the answer's cell was not touched, own text between
    the question and our next text counts too. Where that cell is gone, as when a converter dropped all marks, and
    nothing is in its place, all own text counts that was not found to belong elsewhere; `own` holds the positions
    of the student's own cells.
    """
    name, stub = cells.own_id(released[index]), plain(released[index].source)
    pieces = match.pieces.get(index, [])
    low, high = _between(index, match, released)
    begin = bisect_left(own, low + 1)
    between = own[begin : min(begin + MAX_LOOKED_AT, bisect_left(own, high))]
    near = [i for i in between if _is_words(match.submitted[i])][:MAX_PARTS]
    question = max((i for i in range(index) if released[i].cell_type == "markdown"), default=None)
    written = [i for i in pieces if match.submitted[i].text not in ("", stub)]
    if written:
        in_question = [i for i in near if match.submitted[i].origin == question]
        return Words([(_IN_QUESTION, i) for i in in_question] + [("", i) for i in written], True, "", set(in_question))
    is_there = bool(pieces) or any(low < i < high and match.submitted[i].text == stub for i in match.left_out)
    if near:
        beside = _BESIDE if is_there else ""  # without its marks, this is the answer's cell itself
        headings = [_IN_QUESTION if match.submitted[i].origin == question else beside for i in near]
        return Words(list(zip(headings, near, strict=True)), True, _note(name, headings), set(near))
    if is_there:
        return Words([], True)
    others = [_between(i, match, released) for i, cell in enumerate(released) if cells.is_manual(cell)]
    unclaimed = (i for i in own if not any(begin < i < end for begin, end in others))
    far = [i for i in islice(unclaimed, MAX_LOOKED_AT) if _is_words(match.submitted[i])][:MAX_PARTS]
    note = f"Text that may be meant for the answer {name} was put there, for a person to read." if far else ""
    return Words([(_SOMEWHERE, i) for i in far], False, note)


def _between(index: int, match: Match, released: Sequence[NotebookNode]) -> tuple[int, int]:
    """The positions of our text before and after an answer, in the order of the text cells alone."""
    text = [(found[0], i) for i, found in match.given.items() if released[i].cell_type == "markdown"]
    in_order = heaviest_in_order(sorted(text), lambda _: 1)
    low = max((position for position, i in in_order if i < index), default=-1)
    high = min((position for position, i in in_order if i > index), default=len(match.submitted))
    return low, high


def _is_words(cell: Submitted) -> bool:
    return not cell.is_code or (cell.origin is None and reads_as_words(cell.source))


def _note(name: str, headings: list[str]) -> str:
    if not headings[0]:
        return f"The cell {name} was not labelled any more; it was recognised by its text and graded as usual."
    return f"The answer {name} was {headings[0]}; a person grades it."
