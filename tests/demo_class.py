"""`make demo`: build a small class from the answer files, grade it with the course's own command, compare the scores.

Everything happens in the folder demo-class/: a course of its own, whose sources are links to this one's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from submissions import read_class, write_submission

from autograder.course import Course

NOTEBOOK = "01_squeeze_excitation"
ROOT = Path(__file__).absolute().parent.parent
LINKED = ("nbgrader_config.py", "pyproject.toml", "solutions", "notebooks")


def make_course(folder: Path) -> Course:
    """A course folder of its own, with a gradebook of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return Course(folder)


def main() -> int:
    console = Console()
    course = make_course(ROOT / "demo-class")
    students = read_class(NOTEBOOK)
    for student in students:
        write_submission(course, NOTEBOOK, student, course.root / "submitted")
    results = course.root / "results.json"
    with results.open("w") as file:
        command = [sys.executable, "-m", "autograder", "grade", NOTEBOOK, "--json"]
        status = subprocess.run(command, cwd=course.root, stdout=file).returncode
    graded = {result["student"]: result for result in json.loads(results.read_text())}
    wrong = show(console, course, students, graded)
    console.print(f"Feedback for each student: {course.root / 'feedback'}/<student>/{NOTEBOOK}/{NOTEBOOK}.html")
    console.print(f"The same results for a program: {results}")
    if wrong or status not in (0, 3):
        console.print(f"[bold]{wrong} scores are not as stated (exit status of grade: {status})")
        return 1
    console.print("Every score is as the answer files state.")
    return 0


def show(console: Console, course: Course, students: list, graded: dict) -> int:
    """Print the table; returns how many scores differ from the stated ones."""
    first = next(iter(graded.values()))
    table = Table(title=f"{NOTEBOOK}: a demonstration class")
    table.add_column("student, file")
    for exercise in first["exercises"]:
        table.add_column(f"{exercise['id']}\n{exercise['max_score']:g}", justify="right", overflow="fold")
    for column in (f"total\n{first['max_score']:g}", "stated"):
        table.add_column(column, justify="right")
    wrong = 0
    for student in students:
        result = graded[student.name]
        as_stated = result["score"] == student.score
        wrong += not as_stated
        scores = [f"{exercise['score']:g}" for exercise in result["exercises"]]
        mark = "" if as_stated else " (!)"
        table.add_row(
            f"{student.name}, {student.handling}", *scores, f"{result['score']:g}", f"{student.score:g}{mark}"
        )
    console.print(table)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
