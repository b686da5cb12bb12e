"""Find out which cells of a submission stand for which of ours, which are pieces of an answer, and which are own ones.

Work is bounded whatever the notebook holds: a cell is looked up by its grade id, its cell id and its text; only a
limited number of texts is compared.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from .. import cells
from ..links import without_the_way_to_the_course
from .changes import Ours, plain, reads_as_words, statement_keys

LIKENESS = 0.6  # of two texts (difflib's ratio) above which one is taken for an edited copy of the other
MAX_LIKENESS_CHARACTERS = 5_000
MAX_COMPARISONS = 400  # of texts, in one notebook: each takes milliseconds
MAX_PIECES = 20  # of one answer; the last ones


@dataclass(slots=True)
class Submitted:
    """One cell of a submission; `text` is its source for comparing.

    `origin` is the index of the cell of ours in which it was written, where it is what a student added there.
    `is_as_given`: nbgrader's checksum says that it is as it was given out. Anybody can reckon one anew, so what is said
    of such a cell must be true of others too.
    """

    kind: str
    source: str
    id: str | None
    grade_id: str | None
    attachments: object
    text: str
    origin: int | None = None
    is_as_given: bool = False

    @property
    def is_code(self) -> bool:
        return self.kind == "code"


@dataclass
class Match:
    """Submitted cells by their positions in `submitted`, ours by their indices.

    In `submitted`, what a student added to a cell of ours is in cells of its own after it; before it, where that
    is a test: so the question sees it. `given` holds the copies of each cell of ours that is no answer, the one that
    stands for it first. `pieces` holds the cells of each answer that count, in their order; where nothing was written,
    the untouched stub if it is there.
    What is in none of these and not `left_out` is the student's own.
    """

    submitted: list[Submitted]
    given: dict[int, list[int]] = field(default_factory=dict)
    pieces: dict[int, list[int]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def match_cells(submitted: Sequence[Submitted], released: Sequence[NotebookNode]) -> Match:
    """Match by grade id, then by cell id, by the very text, by the function defined, and by likeness.

    Answers in words are found by grade id and cell id alone: they resemble nothing.
    """
    return _Matching(submitted, released).match


class _Matching:
    def __init__(self, submitted: Sequence[Submitted], released: Sequence[NotebookNode]):
        self.match = Match(list(submitted))
        self._released = released
        self._ours = Ours(released)
        self._texts = [plain(cell.source) for cell in released]
        self._taken: set[int] = set()
        self._comparisons = 0
        self._by_grade_id()
        self._by_id()
        self._by_text()
        self._set_apart_what_was_added(is_sure=True)
        self._by_definition()
        self._by_stub()
        found = set(self.match.given)
        self._by_likeness()
        self._set_apart_what_was_added(is_sure=False, but=found)
        self._leave_out_copies()

    @property
    def _submitted(self) -> list[Submitted]:
        return self.match.submitted

    # --- one way of finding after the other ---

    def _by_grade_id(self) -> None:
        found = _positions(self._submitted, lambda cell: cell.grade_id)
        for index, ours in enumerate(self._released):
            name = cells.grade_id(ours)
            copies = found.get(name) if name else None
            if copies:
                self._take(index, copies)
                if len(copies) > 1 and not _is_answer(ours):
                    self.match.notes.append(f"The cell {name} is there {len(copies)} times; one copy was used.")

    def _by_id(self) -> None:
        found = _positions(self._submitted, lambda cell: cell.id)
        for index, ours in enumerate(self._released):
            free = self._not_taken(found.get(ours.get("id", "")))
            # Ids may repeat after a careless copy.
            is_plausible = free and (self._submitted[free[0]].kind == ours.cell_type or _is_answer(ours))
            if is_plausible and not self._is_found(index):
                self._take(index, free[:1])

    def _by_text(self) -> None:
        found = _positions(self._submitted, lambda cell: cell.text)
        for index, ours in enumerate(self._released):
            free = self._not_taken(found.get(self._texts[index]))
            if not _is_answer(ours) and free and self._submitted[free[0]].kind == ours.cell_type:
                self._take(index, self.match.given.get(index, []) + free)

    def _by_definition(self) -> None:
        """Functions that stand elsewhere, where an answer's own cell is gone or was not touched."""
        names = {cells.own_id(ours): index for index, ours in enumerate(self._released) if _is_code_answer(ours)}
        if not names:
            return
        stubs = {self._texts[index] for index in names.values()}
        name = f"({'|'.join(map(re.escape, names))})"
        # At the beginning of a line: as a statement of its own.
        defines = re.compile(rf"^(?:(?:(?:async )?def|class) {name}\b|{name} *=(?!=))", re.MULTILINE)
        defining: dict[str, list[int]] = {}
        for i in self._not_taken(range(len(self._submitted))):
            cell = self._submitted[i]
            if cell.is_code and cell.text not in stubs:
                for one in {one for found in defines.findall(cell.source) for one in found if one}:
                    defining.setdefault(one, []).append(i)
        for name, index in names.items():
            free = self._not_taken(defining.get(name))
            standing = self.match.pieces.get(index, [])
            if not free or any(self._submitted[i].text not in ("", self._texts[index]) for i in standing):
                continue
            end = self._position_of_test(name)
            self.match.left_out.update(standing)  # the untouched stub must not wipe out the answer
            before = [i for i in free if end is None or i < end]
            self._take(index, before or free[-1:])
            if standing:
                self.match.notes.append(f"The answer {name} is in another cell than its own; that cell was graded.")
            else:
                self._note_recognised(index)

    def _by_stub(self) -> None:
        found = _positions(self._submitted, lambda cell: cell.text)
        for index, ours in enumerate(self._released):
            free = self._not_taken(found.get(self._texts[index])) if _is_code_answer(ours) else []
            if free and not self._is_found(index):
                self._take(index, free)

    def _by_likeness(self) -> None:
        self._free: dict[str, list[int]] = {}
        for i, cell in enumerate(self._submitted):
            if i not in self._taken and i not in self.match.left_out:
                self._free.setdefault(cell.kind, []).append(i)
        for index, ours in enumerate(self._released):
            if not self._is_found(index) and not cells.is_manual(ours):
                found = self._likest(index)
                if found is not None:
                    self._take(index, [found])
                    if _is_answer(ours):
                        self._note_recognised(index)

    def _set_apart_what_was_added(self, is_sure: bool, but: frozenset[int] | set[int] = frozenset()) -> None:
        """Put what was added to cells of ours into cells of its own, and say so where it is sure to be the student's.

        It is sure where a cell was found by its grade id or cell id: a cell's id changes with its text's edition.
        """
        added: dict[int, tuple[int, list[Submitted]]] = {}
        for index, copies in self.match.given.items():
            changed = [] if index in but else [i for i in copies if self._is_changed(i, index)]
            for i in changed:
                added[i] = (index, list(self._added(self._submitted[i], index, is_sure)))
            if changed and is_sure:
                by_course = all(self._submitted[i].is_as_given for i in changed)
                self._note_changed(index, any(added[i][1] for i in changed), by_course)
        if not any(new for _, new in added.values()):
            return
        expanded: list[Submitted] = []
        moved: list[int] = []  # old position -> new
        for i, cell in enumerate(self._submitted):
            index, new = added.get(i, (0, []))
            is_test = cells.is_judged(self._released[index])
            expanded += new if is_test else []
            moved.append(len(expanded))
            expanded += [cell, *([] if is_test else new)]
        for found in (self.match.given, self.match.pieces):
            for index, copies in found.items():
                found[index] = [moved[i] for i in copies]
        self._taken = {moved[i] for i in self._taken}
        self.match.left_out = {moved[i] for i in self.match.left_out}
        self.match.submitted = expanded

    def _is_changed(self, position: int, index: int) -> bool:
        ours = self._texts[index]
        given_out = (ours.split(), without_the_way_to_the_course(ours).split())  # the course's own, and a bundle's
        return self._submitted[position].text.split() not in given_out

    def _added(self, theirs: Submitted, index: int, is_sure: bool) -> Iterator[Submitted]:
        ours = self._released[index]
        if theirs.is_code and ours.cell_type == "code":
            runs_all = "demo" not in cells.tags(ours) and not cells.is_judged(ours)
            for source in self._ours.added_code(theirs.source, ours.source, is_sure, runs_all):
                yield Submitted("code", source, None, None, None, plain(source), index, theirs.is_as_given)
        else:
            source = self._ours.added_text(theirs.source, ours.source, is_sure)
            if source:
                yield Submitted("markdown", source, None, None, theirs.attachments, plain(source), index)

    def _note_changed(self, index: int, has_added: bool, by_course: bool) -> None:
        ours = self._released[index]
        if by_course:
            also = ", and the lines that differ were run as well" if has_added else ""
            self.match.notes.append(f"The cell {_title(ours)} is not the course's newest; ours was put back{also}.")
            return
        stand = "were run" if ours.cell_type == "code" else "stand"
        added = f", and your lines {stand} as a cell of your own" if has_added else ""
        self.match.notes.append(f"The cell {_title(ours)} was changed; ours was put back{added}.")

    def _leave_out_copies(self) -> None:
        """Copies and halves of our cells are nobody's words or code: stubs, given text, and what is not run anyway."""
        whole = {i for i, found in self.match.given.items() if not self._is_changed(found[0], i)}
        not_run = [
            statement_keys(ours.source)
            for index, ours in enumerate(self._released)
            if index not in whole and ours.cell_type == "code" and ("demo" in cells.tags(ours) or cells.is_judged(ours))
        ]
        looked_at = 0
        for i, cell in enumerate(self._submitted):
            if i in self._taken or not cell.text or cell.origin is not None or looked_at == MAX_COMPARISONS:
                continue
            looked_at += 1
            theirs = statement_keys(cell.source) if cell.is_code else frozenset()
            is_half = bool(theirs) and any(theirs <= one for one in not_run)
            if is_half or (self._ours.is_all_ours(cell.source) and (not cell.is_code or reads_as_words(cell.source))):
                self.match.left_out.add(i)
        self._leave_out_stubs()

    def _leave_out_stubs(self) -> None:
        stubs = {self._texts[index] for index, ours in enumerate(self._released) if _is_answer(ours)}
        words = {self._texts[index] for index, ours in enumerate(self._released) if cells.is_manual(ours)}
        for i, cell in enumerate(self._submitted):
            if i not in self._taken and cell.text in stubs and not (cell.text in words and cell.is_code):
                self.match.left_out.add(i)

    # --- what they share ---

    def _not_taken(self, positions: Iterable[int] | None) -> list[int]:
        return [i for i in positions or () if i not in self._taken]

    def _is_found(self, index: int) -> bool:
        return index in self.match.given or index in self.match.pieces

    def _take(self, index: int, copies: list[int]) -> None:
        ours, text = self._released[index], self._texts[index]
        self._taken.update(copies)
        changed = [i for i in copies if self._submitted[i].text != text]
        if not _is_answer(ours):
            same = [i for i in copies if self._submitted[i].text == text]
            self.match.given[index] = same + changed
            return
        name = cells.grade_id(ours)
        if any(text not in self._submitted[i].text for i in changed):
            for i in changed:
                self._take_stub_out(i, text)
        changed = [i for i in changed if self._submitted[i].text]
        kept = changed[-MAX_PIECES:] or copies[:1]
        if len(copies) > 1:
            if changed and any(self._submitted[i].text == text for i in copies):
                self.match.notes.append(
                    f"The cell {name} is there {len(copies)} times; what is untouched was left out."
                )
            if len(kept) < len(changed):
                self.match.notes.append(f"The answer {name} is in {len(changed)} cells; the last {len(kept)} count.")
        self.match.pieces[index] = kept
        self.match.left_out.update(set(copies) - set(kept))

    def _take_stub_out(self, position: int, stub: str) -> None:
        """Take the untouched stub out of a cell that was merged with a copy of it."""
        cell = self._submitted[position]
        if stub in cell.text:
            source = plain(cell.source.replace(stub, ""))
            self._submitted[position] = replace(cell, source=source, text=source)

    def _note_recognised(self, index: int) -> None:
        self.match.notes.append(
            f"The cell {cells.grade_id(self._released[index])} was not labelled any more; "
            "it was recognised by its text and graded as usual."
        )

    def _position_of_test(self, name: str) -> int | None:
        for index, ours in enumerate(self._released):
            if cells.is_judged(ours) and cells.grade_id(ours) == f"{name}-check" and index in self.match.given:
                return self.match.given[index][0]
        return None

    def _neighbours(self, index: int, wanted: Callable[[NotebookNode], bool]) -> tuple[int, int]:
        """The positions of the nearest cells of ours before and after one, as far as they are found."""
        found = [*self.match.given.items(), *self.match.pieces.items()]
        standing = [(i, copies[0]) for i, copies in found if wanted(self._released[i])]
        low = max((theirs for i, theirs in standing if i < index), default=-1)
        high = min((theirs for i, theirs in standing if i > index), default=len(self._submitted))
        return low, high

    def _likest(self, index: int) -> int | None:
        """The free cell that is an edited copy of ours, or one of an earlier edition of the notebook."""
        ours = self._released[index]
        low, high = self._neighbours(index, lambda other: True)
        if low > high:  # a converter may have put all text after the code
            low, high = self._neighbours(index, lambda other: other.cell_type == ours.cell_type)
        likest, likeness = None, 0.0
        free = self._free.get(ours.cell_type, [])
        begin = bisect_left(free, low + 1)
        for i in free[begin : begin + MAX_COMPARISONS - self._comparisons + len(self._released)]:
            if i >= high or self._comparisons == MAX_COMPARISONS:
                break
            if i not in self._taken:
                self._comparisons += 1
                found = _likeness(self._submitted[i].source, ours.source)
                if found > likeness:
                    likest, likeness = i, found
        return likest


def heaviest_in_order(pairs: list[tuple[int, int]], weight: Callable[[int], int]) -> list[tuple[int, int]]:
    """Of pairs (position, index) that ascend in the position, those of greatest weight that ascend in the index too."""
    best: list[tuple[int, int]] = []  # for each pair: the weight of the best chain that ends there, its pair before
    for number, (_, index) in enumerate(pairs):
        before = max(
            ((best[j][0], j) for j in range(number) if pairs[j][1] <= index), default=(0, -1), key=lambda pair: pair[0]
        )
        best.append((before[0] + weight(index), before[1]))
    at = max(range(len(best)), key=lambda number: best[number][0], default=-1)
    chain = []
    while at >= 0:
        chain.append(pairs[at])
        at = best[at][1]
    return chain[::-1]


def _positions(submitted: Iterable[Submitted], key) -> dict[str, list[int]]:
    """The positions of cells by a key; cells that have no key are left out."""
    positions: dict[str, list[int]] = {}
    for position, cell in enumerate(submitted):
        found = key(cell)
        if found:
            positions.setdefault(found, []).append(position)
    return positions


def _title(ours: NotebookNode) -> str:
    """How a note names a cell of ours: by its grade id, else by its beginning."""
    lines = (line.strip("#@* ").removeprefix("title").strip() for line in ours.source.splitlines())
    begins = next((line for line in lines if line), "").replace("`", "")
    return cells.grade_id(ours) or f'that begins with "{begins[:50]}"'


def _is_answer(ours: NotebookNode) -> bool:
    return cells.is_marked(ours, "solution")


def _is_code_answer(ours: NotebookNode) -> bool:
    return _is_answer(ours) and not cells.is_manual(ours)


def _likeness(one: str, ours: str) -> float:
    """How alike two texts are, 0 where they are not: from the cheapest bound to the exact ratio."""
    if len(ours) > 40 and ours in one:
        return 1.0  # with more around it
    matcher = difflib.SequenceMatcher(None, one[:MAX_LIKENESS_CHARACTERS], ours[:MAX_LIKENESS_CHARACTERS])
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return matcher.ratio() if all(bound() >= LIKENESS for bound in bounds) else 0.0
