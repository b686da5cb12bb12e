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

EXIT_USAGE, EXIT_NOT_GRADED, EXIT_STOPPED = 2, 3, 130

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

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
        result = grade_file(course, name, file, seed=seed, trust=True)
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=2))
    else:
        print_exercises(Console(), result)
    sys.exit(EXIT_NOT_GRADED if result.refusal or result.fault else 0)


@cli.command("grade")
@click.argument("notebook")
@click.option("--submitted", type=_FOLDER, help="Folder of submissions.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as a JSON list.")
@click.option("--seed", type=int, help="Seed of the inputs, to replay a result exactly.")
@click.option("--force", is_flag=True, help="Grade again what has been graded and has not changed.")
@click.option("--trust-submissions", is_flag=True, help="Run the submissions without a sandbox, with your own rights.")
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes on this machine.  [default: all cores]")
@click.option("--scheduler", metavar="ADDRESS", help="Use the Dask cluster of this scheduler instead.")
@click.option("--tls-ca-file", type=_FILE, help="Certificate authority of the cluster (PEM).")
@click.option("--tls-cert", type=_FILE, help="Your certificate for the cluster (PEM).")
@click.option("--tls-key", type=_FILE, help="The key of your certificate (PEM).")
def grade_command(
    notebook: str,
    submitted: Path | None,
    as_json: bool,
    seed: int | None,
    force: bool,
    trust_submissions: bool,
    workers: int | None,
    scheduler: str | None,
    **tls_files: Path | None,
) -> None:
    """Grade every submission of NOTEBOOK, record the grades and write the feedback.

    What was graded before and has not changed is not run again; after an interruption the next run goes on.
    """
    from .pipeline.batch import Options, Stopped, grade_class
    from .report import print_class

    if scheduler is None and any(tls_files.values()):
        raise click.UsageError("--tls-... are for a cluster of your own: give its --scheduler too")
    if scheduler is not None and workers is not None:
        raise click.UsageError("--workers is for this machine: a scheduler has workers of its own")

    def open_client():
        from .pipeline.cluster import ClusterChoice, open_client

        return open_client(ClusterChoice(workers, scheduler, **tls_files))

    course = Course.find()
    name = course.require(notebook)
    options = Options(submitted, seed, force, trust_submissions)
    try:
        with _progress("submissions") as progress:
            task = progress.add_task(name, total=None)

            def on_change(tally) -> None:
                progress.update(task, total=tally.total, completed=tally.done, description=_counts(tally))

            def on_wait() -> None:
                progress.update(task, description="waiting for the gradebook, which another program holds")

            results = grade_class(course, name, options, open_client, on_change, on_wait)
    except Stopped as stopped:
        messages.print(f"stopped: {stopped}. Run the same again to go on from there.", highlight=False)
        sys.exit(EXIT_STOPPED)
    if as_json:
        click.echo(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        print_class(Console(), results, course.root / "feedback")
    sys.exit(EXIT_NOT_GRADED if results.tally.not_graded else 0)


def _counts(tally) -> str:
    """What became of the submissions so far, without what did not occur."""
    counts = {
        "graded": tally.graded,
        "unchanged": tally.unchanged,
        "refused": tally.refused,
        "set aside": tally.set_aside,
        "failed": tally.failed,
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


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
        sys.exit(EXIT_STOPPED)
    except CourseError as error:
        messages.print(f"autograder: {error}", markup=False, highlight=False)
        sys.exit(EXIT_USAGE)


if __name__ == "__main__":
    main()
