"""All that grading one notebook needs, as plain data: it is sent to workers that have no course folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import AssignLatePenalties, ClearOutput, NbGraderPreprocessor, SaveAutoGrades
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from ..course import Course, CourseError
from ..exercise.catalogue import Catalogue, catalogue_of
from ..exercise.exercise import Exercise
from ..rebuild.rebuild import instructor_notebooks
from ..sandbox.hidden import hidden_paths
from ..sandbox.inside.shared import variable_in
from ..sandbox.limits import Limits
from .judging import Judge
from .points import require_points
from .run import Run

# The steps of `nbgrader autograde` that need the gradebook: they are `record`'s, the others a worker's.
GRADEBOOK_STEPS = (SaveAutoGrades, AssignLatePenalties)


@dataclass(frozen=True)
class Assignment:
    """One notebook to grade: the instructor's two versions as JSON, the steps by name and their settings."""

    name: str
    walkthrough: str
    release: str
    steps: tuple[str, ...]
    settings: dict
    hidden: tuple[str, ...] = ()  # where the course and the submissions stand, which they must not see

    @classmethod
    def of(cls, course: Course, name: str, trust: bool = False, submitted: Path | None = None) -> Assignment:
        """The course's notebook as it is to be graded; `trust` lets submissions run without a sandbox.

        `submitted` is the folder of the submissions, where it is not the course's own. Raises CourseError if
        nbgrader_config.py names steps that cannot be sent to a worker, or modules to preload that are not here, or
        leaves out Run or Judge, or if the notebook's points are not those of its exercises.
        """
        config = course.config()
        for one in config.get("Course", {}).get("preload", ()):
            if variable_in(one) is None and find_spec(one.partition(".")[0]) is None:
                raise CourseError(f"{one}, which c.Course.preload names in nbgrader_config.py, is not installed here")
        if trust:
            config.Run.trust_submissions = True
        notebooks = instructor_notebooks(course, name)
        require_points(course, name, notebooks)
        walkthrough, release = (nbformat.writes(_without_outputs(one)) for one in notebooks)
        steps = [step for step in autograde_steps(config) if not issubclass(step, GRADEBOOK_STEPS)]
        for needed in (Run, Judge):
            if not any(issubclass(step, needed) for step in steps):
                raise CourseError(f"nbgrader_config.py: c.Autograde.autograde_preprocessors lacks {needed.__name__}")
        hidden = tuple(map(str, hidden_paths(config, submitted)))
        by_name = tuple(f"{step.__module__}.{step.__qualname__}" for step in (ClearOutput, *steps))
        return cls(name, walkthrough, release, by_name, _as_plain_data(config), hidden)

    @cached_property
    def notebooks(self) -> tuple[NotebookNode, NotebookNode]:
        """The walkthrough and the student version, parsed once."""
        return tuple(nbformat.reads(text, as_version=4) for text in (self.walkthrough, self.release))

    @property
    def _catalogue(self) -> Catalogue:
        return catalogue_of(Config(self.settings))

    @property
    def package(self) -> str:
        """The package of the course's exercises."""
        return self._catalogue.package

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return self._catalogue.exercises_of(self.name)

    @property
    def limits(self) -> Limits:
        """What a submission may use."""
        return Limits(config=Config(self.settings))

    @cached_property
    def digest(self) -> str:
        # Where things stand does not change a grade, nor does what the site and the README say of the course.
        course = {"exercises": self.settings.get("Course", {}).get("exercises")}
        about = {**asdict(self), "hidden": (), "settings": {**self.settings, "Course": course}}
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def autograde_steps(config: Config) -> list[type]:
    """The classes of the steps that nbgrader_config.py names for autograde.
    Raises CourseError if one of them is not a class."""
    steps = [import_item(one) if isinstance(one, str) else one for one in config.Autograde.autograde_preprocessors]
    for step in steps:
        if not isinstance(step, type):
            raise CourseError(f"nbgrader_config.py: autograde_preprocessors holds {step!r}; name classes alone")
    return steps


def gradebook_sections(config: Config) -> set[str]:
    """The sections of the configuration that are for the steps that need the gradebook, and for no other step."""
    steps = [step for step in autograde_steps(config) if issubclass(step, GRADEBOOK_STEPS)]
    classes = (*GRADEBOOK_STEPS, *steps, AssignLatePenalties(config=config).plugin_class)
    return {name for one in classes for name in one.section_names()} - set(NbGraderPreprocessor.section_names())


def _without_outputs(notebook: NotebookNode) -> NotebookNode:
    """The walkthrough's outputs are most of its bytes, and grading drops them."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _as_plain_data(config: Config) -> dict:
    """A worker's settings, as far as JSON can carry them: classes and functions are for nbgrader's converters."""
    settings = {}
    left_out = {"CourseDirectory", *gradebook_sections(config)}  # where the course stands does not change a grade
    for section, values in config.items():
        plain = {name: value for name, value in values.items() if _is_plain(value)}
        if plain and section not in left_out:
            settings[section] = plain
    return settings


def _is_plain(value: object) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
