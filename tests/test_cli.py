"""The command line: exit statuses, and a class of hopeless files that is graded to the end."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tomllib

import nbformat
import pytest
from rich.progress import Progress

import autograder
from attention_course.exercises import CATALOGUE
from autograder import cli
from autograder.class_run import batch, cluster
from autograder.commands.console import say
from autograder.course import Course
from autograder.intake.recognise import recognise
from autograder.sandbox import bubblewrap, fork_server
from tests.support.course import ROOT, make_course
from tests.support.submissions import HANDLINGS, fill_in

NAME = "00_feature_maps"
FULL = sum(exercise.points for exercise in CATALOGUE.exercises_of(NAME))
COURSE = Course.find()


def run(capsys, monkeypatch, *arguments) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["autograder", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, " ".join(err.split())


def run_without(package: str) -> subprocess.CompletedProcess:
    """The command line where a package is not installed."""
    code = f"import sys; sys.modules[{package!r}] = None; from autograder.__main__ import main; main()"
    return subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True)


@pytest.mark.parametrize("missing", ["click", "traitlets"])
def test_where_only_the_layers_are_installed_one_sentence_says_what_to_install(missing):
    ran = run_without(missing)
    assert ran.returncode == 2 and ran.stdout == ""
    sentence = (
        rf"autograder: the package {missing} is missing.* part of attention-course: "
        r'run pip install "\.\[course,grader\]" .*not "pip install autograder".*\n'
    )
    assert re.fullmatch(sentence, ran.stderr)


def test_a_letter_that_the_terminal_does_not_know_stops_nothing(tmp_path, monkeypatch):
    """As where Windows writes into a file, in its own code page."""
    record = {"score": 0, "max_score": 3, "status": "fail", "sentence": "größer als 日", "checked": ""}
    kept = {"version": 1, "notebooks": {NAME: {"global_average_pool": record}}}
    (tmp_path / "progress.json").write_text(json.dumps(kept))
    monkeypatch.setenv("AUTOGRADER_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr("sys.argv", ["autograder", "progress"])
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="cp1252"))
    with pytest.raises(SystemExit) as end:
        cli.main()
    sys.stdout.seek(0)
    assert not end.value.code and r"größer als \u65e5" in sys.stdout.read()


def test_what_reads_notebooks_is_not_needed_to_begin():
    ran = run_without("jsonschema")
    assert ran.returncode == 0 and "Usage: autograder" in ran.stdout


def test_the_magics_say_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("autograder.magics")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "IPython.core.magic", None)
    with pytest.raises(ModuleNotFoundError, match=r"the package IPython is missing.*\[course,grader\]"):
        autograder.load_ipython_extension(None)


def test_a_module_of_ours_that_is_missing_is_no_matter_of_installing():
    with pytest.raises(ModuleNotFoundError, match="^our own$"):
        autograder.what_to_install(ModuleNotFoundError("our own", name="autograder.nowhere"))


@pytest.fixture
def course(tmp_path, monkeypatch):
    course = make_course(tmp_path / "class")
    monkeypatch.chdir(course.root)
    return course


@pytest.fixture
def hopeless_class(course):
    """Files none of which can be graded, with a word that each student's line must say."""
    top = course.root / "submitted"
    release = nbformat.read(COURSE.release(NAME), as_version=4)
    files = {
        "a-broken": (HANDLINGS["broken JSON"](fill_in(release, {})), "not valid JSON"),
        "b-empty": (b"", "empty"),
        "c-essay": (HANDLINGS["not a notebook"](None), "not a notebook"),
        "d-binary": (HANDLINGS["not text"](None), "not text"),
        "e-r": (HANDLINGS["foreign kernel"](fill_in(release, {})), "not for Python"),
    }
    for student, (content, _) in files.items():
        (top / student / NAME).mkdir(parents=True)
        (top / student / NAME / f"{NAME}.ipynb").write_bytes(content)
    (top / "f-large" / NAME).mkdir(parents=True)
    with (top / "f-large" / NAME / f"{NAME}.ipynb").open("wb") as file:
        file.truncate(100 * 2**20)
    (top / "g-renamed" / NAME).mkdir(parents=True)
    (top / "g-renamed" / NAME / "my homework.ipynb").write_bytes(b"{}")
    (top / "h-nothing" / NAME).mkdir(parents=True)
    (top / "i-folder" / NAME / f"{NAME}.ipynb").mkdir(parents=True)
    says = {student: word for student, (_, word) in files.items()}
    return says | {
        "f-large": "100 MB",
        "g-renamed": "JSON but not a notebook",
        "h-nothing": "not handed in",
        "i-folder": "is a folder without a notebook in it",
    }


def test_a_hopeless_class_is_graded_to_the_end(hopeless_class, course, capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "grade", NAME, "--json")
    assert status == 3
    results = {result["student"]: result for result in json.loads(out)}
    assert list(results) == list(hopeless_class)
    for student, says in hopeless_class.items():
        assert results[student]["score"] == 0 and results[student]["max_score"] == FULL
        assert {exercise["status"] for exercise in results[student]["exercises"]} == {"missing"}
        assert says in results[student]["exercises"][0]["messages"][0], student
        assert says in (course.root / "feedback" / student / NAME / f"{NAME}.html").read_text()


def test_the_table_has_a_line_for_each_student(hopeless_class, capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "grade", NAME, "--workers", "2")
    assert status == 3
    for student, says in hopeless_class.items():
        assert any(line.startswith(f"{student}: not graded: ") for line in out.splitlines())
        assert says.split()[0] in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "99_none"], "no notebook '99_none'; there are: 00_feature_maps"),
        (["grade", NAME], "no folder"),
        (["grade", NAME, "--submitted", "nowhere"], "does not exist"),
        (["grade", NAME, "--workers", "0"], "--workers"),
        (["grade"], "Missing argument"),
        (["check", "nowhere.ipynb"], "does not exist"),
        (["build", "99_none"], "no notebook '99_none'"),
        (["praise"], "No such command"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(course, capsys, monkeypatch, arguments, says):
    status, out, err = run(capsys, monkeypatch, *arguments)
    assert (status, out) == (2, "")
    assert says in err and "Traceback" not in err


def test_a_students_name_in_a_message_moves_no_cursor(capsys):
    say("did you mean \x1b[2Jada?\nLook there.")
    assert capsys.readouterr().err == "did you mean \\x1b[2Jada?\nLook there.\n"


def test_a_folder_without_submissions_of_the_notebook(course, capsys, monkeypatch):
    (course.root / "submitted" / "ada" / "01_squeeze_excitation").mkdir(parents=True)
    status, _, err = run(capsys, monkeypatch, "grade", NAME)
    assert status == 2 and f"no submission of {NAME}" in err


def test_a_file_that_is_not_of_the_course(course, capsys, monkeypatch):
    path = course.root / "diary.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Dear diary")]), path)
    status, _, err = run(capsys, monkeypatch, "check", path)
    assert status == 2 and "diary.ipynb is not a notebook of this course" in err


def test_a_missing_sandbox_is_said_before_the_progress_bar(course, capsys, monkeypatch):
    """Where there is something to run: what is graded already needs none."""
    for module in (cluster, fork_server):  # what they start is not needed here
        monkeypatch.setattr(module, "start_early", lambda *_: None)
    monkeypatch.setattr(batch, "grade_class", lambda course, name, options, open_client, *_: open_client())
    monkeypatch.setattr(Progress, "start", lambda _: pytest.fail("the bar is shown"))
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda _: None)
    status, out, err = run(capsys, monkeypatch, "grade", NAME)
    assert (status, out) == (2, "") and "cannot be sandboxed here: there is no bwrap command" in err
    monkeypatch.setattr(bubblewrap, "wall", lambda: ["false"])
    status, _, err = run(capsys, monkeypatch, "grade", NAME)
    assert status == 2 and "cannot be sandboxed here" in err and "--trust-submissions" in err


def test_help_names_the_commands(capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "--help")
    assert status == 0 and all(command in out for command in ("build", "check", "grade"))


def test_the_version_is_that_of_the_distribution(capsys, monkeypatch):
    status, out, _ = run(capsys, monkeypatch, "--version")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert status == 0 and out.startswith(f"autograder {version}, of {autograder.DISTRIBUTION}, on Python 3.")


@pytest.mark.parametrize("name", COURSE.names)
@pytest.mark.parametrize("stripped", [False, True])
def test_a_renamed_file_is_recognised(tmp_path, name, stripped):
    path = tmp_path / "my homework (3).ipynb"
    if stripped:
        path.write_bytes(HANDLINGS["stripped metadata"](nbformat.read(COURSE.release(name), as_version=4)))
    else:
        shutil.copy(COURSE.release(name), path)
    assert recognise(COURSE, path) == name


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("report.pdf", b"%PDF-1.7", "The file is a PDF, not the notebook. Hand in the notebook itself"),
        (f"{NAME}.html", b"<!DOCTYPE html><html></html>", "The file is a web page (HTML), not the notebook"),
        (f"{NAME}.py", b"def channel_pool(x):\n    return x\n", "The file is a Python script, not the notebook"),
        ("my.ipynb", COURSE.release(NAME).read_bytes()[:-300], "it may be cut off"),
        ("my.ipynb", b"", "The file is empty."),
    ],
)
def test_check_says_of_a_wrong_file_what_grading_says(course, capsys, monkeypatch, file, content, says):
    path = course.root / file
    path.write_bytes(content)
    status, out, err = run(capsys, monkeypatch, "check", path)
    assert status in (2, 3) and says in " ".join(f"{out} {err}".split())


def test_no_command_builds_the_grammar_of_international_addresses():
    """jsonschema would, when it is imported, in each worker too: as long as all else that is imported."""
    looked_for = {"jsonschema", "lark", "rfc3987_syntax"}
    code = f"import sys, autograder.class_run.batch; print(sorted({looked_for} & {{*sys.modules}}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "['jsonschema']\n"
    assert subprocess.run([sys.executable, "-c", "import autograder, rfc3987_syntax"]).returncode == 0
