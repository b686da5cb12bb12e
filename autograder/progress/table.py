"""The progress page in a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..judge.verdict import points_text
from ..tables import shown
from .overview import Overview
from .render import HONEST, points_of, points_of_notebook, question_state


def print_overview(console: Console, overview: Overview) -> None:
    """One line per notebook, below it its exercises where it is begun; then the judge's advice, and what comes next."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("notebook and exercises", overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    for notebook in overview.notebooks:
        state = "all right" if notebook.done else "" if notebook.begun else "not begun"
        table.add_row(f"[bold]{notebook.name}[/bold]", points_of_notebook(notebook), state)
        if not notebook.begun:
            continue
        for item in notebook.exercises:
            table.add_row(f"  {escape(item.id)}", points_of(item), item.state)
        for one in notebook.questions:
            table.add_row(f"  {shown(one.id)}", f"{points_text(one.points)} by a person", question_state(one.written))
    console.print(table)
    for notebook in overview.notebooks:
        for item in notebook.exercises:
            if item.score is not None and item.advice:
                console.print(shown(f"{item.id}: {item.advice}"), highlight=False)
    console.print(f"{points_text(overview.score)} of {points_text(overview.points)} points by the judge")
    console.print(shown(overview.next), highlight=False)
    console.print(HONEST, highlight=False)
