"""Every sample answer gets the score and the words that its cell states."""

import re
from pathlib import Path

import numpy as np
import pytest

from autograder.course import Course
from autograder.exercise.catalogue import catalogue_of
from autograder.judge import judge_namespace

CATALOGUE = catalogue_of(Course.find(Path(__file__).parent).config())
CELL = re.compile(r'^# %% (?:right (\S+)|wrong ([^\s:]+): ([\d.]+), "(.+)")$', re.MULTILINE)


def answers():
    """Each answer as (exercise, code, score, words).
    Raises ValueError if the title of a cell is neither of a right nor of a wrong one."""
    for path in sorted((Path(__file__).parent / "answers").glob("*/*.py")):
        exercise = CATALOGUE.find(path.parent.name, path.stem)
        text = path.read_text(encoding="utf-8")
        for title in re.findall(r"^#\s*%%.*", text, re.MULTILINE):
            if not CELL.fullmatch(title):
                raise ValueError(f'{path}: {title}: write # %% right NAME, or # %% wrong NAME: SCORE, "WORDS"')
        _, *parts = CELL.split(text)
        for right, wrong, score, says, code in zip(*(parts[place::5] for place in range(5)), strict=True):
            about = exercise, code, float(score) if score else exercise.points, says or ""
            yield pytest.param(*about, id=f"{path.stem}-{right or wrong}")


@pytest.mark.parametrize(("exercise", "code", "score", "says"), list(answers()))
def test_an_answer_gets_its_score(exercise, code, score, says):
    for seed in range(5):
        namespace = {"np": np}
        exec(code, namespace)
        verdict = judge_namespace(exercise, namespace, seed)
        assert verdict.score == score, verdict.messages
        assert says in " ".join(verdict.messages)
