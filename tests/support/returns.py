"""What editors, converters and students do to notebooks between giving out and handing in, as changes of a notebook."""

from __future__ import annotations

import base64
import hashlib

import nbformat
from nbformat import NotebookNode

from autograder import cells

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


def copy_of(cell: NotebookNode, source: str, id: str | None = None) -> NotebookNode:
    """A copy as JupyterLab makes it: nbgrader's metadata comes along, the id does not."""
    copied = nbformat.from_dict({**cell, "source": source, "metadata": {**cell.metadata}})
    copied["id"] = id or f"copy-{hashlib.sha256(source.encode()).hexdigest()[:12]}"  # the same in each run
    return copied


def place_of(notebook: NotebookNode, name: str) -> int:
    """The position of the cell with a grade id."""
    return next(i for i, cell in enumerate(notebook.cells) if cells.grade_id(cell) == name)


def split(notebook: NotebookNode, name: str, upper: str, lower: str) -> None:
    """Split a cell as JupyterLab does: both halves carry its metadata."""
    place = place_of(notebook, name)
    cell = notebook.cells[place]
    notebook.cells[place : place + 1] = [copy_of(cell, upper, cell.get("id")), copy_of(cell, lower)]


def own(source: str, kind: str = "code", **more) -> NotebookNode:
    """A cell of the student's own."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(kind, nbformat.v4.new_raw_cell)(source, **more)


def strip_metadata(notebook: NotebookNode) -> None:
    """No metadata, no ids, an older format."""
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        cell.pop("id", None)
    notebook.nbformat_minor = 4


def text_to_the_end(notebook: NotebookNode) -> None:
    """As marimo and Databricks export: code first, then all text; without metadata."""
    notebook.cells.sort(key=lambda cell: cell.cell_type != "code")
    strip_metadata(notebook)


def with_picture(source: str, raw: bytes = PNG, name: str = "image.png", kind: str = "image/png") -> dict:
    """The source and the attachments of a text cell with a picture in it."""
    content = base64.b64encode(raw).decode()
    return {"source": f"{source}\n\n![a drawing](attachment:{name})", "attachments": {name: {kind: content}}}
