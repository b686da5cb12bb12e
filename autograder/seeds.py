"""Seeds of the questions' inputs: one for a class, which is secret, and from it one for each submission.

Who knows the seed of a submission can print its questions at home. So each student gets other inputs, and each attempt
too: nothing that a submission learns of its own questions helps the next one, or another student.
"""

from __future__ import annotations

import hashlib
import secrets

BITS = 63  # too many to try them all, and as many as SQLite's whole numbers hold
LARGEST = 2**BITS - 1


def draw_seed() -> int:
    """A seed that nobody can guess, from 0 to LARGEST."""
    return secrets.randbits(BITS)


def seed_of_submission(class_seed: int, student: str, notebook: str, content: bytes) -> int:
    """The seed of one submission: the same for the same bytes of the same student, and unlike every other.

    It is a hash with the class's seed as its key, so it tells nothing of the class's seed, nor of anybody else's.
    `content` holds the bytes that were handed in.
    """
    digest = hashlib.blake2b(digest_size=8, key=class_seed.to_bytes(8, "big"))
    for part in (student.encode("utf-8", "surrogateescape"), notebook.encode(), content):
        digest.update(len(part).to_bytes(8, "big") + part)
    return int.from_bytes(digest.digest(), "big") & LARGEST
