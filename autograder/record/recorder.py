"""Enter graded notebooks into nbgrader's gradebook and folders, a batch at a time. One writer at a time."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from sqlalchemy.exc import OperationalError

from ..converters import generate_assignment
from ..course import Course, CourseError
from ..feedback.exporter import GradesOfNotebook
from ..files import disk_is_full, is_of_sqlite, write_whole
from ..rebuild.rebuild import instructor_notebooks
from ..sandbox.limits import Limits
from .changed_cells import make_room
from .gradebook import GradebookWriter, InGradebook
from .hand_grades import ByHandOfAttempt, left_by_last_grading

LOCKED_SECONDS = 120  # how long to wait for a gradebook that another program holds
_LOOK_SECONDS = 0.2
_LOCKED = "database is locked"  # how SQLite says that it is busy
_MAX_TIMESTAMP_BYTES = 100
_MAX_FILES = 1_000  # beside a notebook
_MAX_NAMED = 5  # files that a note names
# What nbgrader's exchange puts beside a submission, and asks for beside its feedback before that is released.
_OF_EXCHANGE = ("timestamp.txt", "submission_secret.txt")
_MAX_OF_EXCHANGE_BYTES = 1_000


def require_assignment(course: Course, name: str, on_wait: Callable[[], None] = lambda: None) -> None:
    """Enter the assignment into the gradebook, if it is not there yet or its cells have changed.
    Raises CourseError as `make_room` does, if nbgrader fails, or another program keeps the gradebook locked."""
    directory = CourseDirectory(config=course.config())
    walkthrough, _ = instructor_notebooks(course, name)

    def enter(folder: Path) -> None:
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            make_room(gradebook, name, walkthrough)
        generate_assignment(course, name, folder)

    with tempfile.TemporaryDirectory() as folder:
        _when_unlocked(lambda: enter(Path(folder)), on_wait)


@dataclass(frozen=True)
class Graded:
    """A graded notebook to record: whose, the folder that was handed in, and the notebook as JSON.

    `again` if it is the notebook that was recorded last, whose files may be lost. `by_hand` is for
    `GradebookWriter.enter`.
    """

    student: str
    folder: Path
    notebook: str
    again: bool = False
    by_hand: ByHandOfAttempt | None = None


@dataclass(frozen=True)
class Recorded:
    """What came of recording: the grades for the feedback, or why it failed; notes are for the instructor."""

    student: str
    grades: GradesOfNotebook | None = None
    fault: str = ""
    notes: tuple[str, ...] = ()


class Recorder:
    """Writes what nbgrader's Autograde writes: gradebook and autograded folder. Use as a context.

    `on_wait` hears each time that another program holds the gradebook.
    """

    def __init__(self, course: Course, name: str, on_wait: Callable[[], None] = lambda: None):
        config = course.config()
        self._course, self._name, self._on_wait = course, name, on_wait
        self._converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        self._limits = Limits(config=config)
        directory = self._converter.coursedir
        db_url, course_id = directory.db_url, directory.course_id
        self._writer = _when_unlocked(lambda: GradebookWriter(course, name, db_url, course_id), on_wait)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_) -> None:
        self._writer.close()

    def record(self, batch: list[Graded]) -> list[Recorded]:
        """Record a batch as one transaction; where that fails, one by one, so that a fault costs its submission alone.
        Raises CourseError if the gradebook stays locked; OSError or SQLAlchemyError if the disk is full."""
        try:
            return self._record(batch)
        except CourseError:
            raise
        except Exception as error:
            if disk_is_full(error):
                raise
            if len(batch) > 1:
                return [recorded for one in batch for recorded in self.record([one])]
            return [Recorded(batch[0].student, fault=f"recording failed: {type(error).__name__}: {error}")]

    def digests(self, students: Iterable[str]) -> dict[str, InGradebook]:
        """Digests of what the gradebook holds of these students."""
        students = list(students)
        return _when_unlocked(lambda: self._writer.digests(students), self._on_wait)

    def grades(self, student: str) -> GradesOfNotebook:
        """A student's grades as they are in the gradebook."""
        return _when_unlocked(lambda: self._writer.grades(student), self._on_wait)

    def shown_name(self, student: str) -> str:
        """The name that pages show for a student."""
        return _when_unlocked(lambda: self._writer.shown_name(student), self._on_wait)

    def by_hand(self, student: str) -> ByHandOfAttempt | None:
        """What a person gave a student, for the notebook that the last grading left; None if nothing is recorded."""
        graded = left_by_last_grading(self.graded_file(student))
        return _when_unlocked(lambda: self._writer.by_hand(student, graded), self._on_wait)

    def late_penalty(self, student: str, score: float, folder: Path) -> float:
        """What nbgrader would take off these points for the time at which this folder was handed in."""
        time, _ = read_timestamp(folder)
        return _when_unlocked(lambda: self._writer.late_penalty(student, score, time), self._on_wait)

    def copy_submission(self, folder: Path, notebook: Path, destination: Path) -> None:
        """Copy a submission: the file that is graded, and of what lies beside what is copied when it is recorded.
        Whole or not at all; `destination` is not there yet."""
        fresh = destination.with_name(f".{destination.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        self._copy_some(folder, fresh)
        for name, content in _all_of_exchange(folder).items():
            write_whole(fresh / name, content)
        _copy(folder, notebook.relative_to(folder), fresh)
        fresh.rename(destination)

    def has_graded(self, student: str, sentence: str = "") -> bool:
        """Whether a student's graded notebook is there, and says this where it says which attempt counts: one that
        nbgrader's autograde left says nothing of that."""
        text = left_by_last_grading(self.graded_file(student))
        return bool(text) and json.dumps(sentence, ensure_ascii=False) in text if sentence else bool(text)

    def graded_file(self, student: str) -> Path:
        return self._destination(student) / f"{self._name}.ipynb"

    def feedback_file(self, student: str) -> Path:
        return self._path(self._converter.coursedir.feedback_directory, student) / f"{self._name}.html"

    def has_feedback(self, student: str, folder: Path) -> bool:
        """Whether a student's feedback page is there, beside what the exchange put into the submission's folder."""
        page = self.feedback_file(student)
        beside = ((_of_exchange(page.parent / name), content) for name, content in _all_of_exchange(folder).items())
        return page.is_file() and all(there == content for there, content in beside)

    def write_feedback(self, student: str, page: str, folder: Path) -> None:
        """Write a student's feedback page, whole or not at all; beside it what the exchange releases it by."""
        file = self.feedback_file(student)
        for name, content in _all_of_exchange(folder).items():
            write_whole(file.with_name(name), content)
        write_whole(file, page)
        file.chmod(file.stat().st_mode | 0o444)  # released with the rights that it has here: a student must read it

    def digest_of_files(self, folder: Path) -> str:
        """A digest of what was handed in beside the notebook: when any of it changes, it is recorded again."""
        found = ((str(relative), (folder / relative).lstat()) for relative in self._others(folder))
        files = sorted((name, status.st_size, status.st_mtime_ns) for name, status in found)
        return hashlib.sha256(repr(files).encode("utf-8", "backslashreplace")).hexdigest()[:24]

    def _record(self, batch: list[Graded]) -> list[Recorded]:
        stamps = {graded.student: read_timestamp(graded.folder) for graded in batch}
        notebooks = {graded.student: nbformat.v4.reads(graded.notebook) for graded in batch}
        by_hand = {graded.student: graded.by_hand for graded in batch}
        before = {
            graded.student: graded.notebook if graded.again else left_by_last_grading(self.graded_file(graded.student))
            for graded in batch
        }

        def enter() -> list[GradesOfNotebook]:
            with self._writer.transaction():
                return [
                    self._writer.enter(one, notebook, stamps[one][0], before[one], by_hand[one])
                    for one, notebook in notebooks.items()
                ]

        # The folders are made first: once the grades are in the gradebook, a rename is all that is left to do.
        try:
            left_out = {graded.student: self._make_folder(graded) for graded in batch}
            grades = _when_unlocked(enter, self._on_wait)
            for graded in batch:
                self._put_in_place(graded.student)
        finally:
            for graded in batch:
                shutil.rmtree(self._beside_destination(graded.student, "new"), ignore_errors=True)
        return [
            Recorded(graded.student, one, notes=(*stamps[graded.student][1], *left_out[graded.student]))
            for graded, one in zip(batch, grades, strict=True)
        ]

    def _make_folder(self, graded: Graded) -> list[str]:
        """Make the new autograded folder: what nbgrader's --force would leave there. Returns what was left out."""
        fresh = self._beside_destination(graded.student, "new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        source = self._course.text_source(self._name).parent
        kept = self._converter.exclude_overwriting.get(self._name, [])
        left_out = self._copy_some(graded.folder, fresh)
        for relative in self._others(source):
            if str(relative) not in kept:
                _copy(source, relative, fresh)
        (fresh / f"{self._name}.ipynb").write_text(graded.notebook.rstrip("\n") + "\n", encoding="utf-8")
        return left_out

    def _copy_some(self, folder: Path, destination: Path) -> list[str]:
        """Copy what was handed in beside the notebook, within the limit. Returns a note where something stays behind.

        A sparse file is small where it lies and large where it is copied to, so its size as a reader sees it counts.
        """
        room, left_out = self._limits.beside_bytes, []
        for relative in self._others(folder):
            try:
                size = (folder / relative).lstat().st_size
                if size > room:
                    left_out.append(f"{str(relative)[:100]} (too large)")
                    continue
                _copy(folder, relative, destination)
                room -= size
            except OSError as error:
                if disk_is_full(error):
                    raise
                left_out.append(f"{str(relative)[:100]} ({error.strerror})")
        if len(left_out) > _MAX_NAMED:
            left_out[_MAX_NAMED:] = [f"{len(left_out) - _MAX_NAMED} more"]
        return [f"Not copied beside the graded notebook: {', '.join(left_out)}."] if left_out else []

    def _put_in_place(self, student: str) -> None:
        """Put the new autograded folder in the place of the old one."""
        destination, old = self._destination(student), self._beside_destination(student, "old")
        shutil.rmtree(old, ignore_errors=True)
        if destination.exists():
            destination.rename(old)
        self._beside_destination(student, "new").rename(destination)
        self._converter.set_permissions(self._name, student)
        shutil.rmtree(old, ignore_errors=True)

    def _beside_destination(self, student: str, word: str) -> Path:
        return self._destination(student).with_name(f".{self._name}.{word}")

    def _others(self, folder: Path) -> Iterator[Path]:
        """The files of a folder that nbgrader copies, relative to it, at most _MAX_FILES.

        No link is followed: it may lead anywhere.
        """
        ignored = [*self._converter.coursedir.ignore, "*.ipynb"]
        count = 0
        for top, folders, files in os.walk(folder):
            folders[:] = [one for one in folders if not _matches(one, ignored)]
            for file in files:
                path = Path(top) / file
                if not _matches(file, ignored) and _is_plain_file(path):
                    count += 1
                    if count > _MAX_FILES:
                        return
                    yield path.relative_to(folder)

    def _destination(self, student: str) -> Path:
        return self._path(self._converter.coursedir.autograded_directory, student)

    def _path(self, step: str, student: str) -> Path:
        return Path(self._converter.coursedir.format_path(step, student, self._name))


def _when_unlocked(action: Callable, on_wait: Callable[[], None]):
    """What `action` returns, once no other program holds the gradebook. An attempt waits some seconds by itself."""
    patience = time.monotonic() + LOCKED_SECONDS
    while True:
        try:
            return action()
        except (OperationalError, CourseError) as error:
            # A converter of nbgrader's passes nothing on but what it logged.
            if not is_of_sqlite(error, sqlite3.SQLITE_BUSY) and _LOCKED not in str(error):
                raise
            if time.monotonic() > patience:
                raise CourseError(
                    "another program holds the gradebook: close it (formgrader?) and run this again. "
                    "What was graded is kept, and is not graded again"
                ) from error
        on_wait()
        time.sleep(_LOOK_SECONDS)


def _all_of_exchange(folder: Path) -> dict[str, bytes]:
    """What the exchange put beside a submission, by file name."""
    found = ((name, _of_exchange(folder / name)) for name in _OF_EXCHANGE)
    return {name: content for name, content in found if content}


def _of_exchange(path: Path) -> bytes:
    """One of these files; b"" where there is none, or none of the exchange's making."""
    try:
        status = path.lstat()
        return path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= _MAX_OF_EXCHANGE_BYTES else b""
    except OSError:
        return b""


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _copy(source: Path, relative: Path, destination: Path) -> None:
    copy = destination / relative
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.unlink(missing_ok=True)
    shutil.copy(source / relative, copy, follow_symlinks=False)


def _is_plain_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # its folder may be listed, but not entered
        return False


def read_timestamp(folder: Path) -> tuple[datetime | None, tuple[str, ...]]:
    """The time in timestamp.txt, nbgrader's own file beside a submission; a note where it cannot be read."""
    path = folder / "timestamp.txt"
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_TIMESTAMP_BYTES:
            raise ValueError
        text = path.read_text().strip()
        return parse_utc(text) if text else None, ()
    except FileNotFoundError:
        return None, ()
    except Exception:  # the parser fails in many ways, with decimal.InvalidOperation too
        return None, ("timestamp.txt holds no time, so lateness was not looked at.",)
