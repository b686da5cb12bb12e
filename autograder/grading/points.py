"""See that a built notebook gives the points that its exercises do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from .. import cells
from ..course import Course, CourseError
from ..exercise.catalogue import catalogue_of
from ..rebuild.rebuild import instructor_notebooks


def require_points(course: Course, name: str, notebooks: Iterable[NotebookNode] | None = None) -> None:
    """See that the test cells of the walkthrough and the student version are those of the exercises, with their points.
    The two are read, unless given. Raises CourseError, with all that does not agree, if they are not."""
    catalogue = catalogue_of(course.config())
    exercises = catalogue.exercises_of(name) if name in catalogue.notebooks else ()
    asked = {exercise.id: float(exercise.points) for exercise in exercises}
    files = course.walkthrough(name), course.release(name)
    for file, notebook in zip(files, notebooks or instructor_notebooks(course, name), strict=True):
        differences = _differences(_given(notebook), asked)
        if differences:
            raise CourseError(
                f"{file}: points do not agree: {'; '.join(differences)}: run `autograder build {name} --force`"
            )


def _given(notebook: NotebookNode) -> dict[str, float]:
    """The points of each test cell, by its exercise."""
    tests = filter(cells.is_judged, notebook.cells)
    return {cells.own_id(cell).removesuffix("-check"): float(cell.metadata.nbgrader.points) for cell in tests}


def _differences(given: Mapping[str, float], asked: Mapping[str, float]) -> list[str]:
    return [
        f"{name} has {_points(given, name)} in the notebook and {_points(asked, name)} in the exercises"
        for name in sorted(given.keys() | asked.keys())
        if given.get(name) != asked.get(name)
    ]


def _points(points: Mapping[str, float], name: str) -> str:
    return f"{points[name]:g}" if name in points else "none"
