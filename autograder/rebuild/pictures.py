"""Pictures that a student attached to a text cell: checked, given plain names, and carried along."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from urllib.parse import quote

from ..intake.kinds import shown_name

MAX_PICTURES = 10  # of one cell
MAX_PICTURE_BYTES = 2 * 2**20
MAX_NAME = 200  # characters


def carry(source: str, attachments: object, first: int = 1) -> tuple[str, dict[str, dict[str, str]], list[str]]:
    """A text cell's source and attachments as they are carried along, and what is refused, in words.

    Every picture gets the name picture-N.png (jpg, gif, webp), N counted from `first`, and the source refers to it
    so: names of students' files may be alike in two cells, or mean something in Markdown. A reference to what is not
    there would end nbconvert's exporter, which formgrader uses: it becomes words.
    """
    pictures: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}  # as the source may write it -> the plain one
    refused = []
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        if not isinstance(name, str) or len(name) > MAX_NAME:
            refused.append("a picture with a name too long")
            continue
        if len(pictures) == MAX_PICTURES:
            refused.append(f"more than {MAX_PICTURES} pictures in one cell")
            break
        try:
            kind, content = _checked(bundle)
        except ValueError as reason:
            refused.append(f"the picture {shown_name(name)} ({reason})")
            continue
        plain = f"picture-{first + len(pictures)}.{_ENDINGS[kind]}"
        names |= dict.fromkeys((name, quote(name), html.escape(name)), plain)
        pictures[plain] = {kind: content}
    return _with_plain_names(source, names), pictures, refused


def _with_plain_names(source: str, names: Mapping[str, str]) -> str:
    """The source with plain names in its references, and no other reference, not even one in disguise."""
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"

    def refer(found: re.Match) -> str:
        return f"attachment:{names[found[1]]}" if found[1] else "picture left out: "

    named, count = re.subn(rf"attachment:({known})?", refer, source)
    left_out = named.count("picture left out: ") if count else 0
    if html.unescape(named.replace("\\", "")).count("attachment:") > count - left_out:
        named = named.replace("&", "&amp;").replace("\\", "\\\\")
    return named


def _checked(bundle: object) -> tuple[str, str]:
    """The type of a picture by its first bytes, and its content in base64. A ValueError says why it is refused."""
    contents = [value for value in bundle.values() if value] if isinstance(bundle, Mapping) else []
    content = contents[0] if contents else None
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        content = "".join(content)
    if not isinstance(content, str):
        raise ValueError("it holds nothing")
    is_long = len(content) > MAX_PICTURE_BYTES * 3 // 2
    try:
        raw = b"" if is_long else base64.b64decode("".join(content.split()), validate=True)
    except ValueError:
        raise ValueError("it is damaged") from None
    if is_long or len(raw) > MAX_PICTURE_BYTES:
        raise ValueError(f"larger than {MAX_PICTURE_BYTES // 2**20} MB")
    kind = picture_type(raw)
    if not kind:
        raise ValueError("it is no PNG, JPEG, GIF or WebP")
    return kind, base64.b64encode(raw).decode()


_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


def picture_type(raw: bytes) -> str | None:
    """The MIME type of a picture by its first bytes, or None where it is no PNG, JPEG, GIF or WebP."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP" else None
