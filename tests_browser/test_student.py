"""A student's way through JupyterLab: open a notebook, run it, answer, see the check pass, press Validate."""

from __future__ import annotations

import re
import shutil

import nbformat
import pytest
from conftest import ROOT
from notebook_page import NotebookPage
from playwright.sync_api import expect

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from tests.support.course import solved
from tests.support.submissions import fill_in

NOTEBOOK, SMALL = "01_squeeze_excitation", "00_feature_maps"
YOUR_TURN = "NotImplementedError: Your turn: write this function, then run this cell again."


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """What a student has on Binder, as far as Jupyter reads it."""
    folder = tmp_path_factory.mktemp("student") / "course"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return Course(folder)


def saved_source(course: Course, notebook: str, grade_id: str) -> str:
    found = nbformat.read(course.release(notebook), as_version=4).cells
    return next(cell.source for cell in found if cells.grade_id(cell) == grade_id)


def test_an_answer_passes_its_check_and_validate_names_the_rest(page, lab, course, shoot):
    notebook = NotebookPage(page, lab, course, NOTEBOOK)
    shoot("student-1-opened")

    notebook.restart_and_run_all()  # as it came: it stops at the first exercise and says why
    expect(notebook.output("squeeze-check")).to_contain_text(YOUR_TURN)
    notebook.show("squeeze-check")
    shoot("student-2-your-turn")

    notebook.replace_last_line("squeeze", "return x.mean(axis=(1, 2))")
    notebook.run_from_to("squeeze", "squeeze-check")
    expect(notebook.output("squeeze-check")).to_contain_text("squeeze: all visible checks passed")
    notebook.show("squeeze-check")
    shoot("student-3-check-passed")

    said = notebook.validate()
    shoot("student-4-validated")
    left = [exercise.id for exercise in CATALOGUE.exercises_of(NOTEBOOK) if exercise.id != "squeeze"]
    assert re.findall(r'^passed\("(\w+)"\)$', said, re.MULTILINE) == left
    assert said.count(YOUR_TURN) == len(left)
    assert saved_source(course, NOTEBOOK, "squeeze").endswith("    return x.mean(axis=(1, 2))")


def test_validate_says_success_where_all_is_answered(page, lab, course, shoot):
    path = course.release(SMALL)
    nbformat.write(fill_in(nbformat.read(path, as_version=4), solved(SMALL)), path)

    said = NotebookPage(page, lab, course, SMALL).validate()
    shoot("student-5-success")
    assert said.strip() == "Success! Your notebook passes all the tests."
