"""What the person who grades reads beside the answers: the question, its rubric and the walkthrough's own answer."""

from __future__ import annotations

from dataclasses import dataclass

import nbformat
from markupsafe import Markup

from .. import cells
from ..course import Course, CourseError
from ..harmless.markup import code, markdown, under
from ..site.prose import Prose


@dataclass(frozen=True)
class Question:
    """One question that a person grades; `text`, `rubric` and `sample`, a right answer, are markup."""

    id: str
    text: Markup
    rubric: Markup
    sample: Markup


def questions_of(course: Course, name: str) -> dict[str, Question]:
    """The questions of a notebook that a person grades, in order. Raises CourseError if it has none."""
    notebook = nbformat.read(course.walkthrough(name), as_version=4)
    found: dict[str, Question] = {}
    text, last = "", ""  # of the text above; the question whose rubric may come next
    for cell in notebook.cells:
        is_for_instructor = "instructor" in cells.tags(cell)
        if cells.is_manual(cell):
            last = cells.own_id(cell)
            sample = "\n".join(cells.regions(cell.source, "SOLUTION")).strip()
            found[last] = Question(
                last, _shown(text), Markup(""), code(sample) if cell.cell_type == "code" else _shown(sample)
            )
        elif is_for_instructor and last and cell.cell_type == "markdown":
            known = found[last]
            found[last] = Question(last, known.text, known.rubric + _shown(cells.unfolded(cell.source)), known.sample)
        elif not is_for_instructor:
            text, last = cell.source if cell.cell_type == "markdown" else text, ""
    if not found:
        raise CourseError(f"{name} has no question that a person grades")
    return found


def _shown(text: str) -> Markup:
    """The course's own Markdown, with its formulas drawn as on the site."""
    try:
        shown = Prose().render(text)
    except CourseError:  # a formula that the site cannot draw either
        shown = markdown(text)
    return under(2, shown)
