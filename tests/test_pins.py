"""One set of pins: pyproject.toml, requirements.txt, environment.yml, binder/ and the Makefile say the same."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.support.course import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = SETTINGS["project"]
EXTRAS = PROJECT["optional-dependencies"]
DIRECT = [Requirement(line) for name in ("course", "grader", "test") for line in EXTRAS[name]]
FOR_ALL, FOR_BROWSER_TESTS, FOR_OTTER = "requirements.txt", "requirements-browser.txt", "requirements-otter.txt"
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
PLATFORMS = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]


def pinned(file: str = FOR_ALL) -> list[Requirement]:
    text = (ROOT / file).read_text()
    lines = re.findall(r"^([a-z0-9][^\s\\]*(?: ; [^\\\n]+)?)", text, re.MULTILINE | re.IGNORECASE)
    return [Requirement(line.replace(" ;", ";").strip()) for line in lines]


def applying(requirements, **environment) -> dict[str, str]:
    here = {**default_environment(), **environment}
    return {one.name: str(one.specifier) for one in requirements if not one.marker or one.marker.evaluate(here)}


@pytest.mark.parametrize(("file", "at_least"), [(FOR_ALL, 100), (FOR_BROWSER_TESTS, 2), (FOR_OTTER, 100)])
def test_every_requirement_is_pinned_and_hashed(file, at_least):
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / file).read_text(), flags=re.MULTILINE | re.IGNORECASE)
    entries = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert len(entries) == len(pinned(file)) > at_least
    for entry in entries:
        assert "==" in entry.splitlines()[0] and "--hash=sha256:" in entry, entry[:80]


@pytest.mark.parametrize("file", [FOR_ALL, FOR_BROWSER_TESTS, FOR_OTTER])
def test_requirements_name_no_host(file):
    assert not re.search(r"https?://|--index|--find-links|--trusted", (ROOT / file).read_text())


def test_the_layers_need_keras_and_numpy_alone():
    """With bounds that the pins keep, and without an upper one: a network's own environment decides."""
    needed = [Requirement(line) for line in PROJECT["dependencies"]]
    assert {one.name for one in needed} == {"keras", "numpy"} and not any(one.marker for one in needed)
    assert {one.operator for requirement in needed for one in requirement.specifier} == {">="}
    assert {one.name for one in needed} <= applying(DIRECT).keys()
    for one in needed:
        assert one.specifier.contains(applying(pinned())[one.name].removeprefix("==")), one


def test_browser_tests_add_their_packages_and_change_none():
    """Students install requirements.txt: what drives a browser stays out of it."""
    direct = [Requirement(line) for line in SETTINGS["dependency-groups"]["browser"]]
    for_all, added = applying(pinned()), applying(pinned(FOR_BROWSER_TESTS))
    assert {one.name: added.get(one.name) for one in direct} == applying(direct)
    assert not {one.name for one in direct} & for_all.keys()
    assert {name: for_all[name] for name in added.keys() & for_all.keys()}.items() <= added.items()


def test_otter_grader_grades_on_the_courses_own_packages():
    direct = [Requirement(line) for line in (*EXTRAS["course"], *SETTINGS["dependency-groups"]["otter"])]
    wanted, got = applying(direct), applying(pinned(FOR_OTTER))
    assert {name: got.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(("system", "machine"), PLATFORMS)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_direct_dependencies_have_the_same_pin(system, machine, python):
    where = {"sys_platform": system, "platform_machine": machine, "python_version": python}
    wanted, got = applying(DIRECT, **where), applying(pinned(), **where)
    assert {name: got.get(name) for name in wanted} == wanted
    # The CPU wheel on Linux x86-64, the plain one elsewhere, never both.
    cpu = (system, machine) == ("linux", "x86_64")
    assert ("tensorflow-cpu" in got, "tensorflow" in got) == (cpu, not cpu)


def test_this_environment_has_the_pins():
    """What is installed is what is pinned: nothing was added or changed by hand."""
    for name, pin in applying(pinned()).items():
        assert version(name) in SpecifierSet(pin), name


def test_environment_gives_the_same_pins():
    python, pip, packages = ENVIRONMENT["dependencies"]
    assert pip == "pip" and packages == {"pip": ["-r requirements.txt"]}
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python=") + ".0")


def test_binder_reads_the_same_files():
    for name in ("environment.yml", "requirements.txt"):
        link = ROOT / "binder" / name
        assert link.is_symlink() and link.resolve() == ROOT / name
