"""Files written whole or not at all, and temporary folders that do not outlive their owner for long."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where one's own notebook is checked and no class graded: nothing there looks at locks
    fcntl = None  # type: ignore[assignment]

_KINDS = ("autograder-", "kernel-", "submission-")
_LOCK = ".autograder-in-use"  # locked by its owner: the system unlocks it when that ends, however it ends
_FULL = {errno.ENOSPC, errno.EDQUOT}
_PRIMARY = 0xFF  # the bits of an SQLite result code that hold the primary one


def disk_is_full(error: BaseException) -> bool:
    """Whether an error, or one that it follows from, says that there is no room left."""
    full = any(getattr(one, "errno", None) in _FULL for one in _chain(error))
    return full or is_of_sqlite(error, sqlite3.SQLITE_FULL)


def is_of_sqlite(error: BaseException, code: int) -> bool:
    """Whether an error, or one that it follows from, is SQLite's with this result code."""
    return any(getattr(one, "sqlite_errorcode", 0) & _PRIMARY == code for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def write_whole(path: Path, content: str | bytes, mode: int | None = None) -> None:
    """Write to a file beside it, which then takes its place; another writer has a file of its own.

    Its folder is made where it is missing. Text is written as UTF-8, with lines that end as they do in it. `mode` is
    the file's rights, where they are not a new file's. Raises OSError if it cannot be written, UnicodeEncodeError if
    the text holds half of a surrogate pair: the file is as it was then.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}")
    try:
        fresh.write_bytes(data)
        if mode is not None:
            fresh.chmod(mode)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def is_in_use(folder: Path) -> bool:
    """Whether there is anything at this path but an empty folder."""
    return folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Where to make what `folder`, which is empty or not there, is to hold: whole or not at all.

    It is in a temporary folder beside: that is closed to others, what is moved out of it has the usual rights.
    """
    made = tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent, ignore_cleanup_errors=True)
    with made as beside:
        fresh = Path(beside) / "fresh"
        yield fresh
        if folder.exists():
            folder.rmdir()
        fresh.rename(folder)


@contextmanager
def temporary_folder(kind: str) -> Iterator[Path]:
    """A new temporary folder, removed at the end; if this process is killed, by the next grader's `sweep`.

    Its name begins with `kind`, one of "autograder-", "kernel-" and "submission-".
    """
    if kind not in _KINDS:
        raise ValueError(f"no such kind of folder: {kind!r}")
    made = tempfile.TemporaryDirectory(prefix=kind, ignore_cleanup_errors=True)
    with made as folder, _locked(Path(folder)):
        yield Path(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Show that the folder's owner lives."""
    if fcntl is None:
        yield
        return
    with (folder / f"{_LOCK}-soon").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Path(lock.name).rename(folder / _LOCK)  # nobody meets it unlocked
        yield


def sweep() -> None:
    """Remove the temporary folders of graders that were killed."""
    for kind in _KINDS:
        for folder in Path(tempfile.gettempdir()).glob(f"{kind}*"):
            with suppress(OSError):
                if _is_left_over(folder):
                    shutil.rmtree(folder, ignore_errors=True)


def _is_left_over(folder: Path) -> bool:
    """Whether it is a folder of ours whose owner is gone. OSError where it is not."""
    about = folder.lstat()
    ours = folder.is_dir() and not folder.is_symlink() and about.st_uid == os.geteuid()
    if ours:
        with (folder / _LOCK).open() as lock:  # a folder without it is not of our making
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return ours
