"""A first course for a teacher to make their own: the files of `template`, as they are there."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from .course import CourseError
from .files import is_in_use, new_folder


def write_course(folder: Path) -> Path:
    """Write the first course into a new or empty folder, whole or not at all. Returns the folder's whole path.
    Raises CourseError if the folder holds anything, or cannot be written."""
    folder = folder.absolute()
    if is_in_use(folder):
        raise CourseError(f"{folder} is in use: give the name of a new folder, or of an empty one")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with as_file(files("autograder").joinpath("template")) as template, new_folder(folder) as fresh:
            shutil.copytree(template, fresh, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}") from error
    return folder
