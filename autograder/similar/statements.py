"""An answer as its statements, each in a form that new names, comments and another order or layout leave as it is."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST = 6  # words and signs: what is shorter, such as `y = x / n`, two people write without knowing of each other

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^<>]*>")
_SENTENCE = re.compile(r"\S.*?(?:[.!?:](?=\s)|\n\s*\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_NAME = "_"  # stands for every name that the answer itself gives
_BODIES = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Statement:
    """One statement or sentence: its first and last line in the answer, counted from 1, and its form."""

    first: int
    last: int
    form: str


def statements_of(source: str, is_code: bool) -> list[Statement]:
    """The statements of an answer that are long enough to mean something."""
    found = _of_code(source) if is_code else _of_words(source)
    return [one for one in found if len(_TOKEN.findall(one.form)) >= SHORTEST]


def _of_code(source: str) -> list[Statement]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a student's escapes
            tree = ast.parse(source)
        return list(_walk(tree.body, _Nameless(_given_names(tree))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # unfinished, or it holds a magic: line by line
        lines = enumerate(source.splitlines(), start=1)
        return [Statement(number, number, " ".join(_TOKEN.findall(_COMMENT.sub("", line)))) for number, line in lines]


def _of_words(text: str) -> Iterator[Statement]:
    """The sentences, without tags, signs and capitals."""
    for found in _SENTENCE.finditer(text):
        first = text.count("\n", 0, found.start()) + 1
        words = _WORD.findall(_TAG.sub(" ", found[0]).lower())
        yield Statement(first, first + found[0].rstrip().count("\n"), " ".join(words))


def _given_names(tree: ast.AST) -> set[str]:
    """The names that the code itself gives: to functions, arguments and variables."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                names.add(name)
    return names


class _Nameless(ast.NodeTransformer):
    """Takes the given names out, and the annotations; puts arguments by keyword in order."""

    def __init__(self, names: set[str]):
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(_NAME if node.id in self._names else node.id, node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(_NAME)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name, node.returns, node.decorator_list = _NAME, None, []
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        return ast.Assign([node.target], node.value, lineno=node.lineno) if node.value else ast.Pass()

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords.sort(key=lambda keyword: keyword.arg or "")
        return node


def _walk(body: list[ast.stmt], nameless: _Nameless) -> Iterator[Statement]:
    """Each statement without what it holds, which comes after it; docstrings are left out."""
    for node in body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        inner = [part for field in _BODIES for part in getattr(node, field, [])]
        inner += [
            part for other in (*getattr(node, "handlers", []), *getattr(node, "cases", [])) for part in other.body
        ]
        first, last = node.lineno, inner[0].lineno - 1 if inner else node.end_lineno or node.lineno
        for field in (*_BODIES, "handlers", "cases"):
            if hasattr(node, field):
                setattr(node, field, [ast.Pass()] if field == "body" else [])
        if isinstance(node, ast.Try):
            node.finalbody = [ast.Pass()]
        if isinstance(node, ast.Match):
            node.cases = [ast.match_case(ast.MatchAs(), body=[ast.Pass()])]
        form = ast.unparse(ast.fix_missing_locations(nameless.visit(node)))
        yield Statement(first, max(first, last), form.splitlines()[0])
        yield from _walk(inner, nameless)
