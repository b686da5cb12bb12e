"""Temporary folders: those of a killed grader go at the next start, all others stay."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.files import sweep, temporary_folder

OWNER = """
import sys, time
from autograder.files import temporary_folder
with temporary_folder("kernel-") as one, temporary_folder("autograder-") as two:
    (one / "inner").mkdir()
    (one / "inner" / "file").touch()
    print(one, two, sep="\\n", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_what_a_killed_grader_left_goes_at_the_next_start(temporary):
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folders = [Path(owner.stdout.readline().strip()) for _ in range(2)]
    sweep()
    assert all(folder.is_dir() for folder in folders), "its owner lives"
    owner.kill()
    owner.communicate()
    assert all(folder.is_dir() for folder in folders), "it could not tidy up"
    sweep()
    assert list(temporary.iterdir()) == []


def test_what_is_not_ours_stays(temporary):
    for name in ("kernel-build", "autograder-course", "submission-of-mine"):
        (temporary / name).mkdir()
    (temporary / "kernel-file").touch()
    (temporary / "kernel-link").symlink_to(temporary / "kernel-build")
    before = sorted(temporary.iterdir())
    with temporary_folder("submission-") as folder:
        sweep()
        assert folder.is_dir()
        (temporary / "autograder-link").symlink_to(folder)
        sweep()
        assert folder.is_dir()
    (temporary / "autograder-link").unlink()
    assert sorted(temporary.iterdir()) == before


def test_only_folders_that_are_swept_are_made():
    with pytest.raises(ValueError, match="no such kind"), temporary_folder("something-"):
        pass


def test_where_there_are_no_locks_as_on_windows_a_folder_is_made_all_the_same(temporary):
    code = "import sys; sys.modules['fcntl'] = None; from autograder.files import temporary_folder\n"
    code += "with temporary_folder('kernel-') as one: print(one.is_dir(), [*one.iterdir()])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "True []\n" and list(temporary.iterdir()) == []


def test_what_checks_ones_own_notebook_is_imported_without_what_windows_lacks():
    code = "import os, sys; sys.modules['fcntl'] = None; del os.sysconf, os.geteuid, os.killpg\n"
    code += "import autograder.grading.run, autograder.magics, autograder.own_copies, autograder.tables"
    subprocess.run([sys.executable, "-c", code], check=True)
