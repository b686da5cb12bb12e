"""A student's own copies in `work`: renewed as long as they hold nothing of the student's, never written over."""

from __future__ import annotations

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.course import Course, CourseError
from autograder.own_copies import CopyState, refresh_copies

NAME = "90_small"


@pytest.fixture
def course(tmp_path) -> Course:
    """A course of one notebook."""
    (tmp_path / "nbgrader_config.py").touch()
    source = tmp_path / "solutions" / NAME / f"{NAME}.py"
    source.parent.mkdir(parents=True)
    source.touch()
    course = Course(tmp_path)
    course.release(NAME).parent.mkdir(parents=True)
    write(course.release(NAME), "first edition")
    return course


def write(path, *sources: str, outputs: tuple = ()) -> None:
    cells = [nbformat.v4.new_code_cell(source, outputs=list(outputs)) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def refreshed(course: Course) -> tuple[CopyState, str]:
    """What became of the copy, and what is in it."""
    (copy,) = refresh_copies(course)
    return copy.state, copy.path.read_text()


def test_a_copy_is_made_and_renewed_with_the_course(course):
    assert refreshed(course) == (CopyState.NEW, course.release(NAME).read_text())
    assert refreshed(course)[0] == CopyState.KEPT
    write(course.release(NAME), "second edition")
    assert refreshed(course) == (CopyState.RENEWED, course.release(NAME).read_text())


def test_a_copy_that_was_only_run_is_renewed_too(course):
    refresh_copies(course)
    said = nbformat.v4.new_output("stream", text="a result")
    write(course.root / "work" / NAME / f"{NAME}.ipynb", "first edition", outputs=(said,))
    write(course.release(NAME), "second edition")
    assert refreshed(course)[0] == CopyState.RENEWED


@pytest.mark.parametrize("content", [("first edition", "mine"), ("mine",), ()])
@pytest.mark.parametrize("record", ["there", "lost", "damaged"])
def test_what_a_student_wrote_stays(course, content, record):
    (copy,) = refresh_copies(course)
    write(copy.path, *content)
    before = copy.path.read_text()
    assert refreshed(course) == (CopyState.KEPT, before)
    copied = course.root / "work" / ".copied.json"
    if record != "there":
        copied.unlink() if record == "lost" else copied.write_text("[" * 9)
    write(course.release(NAME), "second edition")
    for _ in range(2):
        assert refreshed(course) == (CopyState.BEHIND, before)


def test_a_file_that_is_no_notebook_stays(course):
    (copy,) = refresh_copies(course)
    copy.path.write_text("half a noteb")
    write(course.release(NAME), "second edition")
    assert refreshed(course) == (CopyState.BEHIND, "half a noteb")


def test_the_command_says_what_became_of_each(course, monkeypatch):
    monkeypatch.chdir(course.root)
    run = lambda: CliRunner().invoke(cli, ["work"])  # noqa: E731
    own = f"work/{NAME}/{NAME}.ipynb"
    assert run().stderr == f"{own}: new\n" and run().stderr == ""
    write(course.root / own, "mine")
    write(course.release(NAME), "second edition")
    assert f"{own}: it stays as it is" in run().stderr and f"notebooks/{NAME}/{NAME}.ipynb" in run().stderr


def test_a_folder_that_cannot_be_written_is_one_sentence(course):
    (course.root / "work").write_text("a file")
    with pytest.raises(CourseError, match="cannot be read or written"):
        refresh_copies(course)
