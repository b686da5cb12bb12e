"""`autograder replay`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from ..course import Course, CourseError
from .console import EXIT_NOT_GRADED, FILE, SEED, stderr


@click.command("replay")
@click.argument("file", type=FILE)
@click.argument("exercises", nargs=-1)
@click.option("--seed", type=SEED, required=True, help="The submission's seed, as its feedback gives it.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, one object for each exercise.")
@click.option("--trust-submissions", is_flag=True, help="Run the submission without a sandbox, with your own rights.")
def replay_command(file: Path, exercises: tuple[str, ...], seed: int, as_json: bool, trust_submissions: bool) -> None:
    """Grade a student's FILE again by its seed, and print what was asked and what came: to answer an appeal.

    Without EXERCISES: of all. Nothing is recorded.
    """
    from ..exercise.catalogue import catalogue_of
    from ..grading.replay import replay_file
    from ..intake.recognise import recognise
    from ..tables import print_replay

    course = Course.find()
    name = recognise(course, file)
    known = [exercise.id for exercise in catalogue_of(course.config()).exercises_of(name)]
    for exercise in exercises:
        if exercise not in known:
            raise CourseError(f"{name} has no exercise {exercise!r}; there are: {', '.join(known)}")
    with stderr.status(f"running {file.name} as {name}"):
        result, replayed = replay_file(course, name, file, seed, trust_submissions)
    chosen = [one for one in replayed if one.verdict.id in (exercises or known)]
    if as_json:
        click.echo(json.dumps([one.to_dict() for one in chosen], indent=2))
    else:
        print_replay(Console(), result, chosen)
    sys.exit(EXIT_NOT_GRADED if result.reason else 0)
