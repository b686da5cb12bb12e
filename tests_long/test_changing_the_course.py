"""docs/changing-the-course.md, done as it says in a copy of the repository: an exercise is added, then a notebook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from autograder import cells

ROOT = Path(__file__).absolute().parent.parent
PAGE = (ROOT / "docs" / "changing-the-course.md").read_text(encoding="utf-8")
COPIED = ("attention_course", "autograder", "docs", "notebooks", "solutions", "tests")
MODULE, NOTEBOOK, NEW = "feature_maps", "00_feature_maps", "09_reading_a_gate"
# What the page says of building, the tests of every notebook say already: they run a notebook for it.
LEFT_OUT = (
    "untouched_student_version_fails_only_where_it_is_graded",
    "student_version_is_in_step_with_the_walkthrough",
)

# The exercise of the new notebook, which the page leaves to its reader.
ORACLE = '''

def open_share(gate):
    """The share of each gate above one half: (B, H, W) -> (B,)."""
    return (as_floats("the spatial gate", gate, "B", "H", "W") > 0.5).mean(axis=(1, 2))
'''
EXERCISE = '''"""Exercises of notebook 09: reading a gate."""

from autograder.exercise.arrays import agrees
from autograder.exercise.exercise import Exercise
from autograder.exercise.questions import Call

from ..oracle.feature_maps import open_share
from .inputs import gates

OPEN_SHARE = Exercise(
    id="open_share",
    oracle=open_share,
    questions=lambda rng: {"random": Call((gates(rng, 2, 5, 7),))},
    properties=(agrees("random", 1, "random gates"),),
)
EXERCISES = (OPEN_SHARE,)
'''
CELLS = '''# %% [markdown]
# ### Exercise · `open_share`
# **{{worth:open_share}} · easy**

# %% answer="open_share" minutes=2
def open_share(gate):
    """The share of each gate above one half."""
    ### BEGIN SOLUTION
    return (gate > 0.5).mean(axis=(1, 2))
    ### END SOLUTION

# %% check="open_share"
check_close(open_share(np.array([[[0.2, 0.8]]])), [0.5])
'''


def blocks(kind: str = "python") -> list[str]:
    """The page's blocks of one kind, in order."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == kind]


def commands() -> list[str]:
    """The page's commands, without what it says beside them."""
    return [line.partition("#")[0].strip() for line in re.findall(r"^    (?:autograder|python) .*", PAGE, re.MULTILINE)]


@dataclass
class Copy:
    """A copy of the repository: what its commands said, and which files changed since the last look."""

    folder: Path
    said: str = ""
    known: dict[str, bytes] = field(default_factory=dict, repr=False)

    def run(self, command: str) -> None:
        left_out = (f"--deselect tests/test_notebooks.py::test_{name}[{NOTEBOOK}]" for name in LEFT_OUT)
        env = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder),
            "PYTEST_ADDOPTS": " ".join(("--numprocesses 0 -p no:cacheprovider", *left_out)),
        }
        ran = subprocess.run(["bash", "-c", command], cwd=self.folder, env=env, capture_output=True, text=True)
        self.said += f"{ran.stdout}{ran.stderr}"
        assert ran.returncode == 0, f"{command}\n{self.said}"

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Put text before other text of a file, or after all of it where that is ""; a new file is made."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        for before, new in changes:
            assert not before or text.count(before) == 1, f"{path} has not one {before!r}"
            text = text.replace(before, new + before) if before else f"{text}{new}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def touched(self) -> set[str]:
        """The files that were changed or made since this was asked last."""
        files = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*") if path.is_file()}
        made = re.compile(r"\.|.*__pycache__")
        now = {name: path.read_bytes() for name, path in files.items() if not made.match(name)}
        assert self.known.keys() <= now.keys()
        changed = {name for name, content in now.items() if self.known.get(name) != content}
        self.known = now
        return changed

    def notebook(self, kind: str, name: str) -> nbformat.NotebookNode:
        return nbformat.read(self.folder / kind / name / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    folder = tmp_path_factory.mktemp("copy") / "course"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name in COPIED:
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        elif path.suffix in (".md", ".py", ".toml", ".txt", ".yml"):
            shutil.copy2(path, folder)
    made = Copy(folder)
    made.touched()
    return made


@pytest.fixture(scope="module")
def exercise(copy) -> tuple[set[str], set[str]]:
    """Adds the exercise; the files that were written, and those that building wrote."""
    oracle, asked, new_cells, answers, _ = blocks()
    copy.edit(f"attention_course/oracle/{MODULE}.py", ("", f"\n\n{oracle}"))
    copy.edit(
        f"attention_course/exercises/{MODULE}.py",
        ("from .inputs import", f"{re.search(r'`(from .* import gate_centre)`', PAGE)[1]}\n"),
        ("EXERCISES = (", f"{asked}\n"),
        ("    TO_CHANNELS_FIRST,\n", "    GATE_CENTRE,\n"),
    )
    copy.edit(f"solutions/{NOTEBOOK}/{NOTEBOOK}.py", ("# %% [markdown]\n# ## 5 ·", f"{new_cells}\n"))
    copy.edit(f"tests/answers/{NOTEBOOK}/gate_centre.py", ("", answers))
    written = copy.touched()
    for command in commands():
        copy.run(command)
    return written, copy.touched()


@pytest.fixture(scope="module")
def notebook(copy) -> set[str]:
    """Adds the notebook; the files that building wrote."""
    frame = blocks()[-1].replace("# ...\n", CELLS)
    copy.edit(f"attention_course/oracle/{MODULE}.py", ("", ORACLE))
    copy.edit("attention_course/exercises/reading_a_gate.py", ("", EXERCISE))
    entry = re.search(rf'`("{NEW}": "\w+",)`', PAGE)[1]
    copy.edit("attention_course/exercises/__init__.py", ("    },\n    # README.md", f"        {entry}\n"))
    copy.edit(f"solutions/{NEW}/{NEW}.py", ("", frame))
    word, row = blocks(kind="")
    copy.edit("notebooks/NOTATION.md", ("| paired difference", word))
    copy.edit("README.md", ("\n![A student's", row))
    copy.touched()
    copy.run("autograder build")
    return copy.touched()


def test_an_exercise_takes_four_files_and_the_build_writes_the_rest(exercise):
    written, built = exercise
    assert written == {
        f"attention_course/oracle/{MODULE}.py",
        f"attention_course/exercises/{MODULE}.py",
        f"solutions/{NOTEBOOK}/{NOTEBOOK}.py",
        f"tests/answers/{NOTEBOOK}/gate_centre.py",
    }
    made = {f"{kind}/{NOTEBOOK}/{NOTEBOOK}.ipynb" for kind in ("solutions", "notebooks")} | {"README.md"}
    assert built == made | {"solutions/likely_causes.json"}


def test_the_pages_commands_run_and_find_the_new_exercise(copy, exercise):
    assert len(commands()) == 5 and f"{NOTEBOOK}: built" in copy.said
    passed = [int(number) for number in re.findall(r"(\d+) passed", copy.said)]
    assert len(passed) == 3 and all(passed)
    assert passed[0] == 9  # three answers, each judged with two seeds and tried on the visible test


def test_the_new_exercise_is_in_the_students_notebook(copy, exercise):
    released = copy.notebook("notebooks", NOTEBOOK).cells
    text = "\n".join(cell.source for cell in released)
    assert "**2 points · 2 minutes · medium**" in text and "np.indices(gate.shape[1:])" not in text
    ids = [cells.grade_id(cell) for cell in released]
    assert ids.index("gate_centre-check") < ids.index("to_channels_first")


def test_the_new_notebook_is_built_and_its_row_filled(copy, notebook):
    built = {f"{kind}/{NEW}/{NEW}.ipynb" for kind in ("solutions", "notebooks")}
    assert notebook == built | {"README.md"}
    row, readme = blocks(kind="")[1].strip(), (copy.folder / "README.md").read_text()
    before, after = map(re.escape, row.split("| | |"))  # its points, and minutes that follow from its words
    minutes = re.search(rf"^{before}\| 3 \| (\d+) \|{after}$", readme, re.MULTILINE)[1]
    assert f"notebooks/{NEW}/{NEW}.ipynb\n" in readme.split("[c09]: ")[1]
    first, *_, last = copy.notebook("notebooks", NEW).cells
    assert f"| **total** | **3** | **{minutes}** |" in first.source and "{{" not in first.source + last.source
