"""What must hold for every notebook of the course: in step with its source, nothing leaked, points, ids, alt text."""

from __future__ import annotations

import ast
import re
import sys

import nbformat
import pytest

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.build import is_current, read_source, student_version
from autograder.course import Course
from autograder.packing import packed_in
from tests.support.kernel import Kernel

COURSE = Course.find()
NAMES = COURSE.names
CARD = re.compile(
    r"^### Exercise · `(\w+)`\n\*\*([\d.]+) points? · (\d+) minutes · (easy|medium|hard)\*\*", re.MULTILINE
)
QUESTION = re.compile(r"^\*\*([\d.]+) points? · (\d+) minutes · in your own words\*\*", re.MULTILINE)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
ROW = re.compile(r"^\| (?!\*\*)([^|]+?) \| ([\d.]*) ?\| (\d+) \|$", re.MULTILINE)
TOTAL = re.compile(r"^\| \*\*total\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)\*\* \|$", re.MULTILINE)
STUB = "raise NotImplementedError("

pytestmark = pytest.mark.parametrize("name", NAMES)


def walkthrough(name):
    return nbformat.read(COURSE.walkthrough(name), as_version=4)


def release(name):
    return nbformat.read(COURSE.release(name), as_version=4)


def said_by(cell) -> str:
    """What a cell printed."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def solution_lines(name) -> set[str]:
    """The lines that only a solution may hold: long enough to mean something by themselves."""
    lines = set()
    for cell in walkthrough(name).cells:
        for region in SOLUTION.findall(cell.source):
            lines |= {line.strip() for line in region.splitlines()}
    return {line for line in lines if len(line) > 8}


def test_walkthrough_is_in_step_with_its_source(name):
    source, made = read_source(COURSE, name), walkthrough(name)
    assert is_current(COURSE, name), "run `autograder build`"
    assert [(c.cell_type, c.id, c.source) for c in made.cells] == [(c.cell_type, c.id, c.source) for c in source.cells]
    assert all(cell.execution_count for cell in made.cells if cell.cell_type == "code" and cell.source.strip())


def test_the_source_says_nothing_that_the_build_fills_in(name):
    text = COURSE.text_source(name).read_text(encoding="utf-8")
    for written in (r"\*\*[\d.]+ points?", r"Rubric, \d", r"^# \| `\w+` \| \d", "nbgrader", "HIDDEN", r"judge\("):
        assert not re.search(written, text, re.MULTILINE), written


def test_student_version_is_in_step_with_the_walkthrough(name):
    assert nbformat.writes(student_version(COURSE, name)) == nbformat.writes(release(name)), "run `autograder build`"


def test_walkthrough_solves_every_exercise(name):
    """The outputs of the committed walkthrough: no error, and the judge's full score behind every test cell."""
    for cell in walkthrough(name).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.text
        if cells.is_judged(cell):
            score = [output.data["text/plain"] for output in cell.outputs if output.output_type == "execute_result"]
            assert score == [repr(float(cell.metadata.nbgrader.points))], cells.grade_id(cell)


def test_student_folder_holds_the_notebook_alone(name):
    folder = COURSE.release(name).parent
    assert [path.name for path in folder.iterdir() if path.name != ".ipynb_checkpoints"] == [f"{name}.ipynb"]


def test_nothing_of_solutions_or_hidden_tests_leaks(name):
    text = "\n".join(cell.source for cell in release(name).cells)
    for marker in ("### BEGIN", "### END", "HIDDEN", "judge(", "judge_for", "the judge", "MARK SCHEME"):
        assert marker not in text
    for word in ("nbgrader", "grade_id", "locked", "instructor", "{{"):  # nothing of the machinery confuses a student
        assert word not in text.lower()
    assert not any("autograder" in cell.source for cell in release(name).cells[:-1])  # the last says how to study alone
    lines = {line.strip() for line in text.splitlines()}
    assert not lines & solution_lines(name)
    assert not any(cell.get("outputs") for cell in release(name).cells)
    assert not any("instructor" in cells.tags(cell) for cell in release(name).cells)


def test_instructor_version_interprets_and_gives_rubrics(name):
    """The instructor's own cells are there, and a rubric for each question that is graded by hand."""
    own = [cell.source for cell in walkthrough(name).cells if "instructor" in cells.tags(cell)]
    manual = [cell for cell in walkthrough(name).cells if cells.is_manual(cell)]
    assert 1 <= len(manual) <= 2
    assert sum("rubric" in source.lower() for source in own) >= len(manual)
    for text in own:
        assert text not in {cell.source for cell in release(name).cells}


def test_who_scrolls_through_the_solved_notebook_meets_no_rubric_and_no_marks(name):
    for cell in walkthrough(name).cells:
        if cell.cell_type == "markdown":
            shown = re.sub(r"<details>.*?</details>|<!--.*?-->", "", cell.source, flags=re.DOTALL)
            assert not re.search(r"(BEGIN|END) SOLUTION|\*\*Rubric", shown), cell.source


def test_stub_is_a_subset_of_the_solution(name):
    solved = {cells.grade_id(cell): cell.source.splitlines() for cell in walkthrough(name).cells}
    for cell in release(name).cells:
        if cell.cell_type == "code" and cells.is_marked(cell, "solution"):
            extra = [line for line in cell.source.splitlines() if line not in solved[cells.grade_id(cell)]]
            assert [line.strip().startswith(STUB) for line in extra] == [True]
            assert '"""' in cell.source and "# " in cell.source, "a stub has a docstring and a comment for each step"


def test_exercises_have_card_answer_cell_and_test_cell_in_order(name):
    notebook = release(name)
    answers = [cells.grade_id(c) for c in notebook.cells if cells.is_marked(c, "solution") and not cells.is_manual(c)]
    tests = [cells.grade_id(cell) for cell in notebook.cells if cells.is_judged(cell)]
    cards = [found.group(1) for cell in notebook.cells if (found := CARD.search(cell.source))]
    exercises = [exercise.id for exercise in CATALOGUE.exercises_of(name)]
    assert sorted(answers) == sorted(exercises)
    assert tests == [f"{answer}-check" for answer in answers]
    assert cards == answers
    for cell in walkthrough(name).cells:
        if cells.is_judged(cell):
            assert f"{cells.judged_exercise(cell)}-check" == cells.grade_id(cell)


def test_points_on_cards_equal_the_metadata_and_the_judges_points(name):
    notebook = release(name)
    points = {cells.grade_id(c): c.metadata.nbgrader.points for c in notebook.cells if cells.is_marked(c, "grade")}
    cards = {found.group(1): float(found.group(2)) for cell in notebook.cells if (found := CARD.search(cell.source))}
    for exercise in CATALOGUE.exercises_of(name):
        assert cards[exercise.id] == points[f"{exercise.id}-check"] == exercise.points
    asked = [float(found.group(1)) for cell in notebook.cells if (found := QUESTION.search(cell.source))]
    assert asked == [cell.metadata.nbgrader.points for cell in notebook.cells if cells.is_manual(cell)]
    total = TOTAL.search(notebook.cells[0].source)
    assert float(total.group(1)) == sum(points.values())


def test_points_and_minutes_of_the_table_equal_the_cards_and_add_up(name):
    notebook = release(name)
    rows = ROW.findall(notebook.cells[0].source)
    exercises = [(part.strip("`"), points, minutes) for part, points, minutes in rows if part.startswith("`")]
    found = [CARD.search(cell.source) for cell in notebook.cells]
    assert exercises == [card.group(1, 2, 3) for card in found if card]
    asked = [QUESTION.search(cell.source) for cell in notebook.cells]
    questions = [(points, minutes) for part, points, minutes in rows if points and not part.startswith("`")]
    for column in (0, 1):  # one row may stand for two questions
        told = sum(float(question.group(1 + column)) for question in asked if question)
        assert sum(float(row[column]) for row in questions) == told
    total = TOTAL.search(notebook.cells[0].source)
    assert sum(float(points or 0) for _, points, _ in rows) == float(total.group(1))
    assert sum(float(minutes) for _, _, minutes in rows) == float(total.group(2))


def test_the_readmes_row_says_the_same_points_and_minutes(name):
    readme = (COURSE.root / "README.md").read_text(encoding="utf-8")
    row = next(
        line for line in readme.splitlines() if line.startswith("|") and f"(notebooks/{name}/{name}.ipynb)" in line
    )
    _, points, minutes = re.search(r"\| ([^|]+) \| (\d+) \| (\d+) \|", row).groups()
    assert (points, minutes) == TOTAL.search(release(name).cells[0].source).groups()
    assert f"[Colab][c{name[:2]}] · [Binder][b{name[:2]}] · [solved](solutions/{name}/{name}.ipynb)" in row


def test_each_passed_check_shows_the_running_total_and_the_end_shows_all(name):
    notebook = walkthrough(name)
    tests = {cells.grade_id(cell): cell for cell in notebook.cells if cells.is_judged(cell)}
    worth = [cell.metadata.nbgrader.points for cell in tests.values()]
    by_hand = sum(cell.metadata.nbgrader.points for cell in notebook.cells if cells.is_manual(cell))
    for done, cell in enumerate(tests.values(), start=1):
        exercise = cells.judged_exercise(cell)
        counted = f"{done} of {len(worth)} exercises, {sum(worth[:done]):g} of {sum(worth):g} points"
        assert said_by(cell) == f"{exercise}: all visible checks passed · {counted} by the visible checks\n"
    end = next(said_by(cell) for cell in notebook.cells if cell.source == "show_progress()")
    lines = [line.split() for line in end.splitlines()[1 : len(worth) + 1]]
    assert lines == [
        [name.removesuffix("-check"), f"{points:g}", "passed"] for name, points in zip(tests, worth, strict=True)
    ]
    assert f"graded by hand: {by_hand:g} points" in end


def test_the_end_says_how_to_hand_in(name):
    *_, where, total, how = release(name).cells
    assert "not your grade" in where.source
    assert total.source == "show_progress()" and "demo" in cells.tags(total)
    for word in (
        f"`{name}.ipynb`",
        "Save",
        "Validate",
        "Colab",
        "Binder",
        "download",
        "Hand in",
        "%check",
        "autograder check",
    ):
        assert word in how.source
    assert len(how.source.split()) < 250


def test_long_drawing_cells_are_folded_in_jupyterlab_and_in_colab(name):
    for cell in release(name).cells:
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert folded == cell.source.startswith("#@title ") == (cell.metadata.get("cellView") == "form")


def test_ids_are_unique_and_valid(name):
    for notebook in (walkthrough(name), release(name)):
        nbformat.validate(notebook)
        ids = [cells.grade_id(cell) for cell in notebook.cells if cells.grade_id(cell)]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[A-Za-z_]\w*(-check)?|reflect-[a-z]+|helpers", one) for one in ids)
        cell_ids = [cell.id for cell in notebook.cells]
        assert len(cell_ids) == len(set(cell_ids))


def test_every_image_has_alt_text(name):
    figures = 0
    for cell in walkthrough(name).cells:
        assert not re.findall(r"!\[\s*\]\(", cell.source), "a Markdown image without alt text"
        assert all(re.search(r"\balt=\S", tag) for tag in re.findall(r"<img[^>]*>", cell.source))
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                figures += 1
                alt = output.metadata.get("image/png", {}).get("alt", "")
                assert len(alt) >= 40, f"alt text says what the figure shows: {alt!r} in {cell.source[:200]}"
    assert figures >= 4


def test_new_words_stand_in_the_glossary_and_the_page_is_linked(name):
    page = (COURSE.root / "notebooks" / "NOTATION.md").read_text()
    known = {word.lower() for word in re.findall(r"^\| ([^|$]+?) \|", page, re.MULTILINE)}
    cell = next(cell for cell in release(name).cells if re.search(r"^## New words", cell.source, re.MULTILINE))
    table = cell.source.split("## New words")[1].split("\n## ")[0]
    for entry in re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)[1:]:
        for word in entry.split(", "):
            assert word.strip("-").lower() in known or set(word) == {"-"}, word
    assert f"{COURSE.repository}/blob/main/notebooks/NOTATION.md" in release(name).cells[0].source


def test_words_of_the_glossary_stand_in_the_notebook_that_has_them_first(name):
    words = (COURSE.root / "notebooks" / "NOTATION.md").read_text().split("## Words")[1]
    text = " ".join(" ".join(cell.source for cell in release(name).cells).replace("*", "").lower().split())
    for word in re.findall(rf"^\| ([^|]+?) \|.*\| {name[:2]} \|$", words, re.MULTILINE):
        assert word.lower() in text, word


def test_set_up_is_short_and_free_of_downloads(name):
    code = [cell for cell in release(name).cells if cell.cell_type == "code"]
    assert len(code[0].source.splitlines()) <= 15
    sources = [cell.source for cell in code]
    sources += [packed.helpers for source in sources for packed in packed_in(source)]
    imported = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module.split(".")[0])
    packages = {"IPython", "PIL", "keras", "matplotlib", "numpy", "sklearn", "tensorflow"}  # matplotlib brings PIL
    assert imported - set(sys.stdlib_module_names) <= packages
    text = "\n".join(sources)
    assert not re.search(r"get_file|urlopen|load_data\(|^[!%]", text, re.MULTILINE)


def test_untouched_student_version_fails_only_where_it_is_graded(name):
    """Run in the sandbox, where TensorFlow is imported already."""
    notebook, config = release(name), COURSE.config()
    # Demonstrations run here too, which grading leaves out: some train for longer than a graded cell may take.
    config.Limits.update(cell_seconds=300, notebook_seconds=900, cpu_seconds=900)
    with Kernel(config=config) as kernel:
        kernel.nb = notebook
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                assert kernel.run_cell(cell, index) is None, cell.source
    said = ""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                assert cells.is_judged(cell), cell.source
                assert output.ename == "NotImplementedError"
            assert output.get("name") != "stderr", output.text
            said += output.get("text", "")
    failed = [cells.grade_id(c) for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", []))]
    assert failed == [cells.grade_id(cell) for cell in notebook.cells if cells.is_judged(cell)]
    for exercise in CATALOGUE.exercises_of(name):
        assert f"{exercise.id} comes next" in said
        assert re.search(rf"^{exercise.id} +{exercise.points:g}  not yet$", said, re.MULTILINE)
    assert f"\n0 of {len(CATALOGUE.exercises_of(name))} exercises, 0 of " in said
