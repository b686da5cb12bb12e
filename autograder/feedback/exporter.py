"""The page that a student reads: score, verdict and answer for each exercise, all that was given folded away.

Nothing that a student's code or text put into the notebook can act in the reader's browser: all markup is rebuilt from
a short list of tags, and the page forbids scripts and requests to other hosts. TeX is therefore shown as it was typed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, Student

from .. import cells, templating
from ..harmless import markup
from ..harmless.markup import code, markdown, plain, safe_html, terminal, text_of, under
from ..judge.verdict import points_text
from ..statuses import ByHand

MAX_DESCRIPTION = 1_000
MAX_OUTPUTS = 30  # of one cell
MAX_PAGE = 500_000  # characters of markup, figures too, for a student's own cells and all that the code put out

_SHOWN_AS = {"text/html": safe_html, "text/markdown": markdown}
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class CellGrade:
    """The points of one graded cell, and how far a person is with it."""

    score: float
    max_score: float
    by_hand: ByHand = ByHand.SETTLED


@dataclass(frozen=True)
class GradesOfNotebook:
    """What the gradebook knows of one submitted notebook: plain data, for workers without a gradebook.

    `score` has the late penalty taken off. `cells` and `comments` go by grade id. `student` is the name to show, with
    the id.
    """

    notebook: str
    score: float
    max_score: float
    late_penalty: float
    cells: Mapping[str, CellGrade]
    comments: Mapping[str, str]
    student: str = ""


def read_grades(gradebook: Gradebook, name: str, student: str) -> GradesOfNotebook:
    """The grades of a student's notebook; the assignment has the notebook's name.
    Raises nbgrader.api.MissingEntry if the gradebook has no such submission."""
    submitted = gradebook.find_submission_notebook(name, name, student)
    penalty = submitted.late_submission_penalty or 0.0
    return GradesOfNotebook(
        name,
        submitted.score - penalty,
        submitted.max_score,
        penalty,
        {
            grade.name: CellGrade(grade.score, grade.max_score, ByHand.of(grade.needs_manual_grade, grade.manual_score))
            for grade in submitted.grades
        },
        {comment.name: comment.comment for comment in submitted.comments if comment.comment},
        shown_name(submitted.student),
    )


def shown_name(student: Student) -> str:
    """What pages call a student of the gradebook."""
    return templating.name_and_id(" ".join(filter(None, (student.first_name, student.last_name))), student.id)


class FeedbackExporter(Exporter):
    """nbconvert exporter for nbgrader's GenerateFeedback: the page of `render`, with the gradebook's grades."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb: NotebookNode, resources=None, **kwargs):
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        known = resources["nbgrader"]
        with Gradebook(known["db_url"]) as gradebook:
            grades = read_grades(gradebook, known["notebook"], known["student"])
        return render(nb, grades), resources


def render(notebook: NotebookNode, grades: GradesOfNotebook) -> str:
    """The feedback page of a graded notebook, without the rubrics in it.

    The same notebook and grades give the same page, to the byte.
    """
    ours = (cells.ATTEMPT_ID, cells.HEAD_ID)
    head = [cell for cell in notebook.cells if cell.get("id") in ours]
    body = [cell for cell in notebook.cells if cell.get("id") not in ours and cells.RUBRIC not in cells.tags(cell)]
    names = [name for cell in body if (name := cells.grade_id(cell)) and name in grades.cells]
    page = templating.render(
        "autograder.feedback",
        "feedback.html.j2",
        grades=grades,
        exercises=[(name, name.removesuffix("-check"), grades.cells[name]) for name in names],
        notes=[under(1, markdown(cell.source)) for cell in head],
        parts=list(_Parts(grades).of(body)),
        token_styles=markup.TOKEN_STYLES,
    )
    return page.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be written to a file


def refusal_page(notebook: str, student: str, reason: str) -> str:
    """The feedback of a submission that could not be graded: whose it is, and the reason."""
    return templating.render(
        "autograder.feedback",
        "refusal.html.j2",
        notebook=notebook,
        student=student,
        reason=reason,
        token_styles=markup.TOKEN_STYLES,
    )


templating.templates("autograder.feedback").filters["number"] = points_text
templating.templates("autograder.feedback").globals["ByHand"] = ByHand


class _Parts:
    """Makes the page's parts, and keeps what the student's code may add to the page within MAX_PAGE characters."""

    def __init__(self, grades: GradesOfNotebook):
        self._grades = grades
        self._spent = 0

    def of(self, body: list[NotebookNode]) -> Iterator[dict]:
        """In the notebook's order: each cell of interest is a part, a run of given cells one together."""
        for kind, run in itertools.groupby(body, _kind):
            if kind == "given":
                yield self._given(list(run))
            else:
                yield from (self._of_interest(kind, cell) for cell in run)

    def _given(self, run: list[NotebookNode]) -> dict:
        titles = [title.replace("`", "") for cell in run if _is_text(cell) for title in _HEADING.findall(cell.source)]
        failed = any(output.output_type == "error" for cell in run for output in cell.get("outputs", []))
        contents = [{"source": under(1, _source(cell)), "outputs": self._outputs(cell, 1)} for cell in run]
        return {"kind": "given", "title": ", ".join(titles), "open": failed, "cells": contents}

    def _of_interest(self, kind: str, cell: NotebookNode) -> dict:
        name = cells.grade_id(cell) or ""
        comment = self._grades.comments.get(name)
        return {
            "kind": kind,
            "id": name,
            "name": (cells.answer_of(cell) or name).removesuffix("-check"),
            "grade": self._grades.cells.get(name),
            "source": under(2, self._own_source(cell) if "student" in cells.tags(cell) else _source(cell)),
            "outputs": _verdict_outputs(cell) if kind == "verdict" else self._outputs(cell),
            "comment": under(2, markdown(comment)) if comment else "",
        }

    def _own_source(self, cell: NotebookNode) -> Markup:
        if self._spent > MAX_PAGE:
            return markup.left_out()
        self._spent += len(cell.source)  # pictures are bounded by the size of a notebook
        return _source(cell)

    def _outputs(self, cell: NotebookNode, level: int = 2) -> list[Markup]:
        shown: list[Markup] = []
        for output in cell.get("outputs", []):
            if self._spent > MAX_PAGE or len(shown) == MAX_OUTPUTS:
                return [*shown, markup.left_out()]
            shown.append(under(level, _output(output)))
            self._spent += len(shown[-1])
        return shown


def _kind(cell: NotebookNode) -> str:
    if cells.is_judged(cell):
        return "verdict"
    if cells.answer_of(cell):
        return "answer"
    if cells.OF_GIVEN in cells.tags(cell):
        return "of given"
    return "own" if "student" in cells.tags(cell) else "given"


def _is_text(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown"


def _source(cell: NotebookNode) -> Markup:
    if cell.cell_type == "code":
        return code(cell.source)
    return _text_with_pictures(cell) if _is_text(cell) else plain(cell.source)


def _text_with_pictures(cell: NotebookNode) -> Markup:
    """Markdown with the pictures attached to it, which `pictures` has checked and named. They come in afterwards.

    The text is made safe without them: it may be long no more than a text may be.
    """
    shown, source = {}, cell.source
    for number, (name, bundle) in enumerate(cell.get("attachments", {}).items()):
        stand_in = f"data:image/png;picture-{number}"
        source = source.replace(f"attachment:{name}", stand_in)
        shown[stand_in] = "data:{};base64,{}".format(*next(iter(bundle.items())))
    text = markdown(source)
    for stand_in, uri in shown.items():
        text = Markup(text.replace(f'src="{stand_in}"', f'src="{uri}"'))
    return text


def _verdict_outputs(cell: NotebookNode) -> list[Markup]:
    """What the judge put there. The cell's value is left out: it is the score, which is in the heading."""
    return [_output(output) for output in cell.outputs[:MAX_OUTPUTS] if output.output_type != "execute_result"]


def _output(output: NotebookNode) -> Markup:
    """One output. Its parts may have any form, for the student's process sent them."""
    if output.output_type == "stream":
        return terminal(text_of(output.get("text")))
    if output.output_type == "error":
        traceback = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
        return terminal("\n".join(map(text_of, traceback)))
    data = output.get("data", {})
    for kind, show in _SHOWN_AS.items():
        if kind in data:
            return show(text_of(data[kind]))
    return _image(output, data) or terminal(text_of(data.get("text/plain", "")))


def _image(output: NotebookNode, data: Mapping) -> Markup | None:
    """An image as data in the page. What scripts an SVG holds do not run in an image."""
    kind = next((kind for kind in ("image/svg+xml", "image/png", "image/jpeg") if kind in data), None)
    if kind is None:
        return None
    content = text_of(data[kind])
    uri = markup.data_uri(kind, markup.as_base64(content) if kind == "image/svg+xml" else content)
    metadata = output.get("metadata", {}).get(kind)
    alt = metadata.get("alt") if isinstance(metadata, dict) else None
    about = [text_of(alt)[:MAX_DESCRIPTION]] if alt else []
    return markup.image(uri, *about) if uri else plain(markup.NO_IMAGE)
