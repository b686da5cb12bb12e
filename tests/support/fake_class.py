"""A class whose submissions tell a stand-in for grading what to do (fake_grading): workers and gradebook are real."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys

from nbgrader.api import Gradebook

from attention_course.exercises import CATALOGUE
from autograder.class_run.batch import ClassResults, Options, grade_class
from autograder.course import Course
from autograder.lms.class_list import class_list
from autograder.lms.export import grades_of
from autograder.report.sources import read_class
from autograder.report.summary import summarise
from autograder.statuses import ByHand
from tests.support import fake_grading
from tests.support.course import ROOT
from tests.support.grader_processes import hear_interrupts

NAME = "00_feature_maps"
FULL = sum(exercise.points for exercise in CATALOGUE.exercises_of(NAME))
QUESTION, OTHER_QUESTION = "reflect-forget", "reflect-shapes"  # which a person grades
DRIVER = [
    sys.executable,
    "-c",
    "from tests.support.fake_grading import main; main()",
    "grade",
    NAME,
    "--trust-submissions",
]


def hand_in(course: Course, **orders: dict) -> None:
    for student, order in orders.items():
        path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**order, "log": str(course.root / "log")}))


def grade(course: Course, client, **options) -> ClassResults:
    def the_client():
        return contextlib.nullcontext(client)

    return grade_class(course, NAME, Options(trust=True, grade=fake_grading.grade, **options), the_client)


def no_client():
    raise AssertionError("nothing was to run")


def take_log(course: Course) -> list[str]:
    """The students whose submissions ran since the last look."""
    log = course.root / "log"
    lines = log.read_text().split() if log.exists() else []
    log.unlink(missing_ok=True)
    return sorted(lines)


def scores(results) -> dict[str, float]:
    return {result.student: result.score for result in results}


@contextlib.contextmanager
def gradebook(course: Course):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "attention") as book:
        yield book


def give(course: Course, cell: str, /, **points: float) -> None:
    """Give points by hand, as formgrader does."""
    with gradebook(course) as book:
        for student, score in points.items():
            grade = book.find_grade(cell, NAME, NAME, student)
            grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def recorded(course: Course) -> dict[str, float]:
    with gradebook(course) as book:
        return {submission.student.id: submission.score for submission in book.assignment_submissions(NAME)}


def feedback(course: Course, student: str) -> str:
    return (course.root / "feedback" / student / NAME / f"{NAME}.html").read_text()


def said_by_all(course) -> dict[str, tuple[float, ByHand]]:
    """Each student's total and what a person has still to do, on which gradebook (formgrader), feedback, report and
    export must agree."""
    said: dict[str, list] = {}
    with gradebook(course) as book:
        for one in book.notebook_submissions(NAME, NAME):
            given = next(row.manual_score for row in one.grades if row.name == QUESTION)
            said[one.student.id] = [(one.score, ByHand.of(one.needs_manual_grade, given))]
    for student, exported in grades_of(course, NAME).items():
        left = ByHand.AGAIN if exported.again else ByHand.WAITING if exported.pending else ByHand.SETTLED
        said[student].append((exported.score, left))
    for one in summarise(read_class(course, NAME, course.root / "report.html", class_list(course, NAME))).students:
        left = ByHand.AGAIN if one.again else ByHand.WAITING if one.waiting else ByHand.SETTLED
        said[one.student].append((one.total, left))
    for student, answers in said.items():
        page = feedback(course, student)
        left = [word for word in ByHand if f"points</span>, {word}</td>" in page or f"<td>{word}, " in page]
        total = float(re.search(r"([\d.]+) of [\d.]+ points</h1>", page)[1])
        answers.append((total, left[0] if left else ByHand.SETTLED))
    assert all(len(answers) == 4 and len(set(answers)) == 1 for answers in said.values()), said
    return {student: answers[0] for student, answers in said.items()}


def start_grader(course: Course, *arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*DRIVER, *arguments],
        cwd=course.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )


def json_results(process: subprocess.Popen) -> list[dict]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)
