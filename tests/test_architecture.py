"""Who may import whom: the engine no course, nobody upwards, what runs beside a student's code nothing of ours."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.course import ROOT

ENGINE, COURSE = "autograder", "attention_course"
TEMPLATE = ROOT / ENGINE / "template"

# The rooms of the engine from the ground up. A room may use those below it; what shares a line stands side by side.
FLOORS = (
    {"course", "files", "cells", "retry", "packing", "seeds", "statuses", "printable"},
    {"templating"},
    {"links", "converters"},
    {"exercise"},
    {"sandbox"},
    {"judge"},
    {"intake"},
    {"rebuild", "harmless"},
    {"grading", "feedback"},
    {"record"},
    {"class_run", "tables", "build"},
    {"bundle", "lms", "report", "similar", "site", "progress", "which_notebook", "formgrader"},
    {"magics", "nbgrader_autograde", "new_course", "own_copies", "words"},
    {"nbgrader_settings"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
COURSE_FLOORS = ({"layers", "oracle"}, {"exercises"})
BESIDE_STUDENTS = ("autograder.judge.ask", "autograder.sandbox.inside")  # run where a student's code runs


def modules(package: str) -> dict[str, Path]:
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        if path.is_relative_to(TEMPLATE):
            continue  # a course, which `autograder new` writes
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules(ENGINE) | modules(COURSE)


def imports_of(name: str, path: Path) -> Iterator[str]:
    """Every module that a module names in an import, wherever in it that stands; ours as far as they are ours."""
    here = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = here[: len(here) - node.level + 1] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in MODULES else base


ARROWS = {name: {one for one in imports_of(name, path) if one != name} for name, path in MODULES.items()}


def room(module: str) -> str:
    return (module.split(".") + [""])[1]


def upward(package: str, floors) -> list[str]:
    """The arrows within a package that do not lead to a lower floor, or stay in their room."""
    height = {name: number for number, floor in enumerate(floors) for name in floor}
    wrong = []
    for module, targets in ARROWS.items():
        for target in targets:
            ends = (module, target)
            if all(one.startswith(f"{package}.") for one in ends) and room(module) != room(target):
                below = height.get(room(target), 99) < height.get(room(module), -1)
                wrong += [] if below else [f"{module} -> {target}"]
    return wrong


@pytest.mark.parametrize(("package", "floors"), [(ENGINE, FLOORS), (COURSE, COURSE_FLOORS)])
def test_nothing_is_imported_upwards(package, floors):
    assert upward(package, floors) == []


@pytest.mark.parametrize(("package", "floors"), [(ENGINE, FLOORS), (COURSE, COURSE_FLOORS)])
def test_every_room_has_its_floor(package, floors):
    rooms = {room(module) for module in MODULES if module.startswith(f"{package}.")}
    assert rooms == set().union(*floors)


def test_the_engine_knows_no_course():
    reached = {f"{name} -> {one}" for name, targets in ARROWS.items() for one in targets if one.startswith(COURSE)}
    assert not [arrow for arrow in reached if arrow.startswith(ENGINE)]


def test_the_course_knows_the_kit_alone():
    reached = {one for name, targets in ARROWS.items() if name.startswith(COURSE) for one in targets}
    assert {room(one) for one in reached if one.startswith(ENGINE)} == {"exercise"}


def test_what_runs_beside_a_students_code_imports_nothing_of_ours():
    beside = {name: targets for name, targets in ARROWS.items() if name.startswith(BESIDE_STUDENTS)}
    assert len(beside) > 4
    assert not {one for targets in beside.values() for one in targets if one.startswith((ENGINE, COURSE))}


def test_there_is_no_circle():
    tuple(
        graphlib.TopologicalSorter({name: targets & MODULES.keys() for name, targets in ARROWS.items()}).static_order()
    )


def test_an_arrow_that_is_not_allowed_shows(monkeypatch):
    monkeypatch.setitem(ARROWS, "autograder.exercise.exercise", {"autograder.judge.verdict", "attention_course.oracle"})
    assert upward(ENGINE, FLOORS) == ["autograder.exercise.exercise -> autograder.judge.verdict"]
    with pytest.raises(AssertionError):
        test_the_engine_knows_no_course()
    with pytest.raises(graphlib.CycleError):
        test_there_is_no_circle()
