"""More machines, simulated: a Dask scheduler of its own and workers with a core each. What does one more bring?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.class_run.cluster import open_client
from autograder.course import Course
from benchmarks.classes import choose_works
from benchmarks.figures import marginal, spread
from benchmarks.saturation import Ready, read_ready, what_one_submission_costs
from benchmarks.thousand import NOTEBOOK, check_nothing_lost
from benchmarks.ways import CORES, SameGrades, grade_ours
from tests.support.dask_cluster import dask_cluster

COUNTS = (1, 2, 4)  # of workers, as far as there are cores
WORKS = 4  # different submissions: those of a class go round in turn
WORKERS_START_SECONDS = 60


def run_machines(seed: int, repetitions: int, sizes: tuple[int, int], say: Callable[[str], None]) -> dict:
    """Grade with one worker, with two, with four; then see what a submission costs the scheduler and the grader.

    `sizes` are those of a small and a large class for each worker; their difference leaves the start-up out.
    """
    works = choose_works(NOTEBOOK, WORKS, seed)
    same = SameGrades({NOTEBOOK: works})
    ready: list[Ready] = []
    found = []

    def grade_with(workers: int) -> list[float]:
        """Seconds a submission in each repetition."""
        cores = sorted(os.sched_getaffinity(0))[:workers]
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as folder,
            dask_cluster(Path(folder), workers=workers, threads=1, cores=cores) as scheduler,
        ):
            with open_client(scheduler=scheduler.address) as client:
                client.wait_for_workers(workers, timeout=WORKERS_START_SECONDS)
            classes = iter(range(2 * repetitions + 1))

            def grade(students: int) -> float:
                course_folder = Path(folder) / f"class-{next(classes)}"
                prefix, options = ("taskset", "-c", ",".join(map(str, cores))), ("--scheduler", scheduler.address)
                grading = grade_ours(prefix, options, course_folder, NOTEBOOK, works, students)
                course = Course(course_folder)
                same.check("ours", NOTEBOOK, grading.grades, students)
                check_nothing_lost(course, grading.grades)
                ready[:] = read_ready(course, NOTEBOOK, sorted(grading.grades)[:WORKS])
                say(f"machines: {workers} workers, {students} submissions, {grading.measured.seconds:.1f} s")
                return grading.measured.seconds

            small, large = (size * workers for size in sizes)
            grade(small)  # each worker imports TensorFlow at its first submission
            return [marginal((small, grade(small)), (large, grade(large))) for _ in range(repetitions)]

    for workers in (count for count in COUNTS if count <= CORES):
        found.append({"workers": workers, "each": spread(grade_with(workers))})
    return {
        "notebook": NOTEBOOK,
        "sizes": list(sizes),
        "repetitions": repetitions,
        "grades_compared": same.compared,
        "throughput": found,
        **what_one_submission_costs(ready, NOTEBOOK, say),
    }
