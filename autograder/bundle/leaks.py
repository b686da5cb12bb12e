"""Looks through a finished bundle for what must not leave. It knows nothing of how the bundle was put together."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ..build.helper_cell import read_causes
from ..course import Course
from ..packing import packed_in
from .fingerprints import Secrets
from .published import MANIFEST
from .readme import licence_files

# A letter of each kind and a digit in so long a word: base64, or the like. A digest in hexadecimal has 64.
_OPAQUE = re.compile(r"(?=[^\s]*[A-Z])(?=[^\s]*[a-z])(?=[^\s]*\d)[A-Za-z0-9+/=_-]{70,}")
_MARKS = re.compile(r"### (?:BEGIN|END) (?:SOLUTION|HIDDEN)|\bjudge\(|\bjudge_for\b|\b(?:from|import) +autograder\b")
_FIXED = (
    MANIFEST,
    "README.md",
    "environment.yml",
    "requirements.txt",
    "binder/environment.yml",
    "binder/requirements.txt",
    "binder/start",
    "notebooks/NOTATION.md",
)
_BINDER_SETTINGS = re.compile(r"binder/jupyter/(?:[\w-]+/)*[\w-]+\.json")


def find_leaks(
    course: Course, folder: Path, secrets: Secrets, repository: str, given_out: Collection[str] | None = None
) -> list[str]:
    """One line for each leak: the file, the place in it, and what it is.

    `repository` is the students' own; `given_out` names the notebooks that are to be there, all unless given.
    """
    names = course.names if given_out is None else given_out
    expected = {*_FIXED, *licence_files(course), *(f"notebooks/{name}/{name}.ipynb" for name in names)}
    elsewhere = course.repository if course.repository != repository else ""
    causes = [read_causes(course, name) for name in course.names]
    search = _Search(secrets, course.stubs(), repository, elsewhere, causes)
    leaks = []
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            leaks.append(f"{name}: a link, or no plain file")
        elif path.is_file():
            if name not in expected and not _BINDER_SETTINGS.fullmatch(name):
                leaks.append(f"{name}: not one of the files that students get")
            leaks += [f"{name}{place}: {what}" for place, what in search.file(path)]
    return list(dict.fromkeys(leaks))


def _walk(folder: Path) -> Iterator[Path]:
    """Everything below the folder, in order. No link is followed."""
    for top, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *files]):
            yield Path(top) / name


class _Search:
    """Looks through one file after the other. What it finds comes with its place in the file, ", cell 3, line 7"."""

    def __init__(
        self, secrets: Secrets, stubs: tuple[str, ...], repository: str, elsewhere: str, causes: list[dict[str, str]]
    ):
        self._secrets, self._stubs, self._repository, self._elsewhere = secrets, stubs, repository, elsewhere
        self._causes = causes  # what is in them is what the judge says to students anyway

    def file(self, path: Path) -> Iterator[tuple[str, str]]:
        """What is wrong with a file."""
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            yield "", "not plain text"
            return
        if "\0" in text:
            yield "", "not plain text"
        elif path.suffix == ".ipynb":
            yield from self._notebook(text)
        else:
            yield from ((f", line {number}", what) for number, what in self._text(text, path.suffix == ".py"))

    def _notebook(self, text: str) -> Iterator[tuple[str, str]]:
        try:
            notebook = json.loads(text)
            found = [(number, cell, _source(cell)) for number, cell in enumerate(notebook["cells"], start=1)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield "", "not a notebook"
            return
        for number, cell, source in found:
            for line, what in self._text(source, cell.get("cell_type") == "code"):
                yield f", cell {number}, line {line}", what
            for part in ("outputs", "attachments"):
                if cell.get(part):
                    yield f", cell {number}", f"it has {part}"
            if _is_answer(cell) and not any(stub in source for stub in self._stubs):
                yield f", cell {number}", "an answer cell without its stub: is it filled in?"
            rest = {key: value for key, value in cell.items() if key != "source"}
            yield from ((f", cell {number}, beside its text", what) for what in self._strings(rest))
        rest = {key: value for key, value in notebook.items() if key != "cells"}
        yield from ((", the notebook's metadata", what) for what in self._strings(rest))

    def _strings(self, value: object) -> Iterator[str]:
        """What is wrong with the texts in nested data, keys too."""
        for _, what in self._text("\n".join(_texts(value)), False):
            yield what

    def _text(self, text: str, is_code: bool) -> Iterator[tuple[int, str]]:
        """What is wrong with a text, by line; each source is named once."""
        for packed in packed_in(text):
            causes = {} if packed.causes in self._causes else packed.causes
            inside = "\n".join([packed.helpers, *_texts(causes)])
            before, _, after = text.partition(packed.word)
            yield from ((before.count("\n") + 1, f"packed there: {what}") for _, what in self._text(inside, True))
            text = before + after
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _MARKS.search(line):
                yield number, f"{found.group()!r} is of the solutions or the hidden tests"
            # The repository's capitals are in every link.
            if _OPAQUE.search(line.replace(f"/{self._repository}/", "/") if self._repository else line):
                yield number, "a long word that could hold anything"
            if self._elsewhere and self._elsewhere in line:
                yield number, f"it leads to {self._elsewhere}, which holds the solutions"
        named = set()
        for number, origin in self._secrets.find(text, is_code):
            if origin not in named:
                named.add(origin)
                yield number, f"from {origin}"


def _source(cell: dict) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _is_answer(cell: dict) -> bool:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(nbgrader, dict) and bool(nbgrader.get("solution"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        if all(isinstance(part, str) for part in value):  # a text in lines, as notebooks keep it
            yield "".join(value)
        else:
            for inner in value:
                yield from _texts(inner)
