"""The one writer: the same effect as nbgrader's own autograde, in batches."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time

import fake_grading
import nbformat
from demo_class import make_course
from fake_class import NAME, gradebook, hand_in, recorded
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.converters import run_converter
from autograder.course import Course
from autograder.pipeline import record
from autograder.pipeline.assignment import Assignment
from autograder.pipeline.grade import Result

pytest_plugins = ["fixtures_of_batch"]


def test_a_locked_gradebook_is_waited_for(course, tmp_path):
    """Another program holds the gradebook for a moment: the batch is entered after it, and said to wait meanwhile."""
    config = course.root / "nbgrader_config.py"
    text = config.read_text()
    config.unlink()
    config.write_text(f'{text}\nc.CourseDirectory.db_url = "sqlite:///{course.root}/gradebook.db?timeout=0.1"\n')
    hand_in(course, ada={})
    folder = course.root / "submitted" / "ada" / NAME
    result = fake_grading.graded(Assignment.of(course, NAME), "ada", 1.0, 1)
    waits = []
    other = sqlite3.connect(course.root / "gradebook.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(1.0, other.execute, ["COMMIT"]).start()
    with record.Recorder(course, NAME, lambda: waits.append(1)) as recorder:
        (entered,) = recorder.record([record.Graded("ada", folder, result.graded)])
    assert not entered.fault and waits and recorded(course) == {"ada": 16}


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
        config = one.root / "nbgrader_config.py"
        text = config.read_text()
        config.unlink()
        config.write_text(f'{text}\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
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
        for one in (course, theirs):
            with gradebook(one) as book:
                book.find_grade("reflect-forget", NAME, NAME, "ada").manual_score = 2.0
                book.find_comment("reflect-forget", NAME, NAME, "ada").manual_comment = "Good"
                book.db.commit()
    penalties = {student: row[1][0][0] for student, row in rows(course).items()}
    assert penalties == {"ada": None, "ben": 8.0, "cem": None}
    assert {path.split("/")[-1] for path in files(course)} == {f"{NAME}.ipynb", "timestamp.txt", "mine.csv"}


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
    assert recorded(course) == dict.fromkeys(students, 16.0)
    print(f"{took / 20 * 1000:.1f} ms a submission")
    assert took / 20 < 0.06
