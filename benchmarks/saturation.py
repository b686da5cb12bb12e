"""What a submission costs the two processes that are there once in a class: Dask's scheduler, and the grader.

The scheduler hands on messages of a given size between workers that do nothing. The grader records results that are
there at once. Each is Python under one lock, so that it keeps one core busy at most: its processor time is counted.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import psutil

from autograder.class_run.batch import Options, grade_class
from autograder.class_run.cluster import open_client
from autograder.class_run.pool import Job, Pool
from autograder.class_run.worker import grade_on_worker
from autograder.course import Course
from autograder.grading.grade import Result
from autograder.record.ledger import Ledger, ledger_path
from benchmarks.classes import student_name
from benchmarks.measure import BenchError
from tests.support.course import make_course
from tests.support.dask_cluster import dask_cluster

MESSAGES = ((0.1, 200), (1.0, 60))  # MB of each of a submission's messages, and how many submissions
RECORDED = 400  # submissions for the grader
WARM = 20
IDLE_WORKERS = 2


@dataclass(frozen=True)
class Ready:
    """What grading made of a submission: for the grader, in the place of running it."""

    content: bytes
    result: Result
    graded: str
    page: str


def read_ready(course: Course, notebook: str, students: Iterable[str]) -> list[Ready]:
    """What a graded course holds of these students."""

    def read(step: str, student: str, ending: str) -> bytes:
        return (course.root / step / student / notebook / f"{notebook}.{ending}").read_bytes()

    with Ledger(ledger_path(course, notebook)) as ledger:
        return [
            Ready(
                read("submitted", result.student, "ipynb"),
                result,
                ledger.graded(result.student),
                read("feedback", result.student, "html").decode(),
            )
            for result in ledger.results(students)
        ]


def what_one_submission_costs(ready: list[Ready], notebook: str, say: Callable[[str], None]) -> dict:
    """Seconds of processor time a submission: of the record alone, and by size of message of scheduler and grader; and
    the MB of each message in the class from which the results are."""
    record = record_seconds(ready, notebook, RECORDED)
    say(f"machines: the record alone, {RECORDED} submissions, {1000 * record:.1f} ms each")
    messages = []
    for size, submissions in MESSAGES:
        found = message_seconds(size, submissions)
        say(f"machines: messages of {size} MB, {submissions} submissions, {1000 * found['scheduler']:.1f} ms each")
        messages.append({"mb": size, "submissions": submissions, **found})
    real = {
        "notebook": median(len(one.content) for one in ready) / 1e6,
        "graded notebook": median(len(one.graded.encode()) for one in ready) / 1e6,
        "feedback page": median(len(one.page.encode()) for one in ready) / 1e6,
    }
    return {"recorded": RECORDED, "record": record, "messages": messages, "real_mb": real}


# --- the grader: results that are there at once ---


class Done(Future):
    """A future of Dask's whose value is there."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.set_result(value)

    def release(self) -> None:
        pass


class ReadyClient:
    """Dask's client for the grader, without Dask: whatever is submitted is done already."""

    status = "running"

    def __init__(self, ready: list[Ready], students: list[str]) -> None:
        self._graded = {
            student: (replace(one.result, student=student).pack(), one.graded)
            for student, one in zip(students, itertools.cycle(ready), strict=False)
        }
        self._pages = {one.graded: one.page for one in ready}
        self.first: float | None = None  # processor time at the first job

    def nthreads(self) -> dict[str, int]:
        return {"here": 4}

    def register_plugin(self, plugin: object) -> None:
        pass

    def unregister_worker_plugin(self, name: str) -> None:
        pass

    def submit(self, run_once: Callable, function: Callable, *arguments, **options) -> Done:
        if self.first is None:
            self.first = time.process_time()
        if function is grade_on_worker:
            _, student, *_ = arguments
            return Done(self._graded[student])
        graded, _ = arguments
        return Done(self._pages[graded])


def record_seconds(ready: list[Ready], notebook: str, students: int) -> float:
    """Seconds a submission that the grader takes for its own part: to read it, and to keep, enter and write what came.
    Raises BenchError if one is not graded in the end."""
    names = [student_name(number) for number in range(students)]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = make_course(Path(folder) / "course")
        for name, one in zip(names, itertools.cycle(ready), strict=False):
            path = course.root / "submitted" / name / notebook / f"{notebook}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(one.content)
        client = ReadyClient(ready, names)
        tally = grade_class(course, notebook, Options(), lambda: nullcontext(client)).tally
        seconds = time.process_time() - client.first
    if tally.graded != students:
        raise BenchError(f"{tally.graded} of {students} ready results were recorded")
    return seconds / students


# --- the scheduler: workers that do nothing ---


def answer(message: bytes | str, characters: int) -> str:
    """A job that does nothing: a message of so many characters comes back."""
    return "x" * characters


def make_page(graded: str, characters: int) -> str:
    """The same for the second job of a submission."""
    return "x" * characters


def message_seconds(size: float, submissions: int) -> dict[str, float]:
    """Seconds a submission: processor time of the scheduler and of the grader's side of the messages, and on the clock.

    As in grading each submission is two jobs: the notebook goes and comes back graded, the graded notebook goes and its
    feedback comes back. Each of these four messages has `size` MB.
    """
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        dask_cluster(Path(folder), workers=IDLE_WORKERS, threads=1) as scheduler,
        open_client(scheduler=scheduler.address) as client,
    ):
        client.wait_for_workers(IDLE_WORKERS)
        pool, process = Pool(client), psutil.Process(scheduler.pid)

        def now() -> dict[str, float]:
            used = process.cpu_times()
            return {"scheduler": used.user + used.system, "grader": time.process_time(), "clock": time.perf_counter()}

        send_all(pool, size, WARM)
        before = now()
        send_all(pool, size, submissions)
        after = now()
    return {name: (after[name] - before[name]) / submissions for name in before}


def send_all(pool: Pool, size: float, submissions: int) -> None:
    """Send the jobs of so many submissions through. Raises BenchError if one fails."""
    characters = round(size * 1e6)
    jobs = deque(Job("", answer, (b"x" * characters, characters)) for _ in range(submissions))
    left = 2 * submissions
    while left:
        while jobs and pool.has_room:
            pool.add(jobs.popleft())
        outcome = pool.next_outcome(1)
        if outcome is None:
            continue
        if outcome.value is None:
            raise BenchError(f"a worker that was to do nothing failed: {outcome.error}")
        left -= 1
        if outcome.job.function is answer:
            jobs.appendleft(Job("", make_page, (outcome.value, characters)))
