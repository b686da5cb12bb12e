"""Why a file cannot be graded: what it is that is no notebook, by its first bytes or its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

HEAD_BYTES = 2**16
_INSTEAD = "Hand in the notebook itself: in Colab, File > Download > Download .ipynb; in Jupyter, File > Download."


class Unreadable(Exception):
    """A submission that cannot be graded; the message says to the student what is wrong and what to do."""


@dataclass(frozen=True)
class _Kind:
    is_a: str
    instead: str = _INSTEAD
    suffixes: tuple[str, ...] = ()
    signatures: tuple[bytes, ...] = ()


_WEB_PAGE = _Kind("a web page (HTML)", suffixes=(".html", ".htm", ".mht", ".mhtml"))
_GITHUB = _Kind(
    "GitHub's web page about the notebook",
    'On GitHub, press Raw or "Download raw file" above the notebook, and hand in the file that you get.',
)
_LINK = _Kind(
    "a link to the notebook",
    f"Open it first. {_INSTEAD}",
    (".gdoc", ".gcolab", ".url", ".webloc", ".lnk", ".desktop"),
    (b"[InternetShortcut]", b"[Desktop Entry]", b"L\0\0\0\x01\x14\x02\0"),
)
DOCUMENT = _Kind(
    "a text document (Word or the like)",
    suffixes=(".docx", ".doc", ".odt", ".rtf", ".pages"),
    signatures=(b"\xd0\xcf\x11\xe0", b"{\\rtf"),
)
_KINDS = (
    _WEB_PAGE,
    _LINK,
    _Kind("a PDF", suffixes=(".pdf",), signatures=(b"%PDF",)),
    _Kind("a Python script", suffixes=(".py",)),
    DOCUMENT,
    _Kind(
        "a picture",
        suffixes=(".png", ".jpg", ".jpeg", ".gif", ".heic", ".webp", ".svg"),
        signatures=(b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    ),
    _Kind(
        "an archive of a kind that is not opened here",
        "Hand in the notebook itself, as .ipynb, or in a zip archive.",
        (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"),
        (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
    ),
    _Kind("a text file", suffixes=(".txt", ".md")),
)


def why_no_notebook(head: bytes, name: str, subject: str = "") -> str | None:
    """A sentence on what a file is that is no notebook, and on what to hand in instead; None if that is not known.

    Parameters
    ----------
    head : the file's first HEAD_BYTES bytes; what they say counts more than the name.
    subject : what the sentence begins with; the name, if nothing is given.
    """
    kind = _by_content(head) or _by_name(name)
    return _sentence(kind, subject or shown_name(name)) if kind else None


def why_document() -> str:
    """The sentence for a document of Word and its like, which is a zip archive too."""
    return _sentence(DOCUMENT, "The file")


def shown_name(name: str) -> str:
    """A file's name as a sentence may hold it: short, without control characters and halves of characters."""
    plain = "".join(character if character.isprintable() else "?" for character in name)
    return plain if len(plain) <= 60 else f"{plain[:40]}...{plain[-17:]}"


def _sentence(kind: _Kind, subject: str) -> str:
    return f"{subject} is {kind.is_a}, not the notebook. {kind.instead}"


def _by_content(head: bytes) -> _Kind | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    low = start.lower()
    if low.startswith(b"<"):
        if b"<plist" in low[:500]:
            return _LINK
        if b"<html" in low[:2000] or b"<!doctype html" in low[:2000]:
            return _GITHUB if b"githubassets.com" in low or b"<title>github" in low else _WEB_PAGE
    if start.startswith(b"{") and b'"doc_id"' in head[:2000]:  # how Google Drive keeps a link on a computer
        return _LINK
    return next((kind for kind in _KINDS if start.startswith(kind.signatures)), None) if start else None


def _by_name(name: str) -> _Kind | None:
    suffix = "" if ".ipynb" in name.lower() else PurePosixPath(name).suffix.lower()
    return next((kind for kind in _KINDS if suffix and suffix in kind.suffixes), None)
