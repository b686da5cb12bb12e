"""The helper cell of every notebook: what a failed check shows, what a figure of a right answer shows, predictions."""

from __future__ import annotations

import ast
import inspect
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder import cells
from autograder.build.helper_cell import WIDTH, read_causes
from autograder.build.source import read_source
from autograder.course import Course
from autograder.packing import pack, packed_in

COURSE = Course.find()
SOURCE = COURSE.helpers.read_text(encoding="utf-8")


def helper_cell(causes: dict[str, str] | None = None) -> dict:
    """The names that the helpers define, with these known causes."""
    names = {"__name__": "__main__", "CAUSES": causes or {}}
    exec(SOURCE, names)
    return names


@pytest.fixture(scope="module")
def cell() -> str:
    """The helper cell of a notebook as a student has it."""
    notebook = read_source(COURSE, "01_squeeze_excitation")
    (found,) = [cell for cell in notebook.cells if "helpers" in cells.tags(cell)]
    return cells.visible_source(found.source)


@pytest.fixture
def shell(cell) -> InteractiveShell:
    """A notebook's kernel in which the helper cell ran."""
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    shell.run_cell(cell).raise_error()
    return shell


@pytest.fixture
def names(monkeypatch):
    """The helper cell's names; figures that it shows are kept, with their alt texts, and not drawn."""
    found = helper_cell()
    found["shown"] = []
    found["show"] = lambda figure, alt: found["shown"].append((figure, alt))
    yield found
    plt.close("all")


def test_the_cell_is_short_and_says_what_is_in_it_and_where(cell):
    lines = cell.splitlines()
    assert len(lines) <= 20 and sum(len(line) > WIDTH for line in lines) == 1
    assert "You can leave this cell closed" in lines[1] and "print(HELPERS)" in cell
    assert f"\n# https://github.com/{COURSE.repository}/blob/main/solutions/helpers.py\n" in cell
    named = {node.id for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Name)}
    assert set(re.findall(r"^(?:def|class) (\w+)", SOURCE, re.MULTILINE)) <= named, "what editors know"


def test_the_helpers_can_be_read_where_they_run(shell, capsys):
    assert shell.user_ns["HELPERS"] == SOURCE
    assert inspect.getsource(shell.user_ns["check_close"]) in SOURCE
    shell.run_cell("check_close??")
    assert "worst = np.unravel_index(" in re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    shell.run_cell("draw_maps([], [])")
    shown = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "low = min(values.min() for values in maps)" in shown and "HELPERS" not in shown


def test_a_failed_check_shows_its_lines_and_none_of_the_helpers(shell, capsys):
    shell.run_cell("check_close(np.array([1.0, 3.0]), [1, 2], rule='one gate per channel')")
    shown = capsys.readouterr().out.strip().splitlines()
    assert shown == [
        "expected: 2 at index [1]",
        "came: 3; greatest difference 1, 1 of 2 numbers differ",
        "rule: one gate per channel",
    ]


def test_a_known_failure_names_its_cause_in_place_of_the_rule(names):
    with pytest.raises(AssertionError) as failed:
        names["check_close"](np.array([0.1, 0.7]), [0.5, 0.5], rule="worked by hand")
    known = helper_cell({failed.value.fingerprint: "The sigmoid is missing."})
    for nearly in (0.0, 1e-6):  # computed in float32, or in another order
        with pytest.raises(AssertionError) as again:
            known["check_close"](np.array([0.1, 0.7]) + nearly, [0.5, 0.5], rule="worked by hand")
        assert str(again.value).endswith("likely cause: The sigmoid is missing.")
        assert "rule" not in str(again.value)
    with pytest.raises(AssertionError, match="rule: worked by hand"):
        known["check_close"](np.array([0.1, 0.8]), [0.5, 0.5], rule="worked by hand")


@given(st.lists(st.sampled_from([-3.0, -1.0, 0.0, 1.0, 1e6]), min_size=1), st.randoms(use_true_random=False))
def test_another_processor_rounds_otherwise_and_fails_in_the_same_way(wrong, random):
    """Numbers that are equally far off, and some that cancel out where each is weighted: by cosines, as once."""
    check_close, cancelled = helper_cell()["check_close"], [math.cos(1), -1.0]
    came = np.array([*cancelled, *wrong])
    rounded = came + [random.choice([-1, 1]) * 1e-14 * abs(number) for number in came]
    prints = set()
    for result in (came, rounded):
        with pytest.raises(AssertionError) as failed:
            check_close(result, np.zeros(len(came)))
        prints.add(failed.value.fingerprint)
    assert len(prints) == 1


def test_known_causes_are_packed_and_come_out_as_they_were(cell, shell):
    causes = read_causes(COURSE, "01_squeeze_excitation")
    assert causes and shell.user_ns["CAUSES"] == causes
    assert not any(sentence in cell for sentence in causes.values())


def test_only_what_was_packed_is_unpacked():
    causes = {"0a1b2c3d": "It adds up: „ß“ stays as it is."}
    word = pack("x = 1", causes)
    (found,) = packed_in(f'HELPERS = f("{word}")')
    assert (found.word, found.helpers, found.causes) == (word, "x = 1", causes)
    for other in (word[:-8], word[4:], "A" * 80, word.swapcase()):
        assert list(packed_in(f'"{other}"')) == []


@pytest.mark.parametrize("target", [np.arange(6.0), np.ones((2, 3, 4, 2)), np.ones((2, 3, 4)), np.eye(3)], ids=np.shape)
def test_a_right_result_is_drawn_alone_and_a_wrong_one_beside_its_target(names, target, capsys):
    compare, shown = names["compare"], names["shown"]
    compare(lambda: target, target, (), "title", "alt.")
    assert capsys.readouterr().out.startswith("equal to the target")
    compare(lambda: target + 0.5 * (np.arange(target.size).reshape(target.shape) == 1), target, (), "title", "alt.")
    assert capsys.readouterr().out == "different from the target, by 0.5 at most\n"
    right, wrong = (len(figure.axes) for figure, _ in shown)
    assert wrong > right and shown[1][1] == "alt. Greatest difference: 0.5."


def test_a_right_block_is_drawn_as_input_gate_and_output(names):
    x, gate = np.random.default_rng(0).normal(size=(1, 4, 5, 2)), np.array([[0.25, 0.75]])[:, None, None, :]
    names["compare"](lambda x: x * gate, x * gate, (x,), "title", "alt.", gate=gate)
    ((figure, _),) = names["shown"]
    assert [axis.get_ylabel() for axis in figure.axes if axis.get_ylabel()] == ["input", "gate", "output"]


def test_a_prediction_is_shown_where_it_was_made_and_skipping_costs_nothing(names, capsys):
    figure, axis = plt.subplots()
    for show_guess in (names["compare_guess"], lambda guess, result: names["draw_guess"](axis, guess)):
        show_guess(None, 0.6875)
    assert capsys.readouterr().out == "" and not axis.lines
    names["compare_guess"](0.8, 0.6875, "fixed vote")
    names["compare_guess"](["SE", "none"], ["SE", "none"])
    assert capsys.readouterr().out.splitlines() == [
        "fixed vote: you predicted 0.8, it came to 0.6875, 0.113 apart",
        "you predicted ['SE', 'none'], it came to ['SE', 'none'], the same",
    ]
    names["draw_guess"](axis, 0.8)
    assert list(axis.lines[0].get_ydata()) == [0.8, 0.8]


@pytest.mark.parametrize("name", ["china", "flower"])
def test_the_photographs_need_no_connection(names, name):
    image = names["photograph"](name, height=60, width=80)
    assert image.shape == (60, 80, 3) and image.dtype == np.float32
    assert 0 <= image.min() < 0.2 and 0.8 < image.max() <= 1


def test_values_with_signs_have_white_at_zero(names):
    figure = names["draw_maps"]([np.array([[-1.0, 3.0]])], ["a map"], signed=True)
    drawn = figure.axes[0].images[0]
    assert drawn.get_clim() == (-3, 3) and drawn.cmap.name == "RdBu_r"
