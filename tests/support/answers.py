"""Students' answers to the exercises, each with the score that it must get: tests/answers/NOTEBOOK/EXERCISE.py.

Such a file is a catalogue, to be read from its top. Each cell is an answer:

    # %% right mean                      it must get full points
    # %% wrong sum: 1.25, "divide"       it must get so many, and its student must read this

An answer that differs in a few lines from one above it names that one and gives these lines: - is gone, + is new, what
has no sign stays. Each must be found once; a blank line stands between two places.

    # %% wrong no-relu: 2.75, "no ReLU", like right straight
    # -     hidden = np.maximum(z @ w1 + b1, 0)
    # +     hidden = z @ w1 + b1

Code with which many answers begin is the first cell, `# %% shared`. It belongs to those that end in `, after shared`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attention_course.exercises import CATALOGUE
from tests.support.course import ROOT

ANSWERS = ROOT / "tests" / "answers"
_TITLE = re.compile(
    r"(?P<label>(?P<kind>right|wrong) (?P<name>[\w-]+))"
    r'(?:: (?P<score>[\d.]+), "(?P<says>.+)")?'
    r"(?:, like (?P<base>(?:right|wrong) [\w-]+)|, after (?P<shared>shared))?"
)


@dataclass(frozen=True)
class Answer:
    """One student's answer to one exercise. `says`: words that its messages must hold, where it is wrong."""

    notebook: str
    exercise: str
    kind: str
    name: str
    score: float
    says: str
    source: str

    def __str__(self) -> str:
        return f"{self.notebook[:2]}-{self.exercise}-{self.kind}-{self.name}"

    @property
    def label(self) -> str:
        """What it is called among the answers to its exercise."""
        return f"{self.kind} {self.name}"


@cache
def all_answers() -> tuple[Answer, ...]:
    """Every answer, by notebook, exercise and name."""
    return tuple(sorted((answer for path in ANSWERS.glob("*/*.py") for answer in read_answers(path)), key=str))


def answer_named(notebook: str, exercise: str, label: str) -> Answer:
    """One answer. Its label is as in its cell's title: "right mean"."""
    return next(a for a in all_answers() if (a.notebook, a.exercise, a.label) == (notebook, exercise, label))


def read_answers(path: Path) -> list[Answer]:
    """The answers of one file, in its order.
    Raises ValueError if a title is not as above, an answer is there twice, or its changes do not fit."""
    first, *parts = re.split(r"^# %% (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts: dict[str, str] = {}
    answers = []
    for title, text in zip(parts[::2], (part.strip("\n") for part in parts[1::2]), strict=True):
        says = _TITLE.fullmatch(title)
        if title != "shared" and (not says or (says["kind"] == "right") != (says["score"] is None)):
            raise ValueError(f"{path}: not the title of an answer: {title}")
        label = says["label"] if says else title
        if label in texts or first.strip():
            raise ValueError(f"{path}: {label} is there twice, or something stands above the first title")
        try:
            if says and says["base"]:
                text = changed(texts[says["base"]], text)
            elif says and says["shared"]:
                text = f"{texts['shared']}\n\n\n{text}"
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path}: {label}: there is not, or not once: {error}") from None
        texts[label] = text
        if says:
            score = float(says["score"] or CATALOGUE.find(path.parent.name, path.stem).points)
            found = (path.parent.name, path.stem, says["kind"], says["name"], score, says["says"] or "", f"{text}\n")
            answers.append(Answer(*found))
    return answers


def changed(text: str, changes: str) -> str:
    """The text with some of its lines changed. Raises ValueError if what is to change is not there exactly once."""
    lines = text.split("\n")
    places = {}
    for change in changes.split("\n\n"):
        signed = [(line[2:3], line[4:]) for line in change.split("\n")]
        before = [line for sign, line in signed if sign != "+"]
        found = [at for at in range(len(lines)) if lines[at : at + len(before)] == before]
        if len(found) != 1:
            raise ValueError("\n".join(before))
        places[found[0]] = len(before), [line for sign, line in signed if sign != "-"]
    for at, (length, after) in sorted(places.items(), reverse=True):
        lines[at : at + length] = after
    return "\n".join(lines)
