"""Where a course, its submissions and its grades stand: what no submission may see, wherever that is."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from ..course import CONFIG_NAME

_EXCHANGE = "/usr/local/share/nbgrader/exchange"  # nbgrader's default
_FOLDERS = ("source", "release", "submitted", "autograded", "feedback", "solution")


def hidden_paths(config: Config, *more: Path | None) -> list[Path]:
    """The course's root (else the course around the working directory), what stands elsewhere, and `more`."""
    course = config.get("CourseDirectory", {})
    paths = [Path(config.get("Exchange", {}).get("root", _EXCHANGE)), *(path for path in more if path)]
    if course.get("root"):
        root = Path(course["root"])
        paths.append(root)
    else:
        root = Path.cwd()
        paths += [folder for folder in (root, *root.parents) if (folder / CONFIG_NAME).exists()][:1]
    paths += [root / course[f"{name}_directory"] for name in _FOLDERS if course.get(f"{name}_directory")]
    url = course.get("db_url", "")
    if isinstance(url, str) and url.startswith("sqlite:///"):
        paths.append(root / url.removeprefix("sqlite:///"))
    return [path.absolute() for path in paths if path != Path()]
