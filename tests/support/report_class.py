"""Classes of made-up results, for the tests of the class report."""

from __future__ import annotations

from attention_course.exercises import CATALOGUE
from autograder.grading.grade import Result
from autograder.judge.verdict import PropertyVerdict, Verdict
from autograder.report.records import ClassRecords, HandGrades, StudentRecord

NAME = "00_feature_maps"
EXERCISES = CATALOGUE.exercises_of(NAME)
FULL = sum(exercise.points for exercise in EXERCISES)


def result_of(
    student: str, right: int = len(EXERCISES), sentence: str = "It sums.", status="fail", diagnosis: str = "", **more
) -> Result:
    """A student whose first `right` exercises hold all properties, and the others none."""
    verdicts = []
    for number, exercise in enumerate(EXERCISES):
        passed = number < right
        items = (
            PropertyVerdict(
                p.name, p.statement, p.points, passed, *(("", "") if passed else (sentence, diagnosis or sentence))
            )
            for p in exercise.properties
        )
        verdicts.append(Verdict(exercise.id, "pass" if passed else status, tuple(items)))
    return Result(student, NAME, tuple(verdicts), **{"seconds": 2.0, "seed": 70, "class_seed": 7, **more})


def class_of(*results: Result, manual: dict | None = None, **hands: HandGrades) -> ClassRecords:
    records = [StudentRecord(result.student, result=result, hand=hands.get(result.student)) for result in results]
    return ClassRecords(NAME, tuple(records), manual)
