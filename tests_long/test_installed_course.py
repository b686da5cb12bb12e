"""The wheel with its extras and nothing of the repository: `autograder check`, and what a sandbox sees."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.wheel import ROOT, build_wheel, install_with

NAME = "00_feature_maps"
LOOK = """
import subprocess, sys, sysconfig
from autograder.sandbox import bubblewrap

walk = "import os, sys; print(*(os.path.join(*at) for top in sys.argv[1:] for folder, _, names in os.walk(top) "
walk += "for at in ((folder, name) for name in names)), sep=chr(10))"
wall = sys.argv[1:] or bubblewrap.wall()
print(subprocess.check_output([*wall, sys.executable, "-c", walk, sysconfig.get_path("purelib")], text=True))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    (folder / "source").mkdir()
    return install_with(build_wheel(folder / "source"), folder / "venv", extras=("course", "grader"))


def run(python: Path, folder: Path, *arguments: str) -> str:
    """What python says in a folder, of its environment's own packages alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run([python, *arguments], cwd=folder, env=kept, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_notebook_of_any_name_is_checked_in_any_folder(python, tmp_path):
    (tmp_path / "my homework.ipynb").write_bytes((ROOT / "solutions" / NAME / f"{NAME}.ipynb").read_bytes())
    found = json.loads(run(python, tmp_path, "-m", "autograder", "check", "my homework.ipynb", "--json"))
    assert found["notebook"] == NAME and found["score"] == found["max_score"] > 0


def test_a_sandbox_sees_no_file_of_the_installed_course(python, tmp_path):
    ours = ("attention_course", "autograder")
    files = run(python, tmp_path, "-c", LOOK).split("\n")
    assert len(files) > 100 and [file for file in files if any(one in file for one in ours)] == []
    without_wall = run(python, tmp_path, "-c", LOOK, "env").split("\n")
    assert [file for file in without_wall if file.endswith(f"course/solutions/{NAME}/{NAME}.py")]
