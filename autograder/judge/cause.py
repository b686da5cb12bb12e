"""Why a name is missing where an exercise is asked: the cell that should have defined it did not come to its end.

What is known of a cell's failure is the word of the student's process: it makes one sentence of bounded length to
that student, and never points.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..exercise.answers import Answer
from ..exercise.errors import advice_on, one_line
from ..statuses import AnswerStatus

_LONGEST_CODE = 60  # characters of a line that is quoted
_LONGEST_MESSAGE = 2_000
_LONGEST_SOURCE = 10_000  # characters of a cell that are looked through
_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
_INCOMPLETE = "_IncompleteInputError"  # of a cell that breaks off: from Python 3.13 on a SyntaxError of its own

_PLACE = re.compile(r" ?\(<?[^()]*>?, line (\d{1,6})\)$")  # as Python adds it to a SyntaxError
_CHARACTER = re.compile(r"^invalid non-printable character U\+([0-9A-F]{4,6})$")
_UNDEFINED = re.compile(r"\bname '(\w+)' is not defined")
_NOT_PYTHON = re.compile(r"^[ \t]*[%!].*", re.MULTILINE)  # magics and commands
# Names that a source which cannot be parsed would define: defined, imported, assigned.
_DEFINES = re.compile(r"\b(?:def|class|as)[ \t]+(\w+)|^[ \t]*(\w+)[ \t]*=(?!=)", re.MULTILINE)
_IMPORTS = re.compile(r"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+([\w., \t()]+)", re.MULTILINE)

# What quotes a student in a sentence: the text of an exception (see `explain_error`), a line of a cell.
_RAISED = re.compile(r"^([\w ]+? raised \w+)\b.*", re.DOTALL)
_CALLS = re.compile(r"^(\w+ calls )\w+(, which is not written yet)")
_BEGINS, _STOPPED = re.compile(r" that begins with `[^`]*`"), re.compile(r"( stopped with \w+)\b.*", re.DOTALL)


@dataclass(frozen=True)
class Failure:
    """A cell whose names may be missing, and why.

    Attributes
    ----------
    source : the cell's text.
    reason : what comes after "The answer cell", such as "stopped with ValueError: no".
    advice : a sentence of its own, or "".
    answers : the exercise whose answer, or a piece of it, the cell holds.
    whole : nothing of the cell ran.
    where : "above", "below" or "", for a student who looks for it.
    """

    source: str
    reason: str
    advice: str = ""
    answers: str | None = None
    whole: bool = False
    where: str = "above"

    def defines(self, name: str) -> bool:
        """Whether the cell would have defined the name, as far as its text tells."""
        return not names_of(self.source).isdisjoint((name, "*"))

    def sentence(self, exercise: str, name: str = "") -> str:
        """Why `name` is missing, in a sentence about that exercise; the advice follows in one of its own."""
        so = f", so `{name}` was never defined" if name else ""
        return f"{self._cell(exercise)} {self.reason}{so}. {self.advice}".strip()

    def _cell(self, exercise: str) -> str:
        if self.answers == exercise:
            return "The answer cell"
        if self.answers is not None:
            return f"The answer cell of {self.answers}"
        first = next((line for line in self.source[:_LONGEST_SOURCE].splitlines() if line.strip()), "")
        return f"The cell {self.where} that begins with {_code(first)}".replace("  ", " ", 1)


def stopped_with(source: str, name: str, message: str, line: int | None = None, **about) -> Failure:
    """The Failure of a cell that stopped with an exception of this class and message, in this line (from 1)."""
    name = "SyntaxError" if name == _INCOMPLETE else one_line(name, _LONGEST_CODE)
    whole = name in _SYNTAX_ERRORS
    message = message[:_LONGEST_MESSAGE]
    lines = source[:_LONGEST_SOURCE].splitlines()
    if whole and (stated := _PLACE.search(message)):
        message, line = message[: stated.start()], int(stated[1])
    message, error = one_line(message).strip(" :"), f"{name}: {message}"
    magic = source.lstrip().startswith("%%")  # its lines are counted from another one
    blank = next((number for number, text in enumerate(lines) if text.strip()), 0)  # not counted by IPython
    line = None if line is None or magic else line + blank
    advice = advice_on(error)
    if found := _CHARACTER.match(message):
        number = int(found[1], 16)
        kind = unicodedata.name(chr(number), "character that cannot be seen").lower() if number < 0x110000 else ""
        message = f"{'a line' if line is None else f'line {line}'} holds a {kind} (U+{found[1]})"
        advice = "Python cannot read it: delete it, and type an ordinary space where one is needed."
        line = None
    quoted = f", {_code(lines[line - 1])}" if line is not None and 0 < line <= len(lines) else ""
    place = "" if line is None else f" in line {line}{quoted}"
    said = f": {message.rstrip('.')}" if message else ""
    return Failure(source, f"stopped with {name}{place}{said}", advice, whole=whole, **about)


def was_stopped(source: str, sentence: str, **about) -> Failure:
    """The Failure of a cell with which the interpreter was stopped."""
    return Failure(source, "was stopped at grading", sentence, **about)


def with_causes(exercise: str, answers: Mapping[str, Answer], failures: Sequence[Failure]) -> Mapping[str, Answer]:
    """The answers, with the cause where a name is missing that one of the failed cells would have defined."""
    if not failures:
        return answers
    return {key: replace(answer, cause=_cause(exercise, answer, failures)) for key, answer in answers.items()}


def of_an_earlier(exercise: str, failures: Sequence[Failure]) -> str:
    """The sentence on a cell that would have defined the exercise again and of which nothing ran; "" if none."""
    for failure in reversed(failures):
        if failure.whole and failure.answers in (exercise, None) and failure.defines(exercise):
            return f"An earlier {exercise} was judged. {failure.sentence(exercise)}"
    return ""


def without_own_words(sentence: str) -> str:
    """A verdict's sentence without what quotes the student: for a page without names."""
    sentence = _CALLS.sub(r"\1a function\2", sentence)
    return _STOPPED.sub(r"\1.", _BEGINS.sub("", _RAISED.sub(r"\1.", sentence)))


def _cause(exercise: str, answer: Answer, failures: Sequence[Failure]) -> str:
    if answer.status == AnswerStatus.MISSING:
        own = [failure for failure in failures if failure.answers == exercise]
        found = _last(own, exercise) or (own[-1] if own else None) or _last(failures, exercise)
        return found.sentence(exercise, "" if found.answers == exercise else exercise) if found else ""
    if answer.status != AnswerStatus.RAISED:
        return ""
    if answer.stub:  # what was written instead of the stub may not have run
        found = _last([failure for failure in failures if failure.where != "below"], answer.stub)
        return found.sentence(exercise) if found else ""
    if undefined := _UNDEFINED.search(answer.error):
        found = _last(failures, undefined[1])
        return found.sentence(exercise, undefined[1]) if found else ""
    return ""


def _last(failures: Iterable[Failure], name: str) -> Failure | None:
    """The last failed cell above that defines the name, else one below."""
    found = [failure for failure in failures if failure.defines(name)]
    above = [failure for failure in found if failure.where != "below"]
    return next(reversed(above or found[:1]), None)


def _code(line: str) -> str:
    return f"`{one_line(line, _LONGEST_CODE).replace('`', chr(39))}`"


def names_of(source: str) -> frozenset[str]:
    """The names that a cell's text defines at its top level; "*" where it imports all of a module."""
    return _names_of(source[:_LONGEST_SOURCE])


@lru_cache(512)  # a notebook's cells: each exercise may look through all of them
def _names_of(source: str) -> frozenset[str]:
    source = _NOT_PYTHON.sub("", source)
    names: set[str] = set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        names.update(name for found in _DEFINES.findall(source) for name in found if name)
        return frozenset(names) | {name for found in _IMPORTS.findall(source) for name in re.findall(r"\w+|\*", found)}
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        if isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
        waiting += ast.iter_child_nodes(node)
    return frozenset(names)
