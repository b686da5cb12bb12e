"""The pairs as one page: no script, no request to anywhere, nothing in it that students wrote can act."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..course import CourseError
from ..files import write_whole
from ..record.class_list import Member
from ..templating import name_and_id, templates, visible
from . import pairs, statements
from .pairs import Pair


def write_page(name: str, found: list[Pair], students: int, members: Mapping[str, Member], path: Path) -> None:
    """Write the page, whole or not at all. Raises CourseError if it cannot be written there."""
    page = render(name, found, students, members)
    try:
        write_whole(path, page.encode("utf-8", "replace"))
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}): name another file with -o") from error


def render(name: str, found: list[Pair], students: int, members: Mapping[str, Member]) -> str:
    """The page on the pairs of a class of so many students."""

    def label(student: str) -> str:
        return name_and_id(members.get(student, Member()).name, student)

    template = templates("autograder.similar", finalize=visible).get_template("similar.html.j2")
    rules = {"few": pairs.few(students), "fewest": pairs.FEWEST, "shortest": statements.SHORTEST}
    return template.render(name=name, pairs=found, students=students, label=label, **rules)
