"""README.md: its links, and the points and minutes of its table. The words are a person's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..course import Course
from ..exercise.catalogue import catalogue_of
from ..files import write_whole
from ..links import fresh_links
from .filling import filled
from .source import read_contents

_ON_WORD = re.compile(r"[\d.]+ of the [\d.]+ points by the judge")


def refresh_readme(course: Course, names: Iterable[str] | None = None) -> bool:
    """Write the README's links anew, and the numbers in the rows of the notebooks (of all, unless named).

    Returns whether anything changed; a course without a README has nothing to write. Raises CourseError if the README
    has no place for links or more than one, or a notebook's marks do not fit.
    """
    path = course.root / "README.md"
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8")
    fresh = fresh_links(course, text)
    for name in course.names if names is None else names:
        fresh = _with_row(course, name, fresh)
    fresh = _ON_WORD.sub(lambda _: points_on_word(course), fresh)
    if fresh == text:
        return False
    write_whole(path, fresh)
    return True


def _with_row(course: Course, name: str, text: str) -> str:
    """The text with the points and minutes of a notebook's row: title with its link, what it is about, these two."""
    link = re.escape(f"(notebooks/{name}/{name}.ipynb)")
    row = re.compile(rf"^(\|[^|\n]*{link} \|[^|\n]*\|)[^|\n]*\|[^|\n]*\|", re.MULTILINE)
    if not row.search(text):
        return text
    contents = read_contents(course, name)
    numbers = f" {filled(contents, 'points')} | {filled(contents, 'minutes')} |"
    return row.sub(lambda found: found[1] + numbers, text)


def points_on_word(course: Course) -> str:
    """How many points rest on what a submission's interpreter says of itself, and of how many."""
    catalogue = catalogue_of(course.config())
    exercises = [exercise for name in catalogue.notebooks for exercise in catalogue.exercises_of(name)]
    properties = [item for exercise in exercises for item in exercise.properties]
    on_word = sum(item.points for item in properties if item.on_word)
    return f"{on_word:g} of the {sum(item.points for item in properties):g} points by the judge"
