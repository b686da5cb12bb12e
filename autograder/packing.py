"""The helpers of a notebook as one word: their cell is short where nothing folds it, as on GitHub or in VS Code."""

from __future__ import annotations

import base64
import bz2
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_PACKED = re.compile(r'"([A-Za-z0-9+/]{64,}={0,2})"')


@dataclass(frozen=True)
class Packed:
    """A word that `pack` made, and what is in it."""

    word: str
    helpers: str
    causes: dict[str, str]


def pack(helpers: str, causes: dict[str, str]) -> str:
    """One word with the helpers' source and the known causes, by the fingerprint of the failure."""
    # bz2, because what zlib writes differs between its implementations; a build gives the same everywhere.
    text = json.dumps([helpers, causes], ensure_ascii=False)
    return base64.b64encode(bz2.compress(text.encode())).decode()


def packed_in(source: str) -> Iterator[Packed]:
    """What is packed in the source of a cell. A long word that `pack` did not make is passed over."""
    for word in _PACKED.findall(source):
        try:
            helpers, causes = json.loads(bz2.decompress(base64.b64decode(word)))
        except (ValueError, OSError, TypeError):
            continue
        if isinstance(helpers, str) and isinstance(causes, dict):
            yield Packed(word, helpers, causes)
