"""`make .venv`: made anew when the pins changed, and only then. A stand-in for uv writes down what it is told.
`make lab`: for root too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.course import ROOT

UV = """#!/bin/sh
echo "$1 $2" >> uv.log
case $1 in venv) mkdir -p .venv/bin ;; esac
"""
ALL, PACKAGE_ALONE = ["venv --quiet", "pip install", "pip install"], ["pip install"]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "tools/make-venv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    stand_in(tmp_path, "uv", UV)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHON", sys.executable)
    return tmp_path


def stand_in(project: Path, command: str, script: str) -> None:
    path = project / "bin" / command
    path.write_text(script)
    path.chmod(0o755)


def told(project: Path) -> list[str]:
    """What `make .venv` tells uv."""
    subprocess.run(["make", "--silent", ".venv"], cwd=project, check=True, capture_output=True)
    log = project / "uv.log"
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def change(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)
    later = time.time() + 10
    os.utime(path, (later, later))


def test_only_other_pins_make_the_environment_anew(project):
    assert told(project) == ALL and told(project) == []
    change(project / "pyproject.toml", "\n# a setting of ruff\n")
    assert told(project) == PACKAGE_ALONE
    change(project / "requirements.txt", "")  # a checkout writes the file, and changes nothing
    os.utime(project / ".venv" / "complete", (0, 0))
    assert told(project) == PACKAGE_ALONE
    change(project / "requirements.txt", "\n# other pins\n")
    assert told(project) == ALL


def test_an_environment_that_was_not_finished_is_made_anew(project):
    assert told(project) == ALL
    for name in ("complete", "made-from"):
        (project / ".venv" / name).unlink()
    assert told(project) == ALL


PYTHON = """#!/bin/sh
case $2 in
    *sys.version_info*) ;;
    *CONFIG_ARGS*) exit {plain} ;;
    *_base_executable*) echo "$0" ;;
    *) exec {real} "$@" ;;
esac
"""


@pytest.mark.parametrize(
    ("plain", "taken"),
    [(set(), "python3"), ({"python3"}, "python3.12"), ({"python3", "python3.12", "python3.13"}, "python3.11")],
)
def test_the_first_python_that_is_built_with_optimizations_is_taken(project, monkeypatch, plain, taken):
    monkeypatch.delenv("PYTHON")
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        stand_in(project, name, PYTHON.format(plain=int(name in plain), real=sys.executable))
    said = subprocess.check_output(["make", "--silent", ".venv"], cwd=project, text=True)
    assert said.strip() == f"making .venv with uv and {project / 'bin' / taken}"


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_make_lab_starts_jupyterlab_for_root_too(project, user, allowed):
    stand_in(project, "id", f"#!/bin/sh\necho {user}\n")
    line = subprocess.check_output(
        ["make", "--no-print-directory", "--dry-run", "lab"], cwd=project, text=True
    ).splitlines()[-1]
    assert line.startswith("jupyter lab") and "/lab/tree/work" in line and ("--allow-root" in line) == allowed
