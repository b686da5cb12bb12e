"""The notebook in what was handed in: found by its cells under any name; anything else is named for what it is."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.intake import finding
from autograder.intake.finding import find_students, find_submission, place_note
from autograder.intake.reading import Unreadable, read_submission
from autograder.intake.recognise import Recogniser
from tests.support.lms_class import zipped

NAME = "01_squeeze_excitation"
COURSE = Course.find()
IS_IT = Recogniser(COURSE).holds(NAME)
NOTEBOOK = COURSE.release(NAME).read_bytes()
EDITED = NOTEBOOK.replace(b"# ", b"#  ", 1)
OTHER = COURSE.release("02_efficient_channel_attention").read_bytes()

COPIES = [
    # Colab and Drive
    f"Copy of {NAME}.ipynb",
    f"Kopie von {NAME}.ipynb",
    f"Copia de {NAME}.ipynb",
    f"Copie de {NAME}.ipynb",
    f"Cópia de {NAME}.ipynb",
    f"{NAME}的副本.ipynb",
    f"「{NAME}」的副本.ipynb",
    f"{NAME} のコピー.ipynb",
    f"Копия блокнота {NAME}.ipynb",
    f"नकल {NAME}.ipynb",
    f"نسخة من {NAME}.ipynb",
    f"Copy of Copy of {NAME} (1).ipynb",
    # browsers, Windows, macOS, Jupyter, VS Code
    f"{NAME} (1).ipynb",
    f"{NAME}（1）.ipynb",
    f"{NAME}(3).ipynb",
    f"{NAME} - Copy.ipynb",
    f"{NAME} - Copy (2).ipynb",
    f"{NAME} - Kopie (2).ipynb",
    f"{NAME} - 副本.ipynb",
    f"{NAME} - コピー.ipynb",
    f"{NAME} copy.ipynb",
    f"{NAME} copy 2.ipynb",
    f"{NAME} Kopie.ipynb",
    f"{NAME}-Copy1.ipynb",
    f"{NAME}-1.ipynb",
    f"{NAME}.ipynb.txt",
    f"{NAME}.ipynb.json",
    f"{NAME}.json",
    NAME,  # Drive's own download without an ending
    "01_Squeeze_Excitation.ipynb",
    f"{NAME.upper()}.IPYNB",
    "Ada Lovelace HW1 final FINAL.ipynb",
    "作业.ipynb",
]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    return folder


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def reason(folder: Path) -> str:
    with pytest.raises(Unreadable) as refusal:
        path = find_submission(folder, NAME, IS_IT)
        read_submission(path)
    return str(refusal.value)


@pytest.mark.parametrize("file", COPIES)
@pytest.mark.parametrize("beside", [{}, {"data.csv": b"1", "figure.png": b"\x89PNG", ".DS_Store": b"\0"}])
def test_any_name_is_taken(folder, file, beside):
    fill(folder, {file: NOTEBOOK, **beside})
    assert find_submission(folder, NAME, IS_IT) == folder / file


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"homework.ipynb": NOTEBOOK, "homework2.ipynb": OTHER}, "homework.ipynb"),
        ({f"{NAME}.ipynb": b"{}", "homework.ipynb": NOTEBOOK}, f"{NAME}.ipynb"),
        ({f"{NAME}.ipynb": OTHER, "homework.ipynb": NOTEBOOK}, "homework.ipynb"),
        ({f"{NAME}.ipynb": b'{"source": "def eca(x): pass"}'}, f"{NAME}.ipynb"),  # all but a borrowed function is lost
        ({"a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK}, "a.ipynb"),  # the same one twice
        ({"a.zip": zipped({f"work/{NAME}.ipynb": NOTEBOOK}), "scratch.ipynb": OTHER}, "a.zip"),
        ({"A.ZIP": zipped({"__MACOSX/._a.ipynb": b"\0", "a.ipynb": NOTEBOOK, ".DS_Store": b""})}, "A.ZIP"),
        ({f"{NAME} (1).ipynb": NOTEBOOK[:-300], "notes.ipynb": OTHER}, f"{NAME} (1).ipynb"),  # reading says: cut off
        ({f"Copy of {NAME}.ipynb": b"{", "notes.ipynb": OTHER}, f"Copy of {NAME}.ipynb"),
        ({"a.ipynb": NOTEBOOK.decode().encode("utf-16")}, "a.ipynb"),
        ({"a.ipynb": b"\xef\xbb\xbf" + NOTEBOOK.replace(b"\n", b"\r\n")}, "a.ipynb"),
        ({"work/my.ipynb": NOTEBOOK}, "work/my.ipynb"),
        ({f"{NAME}.ipynb/{NAME}.ipynb": NOTEBOOK}, f"{NAME}.ipynb/{NAME}.ipynb"),
        ({"a/b/my.ipynb": NOTEBOOK, "a/other.ipynb": OTHER, "a/__MACOSX/my.ipynb": EDITED}, "a/b/my.ipynb"),
    ],
)
def test_the_one_with_the_cells(folder, files, found):
    fill(folder, files)
    assert find_submission(folder, NAME, IS_IT) == folder / found


def test_a_folder_within_is_noted(folder):
    fill(folder, {"work/a.ipynb": NOTEBOOK})
    assert place_note(folder, folder / "work" / "a.ipynb") == ("The notebook lay in a folder of its own, work.",)
    assert place_note(folder, folder / "a.ipynb") == ()


HTML = b"<!DOCTYPE html>\n<html><head><title>x</title></head></html>"
GITHUB = b'\n\n<!DOCTYPE html><html lang="en"><head><link href="https://github.githubassets.com"></head></html>'


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({f"{NAME}.html": HTML}, "is a web page (HTML), not the notebook. Hand in the notebook itself"),
        ({f"{NAME}.ipynb": HTML}, "is a web page (HTML)"),
        ({f"{NAME}.ipynb": GITHUB}, "is GitHub's web page about the notebook, not the notebook. On GitHub, press Raw"),
        ({"my.ipynb": GITHUB}, "my.ipynb: The file is GitHub's web page"),
        ({"report.PDF": b"%PDF-1.7"}, "report.PDF is a PDF, not the notebook"),
        ({f"{NAME}.ipynb": b"%PDF-1.7 \xff"}, "The file is a PDF"),
        ({f"{NAME}.py": b"import numpy"}, "is a Python script, not the notebook"),
        ({f"{NAME}.ipynb": b"import numpy"}, "line 1, column 1): it is other text, not a notebook"),
        ({"essay.docx": zipped({"word/document.xml": b""})}, "essay.docx is a text document (Word or the like)"),
        ({f"{NAME}.ipynb": zipped({"[Content_Types].xml": b""})}, "The file is a text document"),
        ({f"{NAME}.gdoc": b'{"doc_id":"1"}'}, "is a link to the notebook, not the notebook. Open it first."),
        ({f"{NAME}.ipynb": b'{"url": "https://x", "doc_id": "1"}'}, "The file is a link to the notebook"),
        ({"work.url": b"[InternetShortcut]\r\nURL=https://colab.research.google.com/1"}, "is a link to the notebook"),
        ({"work.webloc": b'<?xml version="1.0"?><!DOCTYPE plist><plist></plist>'}, "is a link to the notebook"),
        ({"photo.jpg": b"\xff\xd8\xff"}, "is a picture"),
        ({"work.rar": b"Rar!"}, "is an archive of a kind that is not opened here, not the notebook. Hand in"),
        ({"work.bin": b"\0\1"}, f"{NAME}.ipynb was not handed in; found: work.bin."),
        ({"report.pdf": b"%PDF", "data.csv": b"1"}, "report.pdf is a PDF"),
        ({f"{NAME}.ipynb": b""}, "The file is empty."),
        ({"a.ipynb": b""}, "a.ipynb: The file is empty."),
        ({f"{NAME} (1).ipynb": NOTEBOOK[:-300]}, "it may be cut off"),
        ({f"{NAME}.ipynb.txt": NOTEBOOK[:-300]}, "it may be cut off"),
        ({"a.ipynb": b"{1}", "b.ipynb": b"{}"}, f"a.ipynb, b.ipynb have none of the graded cells of {NAME}"),
        ({"a.ipynb": OTHER, "b.ipynb": b"{}"}, f"a.ipynb has the cells of another notebook, not those of {NAME}."),
        ({f"{NAME}.ipynb": OTHER}, f"{NAME}.ipynb has the cells of another notebook, not those of {NAME}."),
        ({f"{NAME}.ipynb": zipped({f"{NAME}.ipynb": OTHER})}, "has the cells of another notebook"),
        ({f"{NAME}.zip": zipped({f"{NAME}.ipynb": OTHER}), f"{NAME} (1).ipynb": OTHER}, "cells of other notebooks"),
        ({"a.zip": b"PK\x03\x04 broken"}, "a.zip: The zip archive is broken"),
        ({".ipynb_checkpoints/a-checkpoint.ipynb": NOTEBOOK}, "nothing but .ipynb_checkpoints"),
        ({f"{NAME}.ipynb/notes.txt": b"hello"}, "notes.txt is a text file"),
        ({".DS_Store": b"", "__MACOSX/._a.ipynb": NOTEBOOK, "Thumbs.db": b"", "desktop.ini": b""}, "folder is empty"),
        ({"timestamp.txt": b"2026-01-01"}, "The folder is empty"),
        ({}, f"The folder is empty: {NAME}.ipynb was not handed in."),
    ],
)
def test_a_wrong_file_is_named_for_what_it_is(folder, files, says):
    fill(folder, files)
    assert says in reason(folder)
    assert len(reason(folder)) < 250 and "\n" not in reason(folder)


def test_two_that_may_be_it_are_named(folder):
    fill(folder, {"first.ipynb": NOTEBOOK, "work/second.ipynb": EDITED})
    assert reason(folder).startswith(f"Several files may be {NAME}.ipynb: first.ipynb, work/second.ipynb.")
    fill(folder, {f"{NAME}.ipynb": NOTEBOOK})
    assert find_submission(folder, NAME, IS_IT) == folder / f"{NAME}.ipynb"


# --- what nobody hands in by mistake -------------------------------------------------------------------------------


def test_links_are_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere.ipynb").write_bytes(NOTEBOOK)
    (folder / "my.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    assert "holds a link" in reason(folder)
    (folder / f"{NAME}.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    assert "is a link, not a file" in reason(folder)
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / NAME).symlink_to(folder)
    assert "folder is a link" in reason(tmp_path / "eve" / NAME)


def test_a_pipe_and_a_folder_in_the_notebooks_place(folder):
    os.mkfifo(folder / f"{NAME}.ipynb")
    assert "is not a plain file" in reason(folder)
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").mkdir()
    assert "is a folder without a notebook in it" in reason(folder)


def test_a_file_of_terabytes_without_contents_is_not_read(folder):
    with (folder / "my.ipynb").open("wb") as file:
        file.truncate(2**40)
    assert "MB; at most 20 MB are read" in reason(folder)


def test_too_many_to_look_into(folder):
    fill(folder, {f"{number}.ipynb": OTHER for number in range(finding.MAX_LOOKED_INTO + 1)})
    assert "holds 21 notebooks and archives" in reason(folder)


@pytest.mark.parametrize("name", ["a[b]", "a*", "what?"])
def test_a_students_name_that_nbgrader_takes_for_a_pattern(tmp_path, name):
    fill(tmp_path / name / NAME, {f"{NAME}.ipynb": NOTEBOOK})
    assert "in its name" in reason(tmp_path / name / NAME)


def as_nobody(call) -> str:
    """What `call` returns in a process without root's rights, for which no file is closed."""
    if os.getuid():
        return call()
    reader, writer = os.pipe()
    if not os.fork():
        os.setuid(65534)
        try:
            said = call()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    os.wait()
    with os.fdopen(reader) as file:
        return file.read()


@pytest.fixture
def open_folder():
    """A folder that other users can reach."""
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    yield top
    for folder in (top, *top.rglob("*")):
        folder.chmod(stat.S_IRWXU)
    shutil.rmtree(top)


def test_what_cannot_be_read_costs_its_student_alone(open_folder):
    for student in ("ada", "closed", "closed-within", "closed-file", "wei"):
        fill(open_folder / student / NAME, {f"{NAME}.ipynb": NOTEBOOK})
    (open_folder / "closed").chmod(0)
    (open_folder / "closed-within" / NAME).chmod(0)
    fill(open_folder / "closed-file" / NAME, {"a.ipynb": NOTEBOOK})
    (open_folder / "closed-file" / NAME / f"{NAME}.ipynb").unlink()
    (open_folder / "closed-file" / NAME / "a.ipynb").chmod(0)

    def call() -> str:
        said = {}
        for student, folder in find_students(COURSE, NAME, open_folder).items():
            try:
                said[student] = find_submission(folder, NAME, IS_IT).name
            except Unreadable as refusal:
                said[student] = str(refusal)
        return json.dumps(said)

    assert json.loads(as_nobody(call)) == {
        "ada": f"{NAME}.ipynb",
        "closed": "The student's folder cannot be read: Permission denied.",
        "closed-file": "a.ipynb cannot be read: Permission denied.",
        "closed-within": "The student's folder cannot be read: Permission denied.",
        "wei": f"{NAME}.ipynb",
    }


# --- any honest name -----------------------------------------------------------------------------------------------

SCRIPTS = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Lm", "Mn", "Nd", "Zs"), exclude_characters="/"),
    min_size=0,
    max_size=12,
)
AROUND = SCRIPTS | st.sampled_from(
    ["", "Copy of ", "Kopie von ", "的副本", " のコピー", " - Copy", "-Copy1", "「", "」", "复件 "]
)
NUMBERS = st.sampled_from(["", " (1)", "(12)", "（3）", "-2", " 2", " [1]", "_final"])
ENDINGS = st.sampled_from([".ipynb", ".IPYNB", ".Ipynb", ".ipynb.txt", ".ipynb.json"])


@st.composite
def honest_names(draw) -> str:
    stem = draw(st.sampled_from([NAME, NAME.upper(), NAME.title(), "homework", "作业", "my.work v1.2"]))
    name = f"{draw(AROUND)}{stem}{draw(AROUND)}{draw(NUMBERS)}{draw(ENDINGS)}"
    return f"x{name}"[-80:] if name.startswith((".", "~")) else name[-80:]


@settings(max_examples=300, deadline=None)
@given(honest_names(), honest_names())
def test_any_honest_name(one, two):
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "ada" / NAME
        fill(folder, {one: NOTEBOOK, ".DS_Store": b"", "data.csv": b"1"})
        assert find_submission(folder, NAME, IS_IT) == folder / one
        if len(list(folder.iterdir())) == 3 and not (folder / two).exists():
            fill(folder, {two: EDITED})
            exact = f"{NAME}.ipynb"
            if exact in (one, two):
                assert find_submission(folder, NAME, IS_IT).name == exact
            else:
                said = reason(folder)
                assert said.startswith("Several files may be")
                assert all(finding.shown_name(name) in said for name in (one, two))


def test_a_notebook_without_its_metadata_is_known_by_its_functions(folder):
    notebook = nbformat.reads(NOTEBOOK.decode(), as_version=4)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        cell.pop("id", None)
    fill(folder, {"作业.ipynb": json.dumps(notebook, separators=(",", ":")).encode()})
    assert find_submission(folder, NAME, IS_IT).name == "作业.ipynb"


@pytest.mark.parametrize("there", [NAME, "02_efficient_channel_attention"])
def test_a_course_of_which_not_all_notebooks_are_given_out_yet_finds_what_came(there, tmp_path):
    shutil.copy(COURSE.root / "nbgrader_config.py", tmp_path)
    (tmp_path / "notebooks" / there).mkdir(parents=True)
    course = Course(tmp_path)
    shutil.copy(COURSE.release(there), course.release(there))
    folder = tmp_path / "submitted" / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(EDITED)
    recogniser = Recogniser(course)
    assert find_submission(folder, NAME, recogniser.holds(NAME)).read_bytes() == EDITED
    assert recogniser.other_than(NAME, EDITED.decode()) is None
