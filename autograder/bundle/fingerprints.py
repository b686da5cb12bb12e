"""Fingerprints of texts, which survive another layout, another file or other names.

A run is some words and signs in a row, without white space, quotes and comment signs. A shape is a function without its
names and docstrings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..course import Course
from .material import divide

RUNS = (8, 12)  # words and signs, of code and of prose: shorter ones come together by chance
SHORTEST_LINE = 9  # characters of a line that means something by itself
SMALLEST_SHAPE = 8  # nodes of the syntax tree that are no names: smaller functions are alike by chance

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TOKEN = re.compile(r"""\w+|[^\w\s#>*"'`\\]""")


@dataclass(frozen=True)
class Secrets:
    """Fingerprints of all that must not leave, each with where it is from."""

    runs: dict[int, str]
    shapes: dict[str, str]
    lines: dict[str, str]

    @classmethod
    def of(cls, course: Course) -> Secrets:
        """Those of the course's secret pieces that are not in its public ones too."""
        secret, public = divide(course)
        runs = {run: piece.origin for piece in secret for run, _ in runs_of(piece.text, piece.is_code)}
        shapes = {shape: piece.origin for piece in secret if piece.is_code for shape, _ in shapes_of(piece.text)}
        lines = {line: piece.origin for piece in secret if piece.by_line for line, _ in lines_of(piece.text)}
        for piece in public:
            for is_code in (True, False):
                for run, _ in runs_of(piece.text, is_code):
                    runs.pop(run, None)
            if piece.is_code:
                for shape, _ in shapes_of(piece.text):
                    shapes.pop(shape, None)
            for line, _ in lines_of(piece.text):
                # A later notebook may give what an earlier one asks for; none may give its own answers.
                if not lines.get(line, piece.origin).startswith(piece.origin):
                    del lines[line]
        return cls(runs, shapes, lines)

    def find(self, text: str, is_code: bool = False) -> Iterator[tuple[int, str]]:
        """The lines of a text that hold something secret, each with where that is from."""
        searches = [(lines_of(text), self.lines), (runs_of(text, True), self.runs), (runs_of(text, False), self.runs)]
        if is_code:
            searches.append((shapes_of(text), self.shapes))
        for fingerprints, known in searches:
            for fingerprint, number in fingerprints:
                if fingerprint in known:
                    yield number, known[fingerprint]


def lines_of(text: str) -> Iterator[tuple[str, int]]:
    """Each line that is long enough, its white space reduced, with its number."""
    for number, line in enumerate(text.splitlines(), start=1):
        reduced = " ".join(line.split())
        if len(reduced) >= SHORTEST_LINE:
            yield reduced, number


def runs_of(text: str, is_code: bool) -> Iterator[tuple[int, int]]:
    """Each run of the text as a number, with the line in which it begins."""
    tokens = [(token, n) for n, line in enumerate(text.lower().splitlines(), 1) for token in _TOKEN.findall(line)]
    words = [token for token, _ in tokens]
    length = RUNS[0] if is_code else RUNS[1]
    for start in range(len(words) - length + 1):
        yield hash(tuple(words[start : start + length])), tokens[start][1]


def shapes_of(code: str) -> Iterator[tuple[str, int]]:
    """The shape of each function in the code, with the line in which it begins. What does not parse has none."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            shape = _shape(node)
            if shape.count("(") >= SMALLEST_SHAPE:
                yield shape, node.lineno


def _shape(function: ast.AST) -> str:
    names: dict[str, str] = {}

    def written(node: object) -> str:
        if isinstance(node, list):
            return "[" + ",".join(map(written, node)) + "]"
        if not isinstance(node, ast.AST):
            return repr(node)
        if isinstance(node, ast.Name | ast.arg):
            return names.setdefault(node.id if isinstance(node, ast.Name) else node.arg, f"n{len(names)}")
        fields = dict(ast.iter_fields(node))
        if isinstance(node, _FUNCTIONS):
            fields = {"args": node.args, "body": _without_docstring(node.body)}
        return type(node).__name__ + "(" + ",".join(map(written, fields.values())) + ")"

    return written(function)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest] if rest:
            return rest
    return body
