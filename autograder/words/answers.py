"""What students wrote, from the graded notebooks that formgrader shows too."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from .. import cells
from ..harmless.markup import code, markdown, under
from ..rebuild.changes import plain


@dataclass(frozen=True)
class Answer:
    """One answer: its pieces as pairs of text and whether that is code.

    `digest` is another one where points that were given for the answer would have to be looked at again: see
    `record.hand_grades`.
    """

    pieces: tuple[tuple[str, bool], ...]
    digest: str

    def markup(self) -> Markup:
        """The answer as harmless HTML, with headings below the page's own."""
        shown = (code(source) if is_code else markdown(source) for source, is_code in self.pieces)
        return under(2, Markup("\n").join(shown))


class Answers:
    """The answers of a class. A notebook is read again when its file has changed."""

    def __init__(self, graded_file: Callable[[str], Path]):
        self._graded_file = graded_file
        self._read: dict[str, tuple[tuple[int, int, int], dict[str, Answer]]] = {}

    def of(self, student: str, question: str) -> Answer | None:
        """A student's answer as the last grading left it; None where there is none that can be read."""
        path = self._graded_file(student)
        try:
            status = path.stat()
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self._read.get(student, (None,))[0] != stamp:
                self._read[student] = (stamp, _answers_in(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
        return self._read[student][1].get(question)


def _answers_in(notebook: str) -> dict[str, Answer]:
    """The answers of a graded notebook, given as JSON, that a person grades. Raises ValueError if it is none."""
    parts: defaultdict[str, list[NotebookNode]] = defaultdict(list)
    by_hand = set()
    for cell in nbformat.v4.reads(notebook).cells:
        if answer := cells.answer_of(cell):
            parts[answer].append(cell)
        if cells.is_manual(cell):
            by_hand.add(cells.own_id(cell))
    return {answer: _answer(parts[answer]) for answer in by_hand}


def _answer(pieces: list[NotebookNode]) -> Answer:
    what = json.dumps([(plain(cell.source), cell.get("attachments")) for cell in pieces], sort_keys=True)
    shown = tuple((cell.source, cell.cell_type == "code") for cell in pieces)
    return Answer(shown, hashlib.sha256(what.encode()).hexdigest())
