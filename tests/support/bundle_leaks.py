"""Leaks to plant in a bundle, in its notebook or among its files: each with what must be said of it."""

from __future__ import annotations

import base64
import shutil
import zipfile
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.packing import pack
from tests.support.answers import answer_named
from tests.support.course import ROOT, solved
from tests.support.returns import place_of

NAME = "00_feature_maps"


def notebook_in(folder: Path) -> nbformat.NotebookNode:
    return nbformat.read(folder / "notebooks" / NAME / f"{NAME}.ipynb", as_version=4)


def change_notebook(folder: Path, change) -> None:
    notebook = notebook_in(folder)
    change(notebook)
    nbformat.write(notebook, folder / "notebooks" / NAME / f"{NAME}.ipynb")


SOLUTION = "    return np.mean(x, axis=(1, 2))"
# The oracle's sigmoid.
RENAMED = """def squashed(values):
    # Another comment.
    values = n.asarray(
        values, dtype=n.float64)
    s = n.exp(-n.abs(values))
    return (n.where(values >= 0, 1.0, s) /
        (1.0 + s))"""
RUBRIC = "from $z$ no *where*, with a valid example (any rearrangement of positions). 1 point: from $d$"
ORACLE = ROOT / "attention_course" / "oracle" / "feature_maps.py"
ANSWER = answer_named(NAME, "channel_pool", "right stack").source


def cell_of(notebook, exercise: str) -> nbformat.NotebookNode:
    return notebook.cells[place_of(notebook, exercise)]


def add_cell(make, text: str):
    return lambda notebook: notebook.cells.insert(2, make(text))


def fill_answer(notebook) -> None:
    cell_of(notebook, "channel_pool").source = "def channel_pool(x):\n    return my_own_way(x)"


def keep_solution(notebook) -> None:
    cell_of(notebook, "global_average_pool").source += "\n" + SOLUTION


def keep_output(notebook) -> None:
    cell_of(notebook, "channel_pool-check").outputs = [nbformat.v4.new_output("stream", text="all passed")]


def keep_in_cell_metadata(notebook) -> None:
    notebook.cells[3].metadata["before"] = {"lines": [["x", solved(NAME)["apply_spatial_gate"]]]}


def keep_in_notebook_metadata(notebook) -> None:
    notebook.metadata[f"what was asked: {RUBRIC}"] = 1


def attach(notebook) -> None:
    notebook.cells[0]["attachments"] = {"a.png": {"image/png": base64.b64encode(b"a picture").decode()}}


def packed(helpers: str, causes: dict[str, str] | None = None) -> str:
    return f'HELPERS = "{pack(helpers, causes or {})}"'


code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
IN_NOTEBOOK = {
    "a solution in its place": (keep_solution, r"cell \d+, line \d: from solutions/00\S+, a solution"),
    "another text than the stub": (fill_answer, r"cell \d+: an answer cell without its stub"),
    "a solution printed": (add_cell(code, f'print("{SOLUTION.strip()}")'), "cell 3, line 1: from .*a solution"),
    "a function under other names": (add_cell(code, RENAMED), r"cell 3, line 1: from attention_course/oracle/\S+"),
    "a sample answer": (add_cell(text, ANSWER), r"cell 3, line \d: from tests/answers/00\S+"),
    "the oracle in a text": (add_cell(text, ORACLE.read_text()), r"cell 3, line \d+: from attention_course/oracle/\S+"),
    "a sentence of a rubric": (add_cell(text, f"> {RUBRIC}"), "cell 3, line 1: from .*a cell for teachers"),
    "a hidden test": (add_cell(code, 'judge("channel_pool")'), r"cell 3, line 1: 'judge\(' is of"),
    "a region's mark": (add_cell(code, "### BEGIN SOLUTION\n1\n### END SOLUTION"), "cell 3, line 1: '### BEGIN"),
    "base64": (add_cell(text, base64.b64encode(ORACLE.read_bytes()).decode()), "cell 3, line 1: a long word"),
    "a function packed": (
        add_cell(code, packed(RENAMED)),
        "cell 3, line 1: packed there: from attention_course/oracle/",
    ),
    "a rubric packed": (add_cell(code, packed("", {"a": RUBRIC})), "cell 3, line 1: packed there: from .*for teachers"),
    "packed twice": (add_cell(code, packed(packed(f"{SOLUTION}\n"))), "packed there: packed there: from .*a solution"),
    "packed otherwise": (add_cell(code, packed(RENAMED).replace('"Q', '"q')), "cell 3, line 1: a long word"),
    "an output": (keep_output, r"cell \d+: it has outputs"),
    "an attachment": (attach, "cell 1: it has attachments"),
    "the cell's metadata": (keep_in_cell_metadata, "cell 4, beside its text: from .*a solution"),
    "the notebook's metadata": (keep_in_notebook_metadata, "the notebook's metadata: from .*a cell for teachers"),
    "a link to the course": (add_cell(text, f"<{Course.find().repository}>"), "which holds the solutions"),
}


def zip_up(folder: Path) -> None:
    with zipfile.ZipFile(folder / "notebooks" / "data.zip", "w") as archive:
        archive.write(ORACLE, "oracle.py")


def copy_walkthrough(folder: Path) -> None:
    shutil.copy(ROOT / "solutions" / NAME / f"{NAME}.ipynb", folder / "notebooks" / NAME / "notes.ipynb")


def copy_over(source: Path, name: str):
    def plant(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(source, folder / name)

    return plant


def append(name: str, added: str):
    return lambda folder: (folder / name).write_text((folder / name).read_text() + added)


IN_FILES = {
    "a walkthrough under another name": (copy_walkthrough, ["notes.ipynb: not one of", r"notes.ipynb, cell \d+, line"]),
    "the oracle under another name": (
        copy_over(ORACLE, "binder/setup.py"),
        ["binder/setup.py: not one of", r"binder/setup.py, line \d+: from attention_course/oracle/feature_maps.py"],
    ),
    "the text source as a setting": (
        copy_over(ROOT / "solutions" / NAME / f"{NAME}.py", "binder/jupyter/extra.json"),
        [r"binder/jupyter/extra.json, line \d+: from solutions/"],
    ),
    "an archive": (zip_up, ["data.zip: not one of"]),
    "compiled code": (lambda folder: (folder / "README.md").write_bytes(b"\xa7\r\r\n\0\0"), ["README.md: not plain"]),
    "a checkpoint": (
        copy_over(ROOT / "notebooks" / NAME / f"{NAME}.ipynb", f".ipynb_checkpoints/{NAME}.ipynb"),
        [r"\.ipynb_checkpoints/\S+: not one of"],
    ),
    "a link to a file": (lambda folder: (folder / "notes.md").symlink_to(ORACLE), ["notes.md: a link"]),
    "a link to a folder": (lambda folder: (folder / "tests").symlink_to(ROOT / "tests"), ["tests: a link"]),
    "a rubric in the readme": (append("README.md", f"\n- {RUBRIC}\n"), [r"README.md, line \d+: from .*for teachers"]),
    "the package": (append("binder/start", "import autograder\n"), [r"binder/start, line \d+: 'import autograder' is"]),
    "no notebook": (
        lambda folder: (folder / "notebooks" / NAME / f"{NAME}.ipynb").write_text("{}"),
        [f"{NAME}.ipynb: not a notebook"],
    ),
}
