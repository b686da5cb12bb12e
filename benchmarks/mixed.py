"""The comparisons: stock, otter-grader, ours and the floor on the same submissions, repetitions interleaved."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.course import Course
from benchmarks.classes import Work, choose_works
from benchmarks.figures import MIB, ratios, summarise
from benchmarks.ways import CORES, FLOOR, MANY, ONE, OTTER, STOCK, WAYS, Grading, SameGrades, scores_by_visible

SLOW = (STOCK, MANY, OTTER)  # run less often
SAMPLE_EVERY = 0.2  # seconds between two readings of the memory


class Mixed:
    """Grades the mixed batch in the given ways and keeps the figures."""

    def __init__(
        self, notebooks: Sequence[str], ways: Sequence[str], works: int, seed: int, say: Callable[[str], None]
    ) -> None:
        self._ways, self._say = ways, say
        self._works: dict[str, list[Work]] = {name: choose_works(name, works, seed) for name in notebooks}
        self._count = works
        self._same, self._same_by_visible = SameGrades(self._works), SameGrades(self._works)

    def run(self, submissions: int, repetitions: int, stock_repetitions: int) -> dict:
        """All runs. The first pass reads the memory and warms the disk's cache; it gives no times. Of those that take
        long it is one notebook's."""
        memory = self._memory(submissions)
        runs = []
        for repetition in range(repetitions):
            for notebook in self._works:
                for way in self._ways:
                    if way not in SLOW or repetition < stock_repetitions:
                        sizes = self._sizes(way, submissions)
                        runs += [self._timed(way, notebook, size, repetition) for size in sizes]
        summary = summarise(runs)
        return {
            "submissions": submissions,
            "works": self._count,
            "work_list": {name: [_names(work) for work in works] for name, works in self._works.items()},
            "repetitions": repetitions,
            "stock_repetitions": min(stock_repetitions, repetitions),
            "grades_compared": self._same.compared,
            "judged_otherwise": self._same.differences(self._same_by_visible),
            "summary": summary,
            "ratios": ratios(summary, CORES),
            "memory": memory,
            "runs": runs,
        }

    def _sizes(self, way: str, submissions: int) -> tuple[int, ...]:
        """Others and the floor tell their start-up by themselves; ours by the difference of two classes."""
        if way in (STOCK, OTTER):
            return (self._count,)
        if way == MANY:
            return (self._count * CORES,)
        return (submissions,) if way == FLOOR else (self._count, submissions)

    def _memory(self, submissions: int) -> dict:
        found = {}
        for way in self._ways:
            peaks, proportional = [], True
            for notebook in list(self._works)[: 1 if way in SLOW else None]:
                students = {STOCK: 1, OTTER: 1, MANY: CORES}.get(way, submissions)
                measured = self._grade(way, notebook, students, sample_every=SAMPLE_EVERY).measured
                peaks.append(measured.peak_bytes / MIB)
                proportional &= measured.proportional
            found[way] = {"peak_mib": max(peaks), "proportional": proportional}
        return found

    def _timed(self, way: str, notebook: str, students: int, repetition: int) -> dict:
        grading = self._grade(way, notebook, students)
        return {
            "way": way,
            "notebook": notebook,
            "repetition": repetition,
            "submissions": students,
            "seconds": grading.measured.seconds,
            "startup": grading.startup,
            "each": grading.each,
        }

    def _grade(self, way: str, notebook: str, students: int, **watch) -> Grading:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            grading = WAYS[way](Path(folder) / "course", notebook, self._works[notebook], students, **watch)
            if OTTER in self._ways and way == ONE:
                grading.by_visible = scores_by_visible(Course(Path(folder) / "course"), notebook)
        if grading.grades is not None:
            self._same.check(way, notebook, grading.grades, students)
        if grading.by_visible is not None:
            self._same_by_visible.check(way, notebook, grading.by_visible, students)
        seconds = grading.measured.seconds
        self._say(f"{way}: {notebook}, {students} submissions, {seconds:.1f} s{' (memory)' if watch else ''}")
        return grading


def _names(work: Work) -> list[str]:
    return [answer.name for answer in work.values()]
