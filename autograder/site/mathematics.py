"""TeX formulas to MathML, which browsers draw and read out by themselves."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from latex2mathml.converter import convert

from ..course import CourseError

# A function's name stands apart from its argument, in TeX and nowhere in MathML.
_FUNCTION = r"<mi>(?:ln|log|exp|max|min|sin|cos)</mi>"
_APPLIED = re.compile(rf"(<msub>{_FUNCTION}(?:<m[no]>[^<]*</m[no]>)</msub>|{_FUNCTION})(?=<m(?:i|n|sub|sup)>)")
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}


def to_mathml(tex: str, block: bool) -> str:
    """A formula as MathML markup; `block` for one on a line of its own.
    Raises CourseError if the formula holds a command that cannot be shown."""
    try:
        markup = convert(tex.strip(), display="block" if block else "inline")
    except Exception as error:  # the library has no base class for its errors
        raise CourseError(f"the formula {tex.strip()!r} cannot be shown: {type(error).__name__} {error}") from error
    if not _is_whole(markup):
        raise CourseError(f"the formula {tex.strip()!r} is not whole, or holds a command that cannot be shown")
    return _APPLIED.sub(r'\1<mspace width="0.17em"/>', markup)


def _is_whole(markup: str) -> bool:
    """The library passes on what it does not know, and leaves away what is missing."""
    try:
        elements = list(ElementTree.fromstring(markup).iter())
    except ElementTree.ParseError:
        return False
    names = [(element.tag.rpartition("}")[2], element) for element in elements]
    parts = all(len(element) == _PARTS.get(name, len(element)) for name, element in names)
    return parts and not any("\\" in (element.text or "") for element in elements)
