"""The command line: build the course, check a notebook of one's own, grade a class."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from .course import Course, CourseError

EXIT_USAGE, EXIT_NOT_GRADED = 2, 3

# Progress and messages go to stderr: stdout holds the result alone.
messages = Console(stderr=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The course on channel and spatial attention that grades itself."""


@cli.command("build")
@click.argument("notebook", required=False)
@click.option("--force", is_flag=True, help="Build even what has not changed.")
def build_command(notebook: str | None, force: bool) -> None:
    """Make the walkthrough and the student version of NOTEBOOK, or of every notebook whose source changed."""
    from .build import build

    course = Course.find()
    names = [course.require(notebook)] if notebook else course.names
    with _progress("cells") as progress:
        for name in names:
            task = progress.add_task(name, total=None)

            def on_cell(_, done: int, total: int, task=task) -> None:
                progress.update(task, completed=done, total=total)

            made = build(course, name, force, on_cell)
            progress.update(task, description=f"{name}: {'built' if made else 'unchanged'}", total=1, completed=1)


@cli.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--seed", type=int, help="Seed of the inputs, to replay a result exactly.")
def check_command(file: Path, as_json: bool, seed: int | None) -> None:
    """Grade your own notebook FILE with all checks. It runs the notebook's code on this machine, as you."""
    from .pipeline.grade import grade_file
    from .pipeline.recognise import recognise
    from .report import print_exercises

    course = Course.find()
    name = recognise(course, file)
    with messages.status(f"running {file.name} as {name}"):
        result = grade_file(course, name, file, seed=seed)
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=2))
    else:
        print_exercises(Console(), result)
    sys.exit(EXIT_NOT_GRADED if result.refusal or result.fault else 0)


@cli.command("grade")
@click.argument("notebook")
@click.option(
    "--submitted", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of submissions."
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as a JSON list.")
@click.option("--seed", type=int, help="Seed of the inputs, to replay a result exactly.")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count(), show_default="all cores")
def grade_command(notebook: str, submitted: Path | None, as_json: bool, seed: int | None, workers: int) -> None:
    """Grade every submission of NOTEBOOK, record the grades and write the feedback."""
    from .pipeline.batch import find_students, grade_class
    from .report import print_class

    course = Course.find()
    name = course.require(notebook)
    students = find_students(course, name, submitted)
    with _progress("submissions") as progress:
        task = progress.add_task(name, total=len(students))

        def on_result(result) -> None:
            progress.update(task, advance=1, description=f"{name}: {result.student}")

        results = grade_class(course, name, submitted, seed, workers, on_result)
    if as_json:
        click.echo(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        print_class(Console(), results, course.root / "feedback")
    sys.exit(EXIT_NOT_GRADED if any(result.refusal or result.fault for result in results) else 0)


def _progress(unit: str) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=messages,
    )


def main() -> None:
    """Entry point: what is wrong with the course or its use is one line and exit status 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        sys.exit(cli(prog_name="autograder", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except click.Abort:
        messages.print("stopped")
        sys.exit(130)
    except CourseError as error:
        messages.print(f"autograder: {error}", markup=False, highlight=False)
        sys.exit(EXIT_USAGE)


if __name__ == "__main__":
    main()
