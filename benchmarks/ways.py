"""The ways of grading a class that are compared. Each grades a fresh course and returns a Grading."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import distributions
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from autograder.sandbox.inside.shared import variable_in
from benchmarks.classes import Work, make_our_course, make_stock_course, student_name, work_number
from benchmarks.measure import BenchError, Measured, environment_of_commands, run_measured
from tests.support.course import ROOT
from tests.support.submissions import fill_in

_VISIBLE_FAILED = "The visible checks said:"  # in a graded notebook, where one of them failed
SEED = 0  # of the questions' inputs: the one that `judge("...")` has in a kernel of stock nbgrader
CORES = len(os.sched_getaffinity(0))
ONE_CORE = ("taskset", "-c", "0")
ONE_THREAD = {
    name: "1"
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
}
FLOOR, STOCK, ONE, ALL = "floor", "stock nbgrader", "ours, one core", "ours, all cores"
MANY = "stock nbgrader, a process for each core"  # each with a gradebook of its own: what users do who have many cores

OTTER = "otter-grader"
OTTER_COMMANDS = ROOT / ".venv-otter" / "bin"  # it wants other versions than ours: tools/make-otter
OTTER_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = {exercise!r}
points = {points!r}


@test_case(points={points!r})
def test_visible(env):
    exec({source!r}, env)
"""

Grades = dict[str, dict[str, float]]  # by student, then by exercise


@dataclass
class Grading:
    """A class graded one way. `each` is the seconds a submission without the start-up, where one run can tell.

    `by_visible` are the scores of a grader that gives an exercise's points if its visible checks all pass, else none.
    """

    measured: Measured
    grades: Grades | None
    startup: float | None = None
    each: float | None = None
    by_visible: Grades | None = None


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
    as_ours = dict(filter(None, map(variable_in, course.config().Course.preload)))
    environment = {**ONE_THREAD, **as_ours, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
    measured = run_measured(command, folder, **watch, **environment)
    result = json.loads(measured.output)
    return Grading(measured, result["grades"], result["startup"], sum(result["each"]) / students)


def grade_otter(folder: Path, notebook: str, works: list[Work], students: int, **watch) -> Grading:
    """`otter run` for one submission after the other, with a test file for each exercise: its visible checks.

    The notebooks come without the demonstrations, which ours does not run either, and without cells of checks. The
    start-up is `otter generate`, which makes the autograder once. Raises BenchError if otter-grader is not there.
    """
    if not (OTTER_COMMANDS / "otter").exists():
        raise BenchError(f"{OTTER_COMMANDS.parent} is missing: make it with tools/make-otter")
    folder.mkdir()
    points = {exercise.id: exercise.points for exercise in CATALOGUE.exercises_of(notebook)}
    names = write_for_otter(folder, notebook, works, students, points)
    environment = {"PATH": f"{OTTER_COMMANDS}{os.pathsep}{environment_of_commands()['PATH']}", "PYTHONPATH": ""}
    made = run_measured(("otter", "generate", "--tests-dir", "tests"), folder, **environment)
    run = f"for name in {' '.join(names)}; do otter run --no-logo --output-dir $name $name/{notebook}.ipynb; done"
    measured = run_measured(("sh", "-e", "-c", run), folder, **watch, **environment)
    scores = {}
    for name in names:
        tests = json.loads((folder / name / "results.json").read_text(encoding="utf-8"))["tests"]
        scores[name] = {test["name"]: test["score"] for test in tests if test["name"] in points}
    together = replace(measured, seconds=made.seconds + measured.seconds)
    return Grading(together, None, made.seconds, measured.seconds / students, by_visible=scores)


def otter_version() -> str:
    """The version of otter-grader that `grade_otter` runs."""
    packages = [str(path) for path in OTTER_COMMANDS.parent.glob("lib/*/site-packages")]
    return next(iter(distributions(name="otter-grader", path=packages))).version


def write_for_otter(
    folder: Path, notebook: str, works: list[Work], students: int, points: dict[str, float]
) -> list[str]:
    """A folder of tests, and one for each student with the submission in it. Returns the students' names."""
    release = nbformat.read(Course(ROOT).release(notebook), as_version=4)
    (folder / "tests").mkdir()
    for cell in filter(cells.is_judged, release.cells):
        exercise = _exercise(cell)
        test = OTTER_TEST.format(exercise=exercise, points=points[exercise], source=cells.visible_source(cell.source))
        (folder / "tests" / f"{exercise}.py").write_text(test, encoding="utf-8")
    kept = []
    for cell in release.cells:
        if cells.is_judged(cell):  # as `otter assign` has it: the test runs here, not when the whole notebook has run
            kept[-1].metadata["otter"] = {"tests": [_exercise(cell)]}
        elif "demo" not in cells.tags(cell):
            kept.append(cell)
    release.cells = kept
    names = [student_name(number) for number in range(students)]
    for name in names:
        (folder / name).mkdir()
        answers = {exercise: answer.source for exercise, answer in works[work_number(name, len(works))].items()}
        nbformat.write(fill_in(release, answers), folder / name / f"{notebook}.ipynb")
    return names


def scores_by_visible(course: Course, notebook: str) -> Grades:
    """What the visible checks alone would give, from what our graded notebooks say of them."""
    points = {f"{exercise.id}-check": exercise.points for exercise in CATALOGUE.exercises_of(notebook)}
    scores = {}
    for path in sorted((course.root / "autograded").glob(f"*/{notebook}/{notebook}.ipynb")):
        judged = [cell for cell in nbformat.read(path, as_version=4).cells if cells.grade_id(cell) in points]
        scores[path.parent.parent.name] = {
            _exercise(cell): 0.0 if _VISIBLE_FAILED in str(cell.outputs) else points[cells.grade_id(cell)]
            for cell in judged
        }
    return scores


def _exercise(check: NotebookNode) -> str:
    return cells.grade_id(check).removesuffix("-check")


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
    OTTER: grade_otter,
}


class SameGrades:
    """Holds every way to the same grades, exercise by exercise, whichever copy of a work was graded."""

    def __init__(self, works: dict[str, list[Work]]) -> None:
        self._works = works
        self._known: dict[tuple[str, int], tuple[str, dict[str, float]]] = {}
        self.compared = 0

    def differences(self, other: SameGrades) -> tuple[int, int]:
        """In how many exercises of the works another judging gives other scores, and of how many both are known."""
        pairs = [
            (score, other._known[work][1][exercise])
            for work, (_, scores) in self._known.items()
            if work in other._known
            for exercise, score in scores.items()
        ]
        return sum(one != two for one, two in pairs), len(pairs)

    def check(self, way: str, notebook: str, grades: Grades, students: int) -> None:
        """Compare with what was seen first.

        Under stock nbgrader a failed visible check costs all points of its exercise: where a work has a wrong answer,
        stock may give less. So may otter-grader, whose tests share one interpreter with the answers: what one of them
        changes in its input costs the exercises after it.
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
            may_be_less = way in (STOCK, MANY, OTTER) and any(
                answer.kind == "wrong" for answer in works[number].values()
            )
            if not agree(scores, known, may_be_less):
                raise BenchError(f"{notebook}, {student}: {way} gives {scores}, {first} gave {known}")
            self.compared += len(scores)


def agree(scores: dict[str, float], known: dict[str, float], may_be_less: bool) -> bool:
    """Whether two gradings of one work agree on every exercise."""
    if scores.keys() != known.keys():
        return False
    return all(scores[name] <= known[name] if may_be_less else scores[name] == known[name] for name in known)
