"""What survives the death of any process: nothing is lost, and the next run goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed.comm import CommClosedError

from autograder.class_run import pool
from autograder.class_run.pool import JOBS_PER_THREAD
from autograder.class_run.run import prepare
from autograder.course import Course, CourseError
from autograder.retry import TRIES
from tests.support.fake_class import (
    FULL,
    feedback,
    grade,
    hand_in,
    json_results,
    recorded,
    scores,
    start_grader,
    take_log,
)
from tests.support.grader_processes import workers

pytest_plugins = ["tests.support.batch_fixtures"]


def test_a_submission_that_breaks_workers_is_set_aside(course, client):
    others = {f"s{number}": {"seconds": 0.3} for number in range(6)}
    hand_in(course, breaker={"do": "die"}, **others)
    results = grade(course, client)
    assert scores(results) == {**dict.fromkeys(others, FULL), "breaker": 0.0}
    assert (results.tally.graded, results.tally.set_aside) == (6, 1)
    assert results.tally.repeated >= 1 + pool.MAX_BREAKS
    breaker = next(result for result in results if result.student == "breaker")
    assert breaker.set_aside and {verdict.status for verdict in breaker.verdicts} == {"grader-fault"}
    assert breaker.lines()[0].startswith("set aside: 2 workers died of it") and "2 workers" in feedback(
        course, "breaker"
    )
    assert take_log(course).count("breaker") <= 1 + pool.MAX_BREAKS
    assert grade(course, client).tally.set_aside == 1 and take_log(course) == []
    hand_in(course, breaker={})
    assert grade(course, client).tally.graded == 1 and recorded(course)["breaker"] == FULL


def test_a_submission_that_was_there_when_a_worker_died_runs_again(course, client):
    students = {f"s{number}": {"seconds": 0.1} for number in range(5)}
    hand_in(course, unlucky={"do": "die once"}, **students)
    results = grade(course, client)
    assert results.tally.graded == 6 and set(scores(results).values()) == {FULL}


def spans(course: Course) -> list[tuple[str, float, float]]:
    """All runs of submissions: whose, their begin and their end, by their begin."""
    lines = (line.split() for line in (course.root / "spans").read_text().splitlines())
    return sorted(((name, float(begin), float(end)) for name, begin, end in lines), key=lambda run: run[1])


def overlapping(runs: list, run: tuple) -> list:
    """The other runs that were under way during one."""
    return [one for one in runs if one != run and one[1] < run[2] and one[2] > run[1]]


def test_what_a_neighbour_may_have_caused_counts_only_if_it_comes_again_alone(course, client):
    others = {f"s{number}": {"seconds": 0.2} for number in range(6)}
    hand_in(course, unlucky={"do": "contest once", "seconds": 0.3}, waits={"do": "contest", "seconds": 0.3}, **others)
    results = grade(course, client)
    assert scores(results) == {**dict.fromkeys(others, FULL), "unlucky": FULL, "waits": 0.0}
    assert recorded(course) == scores(results) and results.tally.graded == 8
    runs = spans(course)
    assert Counter(name for name, *_ in runs) == {**dict.fromkeys(others, 1), "unlucky": 2, "waits": 2}
    for name in ("unlucky", "waits"):
        again = [run for run in runs if run[0] == name][-1]
        assert overlapping(runs, again) == [], "the second time nothing else runs"
    assert grade(course, client).tally.unchanged == 8 and len(take_log(course)) == 10


def test_who_slept_is_run_again_beside_others_that_did_and_alone_if_it_does_not_sleep_then(course, client):
    others = {f"s{number}": {"seconds": 0.2} for number in range(6)}
    sleepers = {f"sleeps-{number}": {"do": "sleep", "seconds": 0.5} for number in range(3)}
    hand_in(course, woken={"do": "sleep once", "seconds": 0.5}, **sleepers, **others)
    results = grade(course, client)
    assert scores(results) == {**dict.fromkeys(others, FULL), **dict.fromkeys((*sleepers, "woken"), 0.0)}
    runs = spans(course)
    assert Counter(name for name, *_ in runs) == {**dict.fromkeys(others, 1), **dict.fromkeys(sleepers, 2), "woken": 3}
    slept_twice = {*sleepers, "woken"}
    repeats = [run for run in runs if run[0] in slept_twice][len(slept_twice) :]
    beside = [{one[0] for one in overlapping(runs, run)} for run in repeats]
    assert all(names <= slept_twice for names in beside) and any(beside), "the second time none but sleepers run"
    assert (repeats[-1][0], beside[-1]) == ("woken", set()), "the third time nothing else runs"


def test_who_had_no_neighbour_is_not_run_again(course, client):
    hand_in(course, only={"do": "contest"})
    assert scores(grade(course, client)) == {"only": 0.0} and take_log(course) == ["only"]


class DyingWorkers:
    """A client whose workers die the first few times that they are prepared."""

    def __init__(self, deaths: int):
        self.deaths = deaths

    def register_plugin(self, preparation) -> None:
        self.deaths -= 1
        if self.deaths >= 0:
            raise CommClosedError("a worker is gone")


def test_workers_that_die_while_they_are_prepared_are_prepared_again():
    client = DyingWorkers(TRIES - 1)
    prepare(client, None)
    assert client.deaths < 0
    with pytest.raises(CourseError, match="while they are prepared: a worker is gone"):
        prepare(DyingWorkers(TRIES), None)


WORKERS, THREADS = 2, 2
AT_ONCE = ("--workers", str(WORKERS), "--threads", str(THREADS))
SLOW_CLASS = {f"s{number:02}": {"share": number / 32, "seconds": 0.1} for number in range(30)}
GRADER_KILLS, WORKER_KILLS = 3, 2


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Its path is short enough for sockets in it, from which workers are forked."""
    with tempfile.TemporaryDirectory(prefix="kills-", dir="/tmp") as folder:
        yield Path(folder)


def test_kill_9_of_grader_and_workers_at_random_moments_loses_nothing(course, short_folder, monkeypatch):
    """The grader is killed again and again, then its workers while it runs on: the grades are as if nothing was."""
    hand_in(course, **SLOW_CLASS)
    moments = random.Random(4)
    for _ in range(GRADER_KILLS):
        process = start_grader(course, *AT_ONCE)
        wait_for_log(course, process, moments.uniform(0, 1.0))
        process.kill()
        process.communicate()
    monkeypatch.setenv("TMPDIR", str(short_folder))
    process = start_grader(course, *AT_ONCE, "--json")
    for _ in range(WORKER_KILLS):
        wait_for_log(course, process, moments.uniform(0, 0.4))
        candidates = workers(process.pid)
        if candidates:
            moments.choice(candidates).kill()
    results = json_results(process)
    expected = {student: round(FULL * order["share"], 6) for student, order in SLOW_CLASS.items()}
    assert {result["student"]: pytest.approx(result["score"]) for result in results} == expected
    assert recorded(course) == pytest.approx(expected)
    again = len((course.root / "log").read_text().split()) - len(SLOW_CLASS)
    kills = GRADER_KILLS + WORKER_KILLS
    assert again <= WORKERS * THREADS * kills, "a death repeats no more than what its threads ran"
    assert list(short_folder.iterdir()) == [], "what killed workers were writing is gone"


def wait_for_log(course: Course, process: subprocess.Popen, seconds: float) -> None:
    """Wait until one more submission has been begun, then some more."""
    log = course.root / "log"
    before = log.stat().st_size if log.exists() else 0
    while process.poll() is None and not (log.exists() and log.stat().st_size > before):
        time.sleep(0.02)
    time.sleep(seconds)


def test_ctrl_c_keeps_what_came_and_says_how_to_go_on(course):
    hand_in(course, **SLOW_CLASS)
    process = start_grader(course, *AT_ONCE)
    wait_for_log(course, process, 0.7)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal sends
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    last = " ".join(err.split())
    assert "of 30 are done. Run the same again to go on from there." in last and "Traceback" not in err
    assert out == ""
    begun = take_log(course)
    results = json_results(start_grader(course, "--json"))
    assert len(results) == 30
    again = set(begun) & set(take_log(course))
    in_flight = WORKERS * THREADS * JOBS_PER_THREAD
    assert len(again) <= in_flight, "only what was in flight runs again"


def test_a_second_grader_of_the_same_notebook_is_refused(course):
    hand_in(course, ada={"seconds": 100})
    first = start_grader(course, "--workers", "1")
    wait_for_log(course, first, 0)
    second = start_grader(course)
    _, err = second.communicate(timeout=60)
    first.kill()
    first.communicate()
    assert second.returncode == 2 and "is being graded by another process" in " ".join(err.split())
