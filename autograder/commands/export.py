"""`autograder export`."""

from __future__ import annotations

from pathlib import Path

import click

from ..course import Course
from .console import FILE, ROSTER_HELP, SECTION_HELP, TO_WRITE, say, stderr


@click.command("export")
@click.argument("notebooks", nargs=-1)
@click.option("--canvas", type=FILE, help="The gradebook that Canvas exported.")
@click.option("--moodle", type=FILE, help="The grading worksheet that Moodle exported.")
@click.option("--column", help="Canvas's assignment, if it is not named like the notebook.")
@click.option("--roster", type=FILE, help=f"For a table of its own: {ROSTER_HELP}")
@click.option("--section", default="", help=SECTION_HELP)
@click.option("-o", "--output", required=True, type=TO_WRITE, help="The CSV file to write.")
def export_command(
    notebooks: tuple[str, ...],
    canvas: Path | None,
    moodle: Path | None,
    column: str | None,
    roster: Path | None,
    section: str,
    output: Path,
) -> None:
    """Write the grades of NOTEBOOKS as CSV: into what Canvas or Moodle exported, else into a table of their own.

    nbgrader's late penalty is subtracted, if you set one.
    """
    if canvas and moodle:
        raise click.UsageError("--canvas and --moodle: give one of them")
    if (canvas or moodle) and len(notebooks) != 1:
        raise click.UsageError("an assignment of an LMS is one notebook: name one")
    if column and not canvas:
        raise click.UsageError("--column is for --canvas")
    if roster and (canvas or moodle):
        raise click.UsageError("--roster is for a table of its own: the file to fill is its own roster")
    if section and moodle:
        raise click.UsageError(
            "--section is not for --moodle, whose worksheet has no groups: use a table of its own, with --roster"
        )
    from ..lms import export
    from ..tables import shown

    course = Course.find()
    names = [course.require(notebook) for notebook in notebooks]
    if canvas:
        filled = export.export_canvas(course, names[0], canvas, output, column, section)
    elif moodle:
        filled = export.export_moodle(course, names[0], moodle, output)
    else:
        filled = export.export_plain(course, names, output, roster, section)
    for title, people in (
        ("graded, but not in the file:", filled.unplaced),
        ("in the file, without a grade (left as they were):", filled.ungraded),
        ("not to be changed:", filled.closed),
    ):
        if people:
            stderr.print("\n".join([title, *(f"  {shown(one)}" for one in people)]), highlight=False)
    for note in filled.notes:
        stderr.print(shown(note), highlight=False)
    if filled.pending:
        stderr.print(f"{filled.pending} have answers in words that you have not graded: those count 0 until you do")
    if filled.again:
        stderr.print(f"{filled.again} have points by hand for what has changed since: they count until you look again")
    counts = ", ".join(f"{word} {count}" for word, count in filled.counts.items())
    say(f"{counts}\nwritten: {output}", soft_wrap=True)
