"""Grading the answers to one question: which there are, points and comments for them, and taking the last back."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..judge.verdict import points_text
from ..record.by_hand import ChangedMeanwhile, GradebookBusy, HandGrade, HandGradebook
from ..statuses import ByHand
from .answers import Answer, Answers

MAX_COMMENT = 10_000  # characters
_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # between the points that have a button
_MOST_STEPS = 10


class Refused(Exception):
    """Nothing was saved; the message says why and what to do. `status` is HTTP's."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Card:
    """The students who wrote the same and stand alike in the gradebook: what is given to one is given to all."""

    answer: Answer
    grades: tuple[HandGrade, ...]

    @property
    def grade(self) -> HandGrade:
        """Any of the grades: they are alike."""
        return self.grades[0]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written: nbgrader then gives the score by itself."""
        return self.grade.automatic is not None

    @property
    def versions(self) -> dict[str, str]:
        return {grade.id: version(grade, self.answer) for grade in self.grades}


@dataclass(frozen=True)
class Tally:
    """How far a question is: students by what is left for a person, and by the points that stand."""

    left: Mapping[ByHand, int]
    points: tuple[tuple[float, int], ...]
    students: int

    @property
    def to_grade(self) -> int:
        """How many answers a person has to grade, or to look at again."""
        return self.left[ByHand.WAITING] + self.left[ByHand.AGAIN]


def version(grade: HandGrade, answer: Answer) -> str:
    """What a person has seen of a grade, in short: another one if the answer, the points or the comment change."""
    seen = (answer.digest, grade.automatic, grade.given, grade.needs_a_person, grade.comment)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:24]


def steps(most: float) -> list[float]:
    """The points that have a button: from 0 to the maximum, in steps of which there are few enough."""
    step = next((step for step in _STEPS if most / step <= _MOST_STEPS), most)
    return [*(number * step for number in range(math.ceil(most / step))), most]


class Desk:
    """Grades the questions of one notebook. Its methods raise Refused if the gradebook is held by another program."""

    def __init__(self, name: str, gradebook: HandGradebook, answers: Answers):
        self._name, self._gradebook, self._answers = name, gradebook, answers
        self._done: defaultdict[str, list[list[tuple[HandGrade, HandGrade]]]] = defaultdict(list)

    def cards(self, question: str) -> tuple[list[Card], int]:
        """The answers to a question, and how many cannot be read. Their order tells nothing of who wrote them."""
        groups: defaultdict[tuple, list[HandGrade]] = defaultdict(list)
        answers: dict[tuple, Answer] = {}
        unread = 0
        for grade in self._grades(question):
            answer = self._answers.of(grade.student, question)
            if answer is None:
                unread += 1
                continue
            alike = (answer.digest, grade.automatic, grade.given, grade.needs_a_person, grade.comment)
            groups[alike].append(grade)
            answers.setdefault(alike, answer)
        cards = [Card(answers[alike], tuple(grades)) for alike, grades in groups.items()]
        return sorted(cards, key=lambda card: (card.is_blank, card.answer.digest)), unread

    def tally(self, question: str) -> Tally:
        grades = self._grades(question)
        settled = Counter(grade.points or 0.0 for grade in grades if grade.by_hand == ByHand.SETTLED)
        axis = {*settled, *(steps(grades[0].most) if grades else ())}
        left = Counter(grade.by_hand for grade in grades)
        return Tally(left, tuple((points, settled[points]) for points in sorted(axis)), len(grades))

    def give(
        self, question: str, seen: Mapping[str, str], points: float | None = None, comment: str | None = None
    ) -> Card:
        """Save points, a comment or both for some grades of a question. What is None stays as it is.

        `seen` has the version of each grade by its id. Returns the card as it is now.
        Raises Refused if points or comment cannot be, or something has changed since it was seen.
        """
        grades = self._seen(question, seen)
        changes = [(grade, _changed(grade, points, comment)) for grade in grades]
        return self._save(question, [change for change in changes if change[0] != change[1]], grades)

    def undo(self, question: str) -> Card:
        """Take back what was saved last for a question. Returns the card as it is now.
        Raises Refused if nothing was saved, or somebody has changed it since."""
        if not self._done[question]:
            raise Refused(409, "There is nothing to undo: since this command began nothing was saved here.")
        changes = self._done[question].pop()
        try:
            self._replace([(after, before) for before, after in changes])
        except Refused as refused:
            if refused.status != 409:
                self._done[question].append(changes)
            raise
        return self._card(question, [before for before, _ in changes])

    @property
    def saved(self) -> tuple[int, int]:
        """How many grades and how many comments are others than before."""
        first: dict[str, HandGrade] = {}
        last: dict[str, HandGrade] = {}
        for changes in (changes for done in self._done.values() for changes in done):
            for before, after in changes:
                first.setdefault(before.id, before)
                last[before.id] = after
        pairs = [(before, last[id]) for id, before in first.items()]
        grades = sum((one.given, one.needs_a_person) != (two.given, two.needs_a_person) for one, two in pairs)
        return grades, sum(one.comment != two.comment for one, two in pairs)

    def _seen(self, question: str, seen: Mapping[str, str]) -> list[HandGrade]:
        known = {grade.id: grade for grade in self._grades(question)}
        if not seen or not seen.keys() <= known.keys():
            raise Refused(404, "The gradebook has no such grade any more: load the page again.")
        for id, version_seen in seen.items():
            answer = self._answers.of(known[id].student, question)
            if answer is None or version(known[id], answer) != version_seen:
                raise _changed_meanwhile()
        return [known[id] for id in seen]

    def _save(self, question: str, changes: list[tuple[HandGrade, HandGrade]], grades: list[HandGrade]) -> Card:
        if changes:
            self._replace(changes)
            self._done[question].append(changes)
        new = {after.id: after for _, after in changes}
        return self._card(question, [new.get(grade.id, grade) for grade in grades])

    def _card(self, question: str, grades: list[HandGrade]) -> Card:
        answer = self._answers.of(grades[0].student, question)
        if answer is None:
            raise _changed_meanwhile()
        return Card(answer, tuple(grades))

    def _replace(self, changes: list[tuple[HandGrade, HandGrade]]) -> None:
        try:
            self._gradebook.replace(changes)
        except ChangedMeanwhile:
            raise _changed_meanwhile() from None
        except GradebookBusy:
            raise _busy() from None

    def _grades(self, question: str) -> list[HandGrade]:
        try:
            return self._gradebook.grades(self._name, question)
        except GradebookBusy:
            raise _busy() from None


def _changed(grade: HandGrade, points: float | None, comment: str | None) -> HandGrade:
    """The grade with these points and this comment, in nbgrader's columns as formgrader sets them."""
    if points is not None:
        if not 0 <= points <= grade.most:
            most = points_text(grade.most)
            raise Refused(400, f"{points:g} is out of range: give from 0 to {most} points. Nothing was saved.")
        grade = replace(grade, given=float(points), needs_a_person=False)
    if comment is not None:
        if len(comment) > MAX_COMMENT:
            raise Refused(400, f"The comment has {len(comment)} characters: at most {MAX_COMMENT} can be saved.")
        if grade.comment_id is None:
            raise Refused(409, "The gradebook has no place for a comment on this answer: grade the notebook again.")
        grade = replace(grade, comment=comment.strip() or None)
    return grade


def _changed_meanwhile() -> Refused:
    return Refused(
        409,
        "Nothing was saved: this answer or its grade has changed since the page showed it, by formgrader, a grading or "
        "another window. Load the page again and look at it.",
    )


def _busy() -> Refused:
    return Refused(503, "Another program holds the gradebook.")
