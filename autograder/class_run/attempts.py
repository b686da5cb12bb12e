"""Which of a student's attempts counts: the last, or the best, where nbgrader_config.py says so.

The attempt that counts lies in the folder of submissions, so that nbgrader's own commands, formgrader and the exchange
see the same one; the others are kept beside (`record.attempts`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

from .. import cells
from ..course import Course
from ..grading.grade import Result
from ..judge.verdict import points_text
from ..record.attempts import kept_attempts, next_place
from ..record.hand_grades import ByHandOfAttempt, Points, points_of
from ..record.ledger import Key
from ..record.recorder import Recorder, read_timestamp

_COPY = ".{}.that-counts"  # what is about to take the place of a submission


@dataclass(frozen=True)
class Attempt:
    """What a student handed in, in one folder: the notebook's file and its bytes, or why there is none.

    `kept` is the folder where it is kept; None where it lies in the folder of submissions alone.
    """

    folder: Path
    key: Key
    path: Path | None = None
    content: bytes = b""
    refusal: str = ""
    kept: Path | None = None


@dataclass(frozen=True)
class _Worth:
    """An attempt with its points, which are None where it has no grade, and those less the penalty for its time."""

    attempt: Attempt
    points: Points | None
    shown: float = 0.0
    possible: float = -1.0  # with all points for the answers in words that wait: so that a person comes to see them

    @property
    def is_penalised(self) -> bool:
        return self.points is not None and self.shown != self.points.sure


def end_broken_off(top: Path, name: str) -> None:
    """Put in its place what a grader that was killed was about to put there."""
    for copy in top.glob(f"*/{_COPY.format(name)}"):
        if not copy.with_name(name).exists():
            copy.rename(copy.with_name(name))


class Attempts:
    """The attempts at one notebook."""

    def __init__(self, course: Course, name: str, recorder: Recorder):
        self._course, self._name, self._recorder = course, name, recorder
        self.best_counts = course.best_counts

    def of(self, folder: Path, look_at: Callable[[Path], Attempt]) -> tuple[Attempt, ...]:
        """The different attempts of the student whose submission is in `folder`, the oldest first; `look_at` reads one.
        The one in the folder is kept from now on. Raises OSError if there is no room for it."""
        student, found = folder.parent.name, dict[Key, Attempt]()
        for kept in kept_attempts(self._course, self._name, student).values():
            attempt = replace(look_at(kept), kept=kept)
            found.setdefault(attempt.key, attempt)
        here = look_at(folder)
        before = found.get(here.key)
        if before is None and here.path is not None:
            place = next_place(self._course, self._name, student)
            self._recorder.copy_submission(folder, here.path, place)
            here = replace(here, kept=place)
        found[here.key] = replace(here, kept=before.kept) if before else here
        return tuple(found.values())

    def put_in_place(self, folder: Path, attempt: Attempt, attempts: Sequence[Attempt]) -> None:
        """Let an attempt that is kept lie in the folder of submissions; the one that lies there is kept whole."""
        assert attempt.path is not None
        copy = folder.with_name(_COPY.format(folder.name))
        shutil.rmtree(copy, ignore_errors=True)
        self._recorder.copy_submission(attempt.folder, attempt.path, copy)
        here = next(one for one in attempts if one.folder == folder)
        if here.kept:
            shutil.rmtree(here.kept)
        folder.rename(here.kept or next_place(self._course, self._name, folder.parent.name))
        copy.rename(folder)

    def best(
        self,
        student: str,
        attempts: Sequence[Attempt],
        results: Mapping[Key, tuple[Result, str]],
        by_hand: Mapping[str, ByHandOfAttempt],
    ) -> tuple[Attempt, str]:
        """The attempt that counts, and a sentence that says why; "" where there is but one.

        It is the one with the most points, with those given by hand and less nbgrader's penalty for its time; of equal
        ones the last. `by_hand` goes by the digest of the submission that was graded.
        """
        if len(attempts) == 1:
            return attempts[0], ""
        given = {one: by_hand[one].points() for one in by_hand}
        worth = [self._worth(student, one, *results[one.key], given) for one in attempts]
        best, last = max(reversed(worth), key=lambda one: one.possible), worth[-1]
        return best.attempt, _sentence(worth, best, last)

    def _worth(
        self,
        student: str,
        attempt: Attempt,
        result: Result,
        graded: str,
        by_hand: Mapping[str, Mapping[str, tuple[tuple, float]]],
    ) -> _Worth:
        if result.reason:
            return _Worth(attempt, None)
        own_first = sorted(by_hand, key=lambda one: one != attempt.key.submission)
        points = points_of(graded, [by_hand[one] for one in own_first])

        def less_penalty(score: float) -> float:
            return score - self._recorder.late_penalty(student, score, attempt.folder)

        return _Worth(attempt, points, less_penalty(points.sure), less_penalty(points.sure + points.open))


def with_attempt(graded: str, sentence: str) -> str:
    """A graded notebook, as JSON, that says first which attempt it is; "" for one of which there is nothing to say."""
    if not graded:
        return graded
    notebook = nbformat.v4.reads(graded)
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != cells.ATTEMPT_ID]
    if sentence:
        notebook.cells.insert(0, new_markdown_cell(sentence, id=cells.ATTEMPT_ID))
    return nbformat.writes(notebook)


def _sentence(worth: Sequence[_Worth], best: _Worth, last: _Worth) -> str:
    if best.points is None:
        return f"None of the {len(worth)} attempts could be graded."
    said = f"The best of {len(worth)} attempts counts: {_named(worth, best)}, with {points_text(best.shown)} of "
    said += f"{points_text(best.points.full)} points"
    if best is not last:
        had = "could not be graded" if last.points is None else f"had {points_text(last.shown)}"
        named = _named(worth, last)
        said += f"; {named}{',' if ',' in named else ''} {had}"
    if any(one.is_penalised for one in (best, last)):
        said += ", less the penalty for being late"
    waiting = any(one.points and one.points.open for one in (best, last))
    return f"{said}. Answers in words that wait for a person are left out." if waiting else f"{said}."


def _named(worth: Sequence[_Worth], one: _Worth) -> str:
    time, _ = read_timestamp(one.attempt.folder)
    of = f"of {time.day} {time:%b %H:%M} UTC" if time else ""
    if one is worth[-1]:
        return f"the last one, {of}" if of else "the last one"
    return f"that {of}" if of else f"number {worth.index(one) + 1}"
