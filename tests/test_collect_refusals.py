"""What collecting refuses: each bad file costs its own student alone, and wrong input is one line."""

from __future__ import annotations

import stat
import zipfile

import nbformat
import pytest

from autograder.course import CourseError
from autograder.lms.collect import collect
from tests.support.lms_class import CANVAS, OTHER, course_in, notebook, of, reasons, submitted, zipped
from tests.support.lms_files import (
    CLASS,
    NAME,
    Student,
    canvas_gradebook,
    canvas_name,
    moodle_folder,
    unpack,
    write_zip,
)


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture
def canvas_zip(tmp_path):
    return write_zip(tmp_path / "submissions.zip", CANVAS, says_utf8=False)


def test_two_that_may_be_it_are_none(course, tmp_path):
    folder = moodle_folder("Ada Lovelace", 101)
    files = {f"{folder}/a/{NAME}.ipynb": notebook("one"), f"{folder}/b/{NAME}.ipynb": notebook("two")}
    report = collect(course, NAME, [write_zip(tmp_path / "a.zip", files)])
    assert report.counts["matched"] == 0 and all("not the only one" in one for one in reasons(report).values())


def test_a_name_made_to_look_like_anothers(course, tmp_path):
    """Who is called "Lovelace, Ada 101" hands in as "lovelaceada101": no number. With an underscore it is one."""
    forged = {
        canvas_name("Lovelace, Ada", 101, 5001, f"{NAME}.ipynb"): notebook("Ada"),
        canvas_name("Mallory_101", 666, 5002, "work.ipynb"): notebook("Mallory"),
    }
    archive = write_zip(tmp_path / "a.zip", forged)
    report = collect(course, NAME, [archive], dry_run=True)
    assert report.counts["matched"] == 0 and all("several names" in one for one in reasons(report).values())
    students = (*CLASS, Student(666, "", "Mallory_101"))
    report = collect(course, NAME, [archive], canvas_gradebook(tmp_path / "grades.csv", students))
    assert submitted(course)["101"] == "Ada"


def test_a_roster_that_names_another(course, tmp_path):
    archive = write_zip(tmp_path / "a.zip", {canvas_name("Team Seven", 101, 5001, f"{NAME}.ipynb"): notebook()})
    report = collect(course, NAME, [archive], canvas_gradebook(tmp_path / "grades.csv"))
    assert "101 is 'Lovelace, Ada' on the roster" in report.unmatched[0].reason


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        (f"{NAME}.ipynb", bytes(21 * 2**20), "21 MB; at most 20 MB"),
        ("work.zip", zipped({"a.ipynb": b" " * 2**20}), "100 times its size"),
        ("work.zip", zipped({"a.txt": b"x"}), "holds no notebooks"),
        ("work.zip", b"PK nothing", "broken"),
        (f"{NAME}.ipynb", OTHER, f"it is 01_squeeze_excitation, not {NAME}"),
        ("work.zip", zipped({f"{NAME}.ipynb": OTHER}), f"it is 01_squeeze_excitation, not {NAME}"),
        ("work.ipynb", b"{broken", "not valid JSON"),
        ("work.ipynb", nbformat.writes(nbformat.v4.new_notebook()).encode(), "neither its name nor its cells"),
    ],
)
def test_one_bad_file_costs_its_student_alone(course, tmp_path, file, content, says):
    files = {of(101, 5001, file): content, of(102, 5002, f"{NAME}.ipynb"): notebook("Wei")}
    report = collect(course, NAME, [write_zip(tmp_path / "a.zip", files)])
    assert submitted(course) == {"102": "Wei"}
    assert says in reasons(report)[of(101, 5001, file)]


def test_a_notebook_that_repeats_itself_is_taken(course, tmp_path):
    """The LMS's own zip compresses a warning that was printed over and over to a hundredth and less."""
    repeated = notebook("Ada").replace(b"{", b"{" + b" " * 2**24, 1)
    archive = write_zip(tmp_path / "a.zip", {of(101, 5001, f"{NAME}.ipynb"): repeated})
    assert archive.stat().st_size * 150 < len(repeated)
    assert not collect(course, NAME, [archive]).unmatched and submitted(course) == {"101": "Ada"}


def test_links_and_encrypted_members(course, tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo(of(101, 5001, f"{NAME}.ipynb"))
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr(of(102, 5002, f"{NAME}.ipynb"), notebook("Wei"))
        archive.writestr("C:/windows/" + of(103, 5003, f"{NAME}.ipynb"), notebook())
        archive.writestr("..\\" + of(104, 5004, f"{NAME}.ipynb"), notebook())
    content = path.read_bytes()
    at = content.rindex(b"PK\x01\x02", 0, content.index(of(102, 5002, "x").split("_x")[0].encode(), 5000)) + 8
    path.write_bytes(content[:at] + b"\x01" + content[at + 1 :])
    report = collect(course, NAME, [path])
    assert [one.reason for one in report.unmatched] == [
        "a link, not a file",
        "encrypted",
        "its name leads out of the download",
        "its name leads out of the download",
    ]
    assert submitted(course) == {}


def test_a_folder_with_links(course, tmp_path):
    folder = unpack(write_zip(tmp_path / "a.zip", {of(101, 5001, f"{NAME}.ipynb"): notebook("Ada")}), tmp_path / "got")
    (tmp_path / "secret").mkdir()
    (folder / of(102, 5002, f"{NAME}.ipynb")).symlink_to("/etc/passwd")
    (folder / "elsewhere").symlink_to(tmp_path / "secret")
    report = collect(course, NAME, [folder])
    assert submitted(course) == {"101": "Ada"}
    assert [one.reason for one in report.unmatched] == ["a link, not a file"] * 2


def test_wrong_input_is_one_line(course, tmp_path, canvas_zip):
    (tmp_path / "no.zip").write_text("no")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "latin.csv").write_bytes("ID,Section,Nuñez\n".encode("latin-1"))
    (tmp_path / "people.csv").write_text("First name,Last name,Email address,Groups\nAda,Lovelace,ada@uni.edu,Lab 1\n")
    (tmp_path / "twice.csv").write_text("Student,ID,Section\na,1,s\nb,1,s\n")
    strange = write_zip(tmp_path / "strange.zip", {"holiday.jpg": b"x"})
    for downloads, roster, says in (
        ([tmp_path / "no.zip"], None, "neither a folder nor a zip"),
        ([strange], None, "named as Canvas or Moodle"),
        ([canvas_zip], "empty.csv", "is empty"),
        ([canvas_zip], "other.csv", "neither Canvas's gradebook"),
        ([canvas_zip], "latin.csv", "not UTF-8"),
        ([canvas_zip], "people.csv", "give the assignment's grading worksheet to collect by"),
        ([canvas_zip], "twice.csv", "the student 1 twice"),
    ):
        with pytest.raises(CourseError, match=says):
            collect(course, NAME, downloads, roster and tmp_path / roster)
    with pytest.raises(CourseError, match="comes from Canvas, not from Moodle"):
        collect(course, NAME, [canvas_zip], canvas_gradebook(tmp_path / "g.csv"), "moodle")
    own = course.root / "downloaded" / NAME
    own.mkdir(parents=True)
    (own / "collected.json").write_text("[1")
    with pytest.raises(CourseError, match="is damaged"):
        collect(course, NAME, [canvas_zip])
