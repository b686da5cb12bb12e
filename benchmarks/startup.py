"""The start-up: how long until the first graded cell runs, beside one import of TensorFlow, and memory by workers."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

from autograder import cells
from autograder.converters import generate_assignment
from autograder.course import Course
from benchmarks.classes import choose_works, make_our_course, student_name
from benchmarks.figures import MIB, spread
from benchmarks.measure import BenchError, environment_of_commands, run_measured
from benchmarks.ways import grade_ours
from tests.support.grader_processes import hear_interrupts

NOTEBOOK = "01_squeeze_excitation"
IMPORT = "python, import tensorflow and keras"
CHECK, AUTOGRADE = "autograder check", "nbgrader autograde, one submission"
LONGEST = 300  # seconds for a command to come to its first graded cell
CLASS, FEW, MANY = 24, 2, 8  # submissions and workers, for the memory
PEAKS = 3  # repetitions of those
SAMPLE_EVERY = 0.1
_SAID = "the first graded cell runs at "


def run_startup(seed: int, repetitions: int, sizes: Sequence[int], say: Callable[[str], None]) -> dict:
    """Each command in turn, so many times; then the memory of a class with few and with many workers.

    Returns the seconds from the start of a command to its first graded cell, and the whole of the import's, by command.
    """
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ways = {IMPORT: _import_seconds, **_commands(Path(folder), seed, sizes)}
        for _ in range(repetitions):
            for name, measure in ways.items():
                seconds.setdefault(name, []).append(measure())
                say(f"start-up: {name}, {seconds[name][-1]:.2f} s")
    return {
        "repetitions": repetitions,
        "seconds": {name: spread(found) for name, found in seconds.items()},
        "ratios": {
            name: spread([one / alone for one, alone in zip(found, seconds[IMPORT], strict=True)])
            for name, found in seconds.items()
            if name != IMPORT
        },
        "memory_mib": {workers: spread(found) for workers, found in _peaks(seed, say).items()},
    }


def _import_seconds() -> float:
    return run_measured((sys.executable, "-c", "import tensorflow, keras"), Path.cwd()).seconds


def _commands(folder: Path, seed: int, sizes: Sequence[int]) -> dict[str, Callable[[], float]]:
    """For each command a function that runs it anew and returns its seconds to the first graded cell."""
    works = choose_works(NOTEBOOK, 1, seed)
    found: dict[str, Callable[[], float]] = {}

    def add(name: str, students: int, *command: object) -> None:
        course = make_our_course(folder / f"class-{len(found)}", NOTEBOOK, works, students)
        note = course.root / "note.txt"
        submission = course.root / "submitted" / student_name(0) / NOTEBOOK / f"{NOTEBOOK}.ipynb"
        _say_when(submission, note)
        if name == AUTOGRADE:  # which wants the assignment in the gradebook; ours enters it by itself
            generate_assignment(course, NOTEBOOK, folder / "release")
        made = [note] if name == AUTOGRADE else [note, course.root / "gradebook.db"]
        line = [*command, submission] if name == CHECK else command
        found[name] = lambda: _seconds_to_first_cell(line, course, made)

    for size in sizes:
        few = "one submission" if size == 1 else f"a class of {size:,}"
        add(f"autograder grade, {few}", size, "autograder", "grade", NOTEBOOK)
    add(AUTOGRADE, 1, "nbgrader", "autograde", NOTEBOOK, "--student", student_name(0), "--create")
    add(CHECK, 1, "autograder", "check")
    return found


def _say_when(submission: Path, note: Path) -> None:
    """Let a submission's first answer say when it runs: into its output, and into a file where nothing keeps it out."""
    notebook = nbformat.read(submission, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code" and cells.is_marked(cell, "solution"))
    say = (
        f"import time as _time\nprint({_SAID!r}, _time.time())\n"
        f"try:\n    open({str(note)!r}, 'w').write({_SAID!r} + str(_time.time()))\nexcept OSError:\n    pass\n"
    )
    first.source = say + first.source
    nbformat.write(notebook, submission)


def _seconds_to_first_cell(command: Sequence[object], course: Course, made: Sequence[Path]) -> float:
    """Run a command until its first graded cell has run and been kept, then stop it; `made` are files of the last run,
    the first of them the note that the cell may write. Raises BenchError if the command fails."""
    for folder in ("autograded", "feedback", ".grading"):
        shutil.rmtree(course.root / folder, ignore_errors=True)
    for path in made:
        path.unlink(missing_ok=True)
    graded = course.root / "autograded" / student_name(0) / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    started, until = time.time(), time.monotonic() + LONGEST
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=course.root,
            env=environment_of_commands(),
            stdout=said,
            stderr=said,
            preexec_fn=hear_interrupts,
        )
        at = None
        while at is None and time.monotonic() < until:
            ended = process.poll() is not None
            at = _said_in(made[0]) or _said_in(graded)
            if ended:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait()
        said.seek(0)
        if at is None:
            raise BenchError(f"{' '.join(map(str, command))} ran no graded cell:\n{said.read()[-2000:]}")
    return at - started


def _said_in(path: Path) -> float | None:
    """When the first graded cell ran, as far as a file says it."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    # Of a graded notebook the output, not the answer's source, which has the same words.
    for after in text.split(_SAID)[1:]:
        number = after.lstrip().split("\\n")[0]
        if number.replace(".", "").isdigit():
            return float(number)
    return None


def _peaks(seed: int, say: Callable[[str], None]) -> dict[str, list[float]]:
    """The peaks of memory by the number of workers, repetitions interleaved."""
    found: dict[str, list[float]] = {}
    for _ in range(PEAKS):
        for workers in (FEW, MANY):
            found.setdefault(str(workers), []).append(_peak_mib(seed, workers, say))
    return found


def _peak_mib(seed: int, workers: int, say: Callable[[str], None]) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        works = choose_works(NOTEBOOK, 3, seed)
        course, options = Path(folder) / "course", ("--workers", workers)
        grading = grade_ours((), options, course, NOTEBOOK, works, CLASS, sample_every=SAMPLE_EVERY)
    say(f"start-up: {workers} workers, {grading.measured.peak_bytes / MIB:.0f} MiB")
    return grading.measured.peak_bytes / MIB
