"""`autograder feedback`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..course import Course
from .console import DOWNLOAD, EXIT_NOT_GRADED, TO_WRITE, say, stderr


@click.command("feedback")
@click.argument("notebook")
@click.option("--canvas", type=DOWNLOAD, help="The archive of submissions that Canvas gave.")
@click.option("--moodle", type=DOWNLOAD, help="The archive of submissions that Moodle gave.")
@click.option(
    "-o",
    "--output",
    type=TO_WRITE,
    help="The archive to write.  [default: feedback/NOTEBOOK-LMS.zip]",
)
@click.option("--dry-run", is_flag=True, help="Say who gets a page and who does not, and write nothing.")
def feedback_command(
    notebook: str, canvas: Path | None, moodle: Path | None, output: Path | None, dry_run: bool
) -> None:
    """Write the feedback on NOTEBOOK as the archive that Canvas or Moodle takes back.

    Exit status 3: somebody in the download gets no page, and is named.
    """
    download = canvas or moodle
    if download is None or (canvas and moodle):
        raise click.UsageError("give the archive of submissions: with --canvas or with --moodle, one of them")
    lms = "canvas" if canvas else "moodle"
    from rich.console import Console

    from ..lms.feedback import give_back, print_given_back

    course = Course.find()
    name = course.require(notebook)
    output = output or course.root / "feedback" / f"{name}-{lms}.zip"
    with stderr.status(f"matching the submissions of {name}"):
        found = give_back(course, name, lms, download, output, dry_run)
    print_given_back(Console(), found)
    if dry_run:
        say("a dry run: nothing was written")
    elif found.pages:
        say(f"written: {output}", soft_wrap=True)
    sys.exit(EXIT_NOT_GRADED if found.unmatched or found.without_page else 0)
