"""The rebuilt notebook is the instructor's with the student's answers, however the file was handled on its way."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from autograder import cells
from autograder.course import Course
from autograder.intake.reading import read_submission
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from tests.support.returns import place_of
from tests.support.submissions import HANDLINGS, fill_in

NAME = "01_squeeze_excitation"
SOURCE, RELEASE = instructor_notebooks(Course.find(), NAME)
ANSWERS = {
    cells.grade_id(cell): f"def {cells.grade_id(cell)}(*args):\n    return {number}"
    for number, cell in enumerate(RELEASE.cells)
    if cells.is_marked(cell, "solution") and not cells.is_manual(cell)
}
WORDS = {cells.grade_id(cell): f"I think {cells.grade_id(cell)}." for cell in RELEASE.cells if cells.is_manual(cell)}


def rebuilt_after(handling: str, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_bytes(HANDLINGS[handling](fill_in(RELEASE, ANSWERS | WORDS)))
    submitted, _ = read_submission(path)
    return rebuild(submitted, SOURCE, RELEASE)


def sources(notebook) -> dict[str, str]:
    return {cells.grade_id(cell): cell.source for cell in notebook.cells if cells.grade_id(cell)}


HARMLESS = [
    "none",
    "duplicated test cell",
    "duplicated answer cell",
    "stripped metadata",
    "Colab",
    "flipped test cells",
    "deleted test cells",
    "clutter",
    "older format",
]


@pytest.mark.parametrize("handling", HARMLESS)
def test_every_answer_arrives_and_everything_else_is_the_instructors(handling, tmp_path):
    notebook, missing, _ = rebuilt_after(handling, tmp_path)
    assert missing == []
    ours = [cell for cell in SOURCE.cells if "instructor" not in cells.tags(cell)]
    kept = [cell for cell in notebook.cells if not {"student", cells.RUBRIC} & cells.tags(cell)]
    assert len(kept) == len(ours)
    for mine, cell, released in zip(ours, kept, RELEASE.cells, strict=True):
        ours_alone = mine.source if cells.is_judged(mine) else cells.visible_source(mine.source)
        expected = (ANSWERS | WORDS).get(cells.grade_id(mine), ours_alone)
        assert cell.source == expected
        assert cell.metadata == released.metadata and cell.cell_type == mine.cell_type
    nbformat.validate(notebook)


@pytest.mark.parametrize("handling", HARMLESS)
def test_student_cells_are_ungraded_text(handling, tmp_path):
    notebook, _, _ = rebuilt_after(handling, tmp_path)
    extras = [cell for cell in notebook.cells if "student" in cells.tags(cell)]
    assert all(cell.metadata == {"tags": ["student"]} for cell in extras)
    wanted = {"clutter": 4}.get(handling, 0)
    assert len(extras) == wanted


RUBRICS = {
    cells.grade_id(answer): cells.unfolded(behind.source)
    for answer, behind in zip(SOURCE.cells, SOURCE.cells[1:], strict=False)
    if cells.is_manual(answer) and "instructor" in cells.tags(behind)
}


def rubrics_below(notebook) -> dict[str, nbformat.NotebookNode]:
    """The cell directly below each answer in words."""
    pairs = zip(notebook.cells, notebook.cells[1:], strict=False)
    return {cells.grade_id(answer): below for answer, below in pairs if cells.is_manual(answer)}


def unframed(cell) -> str:
    return "\n".join(line.removeprefix("> ").removeprefix(">") for line in cell.source.splitlines())


@pytest.mark.parametrize("handling", [*HARMLESS, "deleted answer"])
def test_the_rubric_stands_below_each_answer_in_words_and_is_worth_nothing(handling, tmp_path):
    notebook, _, _ = rebuilt_after(handling, tmp_path)
    below = rubrics_below(notebook)
    assert set(below) == set(WORDS) == set(RUBRICS)
    for name, cell in below.items():
        assert unframed(cell).startswith(f"**How to grade `{name}`**")
        assert unframed(cell).endswith(RUBRICS[name])
        assert cells.tags(cell) == {cells.RUBRIC} and "nbgrader" not in cell.metadata
    assert len([cell for cell in notebook.cells if cells.RUBRIC in cells.tags(cell)]) == len(RUBRICS)


def test_a_rubric_of_the_students_own_stands_below_the_real_one_and_is_theirs():
    submitted = fill_in(RELEASE, ANSWERS | WORDS)
    forged = nbformat.v4.new_markdown_cell(
        "> **How to grade `reflect-cost`**\n>\n> Three points for any answer.", metadata={"tags": [cells.RUBRIC]}
    )
    place = place_of(submitted, "reflect-cost")
    submitted.cells[place + 1 : place + 1] = [forged]
    notebook, _, _ = rebuild(submitted, SOURCE, RELEASE)
    place = place_of(notebook, "reflect-cost")
    answer, real, theirs = notebook.cells[place : place + 3]
    assert answer.source == WORDS["reflect-cost"] and RUBRICS["reflect-cost"] in unframed(real)
    assert theirs.source == forged.source and theirs.metadata == {"tags": ["student"]}


def test_formgraders_exporter_keeps_the_rubrics(tmp_path):
    """It follows nbgrader_config.py, which has cells of the tag "instructor" removed."""
    notebook, _, _ = rebuilt_after("none", tmp_path)
    shown, _ = HTMLExporter(config=Course.find().config()).from_notebook_node(notebook)
    for name, rubric in RUBRICS.items():
        assert f"How to grade <code>{name}</code>" in shown
        assert "<strong>Rubric.</strong>" in shown and rubric.startswith("**Rubric.**")


def test_code_of_the_teachers_own_is_not_run_beside_a_submission():
    source = nbformat.from_dict(json.loads(json.dumps(SOURCE)))
    place = next(i for i, cell in enumerate(source.cells) if cells.is_manual(cell))
    secret = nbformat.v4.new_code_cell("secret = 42", metadata={"tags": ["instructor"]})
    source.cells.insert(place + 1, secret)
    notebook, _, _ = rebuild(fill_in(RELEASE, ANSWERS), source, RELEASE)
    assert not [cell for cell in notebook.cells if "secret" in cell.source]
    assert set(rubrics_below(notebook)) == set(RUBRICS)


def test_extra_cells_keep_their_place(tmp_path):
    notebook, _, _ = rebuilt_after("clutter", tmp_path)
    texts = [cell.source for cell in notebook.cells]
    assert texts.index("1 / 0") < texts.index(ANSWERS["squeeze"]) < texts.index("print('mine')")


def test_a_missing_answer_is_said_and_nothing_else_is_lost(tmp_path):
    notebook, missing, notes = rebuilt_after("deleted answer", tmp_path)
    assert missing == ["squeeze"]
    assert notes == ["The answer cell squeeze is missing from the notebook."]
    assert "is missing" in sources(notebook)["squeeze"]
    assert sources(notebook)["excite"] == ANSWERS["excite"]


def test_copies_are_said(tmp_path):
    _, _, notes = rebuilt_after("duplicated test cell", tmp_path)
    assert notes == ["The cell squeeze-check is there 2 times; one copy was used."]


def test_an_untouched_copy_does_not_wipe_out_an_answer(tmp_path):
    notebook, _, _ = rebuilt_after("duplicated answer cell", tmp_path)
    assert sources(notebook)["squeeze"] == ANSWERS["squeeze"]
    assert [cell.source for cell in notebook.cells].count(ANSWERS["squeeze"]) == 1


def test_the_last_answer_of_several_counts():
    submitted = fill_in(RELEASE, ANSWERS)
    later = fill_in(RELEASE, {"squeeze": "def squeeze(x):\n    return 'later'"})
    submitted.cells.append(later.cells[place_of(later, "squeeze")])
    notebook, _, _ = rebuild(submitted, SOURCE, RELEASE)
    test = place_of(notebook, "squeeze-check")
    assert cells.answer_of(notebook.cells[test - 1]) == "squeeze" and notebook.cells[test - 1].source.endswith(
        "'later'"
    )
    assert sources(notebook)["squeeze"] == ANSWERS["squeeze"]  # both are run, in their order


def test_an_answer_moved_to_a_cell_of_its_own_is_found(tmp_path):
    submitted = fill_in(RELEASE, {name: text for name, text in ANSWERS.items() if name != "se_block"})
    submitted.cells = [cell for cell in submitted.cells if cells.grade_id(cell) != "se_block"]
    submitted.cells.append(nbformat.v4.new_code_cell("def se_block(x, ratio=16):\n    return x"))
    notebook, missing, notes = rebuild(submitted, SOURCE, RELEASE)
    assert missing == []
    assert sources(notebook)["se_block"].endswith("return x")
    assert notes == ["The cell se_block was not labelled any more; it was recognised by its text and graded as usual."]


def test_another_notebook_altogether_gives_empty_answers():
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("My holidays")])
    notebook, missing, _ = rebuild(other, SOURCE, RELEASE)
    assert set(ANSWERS) <= set(missing)
    assert {cells.grade_id(cell) for cell in notebook.cells} >= set(ANSWERS)


def test_untouched_answers_in_words_are_told_apart_without_their_marks():
    submitted = fill_in(RELEASE, {"squeeze": ANSWERS["squeeze"]})
    HANDLINGS["stripped metadata"](submitted)
    notebook, missing, _ = rebuild(submitted, SOURCE, RELEASE)
    assert missing == [] and not [cell for cell in notebook.cells if "student" in cells.tags(cell)]


def test_cells_of_an_earlier_edition_are_not_taken_for_the_students_own():
    submitted = fill_in(RELEASE, ANSWERS)
    for number, cell in enumerate(submitted.cells):
        if not cells.grade_id(cell):
            cell["id"] = f"earlier{number}"
            cell.source = cell.source.replace("the", "that", 2) + ("\n# edited" if cell.cell_type == "code" else ".")
    notebook, missing, _ = rebuild(submitted, SOURCE, RELEASE)
    assert missing == [] and sources(notebook)["se_block"] == ANSWERS["se_block"]
    assert not [cell for cell in notebook.cells if "student" in cells.tags(cell)]


@pytest.mark.parametrize("metadata", [{"nbgrader": 7}, {"nbgrader": {"grade_id": []}}, {"tags": 3}, {"nbgrader": None}])
def test_odd_metadata_is_survived(metadata):
    submitted = fill_in(RELEASE, ANSWERS)
    for cell in submitted.cells:
        cell.metadata = nbformat.from_dict(json.loads(json.dumps(metadata)))
    notebook, missing, _ = rebuild(submitted, SOURCE, RELEASE)
    assert missing == [] and sources(notebook)["squeeze"] == ANSWERS["squeeze"]
