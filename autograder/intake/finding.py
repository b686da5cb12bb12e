"""Find who handed in, and the notebook in it: by its name, else by its cells, whatever the file is called."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from ..course import Course, CourseError
from ..sandbox.limits import Limits
from .kinds import HEAD_BYTES, Unreadable, shown_name, why_no_notebook
from .names import is_noise, notebook_stem
from .reading import notebook_text, read_submission

MAX_DEPTH = 3  # of folders in the folder
MAX_FILES = 500  # that are looked at
MAX_LOOKED_INTO = 20  # notebooks and archives whose cells are looked for


def find_students(course: Course, name: str, submitted: Path | None = None) -> dict[str, Path]:
    """The submissions of a notebook by student: the folders SUBMITTED/<student>/<notebook>, nbgrader's own layout.
    Raises CourseError if there is no such folder, it cannot be read, or nobody handed this notebook in."""
    top = submitted or course.root / "submitted"
    if not top.is_dir():
        raise CourseError(f"no folder {top}: submissions belong in {top.name}/<student>/{name}/{name}.ipynb")
    try:
        folders = sorted(top.iterdir())
    except OSError as error:
        raise CourseError(f"the folder {top} cannot be read: {error.strerror}") from error
    students = {_as_text(folder.name): folder / name for folder in folders if _may_hold(folder, name)}
    if not students:
        raise CourseError(f"no submission of {name} in {top}: each belongs in {top.name}/<student>/{name}/{name}.ipynb")
    return students


def only_named(students: dict[str, Path], names: Collection[str]) -> dict[str, Path]:
    """Those of the students who are named; without names, all.
    Raises CourseError if one that is named has handed nothing in."""
    unknown = [name for name in names if name not in students]
    if unknown:
        alike = get_close_matches(unknown[0], students)
        hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
        raise CourseError(f"no submission of {', '.join(unknown)}: --student takes the folder's name{hint}")
    return {student: folder for student, folder in students.items() if not names or student in names}


def _may_hold(folder: Path, name: str) -> bool:
    """Whether a student's folder holds this notebook's; one that cannot be read may, and is refused for that."""
    try:
        return (folder / name).is_dir()
    except OSError:
        return True


def _as_text(name: str) -> str:
    """A file's name as text; bytes that are no text are shown as \\x.., and such a submission is refused."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def find_submission(
    folder: Path, name: str, holds_it: Callable[[str], bool | None], limits: Limits | None = None
) -> Path:
    """The notebook `name` in a student's folder.

    It is the file of that name; else the one file with its cells, also in a folder within or in a zip archive; else the
    one whose name has that name in it, so that reading it says what is wrong. No name makes another notebook this one.

    Parameters
    ----------
    folder : nbgrader's, SUBMITTED/<student>/<notebook>.
    holds_it : says whether a text is the JSON of this notebook; None where nothing tells.
    Raises Unreadable if the folder holds no such file or several, cannot be read, or has a name that nothing can
    work with.
    """
    _check_names(folder)
    try:
        if folder.is_symlink() or folder.parent.is_symlink():
            raise Unreadable("The student's folder is a link: hand in the notebook itself.")
        exact = folder / f"{name}.ipynb"
        if exact.is_symlink():
            raise Unreadable(f"{exact.name} is a link, not a file: hand in the notebook itself.")
        limits = limits or Limits()
        if exact.is_file() and holds_it(_text(exact, limits)) is not False:
            return exact
        return _choose(_Files(folder, name, list(_files(folder)), limits), holds_it)
    except OSError as error:
        raise Unreadable(f"The student's folder cannot be read: {error.strerror}.") from error


def place_note(folder: Path, path: Path) -> tuple[str, ...]:
    """A note for the teacher where a notebook did not lie in the folder itself."""
    inside = path.parent.relative_to(folder)
    return () if inside == Path() else (f"The notebook lay in a folder of its own, {shown_name(str(inside))}.",)


def _check_names(folder: Path) -> None:
    student = folder.parent.name
    if set("*?[]") & set(student):
        raise Unreadable("The student's folder has one of * ? [ ] in its name, which nbgrader takes for a pattern.")
    try:
        student.encode()
    except UnicodeEncodeError:
        raise Unreadable("The student's folder has a name that is not text (UTF-8): rename it.") from None


def _files(folder: Path) -> Iterator[Path]:
    """The plain files that a person may have put there, those in folders within too. No link is followed."""
    waiting, seen = [folder], 0
    while waiting:
        here = waiting.pop(0)
        for path in sorted(here.iterdir()):
            seen += 1
            inside = path.relative_to(folder)
            if seen > MAX_FILES:
                return
            if path.is_symlink() or is_noise(inside) or str(inside) == "timestamp.txt":
                continue
            if path.is_dir() and len(inside.parts) <= MAX_DEPTH:
                waiting.append(path)
            elif path.is_file():
                yield path


def _text(path: Path, limits: Limits) -> str:
    """The JSON of a file; "" where it cannot be read."""
    try:
        return notebook_text(path, limits)
    except (Unreadable, OSError):
        return ""


class _Files:
    """The files of a folder, by what they may be."""

    def __init__(self, folder: Path, name: str, files: list[Path], limits: Limits):
        self.folder, self.name, self.all, self.limits = folder, name, files, limits
        self.notebooks = [path for path in files if notebook_stem(path.name)]
        self.archives = [path for path in files if path.suffix.lower() == ".zip"]
        # Drive leaves the ending out, browsers put another one.
        others = [path for path in files if path not in (*self.notebooks, *self.archives)]
        self.others = [path for path in others if _head(path).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")]

    def listed(self, paths: list[Path]) -> str:
        shown = [shown_name(str(path.relative_to(self.folder))) for path in paths]
        return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def _choose(files: _Files, holds_it: Callable[[str], bool | None]) -> Path:
    wanted = f"{files.name}.ipynb"
    candidates = [*files.notebooks, *files.archives]
    if len(candidates) > MAX_LOOKED_INTO:
        raise Unreadable(f"The folder holds {len(candidates)} notebooks and archives. Hand in {wanted} alone.")
    others = []  # of which the cells say that they are another notebook
    for by_cells, group in (
        (True, files.notebooks),
        (True, files.archives),
        (True, files.others[:MAX_LOOKED_INTO]),
        (False, files.notebooks),
        (False, files.archives),
    ):
        different: dict[bytes | Path, Path] = {}  # the same one handed in twice is one
        for path in group:
            text = _text(path, files.limits)
            holds = holds_it(text)
            if holds is False and by_cells:
                others.append(path)
            if holds if by_cells else holds is None and files.name.lower() in path.name.lower():
                different.setdefault(hashlib.sha256(text.encode("utf-8", "replace")).digest() if text else path, path)
        if len(different) > 1:
            several = files.listed([*different.values()])
            raise Unreadable(f"Several files may be {wanted}: {several}. Hand in the one that is to be graded, alone.")
        if different:
            return next(iter(different.values()))
    raise Unreadable(_why_not_there(files, candidates, others))


def _why_not_there(files: _Files, candidates: list[Path], others: list[Path]) -> str:
    """What the folder holds instead of the notebook, and what to hand in; `others` are other notebooks."""
    wanted = f"{files.name}.ipynb"
    if others:
        have = "has the cells of another notebook" if len(others) == 1 else "have the cells of other notebooks"
        return f"{files.listed(others)} {have}, not those of {files.name}. Hand in that one."
    if len(candidates) == 1:
        try:
            read_submission(candidates[0], files.limits)
        except Unreadable as reason:
            return f"{files.listed(candidates)}: {reason}"
        except OSError as error:
            return f"{files.listed(candidates)} cannot be read: {error.strerror}."
    if candidates:
        has = "has none" if len(candidates) == 1 else "have none"
        return f"{files.listed(candidates)} {has} of the graded cells of {files.name}. Hand in {wanted} itself."
    for path in files.all:
        if sentence := why_no_notebook(_head(path), path.name):
            return sentence
    if files.all:
        return f"{wanted} was not handed in; found: {files.listed(files.all)}. Hand in the notebook itself."
    return _why_nothing(files.folder, wanted)


def _why_nothing(folder: Path, wanted: str) -> str:
    exact = folder / wanted
    if exact.is_dir():
        return f"{wanted} is a folder without a notebook in it: the notebook itself was not handed in."
    if exact.exists():
        return f"{wanted} is not a plain file: hand in the notebook itself."
    if (folder / ".ipynb_checkpoints").is_dir():
        return (
            "The folder holds nothing but .ipynb_checkpoints, where Jupyter keeps an older state of a notebook. "
            f"Hand in {wanted} itself."
        )
    if any(path.is_symlink() for path in folder.iterdir()):
        return f"The folder holds a link, not a file: hand in {wanted} itself."
    return f"The folder is empty: {wanted} was not handed in."


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""
