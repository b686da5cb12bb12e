"""The class that is graded: honest work, right and wrong answers mixed, the same for every way of grading."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

import nbformat

from attention_course.exercises import CATALOGUE
from autograder.converters import generate_assignment
from autograder.course import Course
from tests.support.answers import Answer, all_answers
from tests.support.course import make_course
from tests.support.submissions import fill_in

NOTEBOOKS = ("01_squeeze_excitation", "02_efficient_channel_attention", "05_cbam")

# A course as nbgrader grades it by default: nothing is set but where things are, and time for the demonstrations.
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "attention"
c.CourseDirectory.source_directory = "solutions"
c.Execute.timeout = 300
"""

Work = Mapping[str, Answer]  # one whole notebook's answers, by exercise


def choose_works(notebook: str, count: int, seed: int) -> list[Work]:
    """Different works for a notebook: the first all right, in the others each answer right or wrong with equal odds."""
    chance = random.Random(f"{seed} {notebook}")
    # stock nbgrader gives no points to a right answer that writes to stderr: the grades could not be compared.
    quiet = [answer for answer in all_answers() if not {"stderr", "warnings"} & set(_words(answer.source))]
    works = []
    for number in range(count):
        work = {}
        for exercise in CATALOGUE.exercises_of(notebook):
            kind = "right" if number == 0 else chance.choice(("right", "wrong"))
            fitting = [a for a in quiet if (a.notebook, a.exercise, a.kind) == (notebook, exercise.id, kind)]
            work[exercise.id] = chance.choice(fitting)
        works.append(work)
    return works


def _words(source: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in source).split()


def student_name(number: int) -> str:
    return f"s{number:04d}"


def work_number(student: str, works: int) -> int:
    """Which work a student hands in: the works go round the class in turn."""
    return int(student.removeprefix("s")) % works


def write_class(course: Course, notebook: str, works: list[Work], students: int, first: int = 0) -> None:
    """Write the submissions of a class, its students numbered from `first`, where nbgrader looks for them.

    No two files are alike, though works repeat: each answer ends in a comment that names the student.
    """
    release = nbformat.read(course.release(notebook), as_version=4)
    for number in range(first, first + students):
        name = student_name(number)
        work = works[work_number(name, len(works))]
        answers = {exercise: f"{answer.source}\n# handed in by {name}" for exercise, answer in work.items()}
        path = course.root / "submitted" / name / notebook / f"{notebook}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(fill_in(release, answers), indent=1), encoding="utf-8")


def make_our_course(folder: Path, notebook: str, works: list[Work], students: int, first: int = 0) -> Course:
    """A fresh course with a class, to be graded by `autograder grade`."""
    course = make_course(folder)
    write_class(course, notebook, works, students, first)
    return course


def make_stock_course(folder: Path, notebook: str, works: list[Work], students: int, first: int = 0) -> Course:
    """A fresh course with a class, whose assignment is in the gradebook, to be graded by nbgrader's default steps."""
    course = make_our_course(folder, notebook, works, students, first)
    generate_assignment(course, notebook, folder / "release")
    config = folder / "nbgrader_config.py"
    config.unlink()
    config.write_text(STOCK_CONFIG, encoding="utf-8")
    return course
