"""Who is in the class: names, sections, who is late, who is missing; and the table that shows them."""

from __future__ import annotations

import io
import json
import warnings
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader import api
from rich.console import Console
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from autograder.course import CourseError
from autograder.grading.grade import refused
from autograder.lms.class_list import by_student, class_list, is_in_section, only_section
from autograder.lms.collection import RECORD
from autograder.lms.roster import read_roster
from autograder.record.class_list import ClassList, Lateness, Member, read_class_list
from autograder.tables import print_class
from tests.support.course import make_course
from tests.support.lms_files import CLASS, Student, canvas_gradebook, moodle_participants, moodle_worksheet
from tests.support.report_class import EXERCISES, NAME, result_of

DUE = datetime(2026, 1, 10, 12)
DAY = timedelta(days=1)


def gradebook_with(path: Path, *submissions: api.SubmittedAssignment) -> str:
    """A gradebook with nbgrader's own tables, and these submissions of NAME, which is due at DUE."""
    engine = create_engine(f"sqlite:///{path}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about nbgrader's own tables
        api.Base.metadata.create_all(engine)
        assignment = api.Assignment(name=NAME, course_id="attention", duedate=DUE)
        notebook = api.Notebook(name=NAME, assignment=assignment)
        with Session(engine) as book:
            for submitted in submissions:
                submitted.assignment = assignment
                submitted.notebooks = [api.SubmittedNotebook(notebook=notebook)]
            book.add_all(submissions)
            book.add(api.Student(id="106", first_name="Anna", last_name="O'Brien"))
            book.commit()
            late = {one.student.id: one.total_seconds_late for one in submissions}
    engine.dispose()
    found = read_class_list(f"sqlite:///{path}", NAME).lateness
    assert {student: found.get(student, Lateness()).seconds for student in late} == late  # as nbgrader itself says
    return f"sqlite:///{path}"


def handed_in(student: str, time: datetime | None, extension: timedelta | None = None) -> api.SubmittedAssignment:
    return api.SubmittedAssignment(
        student=api.Student(id=student, last_name="Of gradebook"), timestamp=time, extension=extension
    )


def test_who_is_late_is_said_as_nbgrader_reckons_it(tmp_path):
    url = gradebook_with(
        tmp_path / "gradebook.db",
        handed_in("late", DUE + DAY + timedelta(hours=2, minutes=5, seconds=1)),
        handed_in("extended", DUE + DAY, 2 * DAY),
        handed_in("too late", DUE + 3 * DAY, 2 * DAY),
        handed_in("in time", DUE - DAY),
        handed_in("without a time", None),
    )
    assert {student: str(late) for student, late in read_class_list(url, NAME).lateness.items()} == {
        "late": "late by 1 d 2 h",
        "extended": "extension 2 d",
        "too late": "late by 1 d, extension 2 d",
    }


@pytest.mark.parametrize(
    ("late", "says"),
    [
        (Lateness(1), "late by 1 min"),
        (Lateness(3_600, 2.5), "late by 1 h, penalty 2.5"),
        (Lateness(90_060, 0, timedelta(hours=36)), "late by 1 d 1 h, extension 1 d 12 h"),
        (Lateness(marked=True), "late, says the LMS"),
        (Lateness(), ""),
    ],
)
def test_lateness_in_words(late, says):
    assert str(late) == says


def test_without_a_gradebook_nobody_is_known_and_none_is_made(tmp_path):
    assert read_class_list(f"sqlite:///{tmp_path}/gradebook.db", NAME) == ClassList()
    assert list(tmp_path.iterdir()) == []


def test_the_roster_adds_names_and_sections(tmp_path):
    course = make_course(tmp_path / "class")
    gradebook_with(course.root / "gradebook.db", handed_in("101", DUE), handed_in("guest", DUE))
    members = class_list(course, NAME, canvas_gradebook(tmp_path / "roster.csv")).members
    assert members["101"] == Member("Of gradebook", "Lab, 1")  # the gradebook's name, which a teacher may have mended
    assert members["guest"] == Member("Of gradebook") and members["106"].name == "Anna O'Brien"
    assert members["104"] == Member("Zoë Nuñez-Ødegård", "Lab, 1") and len(members) == len(CLASS) + 1
    # Of Moodle, whoever was collected by number stays one person.
    members = class_list(course, NAME, moodle_worksheet(tmp_path / "sheet.csv")).members
    assert "ada@uni.edu" not in members and members["zoe@uni.edu"].name == "Zoë Nuñez-Ødegård"


def test_moodles_groups_are_sections(tmp_path):
    course = make_course(tmp_path / "class")
    gradebook_with(course.root / "gradebook.db", handed_in("ada@uni.edu", DUE), handed_in("li@uni.edu", DUE))
    roster = moodle_participants(tmp_path / "people.csv", {101: "Lab 1, Evening", 105: "Lab 2", 108: "lab 1"})
    members = class_list(course, NAME, roster).members
    assert members["ada@uni.edu"] == Member("Of gradebook", "Lab 1, Evening") and members["zoe@uni.edu"].section == ""
    assert set(class_list(course, NAME, roster, "Lab 1").members) == {"ada@uni.edu", "grace@uni.edu"}
    assert set(class_list(course, NAME, roster, "evening").members) == {"ada@uni.edu"}
    with pytest.raises(CourseError, match="sections: Lab 1, Evening; Lab 2; lab 1"):
        class_list(course, NAME, roster, "Lab 3")


def test_who_goes_by_a_number_is_found_on_the_list_of_participants_by_a_name_that_one_person_has(tmp_path):
    odd = (Student(1, "Seán", "O'Brien", "sean.o'brien@uni.edu"), *CLASS)
    people = read_roster(moodle_participants(tmp_path / "people.csv", {}, odd))[1].values()
    names = {"1": "Seán O'Brien", "102": "Wei Chen", "108": "Grace Hopper", "208": "Grace Hopper"}
    found = by_student(people, names)
    assert found["1"].email == "" and "sean.o'brien@uni.edu" not in found
    assert {"102", "108", "208"}.isdisjoint(found)  # two of that name, on the roster or in the gradebook
    canvas = read_roster(canvas_gradebook(tmp_path / "c.csv"))[1].values()
    assert "1" not in by_student(canvas, {"1": "Ada Lovelace"})


def test_where_nbgrader_knows_nothing_the_mark_of_the_lms_is_shown(tmp_path):
    course = make_course(tmp_path / "class")
    gradebook_with(course.root / "gradebook.db", handed_in("101", DUE + DAY), handed_in("102", None))
    record = course.root / "downloaded" / NAME / RECORD
    record.parent.mkdir(parents=True)
    late = {"101": True, "102": True, "103": False}
    record.write_text(json.dumps([{"student": student, "late": is_late} for student, is_late in late.items()]))
    lateness = class_list(course, NAME).lateness
    assert {student: str(one) for student, one in lateness.items()} == {
        "101": "late by 1 d",
        "102": "late, says the LMS",
    }
    assert all(one.is_late for one in lateness.values())


def test_sections():
    several = "Lab, 1, Lab 2, and Tutorial"
    assert all(is_in_section(several, one) for one in ("lab, 1", "Lab 2", "Tutorial"))
    assert is_in_section("A and B", "b") and is_in_section("A", "A")
    assert not is_in_section("Lab 10", "Lab 1") and not is_in_section("", "A") and not is_in_section("Lab 1", "1")
    members = {"ada": Member("Ada", "Mon"), "ben": Member("Ben", "Tue"), "cy": Member("Cy")}
    assert list(only_section(members, "tue")) == ["ben"]
    with pytest.raises(CourseError, match="nobody is in the section 'Wed'; sections: Mon; Tue"):
        only_section(members, "Wed")
    with pytest.raises(CourseError, match="none, since no roster"):
        only_section({"cy": Member("Cy")}, "Wed")


def printed(people: ClassList, **options) -> str:
    console = Console(width=200, file=io.StringIO())
    results = [result_of("ada", 2), refused(NAME, EXERCISES, "ben", "The file is empty.")]
    print_class(console, results, Path("feedback"), people, **options)
    return console.file.getvalue()


def test_the_table_shows_names_late_and_missing():
    members = {"ada": Member("Ada Lovelace", "Lab [7]"), "ben": Member(), "cy\x1b[2J": Member("Cy")}
    table = printed(ClassList(members, {"ada": Lateness(60, 2)}))
    row = next(line for line in table.splitlines() if line.lstrip().startswith("ada "))
    assert "Ada Lovelace" in row and "Lab [7]" in row and "late by 1 min, penalty 2" in row
    missing = next(line for line in table.splitlines() if line.lstrip().startswith("cy"))
    assert "nothing" in missing and missing.split()[-1] == "-" and "\x1b" not in missing
    assert "nothing now, graded before" in printed(ClassList({"cy": Member()}), graded={"cy"})
    alone = printed(ClassList(members), with_missing=False)
    assert "cy" not in alone and "handed in" not in alone and "name" in alone
    assert "name" not in printed(ClassList()).splitlines()[2] and "section" not in printed(ClassList())


def test_what_holds_of_several_is_said_once():
    console = Console(width=200, file=io.StringIO())
    results = [replace(result_of(name, 2), notes=("The cell helpers was put back.",)) for name in ("ada", "ben")]
    print_class(console, results, Path("feedback"), ClassList())
    assert console.file.getvalue().count("helpers") == 1
    assert "ada, ben: The cell helpers was put back." in console.file.getvalue()
