"""The feedback page: what a student finds on it, the same from every command, and nothing in it that can act."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.converters import generate_assignment, run_converter
from autograder.course import Course
from autograder.feedback.exporter import (
    MAX_OUTPUTS,
    MAX_PAGE,
    CellGrade,
    GradesOfNotebook,
    read_grades,
    refusal_page,
    render,
)
from autograder.grading.judging import Judge
from autograder.judge.verdict import as_html, without_answers
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from autograder.statuses import ByHand
from tests.support.course import make_course
from tests.support.demo_class import NOTEBOOK
from tests.support.feedback_attacks import ATTACKS, every_way
from tests.support.page_reader import Outline
from tests.support.submissions import fill_in


def graded_notebook(name: str = NOTEBOOK, extra: list | None = None, outputs: list | None = None):
    """A submission with a verdict on each exercise, the student's extra cells and outputs of the first answer."""
    source, release = instructor_notebooks(Course.find(), name)
    answers = {
        exercise.id: f"def {exercise.id}(*args):\n    return 'an answer'" for exercise in CATALOGUE.exercises_of(name)
    }
    submitted = fill_in(release, answers)
    first = next(i for i, cell in enumerate(submitted.cells) if cells.grade_id(cell) in answers)
    submitted.cells[first:first] = extra or []
    notebook, _, _ = rebuild(submitted, source, release)
    verdicts = {exercise.id: without_answers(exercise, "timeout") for exercise in CATALOGUE.exercises_of(name)}
    for cell in notebook.cells:
        if cells.is_judged(cell):
            cell.source = cells.visible_source(cell.source)
            verdict = as_html(verdicts[cells.grade_id(cell).removesuffix("-check")])
            score = new_output("execute_result", {"text/plain": "0.123"}, execution_count=1)
            cell.outputs = [new_output("display_data", {"text/html": verdict}), score]
        elif cell.cell_type == "code":
            cell.outputs = outputs or [] if cells.grade_id(cell) == CATALOGUE.exercises_of(name)[0].id else []
    return notebook


def grades_of(notebook, name: str = NOTEBOOK, **changes) -> GradesOfNotebook:
    graded = {cells.grade_id(c): CellGrade(1, c.metadata.nbgrader.points) for c in notebook.cells if is_graded(c)}
    full = sum(cell.max_score for cell in graded.values())
    return replace(GradesOfNotebook(name, len(graded), full, 0.0, graded, {}), **changes)


def is_graded(cell) -> bool:
    return cells.is_marked(cell, "grade")


def test_the_score_stands_first_then_each_exercise_then_its_answer_and_verdict():
    notebook = graded_notebook()
    grades = grades_of(notebook, score=9.25)
    outline = Outline(render(notebook, grades))
    ids = [exercise.id for exercise in CATALOGUE.exercises_of(NOTEBOOK)]
    assert f"{NOTEBOOK}: 9.25 of {grades.max_score:g} points" in outline.text
    places = [outline.text.index(name) for name in ids]
    assert places == sorted(places) and places[-1] < outline.text.index("Your answer")
    for name in ids:
        assert "'an answer'" in outline.sections[name]
        assert "It did not finish in time" in outline.sections[f"{name}-check"]
        assert "1 of" in outline.sections[f"{name}-check"] and "0.123" not in outline.sections[f"{name}-check"]
        assert list(outline.sections).index(name) + 1 == list(outline.sections).index(f"{name}-check")


def test_the_page_says_whose_it_is_and_has_one_heading_of_the_first_level():
    extra = [new_markdown_cell("# Mine\n\n#### Deep"), new_code_cell("pass")]
    outputs = [new_output("display_data", {"text/html": "<h1>printed</h1>"})]
    notebook = graded_notebook(extra=extra, outputs=outputs)
    page = render(notebook, grades_of(notebook, student="Ada <Lovelace> (ada)", comments={"squeeze": "# See"}))
    assert re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL) == [f"{NOTEBOOK}: 8 of 33 points"]
    assert "Feedback for Ada &lt;Lovelace&gt; (ada)" in page
    assert f"<title>{NOTEBOOK}, Ada &lt;Lovelace&gt; (ada): feedback</title>" in page
    own = ("<h3>Mine</h3>", "<h4>Deep</h4>", "<h3>printed</h3>", "<h3>See</h3>")
    assert all(heading in page for heading in own)


def test_a_refused_file_has_a_page_of_the_same_kind():
    page = refusal_page(NOTEBOOK, "ada", "The file is <empty>.")
    Outline(page)
    assert page.count("<h1>") == 1 and "Feedback for ada" in page and "The file is &lt;empty&gt;." in page
    assert "prefers-color-scheme: dark" in page and "default-src 'none'" in page


def test_the_rubrics_are_in_the_graded_notebook_and_not_on_the_page():
    notebook = graded_notebook()
    rubrics = [cell.source for cell in notebook.cells if cells.RUBRIC in cells.tags(cell)]
    assert len(rubrics) == 2 and all("Rubric" in source for source in rubrics)
    page = render(notebook, grades_of(notebook))
    assert "reflect-cost" in page and "Rubric" not in page and "How to grade" not in page


def test_what_was_given_is_folded_and_opens_where_it_failed():
    notebook = graded_notebook()
    page = render(notebook, grades_of(notebook))
    assert '<details class="given"><summary>' in page and '<details class="given" open>' not in page
    folded = re.findall(r'<details class="given">.*?</div></details>', page, re.DOTALL)
    assert sum("Drawing and checking helpers" in part for part in folded) == page.count("Drawing and checking helpers")
    helpers = next(cell for cell in notebook.cells if "helpers" in cells.tags(cell))
    helpers.outputs = [new_output("error", ename="NameError", evalue="no such name", traceback=[])]
    page = render(notebook, grades_of(notebook))
    assert page.count('<details class="given" open>') == 1 and "NameError: no such name" in page


def test_comments_late_penalty_and_what_is_not_graded_yet():
    notebook = graded_notebook()
    grades = grades_of(notebook, late_penalty=2.5, comments={"reflect-squeeze": "See *section 3*. <script>x</script>"})
    grades.cells["reflect-squeeze"] = CellGrade(0, 3, ByHand.WAITING)
    page = render(notebook, grades)
    outline = Outline(page)
    assert "-2.5 points" in outline.text and 'href="#reflect-squeeze-comment"' in page
    assert "See <em>section 3</em>." in page and "not graded yet" in outline.sections["reflect-squeeze"]


@pytest.mark.parametrize("name", Course.find().names)
def test_every_notebook_of_the_course_is_shown_whole_with_nothing_from_elsewhere(name):
    notebook = graded_notebook(name)
    outline = Outline(render(notebook, grades_of(notebook, name)))
    assert "[cut here" not in outline.text and "is left out" not in outline.text
    assert {tag for tag, _, _ in outline.attributes}.isdisjoint({"script", "link", "iframe"})
    assert all(value.startswith("data:") for _, attribute, value in outline.attributes if attribute == "src")
    assert outline.attributes.count(("h1", "", "")) == 1
    assert outline.text.count("Your answer") >= len(CATALOGUE.exercises_of(name))


def test_the_judges_first_cell_is_shown_open():
    notebook = nbformat.v4.new_notebook(metadata={"autograder": {"notes": ["The cell was there 2 times."]}})
    judged, _ = Judge().preprocess(notebook, {"replies": {}, "seed": 7})
    page = render(judged, GradesOfNotebook(NOTEBOOK, 0, 0, 0, {}, {}))
    assert judged.cells[0].id == cells.HEAD_ID
    assert "The cell was there 2 times." in page and "seed 7" in page and "<details" not in page


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nothing_a_student_wrote_can_act_or_hide_a_verdict(attack):
    extra, outputs = every_way(attack)
    notebook = graded_notebook(extra=extra, outputs=outputs)
    page = render(notebook, grades_of(notebook))
    page.encode()
    outline = Outline(page)
    tags = {tag for tag, _, _ in outline.attributes}
    assert tags.isdisjoint(
        {"script", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "link", "base"}
    )
    for tag, attribute, value in outline.attributes:
        assert not attribute.startswith("on") and attribute not in ("srcdoc", "action", "formaction", "xlink:href")
        if attribute == "style":
            assert re.fullmatch(r"(background-)?color: rgb\(.*\)", value)
        if attribute == "src":
            assert re.match(r"data:image/(svg\+xml|png|jpeg);base64,[A-Za-z0-9+/=]*$", value), (tag, value)
        if attribute == "href":
            assert value.startswith(("https://", "http://", "#")), value
        if attribute == "http-equiv":
            assert value == "Content-Security-Policy"
    assert sum(value == "squeeze-check" for _, attribute, value in outline.attributes if attribute == "id") == 1
    for exercise in CATALOGUE.exercises_of(NOTEBOOK):
        assert "It did not finish in time" in outline.sections[f"{exercise.id}-check"]


def test_the_page_forbids_scripts_and_other_hosts():
    notebook = graded_notebook()
    policy = re.search(r'Content-Security-Policy"\s+content="([^"]+)"', render(notebook, grades_of(notebook)))[1]
    assert policy.startswith("default-src 'none'") and "script-src" not in policy and "http" not in policy


def test_colours_of_a_terminal_are_kept_and_its_text_is_escaped():
    outputs = [new_output("stream", name="stdout", text="\x1b[31m<b>red</b>\x1b[0m \x1b[38;5;200mpink\x1b[0m")]
    notebook = graded_notebook(outputs=outputs)
    page = render(notebook, grades_of(notebook))
    assert '<span class="ansi-red-fg">&lt;b&gt;red&lt;/b&gt;</span>' in page and "color: rgb(" in page


def test_figures_tables_and_odd_data_are_shown():
    outputs = [
        new_output("display_data", {"image/png": "aGk=\n"}, metadata={"image/png": {"alt": 'a "map"', "width": 3}}),
        new_output(
            "display_data", {"text/html": "<style>td {}</style><table class=dataframe><tr><td>7</td></tr></table>"}
        ),
        new_output("display_data", {"text/html": "5", "text/latex": "none"}),
        new_output("display_data", {"image/jpeg": "not <base64>"}),
        new_output("display_data", {}),
    ]
    notebook = graded_notebook(outputs=outputs)
    page = render(notebook, grades_of(notebook))
    assert '<img alt="a &#34;map&#34;" src="data:image/png;base64,aGk=">' in page
    assert re.search(r"<table>\s*<tbody>\s*<tr>\s*<td>7</td>|<table><tr><td>7</td></tr></table>", page)
    assert "td {}" not in page and "damaged is left out" in page


@pytest.mark.parametrize("where", ["cells", "outputs"])
def test_floods_are_cut_and_the_verdicts_remain(where):
    flood = "<b>x</b> \x1b[1m" * 10**6  # 13 MB
    words = [new_markdown_cell(f"{number} " + "word " * 3_000) for number in range(100)]
    few = [new_output("stream", text=f"n{number}") for number in range(100)]
    if where == "cells":
        notebook = graded_notebook(extra=[new_code_cell(flood), *words])
    else:
        notebook = graded_notebook(outputs=every_way(flood)[1] + few)
    began = time.perf_counter()
    page = render(notebook, grades_of(notebook))
    assert time.perf_counter() - began < 10
    assert len(page) < 2 * MAX_PAGE and "[cut here: " in page and "too much of it" in page
    outline = Outline(page)
    assert len(re.findall(r"^n\d+$", outline.sections["squeeze"], re.MULTILINE)) < MAX_OUTPUTS
    for exercise in CATALOGUE.exercises_of(NOTEBOOK):
        assert "It did not finish in time" in outline.sections[f"{exercise.id}-check"]


def test_a_page_costs_little_once_the_instructors_texts_are_known():
    first, second = graded_notebook(), graded_notebook(outputs=[new_output("stream", name="stdout", text="mine")])
    render(first, grades_of(first))
    began = time.process_time()
    render(second, grades_of(second))
    assert time.process_time() - began < 0.06


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one graded submission: the notebook in its folder, points, a penalty and a comment."""
    course = make_course(tmp_path_factory.mktemp("feedback") / "class")
    generate_assignment(course, NOTEBOOK, course.root / "release")
    extra, outputs = every_way(ATTACKS["closing"])
    notebook = graded_notebook(extra=extra, outputs=outputs)
    path = course.root / "autograded" / "ada" / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace")
        submitted = gradebook.add_submission(NOTEBOOK, "ada").notebooks[0]
        submitted.late_submission_penalty = 1.5
        for grade in submitted.grades:
            grade.auto_score, grade.needs_manual_grade = 0.25, grade.name == "reflect-squeeze"
        gradebook.find_comment("squeeze", NOTEBOOK, NOTEBOOK, "ada").manual_comment = "Divide."
        gradebook.db.commit()
    return course


def test_grades_are_read_as_nbgrader_reads_them(course):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        grades = read_grades(gradebook, NOTEBOOK, "ada")
    graded = [cell for cell in nbformat.read(course.release(NOTEBOOK), as_version=4).cells if is_graded(cell)]
    assert grades.cells == {
        cells.grade_id(cell): CellGrade(
            0.25, cell.metadata.nbgrader.points, ByHand.of(cells.grade_id(cell) == "reflect-squeeze", None)
        )
        for cell in graded
    }
    assert grades.max_score == sum(cell.metadata.nbgrader.points for cell in graded)
    assert (grades.score, grades.late_penalty) == (0.25 * len(graded) - 1.5, 1.5)
    assert grades.comments == {"squeeze": "Divide."}
    assert grades.student == "Ada Lovelace (ada)"


def test_nbgraders_generate_feedback_writes_the_same_bytes(course):
    config = course.config()
    config.CourseDirectory.assignment_id, config.CourseDirectory.student_id = NOTEBOOK, "ada"
    run_converter(GenerateFeedback, config)
    written = (course.root / "feedback" / "ada" / NOTEBOOK / f"{NOTEBOOK}.html").read_bytes()
    notebook = nbformat.read(course.root / "autograded" / "ada" / NOTEBOOK / f"{NOTEBOOK}.ipynb", as_version=4)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        grades = read_grades(gradebook, NOTEBOOK, "ada")
    assert render(notebook, grades).encode() == written == render(notebook, grades).encode()
