"""The long run: a class of a thousand against one of fifty. Does a submission cost the same, and is nothing lost?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from autograder.course import Course
from benchmarks.classes import choose_works
from benchmarks.figures import MIB, block_seconds, marginal, memory_growth, spread
from benchmarks.measure import BenchError
from benchmarks.ways import SameGrades, grade_ours, gradebook_scores

NOTEBOOK = "01_squeeze_excitation"
SAMPLE_EVERY = 5.0  # seconds: reading the memory map takes time itself, and these runs are timed
BLOCKS = 20  # of the large class, for its pace


def run_thousand(
    seed: int, repetitions: int, workers: int, sizes: tuple[int, int, int], say: Callable[[str], None]
) -> dict:
    """Grade classes of three sizes, by default 10, 50 and 1,000; the small ones several times, around the large one.

    The smallest class tells the start-up, which the other two share. Its submissions go round in turn in those, so that
    each class costs the same a submission but for its size.
    """
    tiny, small, large = sizes
    works = {NOTEBOOK: choose_works(NOTEBOOK, tiny, seed)}
    same = SameGrades(works)

    def grade(students: int) -> tuple[float, list, list]:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            course_folder = Path(folder) / "course"
            options = ("--workers", workers)
            grading = grade_ours(
                (), options, course_folder, NOTEBOOK, works[NOTEBOOK], students, sample_every=SAMPLE_EVERY
            )
            same.check("ours", NOTEBOOK, grading.grades, students)
            landed = check_nothing_lost(Course(course_folder), grading.grades)
        say(f"{NOTEBOOK}: {students} submissions, {grading.measured.seconds:.1f} s")
        return grading.measured.seconds, grading.measured.memory, landed

    before = [(grade(tiny)[0], grade(small)[0]) for _ in range((repetitions + 1) // 2)]
    seconds, memory, landed = grade(large)
    after = [(grade(tiny)[0], grade(small)[0]) for _ in range(repetitions // 2)]
    pairs = before + after
    tiny_seconds = median(pair[0] for pair in pairs)
    return {
        "notebook": NOTEBOOK,
        "workers": workers,
        "repetitions": repetitions,
        "sizes": {"tiny": tiny, "small": small, "large": large},
        "small": {
            "whole": spread([pair[1] / small for pair in pairs]),
            "each": spread([marginal((tiny, pair[0]), (small, pair[1])) for pair in pairs]),
        },
        "large": {"whole": seconds / large, "each": marginal((tiny, tiny_seconds), (large, seconds))},
        "graded": len(landed),
        "peak_mib": max(size for _, size in memory) / MIB,
        "growth_mib_a_hundred": memory_growth(memory, seconds, large),
        "block": large // BLOCKS,
        "block_seconds": block_seconds(landed, large // BLOCKS),
        "memory_mib": [(at, size / MIB) for at, size in memory],
    }


def check_nothing_lost(course: Course, grades: dict) -> list[float]:
    """When each result landed: the time of its feedback file.
    Raises BenchError if a submission has no feedback, or the gradebook says something else than the result."""
    if gradebook_scores(course, NOTEBOOK) != grades:
        raise BenchError("the gradebook and the result differ")
    pages = [course.root / "feedback" / student / NOTEBOOK / f"{NOTEBOOK}.html" for student in grades]
    lost = [page.parent.parent.name for page in pages if not page.is_file()]
    if lost:
        raise BenchError(f"no feedback for {len(lost)} submissions, among them {lost[0]}")
    return [page.stat().st_mtime for page in pages]
