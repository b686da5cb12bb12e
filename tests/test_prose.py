"""What can be seen by a program of good prose: predictions that can be made, recall, symbols, and phrases to avoid."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from autograder import cells
from autograder.build.source import read_source
from autograder.course import Course
from tests.support.course import ROOT

COURSE = Course(ROOT)
NAMES = COURSE.names


def student_cells(name: str) -> list:
    """The cells of a notebook that a student sees."""
    return [cell for cell in read_source(COURSE, name).cells if "instructor" not in cells.tags(cell)]


# --- predictions and recall ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_prediction_is_asked_for_before_it_is_made_and_shown_beside_the_result(name):
    there = student_cells(name)
    asked = [at for at, cell in enumerate(there) if cell.cell_type == "markdown" and "**Predict.**" in cell.source]
    made = [at for at, cell in enumerate(there) if "prediction" in cells.tags(cell)]
    assert len(made) >= 3, "a notebook asks for a few predictions"
    assert {at + 1 for at in asked} <= set(made), "each question is followed by a cell for the prediction"
    assert all(at - 1 in {*asked, *made} for at in made), "each such cell comes after its question, or after another"
    for at in made:
        assert "demo" in cells.tags(there[at])
        (assignment,) = ast.parse(there[at].source).body
        (target,) = assignment.targets
        assert re.fullmatch(r"my_\w+", target.id) and ast.unparse(assignment.value) == "None", "skipping costs nothing"
        assert "#" in there[at].source, "a comment says what is asked"
        shown = re.compile(rf"(?:compare_guess|draw_guess)\([^#\n]*\b{target.id}\b")
        later = [cell for cell in there[at + 1 :] if cell.cell_type == "code" and shown.search(cell.source)]
        assert later, f"{target.id} is shown nowhere"


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_with_three_questions_whose_answers_are_folded(name):
    (recall,) = [cell for cell in student_cells(name) if cell.source.startswith("## Before you start: three questions")]
    assert len(re.findall(r"<details><summary>Answer</summary>", recall.source)) == 3
    assert [cell.source for cell in student_cells(name)].index(recall.source) <= 3


# --- symbols -------------------------------------------------------------------------------------------------------

# The index of an image, and a constant that ECA's paper calls b as well: no formula uses both. In 06 a, b, d and s are
# numbers of an experiment, as in statistics; the formulas of maps are not in it.
TWO_MEANINGS = {"02": {"b"}, "06": {"b"}, "07": {"b"}}
# Commands of LaTeX that stand for no quantity, and words in roman type.
NO_SYMBOL = re.compile(
    r"\\(?:begin|end)\{\w+\}|\\(?:text|mathrm|operatorname\*?|mathbf|textit)\{[^{}]*\}|\\(?!sigma|gamma|tau|beta|alpha|"
    r"lambda|mu|delta|Delta|kappa|theta|eta|epsilon|varepsilon|omega|phi|psi|rho|ell)[a-zA-Z]+|\\[^a-zA-Z]"
)
SYMBOL = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]")


def symbols_of(formula: str) -> set[str]:
    """The letters of a formula, Greek ones as commands."""
    return {found.group().lstrip("\\") for found in SYMBOL.finditer(NO_SYMBOL.sub(" ", formula))}


def entries(formulas: str) -> list[str]:
    """The symbols of the first column: "$W_1, b_1$" holds two, whose letters are W and b."""
    return [entry.strip() for formula in re.findall(r"\$(.+?)\$", formulas) for entry in formula.split(",")]


def notation(name: str) -> dict[str, list[str]]:
    """Symbol -> what it means in a notebook, by NOTATION.md: its last column names the notebooks, or none for all."""
    meanings: dict[str, list[str]] = {}
    page = (ROOT / "notebooks" / "NOTATION.md").read_text(encoding="utf-8").split("## Words")[0]
    for symbols, meaning, where in re.findall(r"^\| (\$.+?) \| .*? \| (.+?) \| ?(.*?) ?\|$", page, re.MULTILINE):
        if not where or name[:2] in where:
            for symbol in entries(symbols):
                meanings.setdefault(symbol, []).append(meaning)
    return meanings


@pytest.mark.parametrize("name", NAMES)
def test_a_symbol_has_one_meaning_in_a_notebook(name):
    twice = {symbol: meanings for symbol, meanings in notation(name).items() if len(meanings) > 1}
    assert set(twice) <= TWO_MEANINGS.get(name[:2], set()), twice


@pytest.mark.parametrize("name", NAMES)
def test_each_symbol_of_a_display_formula_and_a_card_is_in_the_notation(name):
    known = {letter for entry in notation(name) for letter in symbols_of(entry)}
    for cell in student_cells(name):
        if cell.cell_type != "markdown":
            continue
        formulas = re.findall(r"\$\$(.+?)\$\$", cell.source, re.DOTALL)
        if cell.source.startswith("### Exercise"):
            formulas += re.findall(r"\$([^$]+)\$", cell.source)
        for formula in formulas:
            missing = symbols_of(formula) - known
            assert not missing, f"{sorted(missing)} of {formula.strip()!r} are not in NOTATION.md"


# --- phrases -------------------------------------------------------------------------------------------------------

# What English as the field writes it does not say, and what it says.
COUNTED = r"(?:channels?|images?|positions?|maps?|stages?|kernels?|submissions?|students?|notebooks?|exercises?)"
JOINING = r"(?:of|for|from|and|or|in|to|with|has|once|multiplies)\b"
AVOID = {
    rf"\b(?:one|two|three|four|\d+) (?:[a-z]+ )?(?!{JOINING})[a-z]+ an? {COUNTED}\b(?! of)": "one number per channel",
    r"\bstands? (?:in|behind|on|at|there|between|after|before|alone|where|beside|above|below)\b": "is, comes after",
    r"\bstands? in place of\b": "is used instead of",
    r"\bbelongs? into\b": "belongs to",
    r"\bin place of\b": "instead of",
    r"\bmix(?:es|ed)? (?:them|the two) up\b": "confuses the two",
    r"\b(?:is|are) due\b(?! to)": "must be",
    r"\bis told\b|\bare told\b": "the error says",
    r"\bmeets? (?:its|their) gates?\b": "is multiplied by its gate",
    r"\btaken as strangers\b|\bfar inside the noise\b|\bspeak for one\b|\bfollows the same road\b": "plain words",
    r"\bPredict first\b": "Predict.",
}
PROSE = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "notebooks/NOTATION.md")),
    *sorted((ROOT / "solutions").glob("**/*.py")),
    *sorted(path for room in ("autograder", "attention_course") for path in (ROOT / room).glob("**/*.py")),
    *sorted(path for kind in ("*.html", "*.md") for path in (ROOT / "autograder").glob(f"**/{kind}")),
]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_phrase_to_avoid(path: Path):
    text = re.sub(r"\n[ \t]*#? ?", " ", path.read_text(encoding="utf-8"))  # a phrase may go over the end of a line
    found = {match.group(): say for phrase, say in AVOID.items() for match in re.finditer(phrase, text)}
    assert not found, f"say instead: {found}"
