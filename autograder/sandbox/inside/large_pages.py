"""Put the memory of a process that is forked often into large pages: a fork copies one entry a page."""

from __future__ import annotations

import ctypes
from pathlib import Path

_libc = ctypes.CDLL(None)
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_COLLAPSE = 25  # MADV_COLLAPSE, Linux 6.1: see madvise(2)
_LARGE = 2**21


def use_large_pages() -> None:
    """Collapse what memory of this process allows it. Where the system does not know how, nothing changes."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, rights, _, _, file, *_ = line.split()
        start, end = (int(address, 16) for address in addresses.split("-"))
        start, end = -(-start // _LARGE) * _LARGE, end // _LARGE * _LARGE
        if rights == "rw-p" and file == "0" and start < end:
            _libc.madvise(start, end - start, _COLLAPSE)
