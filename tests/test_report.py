"""The class report as a page: safe, complete, readable by everybody; and what it is read from."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader import api
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from autograder.commands.report import report_command
from autograder.course import CourseError
from autograder.grading.grade import Result, faulty, refused
from autograder.judge.verdict import PropertyVerdict, Verdict
from autograder.lms.class_list import class_list
from autograder.record.class_list import ClassList, Lateness
from autograder.record.ledger import Key, Ledger
from autograder.report.page import COMMONEST, MOST, render, write_page
from autograder.report.records import ClassRecords, HandGrades, StudentRecord, anonymised
from autograder.report.sources import read_class
from autograder.report.summary import summarise
from tests.support.course import make_course
from tests.support.lms_files import write_csv
from tests.support.page_reader import Outline
from tests.support.report_class import EXERCISES, FULL, NAME, class_of, result_of

# --- the page ---

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include 'x' %}",
    "\u202egnp.exe\x00\x1b[2J",
    "javascript:alert(1)//../..",
    "</title></style></svg><iframe src='//evil.example'>",
    "y" * 10_000,
    "\udc80 half a character",
)


class Reader(Outline):
    VOID = {"meta"}


def attacked() -> ClassRecords:
    """A class whose names, diagnoses, reasons, notes and links are attacks."""
    records = []
    for number, attack in enumerate(ATTACKS):
        result = result_of(attack, number % 4, sentence=attack, notes=(attack,))
        records.append(StudentRecord(attack, attack, result=result, breaks=1, feedback="a%22b.html"))
        records.append(StudentRecord(f"refused {number}", attack, result=refused(NAME, EXERCISES, "r", attack)))
    return ClassRecords(NAME, tuple(records), {"reflect": 2.0}, "2026-01-01 00:00+00:00")


def test_nothing_of_a_student_acts_on_the_page():
    page = render(summarise(attacked()))
    read, plain = Reader(page), Reader(render(summarise(class_of(result_of("ada", 2), result_of("ben", 2)))))
    assert set(read.tags) <= set(plain.tags) | {"a", "bdi"}
    assert not {"script", "iframe", "img", "link", "object"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name in ("src", "style")]
    assert all(link.startswith("#") or link == "a%22b.html" for link in read.values("href"))
    assert "{{ 7 * 7 }}" in read.text
    assert "\u202e" not in page and "\\u202egnp.exe" in page and "\x1b" not in page
    assert max(map(len, read.text.split())) < 1_000
    page.encode()  # no half characters


def test_the_page_says_what_it_must_and_is_built_for_every_reader():
    results = [result_of(f"student{number}", number % 7) for number in range(12)]
    read = Reader(
        page := render(summarise(class_of(*results, refused(NAME, EXERCISES, "zoe", "The file is empty."), manual={})))
    )
    assert ("html", "lang", "en") in read.attributes
    assert "width=device-width" in page and "prefers-color-scheme: dark" in page and "@media print" in page
    assert "not for students" in read.text and "--seed 7" in read.text and "The file is empty." in read.text
    levels = [int(tag[1]) for tag in read.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    targets = set(read.values("id"))
    assert len(targets) == len(read.values("id"))
    assert {link[1:] for link in read.values("href") if link.startswith("#")} <= targets
    named = [name for value in read.values("aria-labelledby") for name in value.split()]
    assert named and set(named) <= targets
    assert len([tag for tag in read.tags if tag == "th"]) == len(read.values("scope"))


def test_the_lists_of_a_class_of_tens_of_thousands_have_an_end():
    def page_of(graded: int, refusals: int) -> Reader:
        notes = [f"The notebook lay in a folder of its own, work{number}." for number in range(graded)]
        results = [result_of(f"student{number}", number % 2, notes=(note,)) for number, note in enumerate(notes)]
        results += [refused(NAME, EXERCISES, f"zoe{number}", "The file is empty.") for number in range(refusals)]
        return Reader(render(summarise(class_of(*results))))

    whole, short = page_of(30, 20), page_of(MOST + 20, MOST + 10)
    assert "autograder export" not in whole.text and "0 more" not in whole.text
    assert f"These are {MOST} of {2 * MOST + 30}" in short.text, "all, and who needs help"
    assert f"These are {MOST} of {MOST + 10}" in short.text, "without a grade"
    assert f"These are {MOST} of {MOST + 20}" in short.text, "what was mended"
    assert "work29." in whole.text and f"{30 - COMMONEST} more" in whole.text
    assert "and 20 more" in short.text, "who made the commonest mistake"
    assert short.tags.count("tr") == whole.tags.count("tr") - (50 + 50 + 20) + 3 * MOST


def test_a_small_class_is_told_that_it_is_too_small():
    page = render(summarise(class_of(result_of("ada", 1), result_of("ben", 6))))
    assert "Too few students: 2 graded" in page and "too few students" in page


def test_a_property_that_the_strong_fail_is_pointed_out():
    results = []
    for number in range(12):
        strong = number % 2 == 0
        passed = {"one": (10, strong), "other": (10, strong), "odd": (1, not strong)}
        items = tuple(PropertyVerdict(name, "", points, holds) for name, (points, holds) in passed.items())
        results.append(Result(str(number), NAME, (Verdict("squeeze", "fail", items),), seed=7))
    text = Reader(render(summarise(class_of(*results)))).text
    pointed_out = text[text.index("Look at these:") : text.index("What each exercise's answers")]
    assert "squeeze, odd: -1.00" in pointed_out and "squeeze, o" not in pointed_out.replace("squeeze, odd", "")


def test_a_class_without_any_grade_has_a_page():
    assert "No submission has a grade yet." in render(
        summarise(class_of(refused(NAME, EXERCISES, "ada", "The file is empty.")))
    )


def test_the_anonymous_page_names_nobody():
    raised = "squeeze raised ValueError: I am Ada Lovelace. Write both shapes."
    own = {"notes": ("ada.zip",), "seed": 70123, "class_seed": 90456}
    people = [
        StudentRecord("ada", "Ada Lovelace", result=result_of("ada", 2, raised, **own), feedback="../f/ada.html"),
        StudentRecord("ben", "Ben", result=refused(NAME, EXERCISES, "ben", "found: ben.ipynb")),
        StudentRecord("cy", "Cy", result=faulty(NAME, EXERCISES, "cy", "cannot open /submitted/cy")),
        StudentRecord("dot", "Dot", handed_in=False),
    ]
    summary = summarise(anonymised(ClassRecords(NAME, tuple(people), None)))
    for text in (render(summary), json.dumps([student.label for student in summary.students])):
        assert not [
            name for name in ("ada", "lovelace", "ben", "cy", "dot") if name in Reader(text).text.lower().split()
        ]
        assert "student 1" in text and "student 4" in text
    page = render(summary)
    assert "70123" not in page and "90456" not in page  # a student knows the own seed
    assert (
        "squeeze raised ValueError." in page and "Ada" not in page and ".ipynb" not in page and "/submitted" not in page
    )
    assert sorted(summary.states.values()) == [1, 1, 1, 1]


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path):
    page = tmp_path / "page.html"
    page.mkdir()
    with pytest.raises(CourseError, match="page.html cannot be written.*-o"):
        write_page(summarise(class_of(result_of("ada"))), page)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


# --- from ledger and gradebook ---


@pytest.fixture(scope="module")
def gradebook_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about nbgrader's own tables
        _fill_gradebook(path)
    return path


@pytest.fixture
def course(tmp_path, monkeypatch, gradebook_file):
    """A course in which three of four were graded, one of them with a name, and one more is in the list of students."""
    course = make_course(tmp_path / "class")
    results = [
        result_of("ada", seconds=3.0),
        result_of("ben", 2),
        refused(NAME, EXERCISES, "cy <b>", "The file is empty."),
    ]
    for student in ("ada", "ben", "cy <b>", "dot"):
        (course.root / "submitted" / student / NAME).mkdir(parents=True)
    with Ledger(course.root / ".grading" / f"{NAME}.sqlite") as ledger:
        for result in (*results, result_of("gone")):
            ledger.begin(result.student, Key("tests", "submission"), 0)
            ledger.keep(result)
        ledger.count_break("ben")
    for student in ("ada", "cy <b>"):
        feedback = course.root / "feedback" / student / NAME / f"{NAME}.html"
        feedback.parent.mkdir(parents=True)
        feedback.write_text("feedback")
    shutil.copy(gradebook_file, course.root)
    monkeypatch.chdir(course.root)
    return course


def _fill_gradebook(path: Path) -> None:
    """A gradebook with nbgrader's own tables; its own class for it starts a program each time."""
    engine = create_engine(f"sqlite:///{path}")
    api.Base.metadata.create_all(engine)
    with Session(engine) as book:
        notebook = api.Notebook(name=NAME, assignment=api.Assignment(name=NAME, course_id="attention"))
        of_judge = [api.GradeCell(name=f"{one.id}-check", max_score=one.points, cell_type="code") for one in EXERCISES]
        reflect = api.GradeCell(name="reflect", max_score=4, cell_type="markdown")
        notebook._base_cells = [*of_judge, reflect]
        names = {"ada": ("Ada", "Lovelace"), "ben": (None, " "), "eva": (None, None)}
        students = [api.Student(id=one, first_name=first, last_name=last) for one, (first, last) in names.items()]
        book.add_all([notebook, *students])
        for student, right in ((students[0], len(EXERCISES)), (students[1], 2)):
            submitted = api.SubmittedAssignment(assignment=notebook.assignment, student=student)
            handed_in = api.SubmittedNotebook(assignment=submitted, notebook=notebook)
            for number, cell in enumerate(of_judge):
                score = cell.max_score if number < right else 0
                book.add(api.Grade(cell=cell, notebook=handed_in, auto_score=score, needs_manual_grade=False))
        book.add(api.Grade(cell=reflect, notebook=handed_in, needs_manual_grade=True))  # ben's
        of_ada = students[0].submissions[0].notebooks[0]
        of_ada.late_submission_penalty = 2
        of_ada.grades[0].manual_score = of_ada.grades[0].auto_score - 1  # overruled
        by_hand = {"manual_score": 3, "extra_credit": 0.5, "needs_manual_grade": False}
        book.add(api.Grade(cell=reflect, notebook=of_ada, **by_hand))
        book.commit()
    engine.dispose()


def test_what_is_read_of_ledger_and_gradebook(course):
    records = read_class(course, NAME, course.root / "report" / "page.html", class_list(course, NAME))
    by_name = {record.student: record for record in records.records}
    assert {name: record.state for name, record in by_name.items()} == {
        "ada": "graded",
        "ben": "graded",
        "cy <b>": "refused",
        "dot": "not graded yet",
        "eva": "not handed in",
    }
    assert by_name["ada"].label == "Ada Lovelace (ada)" and by_name["ben"].label == "ben"
    assert by_name["ada"].hand == HandGrades(FULL - 1 + 3.5 - 2, 3.5, 0)
    assert by_name["ben"].hand.waiting == 1 and by_name["ben"].breaks == 1
    assert by_name["ada"].feedback == f"../feedback/ada/{NAME}/{NAME}.html" and by_name["ben"].feedback == ""
    assert by_name["cy <b>"].feedback == f"../feedback/cy%20%3Cb%3E/{NAME}/{NAME}.html"
    assert records.manual == {"reflect": 4} and records.dropped == 1
    people, why = class_list(course, NAME), {"eva": "a web page"}
    records = read_class(course, NAME, course.root / "page.html", people, not_taken=why)
    assert ("eva", "not taken", "a web page") in summarise(records).grading.ungraded
    assert "a web page" not in str(anonymised(records))


def test_sections_and_who_is_late_are_shown_and_who_is_missing_counts_nowhere(course):
    roster = write_csv(
        course.root / "roster.csv",
        [["Student", "ID", "Section"], ["Hopper, Grace", "7", "Mon"], ["Turing, Alan", "8", "Tue"]],
    )
    shutil.copytree(course.root / "submitted" / "ben", course.root / "submitted" / "7")
    with Ledger(course.root / ".grading" / f"{NAME}.sqlite") as ledger:
        ledger.begin("7", Key("tests", "submission"), 0)
        ledger.keep(result_of("7", 3))

    def figures(*arguments: str) -> dict:
        done = CliRunner().invoke(report_command, [NAME, "--json", *arguments], catch_exceptions=False)
        return json.loads(done.stdout)

    alone, whole = figures(), figures("--roster", str(roster))
    assert whole["states"]["not handed in"] == alone["states"]["not handed in"] + 1  # eva, and now Alan Turing
    assert whole["automatic"] == alone["automatic"] and alone["automatic"]["spread"]["n"] == 3
    monday = figures("--roster", str(roster), "--section", "mon")
    assert [one["label"] for one in monday["students"]] == ["Grace Hopper (7)"]
    with pytest.raises(CourseError, match="no submission of .*, section 'Tue', has been graded"):
        figures("--roster", str(roster), "--section", "Tue")
    with pytest.raises(CourseError, match="nobody is in the section 'Wed'; sections: Mon; Tue"):
        figures("--roster", str(roster), "--section", "Wed")


def test_the_page_shows_lateness_and_sections_where_there_are_any():
    late = StudentRecord("ada", "Ada", "Mon <b>", Lateness(7_200, 1), result=result_of("ada"))
    records = ClassRecords(NAME, (late, StudentRecord("ben", handed_in=False)), None, section="Mon")
    text = Reader(render(summarise(records))).text
    assert "late by 2 h, penalty 1" in text and "Mon <b>" in text and f"Class report: {NAME}, Mon" in text
    hidden = Reader(render(summarise(anonymised(records)))).text
    assert "late by" not in hidden and "<b>" not in hidden
    heads = '<th scope="col">handed in</th>', '<th scope="col">section</th>'
    page, plain = render(summarise(records)), render(summarise(class_of(result_of("ada"))))
    assert all(head in page and head not in plain for head in heads)


def test_nothing_is_written_but_the_page(course):
    def state() -> dict:
        kept = (path for path in sorted(course.root.rglob("*")) if path.is_file() and "report" not in path.parts)
        return {str(path): path.read_bytes() for path in kept if not path.is_relative_to(course.root / "solutions")}

    before = state()
    done = CliRunner().invoke(report_command, [NAME], catch_exceptions=False)
    assert done.exit_code == 0 and state() == before
    assert [path.name for path in (course.root / "report").iterdir()] == [f"{NAME}.html"]
    page = (course.root / "report" / f"{NAME}.html").read_text()
    assert "Ada Lovelace (ada)" in page and "cy &lt;b&gt;" in page
    assert "* A person changed" in page
    assert Reader(page).tags.count("figure") == 2  # automatic points, and the totals of who is graded by hand


def test_json_is_for_a_program_and_writes_no_page(course):
    done = CliRunner().invoke(report_command, [NAME, "--json"], catch_exceptions=False)
    figures = json.loads(done.stdout)
    assert figures["states"]["graded"] == 2 and figures["waiting_questions"] == 1
    assert math.isclose(figures["automatic"]["spread"]["highest"], FULL)
    assert not (course.root / "report").exists()
    other = course.root / "elsewhere" / "a.html"
    done = CliRunner().invoke(report_command, [NAME, "--anonymous", "-o", str(other)], catch_exceptions=False)
    assert "Lovelace" not in other.read_text() and "feedback/" not in other.read_text()


def test_without_submissions_and_gradebook_the_ledger_is_enough(course):
    (course.root / "gradebook.db").unlink()
    (course.root / "submitted").rename(course.root / "put away")
    records = read_class(course, NAME, Path("page.html"), class_list(course, NAME))
    assert [record.student for record in records.records] == ["ada", "ben", "cy <b>", "gone"]
    assert records.manual is None and "There is no gradebook here" in render(summarise(records))
    assert not (course.root / "gradebook.db").exists()


def test_what_cannot_be_read_is_said_in_one_line(course):
    ledger = course.root / ".grading" / f"{NAME}.sqlite"
    page = Path("page.html")
    with Ledger(ledger), pytest.raises(CourseError, match="being graded by another process"):
        read_class(course, NAME, page, ClassList())
    (course.root / "gradebook.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(CourseError, match="gradebook cannot be read .file is not a database"):
        read_class(course, NAME, page, ClassList())
    with pytest.raises(CourseError, match="no submission of .* in .*/put"):
        (course.root / "put").mkdir()
        read_class(course, NAME, page, ClassList(), course.root / "put")
    with closing(sqlite3.connect(ledger)) as emptied:
        emptied.execute("DELETE FROM submissions")
        emptied.commit()
    with pytest.raises(CourseError, match=f"run `autograder grade {NAME}` first"):
        read_class(course, NAME, page, ClassList())
    ledger.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(CourseError, match="damaged"):
        read_class(course, NAME, page, ClassList())
    ledger.unlink()
    with pytest.raises(CourseError, match=f"{NAME} has not been graded: run `autograder grade {NAME}` first"):
        read_class(course, NAME, page, ClassList())
    assert not ledger.exists()
