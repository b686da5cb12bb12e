"""The ways of grading a class that are compared. Each grades a fresh course and returns a Grading."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from benchmarks.classes import Work, make_our_course, make_stock_course, work_number
from benchmarks.measure import BenchError, Measured, run_measured

SEED = 0  # of the questions' inputs: the one that `judge("...")` has in a kernel of stock nbgrader
CORES = len(os.sched_getaffinity(0))
ONE_CORE = ("taskset", "-c", "0")
ONE_THREAD = {
    name: "1"
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
}
FLOOR, STOCK, ONE, ALL = "floor", "stock nbgrader", "ours, one core", "ours, all cores"
MANY = "stock nbgrader, a process for each core"  # each with a gradebook of its own: what users do who have many cores

Grades = dict[str, dict[str, float]]  # by student, then by exercise


@dataclass
class Grading:
    """A class graded one way. `each` is the seconds a submission without the start-up, where one run can tell."""

    measured: Measured
    grades: Grades
    startup: float | None = None
    each: float | None = None


def grade_ours(prefix: tuple, options: tuple, folder: Path, notebook: str, works: list[Work], students: int, **watch):
    """`autograder grade` on a class, gradebook and feedback included."""
    course = make_our_course(folder, notebook, works, students)
    command = (*prefix, "autograder", "grade", notebook, "--seed", SEED, "--json", *options)
    measured = run_measured(command, course.root, **watch)
    results = json.loads(measured.output)
    return Grading(measured, {r["student"]: {e["id"]: e["score"] for e in r["exercises"]} for r in results})


def grade_one_core(*arguments, **watch) -> Grading:
    return grade_ours(ONE_CORE, ("--workers", 1), *arguments, **watch)


def grade_all_cores(*arguments, **watch) -> Grading:
    return grade_ours((), (), *arguments, **watch)


def grade_stock(folder: Path, notebook: str, works: list[Work], students: int, **watch) -> Grading:
    """`nbgrader autograde` with its default steps and kernel, one process for the class."""
    course = make_stock_course(folder, notebook, works, students)
    measured = run_measured(("nbgrader", "autograde", notebook), course.root, **watch)
    return _graded_by_stock([course], measured, notebook, students)


def grade_stock_on_all_cores(folder: Path, notebook: str, works: list[Work], students: int, **watch) -> Grading:
    """`nbgrader autograde` once for each core, each with its share of the class and a gradebook of its own."""
    share = students // CORES
    folder.mkdir()
    courses = [
        make_stock_course(folder / str(core), notebook, works, share, first=core * share) for core in range(CORES)
    ]
    lines = [f"(cd {shlex.quote(str(course.root))} && exec nbgrader autograde {notebook}) &" for course in courses]
    measured = run_measured(("sh", "-c", "\n".join([*lines, "wait"])), folder, **watch)
    return _graded_by_stock(courses, measured, notebook, students)


def _graded_by_stock(courses: list[Course], measured: Measured, notebook: str, students: int) -> Grading:
    """Its start-up ends where the first student is named."""
    startup = next(at for at, line in measured.said if "Creating/updating student" in line)
    grades = {student: scores for course in courses for student, scores in gradebook_scores(course, notebook).items()}
    return Grading(measured, grades, startup, (measured.seconds - startup) / students)


def grade_floor(folder: Path, notebook: str, works: list[Work], students: int, **watch) -> Grading:
    """The graded cells alone, in forked children on one core; rebuilding the notebooks is done before."""
    course = make_our_course(folder, notebook, works, students)
    jobs = folder / "jobs.json"
    jobs.write_text(json.dumps(floor_jobs(course, notebook)), encoding="utf-8")
    script = Path(__file__).with_name("floor.py")
    command = (*ONE_CORE, sys.executable, script, jobs, len(works))
    environment = {**ONE_THREAD, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
    measured = run_measured(command, folder, **watch, **environment)
    result = json.loads(measured.output)
    return Grading(measured, result["grades"], result["startup"], sum(result["each"]) / students)


def floor_jobs(course: Course, notebook: str) -> list[dict]:
    """For every submission of a course the code that our grading runs, and the exercise that is judged after it."""
    instructors = instructor_notebooks(course, notebook)
    jobs = []
    for path in sorted((course.root / "submitted").glob(f"*/{notebook}/{notebook}.ipynb")):
        rebuilt, _, _ = rebuild(nbformat.read(path, as_version=4), *instructors)
        code = [
            {
                "source": cells.visible_source(cell.source),
                "exercise": cells.judged_exercise(cell) if cells.is_judged(cell) else None,
            }
            for cell in rebuilt.cells
            if cell.cell_type == "code" and "demo" not in cells.tags(cell)
        ]
        jobs.append({"notebook": notebook, "student": path.parent.parent.name, "seed": SEED, "cells": code})
    return jobs


def gradebook_scores(course: Course, notebook: str) -> Grades:
    """Each student's automatic scores by exercise, as the gradebook has them."""
    checks = {f"{exercise.id}-check": exercise.id for exercise in CATALOGUE.exercises_of(notebook)}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                checks[grade.name]: grade.auto_score
                for submitted in submission.notebooks
                for grade in submitted.grades
                if grade.name in checks
            }
            for submission in gradebook.assignment_submissions(notebook)
        }


WAYS: dict[str, Callable[..., Grading]] = {
    FLOOR: grade_floor,
    ONE: grade_one_core,
    ALL: grade_all_cores,
    STOCK: grade_stock,
    MANY: grade_stock_on_all_cores,
}


class SameGrades:
    """Holds every way to the same grades, exercise by exercise, whichever copy of a work was graded."""

    def __init__(self, works: dict[str, list[Work]]) -> None:
        self._works = works
        self._known: dict[tuple[str, int], tuple[str, dict[str, float]]] = {}
        self.compared = 0

    def check(self, way: str, notebook: str, grades: Grades, students: int) -> None:
        """Compare with what was seen first.

        Under stock nbgrader a failed visible check costs all points of its exercise: where a work has a wrong answer,
        stock may give less.
        Raises BenchError if a grade differs or a student is missing.
        """
        if len(grades) != students:
            raise BenchError(f"{way} graded {len(grades)} of {students} submissions of {notebook}")
        works = self._works[notebook]
        for student, scores in grades.items():
            number = work_number(student, len(works))
            if (notebook, number) not in self._known:
                self._known[notebook, number] = way, scores
                continue
            first, known = self._known[notebook, number]
            may_be_less = way in (STOCK, MANY) and any(answer.kind == "wrong" for answer in works[number].values())
            if not agree(scores, known, may_be_less):
                raise BenchError(f"{notebook}, {student}: {way} gives {scores}, {first} gave {known}")
            self.compared += len(scores)


def agree(scores: dict[str, float], known: dict[str, float], may_be_less: bool) -> bool:
    """Whether two gradings of one work agree on every exercise."""
    if scores.keys() != known.keys():
        return False
    return all(scores[name] <= known[name] if may_be_less else scores[name] == known[name] for name in known)
