"""What the cells of a course notebook say about themselves: kind, tags, hidden part, judged exercise."""

from __future__ import annotations

import re

from nbformat import NotebookNode, from_dict

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
HEAD_ID = "graded-by-the-judge"  # of the cell that `judging` puts first: score, seed and notes
ATTEMPT_ID = "attempt-that-counts"  # of the cell above it that says which attempt counts, where there are several
RUBRIC = "rubric"  # the tag of what a graded notebook shows to the person who grades an answer by hand
OF_GIVEN = "of a given cell"  # the tag of the lines of another edition of a given cell
CHECKS_PASSED = "all visible checks passed"  # printed by each notebook's helpers, which import nothing of ours
_PIECE = "piece of "  # begins the tag of a student's cell that belongs to an answer
_REGION = re.compile(
    r"^(?P<indent>[ \t]*)[^\n]*### BEGIN (?P<kind>SOLUTION|HIDDEN TESTS)[^\n]*\n"
    r"(?P<text>.*?)^[^\n]*### END (?P=kind)[^\n]*\n?",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"^### (?:BEGIN|END) SOLUTION$", re.MULTILINE)
_FOLDED, _END_FOLDED = "<details>\n<summary>For the instructor</summary>\n\n", "\n\n</details>"
_JUDGED = re.compile(r"^judge\(\"(\w+)\"\)$", re.MULTILINE)
_HELPERS = "helpers"


def _nbgrader(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict:
    """nbgrader's metadata of a cell."""
    mark = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3, "solution": solution}
    return {**mark, "task": False} if points is None else {**mark, "points": points, "task": False}


def mark_helpers(cell: NotebookNode) -> None:
    """Make a cell the folded helper cell, which students run and do not read."""
    cell.metadata = from_dict(
        {
            "tags": [_HELPERS],
            "cellView": "form",  # Colab folds the cell
            "jupyter": {"source_hidden": True},  # JupyterLab folds it
            "nbgrader": _nbgrader(_HELPERS, locked=True),
        }
    )


def mark_answer(cell: NotebookNode, exercise: str) -> None:
    """Make a cell the one for the answer to an exercise."""
    cell.metadata["nbgrader"] = from_dict(_nbgrader(exercise, solution=True))


def mark_test(cell: NotebookNode, exercise: str, points: float) -> None:
    """Make a cell the test cell of an exercise: after what students see, its hidden part hands over to the judge."""
    cell.metadata["nbgrader"] = from_dict(_nbgrader(f"{exercise}-check", grade=True, locked=True, points=points))
    cell.source = f'{cell.source}\n{BEGIN_HIDDEN}\njudge("{exercise}")\n{END_HIDDEN}'


def mark_question(cell: NotebookNode, question: str, points: float) -> None:
    """Make a cell the one for an answer in words, which a person grades."""
    cell.metadata["nbgrader"] = from_dict(_nbgrader(question, grade=True, solution=True, points=points))


def tags(cell: NotebookNode) -> set[str]:
    """The cell's tags, among them demo (not run at grading), instructor (not for students), helpers."""
    return set(cell.metadata.get("tags", []))


def fold_answers(cell: NotebookNode) -> None:
    """Keep what tells an answer from who only scrolls by: the instructor's cells are folded, and the marks around an
    answer in words, which would be headings, are comments."""
    if cell.cell_type == "markdown" and "instructor" in tags(cell):
        cell.source = f"{_FOLDED}{cell.source}{_END_FOLDED}"
    elif cell.cell_type == "markdown":
        cell.source = _MARK.sub(r"<!-- \g<0> -->", cell.source)


def unfolded(source: str) -> str:
    """The text of an instructor's cell without the fold around it."""
    return source.removeprefix(_FOLDED).removesuffix(_END_FOLDED)


def grade_id(cell: NotebookNode) -> str | None:
    """nbgrader's id of the cell, if it has one. Metadata of any shape is survived."""
    nbgrader = cell.metadata.get("nbgrader")
    found = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return found if isinstance(found, str) else None


def own_id(cell: NotebookNode) -> str:
    """nbgrader's id of a graded cell of the instructor's notebook. Raises ValueError if it has none."""
    found = grade_id(cell)
    if found is None:
        raise ValueError("a graded cell of the instructor's notebook has no grade_id")
    return found


def tag_of_piece(answer: str) -> str:
    """The tag of a cell that belongs to an answer, beside the one cell that carries nbgrader's metadata."""
    return _PIECE + answer


def answer_of(cell: NotebookNode) -> str | None:
    """The answer that a cell of a rebuilt notebook belongs to: as its own cell, or as another piece of it."""
    if is_marked(cell, "solution"):
        return grade_id(cell)
    return next((tag.removeprefix(_PIECE) for tag in tags(cell) if tag.startswith(_PIECE)), None)


def is_marked(cell: NotebookNode, mark: str) -> bool:
    """Whether nbgrader's metadata sets `mark` ("grade", "solution", "locked")."""
    return bool(cell.metadata.get("nbgrader", {}).get(mark, False))


def is_judged(cell: NotebookNode) -> bool:
    """Whether the cell is a test cell: graded by the judge, not by hand."""
    return cell.cell_type == "code" and is_marked(cell, "grade") and not is_marked(cell, "solution")


def is_manual(cell: NotebookNode) -> bool:
    """Whether the cell is an answer that is graded by hand."""
    return is_marked(cell, "grade") and is_marked(cell, "solution")


def judged_exercise(cell: NotebookNode) -> str:
    """The exercise that a test cell of the instructor's notebook hands to the judge.
    Raises ValueError if its hidden part does not name exactly one."""
    found = _JUDGED.findall(cell.source)
    if len(found) != 1:
        raise ValueError(f'the test cell {grade_id(cell)} must hold one line judge("..."), not {len(found)}')
    return found[0]


def regions(source: str, kind: str) -> list[str]:
    """The text of each region of one kind, "SOLUTION" or "HIDDEN TESTS", without its marks."""
    return [found["text"] for found in _REGION.finditer(source) if found["kind"] == kind]


def student_source(source: str, stub: str) -> str:
    """The cell's source as nbgrader gives it to students: `stub` instead of each solution, no hidden test."""
    return _REGION.sub(lambda found: f"{found['indent']}{stub}\n" if found["kind"] == "SOLUTION" else "", source)


def visible_source(source: str) -> str:
    """The cell's source without its hidden part."""
    kept = _REGION.sub(lambda found: found[0] if found["kind"] == "SOLUTION" else "", source)
    return kept.rstrip("\n")
