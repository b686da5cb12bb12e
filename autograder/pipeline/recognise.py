"""Tell which notebook of the course a file is: by its name, else by the exercises that it holds."""

from __future__ import annotations

from pathlib import Path

from .. import cells
from ..course import Course, CourseError
from .intake import Unreadable, read_submission
from .rebuild import instructor_notebooks


def recognise(course: Course, path: Path) -> str:
    """The name of the course's notebook that `path` is a copy of.

    Raises
    ------
    CourseError : if neither the file's name nor its cells tell.
    """
    if path.stem in course.names:
        return path.stem
    try:
        submitted, _ = read_submission(path)
    except Unreadable as reason:
        raise CourseError(f"{path.name}: {reason}") from reason
    text = "\n".join(cell.source for cell in submitted.cells)
    ids = {cells.grade_id(cell) for cell in submitted.cells} - {None, "helpers"}
    shared = {name: _shared(course, name, ids, text) for name in course.names}
    best = max(shared, key=shared.get, default=None)
    if best is None or shared[best] == 0:
        raise CourseError(f"{path.name} is not a notebook of this course: {', '.join(course.names)}")
    return best


def _shared(course: Course, name: str, ids: set[str], text: str) -> int:
    """How many of a notebook's graded cells stand in the file, its functions' definitions where ids were lost."""
    _, release = instructor_notebooks(course, name)
    ours = {cells.grade_id(cell) for cell in release.cells} - {None, "helpers"}
    return len(ours & ids) or sum(f"def {one}(" in text for one in ours)
