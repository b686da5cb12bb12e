"""`autograder similar`."""

from __future__ import annotations

from pathlib import Path

import click

from ..course import Course
from .console import TO_WRITE, say, stderr


@click.command("similar")
@click.argument("notebook")
@click.option(
    "-o",
    "--output",
    type=TO_WRITE,
    help="The page to write.  [default: similar/NOTEBOOK.html in the course's folder]",
)
@click.option("--most", type=click.IntRange(min=1), default=30, show_default=True, help="Pairs to show.")
def similar_command(notebook: str, output: Path | None, most: int) -> None:
    """Write one page with pairs of answers to NOTEBOOK that are alike, side by side. It proves nothing.

    What `autograder grade` has graded is compared, without names, comments and order. What the notebook held when it
    was given out does not count, nor does what many have written.
    """
    from ..lms.class_list import class_list
    from ..similar.page import write_page
    from ..similar.pairs import find_pairs
    from ..similar.work import given_to_all, read_work

    course = Course.find()
    name = course.require(notebook)
    page = output or course.root / "similar" / f"{name}.html"
    with stderr.status(f"comparing the answers to {name}"):
        work = read_work(course, name)
        found = find_pairs(work, given_to_all(course, name), most)
    write_page(name, found, len(work), class_list(course, name).members, page)
    pairs = "1 pair" if len(found) == 1 else f"{len(found)} pairs"
    say(f"{len(work)} students, {pairs} to read side by side; it proves nothing. Written: {page}", soft_wrap=True)
