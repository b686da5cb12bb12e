"""The exercises of a course by notebook: the one place where the engine meets a course.

A course is a package with a `CATALOGUE`; its nbgrader_config.py names the package:

    c.Course.exercises = "attention_course.exercises"

and, where the package is not installed, the folder that it lies in: `c.Course.path`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from traitlets.config import Config

from ..course import CONFIG_NAME, INSTALLED, CourseError, where_and_what
from .errors import name_packages
from .exercise import Exercise


class Catalogue:
    """The exercises of a course.

    Parameters
    ----------
    package : the package in which the exercises are.
    modules : for each notebook the module of the package whose `EXERCISES` are its, in the order of the notebooks.
    packages : what answers may import beside Python's own library, in the words of the field ("NumPy"). In small
        letters they are the names of the distributions.
    """

    def __init__(self, package: str, modules: Mapping[str, str], packages: Sequence[str] = ()):
        self.package = package
        self.packages = tuple(packages)
        self._modules = dict(modules)
        self.path = ""  # where the package was found, if it is not installed

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks' names, in order."""
        return tuple(self._modules)

    def exercises_of(self, notebook: str) -> tuple[Exercise, ...]:
        """The exercises of a notebook, in their order there.
        Raises LookupError if the course has no such notebook, CourseError if its module cannot be imported or has no
        EXERCISES."""
        if notebook not in self._modules:
            raise LookupError(f"no notebook named {notebook!r}; there are: {', '.join(self._modules)}")
        module = f"{self.package}.{self._modules[notebook]}"
        try:
            found = import_module(module)
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name == module:
                raise CourseError(f"CATALOGUE names {module} for {notebook}: there is no such module") from error
            raise CourseError(where_and_what(error)) from error
        if not hasattr(found, "EXERCISES"):
            raise CourseError(f"{found.__file__} has no EXERCISES: end it with EXERCISES = (...), all of {notebook}")
        return found.EXERCISES

    def find(self, notebook: str, exercise_id: str) -> Exercise:
        """One exercise of a notebook. Raises LookupError if there is no such notebook or exercise."""
        exercises = {exercise.id: exercise for exercise in self.exercises_of(notebook)}
        if exercise_id not in exercises:
            raise LookupError(f"{notebook} has no exercise {exercise_id!r}; there are: {', '.join(exercises)}")
        return exercises[exercise_id]


def load_catalogue(package: str, path: str = "") -> Catalogue:
    """The catalogue of a package, which is looked for in the folder `path` too.
    Raises CourseError if there is no such package, it cannot be imported, or it has no CATALOGUE."""
    if path and path not in sys.path:
        sys.path.append(path)
    try:
        found = import_module(package)
    except Exception as error:
        if not isinstance(error, ModuleNotFoundError) or not f"{package}.".startswith(f"{error.name}."):
            raise CourseError(where_and_what(error)) from error
        where = f" and not in {path}" if path else ""
        raise CourseError(
            f"the course's exercises, {package}, are not installed here{where}: install the course's package, "
            f"or set c.Course.path in {CONFIG_NAME} to the folder that holds it"
        ) from error
    if not hasattr(found, "CATALOGUE"):
        raise CourseError(f"{package} has no CATALOGUE: see docs/your-own-course.md")
    catalogue = found.CATALOGUE
    catalogue.path = path
    name_packages(catalogue.packages)
    return catalogue


def catalogue_of(config: Config) -> Catalogue:
    """The catalogue that a course's configuration names.
    Raises CourseError if it names none, or the one that it names cannot be imported."""
    settings = config.get("Course", {})
    if not settings.get("exercises"):
        raise CourseError(f'{CONFIG_NAME} does not say which exercises it is about: c.Course.exercises = "PACKAGE"')
    return load_catalogue(settings["exercises"], settings.get("path", ""))


def catalogue_around(start: Path) -> Catalogue:
    """The catalogue of the course around a folder, else of the one that is installed.

    The course's configuration is read, not run: a notebook's kernel need not have all that grading needs.
    Raises CourseError if there is no course, or several are installed.
    """
    for folder in (start, *start.parents):
        package = _package_named_in(folder / CONFIG_NAME)
        if package:
            return load_catalogue(package, str(folder))
    installed = sorted(entry.value for entry in entry_points(group=INSTALLED))
    if len(installed) != 1:
        found = f"several courses are installed: {', '.join(installed)}" if installed else "no course is installed"
        raise CourseError(f"no {CONFIG_NAME} in {start} or above it, and {found}")
    return load_catalogue(installed[0])


def _package_named_in(path: Path) -> str | None:
    """What a configuration sets `c.Course.exercises` to, where that is a plain string."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    for node in tree.body:
        match node:
            case ast.Assign([target], ast.Constant(str(package))) if ast.unparse(target) == "c.Course.exercises":
                return package
    return None
