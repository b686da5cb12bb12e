"""A notebook that was handed in inside a zip archive. Nothing is unpacked to disk: no name in it leads anywhere."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from ..sandbox.limits import Limits
from .kinds import Unreadable, why_document
from .names import is_noise

SIGNATURE = b"PK\x03\x04"
MAX_ENTRIES = 10_000  # of files in an archive: each takes a kilobyte of memory before any is looked at
_ENTRY = b"PK\x01\x02"
_OF_A_DOCUMENT = {"[Content_Types].xml", "META-INF/manifest.xml"}  # in every file of Office and of LibreOffice


def notebook_in_archive(content: bytes, limits: Limits) -> bytes:
    """The one notebook in a zip archive.
    Raises Unreadable if the archive is broken or encrypted, unpacks to too much, or holds no notebook or several."""
    if content.count(_ENTRY) > MAX_ENTRIES:
        raise Unreadable(f"The zip archive holds more than {MAX_ENTRIES:,} files: hand in the notebook itself.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entry = _the_notebook(archive)
            _check_size(entry, limits)
            with archive.open(entry) as file:
                # What an archive claims is its own word: so no more is unpacked than it claims.
                return file.read(entry.file_size)
    except Unreadable:
        raise
    except RuntimeError as error:  # zipfile's way to say that a password is needed
        raise Unreadable("The zip archive is encrypted: hand in the notebook itself.") from error
    except Exception as error:  # forged archives break zipfile in many ways; each means the same here
        raise Unreadable("The zip archive is broken: hand in the notebook itself, as .ipynb.") from error


def _the_notebook(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = archive.infolist()
    notebooks = [entry for entry in entries if _is_notebook(PurePosixPath(entry.filename))]
    if not notebooks and any(entry.filename in _OF_A_DOCUMENT for entry in entries):
        raise Unreadable(why_document())
    if not notebooks and any(_is_archive(PurePosixPath(entry.filename)) for entry in entries):
        raise Unreadable("The zip archive holds another archive, which is not opened: hand in the notebook itself.")
    if len(notebooks) != 1:
        raise Unreadable(
            f"The zip archive holds {len(notebooks) or 'no'} notebooks: hand in the one that is asked for."
        )
    return notebooks[0]


def _is_notebook(path: PurePosixPath) -> bool:
    return path.suffix.lower() == ".ipynb" and not is_noise(path) and not path.name.startswith(".")


def _is_archive(path: PurePosixPath) -> bool:
    return path.suffix.lower() == ".zip" and not is_noise(path)


def _check_size(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.file_size > limits.notebook_bytes:
        raise Unreadable(
            f"The notebook in the zip archive has {entry.file_size / 2**20:.0f} MB; at most "
            f"{limits.notebook_bytes / 2**20:.3g} MB are read. Clear all outputs, save, and hand it in again."
        )
    if entry.file_size > limits.archive_ratio * max(entry.compress_size, 1):
        raise Unreadable(
            f"The zip archive unpacks to more than {limits.archive_ratio} times its size: hand in the notebook itself."
        )
