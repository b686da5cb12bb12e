"""`autograder build` on a small course of its own: what changed is built, what fails writes nothing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import cells
from autograder import course as course_module
from autograder.build import build, read_source
from autograder.build.marks import reading_minutes
from autograder.course import Course, CourseError
from tests.support.course import ROOT

SOURCE = '''# %% [markdown]
# # A small notebook
# {{badges}}
#
# {{rows}}
# | total | {{points}} | {{minutes}} |

# %% tags=["helpers"]
# helpers

# %% [markdown] tags=["instructor"]
# For the teacher's eyes.

# %% answer="double" minutes=1.5
def double(x):
    """Twice x."""
    # Multiply.
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% check="double"
assert double(2) == 4
passed("double")

# %%
with waits_for(double):
    print(double(4))
'''

GRADED = """
# %% [markdown]
# `half`, {{worth:half}}

# %% answer="half" minutes=1
def half(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% check="half"
assert half(2) == 1
passed("half")

# %% [markdown]
# Why? {{worth:reflect-why}}; rubric: {{points:reflect-why}}; all questions: {{points:questions}}, {{minutes:questions}}

# %% [markdown] question="reflect-why" points=3 minutes=2 row="one question"
# Because.

# %% [markdown]
# {{hand_in}}

# %% jupyter={"source_hidden": true}
#@title Folded
"""

EXERCISES = """
from autograder.exercise.arrays import agrees
from autograder.exercise.exercise import Exercise, Property
from autograder.exercise.questions import Call


def exercise(name, points, *further):
    held = Property("held", points, "holds", lambda round: None)
    return Exercise(name, lambda x: x, lambda rng: {"any": Call((1.0,))}, (held, *further))


EXERCISES = (EXERCISES_HERE)
"""
DOUBLE, HALF = 'exercise("double", 2.0),', 'exercise("half", 1.5),'


def write_exercises(root: Path, *exercises: str) -> None:
    (root / "small_course" / "small.py").write_text(EXERCISES.replace("EXERCISES_HERE", " ".join(exercises)))


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one notebook and one exercise, `double`, in a package that a kernel finds too."""
    (tmp_path / "solutions" / "90_small").mkdir(parents=True)
    (tmp_path / "solutions" / "90_small" / "90_small.py").write_text(SOURCE)
    for shared in ("helpers.py", "hand_in.py"):
        shutil.copy(ROOT / "solutions" / shared, tmp_path / "solutions" / shared)
    config = (ROOT / "nbgrader_config.py").read_text()
    (tmp_path / "nbgrader_config.py").write_text(config.replace("attention_course.exercises", "small_course"))
    (tmp_path / "small_course").mkdir()
    catalogue = (
        'from autograder.exercise.catalogue import Catalogue\n\nCATALOGUE = Catalogue(__name__, {"90_small": "small"})'
    )
    (tmp_path / "small_course" / "__init__.py").write_text(catalogue)
    write_exercises(tmp_path, DOUBLE)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.syspath_prepend(tmp_path)
    for module in ("small_course", "small_course.small"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    yield Course(tmp_path)
    for module in ("small_course", "small_course.small"):
        sys.modules.pop(module, None)


def test_build_makes_both_notebooks_and_then_has_nothing_to_do(course):
    steps = []
    assert build(course, "90_small", progress=lambda *step: steps.append(step))
    assert steps[-1] == ("90_small", 6, 6)
    walkthrough = nbformat.read(course.walkthrough("90_small"), as_version=4)
    release = nbformat.read(course.release("90_small"), as_version=4)
    assert walkthrough.cells[-1].outputs[0].text == "8\n"
    assert len(release.cells) == len(walkthrough.cells) - 1
    assert "return 2 * x" not in nbformat.writes(release)
    assert "badge" in release.cells[0].source and "{{" not in release.cells[0].source
    assert sorted(path.name for path in course.release("90_small").parent.iterdir()) == ["90_small.ipynb"]
    assert not build(course, "90_small")


def test_where_only_words_and_links_change_the_code_is_not_run_again(course):
    build(course, "90_small")
    course.text_source("90_small").write_text(SOURCE.replace("# # A small", "# # A very small"))
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Course.repository = "you/yours"\n')
    ran = []
    assert build(course, "90_small", progress=lambda *step: ran.append(step)) and ran == []
    assert not build(course, "90_small")
    for path in (course.walkthrough("90_small"), course.release("90_small")):
        first = nbformat.read(path, as_version=4).cells[0].source
        assert "A very small" in first and "colab.research.google.com/github/you/yours/" in first
    assert nbformat.read(course.walkthrough("90_small"), as_version=4).cells[-1].outputs[0].text == "8\n"
    build(course, "90_small", force=True, progress=lambda *step: ran.append(step))
    assert ran


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


def test_a_solution_without_all_its_points_writes_nothing(course):
    wrong = 'agrees("any", 0.5, "is right")'  # the oracle of these exercises gives back what it gets
    write_exercises(course.root, DOUBLE.replace("2.0", f"2.0, {wrong}"))
    with pytest.raises(CourseError, match="solution of double gets 2 of 2.5 points: .* is wrong"):
        build(course, "90_small")
    assert [item.name for item in course.walkthrough("90_small").parent.iterdir()] == ["90_small.py"]


def test_a_property_that_looks_at_a_question_that_is_not_there_is_one_line(course):
    write_exercises(course.root, DOUBLE.replace("2.0", '2.0, agrees("other", 0.5, "is right", name="sum")'))
    fault = "nothing was written: double, property 'sum': LookupError: there is no question 'other', only 'any' "
    with pytest.raises(CourseError, match=fault) as refused:
        build(course, "90_small")
    assert "\n" not in str(refused.value)
    assert [item.name for item in course.walkthrough("90_small").parent.iterdir()] == ["90_small.py"]


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
    assert [one == other for one, other in zip(ids, again, strict=True)] == [True, True, False, True, True, True]
    assert ids[3:5] == ["double", "double-check"]


@pytest.fixture
def graded(course):
    """The small notebook with two exercises, a question and the ending."""
    write_exercises(course.root, DOUBLE, HALF)
    course.text_source("90_small").write_text(SOURCE + GRADED)
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


# --- what the build fills in ---------------------------------------------------------------------------------------


def test_nbgraders_metadata_and_the_hidden_lines_come_from_the_build(graded):
    marked = {cells.grade_id(cell): cell for cell in graded.cells if "nbgrader" in cell.metadata}
    assert list(marked) == ["helpers", "double", "double-check", "half", "half-check", "reflect-why"]
    kept = {"schema_version": 3, "task": False}
    answer = {**kept, "grade_id": "half", "grade": False, "solution": True, "locked": False}
    test = {**kept, "grade_id": "half-check", "grade": True, "solution": False, "locked": True, "points": 1.5}
    words = {**kept, "grade_id": "reflect-why", "grade": True, "solution": True, "locked": False, "points": 3}
    for mark in (answer, test, words):
        assert marked[mark["grade_id"]].metadata == {"nbgrader": mark}
    hidden = '### BEGIN HIDDEN TESTS\njudge("half")\n### END HIDDEN TESTS'
    assert marked["half-check"].source == f'assert half(2) == 1\npassed("half")\n{hidden}'
    assert repr(marked["double-check"].metadata.nbgrader.points) == "2"  # as a person writes it


def test_the_table_the_cards_and_the_totals_are_filled_in(graded):
    table = graded.cells[0].source.splitlines()[-4:]
    reading = reading_minutes(graded.cells)
    assert table == [
        "| `double` | 2 | 1.5 |",
        "| `half` | 1.5 | 1 |",
        "| one question | 3 | 2 |",
        f"| total | 6.5 | {4.5 + reading:g} |",
    ]
    text = [cell.source for cell in graded.cells if cell.cell_type == "markdown"]
    assert "`half`, 1.5 points · 1 minute" in text
    assert "Why? 3 points · 2 minutes; rubric: 3; all questions: 3, 2" in text


def test_minutes_of_reading_come_from_the_words_and_figures_that_a_student_sees():
    prose = lambda words: new_markdown_cell("word " * words)  # noqa: E731
    figures = [new_code_cell("with waits_for(f):\n    show(figure, alt)"), new_code_cell("compare(f, 1, 2)")]
    hints = [new_markdown_cell(f"<details><summary>Hint</summary>{'word ' * 999}\n</details>")]
    for_teachers = [new_markdown_cell("word " * 999, metadata={"tags": ["instructor"]})]
    assert reading_minutes([prose(400)]) == 2 == reading_minutes([prose(400), *hints, *for_teachers])
    assert reading_minutes([prose(399), *figures]) == 3 and reading_minutes([prose(401), *figures]) == 4


def test_points_changed_in_an_exercise_make_the_notebook_out_of_date(course):
    before = read_source(course, "90_small").metadata["source_digest"]
    write_exercises(course.root, 'exercise("double", 4),')
    del sys.modules["small_course.small"]
    assert read_source(course, "90_small").metadata["source_digest"] != before


CHECK = '# %% check="double"\nassert double(2) == 4\npassed("double")\n'
SOLUTION = "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"
WRONG_SOURCES = {
    "a marker of no exercise": ("{{rows}}", "{{worth:dubble}}", "'# A small notebook': a marker names 'dubble'"),
    "an answer of no exercise": ('answer="double"', 'answer="dubble"', 'the cell answer="dubble".*there are: double'),
    "a check of no exercise": ('check="double"', 'check="dubble"', 'the cell check="dubble".*there are: double'),
    "no answer cell": (' answer="double" minutes=1.5', "", 'double has no answer cell.* # %% answer="double"'),
    "no check cell": (CHECK, "", 'double has no check cell.* # %% check="double"'),
    "two answers": (' check="double"', ' answer="double"', 'answer="double": the source has another one for double'),
    "two checks": (CHECK, 2 * CHECK, 'check="double": the source has another one for double'),
    "two marks": ('check="double"', 'check="double" answer="double"', "answer and check at once"),
    "an answer in words": ("# %% answer", "# %% [markdown] answer", "it holds code"),
    "points beside the exercise": ('check="double"', 'check="double" points=2', "points belongs to .*question"),
    "minutes of a demonstration": ("# %%\nwith", "# %% minutes=3\nwith", "minutes belongs to .*answer or question"),
    "a question without points": (CHECK, f'{CHECK}\n# %% [markdown] question="why"\n', "write points=3"),
    "a question like an exercise": (CHECK, f'{CHECK}\n# %% question="double" points=1\n', "give the question another"),
    "minutes that nobody wrote": (" minutes=1.5", "", "minutes of double, which nobody wrote: write minutes=5"),
    "minutes in words": ("minutes=1.5", 'minutes="two"', "minutes is a number"),
    "hidden lines": ('passed("double")', "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "take them away"),
    "no helper cell": ('# %% tags=["helpers"]\n# helpers\n', "", 'check="double": it calls the judge.*above it'),
    "a misspelt tag": ("instructor", "instrutor", "'instrutor' is no tag of the build: did you mean instructor"),
    "a misspelt mark": ("answer=", "answr=", "answr is no mark: did you mean answer"),
    "misspelt minutes": ("minutes=", "minute=", "minute is no mark: did you mean minutes"),
    "a misspelt beginning": ("### BEGIN S", "# BEGIN S", "line 4 of the cell.* did you mean ### BEGIN SOLUTION"),
    "a misspelt end": ("END SOLUTION", "END SOLUTON", "'### END SOLUTON', line 6.* did you mean ### END SOLUTION"),
    "half a pair": ("    ### END SOLUTION\n", "", "each ### BEGIN SOLUTION needs its own"),
    "no solution": (SOLUTION, "    return 2 * x\n", "write ### BEGIN SOLUTION and ### END"),
    "a misspelt marker": ("{{points}}", "{{point}}", "nothing stands for {{point}} here: did you mean points"),
    "an unknown marker": ("{{points}}", "{{x:y}}", "nothing stands for {{x:y}} here$"),
    "nbgrader's metadata": ('check="double"', 'nbgrader={"grade": true}', "the build writes nbgrader's metadata"),
}


@pytest.mark.parametrize("wrong", WRONG_SOURCES)
def test_a_source_that_does_not_fit_the_exercises_is_refused(wrong, course):
    old, new, says = WRONG_SOURCES[wrong]
    path = course.text_source("90_small")
    assert old in SOURCE
    path.write_text(SOURCE.replace(old, new, 1))
    with pytest.raises(CourseError, match=says) as refused:
        read_source(course, "90_small")
    assert str(refused.value).startswith(f"{path}: the ")


def test_a_notebook_without_exercises_needs_no_module(course):
    (course.root / "solutions" / "91_reads").mkdir()
    course.text_source("91_reads").write_text("# %% [markdown]\n# Words, $\\mathbf{{x}}$. {{points}} points.\n")
    assert read_source(course, "91_reads").cells[0].source == "Words, $\\mathbf{{x}}$. 0 points."


def test_a_file_beside_a_notebook_is_refused(course):
    (course.text_source("90_small").parent / "heights.csv").touch()
    with pytest.raises(CourseError, match="heights.csv would reach neither students nor the grader"):
        read_source(course, "90_small")


def test_a_folder_that_the_catalogue_does_not_name_is_told_so(course):
    path = course.text_source("90_small")
    path.parent.rename(path.parent.with_name("91_other"))
    path.parent.with_name("91_other").joinpath(path.name).rename(course.text_source("91_other"))
    with pytest.raises(CourseError, match='does not name 91_other: write its line there, "91_other": "MODULE"'):
        read_source(course, "91_other")


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


# --- slips in the settings and in the exercises ----------------------------------------------------------------------

CONFIG, MODULE, PACKAGE = "nbgrader_config.py", "small_course/small.py", "small_course/__init__.py"
SLIPS = {
    "no setting": (CONFIG, "\nc.Course.titel = 1", "nbgrader_config.py: there is no setting c.Course.titel.* title"),
    "no limit": (CONFIG, "\nc.Limits.cell_second = 1", "no setting c.Limits.cell_second: did you mean cell_seconds"),
    "no class": (CONFIG, "\nc.Limit.cell_seconds = 1", "there are no settings c.Limit: did you mean Limits"),
    "no value": (CONFIG, '\nc.Limits.cell_seconds = "9"', r"c.Limits.cell_seconds = '9': .* expected a float"),
    "no Python": (CONFIG, "\nc = (", r"nbgrader_config.py, line \d+: '\(' was never closed"),
    "no name": (CONFIG, "\nc.Course.title = titel", r"nbgrader_config.py, line \d+: NameError: name 'titel' is not"),
    "a syntax error": (MODULE, "\n)", r"small.py, line 14: unmatched '\)'"),
    "no oracle": (MODULE, '\nExercise(id="double")', "small.py, line 14: TypeError: .*missing 3 required.* 'oracle'"),
    "no EXERCISES": (MODULE, "\ndel EXERCISES", "small.py has no EXERCISES"),
    "no module": (PACKAGE, '\nCATALOGUE._modules["90_small"] = "smal"', "small_course.smal for 90_small: there is no"),
    "no CATALOGUE": (PACKAGE, "\ndel CATALOGUE", "small_course has no CATALOGUE"),
    "a missing package": (PACKAGE, "\nimport nowhere", "__init__.py, line 4: ModuleNotFoundError: No module .*nowhere"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_settings_or_exercises_is_one_sentence_that_says_where(slip, course):
    path, added, says = SLIPS[slip]
    with (course.root / path).open("a") as file:
        file.write(added)
    with pytest.raises(CourseError, match=says):
        read_source(course, "90_small")


def test_settings_of_classes_that_are_not_ours_are_left_alone(course):
    with (course.root / CONFIG).open("a") as file:
        file.write("\nc.Anything.goes = 1\nc.Run.enabled = True\nc.CourseDirectory.db = 1")
    assert course.config().Anything.goes == 1
