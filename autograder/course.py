"""Where the course's files are, and its settings."""

from __future__ import annotations

import re
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from traitlets import HasTraits, TraitError
from traitlets.config import Config, Configurable
from traitlets.config.loader import LazyConfigValue, PyFileConfigLoader

CONFIG_NAME = "nbgrader_config.py"
INSTALLED = "autograder.courses"  # the entry points of installed courses
IN_PACKAGE = "course"  # in the package of a course that is installed as a wheel: what grading needs of its folder
SETTINGS = (  # what it may set as c.Course.<name>
    *("exercises", "path", "title", "about", "needs", "licence", "repository", "site", "api"),
    *("preload", "attempt_that_counts"),
)
_NOT_A_COURSES = (str(Path(__file__).parent), *(sysconfig.get_path(one) for one in ("stdlib", "purelib", "platlib")))
REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")  # OWNER/NAME


class CourseError(Exception):
    """Something about the course's own files is wrong; the message says what and what to do."""


def did_you_mean(word: str, known: Iterable[str], nearness: float = 0.7) -> str:
    """The question that ends a sentence about a misspelt word; "" where no known word is near."""
    near = get_close_matches(word, list(known), 1, nearness)
    return f": did you mean {near[0]}?" if near else ""


def where_and_what(error: Exception) -> str:
    """The file and the line of a course in which an error of Python's arose, as far as known, and the error's words."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}"
    frames = reversed(traceback.extract_tb(error.__traceback__))
    theirs = (one for one in frames if not one.filename.startswith(("<", *_NOT_A_COURSES)))
    place = next((f"{one.filename}, line {one.lineno}: " for one in theirs), "")
    return f"{place}{type(error).__name__}: {error}"


def _require_known(config: Config, path: Path) -> None:
    """Raises CourseError if a setting for one of our classes is misspelt or has no fitting value, or a class is nearly
    one of ours. What a setting is for nbgrader's and Jupyter's classes they say themselves."""
    classes = {one.__name__: one for one in _subclasses(Configurable)}
    ours = {name: one for name, one in classes.items() if one.__module__.startswith(f"{__package__}.")}
    for section, settings in config.items():
        known = SETTINGS if section == "Course" else ours[section].class_trait_names() if section in ours else None
        if known is None:
            meant = "" if section in classes else did_you_mean(section, ("Course", *ours), 0.8)
            if meant:
                raise CourseError(f"{path}: there are no settings c.{section}{meant}")
            continue
        for name, value in settings.items():
            if name not in known:
                raise CourseError(f"{path}: there is no setting c.{section}.{name}{did_you_mean(name, known)}")
            if section in ours and not isinstance(value, LazyConfigValue):
                _require_fitting(ours[section], name, value, path)


def _require_fitting(settings: type[HasTraits], name: str, value: object, path: Path) -> None:
    try:
        setattr(settings.__new__(settings), name, value)
    except TraitError as error:
        raise CourseError(f"{path}: c.{settings.__name__}.{name} = {value!r}: {error}") from error


def _subclasses(of: type[HasTraits]) -> Iterator[type[HasTraits]]:
    for one in of.__subclasses__():
        yield one
        yield from _subclasses(one)


@dataclass(frozen=True)
class Course:
    """A course folder: the one that holds nbgrader_config.py."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course around `start`, which is the working directory unless given.

        Raises CourseError if there is none.
        """
        start = (start or Path.cwd()).absolute()
        for folder in (start, *start.parents):
            if (folder / CONFIG_NAME).exists():
                return cls(folder)
        raise CourseError(f"no {CONFIG_NAME} in {start} or above it: run this in the course's folder")

    @classmethod
    def find_or_installed(cls) -> Course:
        """The course around the working directory, else the one that is installed here: a student's file may lie
        anywhere. Raises CourseError if there is neither, or several are installed."""
        try:
            return cls.find()
        except CourseError as error:
            specs = [find_spec(entry.value.partition(".")[0]) for entry in entry_points(group=INSTALLED)]
            packages = {Path(spec.origin).absolute().parent for spec in specs if spec and spec.origin}
            # Installed from its own folder, or with a copy of what it needs of that: see setup.py.
            folders = {folder for package in packages for folder in (package.parent, package / IN_PACKAGE)}
            courses = [folder for folder in folders if (folder / CONFIG_NAME).exists()]
            if len(courses) != 1:
                found = "several are" if courses else "none is"
                raise CourseError(f"{error}, or where one course is installed; here {found}") from None
            return cls(courses[0])

    def config(self) -> Config:
        """nbgrader's configuration of this course, with its root set.
        Raises CourseError if it is no Python, or sets what there is not."""
        try:
            config = PyFileConfigLoader(CONFIG_NAME, path=str(self.root)).load_config()
        except Exception as error:
            raise CourseError(where_and_what(error)) from error
        _require_known(config, self.root / CONFIG_NAME)
        config.CourseDirectory.root = str(self.root)
        return config

    def stubs(self) -> tuple[str, str]:
        """What is in an answer cell that nobody has filled in: as code, and as text."""
        settings = self.config().ClearSolutions
        return settings.code_stub["python"], settings.text_stub

    @property
    def names(self) -> list[str]:
        """The notebooks' names, in order."""
        sources = (self.root / "solutions").glob("*/*.py")
        return sorted(path.stem for path in sources if path.stem == path.parent.name)

    def require(self, name: str) -> str:
        """The name itself, from a name, a folder or a file. Raises CourseError if the course has no such notebook."""
        stem = Path(name).name.removesuffix(".ipynb").removesuffix(".py")
        if stem not in self.names:
            raise CourseError(f"no notebook {name!r}; there are: {', '.join(self.names)}")
        return stem

    def text_source(self, name: str) -> Path:
        return self.root / "solutions" / name / f"{name}.py"

    @property
    def likely_causes(self) -> Path:
        """What the visible checks of each notebook name as causes; beside the helpers, so that no notebook's folder, of
        which nbgrader gives all out, holds it."""
        return self.root / "solutions" / "likely_causes.json"

    def walkthrough(self, name: str) -> Path:
        return self.root / "solutions" / name / f"{name}.ipynb"

    def release(self, name: str) -> Path:
        return self.root / "notebooks" / name / f"{name}.ipynb"

    @property
    def helpers(self) -> Path:
        """What the cell tagged `helpers` of each notebook holds. A course need not have any."""
        return self.root / "solutions" / "helpers.py"

    @property
    def hand_in(self) -> Path:
        """The ending that all notebooks share, a text source too. A course need not have one."""
        return self.root / "solutions" / "hand_in.py"

    def setting(self, name: str) -> str:
        """What nbgrader_config.py sets `c.Course.<name>` to; "" where it sets nothing."""
        return self.config().get("Course", {}).get(name, "")

    @property
    def best_counts(self) -> bool:
        """Whether of several attempts of a student the best counts, not the last. Raises CourseError if the setting is
        neither."""
        counts = self.setting("attempt_that_counts") or "last"
        if counts not in ("last", "best"):
            said = f'write c.Course.attempt_that_counts = "last" or "best", not {counts!r}'
            raise CourseError(f"{self.root / CONFIG_NAME}: {said}")
        return counts == "best"

    @property
    def title(self) -> str:
        """What the course is called, on its site and in its bundle."""
        return self.setting("title") or self.root.name

    @property
    def repository(self) -> str:
        """OWNER/NAME of the public repository: every badge and link follows from it. "" where there is none. Raises
        CourseError if the setting is no such name."""
        named = self.setting("repository")
        if named and not (isinstance(named, str) and REPOSITORY.fullmatch(named)):
            raise CourseError(f'{self.root / CONFIG_NAME}: write c.Course.repository = "OWNER/NAME", not {named!r}')
        return named or ""

    @property
    def notation(self) -> Path:
        """The page on symbols and words. A course need not have one."""
        return self.root / "notebooks" / "NOTATION.md"
