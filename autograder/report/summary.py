"""The figures of the report, from the records of a class: plain data, the same for the page and for `--json`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..grading.grade import Result
from ..judge.verdict import PropertyVerdict, Verdict
from ..statuses import BEYOND_A_LIMIT, Status
from .grading import GradingSummary, summarise_grading
from .measures import Bin, Spread, histogram, item_rest_correlation, spread, wilson_interval
from .records import ClassRecords, GradingState, StudentRecord

HELP_SHARE = 0.5  # of the automatic points: who has less is named under "who needs help"
STOPPED = (Status.MISSING, *BEYOND_A_LIMIT)  # and who has an exercise of such a status
LONGEST = 400  # characters of a diagnosis that are kept


@dataclass(frozen=True)
class Scores:
    """A distribution of points: of whom and out of how many."""

    max_score: float
    spread: Spread | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise over all graded students."""

    id: str
    max_score: float
    n: int
    mean_share: float
    full_marks: int
    statuses: dict[Status, int]


@dataclass(frozen=True)
class PropertySummary:
    """One property over all graded students; `low` and `high` are the 95 % interval of the share that passed.

    `separates` is the corrected item-total correlation, None where there is too little to tell.
    """

    exercise: str
    name: str
    statement: str
    points: float
    n: int
    passed: int
    low: float
    high: float
    separates: float | None

    @property
    def share(self) -> float:
        return self.passed / self.n


@dataclass(frozen=True)
class Diagnosis:
    """One diagnosis in an exercise: the form of it that was said most often, and who was told any form of it.

    A form is the sentence with the numbers and words of one student.
    """

    exercise: str
    sentence: str
    variants: int
    properties: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True)
class Missed:
    """An exercise in which a student lost points."""

    exercise: str
    score: float
    max_score: float
    status: Status
    sentence: str


@dataclass(frozen=True)
class StudentSummary:
    """One student's line. `reasons` says why the student needs help; empty: no need was found.

    `late` says in words how late it came and which extension there is, `attempt` which of several attempts counts and
    why. `automatic` is the judge's score, `given` what a
    person gave for the questions in words, `total` the gradebook's; `waiting` and `again` count what is to be graded by
    hand, and to be looked at again.
    """

    student: str
    label: str
    section: str
    late: str
    attempt: str
    state: GradingState
    reasons: tuple[str, ...]
    automatic: float | None
    given: float | None
    waiting: int
    again: int
    total: float | None
    missed: tuple[Missed, ...]
    seconds: float | None
    seed: int | None
    feedback: str


@dataclass(frozen=True)
class Summary:
    """All figures of the report.

    `states` counts students, `late` those who handed in after the due date; `waiting_students` and `waiting_questions`
    count what is still to be graded by hand, `again_students` and `again_grades` what is to be looked at again;
    `totals` is of those with nothing waiting, None where there is no such question or nobody is ready.
    """

    notebook: str
    section: str
    graded_at: str
    anonymous: bool
    late: int
    states: dict[GradingState, int]
    automatic_max: float
    manual: dict[str, float] | None
    waiting_students: int
    waiting_questions: int
    again_students: int
    again_grades: int
    automatic: Scores
    totals: Scores | None
    exercises: tuple[ExerciseSummary, ...]
    properties: tuple[PropertySummary, ...]
    mistakes: tuple[Diagnosis, ...]
    students: tuple[StudentSummary, ...]
    grading: GradingSummary

    @property
    def total_max(self) -> float:
        return self.automatic_max + sum((self.manual or {}).values())

    @property
    def handed_in(self) -> int:
        return len(self.students) - self.states.get(GradingState.NOT_HANDED_IN, 0)

    @property
    def needing_help(self) -> list[StudentSummary]:
        """Who needs help: those without a grade first, then the fewest points first."""
        needing = [student for student in self.students if student.reasons]
        return sorted(needing, key=lambda s: (s.automatic is not None, s.automatic or 0.0))


def summarise(records: ClassRecords) -> Summary:
    """The figures of a class."""
    graded = records.graded
    results = [result for _, result in graded]
    automatic_max = max((record.result.max_score for record in records.records if record.result), default=0.0)
    students = tuple(_student(record, automatic_max, records.manual) for record in records.records)
    waiting = [student.waiting for student in students if student.waiting]
    return Summary(
        notebook=records.notebook,
        section=records.section,
        graded_at=records.graded_at,
        anonymous=records.anonymous,
        late=sum(record.late is not None and record.late.is_late for record in records.records),
        states=dict(Counter(record.state for record in records.records)),
        automatic_max=automatic_max,
        manual=records.manual,
        waiting_students=len(waiting),
        waiting_questions=sum(waiting),
        again_students=sum(student.again > 0 for student in students),
        again_grades=sum(student.again for student in students),
        automatic=_scores([result.score for result in results], automatic_max),
        totals=_totals(students, automatic_max, records.manual or {}),
        exercises=tuple(_exercise(verdicts) for verdicts in _by_exercise(results).values()),
        properties=tuple(_properties(results)),
        mistakes=tuple(_mistakes(graded)),
        students=students,
        grading=summarise_grading(records),
    )


def _scores(values: list[float], max_score: float) -> Scores:
    return Scores(max_score, spread(values), histogram(values, max_score))


def _totals(students: Iterable[StudentSummary], automatic_max: float, manual: dict[str, float]) -> Scores | None:
    totals = [student.total for student in students if student.total is not None and not student.waiting]
    return _scores(totals, automatic_max + sum(manual.values())) if manual and totals else None


def _by_exercise(results: Iterable[Result]) -> dict[str, list[Verdict]]:
    found = defaultdict(list)
    for result in results:
        for verdict in result.verdicts:
            found[verdict.id].append(verdict)
    return found


def _exercise(verdicts: list[Verdict]) -> ExerciseSummary:
    full = max(verdict.max_score for verdict in verdicts)
    return ExerciseSummary(
        verdicts[0].id,
        full,
        len(verdicts),
        sum(verdict.score for verdict in verdicts) / (full * len(verdicts)) if full else 0.0,
        sum(verdict.score == verdict.max_score for verdict in verdicts),
        dict(Counter(verdict.status for verdict in verdicts)),
    )


def _properties(results: list[Result]) -> Iterable[PropertySummary]:
    found = defaultdict(list)
    for result in results:
        for verdict in result.verdicts:
            for item in verdict.properties:
                found[verdict.id, item.name].append((item, result.score - item.earned))
    for (exercise, name), judged in found.items():
        passed = [item.passed for item, _ in judged]
        interval = wilson_interval(sum(passed), len(passed))
        separates = item_rest_correlation(passed, [rest for _, rest in judged])
        first = judged[0][0]
        yield PropertySummary(
            exercise, name, first.statement, first.points, len(passed), sum(passed), *interval, separates
        )


def _mistakes(graded: list[tuple[StudentRecord, Result]]) -> list[Diagnosis]:
    """The commonest first; of those that are as common, in the order of the notebook."""
    told = defaultdict(list)
    for record, result in graded:
        for verdict in result.verdicts:
            for item in verdict.properties:
                if item.sentence and not item.passed and not item.follows:
                    told[verdict.id, item.diagnosis].append((record, item))
    order = list(_by_exercise(result for _, result in graded))
    mistakes = [_diagnosis(exercise, found) for (exercise, _), found in told.items()]
    return sorted(mistakes, key=lambda mistake: (-len(mistake.students), order.index(mistake.exercise)))


def _diagnosis(exercise: str, told: list[tuple[StudentRecord, PropertyVerdict]]) -> Diagnosis:
    said = Counter(item.sentence for _, item in told)
    names = dict.fromkeys(item.name for _, item in told)
    students = {record.student: record.label for record, _ in told}
    return Diagnosis(exercise, shortened(said.most_common(1)[0][0]), len(said), tuple(names), tuple(students.values()))


def _student(record: StudentRecord, automatic_max: float, manual: dict[str, float] | None) -> StudentSummary:
    result = record.result if record.state == GradingState.GRADED else None
    hand = record.hand if result else None
    missed = [verdict for verdict in result.verdicts if verdict.score < verdict.max_score] if result else []
    return StudentSummary(
        record.student,
        record.label,
        record.section,
        str(record.late or ""),
        result.attempt if result else "",
        record.state,
        tuple(_reasons(record, automatic_max)),
        automatic=result.score if result else None,
        given=hand.given if hand else None,
        waiting=(hand.waiting if hand else len(manual or {})) if result else 0,
        again=hand.again if hand else 0,
        total=hand.total if hand else None,
        missed=tuple(_missed(verdict) for verdict in missed),
        seconds=result.seconds if result else None,
        seed=result.seed if result else None,
        feedback=record.feedback,
    )


def _missed(verdict: Verdict) -> Missed:
    sentence = shortened(verdict.messages[0]) if verdict.messages else ""
    return Missed(verdict.id, verdict.score, verdict.max_score, verdict.status, sentence)


def _reasons(record: StudentRecord, automatic_max: float) -> Iterable[str]:
    if record.state == GradingState.NOT_HANDED_IN:
        return
    if record.state != GradingState.GRADED:
        yield f"{record.state}: {shortened(record.reason)}" if record.reason else record.state
        return
    if record.result.score < HELP_SHARE * automatic_max:
        yield f"below {HELP_SHARE * 100:g} % of the automatic points"
    for status in STOPPED:
        hit = [verdict.id for verdict in record.result.verdicts if verdict.status == status]
        if hit:
            yield f"{status}: {', '.join(hit)}"


def shortened(text: str) -> str:
    """The text, cut where it is longer than anybody reads."""
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + " ..."
