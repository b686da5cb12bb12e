"""Puts the students' repository together in a folder beside, has it checked there, then moves it to its place."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ..build import is_current, read_source
from ..course import REPOSITORY, Course, CourseError
from ..exercise.catalogue import catalogue_of
from ..files import is_in_use, new_folder
from ..links import badge_line, helpers_line, notation_line, without_the_way_to_the_course
from .fingerprints import Secrets
from .leaks import find_leaks
from .published import Changes, Published, update
from .readme import environment_file, licence_files, readme
from .requirements import student_requirements

AS_THEY_ARE = ("notebooks/NOTATION.md", "binder/start")  # what a course may have beside its notebooks
MAX_LISTED = 20  # leaks in one message


@dataclass(frozen=True)
class Bundle:
    """What was written: the folder, the repository that its links lead to ("" if none), notebooks and files.

    `changes` is None but for an update of a folder that was there.
    """

    folder: Path
    repository: str
    notebooks: int
    files: int
    changes: Changes | None = None


def write_bundle(
    course: Course, folder: Path, repository: str | None = None, names: Collection[str] | None = None
) -> Bundle:
    """Write the repository for students into a new or empty folder.

    Badges and links lead to `repository`, OWNER/NAME; None: the course's own, if any. `names` are the notebooks to give
    out, all unless given. Raises CourseError if the folder is in use, a notebook is not built, a file of the course is
    missing, or anything of the solutions, hidden tests, rubrics or reference would leave; nothing is written then.
    """
    folder, repository = folder.absolute(), repository or course.repository
    _require_name(repository)
    _require_usable(folder)
    given_out = tuple(name for name in course.names if names is None or name in names)
    try:
        with new_folder(folder) as fresh:
            files = _fill(course, fresh, repository, given_out)
    except OSError as error:
        raise CourseError(f"the bundle cannot be written: {error}") from error
    return Bundle(folder, repository, len(given_out), files)


def update_bundle(course: Course, folder: Path, repository: str | None = None, names: Collection[str] = ()) -> Bundle:
    """Bring a published bundle up to date; files that people changed or made themselves stay as they are.

    Its repository and notebooks stay too, unless another `repository` is given; `names` are notebooks to add.
    Raises CourseError as `write_bundle` does, or if the folder is no bundle. Up to the last check nothing is written.
    """
    folder = folder.absolute()
    before = Published.read(folder)
    repository = repository or before.repository
    _require_name(repository)
    given_out = tuple(name for name in course.names if name in (*before.notebooks, *names))
    try:
        with tempfile.TemporaryDirectory(prefix="autograder-") as beside:
            fresh = Path(beside) / "fresh"
            files = _fill(course, fresh, repository, given_out)
            changes = update(folder, before, fresh)
    except OSError as error:
        raise CourseError(f"the bundle cannot be written: {error}; update again to go on") from error
    return Bundle(folder, repository, len(given_out), files, changes)


def _fill(course: Course, fresh: Path, repository: str, names: tuple[str, ...]) -> int:
    """Put the bundle into a folder that is not there yet, and look through it. Returns the number of files.
    Raises CourseError if a notebook is not built, or if anything would leave that must not."""
    _require_built(course, names)
    _assemble(course, fresh, repository, names)
    Published.of(fresh, repository, names).write(fresh)
    leaks = find_leaks(course, fresh, Secrets.of(course), repository, names)
    if leaks:
        raise CourseError(_refusal(leaks))
    return sum(path.is_file() for path in fresh.rglob("*"))


def _require_name(repository: str) -> None:
    if repository and not REPOSITORY.fullmatch(repository):
        raise CourseError(f"--repository {repository!r}: write OWNER/NAME, as in the address of a GitHub repository")


def _require_usable(folder: Path) -> None:
    if not folder.parent.is_dir():
        raise CourseError(f"there is no folder {folder.parent} to write {folder.name} into: make it first")
    if is_in_use(folder):
        raise CourseError(f"{folder} is in use: give the name of a new folder, or of an empty one; or --update it")
    if folder == Path.cwd():
        raise CourseError(f"{folder} is the working folder: go one up, and give its name")


def _require_built(course: Course, names: Iterable[str]) -> None:
    """These student versions were made from their sources as they stand."""
    for name in names:
        source = read_source(course, name)
        if not is_current(course, name, source) or _digest(course, name) != source.metadata["source_digest"]:
            raise CourseError(f"{course.release(name)} was not made from its source as it stands: run autograder build")


def _digest(course: Course, name: str) -> str | None:
    return nbformat.read(course.release(name), as_version=4).metadata.get("source_digest")


def _assemble(course: Course, fresh: Path, repository: str, names: tuple[str, ...]) -> None:
    """Write all files. What they may hold is not decided here: see `leaks`."""
    for name in names:
        notebook = nbformat.read(course.release(name), as_version=4)
        path = fresh / "notebooks" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(_readdressed(course, name, notebook, repository)) + "\n", encoding="utf-8")
    places = [fresh]
    if (course.root / "binder").exists():  # Binder reads this folder alone then; conda and pip read the top
        places.append(fresh / "binder")
        places[-1].mkdir()
    for relative in AS_THEY_ARE:
        if (course.root / relative).exists():
            shutil.copy(course.root / relative, fresh / relative)
    for name in licence_files(course):
        shutil.copy(course.root / name, fresh / name)
    if (course.root / "binder" / "jupyter").exists():  # what JupyterLab shows on Binder
        shutil.copytree(course.root / "binder" / "jupyter", fresh / "binder" / "jupyter", symlinks=True)
    packages, environment = catalogue_of(course.config()).packages, course.root / "environment.yml"
    pins = student_requirements(packages, course.root / "requirements.txt")
    for place in places:
        (place / "requirements.txt").write_text(pins, encoding="utf-8")
        if environment.exists():
            text = environment_file(environment.read_text(encoding="utf-8"))
            (place / "environment.yml").write_text(text, encoding="utf-8")
    (fresh / "README.md").write_text(readme(course, repository, names), encoding="utf-8")


def _readdressed(course: Course, name: str, notebook: NotebookNode, repository: str) -> NotebookNode:
    """The notebook with its links to the students' repository, and without those to the course, where solutions are."""
    ours = course.repository
    if not ours:
        return notebook
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in (lambda of: badge_line(of, name), notation_line):
                cell.source = cell.source.replace(line(ours), line(repository))
            cell.source = without_the_way_to_the_course(cell.source, ours)
        else:
            cell.source = cell.source.replace(helpers_line(ours), "")
    return notebook


def _refusal(leaks: list[str]) -> str:
    more = [f"and {len(leaks) - MAX_LISTED} more"] if len(leaks) > MAX_LISTED else []
    return "\n  ".join(["nothing was written: this is not for students:", *leaks[:MAX_LISTED], *more])
