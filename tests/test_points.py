"""Points that do not agree are one sentence before anything runs, not a fault of the grader for each submission."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI

from autograder import cells, cli
from autograder.course import Course, CourseError
from autograder.grading.points import require_points
from tests.support.course import ROOT, make_course
from tests.support.fake_class import grade

NAME = "00_feature_maps"
EXERCISE = "channel_pool"


@pytest.fixture
def course(tmp_path, monkeypatch) -> Course:
    """A course of its own, with its own notebooks."""
    course = make_course(tmp_path / "class")
    for folder in ("solutions", "notebooks"):
        (course.root / folder).unlink()
        shutil.copytree(ROOT / folder / NAME, course.root / folder / NAME)
    for shared in ("helpers.py", "hand_in.py", "likely_causes.json"):
        shutil.copy(ROOT / "solutions" / shared, course.root / "solutions" / shared)
    (course.root / "notebooks" / "NOTATION.md").touch()
    monkeypatch.chdir(course.root)
    return course


def change(path, **of_test_cell) -> float:
    """Change nbgrader's metadata of one test cell. Returns its points before."""
    notebook = nbformat.read(path, as_version=4)
    (test,) = [cell for cell in notebook.cells if cells.grade_id(cell) == f"{EXERCISE}-check"]
    before = test.metadata.nbgrader.points
    test.metadata.nbgrader.update(of_test_cell)
    nbformat.write(notebook, path)
    return before


@pytest.mark.parametrize("version", ["walkthrough", "release"])
def test_a_test_cell_with_other_points_is_named(course, version):
    path = getattr(course, version)(NAME)
    points = change(path, points=40)
    says = f"{EXERCISE} has 40 in the notebook and {points:g} in the exercises: run `autograder build {NAME} --force`"
    with pytest.raises(CourseError) as refused:
        require_points(course, NAME)
    assert str(refused.value) == f"{path}: points do not agree: {says}"


def test_a_test_cell_of_no_exercise_is_named(course):
    points = change(course.release(NAME), grade_id="no_such-check")
    with pytest.raises(CourseError) as refused:
        require_points(course, NAME)
    assert f"{EXERCISE} has none in the notebook and {points:g} in the exercises" in str(refused.value)
    assert f"no_such has {points:g} in the notebook and none in the exercises" in str(refused.value)


def test_a_missing_notebook_is_named(course):
    course.release(NAME).unlink()
    says = f"{course.release(NAME)} is missing: run `autograder build {NAME}`"
    with pytest.raises(CourseError, match=f"^{re.escape(says)}$"):
        require_points(course, NAME)


def with_other_points(course) -> Path:
    """Change the points of a notebook that a student has handed in; returns the student's file."""
    change(course.release(NAME), points=40)
    path = course.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / NAME / path.name, path)
    return path


def test_grade_check_and_build_say_so_and_run_nothing(course, monkeypatch, capsys):
    path = with_other_points(course)
    with pytest.raises(CourseError, match="points do not agree"):
        grade(course, client=None)
    monkeypatch.setattr("autograder.build.make.execute", lambda *_: pytest.fail("it is current"))
    for command in (["check", str(path)], ["build", NAME]):
        monkeypatch.setattr("sys.argv", ["autograder", *command])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == 2 and "points do not agree" in " ".join(capsys.readouterr().err.split())


def test_nbgraders_autograde_says_so_too_and_runs_nothing(course, monkeypatch):
    monkeypatch.setattr("autograder.nbgrader_autograde.start_early", lambda *_: pytest.fail("nothing is to run"))
    with_other_points(course)
    outcome = NbGraderAPI(config=course.config()).autograde(NAME, "ada")
    assert not outcome["success"]
    (said,) = [line for line in outcome["log"].splitlines() if "ERROR" in line]
    assert "points do not agree: channel_pool has 40 in the notebook" in said
    assert not (course.root / "autograded").exists()
