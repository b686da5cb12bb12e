"""What is known of a class: one record per student, whatever became of what was handed in."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum

from ..grading.grade import Result
from ..judge.cause import without_own_words
from ..judge.verdict import PropertyVerdict, Verdict
from ..record.class_list import Lateness
from ..templating import name_and_id

LONGEST_NAME = 80  # characters that are shown


class GradingState(StrEnum):
    """What became of one student's submission."""

    GRADED = "graded"
    REFUSED = "refused"
    SET_ASIDE = "set aside"
    GRADER_FAULT = "grader-fault"
    NOT_GRADED_YET = "not graded yet"
    NOT_TAKEN = "not taken"
    NOT_HANDED_IN = "not handed in"


@dataclass(frozen=True)
class HandGrades:
    """What the gradebook holds of one student, in points: `total` with all that a person changed, late penalty off.

    `given` are the points of the questions that are graded by hand; `waiting` counts those without a grade yet,
    `again` all given points that are to be looked at again.
    """

    total: float
    given: float = 0.0
    waiting: int = 0
    again: int = 0


@dataclass(frozen=True)
class StudentRecord:
    """One student. `breaks` counts the workers that died of the submission; `feedback` is the page's relative link.

    `late` is None for who handed in by the due date and got no extension; `not_taken` says why what was handed in was
    not collected.
    """

    student: str
    name: str = ""
    section: str = ""
    late: Lateness | None = None
    handed_in: bool = True
    result: Result | None = None
    hand: HandGrades | None = None
    breaks: int = 0
    feedback: str = ""
    not_taken: str = ""

    @property
    def state(self) -> GradingState:
        if self.result is None:
            if self.handed_in:
                return GradingState.NOT_GRADED_YET
            return GradingState.NOT_TAKEN if self.not_taken else GradingState.NOT_HANDED_IN
        if self.result.set_aside:
            return GradingState.SET_ASIDE
        if self.result.fault:
            return GradingState.GRADER_FAULT
        return GradingState.REFUSED if self.result.refusal else GradingState.GRADED

    @property
    def reason(self) -> str:
        """Why there is no grade; "" if there is one, or nothing says why."""
        return self.result.reason if self.result else self.not_taken

    @property
    def label(self) -> str:
        """The student for a reader: name and id, each cut where it is absurdly long."""
        return name_and_id(self.name[:LONGEST_NAME], self.student[:LONGEST_NAME])


@dataclass(frozen=True)
class ClassRecords:
    """A class and a notebook. `graded_at` says when a result last came; `manual` has the hand-graded questions' points.

    `manual` is None where there is no gradebook; `dropped` counts results of students who no longer hand in. `section`
    is the one that the class was cut down to, if any.
    """

    notebook: str
    records: tuple[StudentRecord, ...]
    manual: dict[str, float] | None
    graded_at: str = ""
    dropped: int = 0
    section: str = ""
    anonymous: bool = False

    @property
    def graded(self) -> list[tuple[StudentRecord, Result]]:
        """The records that have a grade, with their results."""
        return [(record, record.result) for record in self.records if record.state == GradingState.GRADED]


def anonymised(records: ClassRecords) -> ClassRecords:
    """The class with numbers for names, drawn anew each time; what students wrote themselves is left out.

    That is: the text of exceptions, and the reasons and notes that may hold a file's name. No link leads anywhere. The
    seeds are left out as well, because students know their own, and so are a student's section, lateness and attempts.
    """
    shuffled = random.SystemRandom().sample(records.records, len(records.records))
    width = len(str(len(shuffled)))
    hidden = [_hidden(record, f"student {number:0{width}}") for number, record in enumerate(shuffled, start=1)]
    return replace(records, records=tuple(hidden), anonymous=True)


def _hidden(record: StudentRecord, label: str) -> StudentRecord:
    result = record.result
    if result is not None:
        result = replace(
            result,
            student=label,
            verdicts=tuple(_without_own_words(verdict, bool(result.reason)) for verdict in result.verdicts),
            refusal=result.refusal and "see the report with names",
            fault=result.fault and "see the report with names",
            notes=(),
            seed=None,
            class_seed=None,
            attempt="",
        )
    not_taken = record.not_taken and "see the report with names"
    return replace(
        record, student=label, name="", section="", late=None, result=result, feedback="", not_taken=not_taken
    )


def _without_own_words(verdict: Verdict, all_sentences: bool) -> Verdict:
    def shortened(item: PropertyVerdict) -> PropertyVerdict:
        return replace(item, sentence="" if all_sentences else without_own_words(item.sentence))

    return replace(verdict, properties=tuple(map(shortened, verdict.properties)))
