"""The container: what stays out of it, and that the devcontainer is built from a stage of the same Dockerfile."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

from tests.support.course import ROOT


def patterns(name: str) -> set[str]:
    """The patterns of an ignore file, without slashes at their ends and the places that any folder may have."""
    lines = (ROOT / name).read_text().splitlines()
    return {line.strip("/").removeprefix("**/") for line in lines if line and not line.startswith(("#", "!"))}


def test_what_git_ignores_is_not_put_into_an_image():
    """Submissions, grades and one's own work above all."""
    assert {"gradebook.db*", "submitted", "work"} <= patterns(".gitignore")
    assert patterns(".gitignore") <= patterns(".dockerignore")
    assert patterns(".dockerignore") - patterns(".gitignore") == {".git"}


def test_scripts_keep_their_line_ends_in_a_clone_made_on_windows(tmp_path):
    """Where they end in CRLF, no script starts: neither in WSL nor in a container made of that clone."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    for name in (".gitattributes", "Makefile", "tools/make-venv"):
        shutil.copy(ROOT / name, here)
    git = ("git", "-c", "user.name=nobody", "-c", "user.email=nobody@localhost")
    for line in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *line], cwd=here, check=True)
    subprocess.run([*git, "clone", "-q", "-c", "core.autocrlf=true", here, there], check=True)
    assert [path.name for path in there.iterdir() if path.is_file() and b"\r" in path.read_bytes()] == []


def test_the_devcontainer_is_built_from_a_stage_of_the_dockerfile():
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text()
    settings = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    dockerfile = (ROOT / ".devcontainer" / settings["build"]["dockerfile"]).read_text()
    assert settings["build"]["target"] in re.findall(r"^FROM \S+ AS (\w+)$", dockerfile, re.MULTILINE)
    assert f" {settings['remoteUser']}\n" in dockerfile
    guide = " ".join((ROOT / "docs" / "setting-up.md").read_text().split())
    assert " ".join(settings["runArgs"]) in guide, "what the guide says of the sandbox in a container"
