"""The files in a bulk download, a zip archive or the folder it was unpacked to. No name in it is used as a path."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from ..course import CourseError
from ..intake.kinds import Unreadable
from ..intake.names import is_noise
from ..sandbox.limits import Limits

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """One file of a download. `refused` says why its name or kind rules it out; `read` raises Unreadable."""

    download: str
    path: PurePosixPath
    read: Callable[[], bytes]
    refused: str = ""

    def __str__(self) -> str:
        return str(self.path)


@contextmanager
def open_downloads(paths: list[Path], limits: Limits) -> Iterator[list[list[Member]]]:
    """The members of each download; they can be read as long as the context is open.
    Raises CourseError if one is neither a folder nor a readable zip archive."""
    with ExitStack() as stack:
        yield [
            list(_of_folder(path, limits)) if path.is_dir() else list(_of_zip(path, stack, limits)) for path in paths
        ]


def _of_zip(path: Path, stack: ExitStack, limits: Limits) -> Iterator[Member]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except (OSError, zipfile.BadZipFile) as error:
        raise CourseError(f"{path} is neither a folder nor a zip archive that can be read ({error})") from error
    for entry in archive.infolist():
        if not entry.is_dir():
            name = PurePosixPath(_name(entry))
            if not is_noise(name):
                read = partial(_read_entry, archive, entry, limits)
                yield Member(path.name, name, read, _refusal_of_entry(entry, name))


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name. Canvas writes UTF-8 without saying so, which zipfile takes for the old code page."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _refusal_of_entry(entry: zipfile.ZipInfo, name: PurePosixPath) -> str:
    if name.is_absolute() or ".." in name.parts or (name.parts and name.parts[0].endswith(":")):
        return "its name leads out of the download"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link, not a file"
    return "encrypted" if entry.flag_bits & _ENCRYPTED else ""


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    _check_size(entry.file_size, limits)
    try:
        with archive.open(entry) as file:
            # What an archive claims is its own word: so no more is unpacked than it claims.
            return file.read(entry.file_size)
    except Exception as error:  # forged archives break zipfile in many ways; each means the same here
        raise Unreadable("damaged in the archive") from error


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.notebook_bytes:
        most = limits.notebook_bytes / 2**20
        raise Unreadable(f"it has {size / 2**20:.0f} MB; at most {most:.3g} MB are read")


def _of_folder(top: Path, limits: Limits) -> Iterator[Member]:
    for folder, folders, files in os.walk(top):
        folders.sort()
        for name in sorted([*files, *(one for one in folders if (Path(folder) / one).is_symlink())]):
            path = Path(folder) / name
            # The folder's own name stays: it may be the one that says whose the files are.
            inside = PurePosixPath(top.absolute().name) / path.relative_to(top).as_posix()
            if not is_noise(inside):
                kind = path.lstat().st_mode
                refused = "" if stat.S_ISREG(kind) else "a link, not a file" if stat.S_ISLNK(kind) else "no plain file"
                yield Member(top.name, inside, partial(_read_file, path, limits), refused)


def _read_file(path: Path, limits: Limits) -> bytes:
    try:
        _check_size(path.lstat().st_size, limits)
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from error
