"""`autograder new`."""

from __future__ import annotations

from pathlib import Path

import click

from .console import say


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new_command(folder: Path) -> None:
    """Write a small course into DIR, a new folder: two exercises and a question in words, ready to build and grade.

    Make it yours step by step: each of its files says what it is for.
    """
    from ..new_course import write_course

    made = write_course(folder)
    say(f"{made}: a course of one notebook. Next: cd {folder}, then autograder build")
