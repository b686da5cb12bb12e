"""The whole way: files of a made-up class through our command, nbgrader's own and its default steps."""

from __future__ import annotations

import json
import os
import re
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from attention_course.exercises import CATALOGUE
from autograder import cells
from tests.support.course import BIN, make_course, run, set_in_config
from tests.support.demo_class import NOTEBOOK
from tests.support.submissions import read_class, write_submission

# Whole notebooks take seconds each: these few go through nbgrader's own commands as well.
THROUGH_NBGRADER = ("ada", "chen", "dina", "nora")
CLASS_SEED = "4611686018427387847"  # long enough to be no other number on a page
REFUSED = ("broken JSON", "empty", "foreign kernel")


def gradebook_scores(course) -> dict[str, dict[str, float]]:
    """Each student's automatic scores by exercise, as the gradebook has them."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                grade.name.removesuffix("-check"): grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.name.endswith("-check")
            }
            for submission in gradebook.assignment_submissions(NOTEBOOK)
        }


def gradebook_rows(course, student: str) -> dict[str, list]:
    """What the gradebook says of a student's submission beside the scores: what waits for a person, comments, time."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(NOTEBOOK, student)
        (notebook,) = submission.notebooks
        return {
            "waiting": sorted(grade.name for grade in notebook.grades if grade.needs_manual_grade),
            "by hand": [grade.manual_score for grade in notebook.grades],
            "comments": sorted((comment.name, str(comment.auto_comment)) for comment in notebook.comments),
            "time": [submission.timestamp, notebook.late_submission_penalty],
        }


def json_scores(result: dict) -> dict[str, float]:
    return {exercise["id"]: exercise["score"] for exercise in result["exercises"]}


@pytest.fixture(scope="module")
def students():
    return {student.name: student for student in read_class(NOTEBOOK)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, students):
    """The class, graded by `autograder grade`: the course, the finished process and the results by student."""
    course = make_course(tmp_path_factory.mktemp("course") / "class")
    for student in students.values():
        write_submission(course, NOTEBOOK, student, course.root / "handed-in")
    command = ("autograder", "grade", NOTEBOOK, "--submitted", "handed-in", "--json", "--seed", CLASS_SEED)
    process = run(*command, cwd=course.root)
    return course, process, {result["student"]: result for result in json.loads(process.stdout)}


def test_every_student_gets_the_stated_score(graded, students):
    _, _, results = graded
    assert {name: result["score"] for name, result in results.items()} == {
        name: student.score for name, student in students.items()
    }


def test_results_have_the_form_that_programs_rely_on(graded):
    _, process, results = graded
    ids = [exercise.id for exercise in CATALOGUE.exercises_of(NOTEBOOK)]
    full = sum(exercise.points for exercise in CATALOGUE.exercises_of(NOTEBOOK))
    for result in results.values():
        assert set(result) == {"student", "notebook", "score", "max_score", "exercises"}
        assert result["notebook"] == NOTEBOOK and result["max_score"] == full
        assert [exercise["id"] for exercise in result["exercises"]] == ids
        for exercise in result["exercises"]:
            assert set(exercise) == {"id", "score", "max_score", "status", "messages"}
            assert (exercise["status"] == "pass") == (exercise["score"] == exercise["max_score"])
            assert (exercise["messages"] == []) == (exercise["status"] == "pass")
    assert process.returncode == 3, process.stderr  # some files of the class cannot be graded


def test_the_gradebook_has_the_same_grades(graded, students):
    course, _, results = graded
    recorded = gradebook_scores(course)
    refused = {name for name, student in students.items() if student.handling in REFUSED}
    assert set(recorded) == set(results) - refused
    for name, scores in recorded.items():
        assert scores == json_scores(results[name]), name


def test_the_submitted_files_are_left_alone(graded, students, tmp_path):
    course, _, _ = graded
    for student in students.values():
        fresh = write_submission(course, NOTEBOOK, student, tmp_path)
        submitted = course.root / "handed-in" / fresh.relative_to(tmp_path)
        assert submitted.read_bytes() == fresh.read_bytes()
    assert not (course.root / "submitted").exists()


def test_feedback_shows_each_property_and_nothing_hidden(graded, students):
    course, _, results = graded
    for name in students:
        page = (course.root / "feedback" / name / NOTEBOOK / f"{NOTEBOOK}.html").read_text()
        assert not re.search(r"judge\(|HIDDEN TESTS|judge_for|oracle|BEGIN SOLUTION|For the instructor", page)
        for exercise in results[name]["exercises"]:
            for message in exercise["messages"]:
                assert message.split("'")[0][:30] in page or "&" in message
        if results[name]["exercises"][0]["status"] != "missing":
            tables = re.findall(r"<table><caption>(\w+): ([\d.]+) of", page)
            assert [(one, float(score)) for one, score in tables] == list(json_scores(results[name]).items())


def test_feedback_for_a_refused_file_says_why(graded, students):
    course, _, results = graded
    broken = next(name for name, student in students.items() if student.handling == "broken JSON")
    page = (course.root / "feedback" / broken / NOTEBOOK / f"{NOTEBOOK}.html").read_text()
    assert "not valid JSON" in page and "not graded" in page
    assert results[broken]["exercises"][0]["messages"][0].startswith("The file is not valid JSON")


def test_a_student_sees_the_submissions_seed_and_never_the_class_seed(graded, students):
    course, _, _ = graded
    seeds = []
    for name, student in students.items():
        if student.handling not in REFUSED:
            page = (course.root / "feedback" / name / NOTEBOOK / f"{NOTEBOOK}.html").read_text()
            kept = (course.root / "autograded" / name / NOTEBOOK / f"{NOTEBOOK}.ipynb").read_text()
            assert CLASS_SEED not in page + kept, name
            seeds += re.findall(r"inputs of seed (\d+)", page)
    assert len(set(seeds)) == len(students) - len(REFUSED)


def test_a_seed_replays_a_result_exactly(graded):
    """One student again, alone, through `check` with the feedback's seed: the same object, to the last message."""
    course, _, results = graded
    file = course.root / "handed-in" / "chen" / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    page = (course.root / "feedback" / "chen" / NOTEBOOK / f"{NOTEBOOK}.html").read_text()
    (seed,) = re.findall(r"inputs of seed (\d+)", page)
    process = run("autograder", "check", file, "--json", "--seed", seed, cwd=course.root)
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout) == {**results["chen"], "student": ""}


@pytest.fixture(scope="module")
def nbgrader_course(tmp_path_factory, students):
    """A course with a few submissions where nbgrader looks for them, and the assignment in its gradebook."""
    course = make_course(tmp_path_factory.mktemp("nbgrader") / "class")
    for name in THROUGH_NBGRADER:
        write_submission(course, NOTEBOOK, students[name], course.root / "submitted")
    release = f"--CourseDirectory.release_directory={course.root / 'release'}"
    assert run("nbgrader", "generate_assignment", NOTEBOOK, "--force", release, cwd=course.root).returncode == 0
    return course


def test_nbgraders_generate_assignment_makes_the_committed_file(nbgrader_course):
    made = nbgrader_course.root / "release" / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    assert made.read_text().strip() == nbgrader_course.release(NOTEBOOK).read_text().strip()
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_nbgraders_own_commands_give_the_same_grades_and_feedback(nbgrader_course, graded):
    course, _, results = graded
    process = run("nbgrader", "autograde", NOTEBOOK, cwd=nbgrader_course.root)
    assert process.returncode == 0, process.stderr
    recorded = gradebook_scores(nbgrader_course)
    assert recorded == {name: json_scores(results[name]) for name in THROUGH_NBGRADER}
    for name in THROUGH_NBGRADER:
        assert gradebook_rows(course, name) == gradebook_rows(nbgrader_course, name), name
    assert gradebook_rows(course, "nora")["waiting"] == ["reflect-cost", "reflect-squeeze"]
    assert gradebook_rows(course, "ada")["waiting"] == []  # nothing was written
    process = run("nbgrader", "generate_feedback", NOTEBOOK, cwd=nbgrader_course.root)
    assert process.returncode == 0, process.stderr
    page = (nbgrader_course.root / "feedback" / "chen" / NOTEBOOK / f"{NOTEBOOK}.html").read_text()
    assert "<caption>squeeze:" in page and "HIDDEN" not in page


def test_formgraders_button_gives_the_same_grades(nbgrader_course, graded, monkeypatch):
    """The button calls this method of nbgrader's API, with the configuration that the server read."""
    _, _, results = graded
    monkeypatch.chdir(nbgrader_course.root)
    monkeypatch.setenv("PATH", str(BIN), prepend=os.pathsep)
    outcome = NbGraderAPI(config=nbgrader_course.config()).autograde(NOTEBOOK, "dina", force=True)
    assert outcome["success"], outcome
    assert gradebook_scores(nbgrader_course)["dina"] == json_scores(results["dina"])


def test_nbgraders_default_preprocessors_grade_the_same_cells(nbgrader_course, students, tmp_path):
    """The forgeable mode: right answers get full marks, a wrong one does not."""
    course = make_course(tmp_path / "class")
    set_in_config(course, "del c.Autograde.sanitize_preprocessors, c.Autograde.autograde_preprocessors")
    shutil.copy(nbgrader_course.root / "gradebook.db", course.root)
    chen = students["chen"]
    handed_in = write_submission(course, NOTEBOOK, chen, course.root / "submitted")
    notebook = nbformat.read(handed_in, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "demo" not in cells.tags(cell)]  # they train
    nbformat.write(notebook, handed_in)
    process = run("nbgrader", "autograde", NOTEBOOK, cwd=course.root)
    assert process.returncode == 0, process.stderr
    recorded = gradebook_scores(course)["chen"]
    points = {exercise.id: exercise.points for exercise in CATALOGUE.exercises_of(NOTEBOOK)}
    assert {answer.kind for answer in chen.answers.values()} > {"right"}
    for name, answer in chen.answers.items():
        assert (recorded[name] == points[name]) == (answer.kind == "right"), name


def test_the_graded_notebook_of_a_student_holds_the_visible_tests_alone(graded):
    course, _, _ = graded
    notebook = nbformat.read(course.root / "autograded" / "ada" / NOTEBOOK / f"{NOTEBOOK}.ipynb", as_version=4)
    release = nbformat.read(course.release(NOTEBOOK), as_version=4)
    visible = {cells.grade_id(cell): cell.source for cell in release.cells if cells.is_judged(cell)}
    assert {cells.grade_id(cell): cell.source for cell in notebook.cells if cells.is_judged(cell)} == visible
