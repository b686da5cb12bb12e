"""The notebooks themselves: seconds and memory of each, solved, run from top to bottom."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.course import Course
from benchmarks.figures import MIB
from benchmarks.measure import run_measured
from tests.support.course import ROOT

SAMPLE_EVERY = 0.5  # seconds
CELL_SECONDS = 300


def run_walkthroughs(say: Callable[[str], None]) -> dict:
    """Each walkthrough once, by Jupyter, in a folder of its own. Raises BenchError if a cell of one fails."""
    course, found = Course(ROOT), {}
    for name in course.names:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            shutil.copy(course.walkthrough(name), folder)
            command = ("jupyter", "execute", f"--timeout={CELL_SECONDS}", f"{name}.ipynb")
            measured = run_measured(command, Path(folder), sample_every=SAMPLE_EVERY, PYTHONPATH=str(ROOT))
        found[name] = {
            "seconds": measured.seconds,
            "peak_mib": measured.peak_bytes / MIB,
            "proportional": measured.proportional,
        }
        say(f"walkthroughs: {name}, {measured.seconds:.1f} s, {measured.peak_bytes / MIB:.0f} MiB")
    return {"notebooks": found}
