"""Results as tables for people."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .judge.verdict import Verdict
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
    """A class's results: a row a student, a numbered column an exercise, what the numbers mean below."""
    verdicts = results[0].verdicts
    table = Table(title=results[0].notebook, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("student", overflow="fold")
    for number, verdict in enumerate(verdicts, start=1):
        table.add_column(f"{number}\nof {verdict.max_score:g}", justify="right")
    table.add_column(f"total\nof {results[0].max_score:g}", justify="right")
    for result in results:
        not_graded = result.refusal or result.fault
        scores = ["-" if not_graded else _entry(verdict) for verdict in result.verdicts]
        table.add_row(escape(result.student), *scores, f"{result.score:g}")
    console.print(table)
    console.print("  ".join(f"{number} {verdict.id}" for number, verdict in enumerate(verdicts, start=1)))
    for result in results:
        for line in result.lines():
            console.print(escape(f"{result.student}: {line}"), highlight=False)
    console.print(f"Feedback: {feedback}/<student>/{results[0].notebook}/{results[0].notebook}.html", soft_wrap=True)


def _entry(verdict: Verdict) -> str:
    word = "" if verdict.status in ("pass", "fail") else f" {verdict.status}"
    return f"{verdict.score:g}{word}"
