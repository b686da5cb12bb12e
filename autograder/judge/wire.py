"""The archives that go to and from other processes: npz, never pickle, capped in size, a JSON header among arrays.

What comes from a student's process is its word: it is checked to the last number before anyone looks at it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

MAX_BYTES = 16 * 2**20
_MAX_ARRAYS = 1024


class Malformed(Exception):
    """The response does not fit the format; the message says how."""


def pack_archive(header: dict, arrays: Mapping[str, np.ndarray]) -> bytes:
    """An archive of a header and arrays by name."""
    buffer = io.BytesIO()
    members: dict[str, Any] = {"header": np.frombuffer(json.dumps(header).encode(), np.uint8), **arrays}
    np.savez(buffer, **members)
    return buffer.getvalue()


class Arrays:
    """The arrays of an archive by name. A header may name the same one many times: each is converted once."""

    def __init__(self, arrays: Mapping[str, np.ndarray], max_numbers: int):
        self._arrays, self._max_numbers = arrays, max_numbers
        self._converted: dict[str, np.ndarray] = {}

    def raw(self, index: Any) -> np.ndarray:
        """An array of numbers as it came.

        Raises Malformed if there is none of that name, or it does not hold numbers.
        """
        name = str(index)[:20]
        if name not in self._arrays:
            raise Malformed("it names an array that it does not hold")
        if self._arrays[name].dtype.kind not in "biuf":
            raise Malformed("an array does not hold numbers")
        return self._arrays[name]

    def numbers(self, index: Any) -> np.ndarray | None:
        """An array as float64; None for None. Raises Malformed as `raw` does, and where there are too many numbers."""
        if index is None:
            return None
        raw, name = self.raw(index), str(index)
        if name not in self._converted:
            if raw.size + sum(array.size for array in self._converted.values()) > self._max_numbers:
                raise Malformed(f"it holds more than {self._max_numbers} numbers")
            with np.errstate(over="ignore"):
                self._converted[name] = raw.astype(np.float64)
        return self._converted[name]


def read_archive(archive_bytes: bytes, max_bytes: int) -> tuple[dict, Arrays]:
    """The header of an archive and its arrays.
    Raises Malformed if it is no archive of plain arrays with a header, or larger than it may be."""
    if len(archive_bytes) > max_bytes:
        raise Malformed(f"it has {len(archive_bytes)} bytes, and at most {max_bytes} are read")
    try:
        with zipfile.ZipFile(io.BytesIO(archive_bytes)) as archive:
            entries = archive.infolist()
            # np.savez stores without compression: a compressed member is not ours, and could unpack to any size.
            if len(entries) > _MAX_ARRAYS or any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise Malformed("its archive is not of the expected form")
            if sum(entry.file_size for entry in entries) > max_bytes:
                raise Malformed("its archive claims more bytes than it has")
        with np.load(io.BytesIO(archive_bytes), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        header = json.loads(arrays.pop("header").tobytes())
    except Malformed:
        raise
    except Exception as error:  # np.load and json raise many kinds on forged bytes; each means the same here
        raise Malformed(f"it is not a readable archive ({type(error).__name__})") from error
    if not isinstance(header, dict):
        raise Malformed("its header is not of the expected form")
    return header, Arrays(arrays, max_bytes // 8)  # each is kept as float64


def text_of(value: Any, longest: int = 400) -> str:
    """A text of the student's interpreter, cut. Raises Malformed if it is none."""
    if not isinstance(value, str):
        raise Malformed("a text is not of the expected form")
    return value[:longest].encode("utf-8", "replace").decode()  # a lone surrogate would stop whoever writes this down


def place_of(number: Any) -> int:
    """A side of a shape, or a place in a list. Unread numbers may have thousands of digits.
    Raises Malformed if it is no such number."""
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**31:
        raise Malformed("a shape or a place is not of the expected form")
    return number
