"""Colab: the file that comes back grades the same, and the notebooks ask nothing that Colab has not.

`tools/check-colab` runs the notebooks with packages like Colab's.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import nbformat
import pytest

from autograder import cells
from autograder.course import Course
from autograder.grading.grade import grade_file
from autograder.intake.reading import read_submission
from autograder.packing import packed_in
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from tests.support.colab import pasted_into_a_new_notebook, saved_by_colab
from tests.support.submissions import fill_in, quiet_right_answers
from tools import check_colab

COURSE = Course.find()
NAME = "00_feature_maps"
MINORS = [0, 5]  # Colab writes format 4.0, or leaves what was 4.5
# IPython.display.Image of IPython 7.34, which Colab insists on
IMAGE_ARGUMENTS = {"data", "url", "filename", "format", "embed", "width", "height", "retina", "unconfined", "metadata"}


def worked_on(name: str):
    """A notebook with right answers, but for one that is wrong and one that is not begun, and two added cells."""
    release = nbformat.read(COURSE.release(name), as_version=4)
    wrong, undone, *others = quiet_right_answers(name).items()
    words = {
        cells.grade_id(cell): f"It depends on {cells.grade_id(cell)}.\n\nOn two things."
        for cell in release.cells
        if cells.is_manual(cell)
    }
    notebook = fill_in(release, dict(others) | {wrong[0]: f"def {wrong[0]}(*inputs):\n    return None\n"} | words)
    notebook.cells.insert(4, nbformat.v4.new_code_cell("print('a look')\n\nx = 1"))
    notebook.cells.append(nbformat.v4.new_markdown_cell("My notes"))
    return notebook


def rebuilt(file: bytes, name: str, tmp_path: Path):
    path = tmp_path / f"{name}.ipynb"
    path.write_bytes(file)
    submitted, notes = read_submission(path)
    notebook, missing, more_notes = rebuild(submitted, *instructor_notebooks(COURSE, name))
    return [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells], missing, notes + more_notes


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("name", COURSE.names)
def test_what_is_graded_is_the_same_after_colab(name, minor, tmp_path):
    notebook = worked_on(name)
    before = rebuilt(nbformat.writes(notebook).encode(), name, tmp_path)
    assert rebuilt(saved_by_colab(notebook, minor), name, tmp_path) == before
    assert before[1:] == ([], [])


@pytest.mark.parametrize("minor", MINORS)
def test_the_file_that_stands_for_colabs_is_a_valid_notebook(minor):
    file = json.loads(saved_by_colab(worked_on(NAME), minor))
    nbformat.validate(nbformat.from_dict(file))
    ids = [cell.get("id") for cell in file["cells"]]
    assert all(ids) if minor else not any(ids)


def test_verdicts_are_the_same_after_colab(tmp_path):
    notebook = worked_on(NAME)
    files = {"before": nbformat.writes(notebook).encode(), "after": saved_by_colab(notebook)}
    results = {}
    for when, file in files.items():
        path = tmp_path / f"{when}.ipynb"
        path.write_bytes(file)
        results[when] = grade_file(COURSE, NAME, path, seed=7)
    assert results["after"].to_dict() == results["before"].to_dict()
    assert results["after"].notes == () and 0 < results["after"].score < results["after"].max_score


@pytest.mark.parametrize("name", COURSE.names)
def test_cells_pasted_into_a_new_notebook_are_found_by_their_text_and_the_student_is_told(name, tmp_path):
    notebook = worked_on(name)
    before, _, _ = rebuilt(nbformat.writes(notebook).encode(), name, tmp_path)
    after, missing, notes = rebuilt(pasted_into_a_new_notebook(notebook), name, tmp_path)
    assert missing == [] and after == before
    release = nbformat.read(COURSE.release(name), as_version=4)
    stubs = {cells.grade_id(cell): cell.source for cell in release.cells if cells.is_marked(cell, "solution")}
    answers = [name for name, stub in stubs.items() if stub not in {source for _, source, _ in after}]
    assert len(answers) >= 3
    for answer in answers:
        assert [note for note in notes if f" {answer} " in note and "recognised by its text" in note], notes


@pytest.mark.parametrize("name", COURSE.names)
def test_pictures_are_shown_in_a_way_that_colabs_ipython_knows(name):
    notebook = nbformat.read(COURSE.release(name), as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    trees = [ast.parse(source) for source in (*code, *(one.helpers for cell in code for one in packed_in(cell)))]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    images = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Image"]
    assert images
    for call in images:
        assert {keyword.arg for keyword in call.keywords} <= IMAGE_ARGUMENTS


# --- what tools/check-colab finds wrong ------------------------------------------------------------------------------


def ran(*outputs, judged=False):
    cell = nbformat.v4.new_code_cell("# the first line\nrun()")
    cell.outputs = list(outputs)
    if judged:
        cell.metadata["nbgrader"] = {"grade_id": "f-check", "grade": True, "solution": False}
    return nbformat.v4.new_notebook(cells=[cell])


def error(name):
    return nbformat.v4.new_output("error", ename=name, evalue="why", traceback=[])


def stream(name, text="words\n"):
    return nbformat.v4.new_output("stream", name=name, text=text)


SAID, WARNED = stream("stdout"), stream("stderr")
NOTICE = (
    "WARNING: All log messages before absl::InitializeLog() is called\nI0000 00:00:1 7 device_compiler.h:196] XLA!\n"
)


@pytest.mark.parametrize(
    ("notebook", "untouched", "answered"),
    [
        (ran(SAID), [], []),
        (ran(WARNED), ["words"], ["words"]),
        (ran(stream("stderr", NOTICE)), [], []),
        (ran(stream("stderr", NOTICE + "words\n")), ["words"], ["words"]),
        (ran(error("NotImplementedError")), ["NotImplementedError: why"], ["NotImplementedError: why"]),
        (ran(error("NotImplementedError"), judged=True), [], ["NotImplementedError: why"]),
        (ran(error("NameError"), judged=True), ["NameError: why"], ["NameError: why"]),
        (ran(SAID, judged=True), ["passed"], []),
    ],
)
def test_complaints(notebook, untouched, answered):
    for expected, may_be_undone in ((untouched, True), (answered, False)):
        found = check_colab.complaints(notebook, may_be_undone)
        assert len(found) == len(expected)
        for line, words in zip(found, expected, strict=True):
            assert line.startswith("cell 1 (# the first line): ") and words in line


def test_older_is_one_minor_release_below():
    assert check_colab.older_than({"keras": "3.15.1", "numpy": "3.0.2"}) == ["keras<3.15", "numpy<3.0"]
