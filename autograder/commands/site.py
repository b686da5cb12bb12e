"""`autograder site`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..course import Course
from .console import progress_bar, say


@click.command("site")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def site_command(folder: Path | None) -> None:
    """Make a small website of the walkthroughs in FOLDER, with each solution folded until asked for.

    FOLDER is `site` in the course unless given. Its pages open from disk and ask nothing of other hosts.
    """
    from ..site.pages import build_site

    # A course's module that imports TensorFlow would bring its notices, which no level of its log leaves out.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    course = Course.find()
    folder = folder or course.root / "site"
    with progress_bar("notebooks") as progress:
        task = progress.add_task("site", total=None)
        count = build_site(course, folder, lambda done, total: progress.update(task, completed=done, total=total))
    say(f"wrote {count} pages: open {folder / 'index.html'}")
