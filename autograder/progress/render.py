"""The progress page: HTML for a browser and for a notebook's output, and plain text where there is no HTML.

Sentences and names may come from a student's code or file, so everything is escaped.
"""

from __future__ import annotations

import html

from ..judge.verdict import points_text
from .overview import NotebookStanding, Overview, Standing
from .states import WorkState

HONEST = (
    "You recorded this yourself, on this machine: it is for you and proves nothing. "
    "In a class, grades come from the grader."
)

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1rem }
caption { text-align: left; font-weight: bold; padding: .3rem 0 }
th, td { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #8886 }
.scroll { overflow-x: auto }
summary { cursor: pointer }
"""


def as_page(overview: Overview) -> str:
    """A whole page, for a file."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">\n<link rel="icon" href="data:,">\n'
        f"<title>Your progress: {points_text(overview.score)} of {points_text(overview.points)} points</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Your progress</h1>\n{as_fragment(overview)}\n"
        "</main>\n</body>\n</html>\n"
    )


def as_fragment(overview: Overview) -> str:
    """The page's content, for a notebook's output: words say everything, not colours."""
    total = f"{points_text(overview.score)} of {points_text(overview.points)} points by the judge"
    bar = f'<progress value="{overview.score:g}" max="{overview.points:g}" aria-label="points by the judge"></progress>'
    rows = (_row(html.escape(one.name), _points(one), html.escape(_standing_of(one))) for one in overview.notebooks)
    table = _table("Notebooks", ("notebook", "points", "state"), rows)
    parts = "\n".join(_notebook(one) for one in overview.notebooks)
    return f"<p><b>{total}</b> {bar}</p>\n<p>{html.escape(overview.next)}</p>\n{table}\n{parts}\n<p>{HONEST}</p>"


def as_text(overview: Overview) -> str:
    """The same as plain lines."""
    lines = [f"{points_text(overview.score)} of {points_text(overview.points)} points by the judge", overview.next, ""]
    for notebook in overview.notebooks:
        lines.append(f"{notebook.name}: {_points(notebook)}, {_standing_of(notebook)}")
        if notebook.begun:
            lines += [f"  {item.id}: {points_of(item)}, {item.state}" for item in notebook.exercises]
            lines += [f"  {one.id}: {question_state(one.written)}" for one in notebook.questions]
    return "\n".join([*lines, "", HONEST])


def points_of(item: Standing) -> str:
    return f"{'-' if item.score is None else points_text(item.score)} of {points_text(item.points)}"


def question_state(written: bool) -> str:
    return "written: compare it with the rubric in the walkthrough" if written else "not begun"


def _standing_of(notebook: NotebookStanding) -> str:
    right = sum(item.state == WorkState.RIGHT for item in notebook.exercises)
    if notebook.done:
        return "all exercises right"
    return f"{right} of {len(notebook.exercises)} exercises right" if notebook.begun else "not begun"


def _points(notebook: NotebookStanding) -> str:
    return f"{points_text(notebook.score)} of {points_text(notebook.points)}"


def _notebook(notebook: NotebookStanding) -> str:
    rows = [
        _row(f"<code>{html.escape(item.id)}</code>", points_of(item), _state(item), html.escape(item.advice))
        for item in notebook.exercises
    ]
    rows += [
        _row(f"{html.escape(one.id)} (in your own words)", f"{points_text(one.points)} by a person",
             html.escape(question_state(one.written)), "")
        for one in notebook.questions
    ]  # fmt: skip
    opened = " open" if notebook.begun and not notebook.done else ""
    table = _table(notebook.name, ("exercise", "points", "state", "what to do"), rows)
    summary = f"{html.escape(notebook.name)}: {_points(notebook)} points, {_standing_of(notebook)}"
    return f"<details{opened}><summary>{summary}</summary>{table}</details>"


def _state(item: Standing) -> str:
    day = f" (judged on {html.escape(item.checked[:10])})" if item.checked else ""
    return html.escape(item.state) + day


def _table(caption: str, columns: tuple[str, ...], rows) -> str:
    head = "".join(f'<th scope="col" style="text-align: left">{column}</th>' for column in columns)
    return (
        f'<div class="scroll" role="group" aria-label="{html.escape(caption)}" tabindex="0"><table>'
        f"<caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(*entries: str) -> str:
    # A notebook's own style aligns to the right.
    return "<tr>" + "".join(f'<td style="text-align: left">{entry}</td>' for entry in entries) + "</tr>"
