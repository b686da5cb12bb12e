"""The course of an installed wheel: found from any folder, and graded as the course's own folder is."""

from __future__ import annotations

import runpy
import sys
from importlib.metadata import EntryPoint

import pytest

from autograder import course as course_module
from autograder.course import INSTALLED, Course, CourseError
from autograder.grading.assignment import Assignment
from tests.support.course import ROOT

SETUP = runpy.run_path(str(ROOT / "setup.py"), run_name="setup")
NAME, OTHER = "course_of_a_wheel", "another_of_a_wheel"  # packages that nobody has imported


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A folder of packages, with the course as the wheel brings it."""
    packages = tmp_path_factory.mktemp("site-packages")
    for package in (NAME, OTHER):
        (packages / package).mkdir()
        (packages / package / "__init__.py").touch()
        (packages / package / "course").mkdir()
        (packages / package / "course" / "nbgrader_config.py").touch()
    SETUP["copy_course"](ROOT, packages / NAME / "course")
    return packages


def install(monkeypatch, packages, *names: str) -> None:
    """Let these be the courses that are installed."""
    entries = [EntryPoint(name, f"{name}.exercises", INSTALLED) for name in names]
    monkeypatch.setattr(course_module, "entry_points", lambda group: entries)
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])


def test_a_wheels_course_is_found_from_any_folder(packages, tmp_path, monkeypatch):
    install(monkeypatch, packages, NAME)
    monkeypatch.chdir(tmp_path)
    course = Course.find_or_installed()
    assert course.root == packages / NAME / "course" and course.names == Course(ROOT).names


def test_of_two_installed_courses_none_is_taken(packages, tmp_path, monkeypatch):
    install(monkeypatch, packages, NAME, OTHER)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="run this in the course's folder.*here several are"):
        Course.find_or_installed()


@pytest.mark.parametrize("name", Course(ROOT).names)
def test_a_wheels_course_is_graded_as_the_folder_is(packages, name):
    """The digest holds all that a grade depends on: both notebooks, steps and settings."""
    in_wheel, in_folder = (Assignment.of(course, name) for course in (Course(packages / NAME / "course"), Course(ROOT)))
    assert in_wheel.digest == in_folder.digest


def test_the_wheel_has_nothing_of_the_course_outside_its_package():
    """The sandbox hides the package: tests/test_visibility.py."""
    assert SETUP["FOLDER"].parts == ("attention_course", course_module.IN_PACKAGE)
