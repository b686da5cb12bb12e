"""What has been graded and what of it is in the gradebook: the file from which a broken-off grading goes on.

A result is in the ledger before anything else is done with it, so whatever ends the grader, no result is lost.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..course import Course, CourseError
from ..grading.grade import Result

FOLDER = ".grading"  # of the ledgers, in the course's folder
_EDITION = 2
_TABLES = """
CREATE TABLE submissions (
    student TEXT PRIMARY KEY,
    tests TEXT NOT NULL,                  -- these two are its Key
    submission TEXT NOT NULL,
    breaks INTEGER NOT NULL DEFAULT 0,    -- how often a worker died of it
    result BLOB,
    final INTEGER NOT NULL DEFAULT 0,     -- 0: no result yet, or a fault of the grader's, to be tried again
    graded BLOB,
    recorded INTEGER NOT NULL DEFAULT 0,  -- 1: all is written, the feedback too
    files TEXT,                           -- these three are its Beside; NULL: it was not entered
    entered TEXT,
    shown TEXT
) WITHOUT ROWID;
CREATE TABLE run (seed INTEGER NOT NULL);
"""
# Where the best attempt counts: results of those that do not, and what a person gave for each that once did.
_ATTEMPTS = """
CREATE TABLE IF NOT EXISTS attempts (
    student TEXT NOT NULL,
    tests TEXT NOT NULL,
    submission TEXT NOT NULL,
    breaks INTEGER NOT NULL,
    result BLOB,
    final INTEGER NOT NULL,
    graded BLOB,
    PRIMARY KEY (student, submission)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS by_hand (
    student TEXT NOT NULL,
    submission TEXT NOT NULL,
    given BLOB NOT NULL,
    PRIMARY KEY (student, submission)
) WITHOUT ROWID;
"""
_OF_ATTEMPT = "student, tests, submission, breaks, result, final, graded"


def ledger_path(course: Course, name: str) -> Path:
    """Where the ledger of a notebook is, if the notebook was graded."""
    return course.root / FOLDER / f"{name}.sqlite"


@dataclass(frozen=True)
class Key:
    """What a result depends on, in digests: the tests with their environment, and what was handed in."""

    tests: str
    submission: str


@dataclass(frozen=True)
class Beside:
    """What was beside a result when it was entered, in digests.

    `files` were handed in with the notebook; `entered` is what grading put into the gradebook, `shown` all else there
    that the feedback shows.
    """

    files: str
    entered: str
    shown: str


@dataclass(frozen=True)
class Entry:
    """A submission's row, without its results. `beside` is None where nothing was entered, as of a refused file."""

    key: Key
    breaks: int
    final: bool
    recorded: bool
    beside: Beside | None


class Ledger:
    """The ledger of one notebook; as long as it is open nobody else can open it.
    Raises CourseError if another process has it open, or the file is damaged."""

    def __init__(self, path: Path):
        path.parent.mkdir(exist_ok=True)
        try:
            self._db = sqlite3.connect(path, timeout=1, isolation_level=None)
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._make_tables()
        except sqlite3.OperationalError as error:
            raise CourseError(
                f"{path.stem} is being graded by another process, or {path} cannot be used ({error})"
            ) from error
        except sqlite3.DatabaseError as error:
            raise CourseError(f"{path} is damaged ({error}): delete it, and all is graded again") from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_) -> None:
        self._db.close()

    def _make_tables(self) -> None:
        self._db.execute("BEGIN EXCLUSIVE")
        if self._db.execute("PRAGMA user_version").fetchone()[0] != _EDITION:
            for table in ("submissions", "run", "attempts"):
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _TABLES.split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={_EDITION}")
        for statement in _ATTEMPTS.split(";\n"):
            self._db.execute(statement)
        self._db.execute("COMMIT")

    def entries(self) -> dict[str, Entry]:
        """All rows by student."""
        return self._entries("")

    def entry(self, student: str) -> Entry | None:
        """A student's row."""
        return self._entries("WHERE student = ?", student).get(student)

    def _entries(self, where: str, *values: str) -> dict[str, Entry]:
        columns = "student, tests, submission, breaks, final, recorded, files, entered, shown"
        rows = self._db.execute(f"SELECT {columns} FROM submissions {where}", values)
        found = {}
        for student, tests, submission, breaks, final, recorded, *digests in rows:
            beside = None if digests[0] is None else Beside(*digests)
            found[student] = Entry(Key(tests, submission), breaks, bool(final), bool(recorded), beside)
        return found

    def begin(self, student: str, key: Key, breaks: int) -> None:
        """Note that a submission is to be graded: an older result goes."""
        self._db.execute(
            "INSERT OR REPLACE INTO submissions (student, tests, submission, breaks) VALUES (?, ?, ?, ?)",
            (student, key.tests, key.submission, breaks),
        )

    def count_break(self, student: str) -> None:
        self._db.execute("UPDATE submissions SET breaks = breaks + 1 WHERE student = ?", (student,))

    def keep(self, result: Result) -> None:
        """Keep a result; from now on it survives whatever happens."""
        graded = zlib.compress(result.graded.encode()) if result.graded else None
        self._db.execute(
            "UPDATE submissions SET result = ?, final = ?, graded = ?, recorded = 0, files = NULL, entered = NULL, "
            "shown = NULL WHERE student = ?",
            (result.pack(), result.set_aside or not result.fault, graded, result.student),
        )

    def mark_recorded(self, student: str, beside: Beside | None = None) -> None:
        """Note that the feedback is written, of a result that was entered with this beside it, or of none."""
        digests = (beside.files, beside.entered, beside.shown) if beside else (None, None, None)
        self._db.execute(
            "UPDATE submissions SET recorded = 1, files = ?, entered = ?, shown = ? WHERE student = ?",
            (*digests, student),
        )

    def results(self, students: Iterable[str]) -> Iterator[Result]:
        """The results of these students one by one, without the graded notebooks."""
        for student in students:
            row = self._db.execute("SELECT result FROM submissions WHERE student = ?", (student,)).fetchone()
            if row and row[0]:
                yield Result.unpack(row[0])

    def graded(self, student: str) -> str:
        """A student's graded notebook, as JSON."""
        (packed,) = self._db.execute("SELECT graded FROM submissions WHERE student = ?", (student,)).fetchone()
        return zlib.decompress(packed).decode() if packed else ""

    # --- several attempts of one student, of which the best counts ---

    def lay_aside(self, student: str) -> None:
        """Keep a student's row beside, for another attempt to take its place."""
        self._db.execute(
            f"INSERT OR REPLACE INTO attempts SELECT {_OF_ATTEMPT} FROM submissions WHERE student = ?", (student,)
        )

    def bring_back(self, student: str, key: Key) -> None:
        """Make an attempt that was laid aside the student's row, as not recorded; the other one is laid aside."""
        wanted = self._db.execute(
            f"SELECT {_OF_ATTEMPT} FROM attempts WHERE student = ? AND tests = ? AND submission = ?",
            (student, key.tests, key.submission),
        ).fetchone()
        self.lay_aside(student)  # last: of the same submission under other tests it takes the wanted one's place
        places = ", ".join("?" * len(wanted))
        self._db.execute(f"INSERT OR REPLACE INTO submissions ({_OF_ATTEMPT}) VALUES ({places})", wanted)

    def final_attempts(self, student: str) -> dict[Key, tuple[Result, str]]:
        """The results of all of a student's attempts that have one, with the graded notebook as JSON."""
        return {
            Key(tests, submission): (Result.unpack(result), zlib.decompress(graded).decode() if graded else "")
            for table in ("attempts", "submissions")  # what is in both is newer in the second
            for tests, submission, result, graded in self._db.execute(
                f"SELECT tests, submission, result, graded FROM {table} WHERE student = ? AND final", (student,)
            )
        }

    def with_attempts(self) -> set[str]:
        """The students of whom there are results that were laid aside."""
        return {student for (student,) in self._db.execute("SELECT DISTINCT student FROM attempts")}

    def forget_attempts(self, student: str) -> None:
        """Drop what was laid aside of a student: the last attempt counts again."""
        self._db.execute("DELETE FROM attempts WHERE student = ?", (student,))

    def keep_by_hand(self, student: str, submission: str, given: str) -> None:
        """Keep what a person gave for one attempt."""
        packed = zlib.compress(given.encode())
        self._db.execute("INSERT OR REPLACE INTO by_hand VALUES (?, ?, ?)", (student, submission, packed))

    def by_hand(self, student: str) -> dict[str, str]:
        """What was kept with `keep_by_hand`, by the digest of the submission."""
        rows = self._db.execute("SELECT submission, given FROM by_hand WHERE student = ?", (student,))
        return {submission: zlib.decompress(given).decode() for submission, given in rows}

    @property
    def open_seed(self) -> int | None:
        """The seed that a run drew which was broken off."""
        row = self._db.execute("SELECT seed FROM run").fetchone()
        return row[0] if row else None

    @open_seed.setter
    def open_seed(self, seed: int | None) -> None:
        self._db.execute("DELETE FROM run")
        if seed is not None:
            self._db.execute("INSERT INTO run VALUES (?)", (seed,))


class LedgerToRead(Ledger):
    """A ledger that is only looked at: it is not made where it is missing, and no table of it is changed.
    Raises CourseError as Ledger does."""

    def __init__(self, path: Path):
        try:
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=1, isolation_level=None)
            try:
                self._db.execute("PRAGMA locking_mode=EXCLUSIVE")  # leaves no files of SQLite's own behind
                self._db.execute("PRAGMA query_only=ON")
                self.entries()
            except sqlite3.DatabaseError:
                self._db.close()
                raise
        except sqlite3.OperationalError as error:
            raise CourseError(
                f"{path.stem} is being graded by another process, or {path} cannot be used ({error}): "
                "wait until it is graded, or run `autograder grade` again"
            ) from error
        except sqlite3.DatabaseError as error:
            raise CourseError(f"{path} is damaged ({error}): delete it, and grade again") from error
