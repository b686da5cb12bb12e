"""The hostile class: whatever an attack tries, it gets what its honest work is worth, and nobody else notices."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from tests.support.course import ROOT
from tests.support.hostile_class import FIRST_NOTEBOOK, HOSTILE, LIMITS, Attack, hand_in, read_attacks
from tests.support.hostile_files import MARK, ODD_NAMES
from tests.support.hostile_outside import Finished, listeners, marked_files, run_watched, set_out_canaries, snapshot

pytestmark = pytest.mark.usefixtures("own_preloaded_process")

CLASSES = {name: read_attacks(name) for name in (FIRST_NOTEBOOK, "01_squeeze_excitation")}
ATTACKS = [attack for everybody in CLASSES.values() for attack in everybody if not attack.is_honest]
HONEST = [attack for everybody in CLASSES.values() for attack in everybody if attack.is_honest]
GRADE = [sys.executable, "-m", "autograder", "grade", "--submitted", "handed-in", "--seed", "7"]
GRADE += ["--threads", "3"]  # many attacks wait for their time to be up
SMALL = ("--workers", "1")  # a small class: two would both import TensorFlow for it
SECONDS = 900  # after which a class is given up


@dataclass
class Graded:
    """A class that was graded: where, how it ended, the results by student, and what changed around it."""

    course: Course
    finished: Finished
    results: dict[str, dict]
    changed: list[str]
    connections: list[str]


def rank(attacks: list[Attack]) -> dict[str, int]:
    return {attack.name: number for number, attack in enumerate(attacks)}


def make_course(folder: Path) -> Course:
    """A course of its own with low limits; its sources are copies, for an attack to find and to spoil."""
    folder.mkdir()
    for name in ("solutions", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copy(ROOT / "nbgrader_config.py", folder / "real_config.py")
    lines = ["c = get_config()", 'load_subconfig("real_config.py")']
    lines += [f"c.Limits.{name} = {value}" for name, value in LIMITS.items()]
    (folder / "nbgrader_config.py").write_text("\n".join(lines) + "\n")
    return Course(folder)


def grade(world: Path, name: str, notebook: str, fill, *options: str) -> Graded:
    """Grade a class in a world of its own. `fill` writes the submissions, given the course and the listener's port."""
    course = make_course(world / name)
    home, temporary = world / "home", world / "tmp"
    environment = set_out_canaries(home) | {"TMPDIR": str(temporary)}
    handed_in = course.root / "handed-in"
    handed_in.mkdir()
    with listeners(course.root) as (port, connections):
        fill(course, handed_in, {"COURSE": str(course.root), "PORT": str(port)})
        before = snapshot(course.root, home)
        finished = run_watched([*GRADE, notebook, "--json", *options], course.root, environment, SECONDS)
        after = snapshot(course.root, home)
    made = ("autograded", "feedback", "gradebook.db", ".grading")
    spoiled = [path for path in before if before[path] != after.get(path)]
    fresh = [path for path in after if path not in before and Path(path).relative_to(world).parts[1] not in made]
    left = [str(path) for path in temporary.iterdir()]
    changed = spoiled + fresh + left + marked_files(world, Path("/tmp"), Path("/dev/shm"), Path(sys.prefix))
    results = json.loads(finished.stdout or "[]")
    return Graded(course, finished, {result["student"]: result for result in results}, changed, connections)


@pytest.fixture(scope="module")
def world():
    """A folder of its own for courses, home and temporary files. Its path is short: names of sockets must be."""
    top = Path(tempfile.mkdtemp(prefix="world-"))
    for name in ("home", "tmp"):
        (top / name).mkdir()
    yield top
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture(scope="module")
def classes(world):
    """For each notebook the class without attackers and the class with them, each graded when it is first asked for."""
    graded = {}

    def get(notebook: str, with_attackers: bool) -> Graded:
        everybody = CLASSES[notebook]
        ranks = rank(everybody)

        def fill(course, handed_in, outside):
            for attack in sorted(everybody, key=lambda attack: not attack.is_honest):
                if attack.is_honest or with_attackers:
                    hand_in(course, attack, ranks, outside, handed_in)

        key = (notebook, with_attackers)
        if key not in graded:
            name = f"{notebook[:2]}-{'with' if with_attackers else 'without'}"
            graded[key] = grade(world, name, notebook, fill, *([] if with_attackers else SMALL))
        return graded[key]

    return get


def students_of(attack: Attack) -> list[str]:
    return [f"{rank(CLASSES[attack.notebook])[attack.name]:03d}-{student}" for student in attack.students]


def grades(course: Course, student: str) -> list[tuple]:
    """A student's rows of the gradebook, but for keys and dates."""
    query = """
        select base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade
        from grade join base_cell on grade.cell_id = base_cell.id
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        where submitted_assignment.student_id = ? order by base_cell.name
    """
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook:
        return gradebook.execute(query, (student,)).fetchall()


def feedback(course: Course, student: str, notebook: str) -> bytes:
    return (course.root / "feedback" / student / notebook / f"{notebook}.html").read_bytes()


@pytest.mark.parametrize("attack", [*ATTACKS, *HONEST], ids=lambda attack: f"{attack.notebook[:2]}-{attack.name}")
def test_everybody_gets_what_their_work_is_worth(classes, attack):
    graded = classes(attack.notebook, True)
    for student in students_of(attack):
        result = graded.results[student]
        wrong = [exercise for exercise in result["exercises"] if not attack.worth[exercise["id"]].allows(exercise)]
        assert not wrong, "\n".join(f"{exercise}, stated: {attack.worth[exercise['id']]}" for exercise in wrong)
        rows = {name.removesuffix("-check"): score for name, score, *_ in grades(graded.course, student)}
        for exercise in result["exercises"]:
            assert rows.get(exercise["id"], 0) == exercise["score"], "the gradebook says something else"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.notebook[:2]}-{attack.name}")
def test_an_attack_reaches_nothing(classes, attack):
    """What an attack reached, it printed behind the word HOLE."""
    course = classes(attack.notebook, True).course
    for student in students_of(attack):
        kept = course.root / "autograded" / student / attack.notebook / f"{attack.notebook}.ipynb"
        if kept.exists():
            for cell in nbformat.read(kept, as_version=4).cells:
                shown = json.dumps(cell.get("outputs", []))
                assert "HOLE" not in shown, shown[shown.index("HOLE") :][:1000]


@pytest.mark.parametrize("attack", HONEST, ids=lambda attack: f"{attack.notebook[:2]}-{attack.name}")
def test_honest_students_notice_nothing(classes, attack):
    """Grades, messages and feedback are those of a class without attackers, to the byte."""
    without, with_attackers = classes(attack.notebook, False), classes(attack.notebook, True)
    for student in students_of(attack):
        assert with_attackers.results[student] == without.results[student]
        assert grades(with_attackers.course, student) == grades(without.course, student) != []
        pages = [feedback(graded.course, student, attack.notebook) for graded in (with_attackers, without)]
        assert pages[0] == pages[1]


@pytest.mark.parametrize("notebook", CLASSES)
def test_the_class_is_graded_to_its_end(classes, notebook):
    graded = classes(notebook, True)
    assert graded.finished.status in (0, 3), graded.finished.stderr[-2000:]
    assert "Traceback" not in graded.finished.stderr
    assert len(graded.results) == sum(attack.copies for attack in CLASSES[notebook])
    assert {e["status"] for result in graded.results.values() for e in result["exercises"]}.isdisjoint({"grader-fault"})


@pytest.mark.parametrize("notebook", CLASSES)
def test_nothing_outside_changed(classes, notebook):
    assert classes(notebook, True).changed == classes(notebook, False).changed == []


@pytest.mark.parametrize("notebook", CLASSES)
def test_nobody_outside_was_reached(classes, notebook):
    assert classes(notebook, True).connections == []


@pytest.mark.parametrize("notebook", CLASSES)
def test_no_process_is_left_behind(classes, notebook):
    assert classes(notebook, True).finished.left_behind == []


@pytest.mark.parametrize("notebook", CLASSES)
def test_the_grader_stays_small(classes, notebook):
    """Gigabytes of output, memory and answers do not reach the processes outside the sandboxes."""
    assert classes(notebook, True).finished.peak_bytes < 2**30


@pytest.mark.parametrize("notebook", CLASSES)
def test_links_beside_a_notebook_are_not_followed(classes, notebook):
    kept = classes(notebook, True).course.root / "autograded"
    assert not [path for path in kept.rglob("*") if path.is_symlink() or path.name.startswith(("gradebook", "passwd"))]


@pytest.fixture(scope="module")
def oddly_named(world):
    """Students with odd names, and one with a plain one; each hands in the same right answers."""
    right = next(attack for attack in HONEST if attack.name == "honest/right")

    def fill(course, handed_in, outside):
        hand_in(course, right, {right.name: 0}, outside, handed_in)
        plain = next(handed_in.iterdir())
        for name in ODD_NAMES:
            shutil.copytree(plain, handed_in / name)

    return grade(world, "odd-names", FIRST_NOTEBOOK, fill, *SMALL)


def test_odd_names_are_graded_or_refused_and_touch_nothing(oddly_named):
    results = oddly_named.results
    assert len(results) == len(ODD_NAMES) + 1, oddly_named.finished.stderr[-2000:]
    for name, result in results.items():
        statuses = {exercise["status"] for exercise in result["exercises"]}
        assert statuses == {"pass"} or (statuses == {"missing"} and result["exercises"][0]["messages"]), name
    assert results["000-honest-right"]["score"] == results["000-honest-right"]["max_score"]
    assert oddly_named.changed == []
    folders = {path.name for top in ("autograded", "feedback") for path in (oddly_named.course.root / top).iterdir()}
    # Bytes that are no text stand in a folder's name as \\x..
    as_text = {os.fsencode(name).decode("utf-8", "backslashreplace") for name in ODD_NAMES}
    assert folders <= {*as_text, "000-honest-right"}


def test_odd_names_do_no_harm_to_a_terminal(oddly_named, world):
    """The table of the same class; nothing is graded anew."""
    table = run_watched([*GRADE, FIRST_NOTEBOOK], oddly_named.course.root, set_out_canaries(world / "home"), 60)
    assert table.status == oddly_named.finished.status and "Traceback" not in table.stderr
    assert "000-honest-right" in table.stdout
    assert not set("\x07\x1b\u202e") & set(table.stdout)


# --- the harness itself: what it looks for, it sees ----------------------------------------------------------------


def test_a_hole_shows(capsys):
    toolbox = (HOSTILE / "toolbox.py").read_text().replace("@PORT@", "1")
    assert "HOLE" not in toolbox
    exec(compile(f"{toolbox}\nhole('a wall')", "toolbox", "exec"), {})
    assert capsys.readouterr().out == "HOLE a wall\n"


def test_what_is_left_behind_shows(tmp_path):
    (tmp_path / "watched").mkdir()
    daemon = ["sh", "-c", f"touch {MARK}; (setsid sleep 321 &) ; exit 4"]
    finished = run_watched(daemon, tmp_path / "watched", {"PATH": "/usr/bin:/bin"}, 20)
    assert (finished.status, finished.left_behind) == (4, ["sleep 321"])
    assert [Path(path).name for path in marked_files(tmp_path)] == [MARK]
    (tmp_path / "watched" / MARK).unlink()  # the classes' own tests look into all temporary folders


def test_changes_and_visitors_show(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("one")
    before = snapshot(tmp_path)
    secret.write_text("two")
    assert snapshot(tmp_path) != before
    with listeners(tmp_path) as (port, came):
        socket.create_connection(("127.0.0.1", port)).close()
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect(str(tmp_path / "listener"))
        until = time.monotonic() + 5
        while len(came) < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert sorted(came) == ["TCP", "path"]
