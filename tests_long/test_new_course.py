"""A second course: from a wheel in an environment without TensorFlow to grades, by the commands of the guide."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.support.wheel import ROOT, build_wheel, new_environment

NAME = "01_averages"
GUIDE = (ROOT / "docs" / "your-own-course.md").read_text(encoding="utf-8")
# What the environment does without: the engine and the new course need none of it. Ours come as a wheel.
LEFT_OUT = ("tensorflow", "keras", "matplotlib", "scipy", "sklearn", "scikit_learn", "clang", "libclang", "grpc")
OURS = ("autograder", "attention_course", "__editable__", "__pycache__")

LOOK = """
import json as _json, os as _os, sys as _sys
_parts = lambda path: [part.partition("-")[0] for part in path.split("/")]
_found = [_os.path.join(folder, name) for top in {_sys.prefix, *_sys.path} for folder, _, names in _os.walk(top)
          for name in names if {"autograder", "attention_course", "statistics_course"} & {name, *_parts(folder)}
          or name.startswith("01_averages")]
_found = [path for path in _found if _os.path.getsize(path)]  # what is covered has its name left
_imported = []
for _name in ("autograder.cli", "attention_course.oracle", "statistics_course.averages", "keras", "tensorflow"):
    try:
        __import__(_name)
        _imported.append(_name)
    except ImportError:
        pass
print("looked", _json.dumps([_found, _imported, len(_sys.path), _os.path.exists(COURSE)]))
"""


@dataclass
class Machine:
    """A machine with the project's wheel installed: `course` is the folder of the course that it made."""

    folder: Path
    python: Path
    said: str = ""  # by all commands of the guide

    @property
    def course(self) -> Path:
        return self.folder / "averages"

    def run(self, script: str, folder: Path, status: int = 0) -> str:
        """What a script says, run in a folder as somebody who has installed the wheel."""
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
        home = {"HOME": str(self.folder / "home"), "AUTOGRADER_PROGRESS": str(self.folder / "progress.json")}
        path = {"PATH": f"{self.python.parent}:{os.environ['PATH']}", "COLUMNS": "200"}
        ran = subprocess.run(
            ["bash", "-ec", script], cwd=folder, env={**kept, **home, **path}, capture_output=True, text=True
        )
        said = f"{ran.stdout}\n{ran.stderr}"
        assert ran.returncode == status, f"{script}\n{said}"
        return said


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel in it and what it depends on, taken over from this one. Returns its python."""
    python, packages = new_environment(folder)
    here = Path(sysconfig.get_path("purelib"))

    def left_out(place: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(place) == here and _is_left_out(name)]

    shutil.copytree(here, packages, ignore=left_out, copy_function=_link, dirs_exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (record,) = packages.glob("attention_course-*.dist-info/RECORD")
    with record.open("a") as file:
        file.write("../../../bin/autograder,,\n")
    for entry in metadata.entry_points(group="console_scripts"):
        if entry.name in ("alembic", "autograder"):
            script = folder / "bin" / entry.name
            run = f'if __name__ == "__main__":\n    {entry.attr}()\n'  # worker processes read the script too
            script.write_text(f"#!{folder}/bin/python\nfrom {entry.module} import {entry.attr}\n{run}")
            script.chmod(0o755)
    return python


def _is_left_out(name: str) -> bool:
    return name.startswith((*LEFT_OUT, *OURS)) and not name.startswith("matplotlib_inline")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def blocks(kind: str) -> list[str]:
    """The guide's blocks of one kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def answers(course: Path, kind: str) -> dict[str, str]:
    """The first sample answer of a kind to each exercise of the new course."""
    files = (course / "tests" / "answers" / NAME).glob("*.py")
    cells = {file.stem: file.read_text().split("# %% ")[1:] for file in files}
    return {name: next(c for c in found if c.startswith(kind)).partition("\n")[2] for name, found in cells.items()}


def hand_in(course: Path) -> None:
    """A class of five: right, wrong, empty, right with an answer in words, and one who looks around."""
    release = nbformat.read(course / "notebooks" / NAME / f"{NAME}.ipynb", as_version=4)
    right = answers(course, "right")
    words = "A few became richer: the mean counts how far they are, the median only the order. So the median."
    looks = f"COURSE = {str(course)!r}\n{LOOK}\n{right['medians']}"
    handed = {
        "ada": right,
        "bob": answers(course, "wrong"),
        "cyd": {},
        "dot": right | {"which-average": words},
        "eve": right | {"medians": looks},
    }
    for student, sources in handed.items():
        notebook = nbformat.from_dict(release)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = sources.get(name, cell.source)
        path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Machine:
    """The guide's first part, command by command, with a class that hands in before the first grading."""
    folder = tmp_path_factory.mktemp("new")
    source = folder / "source"
    source.mkdir()
    machine = Machine(folder, install(build_wheel(source), folder / "venv"))
    shutil.rmtree(source)
    work = folder
    for block in blocks("sh")[:-1]:
        if "submitted/" in block:
            hand_in(machine.course)
        machine.said += machine.run(f"{block}\npwd > {folder}/where", work)
        work = Path((folder / "where").read_text().strip())
    return machine


def graded(machine: Machine, student: str) -> nbformat.NotebookNode:
    return nbformat.read(machine.course / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)


def test_the_grades_are_in_the_gradebook(machine):
    with Gradebook(f"sqlite:///{machine.course}/gradebook.db") as gradebook:
        found = {one.student.id: one for one in gradebook.assignment_submissions(NAME)}
        scores = {student: submission.score for student, submission in found.items()}
        by_hand = {student: submission.needs_manual_grade for student, submission in found.items()}
    assert scores == {"ada": 5, "bob": 2, "cyd": 0, "dot": 5, "eve": 5, "nobody": 0}
    assert by_hand["dot"] and not by_hand["cyd"]


def test_students_read_what_was_wrong(machine):
    page = (machine.course / "feedback" / "bob" / NAME / f"{NAME}.html").read_text()
    assert "The rows are not sorted" in page and "divide by the width" in page
    assert "Rubric, 2 points" in nbformat.writes(graded(machine, "dot"))  # for the person who grades the words


def test_a_sandbox_sees_neither_package_nor_course(machine):
    outputs = [output for cell in graded(machine, "eve").cells for output in cell.get("outputs", [])]
    said = "".join(output.get("text", "") for output in outputs)
    files, imported, folders, course = json.loads(re.search(r"^looked (.*)$", said, re.MULTILINE)[1])
    assert (files, imported, course) == ([], [], False) and folders > 2


def test_every_command_of_the_guide_says_what_it_did(machine):
    for word in ("01_averages: built", "16 passed", "medians is not written yet"):
        assert word in machine.said
    files = sum(path.is_file() for path in (machine.folder / "students").rglob("*"))
    assert f"{files} files, nothing of the solutions" in machine.said
    assert "wrote 2 pages" in machine.said and "ada" in (machine.course / "grades.csv").read_text()
    report = (machine.course / "report" / f"{NAME}.html").read_text()
    assert "The rows are not sorted" in report


def test_the_bundle_has_no_links_and_names_what_grades(machine):
    students = machine.folder / "students"
    readme = (students / "README.md").read_text()
    assert "# Averages by hand" in readme and "github" not in readme.replace("`", "")
    assert re.search(r"\| 7 \| \d+ \|", readme), "points and minutes"
    assert "Python's own library, NumPy, and no others" in readme
    pins = (students / "requirements.txt").read_text()
    assert f"numpy=={metadata.version('numpy')}\n" in pins and "tensorflow" not in pins
    site = (machine.course / "site" / "index.html").read_text()
    assert "Averages by hand" in site and "attention" not in site and "github.com" not in site


def test_submissions_are_collected_from_an_archive_of_the_lms(machine):
    archive = machine.folder / "submissions.zip"
    with zipfile.ZipFile(archive, "w") as file:
        release = machine.course / "notebooks" / NAME / f"{NAME}.ipynb"
        file.write(release, f"hopper_123_456_{NAME}.ipynb")
    said = machine.run(f"autograder collect {NAME} {archive} --dry-run --json", machine.course)
    assert '"hopper"' in said or "hopper" in said


def test_a_second_new_refuses_and_leaves_the_course_alone(machine):
    before = sorted(machine.course.rglob("*.py"))
    said = machine.run("autograder new averages", machine.folder, status=2)
    assert "is in use: give the name of a new folder" in " ".join(said.split())
    assert sorted(machine.course.rglob("*.py")) == before
    assert not [path.name for path in machine.folder.iterdir() if path.name.startswith(".averages")]


def test_an_exercise_is_added_as_the_guide_says_and_links_come_with_a_repository(machine):
    for block in blocks("python"):
        path, code = re.fullmatch(r"# (\S+)\n(.*)", block, re.DOTALL).groups()
        file = machine.course / path
        before = file.read_text() if file.exists() else ""
        if path == "statistics_course/averages.py":  # in place of its last line
            before = before.rstrip("\n").rpartition("\n")[0]
        file.write_text(f"{before}\n\n{code}")
    with (machine.course / "nbgrader_config.py").open("a") as config:
        config.write('c.Course.repository = "me/averages"\n')
    said = machine.run(blocks("sh")[-1], machine.course)
    assert "01_averages: built" in said and "23 passed" in said and "its links now lead to me/averages" in said
    notebook = (machine.course / "notebooks" / NAME / f"{NAME}.ipynb").read_text()
    for page in ((machine.course / "README.md").read_text(), notebook):
        assert f"colab.research.google.com/github/me/averages/blob/main/notebooks/{NAME}/{NAME}.ipynb" in page
    assert "def ranges(table):" in notebook and "np.ptp" not in notebook


def test_an_answer_with_a_misspelt_title_is_refused(machine):
    file = machine.course / "tests" / "answers" / NAME / "medians.py"
    before = file.read_text()
    file.write_text(f"{before}\n# %% rigth means\n")
    said = machine.run("python -m pytest", machine.course, status=2)
    file.write_text(before)
    assert "medians.py: # %% rigth means: write # %% right NAME, or # %% wrong NAME: SCORE" in said


def test_the_engine_imports_neither_tensorflow_nor_keras(machine):
    """Not even where they are: every module of the engine, with a finder that forbids them."""
    code = """
import importlib, pkgutil, sys
class Forbids:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras", "matplotlib"):
            raise AssertionError(f"{name} is imported")
sys.meta_path.insert(0, Forbids())
import autograder
for module in pkgutil.walk_packages(autograder.__path__, "autograder."):
    if ".inside." not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(len([name for name in sys.modules if name.startswith("autograder.")]))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0 and int(ran.stdout) > 80, ran.stderr
