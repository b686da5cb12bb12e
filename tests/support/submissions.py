"""Makes submissions from answer files: whole notebooks, clean or handled the way files are on their way to a grader."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from tests.support.answers import ANSWERS, Answer, all_answers, answer_named
from tests.support.colab import pasted_into_a_new_notebook, saved_by_colab
from tests.support.returns import place_of, split, strip_metadata


@dataclass(frozen=True)
class Student:
    """One student of a class: the answers, how the file was handled, and the score that must come out."""

    name: str
    score: float
    answers: Mapping[str, Answer]
    handling: str


def read_class(notebook: str) -> list[Student]:
    """The class that tests/answers/<notebook>/class.toml describes."""
    text = (ANSWERS / notebook / "class.toml").read_text(encoding="utf-8")
    return [_student(notebook, entry) for entry in tomllib.loads(text)["student"]]


def _student(notebook: str, entry: dict) -> Student:
    answers = {}
    if "right" in entry:
        for exercise in CATALOGUE.exercises_of(notebook):
            right = [a for a in all_answers() if (a.notebook, a.exercise, a.kind) == (notebook, exercise.id, "right")]
            answers[exercise.id] = right[entry["right"] % len(right)]
    for exercise, label in entry.get("answers", {}).items():
        answers[exercise] = answer_named(notebook, exercise, label)
    stated = sum(answer.score for answer in answers.values() if answer.exercise != entry.get("deleted"))
    return Student(entry["name"], entry.get("score", stated), answers, entry.get("handling", "none"))


def quiet_right_answers(notebook: str) -> dict[str, str]:
    """A right answer to every exercise, of those that print nothing and warn of nothing."""
    loud = re.compile(r"\b(print|warn|warnings|stderr|logging)\b")
    right = [a for a in all_answers() if a.notebook == notebook and a.kind == "right" and not loud.search(a.source)]
    answers = {answer.exercise: answer.source for answer in reversed(right)}
    return {exercise.id: answers[exercise.id] for exercise in CATALOGUE.exercises_of(notebook)}


def fill_in(release: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """The student version with the given sources in its answer cells."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        if cells.grade_id(cell) in answers:
            cell.source = answers[cells.grade_id(cell)]
    return notebook


def write_submission(course: Course, notebook: str, student: Student, submitted: Path) -> Path:
    """Write one student's file where nbgrader looks for it."""
    path = submitted / student.name / notebook / f"{notebook}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    release = nbformat.read(course.release(notebook), as_version=4)
    filled = fill_in(release, {name: answer.source for name, answer in student.answers.items()})
    path.write_bytes(HANDLINGS[student.handling](filled))
    return path


# --- what happens to a file on its way -----------------------------------------------------------------------------


def _as_bytes(notebook: NotebookNode) -> bytes:
    return json.dumps(notebook, indent=1).encode()


def _handled(change: Callable[[NotebookNode], object]) -> Callable[[NotebookNode], bytes]:
    def handle(notebook: NotebookNode) -> bytes:
        change(notebook)
        return _as_bytes(notebook)

    return handle


def _test_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cells.is_judged(cell)]


def duplicate_test_cell(notebook: NotebookNode) -> None:
    first = _test_cells(notebook)[0]
    notebook.cells.insert(notebook.cells.index(first), nbformat.from_dict(dict(first)))


def duplicate_answer_cell(notebook: NotebookNode) -> None:
    """A copy of the untouched stub below the answer: it must not wipe the answer out."""
    answer = next(cell for cell in notebook.cells if cells.is_marked(cell, "solution"))
    copy = nbformat.from_dict(dict(answer))
    notebook.cells.append(copy)


def flip_and_tag_test_cells(notebook: NotebookNode) -> None:
    for cell in _test_cells(notebook):
        cell.metadata["tags"] = ["skip-execution", "demo"]
        cell.metadata.nbgrader["grade"] = False
        cell.metadata.nbgrader["points"] = 1000


def delete_test_cells(notebook: NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if not cells.is_judged(cell)]


def delete_first_answer(notebook: NotebookNode) -> None:
    notebook.cells.remove(next(cell for cell in notebook.cells if cells.is_marked(cell, "solution")))


def add_clutter(notebook: NotebookNode) -> None:
    """Extra cells of a student at work: prints, warnings, an error, text, an unknown grade id."""
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    noise = "import sys, warnings\nprint('hm', file=sys.stderr)\nwarnings.warn('careful')"
    notebook.cells.insert(3, code(noise, id="extra-1"))
    notebook.cells.insert(5, code("1 / 0", id="extra-2"))
    notebook.cells.append(text("What did I learn today?", id="extra-3"))
    unknown = {"nbgrader": {"grade_id": "mine", "grade": True, "points": 50, "schema_version": 3}}
    notebook.cells.append(code("print('mine')", id="extra-4", metadata=unknown))


def split_answers_and_write_elsewhere(notebook: NotebookNode) -> None:
    """Every answer split in two, a helper of its own in a cell of ours, words in the question's cell."""
    names = [cells.grade_id(cell) for cell in notebook.cells if cells.is_marked(cell, "solution")]
    for number, name in enumerate(names):
        place = place_of(notebook, name)
        if cells.is_manual(notebook.cells[place]):
            notebook.cells[place - 1].source += f"\n\nI think it is {name}."
            continue
        given = next(cell for cell in reversed(notebook.cells[:place]) if cell.cell_type == "code")
        given.source += f"\n\ndef own_{number}():\n    return 1"
        split(notebook, name, f"own_{number}()", notebook.cells[place].source)


def older_format(notebook: NotebookNode) -> bytes:
    """The notebook as nbformat 3 wrote it."""
    return json.dumps(nbformat.convert(notebook, 3)).encode()


def foreign_kernel(notebook: NotebookNode) -> None:
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    notebook.metadata["language_info"] = {"name": "R"}


HANDLINGS: dict[str, Callable[[NotebookNode], bytes]] = {
    "none": _as_bytes,
    "duplicated test cell": _handled(duplicate_test_cell),
    "duplicated answer cell": _handled(duplicate_answer_cell),
    "stripped metadata": _handled(strip_metadata),
    "Colab": saved_by_colab,
    "Colab, format 4.5": lambda notebook: saved_by_colab(notebook, minor=5),
    "pasted into a new Colab": pasted_into_a_new_notebook,
    "flipped test cells": _handled(flip_and_tag_test_cells),
    "deleted test cells": _handled(delete_test_cells),
    "deleted answer": _handled(delete_first_answer),
    "clutter": _handled(add_clutter),
    "split and written elsewhere": _handled(split_answers_and_write_elsewhere),
    "older format": older_format,
    "foreign kernel": _handled(foreign_kernel),
    "broken JSON": lambda notebook: _as_bytes(notebook)[: len(_as_bytes(notebook)) // 2],
    "empty": lambda notebook: b"",
    "not a notebook": lambda notebook: b'{"title": "my essay"}',
    "not text": lambda notebook: bytes(range(256)),
}
