"""What comes out of a prediction: the cells to fold, so that a reader can think of an answer before one is in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from .. import cells

_NAME = re.compile(r"^(\w+) *=", re.MULTILINE)
_NEW_THOUGHT = re.compile(r"^#{1,6} |(?:\A|(?<=\n\n))\*\*", re.MULTILINE)  # a heading, or a paragraph's lead in bold


def outcomes_apart(notebook: NotebookNode) -> Iterator[tuple[bool, NotebookNode]]:
    """The notebook's cells in order, each with whether it tells what a prediction asks for.

    An outcome begins with the first output after a cell tagged `prediction`. It goes on to the cell that uses the
    prediction, and to the end of what is said about it: a heading, a lead in bold, or code after the text. A text
    cell that both ends an outcome and begins something else comes as two.
    """
    awaited: set[str] = set()  # predictions that no cell has used yet
    is_due = is_outcome = is_said = False
    for cell in notebook.cells:
        if "prediction" in cells.tags(cell):
            awaited.update(_NAME.findall(cell.source))
            is_due, is_outcome = True, False
        elif cell.cell_type == "code":
            awaited -= set(re.findall(r"\w+", cell.source))
            if is_outcome and is_said:
                is_outcome = is_due = False
            elif is_due and not is_outcome and cell.outputs:
                is_outcome, is_said = True, False
        elif is_outcome and "instructor" not in cells.tags(cell):
            end = _NEW_THOUGHT.search(cell.source)
            if end is None:
                is_said = not awaited
            else:
                if said := cell.source[: end.start()].strip():
                    yield True, NotebookNode(cell, source=said)
                cell = NotebookNode(cell, source=cell.source[end.start() :])
                is_outcome, is_due = False, bool(awaited)
        yield is_outcome, cell
