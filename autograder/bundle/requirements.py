"""The pins of a student's environment: those of the course's that the notebooks and JupyterLab need, with hashes."""

from __future__ import annotations

import re

from ..course import CourseError

# What the notebooks import, and what opens and validates them.
NEEDED = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "matplotlib", "scikit-learn", "jupyterlab", "nbgrader")

_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)==")
_VIA = re.compile(r"^ +# (?:via )? *([\w.-]+)", re.MULTILINE)
_COMMENT = re.compile(r"^ +#.*\n?", re.MULTILINE)


def student_requirements(pins: str) -> str:
    """The entries of the course's requirements.txt that NEEDED leads to, by the comments that say who needs each.

    Raises
    ------
    CourseError : if one of NEEDED is not pinned.
    """
    entries = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", pins, flags=re.MULTILINE):
        if found := _NAME.match(entry):
            entries[found.group(1)] = entry
    for name in NEEDED:
        if name not in entries:
            raise CourseError(f"requirements.txt does not pin {name}, which the notebooks need: run make pins")
    parents = {name: set(_VIA.findall(entry)) for name, entry in entries.items()}
    kept: set[str] = set()
    found = set(NEEDED)
    while found:
        kept |= found
        found = {name for name in entries if name not in kept and parents[name] & kept}
    return "".join(_COMMENT.sub("", entry) for name, entry in entries.items() if name in kept)
