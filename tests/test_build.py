"""`autograder build` on a small course of its own: what changed is built, what fails writes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from autograder import cells
from autograder import course as course_module
from autograder.build import build, read_source
from autograder.course import Course, CourseError

ROOT = Path(__file__).absolute().parent.parent
SOURCE = '''# %% [markdown]
# # A small notebook
# {{badges}}

# %% tags=["helpers"]
# helpers

# %% [markdown] tags=["instructor"]
# For the teacher's eyes.

# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true}
def double(x):
    """Twice x."""
    # Multiply.
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
with waits_for(double):
    print(double(4))
'''

GRADED = """
# %% nbgrader={"grade": true, "grade_id": "double-check", "locked": true, "points": 2, "solution": false}
assert double(2) == 4
passed("double")

# %% nbgrader={"grade": true, "grade_id": "half-check", "locked": true, "points": 1.5, "solution": false}
assert half(2) == 1
passed("half")

# %% [markdown] nbgrader={"grade": true, "grade_id": "reflect-why", "locked": false, "points": 3, "solution": true}
# Because.

# %% [markdown]
# {{hand_in}}

# %% jupyter={"source_hidden": true}
#@title Folded
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "solutions" / "90_small").mkdir(parents=True)
    (tmp_path / "solutions" / "90_small" / "90_small.py").write_text(SOURCE)
    for shared in ("helpers.py", "hand_in.py"):
        shutil.copy(ROOT / "solutions" / shared, tmp_path / "solutions" / shared)
    (tmp_path / "nbgrader_config.py").symlink_to(ROOT / "nbgrader_config.py")
    return Course(tmp_path)


def test_build_makes_both_notebooks_and_then_has_nothing_to_do(course):
    steps = []
    assert build(course, "90_small", progress=lambda *step: steps.append(step))
    assert steps[-1] == ("90_small", 5, 5)
    walkthrough = nbformat.read(course.walkthrough("90_small"), as_version=4)
    release = nbformat.read(course.release("90_small"), as_version=4)
    assert walkthrough.cells[-1].outputs[0].text == "8\n"
    assert len(release.cells) == len(walkthrough.cells) - 1
    assert "return 2 * x" not in nbformat.writes(release)
    assert "badge" in release.cells[0].source and "{{" not in release.cells[0].source
    assert sorted(path.name for path in course.release("90_small").parent.iterdir()) == ["90_small.ipynb"]
    assert not build(course, "90_small")


@pytest.mark.parametrize("changed", ["solutions/90_small/90_small.py", "solutions/helpers.py"])
def test_a_changed_source_is_built_again(course, changed):
    build(course, "90_small")
    path = course.root / changed
    path.write_text(path.read_text() + "\n# changed\n")
    assert build(course, "90_small")


def test_a_lost_student_version_is_made_again(course):
    build(course, "90_small")
    course.release("90_small").unlink()
    assert build(course, "90_small")
    assert course.release("90_small").exists()


def test_a_failing_cell_writes_nothing(course):
    build(course, "90_small")
    before = course.walkthrough("90_small").read_bytes()
    path = course.text_source("90_small")
    path.write_text(path.read_text() + "\n# %%\n1 / 0\n")
    with pytest.raises(CourseError, match="ZeroDivisionError"):
        build(course, "90_small")
    assert course.walkthrough("90_small").read_bytes() == before
    assert sorted(item.name for item in path.parent.iterdir()) == ["90_small.ipynb", "90_small.py"]


def test_a_solution_outside_an_answer_cell_is_refused(course):
    path = course.text_source("90_small")
    path.write_text(path.read_text() + "\n# %%\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n")
    with pytest.raises(CourseError, match="non-solution cell"):
        build(course, "90_small")


def test_cell_ids_stay_when_other_cells_change(course):
    ids = [cell.id for cell in read_source(course, "90_small").cells]
    path = course.text_source("90_small")
    path.write_text(path.read_text().replace("For the teacher", "A line for the teacher"))
    again = [cell.id for cell in read_source(course, "90_small").cells]
    assert [one == other for one, other in zip(ids, again, strict=True)] == [True, True, False, True, True]
    assert ids[3] == "double"


@pytest.fixture
def graded(course):
    """The small notebook with two test cells, a question and the ending."""
    path = course.text_source("90_small")
    path.write_text(SOURCE + GRADED)
    return read_source(course, "90_small")


def test_the_running_total_counts_what_was_checked_and_has_not_changed(graded, capsys):
    notebook = {}
    exec(cells.visible_source(graded.cells[1].source), notebook)
    said = lambda: capsys.readouterr().out.strip()  # noqa: E731
    assert (notebook["POINTS"], notebook["BY_HAND"]) == ({"double": 2, "half": 1.5}, 3)
    exec("def half(x): return x / 2\npassed('half')", notebook)
    assert said() == "half: all visible checks passed · 1 of 2 exercises, 1.5 of 3.5 points by the visible checks"
    exec("def double(x): return 2 * x\npassed('double')", notebook)
    assert said().endswith("2 of 2 exercises, 3.5 of 3.5 points by the visible checks")
    exec("def half(x): return x\nshow_progress()", notebook)  # edited since: its check would fail
    assert said().splitlines() == [
        "exercise  points  visible checks",
        "double         2  passed",
        "half         1.5  defined anew: run its test cell again",
        "",
        "1 of 2 exercises, 2 of 3.5 points by the visible checks",
        "graded by hand: 3 points for the questions in your own words",
    ]
    exec(cells.visible_source(graded.cells[1].source), notebook)  # the helper cell again: nothing is forgotten
    assert notebook["visible_total"]().startswith("1 of 2 exercises")


def test_the_ending_stands_where_its_marker_is(graded):
    where, total, how = graded.cells[-4:-1]
    assert where.source.startswith("## Where you stand")
    assert total.source == "show_progress()" and cells.tags(total) == {"demo"}
    assert "`90_small.ipynb`" in how.source and "{{" not in how.source


def test_what_is_folded_in_jupyterlab_is_folded_in_colab(graded):
    assert [cell.metadata.get("cellView") for cell in graded.cells].count("form") == 2
    assert graded.cells[-1].metadata["cellView"] == graded.cells[1].metadata["cellView"] == "form"


def test_an_unknown_notebook_is_named(course):
    with pytest.raises(CourseError, match="no notebook '77_none'; there are: 90_small"):
        course.require("77_none")
    assert course.require("solutions/90_small/90_small.ipynb") == "90_small"


def test_a_folder_in_no_course_is_told_so_and_one_within_finds_its_course(course, tmp_path_factory):
    with pytest.raises(CourseError, match="run this in the course's folder"):
        Course.find(tmp_path_factory.mktemp("elsewhere"))
    assert Course.find(course.text_source("90_small").parent).root == course.root


def test_a_students_commands_find_the_course_that_is_installed_from_its_folder(course, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(course.root)
    assert Course.find_or_installed().root == course.root
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert Course.find_or_installed().root == ROOT
    monkeypatch.setattr(course_module, "entry_points", lambda group: [])
    with pytest.raises(CourseError, match="run this in the course's folder"):
        Course.find_or_installed()
