"""A class of tens of thousands through record, feedback, report and export: results in the place of running code."""

from __future__ import annotations

import functools
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder import cli
from autograder.class_run import batch
from autograder.course import Course
from autograder.grading.grade import Result
from benchmarks.classes import student_name
from benchmarks.figures import MIB
from benchmarks.measure import BenchError, run_measured
from tests.support.course import make_course
from tests.support.fake_grading import graded

NOTEBOOK = "00_feature_maps"
SAMPLE_EVERY = {"grade": 2.0, "report": 0.1, "export": 0.1}  # seconds: the last two are short
LONGEST_PAGE = 2 * MIB  # of the report
_ROOT = str(Path(__file__).absolute().parent.parent)
_GRADE = (sys.executable, "-c", "from benchmarks.growth import main; main()", "grade", NOTEBOOK, "--trust-submissions")
COMMANDS = {
    "grade": _GRADE,  # all but running code: find, send, receive, ledger, gradebook, files, feedback
    "report": ("autograder", "report", NOTEBOOK),
    "export": ("autograder", "export", NOTEBOOK, "--output", "grades.csv"),
}


def give_result(assignment, path: Path, student: str, seed: int) -> Result:
    """In the place of grading: a share of the points that follows from the student's name."""
    return graded(assignment, student, random.Random(student).choice((0.0, 0.25, 0.5, 0.75, 1.0)), seed)


def main() -> None:
    """`autograder`, with `give_result` in the place of grading."""
    batch.Options = functools.partial(batch.Options, grade=give_result)
    cli.main()


def run_growth(sizes: tuple[int, int], say: Callable[[str], None]) -> dict:
    """The commands on a small and a large class. Raises BenchError if a student is lost on the way, or the
    report's page is too long for a browser."""
    return {"notebook": NOTEBOOK, "sizes": list(sizes), "classes": [_run_class(size, say) for size in sizes]}


def _run_class(students: int, say: Callable[[str], None]) -> dict:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = make_course(Path(folder) / "course")
        for number in range(students):
            path = course.root / "submitted" / student_name(number) / NOTEBOOK / f"{NOTEBOOK}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(f'{{"of": "{student_name(number)}"}}', encoding="utf-8")
        found = {}
        for name, command in COMMANDS.items():
            measured = run_measured(command, course.root, sample_every=SAMPLE_EVERY[name], PYTHONPATH=_ROOT)
            found[name] = {"seconds": measured.seconds, "peak_mib": measured.peak_bytes / MIB}
            say(f"growth: {name}, {students:,} students, {measured.seconds:.1f} s")
        _check_nobody_lost(course, students)
        page_bytes = (course.root / "report" / f"{NOTEBOOK}.html").stat().st_size
        if page_bytes > LONGEST_PAGE:
            raise BenchError(f"the report of {students} students has {page_bytes / MIB:.1f} MiB")
        return {"students": students, "commands": found, "page_mib": page_bytes / MIB}


def _check_nobody_lost(course: Course, students: int) -> None:
    rows = len((course.root / "grades.csv").read_text(encoding="utf-8").splitlines()) - 1
    pages = sum(1 for _ in (course.root / "feedback").glob(f"*/{NOTEBOOK}/{NOTEBOOK}.html"))
    if (rows, pages) != (students, students):
        raise BenchError(f"{students} students, but {rows} rows of the export and {pages} feedback pages")
