"""Where the course's files are, and its settings."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG_NAME = "nbgrader_config.py"
REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")  # OWNER/NAME


class CourseError(Exception):
    """Something about the course's own files is wrong; the message says what and what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder: the one that holds nbgrader_config.py."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course around `start` (the working directory), else the one that this package stands in.

        Raises
        ------
        CourseError : if neither is a course.
        """
        start = (start or Path.cwd()).absolute()
        for folder in (start, *start.parents, Path(__file__).absolute().parent.parent):
            if (folder / CONFIG_NAME).exists():
                return cls(folder)
        raise CourseError(f"no {CONFIG_NAME} in {start} or above it: run this in the course's folder")

    def config(self) -> Config:
        """nbgrader's configuration of this course, with its root set."""
        config = PyFileConfigLoader(CONFIG_NAME, path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        return config

    def stubs(self) -> tuple[str, str]:
        """What stands in an answer cell that nobody has filled in: as code, and as text."""
        settings = self.config().ClearSolutions
        return settings.code_stub["python"], settings.text_stub

    @property
    def names(self) -> list[str]:
        """The notebooks' names, in order."""
        return sorted(path.parent.name for path in (self.root / "solutions").glob("*/*.py") if _is_pair(path))

    def require(self, name: str) -> str:
        """The name itself, from a name, a folder or a file.

        Raises
        ------
        CourseError : if the course has no such notebook.
        """
        stem = Path(name).name.removesuffix(".ipynb").removesuffix(".py")
        if stem not in self.names:
            raise CourseError(f"no notebook {name!r}; there are: {', '.join(self.names)}")
        return stem

    def text_source(self, name: str) -> Path:
        return self.root / "solutions" / name / f"{name}.py"

    def walkthrough(self, name: str) -> Path:
        return self.root / "solutions" / name / f"{name}.ipynb"

    def release(self, name: str) -> Path:
        return self.root / "notebooks" / name / f"{name}.ipynb"

    @property
    def helpers(self) -> Path:
        return self.root / "solutions" / "helpers.py"

    @property
    def hand_in(self) -> Path:
        """The ending that all notebooks share, a text source too."""
        return self.root / "solutions" / "hand_in.py"

    @property
    def repository(self) -> str:
        """OWNER/NAME of the public repository: every badge and link follows from it.

        Raises
        ------
        CourseError : if pyproject.toml does not name one.
        """
        path = self.root / "pyproject.toml"
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CourseError(f"{path} cannot be read: {error}") from error
        named = settings.get("tool", {}).get("autograder", {}).get("repository")
        if not isinstance(named, str) or not REPOSITORY.fullmatch(named):
            raise CourseError(f'{path}: under [tool.autograder] write repository = "OWNER/NAME", not {named!r}')
        return named


def _is_pair(path: Path) -> bool:
    return path.stem == path.parent.name
