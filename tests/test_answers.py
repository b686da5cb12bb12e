"""Every answer file gets the score that it states: right answers lose nothing, wrong ones do not keep a point."""

from __future__ import annotations

from collections import Counter

import keras
import numpy as np
import pytest
import tensorflow as tf
from answer_files import AnswerFile, all_answers

from autograder.exercises import exercises_of, find_exercise
from autograder.judge import judge_namespace

ALL = all_answers()
# What a notebook's set-up cell gives to every answer.
SET_UP = {"np": np, "keras": keras, "tf": tf, "layers": keras.layers, "ops": keras.ops}


def judged(answer: AnswerFile, seed: int):
    namespace = dict(SET_UP)
    exec(compile(answer.source, answer.name, "exec"), namespace)
    return judge_namespace(answer.notebook, answer.exercise, namespace, seed)


@pytest.mark.parametrize("answer", ALL, ids=str)
@pytest.mark.parametrize("seed", [0, 20261122])
def test_answer_gets_the_score_it_states(answer, seed):
    keras.backend.clear_session()
    verdict = judged(answer, seed)
    report = [f"{item.name}: {item.passed} {item.sentence}" for item in verdict.properties]
    assert verdict.score == answer.score, report
    full = find_exercise(answer.notebook, answer.exercise).points
    if answer.kind == "right":
        assert verdict.score == full and verdict.status == "pass"
    else:
        assert verdict.score < full and verdict.status == "fail"
        assert answer.says.lower() in " ".join(verdict.messages).lower(), report


@pytest.mark.parametrize("notebook", sorted({answer.notebook for answer in ALL}))
def test_every_function_has_enough_answers(notebook):
    counts = Counter((answer.exercise, answer.kind) for answer in ALL if answer.notebook == notebook)
    for exercise in exercises_of(notebook):
        assert counts[exercise.id, "right"] >= 3, exercise.id
        assert counts[exercise.id, "wrong"] >= 6, exercise.id


@pytest.mark.parametrize("notebook", sorted({answer.notebook for answer in ALL}))
def test_every_known_mistake_has_an_answer_that_makes_it(notebook):
    """A diagnosis that no answer file reaches is one that nobody has seen work."""
    said = {
        sentence
        for answer in ALL
        if answer.notebook == notebook and answer.kind == "wrong"
        for sentence in judged(answer, 0).messages
    }
    for exercise in exercises_of(notebook):
        for mistake in exercise.mistakes:
            assert mistake.sentence in said, f"{exercise.id}: {mistake.sentence}"
