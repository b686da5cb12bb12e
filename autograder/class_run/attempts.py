"""Which of a student's attempts counts: the last, or the best, where nbgrader_config.py says so.

The attempt that counts lies in the folder of submissions, so that nbgrader's own commands, formgrader and the exchange
see the same one; the others are kept beside (`record.attempts`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

from .. import cells
from ..course import Course, CourseError
from ..grading.grade import Result
from ..judge.verdict import points_text
from ..record.attempts import kept_attempts, next_place
from ..record.hand_grades import ByHandOfAttempt, Points, left_by_last_grading, points_of, same_answers
from ..record.ledger import Entry, Key, Ledger
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
    """The attempts of a class at one notebook, and which of each student's counts.

    Of a student whom this concerns, every attempt that is `next_to_grade` gets its result, one after the other; then
    the one that counts is settled on.
    """

    def __init__(self, course: Course, name: str, students: Collection[str], ledger: Ledger, recorder: Recorder):
        self._course, self._name, self._ledger, self._recorder = course, name, ledger, recorder
        self._best_counts = course.best_counts
        # Where the last one counts, those alone of whom the best one counted before.
        self._concerned = set(students) if self._best_counts else ledger.with_attempts()
        self._open: dict[str, tuple[Attempt, ...]] = {}  # of whom it is still to be settled
        self._begun: set[tuple[str, Key]] = set()

    def concern(self, student: str) -> bool:
        """Whether it is to be settled which attempt of a student counts."""
        return student in self._concerned

    def are_open(self, student: str) -> bool:
        """Whether attempts of a student are being graded."""
        return student in self._open

    def keep_given(self, student: str, entry: Entry) -> None:
        """Keep what a person gave for a submission that is replaced: it may be the best, once the best counts."""
        given = self._recorder.by_hand(student)
        if given and given.points() and same_answers(given.graded, self._ledger.graded(student)):
            self._ledger.keep_by_hand(student, entry.key.submission, given.pack())

    def next_to_grade(
        self, student: str, folder: Path, look_at: Callable[[Path], Attempt], force: bool
    ) -> tuple[Attempt, int] | None:
        """The next attempt that has no result yet, and how many workers died of it; None if all have one.

        `folder` has the submission, `look_at` reads one. Raises CourseError if there is no room to keep an attempt.
        """
        if student not in self._open:
            self._open[student] = self._find(student, folder, look_at)
        results = self._ledger.final_attempts(student)
        for attempt in self._that_may_count(self._open[student]):
            begun = (student, attempt.key) in self._begun
            if attempt.key in results and (begun or not force):
                continue
            self._begun.add((student, attempt.key))
            entry = self._ledger.entry(student)
            self._ledger.lay_aside(student)
            again = entry is not None and entry.key == attempt.key and not force
            return attempt, entry.breaks if entry and again else 0
        return None

    def settle(self, student: str, folder: Path) -> ByHandOfAttempt | None:
        """Make the attempt that counts the student's submission and result, as if it were the only one.

        Returns what a person gave for it, if the last grading was of another one.
        """
        attempts = self._open.pop(student)
        results = self._ledger.final_attempts(student)
        by_hand = {one: ByHandOfAttempt.unpack(given) for one, given in self._ledger.by_hand(student).items()}
        best, sentence = self._best(student, self._that_may_count(attempts), results, by_hand)
        if best.folder != folder and best.path:
            self._put_in_place(folder, best, attempts)
        entry = self._ledger.entry(student)
        if entry is None or entry.key != best.key or not entry.final:
            self._ledger.bring_back(student, best.key)
        result, graded = results[best.key]
        if result.attempt != sentence:
            self._ledger.keep(replace(result, attempt=sentence, graded=_with_attempt(graded, sentence)))
        if not self._best_counts:
            self._ledger.forget_attempts(student)
        given = by_hand.get(best.key.submission)
        if given and same_answers(left_by_last_grading(self._recorder.graded_file(student)), graded):
            return None
        return given

    def _that_may_count(self, attempts: Sequence[Attempt]) -> Sequence[Attempt]:
        return attempts if self._best_counts else attempts[-1:]

    def _find(self, student: str, folder: Path, look_at: Callable[[Path], Attempt]) -> tuple[Attempt, ...]:
        """A student's attempts; what a person gave for the one that counted is kept, before another one may count."""
        try:
            attempts = self._of(folder, look_at)
        except OSError as error:
            raise CourseError(f"the submission of {student} cannot be kept: {error.strerror}") from error
        given = self._recorder.by_hand(student) if len(attempts) > 1 else None
        results = self._ledger.final_attempts(student) if given else {}
        for key, (_, graded) in reversed(results.items()):  # the one that counted comes last
            if given and same_answers(given.graded, graded):
                self._ledger.keep_by_hand(student, key.submission, given.pack())
                break
        return attempts

    def _of(self, folder: Path, look_at: Callable[[Path], Attempt]) -> tuple[Attempt, ...]:
        """The different attempts of the student whose submission is in `folder`, in their order.
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
        return _in_order(found.values())

    def _put_in_place(self, folder: Path, attempt: Attempt, attempts: Sequence[Attempt]) -> None:
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

    def _best(
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


def _in_order(attempts: Collection[Attempt]) -> tuple[Attempt, ...]:
    """The oldest first: by the times at which they were handed in if all are known, else as they came to be kept."""
    times = {one.key: time for one in attempts if (time := read_timestamp(one.folder)[0])}
    return tuple(sorted(attempts, key=lambda one: times[one.key]) if len(times) == len(attempts) else attempts)


def _with_attempt(graded: str, sentence: str) -> str:
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
