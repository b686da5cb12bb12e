"""The feedback of a class as the archive that Canvas or Moodle takes back, made from the one that it gave.

Canvas attaches a file to the submission whose numbers are in its name, but shows it to the student under the name of
the file that was handed in. So what goes to Canvas is of that file's kind: a notebook, or a zip archive, with the page
in it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.coursedir import CourseDirectory
from rich import box
from rich.console import Console
from rich.table import Table

from ..course import Course, CourseError
from ..files import write_whole
from ..sandbox.limits import Limits
from ..tables import shown
from .collect import Shelf
from .collection import NOT_TAKEN, CollectedState, entries_of, print_lines
from .doubtful import older_pages
from .downloads import Member, open_downloads
from .matching import Matcher, Submission, Unmatched
from .roster import LMS, Person

_NOTES = {
    CollectedState.REPLACED: "handed in again since: the page is on the file before",
    CollectedState.OLDER: "a newer file was collected: download the submissions again",
}


@dataclass(frozen=True)
class Page:
    """A student's feedback page in the archive: `path` there, and what the teacher is to know of it."""

    student: str
    name: str
    path: str
    note: str = ""


@dataclass
class GivenBack:
    """What became of the feedback. `without_page` have a file in the download, `not_there` a page but no such file;
    the pages of `older` do not show what is in the gradebook now."""

    pages: list[Page] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    without_page: list[str] = field(default_factory=list)
    not_there: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)


def give_back(course: Course, name: str, lms: str, download: Path, output: Path, dry_run: bool = False) -> GivenBack:
    """Write the archive that gives each student of a download the feedback page; nothing where no page has a place.

    Raises CourseError if the download cannot be read or is another LMS's, it would be overwritten, or there is no
    feedback yet.
    """
    if output.exists() and output.samefile(download):
        raise CourseError(f"{output} is the archive that is read: write to another one")
    pages = _pages(course, name)
    if not pages:
        raise CourseError(f"there is no feedback on {name} yet: run `autograder grade {name}` first")
    limits, shelf, found = Limits(config=course.config()), Shelf(course, name), GivenBack()
    people = shelf.people()
    with open_downloads([download], limits) as (members,):
        if not any(LMS[lms].hand_ins(member.path) for member in members):
            raise CourseError(
                f"{download}: no file in it is named as {lms.title()} names submissions. "
                "Give the archive as it was downloaded"
            )
        left = {entry["lms_id"]: entry[NOT_TAKEN] for entry in entries_of(course, name).values() if NOT_TAKEN in entry}
        members = _of_collected(members, lms, people, left, found)
        matcher = Matcher(course, name, lms, people or None, limits)
        submissions = [shelf.compare(one) for one in matcher.match([members])]
    found.unmatched += matcher.unmatched
    older = older_pages(course, name, pages)
    contents: dict[str, bytes] = {}
    for one in submissions:
        page = pages.pop(one.submission.student, None)
        if page is None:
            found.without_page.append(_shown(one.submission.student, one.submission.name))
            continue
        path = LMS[lms].feedback_path(one.submission.member.path, name)
        contents[path] = _content(lms, one.submission, page.read_text(encoding="utf-8"))
        note = _NOTES.get(one.state, "")
        found.pages.append(Page(one.submission.student, one.submission.name, path, note))
        if one.submission.student in older:
            found.older.append(_shown(one.submission.student, one.submission.name))
    names = {person.student: person.name for person in people.values()}
    found.not_there = [_shown(student, names.get(student, "")) for student in sorted(pages)]
    if contents and not dry_run:
        write_whole(output, _zipped(contents))
    return found


def print_given_back(console: Console, found: GivenBack) -> None:
    """One row for each student who gets a page, a line for each who does not, and the counts."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("student", "name", "in the archive", "note"):
        table.add_column(column, overflow="fold")
    for page in found.pages:
        table.add_row(*map(shown, (page.student, page.name, page.path, page.note)))
    if found.pages:
        console.print(table)
    print_lines(console, "not matched:", (f"{one.file}: {one.reason}" for one in found.unmatched))
    print_lines(console, "in the download, but without feedback (graded yet?):", found.without_page)
    print_lines(console, "have feedback, but no file in the download:", found.not_there)
    print_lines(console, "have a page older than their points or comments: `autograder grade` first:", found.older)
    counts = {
        "pages": found.pages,
        "unmatched": found.unmatched,
        "without feedback": found.without_page,
        "not in the download": found.not_there,
        "older than the gradebook": found.older,
    }
    console.print(", ".join(f"{word} {len(ones)}" for word, ones in counts.items()), highlight=False, soft_wrap=True)


def _pages(course: Course, name: str) -> dict[str, Path]:
    """The feedback pages of a notebook, by student."""
    directory = CourseDirectory(config=course.config())
    top = Path(directory.format_path(directory.feedback_directory, ".", name)).parent
    return {page.parts[-3]: page for page in sorted(top.glob(f"*/{name}/{name}.html"))}


def _of_collected(
    members: list[Member], lms: str, people: dict[str, Person], left: dict[str, str], found: GivenBack
) -> list[Member]:
    """The files that may be of somebody whose submission was collected, and those whose name says nothing.

    `left` says by number why of somebody nothing was. Where nothing is known of the collecting, these are all: then the
    number is the student's id.
    """
    kept = []
    for member in members:
        numbers = [one.lms_id for one in LMS[lms].hand_ins(member.path)]
        if people and numbers and people.keys().isdisjoint(numbers):
            why = next((f"not taken: {left[number]}" for number in numbers if number in left), "")
            reason = why or "nothing of this student was collected: `autograder collect`, then grade"
            found.unmatched.append(Unmatched(str(member), member.download, reason))
        else:
            kept.append(member)
    return kept


def _shown(student: str, name: str) -> str:
    return f"{student} {name}".strip()


def _content(lms: str, submission: Submission, page: str) -> bytes:
    if lms != "canvas":
        return page.encode()
    return _zipped({"feedback.html": page.encode()}) if submission.suffix == ".zip" else _as_notebook(page)


def _as_notebook(page: str) -> bytes:
    """A notebook that shows the page as the output of its one cell of code."""
    words = "Feedback on what you handed in. It has the name of your own file because Canvas gives it that name."
    output = new_output("display_data", {"text/html": page, "text/plain": "Open this notebook to see the feedback."})
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells = [new_markdown_cell(words), new_code_cell("# The feedback is below.", outputs=[output])]
    return nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})).encode()


def _zipped(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return buffer.getvalue()
