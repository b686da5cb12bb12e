"""The one writer: the same effect as nbgrader's own autograde, in batches."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.dbutil import _temp_alembic_ini
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import Engine, text
from sqlalchemy.event import listen, remove

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.converters import run_converter
from autograder.course import Course, CourseError
from autograder.grading.assignment import Assignment
from autograder.grading.grade import Result
from autograder.rebuild.rebuild import instructor_notebooks
from autograder.record import recorder as record
from autograder.record.changed_cells import make_room
from autograder.record.class_list import read_graded
from tests.support import fake_grading
from tests.support.course import make_course, set_in_config
from tests.support.fake_class import FULL, NAME, QUESTION, give, gradebook, hand_in, recorded

pytest_plugins = ["tests.support.batch_fixtures"]
EXERCISE = CATALOGUE.exercises_of(NAME)[0].id


def test_a_new_gradebook_has_nbgraders_newest_tables_and_starts_no_process(tmp_path, monkeypatch):
    Course.find().config()
    with _temp_alembic_ini("sqlite://") as settings:  # what nbgrader runs
        heads = subprocess.check_output([Path(sys.executable).parent / "alembic", "-c", settings, "heads"], text=True)
    monkeypatch.setattr(subprocess, "Popen", None)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        assert [(heads.split()[0],)] == book.db.execute(text("select * from alembic_version")).all()


def test_an_interrupt_in_nbgraders_own_steps_is_one(course, monkeypatch):
    def interrupt(*_) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(GenerateAssignment, "convert_single_notebook", interrupt)
    with pytest.raises(KeyboardInterrupt):
        record.require_assignment(course, NAME)


def test_a_locked_gradebook_is_waited_for(course, tmp_path):
    """Another program holds the gradebook for a moment: the batch is entered after it, and said to wait meanwhile."""
    set_in_config(course, f'c.CourseDirectory.db_url = "sqlite:///{course.root}/gradebook.db?timeout=0.1"')
    hand_in(course, ada={})
    folder = course.root / "submitted" / "ada" / NAME
    result = fake_grading.graded(Assignment.of(course, NAME), "ada", 1.0, 1)
    waits = []
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(1.0, other.execute, ["COMMIT"]).start()
    with record.Recorder(course, NAME, lambda: waits.append(1)) as recorder:
        (entered,) = recorder.record([record.Graded("ada", folder, result.graded)])
    assert not entered.fault and waits and recorded(course) == {"ada": FULL}


def test_packing_a_result_keeps_it(course):
    result = fake_grading.graded(Assignment.of(course, NAME), "ada", 0.3, 5)
    unpacked = Result.unpack(result.pack())
    assert unpacked.graded == "" and unpacked.to_dict() == result.to_dict() and unpacked.verdicts == result.verdicts
    assert len(result.pack()) < 4_000


def rows(course: Course) -> dict[str, list]:
    """All that the gradebook says of each student's submission."""
    with gradebook(course) as book:
        return {
            submission.student.id: [
                submission.timestamp,
                [(one.late_submission_penalty, one.score, one.needs_manual_grade) for one in submission.notebooks],
                [
                    (g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                    for g in grades_of(submission)
                ],
                [(c.name, c.auto_comment, c.manual_comment) for one in submission.notebooks for c in one.comments],
            ]
            for submission in book.assignment_submissions(NAME)
        }


def grades_of(submission) -> list:
    return sorted((grade for notebook in submission.notebooks for grade in notebook.grades), key=lambda one: one.name)


def files(course: Course) -> dict[str, tuple[int, bytes]]:
    """Every file of the autograded folder with its permissions and content."""
    top = course.root / "autograded"
    return {str(path.relative_to(top)): (path.stat().st_mode, path.read_bytes()) for path in top.rglob("*.*")}


class TakeGraded(NbGraderPreprocessor):
    """In the place of nbgrader's first step: the notebook as a worker graded it."""

    graded: dict[str, str] = {}

    def preprocess(self, nb, resources):
        return nbformat.v4.reads(self.graded[resources["nbgrader"]["student"]]), resources


def test_recording_has_the_same_effect_as_nbgraders_own_autograde(course, tmp_path, gradebook_file):
    """Late and in time, answered and not, graded by hand before, with files beside: the same rows and files."""
    theirs = make_course(tmp_path / "theirs")
    shutil.copy(gradebook_file, theirs.root)
    for one in (course, theirs):
        set_in_config(one, 'c.LateSubmissionPlugin.penalty_method = "zero"')
        with gradebook(one) as book:
            book.update_or_create_assignment(NAME, duedate="2026-01-02 00:00:00 UTC")
        for student in ("ada", "ben", "cem"):
            path = one.root / "submitted" / student / NAME / f"{NAME}.ipynb"
            path.parent.mkdir(parents=True)
            shutil.copy(one.release(NAME), path)
        (one.root / "submitted" / "ada" / NAME / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
        late = one.root / "submitted" / "ben" / NAME
        (late / "timestamp.txt").write_text("2026-01-03 12:30:00 +0200")
        (late / "data").mkdir()
        (late / "data" / "mine.csv").write_text("1,2\n")
        (late / "left_out.py").write_text("1")
        (late / "other.ipynb").write_text("{}")
    assignment = Assignment.of(course, NAME)
    answers = {"ada": (1.0, "My own words"), "ben": (0.5, ""), "cem": (0.25, "Words")}
    for attempt in (1, 2):  # the second time over what stands there
        results = [
            fake_grading.graded(assignment, name, share, attempt, text) for name, (share, text) in answers.items()
        ]
        batch = [
            record.Graded(one.student, course.root / "submitted" / one.student / NAME, one.graded) for one in results
        ]
        with record.Recorder(course, NAME) as recorder:
            assert not any(one.fault for one in recorder.record(batch))
        TakeGraded.graded = {one.student: one.graded for one in results}
        config = theirs.config()
        kept = [step for step in config.Autograde.autograde_preprocessors if step.__name__ not in ("Run", "Judge")]
        config.CourseDirectory.assignment_id = NAME
        config.Autograde.update(force=True, sanitize_preprocessors=[TakeGraded], autograde_preprocessors=kept)
        run_converter(Autograde, config)
        assert rows(course) == rows(theirs) and files(course) == files(theirs)
        if attempt == 1:
            answers["ben"] = (0.5, "Words after all")
            for one in (course, theirs):
                give(one, "reflect-forget", ada=2.0, ben=0.5)
                with gradebook(one) as book:
                    book.find_comment("reflect-forget", NAME, NAME, "ada").manual_comment = "Good"
                    book.db.commit()
    looked_at_again = {student: by_hand(course, student, "reflect-forget") for student in ("ada", "ben")}
    assert looked_at_again == {"ada": (2.0, False), "ben": (0.5, True)}
    penalties = {student: row[1][0][0] for student, row in rows(course).items()}
    assert penalties == {"ada": None, "ben": FULL / 2 + 0.5, "cem": None}
    assert {path.split("/")[-1] for path in files(course)} == {f"{NAME}.ipynb", "timestamp.txt", "mine.csv"}


def by_hand(course: Course, student: str, cell: str) -> tuple[float | None, bool]:
    """The points that a person gave for a cell, and whether a person is asked for them."""
    with gradebook(course) as book:
        grade = book.find_grade(cell, NAME, NAME, student)
        return grade.manual_score, grade.needs_manual_grade


def answer(notebook):
    return next(cell for cell in notebook.cells if cells.grade_id(cell) == EXERCISE)


def check(notebook):
    return next(cell for cell in notebook.cells if cells.grade_id(cell) == f"{EXERCISE}-check")


def add_cell(notebook, source: str, *tags: str) -> None:
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source, metadata={"tags": ["student", *tags]}))


# What a score was given for has changed by these, and not by those.
CHANGES = {
    "answer": lambda notebook: answer(notebook).update(source="def other(): ..."),
    "piece": lambda notebook: add_cell(notebook, "scale = 2", cells.tag_of_piece(EXERCISE)),
    "maximum": lambda notebook: check(notebook).metadata.nbgrader.update(points=100),
    "score": lambda notebook: check(notebook).outputs[0].data.update({"text/plain": "0.125"}),
}
NO_CHANGES = {
    "nothing": lambda notebook: None,
    "cell": lambda notebook: add_cell(notebook, "1"),
    "line_end": lambda notebook: answer(notebook).update(source=answer(notebook).source + "\n"),
}


def test_a_score_that_a_person_changed_stands_until_what_it_is_for_changes(course):
    changes = CHANGES | NO_CHANGES
    batch = hand_in_beside(course, *changes)
    notebooks = {one.student: nbformat.v4.reads(one.notebook) for one in batch}
    for student, change in changes.items():
        change(notebooks[student])
    anew = [replace(one, notebook=nbformat.v4.writes(notebooks[one.student])) for one in batch]
    with record.Recorder(course, NAME) as recorder:
        recorder.record(batch)
        give(course, f"{EXERCISE}-check", **dict.fromkeys(changes, 0.5))
        for graded, asked_for in ((batch, set()), (anew, set(CHANGES)), (anew, set(CHANGES))):
            assert not any(one.fault for one in recorder.record(graded))
            found = {student: by_hand(course, student, f"{EXERCISE}-check") for student in changes}
            assert found == {student: (0.5, student in asked_for) for student in changes}


def test_where_the_graded_notebook_is_lost_points_are_looked_at_again(course):
    batch = hand_in_beside(course, "lost", "damaged")
    with record.Recorder(course, NAME) as recorder:
        recorder.record(batch)
        give(course, "reflect-forget", lost=1.0, damaged=1.0)
        recorder.graded_file("lost").unlink()
        recorder.graded_file("damaged").chmod(0o644)
        recorder.graded_file("damaged").write_text("{")
        assert not any(one.fault for one in recorder.record(batch))
    assert [by_hand(course, student, "reflect-forget") for student in ("lost", "damaged")] == [(1.0, True)] * 2


def test_where_an_extension_came_first_the_notebook_is_entered_and_the_extension_stays(course):
    (course.root / "gradebook.db").unlink()
    with gradebook(course) as book:
        book.add_assignment(NAME, duedate="2026-01-31 23:59 CET")
        for student in ("ada", "ben"):
            book.update_or_create_student(student)
            book.update_or_create_submission(NAME, student)
        book.grant_extension(NAME, "ada", days=2)
    record.require_assignment(course, NAME)
    with record.Recorder(course, NAME) as recorder:
        (ada,) = recorder.record(hand_in_beside(course, "ada"))
    assert not ada.fault and recorded(course) == {"ada": FULL, "ben": 0}
    assert read_graded(f"sqlite:///{course.root}/gradebook.db", NAME) == {"ada"}
    with gradebook(course) as book:
        assert book.find_submission(NAME, "ada").extension == timedelta(days=2)


def test_cells_that_come_and_go_leave_the_points_by_hand_for_the_others(course):
    with record.Recorder(course, NAME) as recorder:
        recorder.record(hand_in_beside(course, "ada"))
    give(course, QUESTION, ada=1.5)
    walkthrough, _ = instructor_notebooks(course, NAME)
    renamed = {f"{EXERCISE}-check": "new-check", EXERCISE: "new"}
    for cell in walkthrough.cells:
        if cells.grade_id(cell) in renamed:
            cell.metadata.nbgrader.grade_id = renamed[cells.grade_id(cell)]
    with gradebook(course) as book:
        make_room(book, NAME, walkthrough)
    with gradebook(course) as book:
        (ada,) = book.notebook_submissions(NAME, NAME)
        scores = {grade.name: grade.score for grade in ada.grades}
    assert scores["new-check"] == 0 and scores[QUESTION] == 1.5 and f"{EXERCISE}-check" not in scores

    for cell in walkthrough.cells:
        if cells.grade_id(cell) == QUESTION:
            cell.metadata.nbgrader.grade_id = "renamed"
    says = f"{NAME} has no cell {QUESTION} any more, for which a person gave points or comments: let it have that name"
    with gradebook(course) as book, pytest.raises(CourseError, match=says):
        make_room(book, NAME, walkthrough)
    assert by_hand(course, "ada", QUESTION) == (1.5, False)


def test_the_writer_is_quick(course):
    """A batch of twenty, feedback apart."""
    assignment = Assignment.of(course, NAME)
    students = {f"s{number:02}": {} for number in range(20)}
    hand_in(course, **students)
    folder = course.root / "submitted"
    batch = [
        record.Graded(one, folder / one / NAME, fake_grading.graded(assignment, one, 1.0, 1).graded) for one in students
    ]
    with record.Recorder(course, NAME) as recorder:
        started = time.process_time()
        recorder.record(batch)
        took = time.process_time() - started
    assert recorded(course) == dict.fromkeys(students, FULL)
    print(f"{took / 20 * 1000:.1f} ms a submission")
    assert took / 20 < 0.06


def hand_in_beside(course: Course, *students: str) -> list[record.Graded]:
    assignment = Assignment.of(course, NAME)
    hand_in(course, **{student: {} for student in students})
    return [
        record.Graded(one, course.root / "submitted" / one / NAME, fake_grading.graded(assignment, one, 1.0, 1).graded)
        for one in students
    ]


def test_a_file_beside_that_cannot_be_read_is_a_note(course, monkeypatch):
    batch = hand_in_beside(course, "ada")
    (batch[0].folder / "closed.csv").write_text("1")
    (batch[0].folder / "open.csv").write_text("2")
    copy = shutil.copy

    def guarded(source, *arguments, **options):
        if str(source).endswith("closed.csv"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return copy(source, *arguments, **options)

    monkeypatch.setattr(shutil, "copy", guarded)  # the mode of a file does not keep root out
    with record.Recorder(course, NAME) as recorder:
        (one,) = recorder.record(batch)
    assert one.notes == ("Not copied beside the graded notebook: closed.csv (Permission denied).",)
    assert recorded(course) == {"ada": FULL}
    assert {path.split("/")[-1] for path in files(course)} == {f"{NAME}.ipynb", "open.csv"}


def test_a_sparse_file_beside_is_not_written_out(course):
    batch = hand_in_beside(course, "ada")
    for name in ("sparse.bin", "small.bin"):
        (batch[0].folder / name).touch()
    os.truncate(batch[0].folder / "sparse.bin", 40 * 2**30)
    with record.Recorder(course, NAME) as recorder:
        (one,) = recorder.record(batch)
    assert "sparse.bin (too large)" in one.notes[0] and not one.fault
    assert {path.split("/")[-1] for path in files(course)} == {f"{NAME}.ipynb", "small.bin"}


def test_many_files_beside_are_bounded(course, monkeypatch):
    monkeypatch.setattr(record, "_MAX_FILES", 3)
    batch = hand_in_beside(course, "ada")
    for number in range(9):
        (batch[0].folder / f"{number}.csv").touch()
    with record.Recorder(course, NAME) as recorder:
        recorder.record(batch)
    assert len(files(course)) == 4


def test_where_the_folder_cannot_be_made_no_grade_is_entered(course, monkeypatch):
    """So that gradebook and result never disagree."""
    batch = hand_in_beside(course, "ada", "ben")
    make = record.Recorder._make_folder

    def make_but_bens(self, graded):
        if graded.student == "ben":
            raise RuntimeError("no way")
        return make(self, graded)

    monkeypatch.setattr(record.Recorder, "_make_folder", make_but_bens)
    with record.Recorder(course, NAME) as recorder:
        ada, ben = recorder.record(batch)
    assert not ada.fault and "no way" in ben.fault
    assert recorded(course) == {"ada": FULL}


def test_a_timestamp_of_endless_digits_is_a_note(course):
    batch = hand_in_beside(course, "ada")
    (batch[0].folder / "timestamp.txt").write_text("10h" + "9" * 90)
    with record.Recorder(course, NAME) as recorder:
        (one,) = recorder.record(batch)
    assert not one.fault and "timestamp.txt holds no time" in one.notes[0]


def test_no_statement_about_a_student_reads_the_rows_of_all(course):
    """A class of 20,000 costs a student what a class of 1,000 does: SQLite says how it finds the rows."""
    hand_in(course, ada={}, bob={}, eve={})
    said = set()

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        if statement.startswith("SELECT") and not executemany:
            said.add((statement, tuple(parameters)))

    listen(Engine, "before_cursor_execute", note)
    try:
        with record.Recorder(course, NAME) as recorder:
            for student in ("ada", "bob", "eve"):
                result = fake_grading.graded(Assignment.of(course, NAME), student, 1.0, 1)
                folder = course.root / "submitted" / student / NAME
                recorder.record([record.Graded(student, folder, result.graded)])
                recorder.digests([student])
                recorder.grades(student)
    finally:
        remove(Engine, "before_cursor_execute", note)
    with sqlite3.connect(course.root / "gradebook.db") as database:
        plans = {
            (step[3], statement)
            for statement, parameters in said
            for step in database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        }
    tables = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")
    scans = [(step, statement) for step, statement in plans if step.removesuffix("_1").startswith("SCAN")]
    assert len(said) > 10
    assert not [one for one in scans if one[0].split()[1].removesuffix("_1") in tables], scans
