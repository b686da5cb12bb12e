"""What a submission can earn by lying: its interpreter says all that is wished to hear, and computes nothing."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pytest
import tensorflow as tf

from attention_course.exercises import CATALOGUE
from autograder.exercise.exercise import Exercise
from autograder.exercise.questions import KerasCall
from autograder.judge.answer import find_answers
from autograder.judge.verdict import judge_answers
from autograder.judge.wire import pack_archive
from autograder.sandbox.inside import models
from tests.support.course import ROOT

ALL = [(notebook, exercise) for notebook in CATALOGUE.notebooks for exercise in CATALOGUE.exercises_of(notebook)]

# What zeros of the right shape, and a graph that gives them, have a right to: they are of that shape.
OF_THE_SHAPE = {"shape", "type and shape", "unknown sides"}


def of_all(condition) -> float:
    return sum(item.points for _, exercise in ALL for item in exercise.properties if condition(item))


class Liar:
    """Answers in the place of a student's function."""

    def __init__(self, exercise: Exercise, seed: int):
        self.exercise, self.questions, self.arrays = exercise, exercise.ask(seed), {}

    def answer(self, request: bytes) -> bytes:
        nonce = json.loads(np.load(io.BytesIO(request))["header"].tobytes())["nonce"]
        answers = [
            self._model(one) if isinstance(one, KerasCall) else self._value(one) for one in self.questions.values()
        ]
        return pack_archive({"nonce": nonce, "answers": answers}, self.arrays)

    def _keep(self, array: np.ndarray) -> int:
        self.arrays[str(len(self.arrays))] = array
        return len(self.arrays) - 1

    def _value(self, question) -> dict:
        expected = self.exercise.oracle(*question.arguments, **question.keywords)
        if isinstance(expected, tuple):
            value = {"type": "tuple", "items": [{"type": "float", "content": 0.0}] * len(expected)}
        elif np.ndim(expected) == 0:
            value = {"type": "int", "content": 0}
        else:
            value = {"type": "ndarray", "array": self._keep(np.zeros(np.shape(expected)))}
        return {"status": "ok", "value": value, "changed_arguments": False}

    def _model(self, question: KerasCall) -> dict:
        if question.before and question.before[0] not in ("none", "se", "eca", "cbam"):
            return {"status": "raised", "error": f"ValueError: {question.before[0]}"}
        weights = {**question.weights} or {"w": np.zeros((3, 3))}
        shapes = [np.shape(value) for value in weights.values()] * question.repeat
        names = [re.match("gamma|beta|moving_mean|moving_variance|", slot)[0] or "kernel" for slot in weights]
        trainable = [not slot.startswith("moving") for slot in weights]
        sides = self._output_shape(question)
        with tf.Graph().as_default() as graph:
            x = tf.compat.v1.placeholder(tf.float32, question.x.shape)
            places = [tf.compat.v1.placeholder(tf.resource, []) for _ in shapes]
            for place in places:
                tf.raw_ops.ReadVariableOp(resource=place, dtype=tf.float32)
            y = tf.zeros(sides) + 0 * tf.reduce_sum(x)
        definition = self._keep(np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8))
        captures = [
            {
                "name": place.name,
                "dtype": "float32",
                "variable": True,
                "value": self._keep(np.zeros(shape)),
                "weight": number,
            }
            for number, (place, shape) in enumerate(zip(places, shapes, strict=True))
        ]
        traced = {"definition": definition, "dtype": "float32", "input": x.name, "output": y.name, "captures": captures}
        described = [
            {"shape": list(shape), "trainable": learns, "name": name}
            for shape, name, learns in zip(shapes, names * question.repeat, trainable * question.repeat, strict=True)
        ]
        graphs = dict.fromkeys(("output", "gradients", "saved", "reloaded"), traced)
        return {
            "status": "ok",
            "value": {"type": "Model" if question.whole else "KerasTensor"},
            "model": {"weights": described, "graphs": graphs, "errors": {}},
        }

    def _output_shape(self, question: KerasCall) -> tuple[int, ...]:
        try:
            other = {} if question.data_format == "channels_last" else {"data_format": question.data_format}
            return np.shape(self.exercise.oracle(question.x, **question.weights, **other))
        except (TypeError, KeyError, ValueError):  # what other slots or strides it has does not matter here
            return question.x.shape


@pytest.mark.parametrize(("notebook", "exercise"), ALL, ids=lambda one: one[:2] if isinstance(one, str) else one.id)
def test_a_liar_earns_what_rests_on_its_word_and_no_more(notebook, exercise):
    liar = Liar(exercise, 5)
    verdict = judge_answers(
        exercise, liar.questions, find_answers(exercise.id, liar.questions, liar.answer, models.run)
    )
    on_word = {item.name for item in exercise.properties if item.on_word}
    earned = {item.name for item in verdict.properties if item.passed}
    assert earned <= on_word | OF_THE_SHAPE, verdict


def test_the_readme_says_how_many_points_rest_on_a_submissions_word():
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"{of_all(lambda item: item.on_word):g} of the {of_all(lambda item: True):g} points" in readme
