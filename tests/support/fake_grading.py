"""A stand-in for grading on a worker: it does what the submission tells, so the batch is tested without kernels.

A submission is a JSON object: {"share": 0.5} of the points, "seconds" to take, "do": "die" (always), "die once",
"raise", "contest" (always: no points, and something else may be the reason), "contest once", "sleep" (as "contest", and
asleep) or "sleep once" (then "contest"); "words" is the answer in words. Each call adds the student's name to the file
"log", and each that ends its name, its begin and its end to the file "spans".
"""

from __future__ import annotations

import functools
import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import nbformat

from attention_course.exercises import CATALOGUE
from autograder import cells, cli
from autograder.class_run import batch
from autograder.grading.grade import Result
from autograder.judge.verdict import PropertyVerdict, Verdict
from autograder.rebuild.rebuild import rebuild


def grade(assignment, path: Path, student: str, seed: int) -> Result:
    started = time.monotonic()
    order = json.loads(path.read_text())
    log = Path(order["log"])
    done_before = log.exists() and student in log.read_text().split()
    with log.open("a") as file:
        file.write(f"{student}\n")
    time.sleep(order.get("seconds", 0))
    do, _, once = order.get("do", "").partition(" ")
    if once and done_before:
        do = "contest" if do == "sleep" else ""
    if do == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if do == "raise":
        raise RuntimeError("a fault of the grader's")
    with log.with_name("spans").open("a") as file:
        file.write(f"{student} {started} {time.monotonic()}\n")
    if do in ("contest", "sleep"):
        return replace(graded(assignment, student, 0.0, seed), contested=True, asleep=do == "sleep")
    return graded(assignment, student, order.get("share", 1.0), seed, order.get("words", ""))


def graded(assignment, student: str, share: float, seed: int, answer: str = "") -> Result:
    """A Result with this share of every exercise's points; `answer` is the student's answer in words."""
    walkthrough, release = assignment.notebooks
    submitted = nbformat.from_dict(dict(release))
    for cell in submitted.cells:
        if cells.is_manual(cell) and answer:
            cell.source = answer
    notebook, *_ = rebuild(submitted, walkthrough, release)
    verdicts = []
    for cell, exercise in zip(
        filter(cells.is_judged, notebook.cells), CATALOGUE.exercises_of(assignment.name), strict=True
    ):
        cell.source = cells.visible_source(cell.source)
        parts = ((exercise.points * share, True), (exercise.points * (1 - share), False))
        properties = [PropertyVerdict(f"part {number}", "holds", *part) for number, part in enumerate(parts)]
        verdicts.append(Verdict(exercise.id, "pass" if share == 1 else "fail", tuple(properties)))
        score = {"text/plain": repr(float(verdicts[-1].score))}
        cell.outputs = [nbformat.v4.new_output("execute_result", data=score)]
    return Result(student, assignment.name, tuple(verdicts), seed=seed, graded=nbformat.writes(notebook))


def main() -> None:
    """`autograder`, with this in the place of grading."""
    batch.Options = functools.partial(batch.Options, grade=grade)
    cli.main()
