"""A course's desk: its gradebook and its graded notebooks, found by nbgrader's own settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from ..course import Course, CourseError
from ..record.by_hand import HandGradebook
from ..record.reader import has_gradebook
from .answers import Answers
from .desk import Desk


@contextmanager
def open_desk(course: Course, name: str) -> Iterator[Desk]:
    """The desk for a notebook. Raises CourseError if there is no gradebook, or it cannot be used."""
    directory = CourseDirectory(config=course.config())
    if not has_gradebook(directory.db_url):
        raise CourseError(f"there is no gradebook yet: run `autograder grade {name}` first")

    def graded_file(student: str) -> Path:
        return Path(directory.format_path(directory.autograded_directory, student, name)) / f"{name}.ipynb"

    gradebook = HandGradebook(directory.db_url)
    try:
        yield Desk(name, gradebook, Answers(graded_file))
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise CourseError(f"the gradebook cannot be used ({reason}): check CourseDirectory.db_url") from error
    finally:
        gradebook.close()
