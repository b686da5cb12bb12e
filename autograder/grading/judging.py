"""Put the verdicts where nbgrader reads grades and students read feedback: into the test cells' outputs."""

from __future__ import annotations

from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from .. import cells
from ..harmless.markup import without_controls
from ..harmless.recording import harmless_words, make_harmless
from ..judge.verdict import Verdict, as_html, as_text

_MAX_CHARACTERS = 1_500


class Judge(NbGraderPreprocessor):
    """nbgrader preprocessor after Run: each test cell's output becomes its verdict and its score.

    Nothing that the student's code wrote can be mistaken for a score: the cell's own outputs are replaced. Nothing of
    the student's can act where the notebook is shown: see `harmless`.
    Leaves `resources["verdicts"]`, in the order of the notebook.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        make_harmless(nb)
        verdicts = []
        for cell in nb.cells:
            if cells.is_judged(cell):
                verdict = resources["verdict_by_cell"][cells.grade_id(cell)]
                cell.outputs = _outputs(cell, verdict)
                verdicts.append(verdict)
        resources["verdicts"] = verdicts
        notes = nb.metadata.pop("autograder", {}).get("notes", [])
        nb.cells.insert(0, _head(verdicts, notes, resources["seed"]))
        return nb, resources


def _outputs(cell: NotebookNode, verdict: Verdict) -> list[NotebookNode]:
    shown = {"text/html": as_html(verdict), "text/plain": as_text(verdict)}
    outputs: list[dict[str, Any]] = [{"output_type": "display_data", "data": shown, "metadata": {}}]
    said = _visible_failure(cell)
    if said:
        outputs.append({"output_type": "stream", "name": "stdout", "text": f"The visible checks said:\n{said}\n"})
    # nbgrader reads the score from the last expression's value.
    value, count = {"text/plain": repr(float(verdict.score))}, cell.get("execution_count")
    outputs.append({"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": count})
    return [nbformat.from_dict(output) for output in outputs]  # they are checked once, when the notebook is written


def _visible_failure(cell: NotebookNode) -> str:
    """What the first failed visible check told the student."""
    for output in cell.outputs:
        if output.output_type == "error":
            message = without_controls(f"{output.ename}: {output.evalue}")
            return message[:_MAX_CHARACTERS]
    return ""


def _head(verdicts: list[Verdict], notes: list[str], seed: int) -> NotebookNode:
    score, full = sum(v.score for v in verdicts), sum(v.max_score for v in verdicts)
    lines = [f"**The judge gave {score:g} of its {full:g} points** (inputs of seed {seed})."]
    lines += [f"- {note}" for note in notes]
    cell = nbformat.v4.new_markdown_cell(harmless_words("\n".join(lines)))  # notes may quote the student
    cell["id"] = cells.HEAD_ID
    return cell
