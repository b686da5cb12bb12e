"""Binder: what repo2docker reads, what a student then sees, and nbgrader's Validate button.

`tools/check-binder` goes further: it asks repo2docker itself, and can install all that Binder would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jupyterlab.commands
import nbformat
import pytest

from tests.support.binder_server import BinderServer, hidden_extensions
from tests.support.course import ROOT, make_course

BINDER = ROOT / "binder"
NOTEBOOK = "notebooks/00_feature_maps/00_feature_maps.ipynb"
HIDDEN = json.loads((BINDER / "jupyter" / "labconfig" / "page_config.json").read_text())["disabledExtensions"]
VALIDATE = "@jupyter/nbgrader:validate-assignment"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("binder")
    course = make_course(folder / "repository")
    (course.root / "binder").symlink_to(BINDER)
    with BinderServer(folder, course.root, Path(sys.executable).parent) as running:
        yield running


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_repo2docker_can_run_the_scripts(name):
    script = BINDER / name
    assert os.access(script, os.X_OK) and script.read_text().startswith("#!/bin/bash\n")
    assert subprocess.run(["bash", "-n", script]).returncode == 0


def test_no_other_file_would_be_read_in_the_place_of_environment_yml():
    """repo2docker looks for these first."""
    others = ("Dockerfile", "Project.toml", "REQUIRE", "default.nix", "runtime.txt", "install.R", "DESCRIPTION")
    assert not [name for name in others if (BINDER / name).exists()]
    assert not (ROOT / ".binder").exists()


@pytest.mark.parametrize("given", [None, "/somewhere/else"])
def test_start_puts_our_configuration_first_and_runs_the_command(given, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "JUPYTER_CONFIG_PATH"}
    environment |= {"JUPYTER_CONFIG_PATH": given} if given else {}
    command = [BINDER / "start", "sh", "-c", 'echo "$JUPYTER_CONFIG_PATH $OPENBLAS_NUM_THREADS $*"', "sh", "a b"]
    process = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    folders = ":".join([str(BINDER / "jupyter"), *([given] if given else [])])
    assert process.stdout == f"{folders} 1 a b\n"


def test_what_is_hidden_are_plugins_that_exist():
    """A plugin's name that no longer exists would hide nothing, without a word."""
    app = Path(jupyterlab.commands.get_app_dir())
    places = [app.parent / "labextensions" / "@jupyter" / "nbgrader" / "static", app / "static"]
    shipped = "".join(file.read_text(errors="replace") for place in places for file in place.glob("*.js"))
    for name in [*HIDDEN, VALIDATE]:
        assert f'"{name}"' in shipped or f"'{name}'" in shipped, name


def test_without_a_path_jupyterlab_opens_in_the_notebooks_folder(server):
    assert server.redirect() == "/lab/tree/notebooks"


def test_a_link_opens_its_notebook_and_of_nbgrader_validate_alone(server):
    page = server.get(f"lab/tree/{NOTEBOOK}").read().decode()
    assert f'"treePath": "{NOTEBOOK}"' in page
    assert {name for name, hide in HIDDEN.items() if hide} <= set(hidden_extensions(page))
    assert VALIDATE not in hidden_extensions(page)
    assert server.status("formgrader") == 404


def test_validate_answers(server):
    """A small notebook stands in for a student's: theirs take half a minute, and tools/check-binder asks for one."""
    file = server.repository / "small.ipynb"
    sources = {"right": "assert True", "wrong": "raise NotImplementedError('Your turn')"}
    nbformat.write(nbformat.v4.new_notebook(cells=[graded_cell(*one) for one in sources.items()]), file)
    (failed,) = server.validate(file.name)["failed"]
    assert failed["source"] == sources["wrong"] and "Your turn" in failed["raw_error"]


def graded_cell(name: str, source: str) -> nbformat.NotebookNode:
    marks = {"schema_version": 3, "locked": True, "solution": False, "grade": True, "points": 1, "task": False}
    return nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": {**marks, "grade_id": name}})
