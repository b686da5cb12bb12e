"""The words for what became of a question, an exercise and a grade by hand, for JSON, ledger and pages."""

from __future__ import annotations

from enum import StrEnum


class AnswerStatus(StrEnum):
    """What came back for one question."""

    OK = "ok"
    RAISED = "raised"  # the function raised an exception
    MISSING = "missing"  # there is no such function
    MALFORMED = "malformed"  # what came cannot be read


class Status(StrEnum):
    """What became of one exercise."""

    PASS = "pass"
    FAIL = "fail"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    LIMIT = "limit"
    CRASH = "crash"
    MISSING = "missing"
    GRADER_FAULT = "grader-fault"  # tried again, never scored


class ByHand(StrEnum):
    """How far a person is with one grade. nbgrader's two columns say it to gradebook, feedback, report and export."""

    SETTLED = "settled"  # no person is needed, or one has given points
    WAITING = "not graded yet"  # counts 0
    AGAIN = "to be looked at again"  # what a person graded has changed since; the points that were given count

    @classmethod
    def of(cls, needs_manual_grade: bool, manual_score: float | None) -> ByHand:
        if not needs_manual_grade:
            return cls.SETTLED
        return cls.WAITING if manual_score is None else cls.AGAIN


JUDGED = (Status.PASS, Status.FAIL)  # the exercise was answered: its points say the rest
BEYOND_A_LIMIT = (Status.TIMEOUT, Status.MEMORY, Status.LIMIT, Status.CRASH)  # the student's code was stopped
