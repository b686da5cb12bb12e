"""One's own progress: what is kept, what is survived, what is shown."""

from __future__ import annotations

import json
import re
import shutil

import nbformat
import pytest
from click.testing import CliRunner
from rich.console import Console

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.cli import cli
from autograder.commands import check as check_module
from autograder.course import Course
from autograder.grading.grade import Result
from autograder.judge.verdict import PropertyVerdict, Verdict, without_answers
from autograder.progress.overview import find_work, overview
from autograder.progress.render import HONEST, as_page, as_text
from autograder.progress.states import WorkState
from autograder.progress.store import OFF, VARIABLE, Store, default_path, own_store
from autograder.progress.table import print_overview
from autograder.progress.work import _EMPTY_ANSWER, _STUB
from autograder.tables import print_exercises
from tests.support.submissions import fill_in

COURSE = Course.find()
FIRST, NAME, ID = "00_feature_maps", "01_squeeze_excitation", "squeeze"
EVIL = "<script>alert(1)</script>[bold]\x1b[2J"


def points_of(name: str) -> float:
    return sum(exercise.points for exercise in CATALOGUE.exercises_of(name))


OF_ALL = sum(map(points_of, CATALOGUE.notebooks))


def verdict(score: float, sentence: str = "Look again.", exercise: str = ID) -> Verdict:
    """A verdict of two properties, `score` of 3 points."""
    held = PropertyVerdict("shape", "gives the shape", score, True)
    lost = PropertyVerdict("values", "gives the values", 3 - score, False, sentence)
    return Verdict(exercise, "pass" if score == 3 else "fail", (held,) if score == 3 else (held, lost))


@pytest.fixture
def said():
    return []


@pytest.fixture
def store(tmp_path, said):
    return Store(tmp_path / "deep" / "progress.json", said.append)


@pytest.fixture
def work(tmp_path):
    """A folder of notebooks as a student has them: one answer written, one checked by the visible tests."""
    release = nbformat.read(COURSE.release(NAME), as_version=4)
    notebook = fill_in(release, {ID: "def squeeze(x):\n    return 0", "reflect-cost": "It is 9.90 % of the weights."})
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "excite-check":
            cell.outputs = [nbformat.v4.new_output("stream", text="excite: all visible checks passed · 1 of 6")]
    (tmp_path / "notebooks" / NAME).mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "notebooks" / NAME / f"{NAME}.ipynb")
    return tmp_path / "notebooks"


def test_the_marks_are_those_that_notebooks_have():
    helpers = (COURSE.root / "solutions" / "helpers.py").read_text(encoding="utf-8")
    assert f'print(f"{{name}}: {cells.CHECKS_PASSED} ' in helpers
    code, text = COURSE.stubs()
    assert (_STUB in code, text) == (True, _EMPTY_ANSWER)


def standing_of(records, folder=None, name=NAME):
    return next(one for one in overview(CATALOGUE, records, folder).notebooks if one.name == name)


# --- what is kept --------------------------------------------------------------------------------------------------


def test_the_latest_verdict_of_each_exercise_is_kept(store, tmp_path, said):
    store.record(NAME, [verdict(1), verdict(3, exercise="excite")])
    store.record(NAME, [verdict(2, "Another sentence.")])
    record = Store(tmp_path / "deep" / "progress.json", said.append).read()[NAME][ID]
    assert (record.score, record.max_score, record.status, record.sentence) == (2, 3, "fail", "Another sentence.")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.checked)
    assert store.read()[NAME]["excite"].score == 3 and not said
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["progress.json"]


def test_a_fault_of_the_grader_is_not_kept(store):
    store.record(NAME, [verdict(3)])
    store.record(NAME, [without_answers(CATALOGUE.find(NAME, ID), "grader-fault")])
    assert store.read()[NAME][ID].score == 3


def file_with(**fields) -> str:
    """A file with one record, some of its fields as they may not be."""
    record = {"score": 3, "max_score": 3, "status": "pass", "sentence": "", "checked": ""} | fields
    return json.dumps({"version": 1, "notebooks": {NAME: {ID: record}}})


BROKEN = {
    "cut off": file_with()[:40],
    "empty": "",
    "another version": '{"version": 2, "notebooks": {}}',
    "a list": "[]",
    "no number": file_with(score="3"),
    "not finite": file_with(score=float("nan")),
    "no text": file_with(status=1),
    "unknown field": file_with(grade=3),
    "deep": "[" * 100_000,
    "not UTF-8": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_moved_aside_and_a_new_one_begins(store, tmp_path, said, content):
    path = tmp_path / "deep" / "progress.json"
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    store.record(NAME, [verdict(3)])
    assert len(said) == 1 and "moved to" in said[0]
    assert store.read()[NAME][ID].score == 3
    (kept,) = path.parent.glob("progress.json.unreadable-*")
    assert kept.read_bytes() == (content if isinstance(content, bytes) else content.encode())


def test_where_nothing_can_be_written_it_lasts_as_long_as_the_process(tmp_path, said):
    (tmp_path / "file").write_text("no folder")
    store = Store(tmp_path / "file" / "progress.json", said.append)
    store.record(NAME, [verdict(3)])
    assert not store.keeps and store.read()[NAME][ID].score == 3
    assert said and "could not be" in said[0]


def test_the_file_is_where_the_user_wants_it(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path(CATALOGUE.package) == tmp_path / "attention-course" / "progress.json"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine.json"))
    assert default_path(CATALOGUE.package) == tmp_path / "mine.json"
    monkeypatch.setenv(VARIABLE, OFF.upper())
    assert default_path(CATALOGUE.package) is None
    store = own_store(print, CATALOGUE.package)
    store.record(NAME, [verdict(3)])
    assert not store.keeps and store.read()[NAME][ID].score == 3


# --- where one stands ----------------------------------------------------------------------------------------------


def test_states_come_from_the_records_and_from_the_files(store, work):
    store.record(NAME, [verdict(1, exercise="se_forward")])
    full = CATALOGUE.find(NAME, "se_block").points
    store.record(NAME, [Verdict("se_block", "pass", (PropertyVerdict("all", "", full, True),))])
    standing = standing_of(store.read(), work)
    states = {item.id: item.state for item in standing.exercises}
    assert states == {
        "squeeze": WorkState.WRITTEN,
        "excite": WorkState.VISIBLE,
        "se_forward": WorkState.PARTLY,
        "se_weight_count": WorkState.NOT_BEGUN,
        "se_block": WorkState.RIGHT,
        "gate_gradient": WorkState.NOT_BEGUN,
    }
    assert {one.id: one.written for one in standing.questions} == {"reflect-squeeze": False, "reflect-cost": True}
    assert sum(one.points for one in standing.questions) == 6
    assert (standing.score, standing.points) == (1 + full, points_of(NAME))


def test_untouched_notebooks_are_not_begun():
    standing = overview(CATALOGUE, {}, COURSE.root / "notebooks")
    assert [one.name for one in standing.notebooks] == list(CATALOGUE.notebooks)
    assert not any(one.begun for one in standing.notebooks) and standing.score == 0
    assert standing.next == "Next: global_average_pool in 00_feature_maps. Write it."


def test_what_comes_next(store, work):
    assert "squeeze in 01_squeeze_excitation. Ask the judge: %check squeeze" in overview(CATALOGUE, {}, work).next
    store.record(NAME, [verdict(1, "Divide by the number of positions.")])
    assert overview(CATALOGUE, store.read(), work).next.endswith("Divide by the number of positions.")
    for name in CATALOGUE.notebooks:
        for exercise in CATALOGUE.exercises_of(name):
            store.record(name, [Verdict(exercise.id, "pass", (PropertyVerdict("all", "", exercise.points, True),))])
    standing = overview(CATALOGUE, store.read(), work)
    assert standing.score == standing.points and standing.next.startswith("Every exercise is right")


def test_the_folder_of_all_notebooks_is_found_from_one_notebooks_own(work, tmp_path):
    assert find_work(CATALOGUE, work / NAME) == work / NAME
    assert standing_of({}, work / NAME).begun
    (work / FIRST).mkdir()
    (work / FIRST / f"{FIRST}.ipynb").touch()
    assert find_work(CATALOGUE, work / NAME) == work
    assert find_work(CATALOGUE, tmp_path / "elsewhere") is None or not find_work(CATALOGUE, tmp_path).is_relative_to(
        tmp_path
    )


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"nbformat": 4, "cells": [1]}'])
def test_a_notebook_that_cannot_be_read_is_passed_over(work, content):
    (work / NAME / f"{NAME}.ipynb").write_bytes(content)
    assert not standing_of({}, work).begun


# --- what is shown -------------------------------------------------------------------------------------------------


@pytest.fixture
def evil(store, work):
    """An exercise's sentence and a question's id that try to act where they are shown."""
    path = work / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "reflect-cost":
            cell.metadata["nbgrader"]["grade_id"] = EVIL
            cell.metadata["nbgrader"]["points"] = "many"
    nbformat.write(notebook, path)
    store.record(NAME, [verdict(1, EVIL)])
    return overview(CATALOGUE, store.read(), work)


def test_the_page_says_all_in_words_and_harms_nobody(evil):
    page = as_page(evil)
    assert "<script" not in page and "&lt;script&gt;" in page
    assert HONEST in page and f"1 of {OF_ALL:g} points by the judge" in page and "partly right" in page
    assert not re.search(r"https?://", page) and "default-src 'none'" in page
    assert page.count("<table>") == 1 + len(CATALOGUE.notebooks) == page.count("<caption>")


def test_the_terminal_shows_the_same_and_takes_no_codes(evil, capsys):
    print_overview(Console(width=200), evil)
    out = capsys.readouterr().out
    assert "1 of 2" in out and "partly right" in out and HONEST in out and "\x1b[2J" not in out
    assert "[bold]" in out and FIRST in out


def test_plain_text_lists_what_is_begun(evil):
    lines = as_text(evil).splitlines()
    assert f"  {ID}: 1 of 2, partly right" in lines
    assert any(line.startswith(f"{FIRST}: 0 of {points_of(FIRST):g}, not begun") for line in lines)


# --- the commands --------------------------------------------------------------------------------------------------


def test_the_command_prints_and_writes_the_page(tmp_path, work, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    own_store(print, CATALOGUE.package).record(NAME, [verdict(1)])
    ran = CliRunner().invoke(cli, ["progress", str(work), "--html", str(tmp_path / "page.html")])
    assert ran.exit_code == 0 and f"1 of {OF_ALL:g} points" in ran.output
    assert "Your progress" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("folder", "here"), [("work", "."), ("elsewhere", "elsewhere")])
def test_the_command_finds_what_is_written(tmp_path, work, monkeypatch, folder, here):
    """In the course's `work`, from anywhere in the course; else around where one is. What lies above is none of it."""
    monkeypatch.setenv(VARIABLE, OFF)
    course = tmp_path / "course"
    (course / "notebooks" / NAME).mkdir(parents=True)
    shutil.copy(COURSE.root / "nbgrader_config.py", course)
    shutil.copytree(work, course / folder)
    for place in (course / "notebooks" / NAME, tmp_path):
        shutil.copy(COURSE.release(NAME), place)
    monkeypatch.chdir(course / here)
    ran = CliRunner().invoke(cli, ["progress"])
    assert "Ask the judge: %check squeeze" in ran.output


def test_a_page_that_cannot_be_written_is_one_line(tmp_path, work, monkeypatch):
    (tmp_path / "file").touch()
    ran = CliRunner().invoke(cli, ["progress", str(work), "--html", str(tmp_path / "file" / "page.html")])
    assert "cannot be written" in str(ran.exception)


@pytest.mark.parametrize(("refusal", "kept"), [("", True), ("The file is empty.", False)])
def test_check_keeps_what_it_found(tmp_path, monkeypatch, work, refusal, kept):
    path = tmp_path / "progress.json"
    monkeypatch.setenv(VARIABLE, str(path))
    result = Result("", NAME, (verdict(1),), refusal=refusal, seed=1)
    monkeypatch.setattr("autograder.grading.grade.grade_file", lambda *_, **__: result)
    CliRunner().invoke(check_module.check_command, [str(work / NAME / f"{NAME}.ipynb")])
    assert path.exists() == kept
    if kept:
        assert json.loads(path.read_text())["notebooks"][NAME][ID]["score"] == 1


def test_a_narrow_terminal_shows_every_letter_of_what_check_says(capsys):
    result = Result("", NAME, (verdict(1, "Give `np.broadcast_to(gate[:,None,None,:],x.shape)` back."),), seed=1)
    print_exercises(Console(width=40), result)
    hints = "".join(line.rsplit("│", 2)[-2].strip() for line in capsys.readouterr().out.splitlines() if "│" in line)
    assert "np.broadcast_to(gate[:,None,None,:],x.shape)" in hints
