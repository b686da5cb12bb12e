"""Read what a student handed in. Anything that cannot be graded becomes one plain line for that student.

Reading takes a bounded time and memory whatever the file is: its size is limited, so are its lists and objects and its
cells, each step goes through it once, and what grading does not need is dropped while the JSON is read.
"""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path

from nbformat import NotebookNode

from ..sandbox.limits import Limits
from .archive import SIGNATURE, notebook_in_archive
from .kinds import HEAD_BYTES, Unreadable, why_no_notebook

MAX_CELLS = 10_000
MAX_PARTS = 1_000_000  # lists and objects, by their opening brackets: each takes up to 250 bytes of memory
_CELL_TYPES = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown"}
_PYTHON_BY_OTHER_NAMES = ("pyspark", "sage")  # what their kernels write where others write python or ipython3
_LINE_END = re.compile(r"\r+\n?")  # of Windows, of old Macs, or written twice on the way
_OF_NOTEBOOK = {"nbformat", "metadata", "cells", "worksheets", "kernelspec", "language_info", "language", "name"}
_OF_CELL = {"cell_type", "source", "input", "level", "id", "tags", "attachments", "outputs", "text", "nbgrader"}
_OF_NBGRADER = {"schema_version", "grade_id", "grade", "solution", "locked", "task", "points", "checksum"}
_NEEDED = _OF_NOTEBOOK | _OF_CELL | _OF_NBGRADER


def read_submission(path: Path, limits: Limits | None = None) -> tuple[NotebookNode, list[str]]:
    """A student's notebook in today's format, with notes on what had to be mended. It may come in a zip archive.

    Of its cells there are type, source, id, tags, nbgrader's metadata, pictures attached, and what they printed.
    Raises Unreadable if it is empty, too large, not JSON, not a notebook, or written for another language; OSError
    if the file cannot be read.
    """
    limits = limits or Limits()
    raw, is_archive = _read(path, limits)
    notes = ["The notebook came in a zip archive."] if is_archive else []
    content = _parse(raw, path.name)
    version = content["nbformat"]
    if version != 4:
        notes.append(f"The notebook is in the older format {version}; it was converted.")
    _require_python(content.get("metadata"))
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=_cells_of(content)), notes


def notebook_text(path: Path, limits: Limits | None = None) -> str:
    """The JSON of a file that may be a notebook, unpacked but not parsed.
    Raises Unreadable if it is empty, too large or not text; OSError if the file cannot be read."""
    return decoded(_read(path, limits or Limits())[0], path.name)


def _read(path: Path, limits: Limits) -> tuple[bytes, bool]:
    """The notebook's bytes, and whether they came in an archive."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("The file is empty. Save the notebook and hand it in again.")
    if size > limits.notebook_bytes:
        raise Unreadable(
            f"The file has {size / 2**20:.0f} MB; at most {limits.notebook_bytes / 2**20:.3g} MB are read. "
            "Clear all outputs, save, and hand it in again."
        )
    with path.open("rb") as file:
        raw = file.read(limits.notebook_bytes)  # no more, where it grows meanwhile
    if raw.startswith(SIGNATURE):
        return notebook_in_archive(raw, limits), True
    return raw, False


def decoded(raw: bytes, name: str) -> str:
    """The text in the bytes of a file of this name. Raises Unreadable if they are none."""
    # Jupyter writes UTF-8; Windows may have put its mark before it, or written UTF-16 anew.
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        return raw.decode("utf-16" if raw.startswith(marks) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_notebook(raw, name, "The file is not text, so it is not a notebook.") from error


def _no_notebook(raw: bytes, name: str, otherwise: str) -> Unreadable:
    """Why a file is no notebook; `otherwise` where that is all that can be said."""
    known = why_no_notebook(raw[:HEAD_BYTES], name, "The file")
    return Unreadable(known or f"{otherwise} Download it again as .ipynb.")


def _parse(raw: bytes, name: str) -> dict:
    """The notebook's JSON, less what is not needed; `name` is the file's, which may say what else it is."""
    text = decoded(raw, name)
    if text.count("{") + text.count("[") > MAX_PARTS:
        raise Unreadable("The notebook has too many parts to be read. Clear all outputs, save, and hand it in again.")
    try:
        content = json.loads(text, object_pairs_hook=_needed)
    except json.JSONDecodeError as error:
        place = f"The file is not valid JSON (line {error.lineno}, column {error.colno})"
        cause = "it may be cut off" if text.lstrip().startswith("{") else "it is other text, not a notebook"
        raise _no_notebook(raw, name, f"{place}: {cause}.") from error
    except (RecursionError, ValueError, MemoryError) as error:
        raise Unreadable("The file's JSON cannot be read. Download it again as .ipynb.") from error
    if not isinstance(content, dict) or "nbformat" not in content or not ({"cells", "worksheets"} & content.keys()):
        raise _no_notebook(raw, name, "The file is JSON but not a notebook.")
    if content["nbformat"] not in (2, 3, 4):
        version = content["nbformat"] if isinstance(content["nbformat"], int | float | str) else "?"
        raise Unreadable(f"The notebook is in format {version!r:.20}, which is not known here.")
    return content


class _Pictures(dict):
    """A bundle of MIME types, or files of them: what a cell has attached."""


def _needed(pairs: list[tuple[str, object]]) -> dict | None:
    """What grading needs of a JSON object; None if that is nothing. So the rest is gone before more of it is read."""
    kept = {key: value for key, value in pairs if key in _NEEDED or type(value) is _Pictures}
    return kept or _Pictures((key, value) for key, value in pairs if key.startswith("image/")) or None


def _cells_of(content: dict) -> list[NotebookNode]:
    """The cells of a notebook in any format, each in today's."""
    cells = content.get("cells")
    if content["nbformat"] != 4:
        sheets = content.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        parts = [sheet["cells"] for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
        cells = [cell for part in parts for cell in part]
    return _clean_cells(cells)


def check_notebook(notebook: NotebookNode) -> None:
    """Make of a notebook in today's format what `read_submission` gives: clean cells, written in Python.
    Raises Unreadable if a cell is malformed or the notebook is for another language."""
    _require_python(notebook.get("metadata"))
    notebook.cells = _clean_cells(notebook.cells)


def _clean_cells(cells: object) -> list[NotebookNode]:
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Unreadable("The notebook's cells cannot be read. Save it again in Jupyter and hand it in.")
    if len(cells) > MAX_CELLS:
        raise Unreadable(
            f"The notebook has {len(cells):,} cells; at most {MAX_CELLS:,} are read. Delete those that are not needed."
        )
    return [_clean_cell(number, cell) for number, cell in enumerate(cells, start=1)]


def _clean_cell(number: int, cell: dict) -> NotebookNode:
    written, source = cell.get("cell_type"), _joined(cell.get("source", cell.get("input")))
    if not isinstance(written, str) or written not in _CELL_TYPES or source is None:
        raise Unreadable(f"Cell {number} is malformed. Save the notebook again in Jupyter and hand it in.")
    if written == "heading":
        level = cell.get("level")
        source = f"{'#' * (level if isinstance(level, int) and 1 <= level <= 6 else 1)} {source}"
    clean = NotebookNode(cell_type=_CELL_TYPES[written], metadata=_clean_metadata(cell.get("metadata")), source=source)
    if isinstance(cell.get("id"), str):
        clean["id"] = cell["id"]
    if clean.cell_type == "code":
        clean |= {"execution_count": None, "outputs": _printed(cell.get("outputs"))}
    elif pictures := _clean_attachments(cell.get("attachments")):
        clean["attachments"] = pictures
    return clean


def _joined(text: object) -> str | None:
    """A text, which may be stored as a list of lines, as no text at all, or with the line ends of Windows."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if text is None:
        return ""
    if not isinstance(text, str):
        return None
    # Half of a surrogate pair can be in JSON, but not in a file.
    return _LINE_END.sub("\n", text).encode("utf-8", "replace").decode()


def _clean_metadata(found: object) -> NotebookNode:
    found = found if isinstance(found, dict) else {}
    nbgrader, tags = found.get("nbgrader"), found.get("tags")
    kept = NotebookNode({"id": found["id"]} if isinstance(found.get("id"), str) else {})  # Colab's place for it
    if isinstance(nbgrader, dict):
        plain = {key: value for key, value in nbgrader.items() if isinstance(value, str | int | float)}
        kept["nbgrader"] = NotebookNode(plain)
    if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
        kept["tags"] = tags
    return kept


def _clean_attachments(found: object) -> NotebookNode:
    kept = NotebookNode()
    for file, bundle in found.items() if isinstance(found, dict) else ():
        texts = {kind: _joined(data) for kind, data in bundle.items()} if isinstance(bundle, dict) else {}
        kept[file] = NotebookNode({kind: text for kind, text in texts.items() if text})
    return NotebookNode({file: bundle for file, bundle in kept.items() if bundle})


def _printed(outputs: object) -> list[NotebookNode]:
    """What a cell printed when it was saved, as one output: `autograder progress` looks for it, grading does not."""
    found = outputs if isinstance(outputs, list) else []
    text = "".join(_joined(output.get("text")) or "" for output in found if isinstance(output, dict))
    return [NotebookNode(output_type="stream", name="stdout", text=text)] if text else []


def _require_python(metadata: object) -> None:
    """Refuse a notebook that says it is for another language. One that says nothing is taken for Python."""
    metadata = metadata if isinstance(metadata, dict) else {}
    for entry, key in (("language_info", "name"), ("kernelspec", "language")):
        section = metadata.get(entry)
        named = section.get(key) if isinstance(section, dict) else None
        if isinstance(named, str) and named.strip():
            language = named.strip()
            if "python" not in language.lower() and not language.lower().startswith(_PYTHON_BY_OTHER_NAMES):
                advice = "Open it with a Python kernel, save it and hand it in again."
                raise Unreadable(f"The notebook is written for {language:.40}, not for Python. {advice}")
            return
