"""Where a course, its submissions and its grades stand: what no submission may see, wherever that is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from traitlets.config import Config

from ..course import Course, CourseError
from .bubblewrap import paths_of_package

_EXCHANGE = "/usr/local/share/nbgrader/exchange"  # nbgrader's default
_FOLDERS = ("source", "release", "submitted", "autograded", "feedback", "solution")


def hidden_paths(config: Config, *more: Path | None) -> list[Path]:
    """The course's root (else the course around the working directory), what stands elsewhere, its package of exercises
    with all that belongs to that, wherever it is, and `more`."""
    course = config.get("CourseDirectory", {})
    paths = [Path(config.get("Exchange", {}).get("root", _EXCHANGE)), *(path for path in more if path)]
    if course.get("root"):
        root = Path(course["root"])
        paths.append(root)
    else:
        root = Path.cwd()
        with suppress(CourseError):  # there may be none
            paths.append(Course.find(root).root)
    paths += [root / course[f"{name}_directory"] for name in _FOLDERS if course.get(f"{name}_directory")]
    url = course.get("db_url", "")
    if isinstance(url, str) and url.startswith("sqlite:///"):
        paths.append(root / url.removeprefix("sqlite:///"))
    paths += _paths_of_exercises(config)
    return [path.absolute() for path in paths if path != Path()]


def _paths_of_exercises(config: Config) -> list[Path]:
    settings = config.get("Course", {})
    package = settings.get("exercises", "").partition(".")[0]
    folder = [Path(settings["path"])] if settings.get("path") else []
    # The package by itself too: its folder may be one that the sandbox has to show.
    paths = [*folder, *(place / name for place in folder for name in (package, f"{package}.py"))]
    return paths + paths_of_package(package) if package else paths
