"""A graded class whose answers in words wait for a person."""

from __future__ import annotations

from autograder.course import Course
from autograder.grading.assignment import Assignment
from autograder.record.recorder import Graded, Recorder
from tests.support.fake_class import NAME
from tests.support.fake_grading import graded

QUESTION, OTHER_QUESTION = "reflect-forget", "reflect-shapes"


def record_words(course: Course, **words: str) -> None:
    """Record each student's answer, the same to both questions; "" for one who wrote none."""
    assignment = Assignment.of(course, NAME)
    batch = []
    for student, answer in words.items():
        folder = course.root / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        batch.append(Graded(student, folder, graded(assignment, student, 1.0, 1, answer).graded))
    with Recorder(course, NAME) as recorder:
        assert not [one.fault for one in recorder.record(batch) if one.fault]
