"""Where a student's attempts are kept that are not in the folder of submissions: one folder each, in their order.

What a newer submission replaces goes there when it is collected, a copy of each that is graded where the best counts.
"""

from __future__ import annotations

from pathlib import Path

from ..course import Course


def kept_attempts(course: Course, name: str, student: str) -> dict[int, Path]:
    """The folders of a student's kept attempts by number, the oldest first. `student` is the name of a folder."""
    top = _top(course, name, student)
    folders = top.iterdir() if top.is_dir() else ()
    found = {int(folder.name): folder for folder in folders if folder.name.isascii() and folder.name.isdigit()}
    return dict(sorted(found.items()))


def next_place(course: Course, name: str, student: str) -> Path:
    """The folder for the next attempt to keep; it is not there yet, the one around it is."""
    top = _top(course, name, student)
    top.mkdir(parents=True, exist_ok=True)
    return top / str(1 + max(kept_attempts(course, name, student), default=0))


def _top(course: Course, name: str, student: str) -> Path:
    return course.root / "downloaded" / name / "replaced" / student
