"""A published folder is brought up to date, and nothing that people changed or made in it is touched."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.bundle import published
from autograder.bundle.published import MANIFEST, Changes, Published, update
from autograder.course import CourseError

NOTEBOOK = "notebooks/00/00.ipynb"


def edition(folder: Path, files: dict[str, str]) -> Path:
    """A bundle as it is written: the files, and what it says of itself."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    Published.of(folder, "owner/name", ("00",)).write(folder)
    return folder


def texts(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


@pytest.fixture
def students(tmp_path) -> Path:
    return edition(tmp_path / "students", {"README.md": "one", "binder/old": "one", NOTEBOOK: "one"})


@pytest.fixture
def fresh(tmp_path) -> Path:
    fresh = tmp_path / "fresh"
    (fresh / "binder").mkdir(parents=True)
    (fresh / "binder" / "start").touch(mode=0o755)
    return edition(fresh, {"README.md": "two", NOTEBOOK: "two", "notebooks/01/01.ipynb": "two"})


def brought_up(folder: Path, fresh: Path) -> Changes:
    return update(folder, Published.read(folder), fresh)


def test_what_nobody_changed_is_replaced(students, fresh):
    changes = brought_up(students, fresh)
    assert texts(students) == texts(fresh) and os.access(students / "binder" / "start", os.X_OK)
    assert (changes.new, changes.replaced) == (["binder/start", "notebooks/01/01.ipynb"], ["README.md", NOTEBOOK])
    assert (changes.removed, changes.kept) == (["binder/old"], [])
    again = brought_up(students, fresh)
    assert again == Changes(unchanged=["README.md", "binder/start", NOTEBOOK, "notebooks/01/01.ipynb"])


def test_what_people_changed_or_made_stays_at_every_update(students, fresh):
    own = {NOTEBOOK: "answers", "notebooks/01/01.ipynb": "mine", "binder/old": "mine too", "notebooks/00/mine": "and"}
    for name, text in own.items():
        (students / name).parent.mkdir(exist_ok=True)
        (students / name).write_text(text)
    kept = [[NOTEBOOK, "notebooks/01/01.ipynb"], [NOTEBOOK, "notebooks/01/01.ipynb", "binder/old"]]
    assert sorted(brought_up(students, fresh).kept) == sorted(kept[1])
    assert brought_up(students, fresh).kept == kept[0]  # binder/old is no file of the bundle any more
    assert texts(students) == {**texts(fresh), **own}


def test_a_file_that_was_taken_away_comes_back(students, fresh):
    (students / NOTEBOOK).unlink()
    assert NOTEBOOK in brought_up(students, fresh).new and (students / NOTEBOOK).read_text() == "two"


def test_an_update_that_was_broken_off_goes_on(students, fresh, tmp_path, monkeypatch):
    write = published.write_whole

    def fails_at_the_notebook(path: Path, *content) -> None:
        if path.suffix == ".ipynb":
            raise OSError("no room")
        write(path, *content)

    with monkeypatch.context() as patched:
        patched.setattr(published, "write_whole", fails_at_the_notebook)
        with pytest.raises(OSError, match="no room"):
            brought_up(students, fresh)
    third = edition(tmp_path / "third", {"README.md": "three", NOTEBOOK: "three"})
    assert brought_up(students, third).kept == [] and texts(students) == texts(third)


def test_no_link_is_followed_and_no_name_leads_out(students, fresh, tmp_path):
    outside = tmp_path / "outside"
    (students / "notebooks" / "00").rename(outside)
    (students / "notebooks" / "00").symlink_to(outside)
    assert brought_up(students, fresh).kept == [NOTEBOOK] and texts(outside) == {"00.ipynb": "one"}
    known = Published.read(students)
    for name in ("../outside/00.ipynb", "/etc/passwd"):
        replace(known, files={name: ["0"]}).write(students)
        with pytest.raises(CourseError, match="is damaged .*is not in the folder"):
            Published.read(students)


def test_what_is_no_bundle_is_said(tmp_path):
    with pytest.raises(CourseError, match="was not made by `autograder bundle`: write a new folder"):
        Published.read(tmp_path)
    (tmp_path / MANIFEST).write_text("[]")
    with pytest.raises(CourseError, match="is damaged"):
        Published.read(tmp_path)
