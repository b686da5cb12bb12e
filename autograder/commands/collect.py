"""`autograder collect`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from ..course import Course
from .console import DOWNLOAD, EXIT_NOT_GRADED, FILE, stderr


@click.command("collect")
@click.argument("notebook")
@click.argument("downloads", nargs=-1, required=True, type=DOWNLOAD)
@click.option(
    "--roster", type=FILE, help="Canvas's gradebook or Moodle's grading worksheet: names, and who has not handed in."
)
@click.option("--lms", type=click.Choice(["canvas", "moodle"]), help="Whose download it is.  [default: by its names]")
@click.option("--dry-run", is_flag=True, help="Say who matches and what does not, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def collect_command(
    notebook: str, downloads: tuple[Path, ...], roster: Path | None, lms: str | None, dry_run: bool, as_json: bool
) -> None:
    """Collect submissions of NOTEBOOK from DOWNLOADS: the archives that Canvas or Moodle gave, or their folders.

    Of several submissions the newest is collected; nothing is deleted. Exit status 3: some file matched nobody.
    """
    from ..lms.collect import collect
    from ..lms.collection import print_collection

    course = Course.find()
    name = course.require(notebook)
    with stderr.status(f"matching the submissions of {name}"):
        collection = collect(course, name, list(downloads), roster, lms, dry_run)
    if as_json:
        click.echo(json.dumps(collection.to_dict(), indent=2))
    else:
        print_collection(Console(), collection)
    sys.exit(EXIT_NOT_GRADED if collection.unmatched else 0)
