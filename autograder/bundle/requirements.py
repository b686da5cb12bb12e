"""The pins of a student's environment: what the notebooks and JupyterLab need, as it is pinned or installed here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from ..course import CourseError

_OPENS = ("jupyterlab", "nbgrader")  # what opens and validates notebooks
_FOR_PROCESSORS = "-cpu"  # ends the name of a build for processors alone, which may be pinned beside the other

_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)==")
_VIA = re.compile(r"^ +# (?:via )? *([\w.-]+)", re.MULTILINE)
_COMMENT = re.compile(r"^ +#.*\n?", re.MULTILINE)


def student_requirements(packages: Iterable[str], pins: Path) -> str:
    """The entries of the course's requirements.txt that its packages and JupyterLab lead to; where the course has no
    such file, the versions that are installed here.

    Raises CourseError if one of them is not pinned, or not installed.
    """
    needed = [*(name.lower() for name in packages), *_OPENS]
    return _pinned(pins.read_text(encoding="utf-8"), needed) if pins.exists() else _installed(needed)


def _installed(needed: Iterable[str]) -> str:
    lines = []
    for name in needed:
        try:
            lines.append(f"{name}=={metadata.version(name)}\n")
        except metadata.PackageNotFoundError as error:
            raise CourseError(f"{name}, which the course's CATALOGUE names, is not installed here") from error
    return "".join(lines)


def _pinned(pins: str, needed: list[str]) -> str:
    """The entries that `needed` leads to, by the comments that say who needs each."""
    entries = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", pins, flags=re.MULTILINE):
        if found := _NAME.match(entry):
            entries[found.group(1)] = entry
    for name in needed:
        if name not in entries:
            raise CourseError(f"requirements.txt does not pin {name}, which the notebooks need: run make pins")
    parents = {name: set(_VIA.findall(entry)) for name, entry in entries.items()}
    kept: set[str] = set()
    found = {*needed, *(f"{name}{_FOR_PROCESSORS}" for name in needed)} & entries.keys()
    while found:
        kept |= found
        found = {name for name in entries if name not in kept and parents[name] & kept}
    return "".join(_COMMENT.sub("", entry) for name, entry in entries.items() if name in kept)
