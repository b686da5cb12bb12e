"""Grade a class: several submissions at once, one writer to the gradebook, results as they come."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from ..course import Course, CourseError
from . import record
from .grade import Result, grade_file, refused
from .intake import Unreadable, find_submission


def find_students(course: Course, name: str, submitted: Path | None = None) -> dict[str, Path]:
    """The submissions of a notebook by student: the folders SUBMITTED/<student>/<notebook>, nbgrader's own layout.

    Raises
    ------
    CourseError : if there is no such folder or nobody handed this notebook in.
    """
    top = submitted or course.root / "submitted"
    if not top.is_dir():
        raise CourseError(f"no folder {top}: submissions stand in {top.name}/<student>/{name}/{name}.ipynb")
    students = {folder.name: folder / name for folder in sorted(top.iterdir()) if (folder / name).is_dir()}
    if not students:
        raise CourseError(f"no submission of {name} in {top}: each stands in {top.name}/<student>/{name}/{name}.ipynb")
    return students


def grade_class(
    course: Course,
    name: str,
    submitted: Path | None = None,
    seed: int | None = None,
    workers: int | None = None,
    on_result: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Grade every submission of a notebook and record it. One submission never costs another one anything.

    Results come in the order of the students' names. Raises CourseError as `find_students` does.
    """
    students = find_students(course, name, submitted)
    record.require_assignment(course, name)
    results = {}
    for graded in _in_parallel(course, name, students, seed, workers or os.cpu_count() or 1):
        result = _record(course, name, submitted, graded)
        results[result.student] = result
        on_result(result)
    return [results[student] for student in students]


def _in_parallel(course: Course, name: str, students: dict[str, Path], seed, workers: int) -> Iterator[Result]:
    """Each thread waits for a kernel of its own: the work is done in the kernels."""
    with ThreadPoolExecutor(workers) as pool:
        futures: list[Future] = [
            pool.submit(_grade_folder, course, name, folder, student, seed) for student, folder in students.items()
        ]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


def _grade_folder(course: Course, name: str, folder: Path, student: str, seed: int | None) -> Result:
    try:
        path = find_submission(folder, name)
    except Unreadable as reason:
        return refused(name, student, str(reason))
    return grade_file(course, name, path, student, seed)


def _record(course: Course, name: str, submitted: Path | None, result: Result) -> Result:
    """Enter a result; what fails here is the grader's fault, and costs this submission alone."""
    if result.fault:
        return result
    try:
        if result.refusal:
            record.write_refusal(course, name, result.student, result.refusal)
        else:
            record.record(course, name, result.student, submitted, result.graded)
    except Exception as error:
        return replace(result, fault=f"recording failed: {type(error).__name__}: {error}")
    return replace(result, graded=None)
