"""Collecting from Canvas and Moodle: who is matched, what is not and why, and what lies in nbgrader's folders then."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.commands.collect import collect_command
from autograder.lms.class_list import class_list
from autograder.lms.collect import collect
from autograder.lms.collection import not_taken
from autograder.record.attempts import kept_attempts, next_place
from tests.support.course import set_in_config
from tests.support.lms_class import CANVAS, OTHER, course_in, notebook, of, reasons, submitted
from tests.support.lms_files import (
    CLASS,
    NAME,
    canvas_gradebook,
    canvas_name,
    moodle_folder,
    moodle_worksheet,
    unpack,
    write_zip,
)


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture
def canvas_zip(tmp_path):
    return write_zip(tmp_path / "submissions.zip", CANVAS, says_utf8=False)


def test_canvas_with_its_gradebook(course, tmp_path, canvas_zip):
    report = collect(course, NAME, [canvas_zip], canvas_gradebook(tmp_path / "grades.csv", mark=True, manual=True))
    assert report.counts == {
        "matched": 7,
        "unmatched": 5,
        "late": 1,
        "resubmitted": 2,
        "missing": 3,
        "new": 7,
        "replaced": 0,
        "unchanged": 0,
        "older": 0,
    }
    assert submitted(course) == {
        "101": "Ada",
        "102": "the first Wei",
        "103": "the second Wei, late, handed in twice",
        "104": "Zoë",
        "105": "李, third attempt",
        "106": "Anna, wrong name",
        "107": f"{NAME}.zip",
    }
    why = reasons(report)
    assert "essay.docx is a text document (Word or the like), not the notebook" in why[of(108, 5009, "essay.docx")]
    assert why[of(109, 5010, "01_squeeze_excitation.ipynb")] == f"it is 01_squeeze_excitation, not {NAME}"
    assert "777 is not on the roster" in why[canvas_name("Stranger, Some", 777, 5011, f"{NAME}.ipynb")]
    assert "leads out of" in why["../../submitted/evil_101_5012_00_feature_maps.ipynb"]
    assert "anonymous" in why["anon_x7Gh2_5013_00_feature_maps.ipynb"]
    assert [one.lms_id for one in report.missing] == ["108", "109", "110"]
    entries = {
        one["student"]: one for one in json.loads((course.root / f"downloaded/{NAME}/collected.json").read_text())
    }
    assert entries["103"]["late"] and entries["103"]["attempt"] == 2 and entries["105"]["attempt"] == 3
    assert entries["106"]["notes"] == ["handed in as my homework.ipynb", "also handed in: figure.png"]


def test_names_are_in_the_gradebook(course, tmp_path, canvas_zip):
    collect(course, NAME, [canvas_zip], canvas_gradebook(tmp_path / "grades.csv"))
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "attention") as book:
        names = {one.id: (one.first_name, one.last_name, one.lms_user_id) for one in book.students}
    assert names["102"] == names["103"][:2] + ("102",)
    assert names["104"] == ("Zoë", "Nuñez-Ødegård", "104")
    assert names["107"] == ("2+5", '=HYPERLINK("http://evil","x")&', "107")
    assert "110" not in names  # who handed nothing in is the roster's


def test_moodle_in_folders_and_flat(course, tmp_path):
    sheet = moodle_worksheet(
        tmp_path / "sheet.csv",
        late=[103],
        drafts=[102],
        times={101: "Tuesday, 30 January 2024, 3:05 PM", 103: "Mittwoch, 31. Januar 2024"},
    )
    by_number = {one.number: one for one in CLASS}
    files = {
        f"{moodle_folder(by_number[101].full, 101)}/{NAME}.ipynb": notebook("Ada"),
        f"{moodle_folder(by_number[101].full, 101)}/data/a.csv": b"1",
        f"{moodle_folder(by_number[101].full, 101, 'onlinetext')}/onlinetext.html": b"<p>Hello</p>",
        f"{moodle_folder(by_number[102].full, 102, last='')}/{NAME}.ipynb": notebook("the first Wei"),
        f"{moodle_folder(by_number[103].full, 103, last='')}/sub/deep/{NAME} (1).ipynb": notebook("the second Wei"),
        f"{moodle_folder(by_number[104].full, 104)}{NAME}.ipynb": notebook("Zoë"),
        f"{moodle_folder(by_number[105].full, 105)}homework.ipynb": notebook("李"),
        f"{moodle_folder(by_number[106].full, 106)}/essay.pdf": b"%PDF",
        f"{moodle_folder(by_number[107].full, 107)}/x_101_5_{NAME}.ipynb": notebook("Eve, who would be Ada"),
    }
    archive = write_zip(tmp_path / "moodle.zip", files)
    report = collect(course, NAME, [archive], sheet)
    assert report.lms == "moodle" and report.counts["matched"] == 6
    counts = {word: report.counts[word] for word in ("late", "resubmitted", "missing", "unmatched")}
    assert counts == {"late": 1, "resubmitted": 0, "missing": 4, "unmatched": 2}
    texts = submitted(course)
    assert texts == {
        "ada@uni.edu": "Ada",
        "wei.chen@uni.edu": "the first Wei",
        "wei.chen2@uni.edu": "the second Wei",
        "zoe@uni.edu": "Zoë",
        "li@uni.edu": "李",
        "eve@uni.edu": "Eve, who would be Ada",
    }
    (student, why), *others = not_taken(course, NAME).items()
    assert not others and student == "anna@uni.edu" and why.startswith("essay.pdf is a PDF, not the notebook.")
    assert (course.root / f"submitted/ada@uni.edu/{NAME}/timestamp.txt").read_text() == "2024-01-30 15:05:00"
    assert not (course.root / f"submitted/wei.chen2@uni.edu/{NAME}/timestamp.txt").exists()
    draft = next(one.submission for one in report.collected if one.submission.student == "wei.chen@uni.edu")
    assert draft.notes == ("a draft: not submitted for grading",)
    # The same, unpacked, is the same.
    again = collect(course, NAME, [unpack(archive, tmp_path / "unpacked")], sheet)
    assert again.counts == {**report.counts, "new": 0, "unchanged": 6}


def test_moodle_with_groups_and_with_anonymous_marking(course, tmp_path):
    """The number is Moodle's, where nobody can write to: a group's name beside the student's is no other one."""
    files = {
        f"{moodle_folder('Group A-Ada Lovelace', 101)}/{NAME}.ipynb": notebook("Ada"),
        f"{moodle_folder('Wei Chen-Lab_1-B', 102)}{NAME}.ipynb": notebook("Wei"),
        f"{moodle_folder('Lab-1-Zoë Nuñez-Ødegård', 104)}/{NAME}.ipynb": notebook("Zoë"),
        f"{moodle_folder('Participant', 105)}/{NAME}.ipynb": notebook("李"),
        f"{moodle_folder('Group A-Participant', 106)}/{NAME}.ipynb": notebook("Anna"),
        f"{moodle_folder('Group A', 108)}/{NAME}.ipynb": notebook("of a group, not of Grace"),
        f"{moodle_folder('Group A-Mallory', 109)}/{NAME}.ipynb": notebook("not Alan's name"),
        f"{moodle_folder('Alan Turing 109-Mallory', 110)}/{NAME}.ipynb": notebook("not Never's name"),
    }
    archive = write_zip(tmp_path / "moodle.zip", files)
    report = collect(course, NAME, [archive], moodle_worksheet(tmp_path / "sheet.csv"))
    assert submitted(course) == {
        "ada@uni.edu": "Ada",
        "wei.chen@uni.edu": "Wei",
        "zoe@uni.edu": "Zoë",
        "li@uni.edu": "李",
        "anna@uni.edu": "Anna",
    }
    assert {one.reason.split(" on the roster")[0] for one in report.unmatched} == {
        "108 is 'Grace Hopper'",
        "109 is 'Alan Turing'",
        "110 is 'Never Here'",
    }


def test_moodle_with_groups_and_no_roster(course, tmp_path):
    first = write_zip(
        tmp_path / "a.zip",
        {
            f"{moodle_folder('Group A-Ada Lovelace', 101)}/{NAME}.ipynb": notebook("Ada"),
            f"{moodle_folder('Group A-Wei', 102)}/{NAME}.ipynb": notebook("Wei"),
        },
    )
    second = write_zip(
        tmp_path / "b.zip",
        {
            f"{moodle_folder('Ada Lovelace', 101)}/{NAME}.ipynb": notebook("Ada, later"),
            f"{moodle_folder('Group A-Zoë', 102)}/{NAME}.ipynb": notebook("another one"),
        },
    )
    report = collect(course, NAME, [first, second])
    assert submitted(course) == {"101": "Ada, later"}
    assert {one.reason for one in report.unmatched} == {"the number 102 stands with several names: give a --roster"}


@pytest.mark.parametrize("lms", ["canvas", "moodle"])
def test_what_a_mac_adds_never_counts(course, tmp_path, lms):
    """Downloaded, looked at in the Finder, and packed again: the exit status is 0."""
    by_lms = {
        "canvas": {of(101, 5001, f"{NAME}.ipynb"): notebook("Ada")},
        "moodle": {f"{moodle_folder('Ada Lovelace', 101)}/{NAME}.ipynb": notebook("Ada")},
    }
    (file, content), *_ = by_lms[lms].items()
    noise = [".DS_Store", "__MACOSX/._x", f"__MACOSX/{file}", "Thumbs.db", "Desktop.ini", ".localized"]
    noise += [f"{moodle_folder('Ada Lovelace', 101)}/{one}" for one in (".DS_Store", "._x.ipynb", "desktop.ini")]
    noise += [f"{moodle_folder('Ada Lovelace', 101)}/.ipynb_checkpoints/{NAME}-checkpoint.ipynb"]
    archive = write_zip(tmp_path / "a.zip", {file: content, **dict.fromkeys(noise, b"\0")})
    for download in (archive, unpack(archive, tmp_path / "unpacked")):
        shown = run_collect(course, download, lms)
        assert shown.exit_code == 0, shown.output
        assert "matched 1, unmatched 0" in shown.output
    assert submitted(course) == {"101": "Ada"}


def run_collect(course, download, lms):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        return CliRunner().invoke(collect_command, [NAME, str(download), "--lms", lms])


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    """Moodle's times are local: the tests' place is Greenwich."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def test_a_dry_run_says_the_same_and_writes_nothing(course, tmp_path, canvas_zip):
    roster = canvas_gradebook(tmp_path / "grades.csv")
    before, book = sorted(course.root.iterdir()), course.root / "gradebook.db"
    content = book.read_bytes()
    dry = collect(course, NAME, [canvas_zip], roster, dry_run=True)
    assert sorted(course.root.iterdir()) == before and book.read_bytes() == content
    real = collect(course, NAME, [canvas_zip], roster)
    assert dry.to_dict() == {**real.to_dict(), "dry_run": True}


def test_collecting_again(course, tmp_path, canvas_zip):
    collect(course, NAME, [canvas_zip])
    mended = course.root / f"submitted/102/{NAME}/{NAME}.ipynb"
    mended.write_bytes(notebook("mended by the teacher"))
    later = write_zip(
        tmp_path / "later.zip",
        {
            of(101, 6001, f"{NAME}-1.ipynb", late=True): notebook("Ada again"),
            of(102, 5002, f"{NAME}.ipynb"): CANVAS[of(102, 5002, f"{NAME}.ipynb")],
            of(103, 4000, f"{NAME}.ipynb"): notebook("an old one"),
            of(107, 6002, f"{NAME}.ipynb"): notebook("Eve, without a zip"),
            of(108, 6004, f"{NAME}.ipynb"): notebook("after the essay"),
            of(110, 6003, f"{NAME}.ipynb"): notebook("at last"),
        },
    )
    assert list(not_taken(course, NAME)) == ["108", "109"]
    report = collect(course, NAME, [later])
    states = {one.submission.student: one.state for one in report.collected}
    others = {"108": "new", "110": "new"}
    assert states == {"101": "replaced", "102": "unchanged", "103": "older", "107": "replaced", **others}
    assert list(not_taken(course, NAME)) == ["109"]
    assert report.counts["resubmitted"] == 2 and report.counts["late"] == 1
    texts = submitted(course)
    assert texts["101"] == "Ada again" and texts["102"] == "mended by the teacher"
    assert texts["103"].startswith("the second Wei") and texts["107"] == "Eve, without a zip"
    kept = course.root / f"downloaded/{NAME}/replaced"
    assert nbformat.read(kept / "101/1" / f"{NAME}.ipynb", as_version=4).cells[-1].source == "Ada"
    assert (kept / "107/1" / f"{NAME}.zip").exists()
    again = collect(course, NAME, [later], canvas_gradebook(tmp_path / "grades.csv"))
    assert again.counts["unchanged"] == 5
    assert [one.lms_id for one in again.missing] == ["109"]  # the others handed in before
    # A third one of Ada's goes beside the others.
    third = write_zip(tmp_path / "third.zip", {of(101, 7001, f"{NAME}-2.ipynb"): notebook("Ada, third")})
    collect(course, NAME, [third])
    assert sorted(path.name for path in (kept / "101").iterdir()) == ["1", "2"]


def test_where_the_best_counts_older_attempts_are_kept_and_each_has_its_own_lateness(course, tmp_path):
    set_in_config(course, 'c.Course.attempt_that_counts = "best"')
    first = write_zip(tmp_path / "a.zip", {of(101, 8000, f"{NAME}.ipynb"): notebook("1")})
    second = write_zip(tmp_path / "b.zip", {of(101, 8001, f"{NAME}-1.ipynb", late=True): notebook("2")})
    third = write_zip(tmp_path / "c.zip", {of(101, 8002, f"{NAME}-2.ipynb"): notebook("3")})
    collect(course, NAME, [first])
    collect(course, NAME, [second, third])
    kept = kept_attempts(course, NAME, "101")
    texts = [nbformat.read(one / f"{NAME}.ipynb", as_version=4).cells[-1].source for one in kept.values()]
    assert texts == ["1", "2"] and submitted(course) == {"101": "3"}
    assert class_list(course, NAME).lateness == {}
    shutil.copy(kept[2] / f"{NAME}.ipynb", course.root / "submitted" / "101" / NAME)  # as when this one counts
    assert class_list(course, NAME).lateness["101"].is_late
    assert collect(course, NAME, [third]).counts["unchanged"] == 1
    assert class_list(course, NAME).lateness["101"].is_late and len(kept_attempts(course, NAME, "101")) == 2


def test_older_attempts_are_kept_too_once_the_best_counts(course, tmp_path):
    files = {of(101, 8000 + number, f"{NAME}-{number}.ipynb"): notebook(str(number)) for number in (1, 2, 3)}
    archive = write_zip(tmp_path / "a.zip", files)
    collect(course, NAME, [archive])
    assert not kept_attempts(course, NAME, "101")
    set_in_config(course, 'c.Course.attempt_that_counts = "best"')
    shutil.copytree(course.root / "submitted/101" / NAME, next_place(course, NAME, "101"))  # as grading does
    for _ in range(2):
        assert collect(course, NAME, [archive]).counts["unchanged"] == 1
        kept = kept_attempts(course, NAME, "101").values()
        texts = [nbformat.read(one / f"{NAME}.ipynb", as_version=4).cells[-1].source for one in kept]
        assert texts == ["1", "2", "3"]


def test_two_downloads_at_once(course, tmp_path):
    first = write_zip(tmp_path / "a.zip", {of(101, 9000, f"{NAME}-1.ipynb"): notebook("new")})
    second = write_zip(tmp_path / "b.zip", {of(101, 8000, f"{NAME}.ipynb"): notebook("old")})
    report = collect(course, NAME, [first, second])
    assert submitted(course) == {"101": "new"}
    assert report.collected[0].submission.superseded == (of(101, 8000, f"{NAME}.ipynb"),)


def test_the_newest_of_one_students_files(course, tmp_path):
    files = {
        of(101, 5001, f"{NAME}.ipynb"): notebook("first"),
        of(101, 5003, f"{NAME}-2.ipynb"): notebook("third"),
        of(101, 5002, f"{NAME}-1.ipynb"): notebook("second"),
        of(102, 5004, "scratch.ipynb"): notebook("has the cells, but not the name"),
        of(102, 5005, f"{NAME}.ipynb"): notebook("has the name"),
        of(102, 5006, "scratch 2.ipynb"): notebook("has the cells too"),
        of(103, 5007, f"{NAME}.ipynb"): OTHER,
        of(103, 5008, "hw0.ipynb"): notebook("has the cells, beside the name"),
    }
    report = collect(course, NAME, [write_zip(tmp_path / "a.zip", files)])
    assert submitted(course) == {"101": "third", "102": "has the name", "103": "has the cells, beside the name"}
    assert report.counts["resubmitted"] == 1 and report.counts["unmatched"] == 0


def test_first_without_a_roster_then_with_one(course, tmp_path):
    """Moodle's number first, the address once the worksheet tells it: still one submission."""
    archive = write_zip(tmp_path / "a.zip", {f"{moodle_folder('Ada Lovelace', 101)}/{NAME}.ipynb": notebook("Ada")})
    assert collect(course, NAME, [archive]).counts["new"] == 1
    sheet = moodle_worksheet(tmp_path / "s.csv", times={101: "Tuesday, 30 January 2024, 3:05 PM"}, late=[101])
    assert collect(course, NAME, [archive], sheet).counts["unchanged"] == 1
    assert submitted(course) == {"101": "Ada"}
    assert (course.root / f"submitted/101/{NAME}/timestamp.txt").read_text() == "2024-01-30 15:05:00"
    assert json.loads((course.root / f"downloaded/{NAME}/collected.json").read_text())[0]["late"] is True


def test_the_command(course, tmp_path, canvas_zip, monkeypatch):
    monkeypatch.chdir(course.root)
    roster = canvas_gradebook(tmp_path / "grades.csv")
    command = [NAME, str(canvas_zip), "--roster", str(roster)]
    shown = CliRunner().invoke(collect_command, [*command, "--dry-run"])
    assert shown.exit_code == 3
    assert "matched 7, unmatched 5, late 1, resubmitted 2, missing 3" in shown.output
    assert "nothing was written" in shown.output and "110 Here, Never" in shown.output
    printed = CliRunner().invoke(collect_command, [*command, "--json"])
    found = json.loads(printed.stdout)
    assert found["counts"]["matched"] == 7 and len(found["unmatched"]) == 5
    assert {one["student"]: one["late"] for one in found["matched"]}["103"] is True


def test_the_command_names_who_goes_by_moodles_number(course, tmp_path, monkeypatch):
    monkeypatch.chdir(course.root)
    students = [CLASS[0], replace(CLASS[5], email="o'brien@uni.edu")]
    folders = [moodle_folder(one.full, one.number) for one in students]
    archive = write_zip(tmp_path / "m.zip", {f"{one}/{NAME}.ipynb": notebook(one) for one in folders})
    sheet = moodle_worksheet(tmp_path / "s.csv", students)
    command = [NAME, str(archive), "--roster", str(sheet), "--dry-run"]
    shown = CliRunner().invoke(collect_command, command).output
    assert "they go by Moodle's number" in shown and f"\n  106 {students[1].full}\n" in shown
    assert f"\n  101 {students[0].full}" not in shown and "ada@uni.edu" in shown
    found = json.loads(CliRunner().invoke(collect_command, [*command, "--json"]).stdout)
    assert [one["lms_id"] for one in found["by_number"]] == ["106"]


def test_plain_zip_collect_reads_both_lms(course):
    """nbgrader's own command, with the pattern of nbgrader_config.py."""
    archive = course.root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    write_zip(
        archive / "canvas.zip",
        {
            of(101, 5001, f"{NAME}.ipynb"): notebook("Ada"),
            of(103, 5003, f"{NAME}-1.ipynb", late=True): notebook("Wei"),
        },
    )
    write_zip(
        archive / "moodle.zip",
        {
            f"{moodle_folder('Zoë Nuñez', 204)}/sub/{NAME} (1).ipynb": notebook("Zoë"),
            f"{moodle_folder('Alan Turing', 205)}{NAME}.ipynb": notebook("Alan"),
            f"{moodle_folder('Eve', 206)}/x_101_5_{NAME}.ipynb": notebook("Eve"),
        },
    )
    command = [sys.executable, "-m", "nbgrader", "zip_collect", NAME]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    texts = submitted(course)
    assert texts.pop("206", "Eve") == "Eve"  # under the name that she gave it
    assert texts == {"101": "Ada", "103": "Wei", "204": "Zoë", "205": "Alan"}
