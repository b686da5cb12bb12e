"""Text that students chose, for a terminal: a file's name may hold the codes that move its cursor."""

from __future__ import annotations


def printable(text: str, keep: str = "") -> str:
    """The text with all that cannot be seen, or that turns text around, as escapes; `keep`: characters that stay."""
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)
