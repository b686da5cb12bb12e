"""The words for what became of a question and of an exercise, as they are in JSON, the ledger and the gradebook."""

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


JUDGED = (Status.PASS, Status.FAIL)  # the exercise was answered: its points say the rest
BEYOND_A_LIMIT = (Status.TIMEOUT, Status.MEMORY, Status.LIMIT, Status.CRASH)  # the student's code was stopped
