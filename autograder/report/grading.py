"""How the grading itself went: what it took, which limits were hit, what could not be graded and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from ..statuses import BEYOND_A_LIMIT, Status
from .measures import Spread, spread
from .records import ClassRecords, GradingState

SLOWEST = 5  # submissions that are named


@dataclass(frozen=True)
class ExerciseTime:
    """What grading one exercise took, in seconds, and how often a limit ended it."""

    id: str
    seconds: Spread | None
    limits: dict[Status, int]


@dataclass(frozen=True)
class GradingSummary:
    """How grading went. `ungraded` has (student, what happened, why), `slowest` (student, seconds).

    `workers_lost` counts the workers that died of one submission alone, `died_of` says of whose. `notes` are what
    grading had to mend, with the number of students; `seeds` are the class's, one for each run that still counts, with
    it too. `dropped` counts results of students who are no longer in the folder of submissions.
    """

    total_seconds: float
    seconds: Spread | None
    exercises: tuple[ExerciseTime, ...]
    slowest: tuple[tuple[str, float], ...]
    ungraded: tuple[tuple[str, str, str], ...]
    workers_lost: int
    died_of: tuple[str, ...]
    notes: tuple[tuple[str, int], ...]
    seeds: tuple[tuple[int, int], ...]
    dropped: int


def summarise_grading(records: ClassRecords) -> GradingSummary:
    """The figures of the grading itself."""
    graded = records.graded
    times = [(record.label, result.seconds) for record, result in graded]
    notes = Counter(note for _, result in graded for note in set(result.notes))
    seeds = Counter(result.class_seed for _, result in graded if result.class_seed is not None)
    broken = [record for record in records.records if record.breaks]
    return GradingSummary(
        total_seconds=sum(seconds for _, seconds in times),
        seconds=spread([seconds for _, seconds in times]),
        exercises=tuple(_exercises(records)),
        slowest=tuple(sorted(times, key=lambda entry: -entry[1])[:SLOWEST]),
        ungraded=tuple(
            (record.label, record.state, record.reason or "grading has not come to it")
            for record in records.records
            if record.state not in (GradingState.GRADED, GradingState.NOT_HANDED_IN)
        ),
        workers_lost=sum(record.breaks for record in broken),
        died_of=tuple(record.label for record in broken),
        notes=tuple(sorted(notes.items(), key=lambda entry: (-entry[1], entry[0]))),
        seeds=tuple(sorted(seeds.items())),
        dropped=records.dropped,
    )


def _exercises(records: ClassRecords) -> list[ExerciseTime]:
    seconds, hits = defaultdict(list), defaultdict(Counter)
    for _, result in records.graded:
        for verdict in result.verdicts:
            hits[verdict.id].update([verdict.status])
            if verdict.id in result.exercise_seconds:
                seconds[verdict.id].append(result.exercise_seconds[verdict.id])
    return [
        ExerciseTime(exercise, spread(seconds[exercise]), {limit: counts[limit] for limit in BEYOND_A_LIMIT})
        for exercise, counts in hits.items()
    ]
