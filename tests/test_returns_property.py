"""Whatever sequence of ordinary things happens to a notebook on its way back: no point and no word is lost or gained.

Each operation keeps what a run from the top would do, as far as the notebook's own answers go; that is checked by a
run of the rebuilt notebook in this process, where every exercise is judged at its test cell.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import json
import random
import re
import tempfile
from functools import cache
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from nbgrader.utils import determine_grade

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from autograder.intake.reading import read_submission
from autograder.judge import judge_namespace
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from tests.support.returns import copy_of, own, place_of, strip_metadata, text_to_the_end
from tests.support.submissions import fill_in, quiet_right_answers

COURSE = Course.find()
TAGS = ["demo", "instructor", "student", "rubric", "skip-execution", "piece of squeeze", "helpers"]
STUB = "*Write your answer here.*"


def without_outputs(name: str):
    source, release = instructor_notebooks(COURSE, name)
    for cell in source.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return source, release


NOTEBOOKS = {name: without_outputs(name) for name in ("00_feature_maps", "01_squeeze_excitation")}
WITHOUT_KERAS = {
    "00_feature_maps": [exercise.id for exercise in CATALOGUE.exercises_of("00_feature_maps")],
    "01_squeeze_excitation": ["squeeze", "excite", "se_forward", "se_weight_count", "gate_gradient"],
}


def handed_in(name: str, answers: dict[str, str]):
    """A submission whose answers need what the student wrote in other cells, with words in each text that is theirs."""
    release = NOTEBOOKS[name][1]
    words = {
        cells.grade_id(c): f"Answer{i} one.\n\nAnswer{i}b two."
        for i, c in enumerate(release.cells)
        if cells.is_manual(c)
    }
    helped = {}
    for number, (exercise, source) in enumerate(answers.items()):
        helped[exercise] = f"own_{number}()\n\n\n{source}"
    notebook = fill_in(release, {**answers, **helped, **words})
    for number, exercise in enumerate(answers):
        place = place_of(notebook, exercise)
        helper = own(f"import math as math_{number}\n\n\ndef own_{number}():\n    return math_{number}.pi")
        notebook.cells[place:place] = [own(f"Remark{number} of mine.", "markdown"), helper]
    return notebook


# --- operations: a notebook and a source of random choices; what they return takes its place -------------------------


def is_answer(cell) -> bool:
    return cell.get("metadata", {}).get("nbgrader", {}).get("solution", False)


def has_words(cell) -> bool:
    return is_answer(cell) and cell.cell_type == "markdown" and STUB not in cell.source


def is_own(cell) -> bool:
    return cell.source.startswith(("import math as math_", "Remark", "Own"))


def is_helper(cell) -> bool:
    return cell.cell_type == "code" and cell.source.startswith("import math as math_") and "def own_" in cell.source


def is_sound(cell) -> bool:
    """Whether a cell is no prose in a code cell: what is merged with that does not run either."""
    return cell.cell_type != "code" or not cell.source.startswith(("Remark", "Answer"))


def pick(notebook, dice: random.Random, wanted) -> int | None:
    places = [i for i, cell in enumerate(notebook.cells) if wanted(cell)]
    return dice.choice(places) if places else None


def split_answer(notebook, dice):
    place = pick(notebook, dice, is_answer)
    if place is None:
        return
    cell = notebook.cells[place]
    if cell.cell_type == "code":
        try:
            begins = [
                min([one.lineno, *(d.lineno for d in getattr(one, "decorator_list", []))]) - 1
                for one in ast.parse(cell.source).body
            ]
        except SyntaxError:
            return  # words in a code cell
        lines = cell.source.splitlines()
        at = dice.choice([*begins[1:], len(lines)])
    else:
        lines = cell.source.splitlines()
        at = dice.choice([i for i, line in enumerate(lines) if not line] + [len(lines)])
    halves = ["\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()]
    notebook.cells[place : place + 1] = [copy_of(cell, halves[0], cell.get("id")), copy_of(cell, halves[1])]


def split_given(notebook, dice):
    place = pick(
        notebook,
        dice,
        lambda cell: (
            not is_answer(cell) and not is_own(cell) and "\n\n" in cell.source and cell.cell_type == "markdown"
        ),
    )
    if place is None:
        return
    cell = notebook.cells[place]
    at = cell.source.index("\n\n")
    notebook.cells[place : place + 1] = [
        copy_of(cell, cell.source[:at], cell.get("id")),
        copy_of(cell, cell.source[at:].strip()),
    ]


def merge_with_neighbour(notebook, dice):
    """Two adjacent cells of the student's, of one type; the first one's marks stay."""
    pairs = [
        i
        for i, (one, other) in enumerate(zip(notebook.cells, notebook.cells[1:], strict=False))
        if one.cell_type == other.cell_type and all((is_answer(c) or is_own(c)) and is_sound(c) for c in (one, other))
    ]
    if pairs:
        place = dice.choice(pairs)
        one, other = notebook.cells[place : place + 2]
        if other.cell_type != "code" and is_own(one) and is_answer(other):
            one, other = other, one  # words keep their label: a remark above an answer is no part of the question
        notebook.cells[place : place + 2] = [copy_of(one, f"{one.source}\n\n{other.source}".strip(), one.get("id"))]


def copy_answer(notebook, dice):
    place = pick(notebook, dice, is_answer)
    if place is not None:
        cell = notebook.cells[place]
        notebook.cells.insert(dice.choice([place, place + 1, len(notebook.cells)]), copy_of(cell, cell.source))


def copy_stub(notebook, dice, release):
    stub = release.cells[pick(release, dice, is_answer)]
    notebook.cells.insert(dice.randrange(len(notebook.cells) + 1), copy_of(stub, stub.source))


def older_try_above(notebook, dice):
    place = pick(notebook, dice, lambda cell: is_answer(cell) and cell.cell_type == "code" and "own_" in cell.source)
    if place is not None:
        names = re.findall(r"^def (\w+)", notebook.cells[place].source, re.MULTILINE)
        older = "\n\n".join(
            f"def {name}(*inputs, **more):\n    return None" for name in names if not name.startswith("own_")
        )
        if older:
            notebook.cells.insert(place, copy_of(notebook.cells[place], older))


def move_helper_up(notebook, dice):
    place = pick(notebook, dice, is_helper)
    if place is not None:
        cell = notebook.cells.pop(place)
        notebook.cells.insert(dice.randrange(place + 1), cell)


def move_remark(notebook, dice):
    place = pick(notebook, dice, lambda cell: cell.source.startswith("Remark"))
    if place is not None:
        cell = notebook.cells.pop(place)
        notebook.cells.insert(dice.randrange(len(notebook.cells) + 1), cell)


def helper_into_given(notebook, dice):
    """A student's helper goes into the cell of ours above it: given, demonstration or test."""
    place = pick(notebook, dice, is_helper)
    if place is None:
        return
    above = [
        i
        for i in range(place)
        if notebook.cells[i].cell_type == "code" and not is_answer(notebook.cells[i]) and not is_own(notebook.cells[i])
    ]
    if above:
        helper, into = notebook.cells[place], notebook.cells[above[-1]]
        parts = [into.source, helper.source]
        into.source = "\n\n".join(parts if dice.random() < 0.5 else parts[::-1])
        del notebook.cells[place]


def answer_into_test(notebook, dice, release):
    """The answer is typed into its test cell; its own cell stays untouched."""
    place = pick(notebook, dice, lambda cell: is_answer(cell) and cell.cell_type == "code" and cells.grade_id(cell))
    if place is None:
        return
    name = cells.grade_id(notebook.cells[place])
    copies = [cell for cell in notebook.cells if cells.grade_id(cell) == name]
    tests = [cell for cell in notebook.cells if cells.grade_id(cell) == f"{name}-check"]
    stub = release.cells[place_of(release, name)].source
    if len(copies) == 1 and tests and notebook.cells.index(tests[0]) > place and copies[0].source.startswith("own_"):
        tests[0].source = f"{copies[0].source}\n\n\n{tests[0].source}"
        copies[0].source = stub


def words_into_question(notebook, dice):
    place = pick(notebook, dice, has_words)
    if place:
        cell, above = notebook.cells[place], notebook.cells[place - 1]
        if above.cell_type == "markdown" and not is_answer(above) and not is_own(above):
            above.source += f"\n\n{cell.source}"
            cell.source = STUB


def words_beside(notebook, dice):
    place = pick(notebook, dice, has_words)
    if place is not None:
        cell = notebook.cells[place]
        notebook.cells.insert(place + dice.randrange(2), own(cell.source, dice.choice(["markdown", "raw"])))
        cell.source = STUB


def convert_type(notebook, dice):
    place = pick(notebook, dice, lambda cell: cell.cell_type == "markdown" and (is_answer(cell) or is_own(cell)))
    if place is not None:
        cell = notebook.cells[place]
        converted = own(cell.source, dice.choice(["raw", "code"]), metadata=cell.metadata)
        if "id" in cell:
            converted["id"] = cell["id"]
        notebook.cells[place] = converted


def retag(notebook, dice):
    for cell in dice.sample(notebook.cells, 10):
        cell.metadata["tags"] = dice.sample(TAGS, 2)


def strip_ids(notebook, dice):
    for cell in notebook.cells:
        cell.pop("id", None)
    notebook.nbformat_minor = 4


def insert_own(notebook, dice):
    number = dice.randrange(10**6)
    new = dice.choice(
        [own(f"Own{number} = 1"), own("1 / 0"), own("print('hm')"), own(f"Own{number} words.", "markdown")]
    )
    notebook.cells.insert(dice.randrange(len(notebook.cells) + 1), new)


def with_returns(cell) -> dict:
    return {**cell, "source": re.sub(r"\r*\n", "\r\n", cell.source)}


def encoded(notebook, dice):
    """Written as some tool writes it, and read again."""
    as_json = json.dumps(notebook, indent=1)
    raw = dice.choice(
        [
            lambda: as_json.replace("\n", "\r\n").encode("utf-8-sig"),
            lambda: json.dumps(nbformat.convert(copy.deepcopy(notebook), 3)).encode(),
            lambda: json.dumps({**notebook, "cells": [with_returns(cell) for cell in notebook.cells]}).encode(),
        ]
    )()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ipynb"
        path.write_bytes(raw)
        return read_submission(path)[0]


def without_metadata(notebook, dice):
    strip_metadata(notebook)


def converted(notebook, dice):
    text_to_the_end(notebook)


OPERATIONS = (
    split_answer,
    split_given,
    merge_with_neighbour,
    copy_answer,
    copy_stub,
    older_try_above,
    move_helper_up,
    move_remark,
    helper_into_given,
    answer_into_test,
    words_into_question,
    words_beside,
    convert_type,
    retag,
    strip_ids,
    insert_own,
    encoded,
    without_metadata,
    converted,
)
HISTORIES = st.lists(st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 2**32)), min_size=1, max_size=5)


def after(history, notebook, release):
    """The notebook after a sequence of operations."""
    notebook = copy.deepcopy(notebook)
    for number, seed in history:
        operation, dice = OPERATIONS[number], random.Random(seed)
        needs_release = operation in (copy_stub, answer_into_test)
        notebook = operation(notebook, dice, *([release] if needs_release else [])) or notebook
    return notebook


# --- what comes out -------------------------------------------------------------------------------------------------


@cache
def scores(name: str, run: tuple[str, ...]) -> dict[str, float]:
    """The scores after a run of these sources; one that begins with "judge:" names the exercise to judge there."""
    names: dict = {}
    found = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in run:
            if source.startswith("judge:"):
                found[source[6:]] = judge_namespace(CATALOGUE.find(name, source[6:]), names).score
            else:
                with contextlib.suppress(Exception):
                    exec(compiled(source), names)
    return found


@cache
def compiled(source: str):
    return compile(source, "cell", "exec")


def run_of(name: str, notebook) -> tuple[str, ...]:
    run = []
    for cell in notebook.cells:
        if cells.is_judged(cell):
            if cells.judged_exercise(cell) in WITHOUT_KERAS[name]:
                run.append(f"judge:{cells.judged_exercise(cell)}")
        elif cell.cell_type == "code" and "demo" not in cells.tags(cell):
            run.append(cell.source)
    return tuple(run)


def words(text: str) -> set[str]:
    return set(re.findall(r"\b(?:Answer\d+b?|Remark\d+|Own\d+)\b", text))


def check_words(before, notebook) -> None:
    """Every word stands where people look, and a person grades each question that has an answer."""
    visible = [cell for cell in notebook.cells if "student" in cells.tags(cell) or cells.is_marked(cell, "solution")]
    written = words(" ".join(cell.source for cell in before.cells))
    assert written <= words(" ".join(cell.source for cell in visible))
    by_hand = [cell for cell in visible if cells.is_manual(cell)]
    assert by_hand and all(determine_grade(cell)[0] is None for cell in by_hand)
    assert all(words(cell.source) & {word for word in written if word.startswith("Answer")} for cell in by_hand)


def rebuilt(name: str, history, submitted):
    source, release = NOTEBOOKS[name]
    note(str([OPERATIONS[number].__name__ for number, _ in history]))
    handed = after(history, submitted, release)
    notebook, _, notes = rebuild(copy.deepcopy(handed), source, release)
    note(str(notes))
    return handed, notebook


RIGHT = {
    name: handed_in(name, {k: v for k, v in quiet_right_answers(name).items() if k in WITHOUT_KERAS[name]})
    for name in NOTEBOOKS
}
WRONG = {
    name: handed_in(name, {one: f"def {one}(x, *more, **others):\n    return x" for one in WITHOUT_KERAS[name]})
    for name in NOTEBOOKS
}


def thorough(examples: int):
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def check_right(name: str, history) -> None:
    handed, notebook = rebuilt(name, history, RIGHT[name])
    full = {
        exercise.id: exercise.points for exercise in CATALOGUE.exercises_of(name) if exercise.id in WITHOUT_KERAS[name]
    }
    assert scores(name, run_of(name, notebook)) == full
    check_words(handed, notebook)


@thorough(450)
@given(HISTORIES)
def test_right_answers_and_words_survive(history):
    check_right("00_feature_maps", history)


@thorough(60)
@given(HISTORIES)
def test_right_answers_survive_in_another_notebook(history):
    check_right("01_squeeze_excitation", history)


@thorough(150)
@given(HISTORIES)
def test_wrong_answers_gain_nothing(history):
    name = "00_feature_maps"
    _, notebook = rebuilt(name, history, WRONG[name])
    worth = scores(name, run_of(name, rebuilt(name, [], WRONG[name])[1]))
    assert 0 < sum(worth.values()) < sum(exercise.points for exercise in CATALOGUE.exercises_of(name))
    found = scores(name, run_of(name, notebook))
    assert found.keys() == worth.keys() and all(found[one] <= worth[one] for one in worth)


@pytest.mark.parametrize("number", range(len(OPERATIONS)))
def test_each_operation_does_something(number):
    """Or the test above would be empty."""
    name = "00_feature_maps"
    before = json.dumps(RIGHT[name])
    assert any(json.dumps(after([(number, seed)], RIGHT[name], NOTEBOOKS[name][1])) != before for seed in range(5))
