"""What operating systems and Jupyter leave beside files, and nobody handed in."""

from __future__ import annotations

from pathlib import PurePath

_FOLDERS = {"__macosx", ".ipynb_checkpoints"}
_FILES = {".ds_store", ".localized", "icon\r", "thumbs.db", "ehthumbs.db", "desktop.ini"}


def is_noise(path: PurePath) -> bool:
    """Whether a file is none that a person made: macOS's shadows (`._x`), folders' looks, Jupyter's last saved version.

    `path` is relative to what was handed in: the folders above say nothing.
    """
    name = path.name.lower()
    return name in _FILES or name.startswith("._") or any(part.lower() in _FOLDERS for part in path.parts)
