"""Notebooks in zip archives: the one that is there is read, and nothing is unpacked beyond the limits."""

from __future__ import annotations

import io
import struct
import zipfile

import nbformat
import pytest

from autograder.intake.archive import MAX_ENTRIES
from autograder.intake.finding import find_submission
from autograder.intake.reading import Unreadable, read_submission
from autograder.sandbox.limits import Limits

NOTEBOOK = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])).encode()


def packed(files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(tmp_path, content: bytes, **limits):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    return read_submission(path, Limits(**limits))


@pytest.mark.parametrize(
    "files",
    [
        {"a.ipynb": NOTEBOOK},
        {"homework/a.ipynb": NOTEBOOK, "homework/photo.png": b"\x89PNG"},
        {"a.ipynb": NOTEBOOK, "__MACOSX/._a.ipynb": b"\0", ".ipynb_checkpoints/a-checkpoint.ipynb": b"{}"},
        {"../../../../etc/a.ipynb": NOTEBOOK},
        {"/etc/a.ipynb": NOTEBOOK},
    ],
)
def test_the_one_notebook_is_read(tmp_path, files):
    before = sorted(tmp_path.rglob("*"))
    notebook, notes = read(tmp_path, packed(files))
    assert notebook.cells[0].source == "x = 1" and notes == ["The notebook came in a zip archive."]
    assert sorted(tmp_path.rglob("*")) == [*before, tmp_path / "a.zip"]


def forged_size(content: bytes, size: int) -> bytes:
    """The archive with another unpacked size in its directory."""
    at = content.rindex(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def encrypted(content: bytes) -> bytes:
    at = content.rindex(b"PK\x01\x02") + 8
    return content[:6] + b"\x01" + content[7:at] + b"\x01" + content[at + 1 :]


BOMB = packed({"a.ipynb": bytes(30 * 2**20)})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (packed({"photo.png": b"\x89PNG"}), "holds no notebooks"),
        (packed({"work/a.zip": packed({"a.ipynb": NOTEBOOK})}), "holds another archive"),
        (packed({"a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK}), "holds 2 notebooks"),
        (packed({"a.ipynb": b""}), "not valid JSON"),
        (packed({"a.ipynb": NOTEBOOK})[:-30], "broken"),
        (encrypted(packed({"a.ipynb": NOTEBOOK})), "encrypted"),
        (BOMB, "30 MB; at most 20 MB"),
        (forged_size(BOMB, 1000), "broken"),
        (packed({"a.ipynb": bytes(10 * 2**20)}), "more than 100 times its size"),
        (packed({"a.ipynb": packed({"a.ipynb": NOTEBOOK})}), "not text"),
    ],
)
def test_other_archives_are_refused(tmp_path, content, says):
    with pytest.raises(Unreadable, match=says):
        read(tmp_path, content)


def test_both_sides_of_the_ratio(tmp_path):
    text = NOTEBOOK + b" " * 100_000
    content = packed({"a.ipynb": text})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        ratio = len(text) / archive.infolist()[0].compress_size
    assert read(tmp_path, content, archive_ratio=int(ratio) + 1)[0].cells
    with pytest.raises(Unreadable, match="times its size"):
        read(tmp_path, content, archive_ratio=int(ratio))


def test_both_sides_of_the_size(tmp_path):
    content = packed({"a.ipynb": NOTEBOOK}, zipfile.ZIP_STORED)
    assert read(tmp_path, content, notebook_bytes=len(content))[0].cells
    with pytest.raises(Unreadable, match="MB are read"):
        read(tmp_path, content, notebook_bytes=len(NOTEBOOK) - 1)


def test_an_archive_is_found_where_there_is_no_notebook(tmp_path):
    folder = tmp_path / "ada" / "a"
    folder.mkdir(parents=True)
    (folder / "anything.zip").write_bytes(packed({"a.ipynb": NOTEBOOK}))
    (folder / "second.zip").write_bytes(b"PK")

    def holds_it(text: str) -> bool:
        return "x = 1" in text

    assert find_submission(folder, "a", holds_it).name == "anything.zip"
    (folder / "third.ZIP").write_bytes(packed({"work/a.ipynb": NOTEBOOK + b" "}))
    with pytest.raises(Unreadable, match=r"Several files may be a.ipynb: anything.zip, third.ZIP\."):
        find_submission(folder, "a", holds_it)


def test_what_a_mac_adds_to_an_archive_does_not_count(tmp_path):
    files = {".DS_Store": b"\0", "a/.DS_Store": b"\0", "__MACOSX/a/._a.ipynb": NOTEBOOK, "a/._a.ipynb": NOTEBOOK}
    assert read(tmp_path, packed({**files, "a/A.IPYNB": NOTEBOOK}))[0].cells
    with pytest.raises(Unreadable, match="holds no notebooks"):
        read(tmp_path, packed(files))


def test_a_document_is_a_zip_archive_too(tmp_path):
    with pytest.raises(Unreadable, match=r"is a text document \(Word or the like\), not the notebook"):
        read(tmp_path, packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}))


def test_more_files_than_any_student_packs(tmp_path):
    files = {f"{number}.txt": b"" for number in range(MAX_ENTRIES)}
    with pytest.raises(Unreadable, match="holds no notebooks"):
        read(tmp_path, packed(files, zipfile.ZIP_STORED))
    with pytest.raises(Unreadable, match="more than 10,000 files"):
        read(tmp_path, packed({**files, "a.ipynb": NOTEBOOK}, zipfile.ZIP_STORED))
