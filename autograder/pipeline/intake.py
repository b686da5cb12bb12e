"""Read what a student handed in. Anything that cannot be graded becomes one plain line for that student."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ..lms.names import is_copy_of
from ..sandbox.limits import Limits
from .archive import SIGNATURE, notebook_in_archive
from .unreadable import Unreadable

_CELL_TYPES = ("code", "markdown", "raw")


def find_submission(folder: Path, name: str) -> Path:
    """The notebook in a student's folder, else the one copy of it ("Copy of ...", "... (1)"), else the one zip archive.

    Raises
    ------
    Unreadable : if the folder holds no file of that name, or nbgrader cannot work with the folder's name.
    """
    if set("*?[]") & set(folder.parent.name):
        raise Unreadable("The student's folder has one of * ? [ ] in its name, which nbgrader takes for a pattern.")
    path = folder / f"{name}.ipynb"
    if path.is_symlink():
        raise Unreadable(f"{path.name} is a link, not a file: hand in the notebook itself.")
    if path.is_file():
        return path
    files = [other for other in folder.iterdir() if other.is_file() and not other.is_symlink()]
    copies = [other for other in files if is_copy_of(other.name, name)]
    archives = [other for other in files if other.suffix == ".zip"]
    for found in (copies, archives):
        if len(found) == 1:
            return found[0]
    others = sorted(other.name for other in folder.iterdir() if other.is_file() and other.name != "timestamp.txt")
    if others:
        listed = ", ".join(others[:3])
        raise Unreadable(f"The file must be named {path.name}; found: {listed}. Rename it and hand it in again.")
    raise Unreadable(f"The folder is empty: {path.name} was not handed in.")


def read_submission(path: Path, limits: Limits | None = None) -> tuple[NotebookNode, list[str]]:
    """A student's notebook in today's format, with notes on what had to be mended. It may come in a zip archive.

    Raises
    ------
    Unreadable : if it is empty, too large, not JSON, not a notebook, or written for another language.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("The file is empty. Save the notebook and hand it in again.")
    if size > limits.notebook_bytes:
        raise Unreadable(
            f"The file has {size / 2**20:.0f} MB; at most {limits.notebook_bytes / 2**20:.3g} MB are read. "
            "Clear all outputs, save, and hand it in again."
        )
    notes = []
    raw = path.read_bytes()
    if raw.startswith(SIGNATURE):
        raw = notebook_in_archive(raw, limits)
        notes.append("The notebook came in a zip archive.")
    content = _parse(raw)
    version = content.get("nbformat")
    if version != 4:
        notes.append(f"The notebook is in the older format {version}; it was converted.")
    notebook = _convert(content)
    check_notebook(notebook)
    return notebook, notes


def _parse(raw: bytes) -> dict:
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not text, so it is not a notebook. Download it again as .ipynb.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The file is not valid JSON (line {error.lineno}, column {error.colno}): it may be cut off. "
            "Download it again as .ipynb."
        ) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable("The file's JSON cannot be read. Download it again as .ipynb.") from error
    if not isinstance(content, dict) or "nbformat" not in content or not ({"cells", "worksheets"} & content.keys()):
        raise Unreadable("The file is JSON but not a notebook. Download it again as .ipynb.")
    if content["nbformat"] not in (2, 3, 4):
        raise Unreadable(f"The notebook is in format {content['nbformat']!r:.20}, which is not known here.")
    return content


def _convert(content: dict) -> NotebookNode:
    try:
        notebook = nbformat.from_dict(content)
        if notebook.nbformat != 4:
            notebook = nbformat.convert(notebook, 4)
        for cell in notebook.cells:
            # Text may be stored as a list of lines.
            if isinstance(cell["source"], list):
                cell["source"] = "".join(cell["source"])
    except Exception as error:  # a malformed notebook can break nbformat anywhere
        raise Unreadable("The notebook's cells cannot be read. Save it again in Jupyter and hand it in.") from error
    return notebook


def check_notebook(notebook: NotebookNode) -> None:
    """Check what grading needs of a notebook that was read: cells with text, written in Python.

    Raises
    ------
    Unreadable : if a cell is malformed or the notebook is for another language.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        well_formed = isinstance(cell, dict) and isinstance(cell.get("metadata", {}), dict)
        if not well_formed or cell.get("cell_type") not in _CELL_TYPES or not isinstance(cell.get("source"), str):
            raise Unreadable(f"Cell {number} is malformed. Save the notebook again in Jupyter and hand it in.")
        cell.setdefault("metadata", NotebookNode())
        cell.source = cell.source.encode("utf-8", "replace").decode()  # half a character cannot be written down
    language = _language(notebook)
    if language != "python":
        raise Unreadable(f"The notebook is written for {language:.40}, not for Python.")


def _language(notebook: NotebookNode) -> str:
    metadata = notebook.metadata if isinstance(notebook.get("metadata"), dict) else {}
    for entry, key in (("language_info", "name"), ("kernelspec", "language")):
        section = metadata.get(entry)
        named = section.get(key) if isinstance(section, dict) else None
        if isinstance(named, str) and named:
            return named.lower().removeprefix("i")  # ipython is python
    return "python"
