"""Fixtures of the tests of the batch: workers, and a course whose gradebook knows the assignment."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.class_run.cluster import open_client
from autograder.course import Course
from autograder.record import recorder as record
from tests.support.course import make_course
from tests.support.fake_class import NAME


@pytest.fixture(scope="module")
def client():
    """Two worker processes, for all the tests that need no grader process of their own."""
    with open_client(workers=2, threads=2) as client:
        yield client


@pytest.fixture(scope="module")
def gradebook_file(tmp_path_factory) -> Path:
    """A gradebook that knows the assignment: making one takes seconds."""
    course = make_course(tmp_path_factory.mktemp("template") / "class")
    record.require_assignment(course, NAME)
    return course.root / "gradebook.db"


@pytest.fixture
def course(tmp_path, gradebook_file) -> Course:
    course = make_course(tmp_path / "class")
    shutil.copy(gradebook_file, course.root)
    return course
