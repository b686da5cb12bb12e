"""`autograder check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from ..course import Course
from .console import EXIT_NOT_GRADED, FILE, SEED, say, stderr


@click.command("check")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--seed", type=SEED, help="The submission's seed, as its feedback gives it, to repeat a result exactly.")
def check_command(file: Path, as_json: bool, seed: int | None) -> None:
    """Grade your own notebook FILE with all checks. It runs the notebook's code on this machine, as you."""
    from ..grading.grade import grade_file
    from ..intake.recognise import recognise
    from ..progress.store import own_store
    from ..tables import print_exercises

    course = Course.find_or_installed()
    name = recognise(course, file)
    with stderr.status(f"running {file.name} as {name}"):
        result = grade_file(course, name, file, seed=seed, trust=True)
    if not result.reason:
        own_store(say, course.setting("exercises")).record(name, result.verdicts)
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=2))
    else:
        print_exercises(Console(), result)
    sys.exit(EXIT_NOT_GRADED if result.reason else 0)
