"""`nbgrader autograde`, its API and formgrader's button take what `autograder grade` takes, and give its grades."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from autograder.sandbox.limits import Limits
from tests.support.course import BIN, make_course, run
from tests.support.lms_class import zipped
from tests.support.submissions import fill_in, quiet_right_answers

NAME = "00_feature_maps"
FULL = sum(exercise.points for exercise in CATALOGUE.exercises_of(NAME))
RELEASE = nbformat.read(Course.find().release(NAME), as_version=4)
ANSWERS = quiet_right_answers(NAME)
RIGHT = nbformat.writes(fill_in(RELEASE, ANSWERS)).encode()
ALMOST = nbformat.writes(fill_in(RELEASE, {**ANSWERS, "channel_pool": "def channel_pool(x):\n    return x"})).encode()


def changed(**entries) -> bytes:
    return json.dumps({**json.loads(RIGHT), **entries}).encode()


def without_metadata() -> bytes:
    notebook = json.loads(RIGHT)
    for cell in notebook["cells"]:
        cell["metadata"] = None
        cell.pop("id")
        cell.pop("outputs", None)
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    return json.dumps({"cells": notebook["cells"], "metadata": [], "nbformat": 4}).encode()


def copied_ids() -> bytes:
    notebook = json.loads(RIGHT)
    for cell in notebook["cells"]:
        cell["id"] = "same"
    return json.dumps({**notebook, "nbformat_minor": 4}).encode()


# By student: the files in the folder, and how many points the judge gives; None where it cannot be graded.
HANDED_IN: dict[str, tuple[dict[str, bytes], float | None]] = {
    "ada": ({f"Kopie von {NAME} (2).ipynb": ALMOST, "\x1b]0;data\x07.csv": b"1"}, FULL - 2.5),
    "bo": ({f"{NAME.upper()}.IPYNB": b"\xef\xbb\xbf" + RIGHT.replace(b"\n", b"\r\n")}, FULL),
    "chen": ({"my work.zip": zipped({f"w/{NAME}.ipynb": RIGHT, "__MACOSX/w/._a.ipynb": b"\0"})}, FULL),
    "dina": ({"作业.ipynb": without_metadata()}, FULL),
    "eve": ({f"work/{NAME}.ipynb": changed(metadata={"language_info": {"name": "pyspark"}})}, FULL),
    "finn": ({f"{NAME}.ipynb": copied_ids(), "timestamp.txt": b"10h" + b"9" * 90}, FULL),
    "gus": ({f"{NAME}.ipynb": RIGHT[:-300]}, None),
    "hal": ({f"{NAME}.html": b"<!DOCTYPE html><html></html>"}, None),
    "ida": ({f"{NAME}.ipynb": changed(metadata={"kernelspec": {"language": "julia"}})}, None),
    "jo": ({"a.ipynb": RIGHT, "b.ipynb": ALMOST}, None),
}


def write(top: Path) -> None:
    for student, (files, _) in HANDED_IN.items():
        for name, content in files.items():
            path = top / student / NAME / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    os.mkfifo(top / "bo" / NAME / "\x1b[2Jpipe")
    with (top / "bo" / NAME / "sparse").open("wb") as file:
        file.truncate(Limits().beside_bytes + 1)
    (top / "bo" / NAME / "link.txt").symlink_to(Course.find().root / "pyproject.toml")


def submitted(course: Course) -> dict[str, bytes]:
    top = course.root / "submitted"
    return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def rows(course: Course) -> dict[str, dict]:
    """What the gradebook holds of each student: scores, what waits for a person, comments, the time."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return {
            submission.student.id: {
                "time": submission.timestamp,
                "grades": sorted((grade.name, grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades),
                "comments": sorted((comment.name, str(comment.auto_comment)) for comment in notebook.comments),
            }
            for submission in gradebook.assignment_submissions(NAME)
            for notebook in submission.notebooks
        }


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """The class as `autograder grade` grades it: the course and the results by student."""
    course = make_course(tmp_path_factory.mktemp("ours") / "class")
    write(course.root / "submitted")
    process = run("autograder", "grade", NAME, "--json", cwd=course.root)
    assert process.returncode == 3, process.stderr
    return course, {result["student"]: result for result in json.loads(process.stdout)}


@pytest.fixture(scope="module")
def nbgraders(tmp_path_factory):
    """The same class in a course that nbgrader's own commands grade."""
    course = make_course(tmp_path_factory.mktemp("nbgraders") / "class")
    write(course.root / "submitted")
    release = f"--CourseDirectory.release_directory={course.root / 'release'}"
    assert run("nbgrader", "generate_assignment", NAME, "--force", release, cwd=course.root).returncode == 0
    return course


def test_our_command_takes_them(ours):
    course, results = ours
    assert {student: result["score"] for student, result in results.items()} == {
        student: points or 0 for student, (_, points) in HANDED_IN.items()
    }
    again = run("autograder", "grade", NAME, cwd=course.root)
    assert "eve: The notebook lay in a folder of its own, work." in " ".join(again.stdout.split())


def test_both_commands_give_the_same_rows(ours, nbgraders):
    course, results = ours
    before = submitted(nbgraders)
    process = run("nbgrader", "autograde", NAME, cwd=nbgraders.root)
    assert process.returncode == 1  # some could not be graded
    assert rows(nbgraders) == rows(course)
    assert set(rows(course)) == {student for student, (_, points) in HANDED_IN.items() if points is not None}
    for student, (_, points) in HANDED_IN.items():
        if points is None:
            reason = results[student]["exercises"][0]["messages"][0]
            assert f"{student}: not graded: {reason}" in process.stderr
    assert "eve: The notebook lay in a folder of its own, work." in process.stderr
    assert "timestamp.txt holds no time" in process.stderr
    assert "bo: ?[2Jpipe is not copied" in process.stderr and "\\x1b]0;data\\x07.csv" in process.stderr
    assert not {"\x1b", "\x07"} & set(process.stderr)
    assert submitted(nbgraders) == before
    for root in (course.root, nbgraders.root):  # neither the link nor the pipe beside the notebook is copied
        beside = {path.name for path in (root / "autograded" / "bo" / NAME).iterdir()}
        assert beside == {f"{NAME}.ipynb", f"{NAME.upper()}.IPYNB"}
    page = (nbgraders.root / "autograded" / "chen" / NAME / f"{NAME}.ipynb").read_text()
    assert "The notebook came in a zip archive." in page


def test_the_api_and_formgraders_button(ours, nbgraders, monkeypatch):
    """The button calls this method of nbgrader's API, with the configuration that the server read."""
    course, results = ours
    monkeypatch.chdir(nbgraders.root)
    monkeypatch.setenv("PATH", str(BIN), prepend=os.pathsep)
    api = NbGraderAPI(config=nbgraders.config())
    with Gradebook(f"sqlite:///{nbgraders.root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("reflect-forget", NAME, NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        gradebook.db.commit()
    outcome = api.autograde(NAME, "ada", force=True)
    assert outcome["success"], outcome
    assert rows(nbgraders)["ada"] == rows(course)["ada"]  # the points by hand need no second look
    outcome = api.autograde(NAME, "hal", force=True)
    assert not outcome["success"]
    assert f"hal: not graded: {results['hal']['exercises'][0]['messages'][0]}" in outcome["log"]
    assert api.get_submitted_students(NAME) == set(HANDED_IN)
    # Formgrader's list asks for the time of each: a bad timestamp costs no page.
    assert {api.get_submitted_timestamp(NAME, student) for student in HANDED_IN} == {None}
    assert {one["student"] for one in api.get_submissions(NAME)} >= set(HANDED_IN)


def test_what_nbgrader_rebuilds_is_what_the_student_wrote(ours, nbgraders):
    graded = nbgraders.root / "autograded" / "dina" / NAME / f"{NAME}.ipynb"
    if not graded.exists():
        pytest.skip("needs the test above")
    found = {cells.grade_id(cell): cell.source for cell in nbformat.read(graded, as_version=4).cells}
    assert {name: found[name] for name in ANSWERS} == ANSWERS


@pytest.mark.parametrize("option", [["--notebook", "99*"], ["--student", "nobody"]])
def test_nbgraders_own_choices_stay(nbgraders, option):
    process = run("nbgrader", "autograde", NAME, *option, cwd=nbgraders.root)
    assert process.returncode == 1 and "No notebooks were matched" in process.stderr
