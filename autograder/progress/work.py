"""What a notebook's file shows of one's work, without running it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbformat import NotebookNode

from .. import cells
from .states import Question, Work, WorkState

# What nbgrader_config.py leaves instead of a solution.
_STUB, _EMPTY_ANSWER = "raise NotImplementedError", "*Write your answer here.*"


def look(notebook: NotebookNode, exercises: Iterable[str]) -> Work:
    """The state of each exercise by its cells, and the questions in words. The cells are the student's: any shape."""
    sources: dict[str, list[str]] = {}
    passed: set[str] = set()
    questions: dict[str, Question] = {}  # an answer may be in several cells
    for cell in notebook.cells:
        name = cells.grade_id(cell)
        if name is None:
            continue
        sources.setdefault(name, []).append(cell.source)
        if f"{name.removesuffix('-check')}: {cells.CHECKS_PASSED}" in _printed(cell):
            passed.add(name.removesuffix("-check"))
        if cells.is_manual(cell):
            points = cell.metadata["nbgrader"].get("points", 0)
            written = bool(cell.source.strip()) and _EMPTY_ANSWER not in cell.source
            written = written or (name in questions and questions[name].written)
            questions[name] = Question(name, points if isinstance(points, int | float) else 0, written)
    begun = {name for name in exercises if _is_written(name, sources.get(name, []))}
    states = {
        name: WorkState.VISIBLE if name in passed else WorkState.WRITTEN if name in begun else WorkState.NOT_BEGUN
        for name in exercises
    }
    return Work(states, tuple(questions.values()))


def _is_written(name: str, pieces: list[str]) -> bool:
    """Whether the cells of an answer hold more than its stub, be it split, copied, or with an import of one's own."""
    without_stub = [source for source in pieces if source.strip() and _STUB not in source]
    has_stub = any(_STUB in source for source in pieces)
    return any(re.search(rf"\b{name}\b", source) for source in without_stub) if has_stub else bool(without_stub)


def _printed(cell: NotebookNode) -> str:
    """What a test cell printed when the file was saved."""
    outputs = cell.get("outputs")
    texts = []
    for output in outputs if isinstance(outputs, list) else []:
        text = output.get("text", "") if isinstance(output, dict) else ""
        texts.append("".join(text) if isinstance(text, list) and all(isinstance(t, str) for t in text) else str(text))
    return "\n".join(texts)
