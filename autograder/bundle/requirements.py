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
        here = [f"{build}=={version}\n" for build in _builds(name) if (version := _version(build))]
        if not here:
            raise CourseError(f"{name}, which the course's CATALOGUE names, is not installed here")
        lines.append(here[0])
    return "".join(lines)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _builds(name: str) -> tuple[str, str]:
    """The distributions that are a package: the one of its name, and its build for processors alone."""
    return name, f"{name}{_FOR_PROCESSORS}"


def _pinned(pins: str, needed: list[str]) -> str:
    """The entries that `needed` leads to, by the comments that say who needs each."""
    entries: dict[str, str] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", pins, flags=re.MULTILINE):
        if found := _NAME.match(entry):  # once for each Python, where one version does not fit them all
            entries[found.group(1)] = entries.get(found.group(1), "") + entry
    for name in needed:
        if not entries.keys() & _builds(name):
            todo = "pin all that they need, or take the file away: then the versions that are installed here are named"
            raise CourseError(f"requirements.txt does not pin {name}, which the notebooks need: {todo}")
    parents = {name: set(_VIA.findall(entry)) for name, entry in entries.items()}
    kept: set[str] = set()
    found = {one for name in needed for one in _builds(name)} & entries.keys()
    while found:
        kept |= found
        found = {name for name in entries if name not in kept and parents[name] & kept}
    return "".join(_COMMENT.sub("", entry) for name, entry in entries.items() if name in kept)
