"""Grades out to Canvas and Moodle: each lands on its own number, and all else comes back as it was."""

from __future__ import annotations

import csv
import os
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.commands.export import export_command
from autograder.course import Course, CourseError
from autograder.grading.grade import refused
from autograder.lms.collect import collect
from autograder.lms.csv_table import is_formula, read_table, safe_cell, write_table
from autograder.lms.doubtful import older_pages
from autograder.lms.export import export_canvas, export_moodle, export_plain
from autograder.record.ledger import Beside, Key, Ledger
from autograder.record.recorder import Recorder
from tests.support.lms_class import RELEASE, course_in
from tests.support.lms_files import (
    CLASS,
    NAME,
    Student,
    canvas_gradebook,
    canvas_name,
    moodle_folder,
    moodle_participants,
    moodle_worksheet,
    read_csv,
    write_csv,
    write_zip,
)
from tests.support.report_class import EXERCISES, result_of

MAXIMUM = 16 + 4  # the judged part and the answer in words


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@contextmanager
def gradebook(course: Course):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "attention") as book:
        yield book


def enter(
    course: Course, scores: dict[str, float], by_hand: dict[str, float] | None = None, name: str = NAME, again=()
) -> None:
    """Grades as grading leaves them: 16 points by the judge, 4 for an answer in words, which waits for a person."""
    with gradebook(course) as book:
        book.update_or_create_assignment(name)
        book.update_or_create_notebook(name, name)
        book.update_or_create_grade_cell("judged", name, name, max_score=16, cell_type="code")
        book.update_or_create_grade_cell("words", name, name, max_score=4, cell_type="markdown")
        for student, score in scores.items():
            book.update_or_create_student(student)
            book.update_or_create_submission(name, student)
            judged, words = (book.find_grade(cell, name, name, student) for cell in ("judged", "words"))
            judged.auto_score, judged.needs_manual_grade = score, False
            words.manual_score = (by_hand or {}).get(student)
            words.needs_manual_grade = words.manual_score is None or student in again
            book.db.commit()


def cells(path, column: str, key: str = "ID") -> dict[str, str]:
    return {row[key]: row[column] for row in read_csv(path)}


def test_there_and_back_with_canvas(course, tmp_path):
    exported = canvas_gradebook(tmp_path / "grades.csv", points="10.00", manual=True, mark=True)
    here = [one for one in CLASS if one.number not in (109, 110)]
    files = {canvas_name(one.sortable, one.number, 5000 + one.number, f"{NAME}.ipynb"): RELEASE for one in here}
    report = collect(course, NAME, [write_zip(tmp_path / "a.zip", files)], exported)
    assert report.counts["matched"] == 8 and report.counts["missing"] == 2 and report.counts["unmatched"] == 0
    graded = {str(one.number): float(place) for place, one in enumerate(here, start=1) if one.number != 108}
    enter(course, graded, by_hand={student: 1 for student in graded if student != "101"})
    out = tmp_path / "upload.csv"
    filled = export_canvas(course, NAME, exported, out)
    column = f"{NAME} (55)"
    expected = {student: score + (student != "101") for student, score in graded.items()}
    assert {number: float(cell) * 2 for number, cell in cells(out, column).items() if cell and number in expected} == (
        pytest.approx(expected, abs=0.011)
    )
    assert filled.counts == {
        "placed": 7,
        "not in the file": 0,
        "without a grade": 3,
        "closed": 0,
        "pending": 1,
        "to be looked at again": 0,
    }
    assert filled.ungraded[0] == "108 Hopper, Grace: handed in, but not graded"
    assert filled.notes == [f"{column}: scaled from 20 to 10 points"]
    # What Canvas goes by is as it was; a name that a spreadsheet would run is text now.
    before, after = read_csv(exported), read_csv(out)
    assert list(after[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    for column in ("ID", "SIS User ID", "SIS Login ID", "Section"):
        assert [row[column] for row in after] == [row[column] for row in before]
    changed = [(old["Student"], new["Student"]) for old, new in zip(before, after, strict=True) if old != new]
    changed = [(old, new) for old, new in changed if old != new]
    assert changed == [(f'="{CLASS[6].sortable}"', f'\'="{CLASS[6].sortable}"')]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert after[0]["ID"] == "" and after[1]["Student"] == "    Points Possible"


def test_there_and_back_with_moodle(course, tmp_path):
    times = {one.number: f"Tuesday, 30 January 2024, 3:{one.number - 100:02} PM" for one in CLASS}
    sheet = moodle_worksheet(tmp_path / "sheet.csv", late=[103, 104], closed=[105], maximum="100.00", times=times)
    here = CLASS[:8]
    files = {f"{moodle_folder(one.full, one.number)}/{NAME}.ipynb": RELEASE for one in here}
    counts = collect(course, NAME, [write_zip(tmp_path / "a.zip", files)], sheet).counts
    assert (counts["matched"], counts["late"], counts["missing"]) == (8, 2, 2)
    enter(course, {one.email: float(one.number - 100) for one in here} | {"gone@uni.edu": 3.0})
    out = tmp_path / "upload.csv"
    filled = export_moodle(course, NAME, sheet, out)
    expected = {f"Participant {one.number}": (one.number - 100) * 5.0 for one in here if one.number != 105}
    grades = cells(out, "Grade", "Identifier")
    assert {who: float(cell) for who, cell in grades.items() if cell} == expected
    assert filled.counts == {
        "placed": 7,
        "not in the file": 1,
        "without a grade": 2,
        "closed": 1,
        "pending": 7,
        "to be looked at again": 0,
    }
    assert filled.unplaced == ["gone@uni.edu"] and filled.closed[0].startswith("105 ")
    before, after = read_csv(sheet), read_csv(out)
    same = [column for column in before[0] if column != "Grade"]
    assert [[row[one] for one in same] for row in after] == [[row[one] for one in same] for row in before]


def test_late_penalties_and_points_by_hand_count(course, tmp_path):
    enter(course, {"101": 10, "102": 10, "103": 1}, by_hand={"101": 4, "103": 0})
    with gradebook(course) as book:
        for student, penalty in (("102", 2.5), ("103", 9)):
            book.find_submission_notebook(NAME, NAME, student).late_submission_penalty = penalty
        book.db.commit()
    out = tmp_path / "upload.csv"
    export_canvas(course, NAME, canvas_gradebook(tmp_path / "g.csv"), out)
    found = cells(out, f"{NAME} (55)")
    assert (found["101"], found["102"], found["103"]) == ("14", "7.5", "0")
    export_plain(course, [NAME], tmp_path / "plain.csv")
    assert cells(tmp_path / "plain.csv", NAME, "student") == {"101": "14", "102": "7.5", "103": "0"}
    # The command and the page for teachers say what is done.
    assert "late penalty is subtracted" in CliRunner().invoke(export_command, ["--help"]).output
    page = " ".join((Course.find().root / "docs" / "lms.md").read_text().split())
    assert "less the late penalty, and never below 0" in page and "without the late penalty" not in page


def test_cells_that_canvas_holds_closed_or_that_have_no_grade_stay(course, tmp_path):
    enter(course, {"101": 10, "102": 10, "103": 10})
    exported = canvas_gradebook(tmp_path / "g.csv", cells={101: "EX", 102: "N/A", 103: "3.00", 104: "7.25"})
    out = tmp_path / "upload.csv"
    filled = export_canvas(course, NAME, exported, out)
    found = cells(out, f"{NAME} (55)")
    assert [found[number] for number in ("101", "102", "103", "104", "999")] == ["EX", "N/A", "10", "7.25", ""]
    assert filled.closed == ["101 Lovelace, Ada: excused", "102 Chen, Wei: not assigned to them"]


def test_a_student_of_moodle_by_number(course, tmp_path):
    """Collected without a worksheet, or where addresses are hidden: Moodle's number is the id."""
    enter(course, {"101": 10, "102": 8, "wei.chen@uni.edu": 9})
    out = tmp_path / "upload.csv"
    filled = export_moodle(course, NAME, moodle_worksheet(tmp_path / "s.csv"), out)
    found = cells(out, "Grade", "Identifier")
    assert found["Participant 101"] == "10" and found["Participant 102"] == ""
    assert filled.closed == ["102 Wei Chen: two students of the gradebook, 102 and wei.chen@uni.edu"]


def test_comments_like_formulas_stay_with_moodle(course, tmp_path):
    enter(course, {"101": 10})
    out = tmp_path / "upload.csv"
    harmless = moodle_worksheet(tmp_path / "a.csv", feedback={101: "<p>Good</p>"})
    export_moodle(course, NAME, harmless, out)
    assert read_csv(out)[0]["Feedback comments"] == "<p>Good</p>"
    filled = export_moodle(course, NAME, moodle_worksheet(tmp_path / "b.csv", feedback={101: "-1+cmd|x"}), out)
    assert "Feedback comments" not in read_csv(out)[0] and "keeps what it has" in filled.notes[0]
    assert read_csv(out)[0]["Grade"] == "10"


@pytest.mark.parametrize(
    ("titles", "column", "place"),
    [
        ([f"{NAME} (55)"], None, 0),
        (["Maps (1)", "Maps (2)"], "Maps (2)", 1),
        (["Homework 1 (7)", "Homework 10 (8)"], "homework 1", 0),
        (["Week 3: 00_feature_maps, part (a) (77)"], None, 0),
    ],
)
def test_the_column_is_found(course, tmp_path, titles, column, place):
    enter(course, {"101": 10})
    rows = [["Student", "ID", "Section", *titles], ["Lovelace, Ada", "101", "A", *("" for _ in titles)]]
    out = tmp_path / "out.csv"
    export_canvas(course, NAME, write_csv(tmp_path / "in.csv", rows), out, column)
    assert cells(out, titles[place])["101"] == "10"


def test_wrong_input_is_one_line(course, tmp_path):
    exported, sheet = canvas_gradebook(tmp_path / "c.csv"), moodle_worksheet(tmp_path / "m.csv")
    out = tmp_path / "out.csv"
    book = course.root / "gradebook.db"
    book.rename(tmp_path / "away.db")
    with pytest.raises(CourseError, match="no gradebook .*grade first"):
        export_canvas(course, NAME, exported, out)
    assert not book.exists()
    (tmp_path / "away.db").rename(book)
    enter(course, {"101": 10})
    long = tmp_path / "long.csv"
    long.write_text("Student,ID,Section,x (1)\na,1,s,2,3\n")
    twice = write_csv(tmp_path / "twice.csv", [["Student", "ID", "Section", "Maps (1)", "Maps (2)"]])
    for call, says in (
        (lambda: export_canvas(course, NAME, exported, out, "Essay"), r"no column 'Essay'.*Syllabus quiz \(54\), 00_f"),
        (lambda: export_canvas(course, NAME, twice, out, "Maps"), r"several columns 'Maps': Maps \(1\), Maps \(2\)"),
        (lambda: export_canvas(course, NAME, sheet, out), "comes from Moodle: use --moodle"),
        (lambda: export_moodle(course, NAME, exported, out), "comes from Canvas: use --canvas"),
        (lambda: export_canvas(course, NAME, exported, exported), "is the file that is read: write to another"),
        (lambda: export_canvas(course, NAME, long, out), "row 2 has 5 cells, the header 4"),
        (lambda: export_canvas(course, "01_squeeze_excitation", exported, out, NAME), "no grade of 01_squeeze"),
        (lambda: export_canvas(course, NAME, exported, exported / "out.csv"), "cannot be written"),
        (lambda: export_plain(course, [NAME], tmp_path / "mistyped" / "out.csv"), "there is no folder .*mistyped"),
    ):
        before = exported.read_bytes()
        with pytest.raises(CourseError, match=says):
            call()
        assert exported.read_bytes() == before and not out.exists()


def test_a_table_of_all_notebooks(course, tmp_path):
    enter(course, {"101": 10, "=cmd|x": 5}, by_hand={"101": 2})
    enter(course, {"101": 3.456}, name="01_squeeze_excitation")
    out = tmp_path / "grades.csv"
    filled = export_plain(course, [], out)
    rows = {row["student"]: row for row in read_csv(out)}
    assert list(rows["101"]) == ["student", "last_name", "first_name", NAME, "01_squeeze_excitation", "total"]
    assert (rows["101"][NAME], rows["101"]["01_squeeze_excitation"], rows["101"]["total"]) == ("12", "3.46", "15.46")
    assert rows["'=cmd|x"][NAME] == "5" and rows["'=cmd|x"]["01_squeeze_excitation"] == ""
    assert (filled.placed, filled.pending) == (2, 2)
    export_plain(course, [NAME], out)
    assert "01_squeeze_excitation" not in read_csv(out)[0]


def test_who_never_handed_in_is_on_the_table_without_a_zero(course, tmp_path):
    enter(course, {"101": 10, "guest": 5})
    out, roster = tmp_path / "grades.csv", canvas_gradebook(tmp_path / "roster.csv")
    filled = export_plain(course, [NAME], out, roster)
    rows = {row["student"]: row for row in read_csv(out)}
    assert (rows["101"]["section"], rows["101"][NAME], rows["guest"]["section"]) == ("Lab, 1", "10", "")
    absent = rows["110"]
    assert (absent["last_name"], absent["first_name"], absent[NAME], absent["total"]) == ("Here", "Never", "", "")
    assert (filled.placed, len(filled.ungraded)) == (2, 9) and "110 Never Here" in filled.ungraded
    export_plain(course, [NAME], out, moodle_worksheet(tmp_path / "sheet.csv"))
    rows = {row["student"]: row for row in read_csv(out)}
    assert "section" not in rows["101"] and "never@uni.edu" in rows and "ada@uni.edu" not in rows


def test_an_extension_granted_before_anything_came_in_is_no_grade(course, tmp_path):
    enter(course, {"101": 10})
    with gradebook(course) as book:
        book.update_or_create_student("110")
        book.update_or_create_submission(NAME, "110")
        book.grant_extension(NAME, "110", days=2)
    out = tmp_path / "grades.csv"
    filled = export_canvas(course, NAME, canvas_gradebook(tmp_path / "roster.csv"), out)
    column = cells(out, f"{NAME} (55)")
    assert (column["101"], column["110"], filled.placed, filled.pending) == ("10", "", 1, 1)


def test_a_grade_that_the_newest_attempt_did_not_get_is_said(course, tmp_path):
    enter(course, {"101": 10, "102": 8, "103": 9})
    exported, out = canvas_gradebook(tmp_path / "g.csv"), tmp_path / "out.csv"
    assert not export_plain(course, [NAME], out).notes  # nothing is known of any submission
    for student in ("101", "103"):
        (course.root / "submitted" / student / NAME).mkdir(parents=True)
    path = course.root / ".grading" / f"{NAME}.sqlite"
    with Ledger(path) as ledger:
        for result in (result_of("101"), refused(NAME, EXERCISES, "103", "The file is empty.")):
            ledger.begin(result.student, Key("tests", "submission"), 0)
            ledger.keep(result)
    of_no_file = "102 Chen, Wei: graded, but nothing is in submitted/"
    of_before = "103 Chen, Wei: the newest attempt could not be graded: the grade is of the one before"
    assert export_canvas(course, NAME, exported, out).notes[-2:] == [of_no_file, of_before]
    assert cells(out, f"{NAME} (55)")["103"] == "9"
    assert [note[: len(NAME) + 5] for note in export_plain(course, [NAME], out).notes] == [
        f"{NAME}, 102",
        f"{NAME}, 103",
    ]
    path.write_bytes(b"no ledger")
    assert "is not known" in export_plain(course, [NAME], out).notes[0]


def test_a_page_without_the_points_that_were_given_since_is_known(course, tmp_path):
    enter(course, {"101": 10, "102": 8})
    path, pages = course.root / ".grading" / f"{NAME}.sqlite", {}
    for student in ("101", "102"):
        pages[student] = tmp_path / student
        pages[student].touch()
    assert older_pages(course, NAME, pages) == set()
    with Recorder(course, NAME) as recorder, Ledger(path) as ledger:
        for student, now in recorder.digests(pages).items():
            ledger.begin(student, Key("tests", "submission"), 0)
            ledger.keep(result_of(student))
            ledger.mark_recorded(student, Beside("files", now.entered, now.shown))
    assert older_pages(course, NAME, pages) == set()
    enter(course, {"101": 10}, by_hand={"101": 3})
    assert older_pages(course, NAME, pages) == {"101"}
    os.utime(pages["101"], (2**32, 2**32))  # nbgrader's generate_feedback has made it since
    assert older_pages(course, NAME, pages) == set()


def test_a_section_alone(course, tmp_path):
    enter(course, {"1": 10, "2": 5, "guest": 3})
    rows = [["Student", "ID", "Section", f"{NAME} (5)"], ["    Points Possible", "", "", "20"]]
    rows += [["A, Ada", "1", "Mon", ""], ["B, Ben", "2", "Tue", ""], ["C, Cy", "3", "Mon and Tue", ""]]
    roster, out = write_csv(tmp_path / "roster.csv", rows), tmp_path / "out.csv"
    filled = export_plain(course, [NAME], out, roster, "mon")
    assert [row["student"] for row in read_csv(out)] == ["1", "3"] and filled.counts["pending"] == 1
    filled = export_canvas(course, NAME, roster, out, section="Tue")
    assert [row["ID"] for row in read_csv(out)] == ["", "2", "3"] and filled.unplaced == ["guest"]
    for call in (
        lambda: export_canvas(course, NAME, roster, out, section="Wed"),
        lambda: export_plain(course, [NAME], out, roster, "Wed"),
    ):
        with pytest.raises(CourseError, match="nobody is in the section 'Wed'; sections: Mon; Mon and Tue; Tue"):
            call()
    with pytest.raises(CourseError, match="--roster"):
        export_plain(course, [NAME], out, section="Mon")


def test_a_group_of_moodle_alone(course, tmp_path):
    enter(course, {"ada@uni.edu": 10, "104": 5})
    roster, out = (
        moodle_participants(tmp_path / "people.csv", {101: "Lab 1, Lab 2", 104: "Lab 1"}),
        tmp_path / "out.csv",
    )
    export_plain(course, [NAME], out, roster, "Lab 2")
    assert [(row["student"], row["section"], row["total"]) for row in read_csv(out)] == [
        ("ada@uni.edu", "Lab 1, Lab 2", "10")
    ]
    export_plain(course, [NAME], out, roster, "lab 1")  # nothing tells who 104 is: the gradebook has no name
    assert [row["student"] for row in read_csv(out)] == ["ada@uni.edu", "zoe@uni.edu"]


def test_the_command(course, tmp_path, monkeypatch):
    monkeypatch.chdir(course.root)
    enter(course, {"101": 10, "555": 1, "102": 10}, by_hand={"102": 2}, again={"102"})
    exported, out = canvas_gradebook(tmp_path / "c.csv", delimiter=";"), tmp_path / "out.csv"
    done = CliRunner().invoke(export_command, [NAME, "--canvas", str(exported), "-o", str(out)])
    assert done.exit_code == 0
    assert "placed 2, not in the file 1, without a grade 8, closed 0, pending 1, to be looked at again 1" in done.stderr
    assert "1 have answers in words" in done.stderr and "1 have points by hand for what has changed" in done.stderr
    assert "  555" in done.stderr
    assert '"101";' in out.read_text()
    for wrong in (
        [NAME, "--canvas", str(exported), "--moodle", str(exported), "-o", str(out)],
        ["--canvas", str(exported), "-o", str(out)],
        [NAME, "--moodle", str(exported), "--column", "x", "-o", str(out)],
        [NAME, "--moodle", str(exported), "--section", "x", "-o", str(out)],
        [NAME, "--canvas", str(exported), "--roster", str(exported), "-o", str(out)],
        [NAME],
    ):
        assert CliRunner().invoke(export_command, wrong).exit_code == 2


# --- any text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1", " =1", "＝1+1", "\n=1"]
)
def test_formulas_become_text(cell):
    assert is_formula(cell) and safe_cell(cell) == f"'{cell}" and not is_formula(safe_cell(cell))


@pytest.mark.parametrize("cell", ["", "-", "Ada", "O'Brien", "-5", "+49123", "3.50", "a=b", "'=1", "12 %"])
def test_other_cells_stay(cell):
    assert safe_cell(cell) == cell


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=3, max_size=3), max_size=5))
def test_any_text_comes_back_and_none_is_a_formula(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["Student", "ID", "Section"], *rows])
    write_table(read_table(path), path)
    with path.open(encoding="utf-8", newline="") as file:
        back = list(csv.reader(file))[1:]
    assert back == [[safe_cell(cell) for cell in row] for row in rows if any(row)]
    assert not any(is_formula(cell) for row in back for cell in row)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_any_name_keeps_its_number(tmp_path_factory, name):
    """Through both exports' tables, a student is found by the number alone."""
    from autograder.lms.roster import read_roster

    folder = tmp_path_factory.getbasetemp()
    students = [Student(101, "", name), Student(102, name, "")]
    for file in (canvas_gradebook(folder / "c.csv", students), moodle_worksheet(folder / "m.csv", students)):
        table = read_table(file)
        write_table(table, file)
        assert list(read_roster(file)[1]) == ["101", "102"]
