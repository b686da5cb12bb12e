"""The names in downloads and rosters: whatever a student is called, the number is found."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograder.intake.names import notebook_stem, same_letters
from autograder.lms import canvas, moodle
from autograder.lms.roster import read_roster, without_address
from tests.support.lms_files import CLASS, Student, canvas_gradebook, canvas_name, moodle_folder, moodle_worksheet

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
FILES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\"), min_size=1, max_size=20)


@given(NAMES, st.integers(1, 10**12), st.integers(10**13, 10**15), FILES, st.booleans())
def test_any_name_through_canvas(name, number, upload, file, late):
    path = PurePosixPath(canvas_name(name, number, upload, file, late))
    said = canvas.hand_ins(path)
    mine = [one for one in said if (one.lms_id, one.upload) == (str(number), upload)]
    if path.name.startswith(("anon_", "anonymous_", "LATE_anon")) and not said:
        assert "anonymous" in canvas.why_unknown(path)
    elif "__" not in name:  # two underscores hide a number from Canvas's own cleaning
        assert len(mine) == 1 and mine[0].late == late
        assert same_letters(mine[0].name, name)


@given(NAMES, st.integers(1, 10**12), st.sampled_from(["file", "onlinetext"]), st.sampled_from(["_", ""]), FILES)
def test_any_name_through_moodle(name, number, plugin, last, file):
    path = PurePosixPath(moodle_folder(name, number, plugin, last)) / f"{file}.ipynb"
    said = moodle.hand_ins(path)
    if plugin == "onlinetext":
        assert said == [] and "a text typed" in moodle.why_unknown(path)
    else:
        assert [one.lms_id for one in said] == [str(number)] and same_letters(said[0].name, name.replace("_", " "))


@given(NAMES, NAMES)
def test_a_name_beside_a_groups_is_found_and_no_other(name, group):
    assume(name.strip())
    for said in (name, f"{group}-{name}", f"{name}-{group}"):
        assert any(one is None or same_letters(one, name) for one in moodle.names_in(said))
    assert canvas.names_in(f"{group}-{name}") == [f"{group}-{name}"]
    assert None not in moodle.names_in("Participating-Participants")


LONG = "9" * 5000


@pytest.mark.parametrize("name", [f"ada_{LONG}_1_a.ipynb", f"ada_1_{LONG}_a.ipynb", "ada_²_1_a.ipynb"])
def test_numbers_that_no_lms_gives(name):
    assert canvas.hand_ins(PurePosixPath(name)) == []
    assert moodle.hand_ins(PurePosixPath(name.replace("_1_", "_assignsubmission_file_"))) == []


@given(NAMES)
def test_a_name_has_its_own_letters(name):
    assert same_letters(name, unicodedata.normalize("NFD", name))
    assert not same_letters(name, name + "x")


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("a.ipynb", ("a", 0)),
        ("a-3.ipynb", ("a", 3)),
        ("a (1).ipynb", ("a", 0)),
        ("a(1)-2.ipynb", ("a", 2)),
        ("a-Copy1.ipynb", ("a", 0)),
        ("Copy of a.ipynb", ("a", 0)),
        ("a.ipynb.txt", ("a", 0)),
        ("A-1.IPYNB", ("A", 1)),
        ("a.pdf", None),
        (".ipynb", None),
    ],
)
def test_what_was_added_to_a_name(file, stem):
    assert notebook_stem(file) == stem


def test_rosters_tell_who_is_who(tmp_path):
    lms, people = read_roster(canvas_gradebook(tmp_path / "c.csv", delimiter=";", mark=True))
    assert lms == "canvas" and list(people) == [str(one.number) for one in CLASS]
    assert people["107"].name == '=HYPERLINK("http://evil","x")&, 2+5'
    assert without_address(lms, people) == ()  # Canvas's number is the student's in the whole course
    lms, people = read_roster(moodle_worksheet(tmp_path / "m.csv", CLASS))
    assert [one.student for one in people.values()] == [one.email for one in CLASS]
    assert without_address(lms, people) == () and people["101"].first_and_last == ("Ada", "Lovelace")
    assert people["106"].first_and_last == ('Anna "Annie" O\'Brien,', "Jr.")  # a comma in a name that is written out


@pytest.mark.parametrize(
    "address", ["o'brien@uni.edu", "wei+lab@uni.edu", "müller@uni.edu", "", "../@uni.edu", CLASS[1].email]
)
def test_an_address_that_cannot_be_an_id_costs_its_owner_alone(tmp_path, address):
    """The last is another student's too: it is nobody's own."""
    students = [*CLASS, Student(111, "Wei", "Chen", address)]
    lms, people = read_roster(moodle_worksheet(tmp_path / "m.csv", students))
    by_number = {"102", "111"} if address == CLASS[1].email else {"111"}
    assert {one.student for one in people.values() if "@" not in one.student} == by_number
    assert {one.lms_id for one in without_address(lms, people)} == by_number
