"""Puts the students' repository together in a folder beside, has it checked there, then moves it to its place."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ..build import is_current, read_source
from ..course import REPOSITORY, Course, CourseError
from ..links import badge_line, course_page, notation_line
from .fingerprints import Secrets
from .leaks import find_leaks
from .readme import environment_file, readme
from .requirements import student_requirements

LICENCES = ("LICENSE", "LICENSE-CC-BY-4.0")
MAX_LISTED = 20  # leaks in one message


@dataclass(frozen=True)
class Bundle:
    """What was written: the folder, the repository that its links lead to, notebooks and files."""

    folder: Path
    repository: str
    notebooks: int
    files: int


def write_bundle(course: Course, folder: Path, repository: str | None = None) -> Bundle:
    """Write the repository for students into a new or empty folder.

    Parameters
    ----------
    course : the course whose student versions are given out.
    folder : where to; it must not exist or be empty.
    repository : OWNER/NAME under which it will be published, for badges and links; None: the course's own.

    Raises
    ------
    CourseError : if the folder is in use, a notebook is not built, a file of the course is missing, or anything of
        the solutions, hidden tests, rubrics or reference would leave; nothing is written then.
    """
    folder, repository = folder.absolute(), repository or course.repository
    _require_usable(folder, repository)
    _require_built(course)
    # mkdtemp's own folder is closed to others; what is moved out of it has the usual rights.
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        fresh = beside / "bundle"
        _assemble(course, fresh, repository)
        leaks = find_leaks(course, fresh, Secrets.of(course), repository)
        if leaks:
            raise CourseError(_refusal(leaks))
        files = sum(path.is_file() for path in fresh.rglob("*"))
        if folder.exists():
            folder.rmdir()
        fresh.rename(folder)
    except OSError as error:
        raise CourseError(f"the bundle cannot be written: {error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Bundle(folder, repository, len(course.names), files)


def _require_usable(folder: Path, repository: str) -> None:
    if not REPOSITORY.fullmatch(repository):
        raise CourseError(f"--repository {repository!r}: write OWNER/NAME, as in the address of a GitHub repository")
    if not folder.parent.is_dir():
        raise CourseError(f"there is no folder {folder.parent} to write {folder.name} into: make it first")
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise CourseError(f"{folder} is in use: give the name of a new folder, or of an empty one")
    if folder == Path.cwd():
        raise CourseError(f"{folder} is the working folder: go one up, and give its name")


def _require_built(course: Course) -> None:
    """Every student version was made from its source as it stands."""
    for name in course.names:
        source = read_source(course, name)
        if not is_current(course, name, source) or _digest(course, name) != source.metadata["source_digest"]:
            raise CourseError(f"{course.release(name)} was not made from its source as it stands: run autograder build")


def _digest(course: Course, name: str) -> str | None:
    return nbformat.read(course.release(name), as_version=4).metadata.get("source_digest")


def _assemble(course: Course, fresh: Path, repository: str) -> None:
    """Write all files. What they may hold is not decided here: see `leaks`."""
    for name in course.names:
        notebook = nbformat.read(course.release(name), as_version=4)
        path = fresh / "notebooks" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(_readdressed(course, name, notebook, repository)) + "\n", encoding="utf-8")
    (fresh / "binder").mkdir()
    for relative in ("notebooks/NOTATION.md", "binder/start", *LICENCES):
        shutil.copy(course.root / relative, fresh / relative)
    if (course.root / "binder" / "jupyter").exists():  # what JupyterLab shows on Binder
        shutil.copytree(course.root / "binder" / "jupyter", fresh / "binder" / "jupyter", symlinks=True)
    pins = student_requirements((course.root / "requirements.txt").read_text(encoding="utf-8"))
    environment = environment_file((course.root / "environment.yml").read_text(encoding="utf-8"))
    for place in (fresh, fresh / "binder"):  # Binder reads its folder alone, conda and pip read the top
        (place / "requirements.txt").write_text(pins, encoding="utf-8")
        (place / "environment.yml").write_text(environment, encoding="utf-8")
    (fresh / "README.md").write_text(readme(course, repository), encoding="utf-8")


def _readdressed(course: Course, name: str, notebook: NotebookNode, repository: str) -> NotebookNode:
    """The notebook with its links to the students' repository, and without those to the course, where solutions are."""
    ours, to_course = course.repository, f"]({course_page(course.repository)})"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in (lambda of: badge_line(of, name), notation_line):
                cell.source = cell.source.replace(line(ours), line(repository))
            kept = [part for part in cell.source.split("\n\n") if to_course not in part]
            cell.source = "\n\n".join(kept)
    return notebook


def _refusal(leaks: list[str]) -> str:
    lines = leaks[:MAX_LISTED]
    if len(leaks) > MAX_LISTED:
        lines.append(f"and {len(leaks) - MAX_LISTED} more")
    return "\n  ".join(["nothing was written: this is not for students:", *lines])
