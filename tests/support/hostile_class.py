"""The hostile class: reads the attacks of tests/hostile and hands them in, between honest students.

An attack is a Python file: header lines, then cells.

    # tries: what it is after, in one line (more lines may follow, indented)
    # worth: EXERCISE SCORE STATUS[: WORD]   what the exercise must get; "A or B" and STATUS|STATUS leave a choice, any
    #     is every status but grader-fault, WORD must stand in the student's messages. all: every exercise.
    # notebook: NAME                         where it is not 00_feature_maps
    # handling: NAME                         what happens to the notebook (submissions.HANDLINGS, or below)
    # file: NAME                             what happens to the file (hostile_files.FILES)
    # copies: N                              so many students hand it in
    # %% PLACE                               a cell: EXERCISE (its answer), first, last, or after EXERCISE

An exercise that is not named has a right answer and must get full marks. Attackers' notebooks begin with toolbox.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from attention_course.exercises import CATALOGUE
from autograder.course import Course
from tests.support.answers import answer_named
from tests.support.course import ROOT
from tests.support.hostile_files import FILES, HANDLINGS_OF_ATTACKS, NOTEBOOK_BYTES
from tests.support.returns import place_of
from tests.support.submissions import HANDLINGS, fill_in, quiet_right_answers

HOSTILE = ROOT / "tests" / "hostile"
FIRST_NOTEBOOK = "00_feature_maps"
ANY = {"fail", "timeout", "memory", "limit", "crash", "missing"}

# Low, so that the class is graded in minutes; see autograder/sandbox/limits.py.
LIMITS = {
    "cell_seconds": 5,
    "notebook_seconds": 20,  # a fork bomb takes 5 of them alone, and 15 on a slow machine that has other work
    "cpu_seconds": 3,
    "memory_bytes": 1024 * 2**20,
    "processes": 96,
    "open_files": 128,
    "scratch_bytes": 32 * 2**20,
    "scratch_files": 1000,
    "output_bytes": 2**20,
    "kept_characters": 2**20,
    "answer_bytes": 512 * 2**10,  # of numbers 65,536: se_block is asked for up to 42,000, by the sizes that are drawn
    "notebook_bytes": NOTEBOOK_BYTES,
}
RIGHT = {
    "global_average_pool": "mean",
    "channel_pool": "stack",
    "revealing_case": "cube",
    "apply_channel_gate": "new-axes",
    "apply_spatial_gate": "last-axis",
    "to_channels_first": "transpose",
    "squeeze": "mean",
    "excite": "straight",
    "se_forward": "inline",
    "se_weight_count": "formula",
    "se_block": "dense-multiply",
    "gate_gradient": "sum",
}


@dataclass(frozen=True)
class Worth:
    """What one exercise may get: pairs of a score and its statuses, and a word of the messages."""

    choices: tuple[tuple[float, frozenset[str]], ...]
    says: str = ""

    def allows(self, exercise: Mapping) -> bool:
        """Whether an exercise of a result is as stated."""
        found = any(exercise["score"] == score and exercise["status"] in statuses for score, statuses in self.choices)
        return found and self.says in " ".join(exercise["messages"])


@dataclass(frozen=True)
class Attack:
    """One student of the class, hostile or honest: the cells, what becomes of the file, and what each exercise gets."""

    name: str
    notebook: str
    worth: Mapping[str, Worth]
    cells: tuple[tuple[str, str], ...]
    handling: str = "none"
    file: str = "none"
    copies: int = 1

    @property
    def is_honest(self) -> bool:
        return self.name.startswith("honest/")

    @property
    def students(self) -> list[str]:
        """The names under which it is handed in."""
        base = self.name.replace("/", "-")
        return [f"{base}-{number}" for number in range(1, self.copies + 1)] if self.copies > 1 else [base]


def read_attack(path: Path) -> Attack:
    """Read one attack file. Raises ValueError if its header is wrong."""
    header, *parts = re.split(r"^# %% (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    fields: dict[str, list[str]] = {}
    for key, value in re.findall(r"^# (\w+): (.+)$", header, re.MULTILINE):
        fields.setdefault(key, []).append(value)
    if "tries" not in fields or set(fields) - {"tries", "worth", "notebook", "handling", "file", "copies"}:
        raise ValueError(f"{path}: the header must say what it tries, and only what hostile_class.py lists")
    notebook = fields.get("notebook", [FIRST_NOTEBOOK])[0]
    return Attack(
        str(path.relative_to(HOSTILE).with_suffix("")),
        notebook,
        _read_worth(notebook, fields.get("worth", [])),
        tuple(zip(parts[::2], map(_filled_in, parts[1::2]), strict=True)),
        fields.get("handling", ["none"])[0],
        fields.get("file", ["none"])[0],
        int(fields.get("copies", ["1"])[0]),
    )


def read_attacks(notebook: str) -> list[Attack]:
    """The attacks and the honest students of a notebook's class, honest ones spread evenly among the attacks."""
    paths = sorted(path for path in HOSTILE.rglob("*.py") if path.name != "toolbox.py")
    everybody = [attack for attack in map(read_attack, paths) if attack.notebook == notebook]
    honest = [attack for attack in everybody if attack.is_honest]
    attackers = [attack for attack in everybody if not attack.is_honest]
    step = len(attackers) / max(1, len(honest))
    for number, attack in reversed(list(enumerate(honest))):
        attackers.insert(round(step * (number + 0.5)), attack)
    return attackers


def _read_worth(notebook: str, lines: list[str]) -> dict[str, Worth]:
    exercises = CATALOGUE.exercises_of(notebook)
    worth = {exercise.id: Worth(((exercise.points, frozenset({"pass"})),)) for exercise in exercises}
    for line in lines:
        name, stated = line.split(" ", 1)
        choices, _, says = stated.partition(": ")
        pairs = (choice.split() for choice in choices.split(" or "))
        read = Worth(tuple((float(score), frozenset(ANY if s == "any" else s.split("|"))) for score, s in pairs), says)
        worth.update(dict.fromkeys(worth, read) if name == "all" else {name: read})
    if set(worth) != {exercise.id for exercise in exercises}:
        raise ValueError(f"{notebook} has no such exercise: {', '.join(set(worth) - {e.id for e in exercises})}")
    return worth


def _filled_in(source: str) -> str:
    for name, value in LIMITS.items():
        source = source.replace(f"@{name.upper()}@", str(value))
    return source.strip("\n")


def hand_in(course: Course, attack: Attack, ranks: Mapping[str, int], outside: Mapping[str, str], top: Path) -> None:
    """Write an attack's notebook into its students' folders, whose ranks keep the class in its order."""
    release = nbformat.read(course.release(attack.notebook), as_version=4)
    notebook = _notebook(release, attack, outside)
    content = {**HANDLINGS, **HANDLINGS_OF_ATTACKS}[attack.handling](notebook)
    for student in attack.students:
        folder = top / f"{ranks[attack.name]:03d}-{student}" / attack.notebook
        folder.parent.mkdir(parents=True)
        FILES[attack.file](folder, f"{attack.notebook}.ipynb", content)


def _notebook(release: NotebookNode, attack: Attack, outside: Mapping[str, str]) -> NotebookNode:
    answers = {
        exercise.id: _right_answer(attack.notebook, exercise.id) for exercise in CATALOGUE.exercises_of(attack.notebook)
    }
    own = [(place, source) for place, source in attack.cells if place not in answers]
    filled = fill_in(release, {**answers, **{place: s for place, s in attack.cells if place in answers}})
    if not attack.is_honest:
        toolbox = (HOSTILE / "toolbox.py").read_text(encoding="utf-8")
        for name, value in outside.items():
            toolbox = toolbox.replace(f"@{name}@", value)
        own = [("first", toolbox), *own, ("last", "print(*reached, sep='\\n')")]
    at_the_start = 0
    for number, (place, source) in enumerate(own):
        # Not an id by chance: the same student's file is the same in every class, so its inputs are too.
        cell = nbformat.v4.new_code_cell(source, id=f"own-{number}")
        if place == "first":
            filled.cells.insert(at_the_start, cell)
            at_the_start += 1
        elif place == "last":
            filled.cells.append(cell)
        else:
            answer = place.removeprefix("after ")
            behind = place_of(filled, answer)
            filled.cells.insert(behind + 1, cell)
    return filled


def _right_answer(notebook: str, exercise: str) -> str:
    """The right answer chosen above; to an exercise that is not there, a quiet one."""
    if exercise not in RIGHT:
        return quiet_right_answers(notebook)[exercise]
    return answer_named(notebook, exercise, f"right {RIGHT[exercise]}").source
