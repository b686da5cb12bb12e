"""Reads the answer files: students' answers to one exercise, each with the score that it must get.

An answer file is Python with a few header lines:

    # exercise: squeeze
    # kind: wrong                  right or wrong
    # score: 1.25                  what the judge must give
    # says: divide                 wrong answers: a word that the student's messages must contain
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ANSWERS = Path(__file__).parent / "answers"
_HEADER = re.compile(r"^# (exercise|kind|score|says): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class AnswerFile:
    """One student's answer to one exercise."""

    notebook: str
    name: str
    exercise: str
    kind: str
    score: float
    says: str
    source: str

    def __str__(self) -> str:
        return f"{self.notebook[:2]}-{self.name}"


def read_answer(path: Path) -> AnswerFile:
    """Read one answer file.

    Raises
    ------
    ValueError : if its header is not complete, or its name says something else.
    """
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    if not {"exercise", "kind", "score"} <= header.keys() or header["kind"] not in ("right", "wrong"):
        raise ValueError(f"{path}: the header must give exercise, kind (right or wrong) and score")
    if header["kind"] == "wrong" and "says" not in header:
        raise ValueError(f"{path}: a wrong answer must give the word that its message says")
    if not path.stem.startswith(f"{header['exercise']}-{header['kind']}-"):
        raise ValueError(f"{path}: the name must begin with {header['exercise']}-{header['kind']}-")
    source = _HEADER.sub("", text).lstrip("\n")
    return AnswerFile(
        path.parent.name,
        path.stem,
        header["exercise"],
        header["kind"],
        float(header["score"]),
        header.get("says", ""),
        source,
    )


def all_answers() -> list[AnswerFile]:
    """Every answer file, in order."""
    return [read_answer(path) for path in sorted(ANSWERS.glob("*/*.py"))]
