"""A published bundle: what was written into it, and how it is brought up to date without touching anybody's work.

A file of the bundle is replaced only if it is there as it was once published. What people added or changed stays.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..course import CourseError
from ..files import write_whole

MANIFEST = ".published.json"  # in the bundle's folder


@dataclass(frozen=True)
class Published:
    """What a bundle's folder says of itself: the repository, the notebooks, and each file's digests.

    A file has one digest for each time that it was published anew, so that a broken-off update can go on.
    """

    repository: str
    notebooks: tuple[str, ...]
    files: dict[str, list[str]]

    @classmethod
    def read(cls, folder: Path) -> Published:
        """Raises CourseError if the folder is no bundle, or what it says of itself cannot be read."""
        path = folder / MANIFEST
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            files = {_inside(name): [str(digest) for digest in digests] for name, digests in found["files"].items()}
            return cls(str(found["repository"]), tuple(map(str, found["notebooks"])), files)
        except FileNotFoundError:
            raise CourseError(
                f"{folder} has no file {MANIFEST}, so it was not made by `autograder bundle`: write a new folder"
            ) from None
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise CourseError(f"{path} is damaged ({error}): write a new folder with `autograder bundle`") from error

    @classmethod
    def of(cls, folder: Path, repository: str, notebooks: tuple[str, ...]) -> Published:
        """A fresh bundle, before its manifest is in it."""
        paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        files = {path.relative_to(folder).as_posix(): [_digest(path)] for path in paths}
        return cls(repository, notebooks, dict(sorted(files.items())))

    def write(self, folder: Path) -> None:
        about = {"repository": self.repository, "notebooks": self.notebooks, "files": self.files}
        write_whole(folder / MANIFEST, json.dumps(about, indent=1) + "\n")


@dataclass
class Changes:
    """What an update did to the files of a folder; `kept` were changed or made by people, and stay."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def update(folder: Path, before: Published, fresh: Path) -> Changes:
    """Bring a published folder to the state of a fresh bundle, file by file.
    Raises OSError if a file cannot be read or written."""
    wanted = Published.read(fresh)
    changes, known = Changes(), dict(before.files)
    for name in sorted({*before.files, *wanted.files}):
        now, then = _state(folder, name), before.files.get(name, [])
        digest = wanted.files.get(name, [None])[-1]
        if now is not None and now not in (digest, *then):
            changes.kept.append(name)
        elif digest is not None:
            known[name] = list(dict.fromkeys([*then, digest]))
            (changes.unchanged if now == digest else changes.replaced if now else changes.new).append(name)
        elif now:
            changes.removed.append(name)
        if digest is None:
            known.pop(name)
    # What is written is noted first: a broken-off update knows its own files again.
    removed = {name: before.files[name] for name in changes.removed}
    Published(wanted.repository, wanted.notebooks, dict(sorted((known | removed).items()))).write(folder)
    for name in (*changes.new, *changes.replaced):
        source = fresh / name
        write_whole(folder / name, source.read_bytes(), source.stat().st_mode & 0o777)
    for name in changes.removed:
        (folder / name).unlink()
        with suppress(OSError):  # people's own files are in it
            (folder / name).parent.rmdir()
    Published(wanted.repository, wanted.notebooks, dict(sorted(known.items()))).write(folder)
    return changes


def _inside(name: str) -> str:
    """The name itself. Raises ValueError if it leads out of its folder."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name!r} is not in the folder")
    return name


def _state(folder: Path, name: str) -> str | None:
    """The digest of a file in the folder; None if there is nothing, "" for what is no plain file or behind a link."""
    path = folder / name
    inside = [folder.joinpath(*Path(name).parts[:count]) for count in range(1, len(Path(name).parts) + 1)]
    if any(one.is_symlink() for one in inside):
        return ""
    if not path.exists():
        return None if all(one.is_dir() or not one.exists() for one in inside) else ""
    return _digest(path) if path.is_file() else ""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
