"""The floor: graded cells alone, by plain `exec`, each submission in a child of a process that has all imported.

No sandbox, no kernel, no messages, no gradebook, no feedback: what is left is the student's code, the visible checks
and the judge's questions, with TensorFlow as it comes. Run by `ways.grade_floor`, which gives the jobs as a JSON file;
prints its result as JSON.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

_STARTED = time.perf_counter()

import keras  # noqa: E402, F401
import matplotlib.pyplot  # noqa: E402, F401
import numpy  # noqa: E402, F401
import tensorflow  # noqa: E402, F401

from attention_course.exercises import CATALOGUE  # noqa: E402
from autograder.judge import judge_namespace  # noqa: E402


def run_cells(job: dict) -> dict[str, float]:
    """Run one submission's cells in this process; returns the score of each exercise."""
    namespace, scores = {"__name__": "__main__"}, {}
    for cell in job["cells"]:
        with contextlib.suppress(Exception):
            exec(compile(cell["source"], "cell", "exec"), namespace)
        if cell["exercise"]:
            scores[cell["exercise"]] = judge_namespace(
                CATALOGUE.find(job["notebook"], cell["exercise"]), namespace, job["seed"]
            ).score
    return scores


def in_child(work, *arguments) -> tuple[object, float]:
    """What `work` returns in a forked child, and the seconds from the fork to its exit."""
    reader, writer = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            with os.fdopen(writer, "w") as pipe:
                json.dump(work(*arguments), pipe)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    seconds = time.perf_counter() - started
    if status:
        sys.exit("a child of the floor failed: its traceback stands above")
    return json.loads(text), seconds


def modules_after(job: dict) -> list[str]:
    """The modules that a submission makes Python import on top: the floor has everything imported."""
    before = set(sys.modules)
    run_cells(job)
    return sorted(set(sys.modules) - before)


def import_all(names: list[str]) -> None:
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def main() -> None:
    jobs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    different = int(sys.argv[2])  # works among the jobs: the first so many are one of each
    CATALOGUE.exercises_of(jobs[0]["notebook"])
    for job in jobs[:different]:
        import_all(in_child(modules_after, job)[0])
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        sys.exit(f"the floor's process has {threads} threads: it must have one to be forked")
    gc.collect()
    gc.freeze()
    startup = time.perf_counter() - _STARTED
    results = [(job["student"], *in_child(run_cells, job)) for job in jobs]
    grades = {student: scores for student, scores, _ in results}
    print(json.dumps({"startup": startup, "grades": grades, "each": [seconds for *_, seconds in results]}))


if __name__ == "__main__":
    main()
