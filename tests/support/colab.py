"""What Colab makes of a notebook that is opened there, run and downloaded: everything it writes, nothing invented.

Colab keeps the metadata that it does not know, nbgrader's too. It writes its own beside it, text as lists of lines, and
format 4.0: there a cell has no id of its own, so the id moves into the cell's metadata. Files that it opens as 4.5 it
may also write back as 4.5.
"""

from __future__ import annotations

import json
import uuid

from nbformat import NotebookNode

SERVER = {"base_uri": "https://localhost:8080/", "height": 34}
USER = {"displayName": "A Student", "userId": "01234567890123456789"}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=\n"  # one grey dot


def saved_by_colab(notebook: NotebookNode, minor: int = 0) -> bytes:
    """The file that Colab's File > Download gives, as format 4.0 or 4.`minor`."""
    written = [_cell(cell, number, minor) for number, cell in enumerate(notebook.cells)]
    file = {
        "nbformat": 4,
        "nbformat_minor": minor,
        "metadata": _about_the_notebook(),
        "cells": [*written, _empty_last_cell(minor)],
    }
    return json.dumps(file, indent=2).encode()


def pasted_into_a_new_notebook(notebook: NotebookNode) -> bytes:
    """Every cell copied into a notebook that was begun on Colab: only the texts come along."""
    file = json.loads(saved_by_colab(notebook))
    for number, cell in enumerate(file["cells"]):
        cell["metadata"] = {"id": _new_id(f"pasted {number}")}
    return json.dumps(file, indent=2).encode()


def _about_the_notebook() -> dict:
    return {
        "colab": {
            "provenance": [],
            "toc_visible": True,
            "collapsed_sections": [],
            "gpuType": "T4",
            "authorship_tag": "ABX9TyNothingOfANameInHere",
            "include_colab_link": True,
        },
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "widgets": {"application/vnd.jupyter.widget-state+json": {"0a1b": {"model_name": "HTMLModel", "state": {}}}},
    }


def _cell(cell: NotebookNode, number: int, minor: int) -> dict:
    """One cell as Colab writes it, after it was run."""
    metadata = {**json.loads(json.dumps(cell.metadata)), "id": cell.id}
    written = {"cell_type": cell.cell_type, "metadata": metadata, "source": cell.source.splitlines(keepends=True)}
    if cell.cell_type == "code":
        metadata |= {"colab": SERVER, "outputId": _new_id(f"output {number}"), "executionInfo": _execution(number)}
        written |= {"execution_count": number + 1, "outputs": _outputs()}
    return _with_id(written, cell.id, minor)


def _execution(number: int) -> dict:
    return {
        "status": "ok",
        "timestamp": 1700000000000 + number,
        "user_tz": -60,
        "elapsed": 12,
        "user": USER,
    }


def _outputs() -> list[dict]:
    return [
        {"output_type": "stream", "name": "stdout", "text": ["one line\n", "another\n"]},
        {
            "output_type": "display_data",
            "data": {"text/plain": ["<IPython.core.display.Image object>"], "image/png": PIXEL},
            "metadata": {"image/png": {"width": 1}},
        },
    ]


def _empty_last_cell(minor: int) -> dict:
    """Colab offers one below the last cell that was run, and saves it."""
    id = _new_id("last")
    cell = {"cell_type": "code", "metadata": {"id": id}, "source": [], "execution_count": None, "outputs": []}
    return _with_id(cell, id, minor)


def _new_id(name: str) -> str:
    """An id of Colab's form; the same each time, so that a class can be written again as it was."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name).hex[:12]


def _with_id(cell: dict, id: str, minor: int) -> dict:
    return {**cell, "id": id} if minor >= 5 else cell
