"""A page on a module of the course that others import: its names with their signatures and docstrings, as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module

from ..course import CONFIG_NAME, CourseError

API = "api.html"
_LINE = 100  # characters of a signature on one line
_SECTION = re.compile(r"^([A-Z]\w*):\n((?:(?: {4}.*)?(?:\n|\Z))+)", re.MULTILINE)
_ENTRY = re.compile(r"^([^\s`:][^:\n]*): (.*(?:\n +.*)*)", re.MULTILINE)
_CODE = ("Example", "Examples")


def api_of(name: str) -> str:
    """The page of a module: what its docstring says, a list of what it holds, and each of these.

    What it holds is its `__all__`. A docstring's sections are Google's: a word and a colon, then indented lines.
    Raises CourseError if the module cannot be imported, does not say what it holds, or holds something without a
    docstring.
    """
    try:
        module = import_module(name)
    except ImportError as error:
        raise CourseError(f"{CONFIG_NAME}: c.Course.api names {name!r}, which cannot be imported: {error}") from error
    held = {one: getattr(module, one) for one in getattr(module, "__all__", ())}
    if not held:
        raise CourseError(f"{name} has no `__all__`, which says what its page, c.Course.api, is about")
    listed = [f"- [`{one}`](#{one.lower()}): {_first_line(name, one, item)}" for one, item in held.items()]
    parts = [f"# {name}", _docstring(name, module), "\n".join(listed)]
    for one, item in held.items():
        parts += [f"## {one}", _fenced(_signature(one, item)), *_described(_docstring(f"{name}.{one}", item))]
    return "\n\n".join(filter(None, parts)) + "\n"


def _docstring(name: str, item: object) -> str:
    inherited = isinstance(item, type) and not vars(item).get("__doc__")
    text = None if inherited else inspect.getdoc(item)
    if not text:
        raise CourseError(f"{name} has no docstring, and the course's site shows it")
    return text


def _first_line(module: str, name: str, item: object) -> str:
    return _docstring(f"{module}.{name}", item).partition("\n")[0]


def _signature(name: str, item: object) -> str:
    """A call of a function or class, with the hints and defaults of its parameters."""
    function = item.__init__ if isinstance(item, type) else item  # a class may have a __new__ that takes anything
    parameters = list(inspect.signature(function).parameters.values())[isinstance(item, type) :]
    shown = list(_parameters(parameters))
    line = f"{name}({', '.join(shown)})"
    return line if len(line) <= _LINE else "\n".join([f"{name}(", *(f"    {one}," for one in shown), ")"])


def _parameters(parameters: list[inspect.Parameter]) -> Iterator[str]:
    starred = False
    for one in parameters:
        if one.kind is one.KEYWORD_ONLY and not starred:
            yield "*"
        starred |= one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        has_hint = one.annotation is not one.empty
        hint = one.annotation if isinstance(one.annotation, str) else inspect.formatannotation(one.annotation)
        equals = " = " if has_hint else "="
        default = "" if one.default is one.empty else f"{equals}{one.default!r}"
        yield f"{star}{one.name}{f': {hint}' if has_hint else ''}{default}"


def _described(text: str) -> Iterator[str]:
    """A docstring as parts of Markdown: its prose as it is, its sections under their words."""
    end = 0
    for section in _SECTION.finditer(f"{text}\n"):
        yield text[end : section.start()].strip()
        end = section.end()
        title, body = section[1], inspect.cleandoc(section[2])
        yield f"**{title}**"
        if title in _CODE:
            yield _fenced(body)
        elif "".join(_ENTRY.sub("", body).split()):  # prose, or entries and prose
            yield body
        else:
            yield "\n".join(f"- `{key}`: {' '.join(said.split())}" for key, said in _ENTRY.findall(body))
    yield text[end:].strip()


def _fenced(code: str) -> str:
    return f"```python\n{code}\n```"
