"""The visible checks of the notebooks, run on any answer; and what a failed one names as the cause.

`python -m tests.support.visible_checks [NOTEBOOK ...]` writes solutions/likely_causes.json: for each way in
which a wrong answer of the catalogue fails its visible check, the sentence with which the judge names the mistake. So
the two speak with one voice, and a way to fail that two different mistakes share names neither.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable

import keras
import numpy as np

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.build.source import read_source
from autograder.course import Course
from autograder.files import write_whole
from autograder.judge import judge_namespace
from tests.support.answers import Answer, all_answers
from tests.support.course import ROOT

COURSE = Course(ROOT)
SEED = 0
ROUNDING = 1e-6  # in which processors may differ, as a share of a number: float32 has seven digits
DRAWS = 30


class Notebook:
    """A solved notebook as grading runs it: the state before each exercise's check, and the check."""

    def __init__(self, name: str):
        self.namespace: dict = {"__name__": "__main__"}
        self.before: dict[str, dict] = {}
        self.checks: dict[str, str] = {}
        self.failures: dict[str, BaseException | None] = {}
        for cell in read_source(COURSE, name).cells:
            if cell.cell_type != "code" or cells.tags(cell) & {"demo", "instructor"}:
                continue
            if cells.is_judged(cell):
                exercise = cells.judged_exercise(cell)
                self.before[exercise], self.checks[exercise] = dict(self.namespace), cells.visible_source(cell.source)
            self.run(cells.visible_source(cell.source))
        self.fingerprint = self.namespace["fingerprint"]
        for state in self.before.values():
            state["fingerprint"] = self._noted

    def _noted(self, *way) -> str:
        self.way = way  # the rule, what was expected and what came
        return self.fingerprint(*way)

    def run(self, code: str) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, "cell", "exec"), self.namespace)

    def failure(self, answer: Answer) -> BaseException | None:
        """What the visible check of an answer raises, with it instead of the solved one; None if it passes. Once run,
        that is known."""
        if str(answer) not in self.failures:
            self.failures[str(answer)] = failed = self._failure(answer)
            if hasattr(failed, "fingerprint"):
                failed.way = self.way
        return self.failures[str(answer)]

    def fingerprints(self, answer: Answer, rounding: float) -> set[str]:
        """The fingerprint of an answer's failed check, and what it may be where numbers come out otherwise by up to
        this share: near a boundary each processor's rounding decides."""
        failed = self.failure(answer)
        if not hasattr(failed, "way"):
            return set()
        rng = np.random.default_rng(SEED)

        def rounded(value):
            if not isinstance(value, np.ndarray):
                return value
            return np.asarray(value * (1 + rounding * rng.uniform(-1, 1, value.shape)))

        rule, *both = failed.way
        return {self.fingerprint(rule, *both)} | {self.fingerprint(rule, *map(rounded, both)) for _ in range(DRAWS)}

    def _failure(self, answer: Answer) -> BaseException | None:
        # Functions look their names up in the one namespace; what an answer may spoil is copied.
        fresh = {
            name: copy.deepcopy(value) if isinstance(value, np.ndarray | list | dict) and name[0] != "_" else value
            for name, value in self.before[answer.exercise].items()
            if name != answer.exercise
        }
        self.namespace.clear()
        self.namespace.update(fresh)
        keras.utils.set_random_seed(SEED)  # weights that a wrong block leaves unfilled: the same in every run
        try:
            self.run(answer.source)
            self.run(self.checks[answer.exercise])
        except (Exception, SystemExit) as error:
            return error.with_traceback(None)  # its frames would keep the models
        return None


def known_sentences(notebook: str, exercise: str) -> set[str]:
    """The sentences of an exercise that name a mistake: those that a visible check may say too."""
    asked = CATALOGUE.find(notebook, exercise)
    return {mistake.sentence for mistake in (*asked.mistakes, *asked.weight_mistakes)}


def cause_of(said: list[str], known: set[str]) -> str | None:
    """The sentence among the judge's messages that names a mistake; it may stand after a number of weights."""
    named = {
        sentence for sentence in known for message in said if message == sentence or message.endswith(f" {sentence}")
    }
    return named.pop() if len(named) == 1 else None


def likely_causes(
    name: str, notebook: Notebook, said_of: Callable[[Answer], list[str]], rounding: float = ROUNDING
) -> dict[str, str]:
    """Fingerprint of a failure -> the sentence for it, from all wrong answers to a notebook's exercises.

    `said_of` gives what the judge says of an answer, which the notebook has just run.
    """
    sentences: dict[str, set[str | None]] = defaultdict(set)
    for answer in all_answers():
        wrong = answer.notebook == name and answer.kind == "wrong"
        if wrong and (found := notebook.fingerprints(answer, rounding)):
            cause = cause_of(said_of(answer), known_sentences(name, answer.exercise))
            for failed in found:
                sentences[failed].add(cause)
    agreed = {failed: found.pop() for failed, found in sentences.items() if len(found) == 1}
    return {failed: sentence for failed, sentence in sorted(agreed.items()) if sentence}


def main(names: list[str]) -> None:
    for name in map(COURSE.require, names or COURSE.names):
        notebook = Notebook(name)

        def said_of(answer: Answer, notebook: Notebook = notebook) -> list[str]:
            exercise = CATALOGUE.find(answer.notebook, answer.exercise)
            return judge_namespace(exercise, notebook.namespace, SEED).messages

        causes = likely_causes(name, notebook, said_of)
        path = COURSE.likely_causes
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        write_whole(path, json.dumps({**known, name: causes}, indent=1, sort_keys=True) + "\n")
        print(f"{name}: {len(causes)} ways to fail have a known cause")


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # answers do what students do
    main(sys.argv[1:])
