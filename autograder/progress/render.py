"""The progress page: HTML for a browser and for a notebook's output, and plain text where there is no HTML."""

from __future__ import annotations

from ..judge.verdict import points_text
from ..templating import templates
from .overview import NotebookStanding, Overview, Standing
from .states import WorkState

HONEST = (
    "You recorded this yourself, on this machine: it is for you and proves nothing. "
    "In a class, grades come from the grader."
)


def as_page(overview: Overview) -> str:
    """A whole page, for a file."""
    return _render("page.html.j2", overview)


def as_fragment(overview: Overview) -> str:
    """The page's content, for a notebook's output."""
    return _render("fragment.html.j2", overview)


def _render(name: str, overview: Overview) -> str:
    environment = templates("autograder.progress")
    words = (points_of, points_of_notebook, question_state, state_of)
    environment.filters.update({"points": points_text, **{word.__name__: word for word in words}})
    return environment.get_template(name).render(overview=overview, honest=HONEST)


def as_text(overview: Overview) -> str:
    """The same as plain lines."""
    lines = [f"{points_text(overview.score)} of {points_text(overview.points)} points by the judge", overview.next, ""]
    for notebook in overview.notebooks:
        lines.append(f"{notebook.name}: {points_of_notebook(notebook)}, {state_of(notebook)}")
        if notebook.begun:
            lines += [f"  {item.id}: {points_of(item)}, {item.state}" for item in notebook.exercises]
            lines += [f"  {one.id}: {question_state(one.written)}" for one in notebook.questions]
    return "\n".join([*lines, "", HONEST])


def points_of(item: Standing) -> str:
    return f"{'-' if item.score is None else points_text(item.score)} of {points_text(item.points)}"


def question_state(written: bool) -> str:
    return "written: compare it with the rubric in the walkthrough" if written else "not begun"


def state_of(notebook: NotebookStanding) -> str:
    right = sum(item.state == WorkState.RIGHT for item in notebook.exercises)
    if notebook.done:
        return "all exercises right"
    return f"{right} of {len(notebook.exercises)} exercises right" if notebook.begun else "not begun"


def points_of_notebook(notebook: NotebookStanding) -> str:
    return f"{points_text(notebook.score)} of {points_text(notebook.points)}"
