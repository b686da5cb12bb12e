"""Feedback back to Canvas and Moodle: the archive that they take, and who gets no page."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import nbformat
import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.commands.feedback import feedback_command
from autograder.course import CourseError
from autograder.lms import collect as collecting
from autograder.lms import feedback
from autograder.lms.collect import collect
from autograder.lms.feedback import give_back
from tests.support.course import make_course
from tests.support.lms_class import CANVAS, notebook, of
from tests.support.lms_files import (
    CLASS,
    NAME,
    canvas_gradebook,
    canvas_name,
    moodle_folder,
    moodle_worksheet,
    write_zip,
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "_enter_names", lambda *_: None)  # giving back does not read the gradebook
    return make_course(tmp_path / "class")


@pytest.fixture
def canvas_zip(tmp_path):
    return write_zip(tmp_path / "submissions.zip", CANVAS, says_utf8=False)


def write_pages(course, *students: str) -> None:
    for student in students:
        page = course.root / "feedback" / student / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<h1>Feedback for {student} – ü</h1>", encoding="utf-8")


def contents(archive) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def page_in(notebook_bytes: bytes) -> str:
    return nbformat.reads(notebook_bytes.decode(), as_version=4).cells[1].outputs[0].data["text/html"]


def canvas_reads(name: str) -> tuple[int, int]:
    """Whose a file is, and which file of theirs, as Canvas's `infer_comment_context_from_filename` finds it."""
    parts = [part for part in name.split("_") if part != "LATE"]
    student, attachment, *_ = [int(part) for part in parts if re.fullmatch(r"\d+", part)]
    assert not parts[-1].startswith("link") and not name.startswith("._")
    return student, attachment


def moodle_reads(path: str) -> tuple[int, str]:
    """Whose a file is and how it will be called, as Moodle's `is_valid_filename_for_import` finds it."""
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit():
            assert info[2:4] == ["assignsubmission", "file"]
            return int(info[1]), "/".join([*info[4:], *parts]).lstrip("/")
    raise AssertionError(f"Moodle ignores {path}")


def test_canvas_gets_its_own_names_and_files_of_the_students_kind(course, tmp_path, canvas_zip):
    collect(course, NAME, [canvas_zip], canvas_gradebook(tmp_path / "grades.csv"))
    write_pages(course, "101", "103", "105", "106", "107", "by-mail")
    output = tmp_path / "back.zip"
    found = give_back(course, NAME, "canvas", canvas_zip, output)
    given = contents(output)
    assert {canvas_reads(name) for name in given} == {
        (101, 5001),
        (103, 5003),
        (105, 5005),
        (106, 5006),
        (107, 5008),
    }
    assert set(given) <= set(CANVAS) and [page.path for page in found.pages] == list(given)
    assert page_in(given[of(103, 5003, f"{NAME}-1.ipynb", late=True)]) == "<h1>Feedback for 103 – ü</h1>"
    assert "Feedback for 107" in contents(io.BytesIO(given[of(107, 5008, "all of it.zip")]))["feedback.html"].decode()
    assert [line.split()[0] for line in found.without_page] == ["102", "104"]
    assert found.not_there == ["by-mail"]
    why = {one.file: one.reason for one in found.unmatched}
    assert (
        why[of(108, 5009, "essay.docx")].startswith("not taken: essay.docx is a text document")
        and "anonymous" in why["anon_x7Gh2_5013_00_feature_maps.ipynb"]
    )


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("last", ["_", ""])
def test_moodle_finds_each_page_by_its_number(course, tmp_path, flat, last):
    folders = {one.number: moodle_folder(one.full, one.number, last=last) for one in CLASS[:4]}
    between = "_" * (not last) if flat else "/sub/"
    files = {f"{folder}{between}{NAME} (1).ipynb": notebook(str(number)) for number, folder in folders.items()}
    archive = write_zip(tmp_path / "moodle.zip", files)
    collect(course, NAME, [archive], moodle_worksheet(tmp_path / "sheet.csv"))
    write_pages(course, *(one.email for one in CLASS[:4]))
    output = tmp_path / "back.zip"
    found = give_back(course, NAME, "moodle", archive, output)
    assert not (found.unmatched or found.without_page or found.not_there)
    given = {moodle_reads(path): content.decode() for path, content in contents(output).items()}
    assert given == {(one.number, f"{NAME}.html"): f"<h1>Feedback for {one.email} – ü</h1>" for one in CLASS[:4]}


def test_what_was_handed_in_after_it_was_collected_is_said(course, tmp_path):
    first = write_zip(tmp_path / "a.zip", {of(101, 5001, f"{NAME}.ipynb"): notebook("Ada")})
    later = {of(101, 6001, f"{NAME}-1.ipynb"): notebook("Ada again"), of(102, 6002, f"{NAME}.ipynb"): notebook("Wei")}
    collect(course, NAME, [first])
    write_pages(course, "101")
    found = give_back(course, NAME, "canvas", write_zip(tmp_path / "b.zip", later), tmp_path / "back.zip")
    assert [(page.student, page.note[:20]) for page in found.pages] == [("101", "handed in again sinc")]
    assert [one.file for one in found.unmatched] == [of(102, 6002, f"{NAME}.ipynb")]


def test_who_has_another_name_since_gets_the_page_after_collecting_again(course, tmp_path):
    first = write_zip(tmp_path / "a.zip", {of(101, 5001, f"{NAME}.ipynb"): notebook("Ada")})
    married = replace(CLASS[0], last="King")
    later = {canvas_name(married.sortable, 101, 5001, f"{NAME}.ipynb"): notebook("Ada")}
    archive = write_zip(tmp_path / "b.zip", later)
    collect(course, NAME, [first], canvas_gradebook(tmp_path / "old.csv"))
    write_pages(course, "101")
    (left,) = give_back(course, NAME, "canvas", archive, tmp_path / "back.zip").unmatched
    assert left.reason.endswith("export the roster again, and collect again with it")
    collect(course, NAME, [archive], canvas_gradebook(tmp_path / "new.csv", [married]))
    assert [page.student for page in give_back(course, NAME, "canvas", archive, tmp_path / "back.zip").pages] == ["101"]


def test_a_page_older_than_the_gradebook_is_named(course, tmp_path, canvas_zip, monkeypatch, capsys):
    write_pages(course, "101")
    monkeypatch.setattr(feedback, "older_pages", lambda *_: {"101"})
    feedback.print_given_back(Console(), give_back(course, NAME, "canvas", canvas_zip, tmp_path / "back.zip"))
    shown = capsys.readouterr().out
    assert "`autograder grade` first:\n  101 " in shown and "older than the gradebook 1" in shown


def test_without_a_record_the_number_is_the_student(course, tmp_path, canvas_zip):
    """As after nbgrader's own zip_collect."""
    write_pages(course, "101")
    give_back(course, NAME, "canvas", canvas_zip, tmp_path / "back.zip")
    assert list(contents(tmp_path / "back.zip")) == [of(101, 5001, f"{NAME}.ipynb")]


def test_the_command_says_who_gets_none_and_a_dry_run_writes_nothing(course, tmp_path, canvas_zip, monkeypatch):
    monkeypatch.chdir(course.root)
    collect(course, NAME, [canvas_zip])
    write_pages(course, "101")
    archive = course.root / "feedback" / f"{NAME}-canvas.zip"
    arguments = [NAME, "--canvas", str(canvas_zip)]
    shown = CliRunner().invoke(feedback_command, [*arguments, "--dry-run"])
    assert shown.exit_code == 3 and "a dry run" in shown.output and not archive.exists()
    assert "102 chenwei" in shown.output and "pages 1, unmatched" in shown.output
    assert CliRunner().invoke(feedback_command, arguments).exit_code == 3 and archive.exists()
    assert CliRunner().invoke(feedback_command, [NAME]).exit_code == 2


def test_what_cannot_be_used_is_one_sentence(course, tmp_path, canvas_zip):
    with pytest.raises(CourseError, match="no feedback on"):
        give_back(course, NAME, "canvas", canvas_zip, tmp_path / "back.zip")
    write_pages(course, "101")
    with pytest.raises(CourseError, match="as Moodle names"):
        give_back(course, NAME, "moodle", canvas_zip, tmp_path / "back.zip")
    with pytest.raises(CourseError, match="is read"):
        give_back(course, NAME, "canvas", canvas_zip, canvas_zip)
