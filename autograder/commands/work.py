"""`autograder work`."""

from __future__ import annotations

import click

from ..course import Course
from .console import say


@click.command("work")
def work_command() -> None:
    """Copy the notebooks into the folder `work`, where you write into them: `make lab` does so too.

    After a pull, copies in which you have not written are renewed. What you wrote is never written over.
    """
    from ..own_copies import CopyState, refresh_copies

    course = Course.find()
    for copy in refresh_copies(course):
        path = copy.path.relative_to(course.root)
        if copy.state in (CopyState.NEW, CopyState.RENEWED):
            say(f"{path}: {copy.state}", soft_wrap=True)
        elif copy.state == CopyState.BEHIND:
            newer = course.release(copy.name).relative_to(course.root)
            say(
                f"{path}: it stays as it is, because you have written in it. The course has a newer edition, {newer}: "
                "to begin with that one, give yours another name and run autograder work",
                soft_wrap=True,
            )
