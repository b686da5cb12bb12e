"""Rebuild, don't trust: the graded notebook is the instructor's, with the student's answers put in.

What runs is what the student's notebook would run from the top, with our given cells and tests put back in their
places: every piece of every answer and of the student's own cells, in their order. Only their text is taken from a
submission, and the pictures in it. Tags, metadata and test cells come from the instructor, so a flipped flag, a copied
test cell or stripped metadata changes nothing. Below each answer that a person grades stands its rubric, for
formgrader; the feedback leaves it out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum

from .. import cells
from ..course import Course, CourseError
from ..intake.reading import check_notebook
from .changes import plain
from .match import Match, Submitted, heaviest_in_order, match_cells
from .pictures import carry
from .words import words_of

MAX_EXTRA_CELLS = 200
_FIRST, _LAST = -1.0, float("inf")  # within a place: before and after what has a position there


def rebuild(
    submitted: NotebookNode, source: NotebookNode, release: NotebookNode
) -> tuple[NotebookNode, list[str], list[str]]:
    """Put the answers of `submitted` into the instructor's notebook.

    Parameters
    ----------
    submitted : the student's notebook, as `intake` gives it.
    source : the instructor's notebook, with the hidden part of the test cells.
    release : the student version of `source`; its metadata holds nbgrader's checksums.

    Returns
    -------
    The notebook to grade, the ids of the answer cells that are missing, and notes for the student.
    """
    source_cells, rubrics = _split(source.cells)
    match = match_cells([_submitted(cell) for cell in submitted.cells], release.cells)
    rebuilt = _Rebuilt(match, source_cells, release.cells, rubrics)
    notebook = nbformat.from_dict(dict(source))
    notebook.cells = rebuilt.cells()
    notes = match.notes + [f"The answer cell {name} is missing from the notebook." for name in rebuilt.missing]
    return notebook, rebuilt.missing, notes


def _submitted(cell: NotebookNode) -> Submitted:
    source, id = cell.source.lstrip("\ufeff"), cell.get("id")
    about = (cells.grade_id(cell), cell.get("attachments"), plain(source))
    return Submitted(cell.cell_type, source, id, *about, is_as_given=_is_as_given(cell))


def _is_as_given(cell: NotebookNode) -> bool:
    """Whether nbgrader's checksum, of a cell that students are not to change, is that of what is in it."""
    about = cell.metadata.get("nbgrader")
    try:
        return bool(about["locked"]) and about["checksum"] == compute_checksum(cell)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):  # what anybody may have written there
        return False


def _split(source_cells: list) -> tuple[list, dict[int, list]]:
    """The cells that students have too, and the rubrics by the index of the answer that they come after."""
    shared: list[NotebookNode] = []
    rubrics: dict[int, list[NotebookNode]] = {}
    for cell in source_cells:
        if "instructor" not in cells.tags(cell):
            shared.append(cell)
        elif shared and cells.is_manual(shared[-1]) and cell.cell_type == "markdown":
            rubrics.setdefault(len(shared) - 1, []).append(_rubric_cell(cell, cells.own_id(shared[-1])))
    return shared, rubrics


def _rubric_cell(cell: NotebookNode, answer: str) -> NotebookNode:
    """The teacher's own text as a framed cell: formgrader shows the graded notebook, and nothing else.

    Its tag is not "instructor": nbgrader_config.py has cells of that tag removed, also where formgrader shows them.
    """
    text = cells.unfolded(cell.source).splitlines()
    lines = [f"**How to grade `{answer}`** (for you alone: students do not see this)", "", *text]
    framed = "\n".join(f"> {line}".rstrip() for line in lines)
    metadata = {"tags": [cells.RUBRIC], "deletable": False, "editable": False}
    return nbformat.v4.new_markdown_cell(framed, id=cell.id, metadata=metadata)


class _Rebuilt:
    """The cells of the rebuilt notebook, each put into a place: after the cell of ours with that index.

    -1 is the place before all of ours. Within a place, what the student wrote keeps its order.
    """

    def __init__(self, match: Match, source_cells: list, released: list, rubrics: dict[int, list]):
        self._match, self._source, self._released, self._rubrics = match, source_cells, released, rubrics
        self._places: dict[int, list[tuple[float, list[NotebookNode]]]] = {}
        self._anchors = self._find_anchors()
        self._tests = {
            cells.judged_exercise(cell): index for index, cell in enumerate(source_cells) if cells.is_judged(cell)
        }
        self.missing: list[str] = []
        self._own = self._own_positions()  # what no answer takes stays there

    def cells(self) -> list[NotebookNode]:
        """All cells, in their order."""
        for index, released in enumerate(self._released):
            if not cells.is_marked(released, "solution"):
                self._put(index, _FIRST, self._ours(index))
            elif cells.is_manual(released):
                self._put_words(index)
            else:
                self._put_code(index)
        self._put_own_cells()
        # By position alone: within a place a cell of ours comes first, and equal positions keep their order.
        sorted_places = (
            sorted(self._places.get(i, []), key=lambda item: item[0]) for i in range(-1, len(self._released))
        )
        return [cell for place in sorted_places for _, group in place for cell in group]

    def _put(self, place: int, position: float, *group: NotebookNode) -> None:
        self._places.setdefault(place, []).append((position, list(group)))

    def _ours(self, index: int, source: str | None = None) -> NotebookNode:
        """Our cell, with the student's text if it is an answer."""
        ours, released = self._source[index], self._released[index]
        cell = nbformat.from_dict(dict(ours))
        cell.metadata = nbformat.from_dict(dict(released.metadata))
        if source is not None:
            cell.source = source
        elif not cells.is_judged(released):  # a test cell's hidden part names the exercise that is judged there
            cell.source = cells.visible_source(cell.source)
        return cell

    # --- where things stood ---

    def _find_anchors(self) -> tuple[list[int], list[int]]:
        """The positions of cells that are in our order, ascending, and the indices of ours there.

        Code outweighs text: a converter may have put all text after the code.
        """
        match, released = self._match, self._released
        pairs = [(found[0], index) for index, found in match.given.items()]
        pairs += [(i, index) for index, found in match.pieces.items() for i in found]
        chosen = heaviest_in_order(sorted(pairs), lambda index: 1000 if released[index].cell_type == "code" else 1)
        return [position for position, _ in chosen], [index for _, index in chosen]

    def _place(self, position: int) -> int:
        """The cell of ours that a submitted cell comes after, or that it stands for."""
        positions, indices = self._anchors
        before = bisect_right(positions, position)
        return indices[before - 1] if before else -1

    # --- answers in code ---

    def _put_code(self, index: int) -> None:
        """Put the pieces of an answer where they stand, if the test can see them there.

        One of them carries nbgrader's metadata: the last that defines the function, for a person who looks.
        """
        name, submitted = cells.own_id(self._released[index]), self._match.submitted
        pieces = [i for i in self._match.pieces.get(index, []) if submitted[i].text]
        if not pieces:
            source = submitted[self._match.pieces[index][0]].source if index in self._match.pieces else None
            if source is None:
                self.missing.append(name)
                source = f"# The answer cell {name} is missing from the notebook."
            self._put(index, _FIRST, self._ours(index, source))
            return
        pieces = self._without_copies(name, pieces)
        test = self._tests.get(name, len(self._released))
        places = {i: self._place(i) for i in pieces}
        seen = [i for i in pieces if places[i] < test]
        main = self._main_piece(name, seen or pieces)
        # Where the student moved it up, or down below its test, it goes to the place where we gave it out.
        is_at_home = bool(seen) and places[main] >= index
        home, at = (places[main], main) if is_at_home else (index, _FIRST)
        self._put(home, at, self._ours(index, submitted[main].source))
        for i, place in places.items():
            if i == main:
                continue
            if place >= test and seen:  # the newest wins, though the test is above it
                where = (test - 1, _LAST)
            elif i < main:
                where = (place, i) if place < home or is_at_home else (home - 1, _LAST)
            else:
                where = (place, i) if home <= place < test else (home, i)
            self._put(*where, self._own_cell(i, name))

    def _without_copies(self, name: str, pieces: list[int]) -> list[int]:
        """The pieces but for each that is the same as the one before, with no code of the student's in between."""
        submitted, kept = self._match.submitted, pieces[:1]
        for i in pieces[1:]:
            between = self._own[bisect_left(self._own, kept[-1]) : bisect_left(self._own, i)]
            if submitted[i].text != submitted[kept[-1]].text or any(submitted[j].is_code for j in between):
                kept.append(i)
        if len(kept) < len(pieces):
            self._match.notes.append(f"The answer {name} is there {len(pieces)} times; one copy was used.")
        if len(kept) > 1:
            self._match.notes.append(
                f"The answer {name} is in {len(kept)} cells; all of them were run, in their order."
            )
        return kept

    def _main_piece(self, name: str, pieces: list[int]) -> int:
        submitted = self._match.submitted
        code = [i for i in pieces if submitted[i].is_code] or pieces
        defining = [i for i in code if f"def {name}" in submitted[i].source or f"class {name}" in submitted[i].source]
        return (defining or code)[-1]

    # --- answers in words ---

    def _put_words(self, index: int) -> None:
        """All that may be the answer, in one cell: it is one text to a person, and one grade to nbgrader."""
        released, name = self._released[index], cells.own_id(self._released[index])
        found = words_of(index, self._match, self._released, self._own)
        self._own = [i for i in self._own if i not in found.positions]
        if not found.is_there and not found.positions:
            self.missing.append(name)
        cell = self._ours(index, released.source)
        parts: list[str] = []
        pictures: dict[str, dict] = {}
        for heading, i in found.parts:
            theirs = self._match.submitted[i]
            text, new, refused = carry(theirs.source, theirs.attachments, first=len(pictures) + 1)
            pictures |= new
            parts.append(f"*({heading}:)*\n\n{text}" if heading else text)
            self._note_refused(refused, f"the answer {name}")
        if parts:
            cell.source = "\n\n".join(parts)
        if pictures:
            cell["attachments"] = nbformat.from_dict(pictures)
        if found.note:
            self._match.notes.append(found.note)
        # Nothing of the student's comes between an answer and its rubric: what looks like one further down is not.
        self._put(index, _FIRST, cell, *self._rubrics.get(index, []))

    def _note_refused(self, refused: list[str], where: str) -> None:
        self._match.notes.extend(f"Left out of {where}: {one}." for one in refused)

    # --- the student's own cells ---

    def _own_positions(self) -> list[int]:
        """The student's own cells, and copies of given code, which their notebook would run again."""
        match, anchored = self._match, set(self._anchors[0])
        again = set()
        for index, found in match.given.items():
            ours = self._released[index]
            if ours.cell_type == "code" and not cells.is_judged(ours) and not {"demo", "helpers"} & cells.tags(ours):
                again |= {i for i in found if i not in anchored and match.submitted[i].text == plain(ours.source)}
        used = {i for found in (match.given, match.pieces) for copies in found.values() for i in copies}
        skipped = (used | match.left_out) - again
        return [i for i, cell in enumerate(match.submitted) if cell.text and i not in skipped]

    def _put_own_cells(self) -> None:
        if len(self._own) > MAX_EXTRA_CELLS:
            self._match.notes.append(
                f"The notebook has {len(self._own)} cells of your own; the first {MAX_EXTRA_CELLS} were kept and run."
            )
        for i in self._own[:MAX_EXTRA_CELLS]:
            self._put(self._place(i), i, self._own_cell(i))

    def _own_cell(self, position: int, answer: str | None = None) -> NotebookNode:
        """A student's own cell, or a piece of an answer: its text and pictures alone, ungraded."""
        theirs = self._match.submitted[position]
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        tags = ["student", *([cells.tag_of_piece(answer)] if answer else [])]
        tags += [cells.OF_GIVEN] if theirs.is_as_given else []
        source = theirs.source
        pictures: dict[str, dict] = {}
        if theirs.kind == "markdown":
            source, pictures, refused = carry(source, theirs.attachments)
            self._note_refused(refused, "a cell of your own")
        cell = make.get(theirs.kind, nbformat.v4.new_raw_cell)(source, metadata={"tags": tags})
        if pictures:
            cell["attachments"] = nbformat.from_dict(pictures)
        return cell


class Rebuild(NbGraderPreprocessor):
    """nbgrader preprocessor, instead of OverwriteCells and DeduplicateIds: see `rebuild`."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        name = resources["nbgrader"]["notebook"]
        check_notebook(nb)
        notebook, missing, notes = rebuild(nb, *instructor_notebooks(Course.find(), name))
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"].get("student", name), note)
        notes = [*resources["nbgrader"].get("notes", []), *notes]  # of SubmissionExporter, which read the file
        notebook.metadata["autograder"] = {"missing": missing, "notes": notes}
        return notebook, resources


def instructor_notebooks(course: Course, name: str) -> tuple[NotebookNode, NotebookNode]:
    """The walkthrough and the student version of a notebook.
    Raises CourseError if one is missing: nbgrader's generate_assignment removes what it fails to make."""
    try:
        return nbformat.read(course.walkthrough(name), as_version=4), nbformat.read(course.release(name), as_version=4)
    except FileNotFoundError as error:
        raise CourseError(f"{error.filename} is missing: run `autograder build {name}`") from error
