"""A class: what is run, what is only recorded, what is left alone."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from autograder import cli
from autograder.class_run.batch import Options, Stopped, grade_class
from autograder.course import CourseError
from autograder.files import disk_is_full
from autograder.lms.class_list import class_list
from autograder.record.gradebook import GradebookWriter
from autograder.record.ledger import Ledger
from autograder.record.recorder import Recorder
from autograder.report.page import render
from autograder.report.sources import read_class
from autograder.report.summary import summarise
from autograder.statuses import ByHand
from tests.support import fake_grading
from tests.support.course import set_in_config
from tests.support.exchange import Exchange
from tests.support.fake_class import (
    FULL,
    NAME,
    OTHER_QUESTION,
    QUESTION,
    feedback,
    give,
    grade,
    gradebook,
    hand_in,
    no_client,
    recorded,
    said_by_all,
    scores,
    take_log,
)

pytest_plugins = ["tests.support.batch_fixtures"]


def test_what_has_not_changed_is_not_run_again(course, client):
    hand_in(course, ada={}, ben={"share": 0.5}, cem={"share": 0})
    expected = {"ada": FULL, "ben": FULL / 2, "cem": 0.0}
    first = grade(course, client)
    assert scores(first) == recorded(course) == expected
    assert (first.tally.graded, first.tally.done) == (3, 3)
    assert take_log(course) == ["ada", "ben", "cem"]

    options = Options(trust=True, grade=fake_grading.grade)
    again = grade_class(course, NAME, options, no_client)
    assert (again.tally.unchanged, again.tally.done, scores(again)) == (3, 3, expected)

    hand_in(course, ben={"share": 0.25})
    changed = grade(course, client)
    assert take_log(course) == ["ben"] and recorded(course)["ben"] == FULL / 4
    assert (changed.tally.graded, changed.tally.unchanged) == (1, 2)

    assert grade(course, client, force=True).tally.graded == 3 and len(take_log(course)) == 3
    assert grade(course, client, seed=7).tally.graded == 3 and len(take_log(course)) == 3
    assert {result.class_seed for result in grade(course, client, seed=7)} == {7} and take_log(course) == []


def test_one_student_alone_and_the_others_untouched(course, client):
    hand_in(course, ada={}, ben={"share": 0.5}, cem={})
    grade(course, client)
    take_log(course)
    hand_in(course, ada={"share": 0.25}, ben={"share": 0.25})
    files = {student: feedback(course, student) for student in ("ada", "cem")}
    alone = grade(course, client, only=("ben",))
    assert take_log(course) == ["ben"] and scores(alone) == {"ben": FULL / 4} and alone.tally.total == 1
    assert recorded(course) == {"ada": FULL, "ben": FULL / 4, "cem": FULL}
    assert {student: feedback(course, student) for student in files} == files
    with pytest.raises(CourseError, match=r"no submission of bem: .*did you mean .*ben"):
        grade(course, client, only=("ada", "bem"))


def test_one_student_between_does_not_change_the_seed_of_a_run_that_was_broken_off(course, client):
    hand_in(course, ada={}, ben={})
    with Ledger(course.root / ".grading" / f"{NAME}.sqlite") as ledger:
        ledger.open_seed = 5
    grade(course, client, only=("ben",))
    assert {result.class_seed for result in grade(course, client)} == {5}


def test_each_student_and_each_attempt_has_a_seed_of_its_own(course, client):
    """The same bytes of the same student get the same inputs again, where the class's seed is the same."""
    hand_in(course, ada={}, ben={})  # the same bytes
    first, second = grade(course, client, seed=7), grade(course, client, seed=7, force=True)
    assert first.tally.graded == second.tally.graded == 2
    ada, ben = (result.seed for result in first)
    assert [result.seed for result in second] == [ada, ben] and ada != ben
    hand_in(course, ada={"share": 0.5})
    attempt, other = (result.seed for result in grade(course, client, seed=7))
    assert attempt not in (ada, ben) and other == ben
    for result in grade(course, client, seed=8):
        assert result.seed not in (ada, ben, attempt)


def test_a_run_without_a_seed_draws_one_for_the_class(course, client):
    hand_in(course, ada={}, ben={})
    first = {result.class_seed for result in grade(course, client)}
    second = {result.class_seed for result in grade(course, client, force=True)}
    assert len(first) == len(second) == 1 and first != second and min(first | second) > 2**40


def test_the_page_of_a_refused_file_has_the_students_name_also_where_it_comes_later(course, client):
    for student in ("ben", "cem"):  # who handed in a folder with nothing in it
        (course.root / "submitted" / student / NAME).mkdir(parents=True)
    with gradebook(course) as book:
        book.add_student("ben", first_name="Ben", last_name="<Ali>")
    grade(course, client)
    assert "Feedback for Ben &lt;Ali&gt; (ben)<" in feedback(course, "ben")
    assert "Feedback for cem<" in feedback(course, "cem")
    with gradebook(course) as book:
        book.update_or_create_student("cem", first_name="Cem", last_name="Ö")
    results = grade(course, client)
    assert results.tally.refused == results.tally.done == 2
    assert "Feedback for Cem Ö (cem)<" in feedback(course, "cem")


def test_feedback_goes_back_through_nbgraders_exchange(course, client, tmp_path):
    """Released by nbgrader after `autograder grade`, each student fetches the own page: of a refused file too."""
    exchange = Exchange(course, NAME, tmp_path)
    exchange.hand_in("ada", json.dumps({"log": str(course.root / "log")}))
    exchange.hand_in("ben", "")
    exchange.collect()
    (course.root / "submitted" / "ben" / NAME / f"{NAME}.ipynb").unlink()
    with contextlib.ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o077))  # as teachers have it where many use a machine
        grade(course, client)
        exchange.release_feedback()
    assert [path.stat().st_mode & 0o004 for path in tmp_path.glob("exchange/attention/feedback/*.html")] == [4, 4]
    (of_ada,), (of_ben,) = exchange.fetch_feedback("ada"), exchange.fetch_feedback("ben")
    assert "Feedback for ada" in of_ada and f"{FULL:g} of " in of_ada
    assert "Feedback for ben" in of_ben and "not graded" in of_ben

    # What an earlier edition graded is made ready without grading it again.
    for file in course.root.glob(f"feedback/*/{NAME}/*.txt"):
        file.unlink()
    take_log(course)
    grade(course, client)
    exchange.release_feedback()
    assert take_log(course) == []


def test_lost_gradebook_and_folders_come_back_from_the_ledger(course, client):
    hand_in(course, ada={}, ben={"share": 0.5})
    grade(course, client)
    pages = {student: feedback(course, student) for student in ("ada", "ben")}
    notebook = course.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    text = notebook.read_text()
    take_log(course)
    (course.root / "gradebook.db").unlink()
    for folder in ("autograded", "feedback"):
        shutil.rmtree(course.root / folder)
    restored = grade(course, client)
    assert restored.tally.unchanged == 2 and take_log(course) == []
    assert recorded(course) == {"ada": FULL, "ben": FULL / 2}
    assert notebook.read_text() == text and {name: feedback(course, name) for name in pages} == pages


def test_a_manual_score_is_kept_and_shown(course, client):
    hand_in(course, ada={})
    grade(course, client)
    give(course, QUESTION, ada=1.0)
    with gradebook(course) as book:
        book.find_comment(QUESTION, NAME, NAME, "ada").manual_comment = "Well seen"
        book.db.commit()
    take_log(course)
    assert grade(course, client).tally.unchanged == 1 and take_log(course) == []
    assert "Well seen" in feedback(course, "ada")
    with gradebook(course) as book:
        assert not book.find_grade(QUESTION, NAME, NAME, "ada").needs_manual_grade


def test_points_given_by_hand_stand_until_the_answer_changes(course, client):
    hand_in(course, ada={"words": "A"}, ben={"words": "B"}, cem={"words": "C"}, dan={})
    grade(course, client)
    give(course, QUESTION, ada=1.0, ben=1.5)
    give(course, OTHER_QUESTION, ada=0.5, ben=0.5)
    hand_in(course, ben={"words": "Another"})
    grade(course, client, force=True)
    expected = {
        "ada": (FULL + 1.5, ByHand.SETTLED),
        "ben": (FULL + 2, ByHand.AGAIN),
        "cem": (FULL, ByHand.WAITING),
        "dan": (FULL, ByHand.SETTLED),
    }
    assert said_by_all(course) == expected
    page = render(summarise(read_class(course, NAME, course.root / "report.html", class_list(course, NAME))))
    assert "2 grades of 1 student by hand\nare to be looked at again" in page
    set_in_config(course, "c.Limits.cell_seconds = 31")
    take_log(course)
    grade(course, client)  # as when a test has changed
    assert take_log(course) == list(expected) and said_by_all(course) == expected
    shutil.rmtree(course.root / "autograded")
    grade(course, client)  # from the ledger
    assert take_log(course) == [] and said_by_all(course) == expected


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_drops_still_stops_the_class_and_is_not_shown(course, client):
    """As one does that comes while a finaliser runs."""
    hand_in(course, **{f"s{number}": {"seconds": 0.2} for number in range(8)})

    class Dropping:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)

    def interrupt(tally) -> None:
        if tally.done == 1:
            Dropping()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs do not hear it
    options = Options(trust=True, grade=fake_grading.grade)
    with pytest.raises(Stopped):
        grade_class(course, NAME, options, lambda: contextlib.nullcontext(client), interrupt)
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler
    assert len(scores(grade(course, client))) == 8


def test_a_new_timestamp_due_date_or_penalty_is_recorded_without_running(course, client):
    hand_in(course, ada={})
    grade(course, client)
    take_log(course)
    (course.root / "submitted" / "ada" / NAME / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")
    assert grade(course, client).tally.unchanged == 1
    with gradebook(course) as book:
        assert book.find_submission(NAME, "ada").timestamp.isoformat() == "2026-01-02T10:00:00"
        book.update_or_create_assignment(NAME, duedate="2026-01-01 10:00:00")
    for line, penalty in (("", None), ('c.LateSubmissionPlugin.penalty_method = "zero"', FULL)):
        set_in_config(course, line)
        assert grade(course, client).tally.unchanged == 1
        with gradebook(course) as book:
            assert book.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty == penalty
    assert take_log(course) == []


def test_a_timestamp_that_is_none_is_said(course, client):
    hand_in(course, ada={})
    (course.root / "submitted" / "ada" / NAME / "timestamp.txt").write_text("yesterday evening")
    (result,) = grade(course, client)
    assert result.score == FULL and "timestamp.txt holds no time" in result.lines()[0]


def test_a_fault_of_the_graders_is_tried_again(course, client):
    hand_in(course, ada={}, ben={"do": "raise"})
    results = grade(course, client)
    assert (results.tally.graded, results.tally.failed) == (1, 1)
    assert list(recorded(course)) == ["ada"]
    assert {verdict.status for result in results for verdict in result.verdicts} == {"pass", "grader-fault"}
    take_log(course)
    grade(course, client)
    assert set(take_log(course)) == {"ben"}


def test_a_student_whose_name_is_no_text_costs_nobody_else(course, client):
    hand_in(course, ada={})
    folder = os.fsencode(course.root / "submitted") + b"/\xff\xfe"
    shutil.copytree(os.fsencode(course.root / "submitted" / "ada"), folder)
    linked = course.root / "submitted" / "link"
    linked.symlink_to(course.root / "submitted" / "ada")
    by_student = {result.student: result for result in grade(course, client)}
    assert by_student["ada"].score == FULL and len(by_student) == 3
    assert "not text" in by_student["\\xff\\xfe"].refusal and "is a link" in by_student["link"].refusal


def test_a_damaged_ledger_is_one_clear_line(course, client):
    hand_in(course, ada={})
    (course.root / ".grading").mkdir()
    (course.root / ".grading" / f"{NAME}.sqlite").write_bytes(b"no database at all, but long enough" * 100)
    with pytest.raises(CourseError, match="is damaged .*: delete it"):
        grade(course, client)


def test_a_folder_that_nobody_may_read_costs_nobody_else(course, client, monkeypatch):
    hand_in(course, ada={}, ben={})
    closed = f"{course.root / 'submitted' / 'ben'}{os.sep}"
    real = os.stat

    def stat(path, **options):
        if not isinstance(path, int) and os.fsdecode(path).startswith(closed):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(os, "stat", stat)  # the mode of a folder does not keep root out
    by_student = {result.student: result for result in grade(course, client)}
    assert by_student["ada"].score == FULL and recorded(course) == {"ada": FULL}
    assert "cannot be read: Permission denied" in by_student["ben"].refusal
    assert "Permission denied" in feedback(course, "ben")


DISK_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_ledger(monkeypatch):
    """SQLite's own error: the file may not grow."""
    begin = Ledger.begin

    def begin_without_room(self, *arguments):
        pages = self._db.execute("PRAGMA page_count").fetchone()[0]
        self._db.execute(f"PRAGMA max_page_count={pages}")
        begin(self, *arguments)

    monkeypatch.setattr(Ledger, "begin", begin_without_room)


def full_gradebook(monkeypatch):
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    @contextlib.contextmanager
    def transaction(self):
        yield
        self._gradebook.forget()
        raise OperationalError("COMMIT", {}, full) from full

    monkeypatch.setattr(GradebookWriter, "transaction", transaction)


def full_folder(monkeypatch):
    monkeypatch.setattr(Recorder, "_make_folder", raise_full)


def full_page(monkeypatch):
    monkeypatch.setattr(Recorder, "write_feedback", raise_full)


def raise_full(*_):
    raise DISK_FULL


@pytest.mark.parametrize("full", [full_ledger, full_gradebook, full_folder, full_page])
def test_a_full_disk_stops_the_class_and_the_next_run_goes_on(course, client, monkeypatch, full):
    names = [f"s{number:02}" for number in range(24)]
    hand_in(course, **{name: {} for name in names})
    with monkeypatch.context() as patched:
        full(patched)
        with pytest.raises(Exception, match="full|No space") as caught:
            grade(course, client)
        assert disk_is_full(caught.value)
    entered = recorded(course)
    assert set(entered) <= set(names) and set(entered.values()) <= {FULL}
    results = grade(course, client)
    assert scores(results) == recorded(course) == dict.fromkeys(names, FULL)
    assert all(feedback(course, name) for name in names)
    left = [path for path in (course.root / "autograded").rglob(".*") if path.is_dir()]
    assert left == []


def test_a_full_disk_is_one_line(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    hand_in(course, ada={})
    monkeypatch.setattr("autograder.class_run.batch.require_assignment", raise_full)
    monkeypatch.setattr("sys.argv", ["autograder", "grade", NAME, "--trust-submissions"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 2 and "the disk is full" in said and "Traceback" not in said
