"""kill -9 while a real class is graded: of the grader, of a worker, of what they fork from. No grade may differ.

The kills come at random moments; `KILLS=7` in the environment makes it seven of each instead of one.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.course import make_course
from tests.support.grader_processes import makers_of_workers, preloaded_processes, workers
from tests.support.submissions import read_class, write_submission

pytestmark = pytest.mark.usefixtures("own_preloaded_process")

NOTEBOOK = "01_squeeze_excitation"
KILLS = int(os.environ.get("KILLS", "1"))
COMMAND = [sys.executable, "-m", "autograder", "grade", NOTEBOOK, "--json", "--seed", "7", "--workers", "2"]
MOMENTS = random.Random(20261122)
PROGRESS = "progress.txt"  # what the grader says meanwhile
# At most so many seconds before each kill, in this order.
WAITS = {"worker": 2.5, "process that makes workers": 1, "preloaded process": 1, "grader": 1}


def new_class(folder: Path) -> Path:
    """A class large enough to be still in work when the last kill comes."""
    course = make_course(folder)
    for student in read_class(NOTEBOOK):
        write_submission(course, NOTEBOOK, student, course.root / "submitted")
    return course.root


def grade(root: Path) -> subprocess.Popen:
    with (root / PROGRESS).open("a") as progress:
        return subprocess.Popen(COMMAND, cwd=root, stdout=subprocess.PIPE, stderr=progress, text=True)


def finish(process: subprocess.Popen) -> list[dict]:
    out, _ = process.communicate(timeout=240)
    return json.loads(out)


VICTIMS = {
    "worker": workers,
    "process that makes workers": makers_of_workers,
    "preloaded process": preloaded_processes,
    "grader": lambda grader: [psutil.Process(grader)],
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> list[dict]:
    return finish(grade(new_class(tmp_path_factory.mktemp("undisturbed") / "class")))


@pytest.mark.parametrize("number", range(KILLS))
def test_the_resumed_grades_are_those_of_an_undisturbed_run(tmp_path, undisturbed, number):
    root = new_class(tmp_path / "class")
    process = grade(root)
    for kind, seconds in WAITS.items():
        time.sleep(MOMENTS.uniform(0, seconds))
        assert kill_one(process, kind), f"the run ended before a {kind} was killed:\n{(root / PROGRESS).read_text()}"
    process.communicate(timeout=240)
    assert finish(grade(root)) == undisturbed


def kill_one(process: subprocess.Popen, kind: str) -> bool:
    """Kill one of this kind, as soon as there is one. False if the run ends before."""
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):  # it ended by itself meanwhile
            candidates = VICTIMS[kind](process.pid)
            if candidates:
                MOMENTS.choice(candidates).kill()
                return True
        time.sleep(0.05)
    return False
