"""A student's own copies of the notebooks, in the course's untracked folder `work`: a pull has nothing to refuse there.

`work/.copied.json` holds for each notebook a digest of the cells that were copied: a copy with the same cells has
nothing of the student's, and is renewed with the course. A file with other cells is never written to.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .course import Course, CourseError
from .files import write_whole
from .intake.reading import Unreadable, read_submission

WORK = "work"
_COPIED = ".copied.json"


class CopyState(StrEnum):
    """What became of a copy."""

    NEW = "new"
    RENEWED = "renewed"
    KEPT = "kept"
    BEHIND = "behind"  # a student's work on an older edition


@dataclass(frozen=True)
class OwnCopy:
    """A student's copy of a notebook, and what became of it."""

    name: str
    path: Path
    state: CopyState


def refresh_copies(course: Course) -> list[OwnCopy]:
    """Copy the notebooks that are not in `work`, and renew the copies that hold nothing of the student's.
    Raises CourseError if `work` cannot be read or written."""
    folder = course.root / WORK
    try:
        copied = _read_copied(folder / _COPIED)
        found = []
        for name in course.names:
            release = course.release(name)
            own = folder / name / release.name
            state = _state(own, release, copied.get(name))
            if state in (CopyState.NEW, CopyState.RENEWED):
                write_whole(own, release.read_bytes())
                copied[name] = _digest(release)
                write_whole(folder / _COPIED, json.dumps(copied, indent=1) + "\n")
            found.append(OwnCopy(name, own, state))
    except OSError as error:
        raise CourseError(f"{error.filename or folder} cannot be read or written: {error.strerror}") from error
    return found


def _state(own: Path, release: Path, copied: str | None) -> CopyState:
    """What is to become of a copy, given the digest of what was copied there."""
    if not own.exists():
        return CopyState.NEW
    newest, mine = _digest(release), _digest(own)
    if newest in (copied, mine):
        return CopyState.KEPT
    return CopyState.RENEWED if mine and mine == copied else CopyState.BEHIND


def _read_copied(path: Path) -> dict[str, str]:
    """What was copied. Without the record every copy counts as the student's."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(path: Path) -> str:
    """A digest of a notebook's cells, without outputs; "" of a file that cannot be read as one, which is left alone."""
    try:
        notebook, _ = read_submission(path)
    except Unreadable:
        return ""
    written = [[cell.cell_type, cell.source, cell.get("attachments")] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
