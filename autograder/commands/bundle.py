"""`autograder bundle`."""

from __future__ import annotations

from pathlib import Path

import click

from ..course import Course
from .console import say, stderr


@click.command("bundle")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--repository", metavar="OWNER/NAME", help="Where you will publish it: the links lead there.")
def bundle_command(folder: Path, repository: str | None) -> None:
    """Write the repository to give to students into DIR, a new folder.

    Nothing is written if anything of the solutions, hidden tests, rubrics or reference would leave with it.
    """
    from ..bundle import write_bundle

    course = Course.find()
    with stderr.status("putting it together and looking for what must not leave"):
        bundle = write_bundle(course, folder, repository)
    say(
        f"{bundle.folder}: {bundle.notebooks} notebooks, {bundle.files} files, nothing of the solutions in them.",
        soft_wrap=True,
    )
    if bundle.repository:
        say(f"Its links lead to github.com/{bundle.repository}, branch main: publish it there.", soft_wrap=True)
