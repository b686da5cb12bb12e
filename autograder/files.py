"""A file written whole or not at all."""

from __future__ import annotations

import errno
import secrets
from contextlib import suppress
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}


def disk_is_full(error: BaseException | None) -> bool:
    """Whether an error, or the one that it follows from, says that there is no room left: SQLite says it in words."""
    while error is not None:
        if getattr(error, "errno", None) in _FULL or "database or disk is full" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def write_whole(path: Path, content: str | bytes) -> None:
    """Write to a file beside it, which then takes its place; another writer has a file of its own.

    Parameters
    ----------
    path : the file; its folder is made where it is missing.
    content : text is written as UTF-8, with lines that end as they do in it.

    Raises
    ------
    OSError : if it cannot be written; the file is as it was then.
    UnicodeEncodeError : if the text holds half of a surrogate pair; the file is as it was then.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
