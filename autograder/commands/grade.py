"""`autograder grade`."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import click
from rich.console import Console

from ..course import Course, CourseError
from .console import EXIT_NOT_GRADED, EXIT_STOPPED, FILE, FOLDER, ROSTER_HELP, SEED, progress_bar, stderr


@click.command("grade")
@click.argument("notebook")
@click.option("--submitted", type=FOLDER, help="Folder of submissions.")
@click.option("--student", "only", metavar="NAME", multiple=True, help="Grade this student alone; can be repeated.")
@click.option("--roster", type=FILE, help=ROSTER_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print the results as a JSON list.")
@click.option("--seed", type=SEED, help="The class's seed, to repeat a run exactly. It is not for students.")
@click.option("--force", is_flag=True, help="Grade again what has been graded and has not changed.")
@click.option("--trust-submissions", is_flag=True, help="Run the submissions without a sandbox, with your own rights.")
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes on this machine.  [default: all cores]")
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="Submissions at once in a worker process: more than one where many wait instead of computing.  [default: 1]",
)
@click.option("--scheduler", metavar="ADDRESS", help="Use the Dask cluster of this scheduler instead.")
@click.option("--tls-ca-file", type=FILE, help="Certificate authority of the cluster (PEM).")
@click.option("--tls-cert", type=FILE, help="Your certificate for the cluster (PEM).")
@click.option("--tls-key", type=FILE, help="The key of your certificate (PEM).")
def grade_command(
    notebook: str,
    submitted: Path | None,
    only: tuple[str, ...],
    roster: Path | None,
    as_json: bool,
    seed: int | None,
    force: bool,
    trust_submissions: bool,
    workers: int | None,
    threads: int | None,
    scheduler: str | None,
    **tls_files: Path | None,
) -> None:
    """Grade every submission of NOTEBOOK, record the grades and write the feedback.

    What was graded before and has not changed is not run again; after an interruption the next run goes on. The table
    says who handed in late, by the due date in the gradebook, and who handed in nothing.
    """
    if scheduler is None and any(tls_files.values()):
        raise click.UsageError("--tls-... are for a cluster of your own: give its --scheduler too")
    if scheduler is not None and (workers, threads) != (None, None):
        raise click.UsageError("--workers and --threads are for this machine: a scheduler has workers of its own")

    course = Course.find()
    name = course.require(notebook)
    # What takes longest is begun first: it starts while the rest is imported and looked up.
    if not (scheduler or trust_submissions):
        from ..sandbox import fork_server

        fork_server.start_early(course.config(), submitted)
    from ..class_run import cluster

    if not scheduler:
        cluster.start_early()
    from nbgrader.coursedir import CourseDirectory

    from ..class_run.batch import Options, Stopped, grade_class
    from ..lms.class_list import class_list
    from ..lms.roster import read_roster
    from ..record.class_list import read_graded
    from ..tables import print_class

    progress = progress_bar("submissions")  # shown from the first submission on, or when the processes start
    task = progress.add_task(name, total=None)

    def open_client():  # called only if there is something to run
        if not (scheduler or trust_submissions):
            _require_sandbox(course)
        progress.start()
        return cluster.open_client(workers, threads or 1, scheduler, **tls_files)

    if roster:
        read_roster(roster)  # a wrong file is said before anything runs
    options = Options(submitted, seed, force, trust_submissions, only)
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(progress.stop)

            def on_change(tally) -> None:
                progress.start()
                progress.update(task, total=tally.total, completed=tally.done, description=_counts(tally))

            def on_wait() -> None:
                progress.start()
                progress.update(task, description="waiting for the gradebook, which another program holds")

            results = grade_class(course, name, options, open_client, on_change, on_wait)
    except Stopped as stopped:
        stderr.print(f"stopped: {stopped}. Run the same again to go on from there.", highlight=False)
        sys.exit(EXIT_STOPPED)
    if as_json:
        click.echo(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        people = class_list(course, name, roster)
        graded = read_graded(CourseDirectory(config=course.config()).db_url, name)
        print_class(Console(), results, course.root / "feedback", people, not only, graded)
    sys.exit(EXIT_NOT_GRADED if results.tally.not_graded else 0)


def _require_sandbox(course: Course) -> None:
    """Raises CourseError, with what to do, if this machine cannot confine submissions and they are not trusted."""
    from ..sandbox.bubblewrap import SandboxUnavailable, require_wall

    if not course.config().get("Run", {}).get("trust_submissions"):
        try:
            require_wall()
        except SandboxUnavailable as error:
            raise CourseError(str(error)) from error


def _counts(tally) -> str:
    """What became of the submissions so far, without what did not occur."""
    counts = {
        "graded": tally.graded,
        "unchanged": tally.unchanged,
        "refused": tally.refused,
        "set aside": tally.set_aside,
        "failed": tally.failed,
        "begun again after a worker died": tally.repeated,
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)
