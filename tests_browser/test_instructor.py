"""An instructor's way through formgrader: Generate, Autograde, Feedback, a question graded by hand, and the scores."""

from __future__ import annotations

import shutil

import nbformat
import pytest
from conftest import ROOT
from formgrader_page import FormgraderPage
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from works import CLASS, NOTEBOOK

from autograder import cells
from autograder.course import Course

POINTS = {"reflect-forget": "1.5", "reflect-shapes": "2"}  # that the instructor gives Ada's words
_RELEASED = nbformat.read(Course(ROOT).release(NOTEBOOK), as_version=4).cells
MAX_SCORE = f"{sum(cell.metadata.nbgrader.points for cell in _RELEASED if cells.is_marked(cell, 'grade')):g}"
NAMES = {"ada": ("Ada", "Archer"), "ben": ("Ben", "Baker"), "chen": ("Chen", "Cheng")}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course folder with a class that has handed in, before anything is graded."""
    course = Course(tmp_path_factory.mktemp("instructor") / "course")
    shutil.copytree(ROOT / "solutions", course.root / "solutions")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, course.root)
    for work in CLASS:
        work.write(course, Course(ROOT).release(NOTEBOOK))
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        for student, (first, last) in NAMES.items():
            gradebook.add_student(student, first_name=first, last_name=last)
    return course


def test_generate_autograde_feedback_and_scores(page, lab, course, shoot):
    formgrader = FormgraderPage(page, lab)

    assert "Successfully created" in formgrader.press(NOTEBOOK, "assign")
    assert cells_of(course) == cells_of(Course(ROOT))  # what Generate makes is what the repository holds
    shoot("instructor-1-generated")

    formgrader.follow(NOTEBOOK, ".num-submissions a")
    for work in CLASS:
        assert "provisioner: autograder-sandbox" in formgrader.press(work.student, "autograde")
        expect(formgrader.row(work.student).locator(".score")).to_have_text(f"{work.score:g} / {MAX_SCORE}")
        formgrader.press(work.student, "generate-feedback")
        feedback = course.root / "feedback" / work.student / NOTEBOOK / f"{NOTEBOOK}.html"
        assert f"{work.score:g} of {MAX_SCORE}" in feedback.read_text(encoding="utf-8")
    expect(formgrader.row("ada").locator(".status")).to_have_text("needs manual grading")
    shoot("instructor-2-autograded")

    formgrader.go_to("Manual Grading")
    formgrader.follow(NOTEBOOK)
    formgrader.follow(NOTEBOOK)
    formgrader.row("ada").locator(".glyphicon-eye-open").click()  # names are hidden until asked for
    shoot("instructor-3-by-hand")
    formgrader.follow("ada", "a.name-shown")
    for question, points in POINTS.items():
        formgrader.give(question, points)
    shoot("instructor-4-question")

    formgrader = FormgraderPage(page, lab)
    formgrader.follow(NOTEBOOK, ".num-submissions a")
    total = CLASS[0].score + sum(map(float, POINTS.values()))
    expect(formgrader.row("ada").locator(".score")).to_have_text(f"{total:g} / {MAX_SCORE}")
    expect(formgrader.row("ada").locator(".status")).to_have_text("graded")
    shoot("instructor-5-scores")


def cells_of(course: Course) -> list:
    return nbformat.read(course.release(NOTEBOOK), as_version=4).cells
