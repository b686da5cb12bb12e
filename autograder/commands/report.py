"""`autograder report`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from ..course import Course
from .console import FILE, FOLDER, ROSTER_HELP, SECTION_HELP, TO_WRITE, say


@click.command("report")
@click.argument("notebook")
@click.option(
    "-o",
    "--output",
    type=TO_WRITE,
    help="The page to write.  [default: report/NOTEBOOK.html in the course's folder]",
)
@click.option("--submitted", type=FOLDER, help="Folder of submissions, if you graded another than the course's.")
@click.option("--roster", type=FILE, help=ROSTER_HELP)
@click.option("--section", default="", help=SECTION_HELP)
@click.option("--anonymous", is_flag=True, help="Numbers for names, drawn anew each time: a page to show in class.")
@click.option("--json", "as_json", is_flag=True, help="Print the statistics as JSON; a page is written only with -o.")
def report_command(
    notebook: str,
    output: Path | None,
    submitted: Path | None,
    roster: Path | None,
    section: str,
    anonymous: bool,
    as_json: bool,
) -> None:
    """Write one page on how the class did in NOTEBOOK, from what `autograder grade` has graded.

    It says how the points are distributed, what most got wrong, who needs help, and how the grading itself went.
    """
    from ..lms.class_list import class_list
    from ..lms.collection import not_taken
    from ..report.page import write_page
    from ..report.records import anonymised
    from ..report.sources import read_class
    from ..report.summary import summarise

    course = Course.find()
    name = course.require(notebook)
    page = output or course.root / "report" / f"{name}{'.anonymous' if anonymous else ''}.html"
    people = class_list(course, name, roster, section)
    records = read_class(course, name, page, people, submitted, not_taken(course, name))
    summary = summarise(anonymised(records) if anonymous else records)
    if as_json:
        click.echo(json.dumps(asdict(summary), indent=2))
    if output or not as_json:
        write_page(summary, page)
        say(f"written: {page}", soft_wrap=True)
