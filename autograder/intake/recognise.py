"""Tell which notebook of the course a file holds: by its graded cells, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import nbformat

from .. import cells
from ..course import Course, CourseError
from .reading import Unreadable, notebook_text, read_submission

# The JSON is searched, not parsed: a file that was cut off is recognised too, and nobody can make it slow.
_GRADE_ID = re.compile(r'"grade_id"\s*:\s*"([^"\\]{1,100})"')
_DEFINED = re.compile(r"\b(?:def|class) (\w{1,100})\b")


class Recogniser:
    """Knows the graded cells of the notebooks that a course gives out: those of which the student version is there."""

    def __init__(self, course: Course):
        self._course = course

    @cached_property
    def _graded(self) -> dict[str, set[str]]:
        releases = {name: self._course.release(name) for name in self._course.names}
        return {name: _graded_cells(release) for name, release in releases.items() if release.is_file()}

    def name_of(self, text: str) -> str | None:
        """The notebook with the most graded cells in `text`, a notebook's JSON; by functions where ids were lost."""
        ids, defined = self._shared(_GRADE_ID, text), self._shared(_DEFINED, text)
        best = max(self._graded, key=lambda name: (ids[name], defined[name]), default=None)
        return best if best is not None and (ids[best] or defined[best]) else None

    def other_than(self, name: str, text: str) -> str | None:
        """The other notebook that `text` certainly is: it has more graded cells of that one, by their ids.

        Functions are no proof: some are in several notebooks, and may be all that is left of one.
        """
        ids = self._shared(_GRADE_ID, text)
        best = max(ids, key=lambda one: ids[one], default=name)
        return best if name in ids and ids[best] > ids[name] else None

    def holds(self, name: str) -> Callable[[str], bool | None]:
        """Whether a text is the JSON of this notebook, as a function; None where it may be, but nothing tells."""

        def holds_it(text: str) -> bool | None:
            ids = self._shared(_GRADE_ID, text)
            if name not in ids:
                return None
            if any(ids.values()):  # then functions, which take longer to find, add nothing
                return ids[name] == max(ids.values())
            return self.name_of(text) == name or None

        return holds_it

    def _shared(self, pattern: re.Pattern, text: str) -> dict[str, int]:
        """How many of each notebook's graded cells a pattern finds."""
        found = {match[1] for match in pattern.finditer(text)}
        return {name: len(graded & found) for name, graded in self._graded.items()}


def _graded_cells(release: Path) -> set[str]:
    names = map(cells.grade_id, nbformat.read(release, as_version=4).cells)
    return {name for name in names if name is not None and name != "helpers"}


def recognise(course: Course, path: Path) -> str:
    """The name of the course's notebook that `path` is a copy of.
    Raises CourseError if neither the file's name nor its cells tell."""
    if path.stem in course.names:
        return path.stem
    try:
        name = Recogniser(course).name_of(notebook_text(path))
        if name is None:
            read_submission(path)  # it may say better what is wrong
    except Unreadable as reason:
        raise CourseError(f"{path.name}: {reason}") from reason
    except OSError as error:
        raise CourseError(f"{path.name} cannot be read: {error.strerror}") from error
    if name is None:
        raise CourseError(f"{path.name} is not a notebook of this course: {', '.join(course.names)}")
    return name
