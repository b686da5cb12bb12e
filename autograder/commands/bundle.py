"""`autograder bundle`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..course import Course
from .console import say, stderr

if TYPE_CHECKING:
    from ..bundle.published import Changes


@click.command("bundle")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--repository", metavar="OWNER/NAME", help="Where you will publish it: the links lead there.")
@click.option("--notebooks", metavar="NAME", multiple=True, help="Give out this notebook alone; can be repeated.")
@click.option("--update", "is_update", is_flag=True, help="Bring DIR, which you published before, up to date.")
def bundle_command(folder: Path, repository: str | None, notebooks: tuple[str, ...], is_update: bool) -> None:
    """Write the repository to give to students into DIR, a new folder.

    Nothing is written if anything of the solutions, hidden tests, rubrics or reference would leave with it.

    With --update, files that somebody changed in DIR, or put there, are left as they are; --notebooks are added to
    those that are in it.
    """
    from ..bundle import update_bundle, write_bundle

    course = Course.find()
    names = [course.require(name) for name in notebooks]
    with stderr.status("putting it together and looking for what must not leave"):
        if is_update:
            bundle = update_bundle(course, folder, repository, names)
        else:
            bundle = write_bundle(course, folder, repository, names or None)
    counted = "1 notebook" if bundle.notebooks == 1 else f"{bundle.notebooks} notebooks"
    say(f"{bundle.folder}: {counted}, {bundle.files} files, nothing of the solutions in them.", soft_wrap=True)
    if bundle.changes:
        _say_changes(bundle.changes)
    if bundle.repository:
        say(f"Its links lead to github.com/{bundle.repository}, branch main: publish it there.", soft_wrap=True)


def _say_changes(changes: Changes) -> None:
    counts = {"new": changes.new, "replaced": changes.replaced, "removed": changes.removed}
    said = ", ".join(f"{len(files)} {word}" for word, files in counts.items() if files)
    say(f"Updated: {said or 'nothing had changed'}.", soft_wrap=True)
    if changes.kept:
        say("Left as they are, since somebody changed or made them there:", soft_wrap=True)
        for name in changes.kept:
            say(f"  {name}", soft_wrap=True)
        say("To get ours, move one of them away and update again.", soft_wrap=True)
