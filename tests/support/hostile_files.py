"""What a hostile student does to the notebook file, and to what lies around it."""

from __future__ import annotations

import io
import json
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import cells
from tests.support.returns import place_of, strip_metadata

MARK = "hostile-was-here"
NOTEBOOK_BYTES = 16 * 2**20  # the limit in this class

# Names of students' folders. Each must be graded or refused, and touch nothing but itself.
ODD_NAMES = (
    "-rf",
    "--help",
    ".hidden",
    "...",
    "~root",
    "two words ",
    "naïve ☃",
    "x' OR '1'='1",
    'quote"d',
    "back\\slash",
    f"$(touch {MARK})",
    f";touch {MARK}",
    "<img src=x onerror=alert(1)>",
    "%2e%2e%2f%s%n",
    "{student_id}",
    "line\nbreak",
    "bell\x07\x1b[2J",
    "\u202egpj.exe",
    "=1+1",
    "n" * 200,
    "glob*",
    "surrogate\udcff",
)


def _as_bytes(notebook: NotebookNode) -> bytes:
    return json.dumps(notebook).encode()


def _tag_tests(notebook: NotebookNode) -> bytes:
    for cell in notebook.cells:
        if cells.is_judged(cell):
            cell.metadata["tags"] = ["skip-execution", "demo", "instructor", "remove_cell"]
    return _as_bytes(notebook)


def _many_cells(notebook: NotebookNode) -> bytes:
    notebook.cells += [nbformat.v4.new_code_cell("1", id=f"many-{n}") for n in range(100_000)]
    return _as_bytes(notebook)


def _anagrams(notebook: NotebookNode) -> bytes:
    """The answers among cells with the letters of the instructor's, in another order: all look alike at a glance."""
    strip_metadata(notebook)
    answers = [cell for cell in notebook.cells if cell.source.startswith("def ")]
    others = [cell for cell in notebook.cells if cell not in answers and len(cell.source) > 500]
    shuffle = random.Random(0)
    for number in range(2000):
        cell = nbformat.from_dict(dict(others[number % len(others)]))
        mixed = "".join(shuffle.sample(cell.source, len(cell.source)))
        cell.source = "# " + mixed.replace("\n", " ") if cell.cell_type == "code" else mixed
        answers.insert(number % len(answers), cell)
    notebook.cells = answers
    return _as_bytes(notebook)


def _many_definitions(notebook: NotebookNode) -> bytes:
    """The answers without their marks among thousands of cells of code, each of which might be one of them."""
    strip_metadata(notebook)
    body = "".join(f"    value = value * {number} + 1\n" for number in range(40))
    notebook.cells += [nbformat.v4.new_code_cell(f"def other_{n}(value):\n{body}") for n in range(8_000)]
    for cell in notebook.cells:
        cell.pop("id", None)
    return _as_bytes(notebook)


def _long_cell(notebook: NotebookNode) -> bytes:
    answer = notebook.cells[place_of(notebook, "global_average_pool")]
    answer.source += "\n" + "# a long comment\n" * 500_000
    return _as_bytes(notebook)


def _odd_text(notebook: NotebookNode) -> bytes:
    odd = "# \x00\x01\x1b[2J\u202e\ufffe </script></div><!-- <plaintext> \ud800 {{ 7*7 }} {% raw %}"
    notebook.cells.append(nbformat.v4.new_code_cell(odd))
    notebook.cells.append(nbformat.v4.new_markdown_cell(odd))
    notebook.cells.append(nbformat.v4.new_raw_cell(odd))
    return _as_bytes(notebook)


def _odd_metadata(notebook: NotebookNode) -> bytes:
    odd = [[], 3, None, "x", {"nbgrader": []}, {"nbgrader": {"grade_id": ["a"]}}, {"tags": 3}, {"nbgrader": "x"}]
    odd += [{"nbgrader": {"grade_id": "../../" + MARK, "grade": True}}, {"nbgrader": {"grade_id": "x" * 2**20}}]
    notebook.metadata = nbformat.from_dict({"kernelspec": {"name": "../../bin/sh"}, "language_info": [], "title": 3})
    for number, metadata in enumerate(odd):
        if isinstance(metadata, dict):
            cell = nbformat.v4.new_code_cell("0", id=f"odd-{number}")
            cell["metadata"], cell["outputs"], cell["execution_count"] = metadata, 3, "x"
            notebook.cells.append(cell)
    return _as_bytes(notebook)


def _same_ids(notebook: NotebookNode) -> bytes:
    for cell in notebook.cells:
        cell["id"] = "../../same"
    return _as_bytes(notebook)


def _odd_numbers(notebook: NotebookNode) -> bytes:
    return _as_bytes(notebook).replace(b'"nbformat": 4', b'"nbformat": 1e400, "nbformat": ' + b"9" * 5000)


def _empty_dictionaries(notebook: NotebookNode) -> bytes:
    content = _as_bytes(notebook)
    room = (NOTEBOOK_BYTES - len(content) - 100) // 3
    return content.replace(b'"metadata": {', b'"metadata": {"x": [' + b"{}," * room + b"{}], ", 1)


def _attachments(notebook: NotebookNode) -> bytes:
    script = "<script>alert(1)</script>" * 200_000
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell["attachments"] = {"../../" + MARK: {"image/png": script}}
            break
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": script}}]
            break
    return _as_bytes(notebook)


def _wrong_cells(notebook: NotebookNode) -> bytes:
    notebook.cells += [["code"], 3, {"cell_type": "virus", "source": []}]
    return _as_bytes(notebook)


def _emphasis(notebook: NotebookNode) -> bytes:
    """Words on which a parser of Markdown thinks for minutes, as answers and as cells of the student's own."""
    texts = ["*a " * 3_333 + "b*" * 5_000, "[" * 50_000, "![" * 5_000, "*a_ " * 2_500, ("|a" * 300 + "\n") * 300]
    for number, cell in enumerate(cell for cell in notebook.cells if cells.is_manual(cell)):
        cell.source = texts[number % len(texts)]
    notebook.cells += [nbformat.v4.new_markdown_cell(text) for text in texts * 10]
    return _as_bytes(notebook)


HANDLINGS_OF_ATTACKS: dict[str, Callable[[NotebookNode], bytes]] = {
    "tagged test cells": _tag_tests,
    "many cells": _many_cells,
    "anagrams": _anagrams,
    "many definitions": _many_definitions,
    "long cell": _long_cell,
    "odd text": _odd_text,
    "odd metadata": _odd_metadata,
    "same ids": _same_ids,
    "odd numbers": _odd_numbers,
    "attachments": _attachments,
    "empty dictionaries": _empty_dictionaries,
    "wrong cells": _wrong_cells,
    "emphasis": _emphasis,
}


# --- the file and its folder ---------------------------------------------------------------------------------------


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir()
    (folder / name).write_bytes(content)


def _instead(make: Callable[[Path], object]) -> Callable[[Path, str, bytes], None]:
    """Something else stands where the notebook should."""

    def write(folder: Path, name: str, content: bytes) -> None:
        folder.mkdir()
        make(folder / name)

    return write


def _beside(make: Callable[[Path], object]) -> Callable[[Path, str, bytes], None]:
    """Something stands beside the notebook."""

    def write(folder: Path, name: str, content: bytes) -> None:
        _write(folder, name, content)
        make(folder)

    return write


def _zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            # Without the time of day: the same student hands in the same bytes again, and is asked the same.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _zip(change: Callable[[str, bytes], bytes]) -> Callable[[Path, str, bytes], None]:
    """An archive in the place of the notebook, made from its name and content."""

    def write(folder: Path, name: str, content: bytes) -> None:
        folder.mkdir()
        (folder / f"{name}.zip").write_bytes(change(name, content))

    return write


def _padded_to_ratio(name: str, content: bytes, ratio: float) -> bytes:
    """The notebook with spaces behind it, so that the archive unpacks to `ratio` times its size."""
    return _zipped((name, content + b" " * int(ratio * len(zlib.compress(content)))))


def _lying(name: str, content: bytes) -> bytes:
    archive = bytearray(_zipped((name, content * 20)))
    place = archive.rindex(b"PK\x01\x02") + 24
    archive[place : place + 4] = struct.pack("<I", len(content))
    return bytes(archive)


def _pad(content: bytes, size: int) -> bytes:
    return content + b" " * (size - len(content))


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 * 2**30)


def _links(folder: Path) -> None:
    course = folder.parent.parent.parent
    inside = (course / "gradebook.db", course / "solutions", folder.parent.parent, folder)
    for number, target in enumerate((*inside, Path("/etc/passwd"), Path("/"))):
        (folder / f"link-{number}").symlink_to(target)
    (folder / "inside").mkdir()
    (folder / "inside" / "gradebook.db").symlink_to(course / "gradebook.db")


def _link_to_solutions(path: Path) -> None:
    path.symlink_to(path.parents[3] / "solutions" / path.stem / path.name)


def _link_to_another(folder: Path, name: str, content: bytes) -> None:
    another = next(path for path in sorted(folder.parent.parent.iterdir()) if path.name.endswith("honest-right"))
    folder.symlink_to(another / folder.name)


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**36)


FILES: dict[str, Callable[[Path, str, bytes], None]] = {
    "none": _write,
    "link": _instead(_link_to_solutions),
    "folder link": _link_to_another,
    "pipe": _instead(os.mkfifo),
    "zip of gigabytes": _instead(lambda path: path.write_bytes(_zipped((path.name, bytes(2**28))))),
    "zip of spaces": _zip(lambda name, content: _padded_to_ratio(name, content, 200)),
    "lying zip": _zip(_lying),
    "zip with a path": _zip(lambda name, content: _zipped((f"../../../../{MARK}/{name}", content))),
    "zip of many": _zip(lambda name, content: _zipped(*((f"{n}.ipynb", b"") for n in range(50_000)))),
    "below ratio": _zip(lambda name, content: _padded_to_ratio(name, content, 65)),
    "above size": lambda folder, name, content: _write(folder, name, _pad(content, NOTEBOOK_BYTES + 1)),
    "below size": lambda folder, name, content: _write(folder, name, _pad(content, NOTEBOOK_BYTES)),
    "huge": _instead(_huge),
    "nested": _instead(lambda path: path.write_text('{"nbformat": 4, "cells": ' + "[" * 10**6 + "]" * 10**6 + "}")),
    "pipe beside": _beside(lambda folder: os.mkfifo(folder / "data.csv")),
    "links beside": _beside(_links),
    "sparse beside": _beside(lambda folder: _sparse(folder / "data.bin")),
    "many beside": _beside(lambda folder: [(folder / f"{number}.csv").touch() for number in range(20_000)]),
    "timestamp": _beside(lambda folder: (folder / "timestamp.txt").write_text("never " * 10**6)),
    "timestamp digits": _beside(lambda folder: (folder / "timestamp.txt").write_text("10h" + "9" * 90)),
    "timestamp far": _beside(lambda folder: (folder / "timestamp.txt").write_text("9999-12-31 23:59:59 -1200")),
    "timestamp pipe": _beside(lambda folder: os.mkfifo(folder / "timestamp.txt")),
}
