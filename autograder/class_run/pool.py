"""Jobs on Dask's workers, a limited number at a time, and what to do with a job that its worker does not survive."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from distributed import Client, Future, KilledWorker

from ..course import CourseError
from ..record.ledger import Beside
from .worker import WorkerDied, run_once

JOBS_PER_THREAD = 2  # one runs, one is at hand
MAX_BREAKS = 2  # workers that a job may break before it is given up
WITHOUT_WORKERS_SECONDS = 60
_LOOK_SECONDS = 5


@dataclass
class Job:
    """A function and its arguments; `breaks` counts the workers that died of this job alone.

    `student` and `beside` are the caller's: whose job it is, and what is noted when it is done. `asleep` if it runs
    beside none but others that are thought to sleep.
    """

    student: str
    function: Callable
    arguments: tuple
    beside: Beside | None = None
    breaks: int = 0
    alone: bool = field(default=False, init=False)
    asleep: bool = field(default=False, init=False)
    had_company: bool = field(default=False, init=False)  # other jobs were under way at some time of its last run


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its value, or an error; `broke` if it was given up for breaking workers."""

    job: Job
    value: Any = None
    error: BaseException | None = None
    broke: bool = False


class Pool:
    """Runs jobs and hands out their outcomes as they come.

    A job whose worker died is a suspect: it runs again with no other job beside it, so that the one that breaks workers
    is found and the others only lose time.
    """

    def __init__(self, client: Client, on_death: Callable[[Job], None] = lambda job: None):
        self._client = client
        self._on_death = on_death  # hears of every job whose worker died
        self._in_flight: dict[Future, Job] = {}
        self._suspects: deque[Job] = deque()
        self._done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._looked = self._seen_workers = time.monotonic()
        self._limit = JOBS_PER_THREAD * self._threads()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._in_flight and not self._suspects

    @property
    def has_room(self) -> bool:
        """Whether another job may be added now."""
        closed = any(job.alone or job.asleep for job in self._in_flight.values())
        return len(self._in_flight) < self._limit and not self._suspects and not closed

    def add(self, job: Job) -> None:
        """Start a job."""
        # A key of its own each time: Dask is not to take an earlier attempt's fate for this one's.
        future = self._client.submit(
            run_once, job.function, *job.arguments, key=f"{job.function.__name__}-{uuid4().hex}", pure=False
        )
        job.had_company = bool(self._in_flight)
        for other in self._in_flight.values():
            other.had_company = True
        self._in_flight[future] = job
        future.add_done_callback(self._done.put)

    def add_alone(self, job: Job) -> None:
        """Start a job with no other job beside it. Nothing else may be under way."""
        job.alone = True
        self.add(job)

    def add_asleep(self, jobs: deque[Job]) -> None:
        """Start as many of these jobs as there are threads, and no other beside them. Nothing else may be under way."""
        for job in [jobs.popleft() for _ in range(min(len(jobs), max(1, self._threads())))]:
            job.asleep = True
            self.add(job)

    def next_outcome(self, seconds: float) -> Outcome | None:
        """The next outcome, or None if none has come after that long.
        Raises CourseError if the scheduler is gone, or there have been no workers for a while."""
        if self._suspects and not self._in_flight:
            self.add_alone(self._suspects.popleft())
        self._look_for_workers()
        try:
            future = self._done.get(timeout=seconds)
        except queue.Empty:
            return None
        return self._outcome_of(future)

    def _outcome_of(self, future: Future) -> Outcome | None:
        job = self._in_flight.pop(future)
        if future.cancelled():
            raise CourseError("the connection to Dask's scheduler is lost")
        try:
            value = future.result()
        except (WorkerDied, KilledWorker):
            return self._after_break(job)
        except Exception as error:
            return Outcome(job, error=error)
        finally:
            future.release()
        return Outcome(job, value)

    def _after_break(self, job: Job) -> Outcome | None:
        self._on_death(job)
        if job.alone:
            job.breaks += 1
        if job.breaks >= MAX_BREAKS:
            return Outcome(job, broke=True)
        self._suspects.append(job)
        return None

    def _look_for_workers(self) -> None:
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        if self._client.status != "running":
            raise CourseError("the connection to Dask's scheduler is lost")
        threads = self._threads()
        if threads:
            self._seen_workers, self._limit = now, JOBS_PER_THREAD * threads
        elif now - self._seen_workers > WITHOUT_WORKERS_SECONDS:
            raise CourseError(f"Dask's scheduler has had no workers for {WITHOUT_WORKERS_SECONDS} seconds")

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())
