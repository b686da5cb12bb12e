"""`autograder progress`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from ..course import Course, CourseError
from .console import FOLDER, TO_WRITE, say


@click.command("progress")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--html", "page", type=TO_WRITE, help="Write the page into this file.")
def progress_command(folder: Path | None, page: Path | None) -> None:
    """Show your own progress through the course: what the judge said last, and what to do next.

    The judge's words are kept by `%check` and by `autograder check`. FOLDER holds your notebooks, which are read, not
    run. Unless given, it is the one that you are in, or one above it, else the course's `work`, else its `notebooks`.
    """
    from ..exercise.catalogue import catalogue_of
    from ..files import write_whole
    from ..own_copies import WORK
    from ..progress.overview import find_work, overview
    from ..progress.render import as_page
    from ..progress.store import own_store
    from ..progress.table import print_overview

    course = Course.find_or_installed()
    catalogue = catalogue_of(course.config())
    if folder is None:
        here, root = Path.cwd(), course.root
        top = root if here.is_relative_to(root) else None  # what lies above the course is no part of it
        folder = find_work(catalogue, here, top) or find_work(catalogue, root / WORK, root) or root / "notebooks"
    standing = overview(catalogue, own_store(say, catalogue.package).read(), folder)
    print_overview(Console(), standing)
    if page is not None:
        try:
            write_whole(page, as_page(standing))
        except OSError as error:
            raise CourseError(f"{page} cannot be written: {error.strerror}") from error
        say(f"wrote {page}")
