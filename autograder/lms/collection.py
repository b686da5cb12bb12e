"""What collecting found, for a program and for a person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from ..course import Course, CourseError
from ..tables import shown
from .matching import Submission, Unmatched
from .roster import Person

RECORD = "collected.json"  # in the folder downloaded/NOTEBOOK
NOT_TAKEN = "not taken"  # has the reason in the entry of a student of whom nothing was collected


def collected_before(course: Course, name: str) -> dict[str, dict]:
    """What was collected of a notebook, as `Collected.to_dict` has it, by student.
    Raises CourseError if the record cannot be read."""
    return {student: entry for student, entry in entries_of(course, name).items() if NOT_TAKEN not in entry}


def not_taken(course: Course, name: str) -> dict[str, str]:
    """Why of some students nothing was collected of what they handed in, by student: "work.pdf is a PDF, not ...".
    Raises CourseError if the record cannot be read."""
    return {student: entry[NOT_TAKEN] for student, entry in entries_of(course, name).items() if NOT_TAKEN in entry}


def entries_of(course: Course, name: str) -> dict[str, dict]:
    """The whole record of collecting, by student. Raises CourseError if it cannot be read."""
    path = course.root / "downloaded" / name / RECORD
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {entry["student"]: dict(entry) for entry in entries}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CourseError(f"{path} is damaged ({error}): move it away and collect again") from error


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes; "" where there is no plain file."""
    if path.is_symlink() or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class CollectedState(StrEnum):
    """What became of a submission; of one that is replaced the one before is kept."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    OLDER = "older"


@dataclass(frozen=True)
class Collected:
    """A student's submission and what became of it."""

    submission: Submission
    state: CollectedState
    resubmitted: bool

    def to_dict(self) -> dict:
        """As it is kept in collected.json; times are UTC."""
        one = self.submission
        return {
            "student": one.student,
            "lms_id": one.lms_id,
            "name": one.name,
            "file": one.file,
            "download": one.member.download,
            "late": one.late,
            "attempt": one.attempt,
            "resubmitted": self.resubmitted,
            "time": one.time.isoformat(" ") if one.time else None,
            "upload": one.place[0],
            "sha256": one.digest,
            "superseded": list(one.superseded),
            "notes": list(one.notes),
        }


@dataclass(frozen=True)
class Collection:
    """A class's submissions of one notebook. `missing` is None where there is no roster; `by_number` are those of a
    Moodle roster whose id in nbgrader is Moodle's number of this assignment."""

    notebook: str
    lms: str
    dry_run: bool
    collected: tuple[Collected, ...]
    unmatched: tuple[Unmatched, ...]
    missing: tuple[Person, ...] | None
    by_number: tuple[Person, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """matched, late and resubmitted count students, unmatched counts files; missing needs a roster."""
        states = [one.state for one in self.collected]
        counts = {
            "matched": len(self.collected),
            "unmatched": len(self.unmatched),
            "late": sum(one.submission.late for one in self.collected),
            "resubmitted": sum(one.resubmitted for one in self.collected),
            "missing": None if self.missing is None else len(self.missing),
            **{state: states.count(state) for state in CollectedState},
        }
        return {word: count for word, count in counts.items() if count is not None}

    def to_dict(self) -> dict:
        return {
            "notebook": self.notebook,
            "lms": self.lms,
            "dry_run": self.dry_run,
            "counts": self.counts,
            "matched": [{**one.to_dict(), "state": one.state} for one in self.collected],
            "unmatched": [vars(one) for one in self.unmatched],
            "missing": None if self.missing is None else [_person(one) for one in self.missing],
            "by_number": [_person(one) for one in self.by_number],
        }


_BY_NUMBER = (
    "without an e-mail address of their own that can be a folder's name, so they go by Moodle's number, which is "
    "another one in each assignment:"
)


def _person(person: Person) -> dict:
    return {"student": person.student, "lms_id": person.lms_id, "name": person.name}


def print_collection(console: Console, collection: Collection) -> None:
    """One row per student, a line for each file that matched nobody and each student without a file, and the counts."""
    table = Table(title=f"{collection.notebook} from {collection.lms.title()}", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("student", "name", "file", "marks"):
        table.add_column(column, overflow="fold")
    for one in collection.collected:
        submission = one.submission
        cells = (submission.student, submission.name, submission.file, ", ".join(_marks(one)))
        table.add_row(*map(shown, cells))
    if collection.collected:
        console.print(table)
    print_lines(console, "not matched:", (f"{one.file}: {one.reason}" for one in collection.unmatched))
    print_lines(console, "no submission:", (f"{one.lms_id} {one.name}" for one in collection.missing or ()))
    print_lines(console, _BY_NUMBER, (f"{one.lms_id} {one.name}" for one in collection.by_number))
    states = list(CollectedState)
    counts = [f"{word} {count}" for word, count in collection.counts.items() if count or word not in states]
    console.print(", ".join(counts), highlight=False, soft_wrap=True)
    if collection.dry_run:
        console.print("a dry run: nothing was written")


def _marks(one: Collected) -> list[str]:
    submission = one.submission
    marks = [one.state]
    if submission.late:
        marks.append("late")
    if one.resubmitted:
        marks.append(f"resubmitted (attempt {submission.attempt})" if submission.attempt > 1 else "resubmitted")
    marks += [f"superseded: {file}" for file in submission.superseded]
    return [*marks, *submission.notes]


def print_lines(console: Console, title: str, lines: Iterable[str]) -> None:
    """A title and its lines; nothing where there are none."""
    indented = [f"  {shown(line)}" for line in lines]
    if indented:
        console.print("\n".join([title, *indented]), highlight=False, soft_wrap=True)
