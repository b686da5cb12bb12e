"""The visible checks against every answer of the catalogue: they accept what is right and refuse what is wrong."""

from __future__ import annotations

import contextlib
import copy
import io
from functools import cache

import numpy as np
import pytest

from autograder import cells
from autograder.build.source import read_source
from autograder.course import Course
from tests.support.answers import Answer, all_answers
from tests.support.course import ROOT

GRADIENT = (
    "values and weights are right: that a gradient is stopped shows only where one is computed, which the judge does"
)
REFUSED, ACCEPTED = "refused", "accepted"
# Where the visible checks say something else than the judge, and why it stays so.
OTHERWISE = {
    **dict.fromkeys(
        [
            "01-se_block-wrong-gate-gradient-stopped",
            "01-se_block-wrong-squeeze-gradient-stopped",
            "02-eca_block-wrong-gradient-stopped",
            "03-channel_attention-wrong-max-gradient-stopped",
            "04-spatial_attention-wrong-gate-gradient-stopped",
            "06-attach-wrong-gradient-stopped",
            "06-small_resnet-wrong-gradient-stopped",
        ],
        GRADIENT,
    ),
    "01-se_block-right-kernels-out-in": "its own layer keeps kernels as (out, in): the check fills weights by shape",
    "07-cbam_block-wrong-halves-missing": "it is wrong only where the two halves are not written",
}


class Notebook:
    """A solved notebook as grading runs it: the state before each exercise's check, and the check."""

    def __init__(self, name: str):
        self.namespace: dict = {"__name__": "__main__"}
        self.before: dict[str, dict] = {}
        self.checks: dict[str, str] = {}
        for cell in read_source(Course(ROOT), name).cells:
            if cell.cell_type != "code" or cells.tags(cell) & {"demo", "instructor"}:
                continue
            if cells.is_judged(cell):
                exercise = cells.judged_exercise(cell)
                self.before[exercise], self.checks[exercise] = dict(self.namespace), cells.visible_source(cell.source)
            self.run(cells.visible_source(cell.source))

    def run(self, code: str) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, "cell", "exec"), self.namespace)

    def said_of(self, answer: Answer) -> str:
        """What the visible checks say of an answer in place of the solved one; "" where they pass."""
        # Functions look their names up in the one namespace; what an answer may spoil is copied.
        fresh = {
            name: copy.deepcopy(value) if isinstance(value, np.ndarray | list | dict) and name[0] != "_" else value
            for name, value in self.before[answer.exercise].items()
            if name != answer.exercise
        }
        self.namespace.clear()
        self.namespace.update(fresh)
        try:
            self.run(answer.source)
            self.run(self.checks[answer.exercise])
        except (Exception, SystemExit) as error:
            return f"{type(error).__name__}: {error}"
        return ""


@cache
def notebook(name: str) -> Notebook:
    return Notebook(name)


@pytest.mark.parametrize("answer", all_answers(), ids=str)
@pytest.mark.filterwarnings("ignore")  # answers do what students do
def test_the_visible_checks_say_what_the_judge_says(answer):
    said = notebook(answer.notebook).said_of(answer)
    as_judged = bool(said) == (answer.kind == "wrong")
    assert as_judged != (str(answer) in OTHERWISE), said or "the visible checks pass"
