"""kill -9 while a real class is graded: of the grader, of a worker, of a preloaded process. No grade may differ.

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
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.support.course import make_course
from tests.support.submissions import read_class, write_submission

NOTEBOOK = "01_squeeze_excitation"
KILLS = int(os.environ.get("KILLS", "1"))
COMMAND = [sys.executable, "-m", "autograder", "grade", NOTEBOOK, "--json", "--seed", "7", "--workers", "2"]
MOMENTS = random.Random(20261122)
PROGRESS = "progress.txt"  # what the grader says meanwhile
COPIES = 2
WAITS = {"worker": 5, "preloaded process": 2, "grader": 2}  # at most so many seconds before each kill, in this order


def new_class(folder: Path) -> Path:
    """A class large enough to be still in work when the last kill comes: its students, several times."""
    course = make_course(folder)
    for student in read_class(NOTEBOOK):
        for copy in range(COPIES):
            named = replace(student, name=f"{student.name}-{copy}")
            write_submission(course, NOTEBOOK, named, course.root / "submitted")
    return course.root


def grade(root: Path) -> subprocess.Popen:
    with (root / PROGRESS).open("a") as progress:
        return subprocess.Popen(COMMAND, cwd=root, stdout=subprocess.PIPE, stderr=progress, text=True)


def finish(process: subprocess.Popen) -> list[dict]:
    out, _ = process.communicate(timeout=240)
    return json.loads(out)


def find(grader: int, words: str) -> list[psutil.Process]:
    """The grader's descendants with these words in their command line, bubblewrap's own process apart."""
    found = []
    for process in psutil.Process(grader).children(recursive=True):
        try:
            line = process.cmdline()
        except psutil.Error:
            continue
        if words in " ".join(line) and not line[0].endswith("bwrap"):
            found.append(process)
    return found


def victims(grader: int, kind: str) -> list[psutil.Process]:
    if kind == "grader":
        return [psutil.Process(grader)]
    if kind == "worker":
        return [process for process in find(grader, "spawn_main") if process.ppid() == grader]
    kernels_and_preloaded = find(grader, "preloaded.py")
    return [process for process in kernels_and_preloaded if "bwrap" in psutil.Process(process.ppid()).name()]


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
            candidates = victims(process.pid, kind)
            if candidates:
                MOMENTS.choice(candidates).kill()
                return True
        time.sleep(0.05)
    return False
