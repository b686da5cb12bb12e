"""What a grade depends on beside the submission and the tests: our code, the course's, and the versions below."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib import import_module, metadata
from pathlib import Path

from ..course import CourseError

_PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "ipykernel", "nbgrader", "distributed")
# What makes a grade.
_ENGINE = ("cells.py", "exercise", "grading", "harmless", "intake", "judge", "rebuild", "sandbox", "statuses.py")
_CODE = "code of "


@cache
def environment(exercises: str) -> dict[str, str]:
    """The versions by name, and digests of the code: the engine's, and that of the course's package `exercises`."""
    engine = Path(__file__).parent.parent
    course = _folder_of(exercises.partition(".")[0])
    versions = {
        "python": platform.python_version(),
        f"{_CODE}{engine.name}": _digest_of(engine, _ENGINE),
        f"{_CODE}{course.name}": _digest_of(course, ("",)),
    }
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _folder_of(package: str) -> Path:
    """The folder of a package. Raises CourseError if it has no __init__.py."""
    file = import_module(package).__file__
    if file is None:
        raise CourseError(f"the course's package {package} has no __init__.py")
    return Path(file).parent


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """The first thing in which two environments differ, in words; "" if they are the same."""
    for name in sorted(ours.keys() | theirs.keys()):
        here, there = (versions.get(name, "missing") for versions in (ours, theirs))
        if here != there:
            return f"its {name} is not this one" if name.startswith(_CODE) else f"{name} {there}, here {here}"
    return ""


def _digest_of(package: Path, parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        path = package / part
        for file in sorted([*path.rglob("*.py"), *path.rglob("*.j2")]) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(package)}\0".encode() + file.read_bytes())
    return digest.hexdigest()
