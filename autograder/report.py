"""Results as tables for people."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .pipeline.grade import Result


def print_exercises(console: Console, result: Result) -> None:
    """One student's result: a row an exercise, with what to do where points are missing."""
    if result.refusal or result.fault:
        console.print(escape(result.refusal or f"The grader failed: {result.fault}"))
        return
    table = Table(title=result.notebook)
    for column, options in (("exercise", {}), ("points", {"justify": "right"}), ("result", {}), ("hints", {})):
        table.add_column(column, **options)
    for verdict in result.verdicts:
        points = f"{verdict.score:g} of {verdict.max_score:g}"
        table.add_row(escape(verdict.id), points, verdict.status, escape("\n".join(verdict.messages)))
    table.add_section()
    table.add_row("total", f"{result.score:g} of {result.max_score:g}")
    console.print(table)
    for note in result.notes:
        console.print(escape(note))
    console.print(f"Inputs of seed {result.seed}: --seed {result.seed} replays them.")


def print_class(console: Console, results: list[Result], feedback: Path) -> None:
    """A class's results: a row a student, a column an exercise."""
    verdicts = results[0].verdicts
    table = Table(title=results[0].notebook)
    table.add_column("student")
    for verdict in verdicts:
        table.add_column(f"{verdict.id}\n{verdict.max_score:g}", justify="right", overflow="fold")
    table.add_column(f"total\n{results[0].max_score:g}", justify="right")
    table.add_column("remarks")
    for result in results:
        scores = [_entry(verdict) for verdict in result.verdicts]
        if result.refusal or result.fault:
            scores = ["-"] * len(scores)
        table.add_row(escape(result.student), *scores, f"{result.score:g}", escape(" ".join(result.lines())))
    console.print(table)
    console.print(f"Feedback: {feedback}/<student>/{results[0].notebook}/{results[0].notebook}.html")


def _entry(verdict) -> str:
    word = "" if verdict.status in ("pass", "fail") else f" {verdict.status}"
    return f"{verdict.score:g}{word}"
