"""`autograder build`."""

from __future__ import annotations

import click

from ..course import Course
from .console import progress_bar, say, stderr


@click.command("build")
@click.argument("notebook", required=False)
@click.option("--force", is_flag=True, help="Build even what has not changed.")
def build_command(notebook: str | None, force: bool) -> None:
    """Make the walkthrough and the student version of NOTEBOOK, or of every notebook whose source changed.

    In the README, links are written anew where the repository's name in nbgrader_config.py changed, and points and
    minutes where the notebook's did.
    """
    from ..build import build, without_source
    from ..build.readme import refresh_readme
    from ..grading.points import require_points

    course = Course.find()
    names = [course.require(notebook)] if notebook else course.names
    for name in [] if notebook else without_source(course):
        say(f"CATALOGUE names {name}, and there is no {course.text_source(name)}: it is not built", soft_wrap=True)
    if refresh_readme(course, names):
        said = f"README.md: its links now lead to {course.repository}, its points are those of the exercises"
        stderr.print(said, highlight=False, soft_wrap=True)
    with progress_bar("cells") as progress:
        for name in names:
            task = progress.add_task(name, total=None)

            def on_cell(_, done: int, total: int, task=task) -> None:
                progress.update(task, completed=done, total=total)

            made = build(course, name, force, on_cell)
            require_points(course, name)
            progress.update(task, description=f"{name}: {'built' if made else 'unchanged'}", total=1, completed=1)
