"""Results as tables for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .grading.grade import Result
from .grading.replay import Replayed
from .judge.verdict import Verdict
from .printable import printable
from .record.class_list import ClassList, Member
from .statuses import JUDGED


def print_exercises(console: Console, result: Result) -> None:
    """One student's result: one row per exercise, with what to do where points are missing."""
    if result.reason:
        console.print(shown(result.refusal or f"The grader failed: {result.fault}"))
        return
    table = Table(title=result.notebook)
    # Folded: where the terminal is narrow, Rich cuts words that are longer than their column.
    table.add_column("exercise", overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("result", overflow="fold")
    table.add_column("hints", overflow="fold")
    for verdict in result.verdicts:
        points = f"{verdict.score:g} of {verdict.max_score:g}"
        table.add_row(escape(verdict.id), points, verdict.status, "\n".join(map(shown, verdict.messages)))
    table.add_section()
    table.add_row("total", f"{result.score:g} of {result.max_score:g}")
    console.print(table)
    for note in result.notes:
        console.print(shown(note))
    console.print(f"Inputs of seed {result.seed}: --seed {result.seed} replays them.")


def print_replay(console: Console, result: Result, replayed: Iterable[Replayed]) -> None:
    """What was asked in each exercise and what came, a line each, then what the judge made of it."""
    if result.reason:
        console.print(shown(result.refusal or f"The grader failed: {result.fault}"))
        return

    def line(text: str) -> None:
        console.print(shown(text), highlight=False, soft_wrap=True)

    for one in replayed:
        verdict = one.verdict
        line(f"{verdict.id}: {verdict.score:g} of {verdict.max_score:g} points, {verdict.status}")
        for exchange in one.exchanges:
            line(f"  {exchange.question}: {exchange.asked}")
            line(f"    came: {exchange.came}")
        for item in verdict.properties:
            held = "holds" if item.passed else f"does not hold. {item.sentence}"
            line(f"  {item.name} ({item.earned:g} of {item.points:g}): {item.statement}: {held}")
    for note in result.notes:
        line(note)
    line(f"Inputs of seed {result.seed}.")


def print_class(
    console: Console,
    results: Iterable[Result],
    feedback: Path,
    people: ClassList,
    with_missing: bool = True,
    graded: Collection[str] = (),
) -> None:
    """A class's results: one row per student, one numbered column per exercise, what the numbers mean below.

    Who handed in nothing has a row without points, if `with_missing`; it says so of those who were `graded` before.
    """
    rows, seeds = {}, set()
    of_line: dict[str, list[str]] = {}  # what is to be said, and of whom
    exercises: dict[str, list[float]] = {}  # the seconds of each
    notebook, columns = "", []
    for result in results:
        if not exercises:
            exercises = {verdict.id: [] for verdict in result.verdicts}
            notebook, columns = result.notebook, _columns(result)
        scores = ["-" if result.reason else _entry(verdict) for verdict in result.verdicts]
        rows[result.student] = [*scores, f"{result.score:g}"]
        for line in result.lines():
            of_line.setdefault(line, []).append(result.student)
        seeds |= {result.class_seed} - {None}
        for exercise, seconds in result.exercise_seconds.items():
            exercises[exercise].append(seconds)
    absent = sorted(people.members.keys() - rows.keys()) if with_missing else []
    missing = {student: "nothing now, graded before" if student in graded else "nothing" for student in absent}
    rows |= {student: ["-"] * len(columns) for student in missing}
    console.print(_class_table(notebook, columns, rows, people, missing))
    console.print("  ".join(_legend(number, *entry) for number, entry in enumerate(exercises.items(), start=1)))
    for line, students in of_line.items():
        console.print(shown(f"{', '.join(students)}: {line}"), highlight=False)
    if seeds:
        shown_seeds = ", ".join(map(str, sorted(seeds)))
        console.print(f"Class seed, not for students: {shown_seeds}. With --seed it repeats the run.", highlight=False)
    console.print(f"Feedback: {feedback}/<student>/{notebook}/{notebook}.html", soft_wrap=True)


def shown(text: str) -> str:
    """Text that students chose, as Rich prints it: no codes of a terminal, and no markup."""
    return escape(printable(text))


def _columns(result: Result) -> list[str]:
    exercises = [f"{number}\nof {verdict.max_score:g}" for number, verdict in enumerate(result.verdicts, start=1)]
    return [*exercises, f"total\nof {result.max_score:g}"]


def _class_table(
    notebook: str, columns: list[str], rows: dict[str, list[str]], people: ClassList, missing: Mapping[str, str]
) -> Table:
    """The table itself; names, and how it was handed in, have a column where there is anything in it."""
    members = {student: people.members.get(student, Member()) for student in rows}
    names = {student: member.name for student, member in members.items()}
    sections = {student: member.section for student, member in members.items()}
    handed_in = {student: missing.get(student) or str(people.lateness.get(student, "")) for student in rows}
    table = Table(title=notebook, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    columns_aside = (("name", names), ("section", sections), ("handed in", handed_in))
    asides = [(title, of) for title, of in columns_aside if any(of.values())]
    for title in ("student", *(title for title, _ in asides)):
        table.add_column(title, overflow="fold")
    for title in columns:
        table.add_column(title, justify="right")
    for student, points in rows.items():
        table.add_row(shown(student), *(shown(of[student]) for _, of in asides), *points)
    return table


def _legend(number: int, exercise: str, seconds: list[float]) -> str:
    mean = f" ({sum(seconds) / len(seconds):.2f} s)" if seconds else ""
    return f"{number} {exercise}{mean}"


def _entry(verdict: Verdict) -> str:
    word = "" if verdict.status in JUDGED else f" {verdict.status}"
    return f"{verdict.score:g}{word}"
