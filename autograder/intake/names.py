"""What the names of files say: whose they are, whether one is the notebook asked for, or nobody's file at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

# For plain `nbgrader zip_collect`, with what Canvas or Moodle gave in downloaded/<notebook>/archive. The first part of
# a path that fits decides: a student can choose what stands further right.
ZIP_COLLECT_PATTERN = (
    r".*?/[^/]*?_(?:LATE_)?(?P<student_id>[0-9]+)_"
    r"(?:[0-9]+_|assignsubmission_file_?/?(?:[^/]*/)*)"  # Canvas, Moodle
    r"(?P<file_id>[^/]+?)(?: ?\(\d+\)|-\d+)*\.(?:ipynb|zip)$"
)

# What Canvas (-1), browsers ( (1)), Jupyter (-Copy1) and Drive (Copy of) add to a name; Safari's .txt and .json.
_NOTEBOOK = re.compile(
    r"(?:Copy of )?(?P<stem>.+?)(?: ?\(\d+\)|-Copy\d+|-(?P<number>\d+))*\.ipynb(?:\.txt|\.json)?", re.IGNORECASE
)

# What operating systems and Jupyter leave beside files.
_FOLDERS = {"__macosx", ".ipynb_checkpoints"}
_FILES = {".ds_store", ".localized", "icon\r", "thumbs.db", "ehthumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class HandIn:
    """One file that a student handed in.

    `lms_id` is the number that the LMS put into its name, `name` the student's, as it is there, `file` what the
    student called it; `upload` grows from upload to upload (Canvas), or is 0.
    """

    lms_id: str
    name: str
    file: str
    late: bool = False
    upload: int = 0


def notebook_stem(file: str) -> tuple[str, int] | None:
    """The stem of a notebook's name without what was added to it, and the number that Canvas added; None for others."""
    match = _NOTEBOOK.fullmatch(file)
    return (match["stem"], int((match["number"] or "0")[:9])) if match else None


def is_copy_of(file: str, name: str) -> bool:
    """Whether a file's name is that of the notebook `name`, whatever a download or a copy added to it."""
    stem = notebook_stem(file)
    return stem is not None and stem[0].lower() == name.lower()


def same_letters(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same letters, in whatever order first and last name stand."""
    return _letters(one) == _letters(other)


def _letters(name: str) -> list[str]:
    kept = "".join(c for c in unicodedata.normalize("NFC", name) if _is_letter(c))
    return sorted(filter(_is_letter, unicodedata.normalize("NFKC", kept).lower().casefold()))


def _is_letter(character: str) -> bool:
    """Letters and digits: an LMS takes the rest, ¼ and ™ too, out of a file's name."""
    category = unicodedata.category(character)
    return category.startswith("L") or category == "Nd"


def is_noise(path: PurePath) -> bool:
    """Whether a file is none that a person made: macOS's shadows (`._x`), folders' looks, Jupyter's last saved version.

    `path` is relative to what was handed in: the folders above say nothing.
    """
    name = path.name.lower()
    return name in _FILES or name.startswith("._") or any(part.lower() in _FOLDERS for part in path.parts)
