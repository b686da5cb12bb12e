"""`make demo`: build a small class from the answer files, grade it with the course's own command, compare the scores.

Everything happens in the folder demo-class/, a course of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys

from rich import box
from rich.console import Console
from rich.table import Table

from autograder.sandbox.bubblewrap import SandboxUnavailable
from autograder.sandbox.fork_server import probe
from tests.support.course import ROOT, make_course
from tests.support.submissions import read_class, write_submission

NOTEBOOK = "01_squeeze_excitation"


def main() -> int:
    console = Console()
    course = make_course(ROOT / "demo-class")
    students = read_class(NOTEBOOK)
    for student in students:
        write_submission(course, NOTEBOOK, student, course.root / "submitted")
    results = course.root / "results.json"
    with results.open("w") as file:
        command = [sys.executable, "-m", "autograder", "grade", NOTEBOOK, "--json", *trust_where_needed(console)]
        status = subprocess.run(command, cwd=course.root, stdout=file).returncode
    graded = {result["student"]: result for result in json.loads(results.read_text())}
    wrong = show(console, students, graded)
    feedback = course.root / "feedback" / "<student>" / NOTEBOOK / f"{NOTEBOOK}.html"
    console.print(f"Feedback for each student: {feedback}", soft_wrap=True)
    console.print(f"The same results for a program: {results}", soft_wrap=True)
    if wrong or status not in (0, 3):
        console.print(f"{wrong} scores are not as stated; `autograder grade` ended with status {status}.")
        return 1
    console.print("Every score is as the answer files state.")
    return 0


def trust_where_needed(console: Console) -> list[str]:
    """The option that does without a sandbox, where there is none: these answers are our own."""
    try:
        probe()
    except SandboxUnavailable as error:
        console.print(f"{error}\nThe class below is made up of our own answers, so it is graded without one.")
        return ["--trust-submissions"]
    return []


def show(console: Console, students: list, graded: dict) -> int:
    """Print the table; returns how many scores differ from the stated ones."""
    exercises = next(iter(graded.values()))["exercises"]
    table = Table(title=f"{NOTEBOOK}: a made-up class", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("student")
    table.add_column("the file")
    for number, exercise in enumerate(exercises, start=1):
        table.add_column(f"{number}\nof {exercise['max_score']:g}", justify="right")
    for column in ("total", "stated"):
        table.add_column(column, justify="right")
    wrong = 0
    for student in students:
        result = graded[student.name]
        scores = [f"{exercise['score']:g}" for exercise in result["exercises"]]
        table.add_row(student.name, student.handling, *scores, f"{result['score']:g}", f"{student.score:g}")
        wrong += result["score"] != student.score
    console.print(table)
    console.print("  ".join(f"{number} {exercise['id']}" for number, exercise in enumerate(exercises, start=1)))
    return wrong


if __name__ == "__main__":
    sys.exit(main())
