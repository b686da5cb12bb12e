"""A notebook's figures as files of the site."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from nbformat import NotebookNode

from ..course import CourseError


@dataclass(frozen=True)
class Figure:
    """A PNG file of the site, at `path` from the site's folder."""

    path: str
    content: bytes
    alt: str
    width: int
    height: int


def figure_of(output: NotebookNode, path: str, where: str) -> Figure:
    """The figure of a cell's output; its sides are CSS pixels.
    Raises CourseError if nobody could know what it shows without seeing it."""
    told = output.metadata.get("image/png", {})
    alt = " ".join(str(told.get("alt", "")).split())
    if not alt:
        raise CourseError(f"{where}: a figure has no alt text; draw it with show(figure, alt=...)")
    content = base64.b64decode(output.data["image/png"])
    width, height = (int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
    shown = int(told.get("width", width))
    return Figure(path, content, alt, shown, round(height * shown / width))
