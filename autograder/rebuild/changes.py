"""What a student wrote into a cell of ours: the lines and statements that no cell of ours holds."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from nbformat import NotebookNode

from ..links import without_repository

MAX_CHARACTERS = 20_000  # of a changed cell; a longer one is not taken apart
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HARMLESS = (*_DEFINITIONS, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign)
_MAGIC = re.compile(r"^[%!].*$", re.MULTILINE)
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class _Statement:
    """A statement at the top level: its lines (from 0, the end left out), and what tells it from others."""

    begin: int
    end: int
    key: str
    node: ast.stmt | None  # None: a magic


def plain(source: str) -> str:
    """A cell's text for comparing: how its lines end, space or a byte-order mark around it, and whose repository its
    links lead to do not matter."""
    return without_repository(source.strip("\ufeff \t\r\n"))


class Ours:
    """What the cells of our notebook hold, to tell it from what a student added."""

    def __init__(self, our_cells: Iterable[NotebookNode]):
        self._cells = list(our_cells)
        self.lines = {line.strip() for cell in self._cells for line in plain(cell.source).splitlines()} | {""}

    @cached_property
    def statements(self) -> set[str]:
        """Keys of all statements of our code cells; made when a cell was changed."""
        trees = (_statements(cell.source) for cell in self._cells if cell.cell_type == "code")
        return {one.key for tree in trees for one in tree or ()}

    def is_all_ours(self, source: str) -> bool:
        """Whether each line of a text is in our notebook."""
        return all(line.strip() in self.lines for line in plain(source).splitlines())

    def added_text(self, theirs: str, ours: str, is_sure: bool) -> str:
        """The lines of a changed text cell that are the student's.

        Where it is not sure that `theirs` was this edition's cell, only lines count that came in between ours, or that
        go on where one of ours ends.
        """
        theirs_lines, ours_lines = plain(theirs[:MAX_CHARACTERS]).splitlines(), plain(ours).splitlines()
        if is_sure:
            return "\n".join(self._new_or_empty(theirs_lines)).strip()
        kept: list[str] = []
        matcher = difflib.SequenceMatcher(None, ours_lines, theirs_lines, autojunk=False)
        for tag, begin, end, their_begin, their_end in matcher.get_opcodes():
            new = theirs_lines[their_begin:their_end]
            if tag == "insert":
                kept += self._new_or_empty(new)
            elif tag == "replace":
                old = ours_lines[begin:end]
                kept += [line for line in new if any(_goes_on(line, one) for one in old)]
        return "\n".join(kept).strip() if any(_WORD.search(line) for line in kept) else ""

    def _new_or_empty(self, lines: Iterable[str]) -> list[str]:
        return [line for line in lines if line.strip() not in self.lines or not line.strip()]

    def added_code(self, theirs: str, ours: str, is_sure: bool, runs_all: bool) -> list[str]:
        """The student's own statements of a changed code cell, as the sources of cells to run.

        Unless `runs_all`, as in demonstrations and tests, only definitions, imports and assignments are run, and an
        error in one does not stop the next; the others stay there to be read, as comments. Where it is not sure that
        `theirs` was this edition's cell, only statements count that define a name which `ours` does not define.
        """
        found = _statements(theirs) if len(theirs) <= MAX_CHARACTERS else None
        if found is None:
            return self._not_taken_apart(theirs, is_sure, runs_all)
        lines = theirs.splitlines()
        known_names = {name for one in _statements(ours) or () for name in _names(one.node)}
        added = [one for one in found if one.key not in self.statements]
        if not is_sure:
            added = [one for one in added if _names(one.node) - known_names]
        taken = {line for one in found for line in range(one.begin, one.end)}
        remarks = [
            _Statement(number, number + 1, "", None)
            for number, line in enumerate(lines)
            if is_sure and number not in taken and line.strip().startswith("#") and plain(line) not in self.lines
        ]
        sources, group, done = [], [], 0
        for one in sorted(added + remarks, key=lambda one: one.begin):
            text = lines[max(one.begin, done) : one.end]  # two statements may share a line
            done = max(done, one.end)
            is_run = runs_all or not one.key or one.node is None or isinstance(one.node, _HARMLESS)
            group += text if is_run else [f"# (not run at grading) {line}" for line in text]
            if not runs_all and is_run and one.key and not isinstance(one.node, _DEFINITIONS):
                sources.append("\n".join(group))
                group = []
        return [*sources, "\n".join(group)] if group else sources

    def _not_taken_apart(self, theirs: str, is_sure: bool, runs_all: bool) -> list[str]:
        """Of a cell that is no Python, or too long: all of it where it would be run, else the new lines to read."""
        if not is_sure:
            return []
        if runs_all:
            return [theirs]
        new = [line for line in theirs[:MAX_CHARACTERS].splitlines() if line.strip() not in self.lines]
        return ["\n".join(f"# (not run at grading) {line}" for line in new)] if new else []


def statement_keys(source: str) -> frozenset[str]:
    """What tells the statements of a code cell from others; nothing where it is no Python, or very long."""
    return frozenset(one.key for one in _statements(source) or ()) if len(source) <= MAX_CHARACTERS else frozenset()


def _goes_on(line: str, ours: str) -> bool:
    """Whether a line is ours with words after it."""
    return bool(ours.strip()) and line.startswith(ours) and bool(_WORD.search(line[len(ours) :]))


def _statements(source: str) -> list[_Statement] | None:
    """The statements of a code cell, lines of IPython's own among them, or None where it cannot be read."""
    magics = {source.count("\n", 0, found.start()): found[0] for found in _MAGIC.finditer(source)}
    try:
        body = ast.parse(_MAGIC.sub("pass", source)).body
        return list(_described(body, magics))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _described(body: list[ast.stmt], magics: dict[int, str]) -> Iterator[_Statement]:
    for node in body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) - 1
        if isinstance(node, ast.Pass) and first in magics:
            yield _Statement(first, first + 1, magics[first], None)
        else:
            yield _Statement(first, node.end_lineno or node.lineno, ast.dump(node), node)


def _names(node: ast.stmt | None) -> set[str]:
    """The names that a statement defines at the top level."""
    if isinstance(node, _DEFINITIONS):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return set()


def reads_as_words(source: str) -> bool:
    """Whether a code cell holds words: no Python, or comments and texts alone."""
    if len(source) > MAX_CHARACTERS:
        return False
    try:
        body = ast.parse(source).body
        called = any(isinstance(one, ast.Call) for one in ast.walk(ast.Module(body, [])))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not _MAGIC.search(source)
    return not called and all(isinstance(one, ast.Expr) for one in body)
