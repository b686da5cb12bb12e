"""`autograder build` on a small course of its own: what changed is built, what fails writes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

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


@pytest.fixture
def course(tmp_path):
    (tmp_path / "solutions" / "90_small").mkdir(parents=True)
    (tmp_path / "solutions" / "90_small" / "90_small.py").write_text(SOURCE)
    shutil.copy(ROOT / "solutions" / "helpers.py", tmp_path / "solutions" / "helpers.py")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
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


def test_an_unknown_notebook_is_named(course):
    with pytest.raises(CourseError, match="no notebook '77_none'; there are: 90_small"):
        course.require("77_none")
    assert course.require("solutions/90_small/90_small.ipynb") == "90_small"


def test_a_folder_that_is_no_course_falls_back_to_the_packages_own(tmp_path):
    assert Course.find(tmp_path).root == ROOT
