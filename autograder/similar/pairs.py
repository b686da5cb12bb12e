"""Which students' answers share what hardly anybody else has written."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .statements import Statement, statements_of

FEW = 3  # people who may share a statement that still is rare; in a large class
FEW_SHARE = 0.02  # this part of it
FEWEST = 3  # rare statements that a pair must share to be shown

Forms = dict[tuple[str, str], list[Statement]]  # by exercise and form


@dataclass(frozen=True)
class Answer:
    """A student's text for one exercise: what was written, as code or in words."""

    source: str
    is_code: bool


Answers = Mapping[str, Answer]  # by exercise


@dataclass(frozen=True)
class Shown:
    """One exercise of a pair: both texts, and of each the lines that only few share, and those that more do."""

    exercise: str
    sources: tuple[str, str]
    rare: tuple[frozenset[int], frozenset[int]]
    common: tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Pair:
    """Two students, and how many statements they share: those that are `rare`, and all.

    `most` is how many they could share: all of the one who has fewer.
    """

    one: str
    other: str
    rare: int
    shared: int
    most: int
    exercises: tuple[Shown, ...]


def few(students: int) -> int:
    """How many people may share a statement that is called rare, in a class of this size."""
    return max(FEW, int(students * FEW_SHARE))


def find_pairs(work: Mapping[str, Answers], given: Iterable[Answer], most: int) -> list[Pair]:
    """The pairs that share rare statements, at most `most`: the most of them first.

    Parameters
    ----------
    work : the answers by student.
    given : what everybody was given; nothing that is in it counts.
    """
    of_release = {one.form for part in given for one in statements_of(part.source, part.is_code)}
    forms = {student: _forms(answers, of_release) for student, answers in work.items()}
    holders = defaultdict(list)
    for student in sorted(forms):
        for form in forms[student]:
            holders[form].append(student)
    rare = {form for form, students in holders.items() if 1 < len(students) <= few(len(work))}
    shared: defaultdict[tuple[str, str], int] = defaultdict(int)
    for form in rare:
        for pair in itertools.combinations(holders[form], 2):
            shared[pair] += 1
    pairs = [_pair(*pair, work, forms, rare) for pair, number in shared.items() if number >= FEWEST]
    return sorted(pairs, key=lambda pair: (-pair.rare, -pair.shared / pair.most, pair.one, pair.other))[:most]


def _forms(answers: Answers, of_release: set[str]) -> Forms:
    found: Forms = defaultdict(list)
    for exercise, answer in answers.items():
        for one in statements_of(answer.source, answer.is_code):
            if one.form not in of_release:
                found[exercise, one.form].append(one)
    return found


def _pair(one: str, other: str, work: Mapping[str, Answers], forms: Mapping[str, Forms], rare: set) -> Pair:
    both = (forms[one], forms[other])
    shared = both[0].keys() & both[1].keys()
    exercises = [exercise for exercise in work[one] if any(form in rare for form in shared if form[0] == exercise)]

    def lines(exercise: str, are_rare: bool) -> tuple[frozenset[int], frozenset[int]]:
        wanted = [form for form in shared if form[0] == exercise and (form in rare) == are_rare]
        first, second = (
            frozenset(n for form in wanted for at in own[form] for n in range(at.first, at.last + 1)) for own in both
        )
        return first, second

    shown = [
        Shown(
            exercise,
            (work[one][exercise].source, work[other][exercise].source),
            lines(exercise, True),
            lines(exercise, False),
        )
        for exercise in exercises
    ]
    return Pair(one, other, len(shared & rare), len(shared), min(map(len, both)), tuple(shown))
