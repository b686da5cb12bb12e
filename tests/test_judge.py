"""Odd functions are answered, judged and survived."""

from __future__ import annotations

import contextlib
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from attention_course.exercises import CATALOGUE
from autograder.course import Course
from autograder.exercise.answers import Answer, Value
from autograder.exercise.exercise import Round, Wrong
from autograder.exercise.questions import Call
from autograder.judge import ASK_SOURCE, answers_here, ask, judge_for, judge_namespace
from autograder.judge.answer import pack_request, read_response
from autograder.statuses import AnswerStatus

POOL = CATALOGUE.find("00_feature_maps", "global_average_pool")


def verdict_on(function, exercise=POOL.id, notebook="00_feature_maps"):
    return judge_namespace(CATALOGUE.find(notebook, exercise), {exercise: function})


def answers_of(function, exercise=POOL):
    return answers_here(exercise.id, exercise.ask(0), {exercise.id: function})


# --- odd functions -------------------------------------------------------------------------------------------------


class Silent(Exception):
    """An exception that cannot be printed."""

    def __str__(self):
        raise ValueError("no text")


class Unusual(BaseException):
    """Not an Exception: a bare `except Exception` lets it through."""


def raises(error):
    def function(x):
        raise error

    return function


def recursive(x):
    return recursive(x)


RAISED = {
    "ValueError: two lines": raises(ValueError("two\n   lines")),
    "SystemExit: 0": lambda x: sys.exit(0),
    "Silent: (without a message)": raises(Silent()),
    "Unusual: ": raises(Unusual()),
    "GeneratorExit: ": raises(GeneratorExit()),
    "AssertionError: ": raises(AssertionError()),
    "MemoryError: ": raises(MemoryError()),
    "RecursionError: maximum": recursive,
    "TypeError: <lambda>() takes": lambda: 1,
}


@pytest.mark.parametrize("start", RAISED)
def test_a_function_that_raises_is_answered_with_its_error(start):
    answers = answers_of(RAISED[start])
    assert {answer.status for answer in answers.values()} == {"raised"}
    assert all(answer.error.startswith(start) for answer in answers.values()), answers["hand"].error
    verdict = verdict_on(RAISED[start])
    assert (verdict.score, verdict.status) == (0, "fail") and all(verdict.messages)


def test_an_interrupt_is_the_senders_and_goes_through():
    with pytest.raises(KeyboardInterrupt):
        answers_of(raises(KeyboardInterrupt()))


def test_a_long_error_is_cut():
    assert len(answers_of(raises(ValueError("x" * 10**6)))["hand"].error) == ask.ERROR_CHARACTERS


@pytest.mark.parametrize("namespace", [{}, {POOL.id: None}, {POOL.id: np.zeros(3)}])
def test_a_name_that_holds_no_function_is_missing(namespace):
    verdict = judge_namespace(CATALOGUE.find("00_feature_maps", POOL.id), namespace)
    assert (verdict.score, verdict.status) == (0, "missing")
    assert verdict.messages == [f"There is no function named {POOL.id}: keep the name that the exercise gives."]


class Dressed(np.ndarray):
    """An array type of the student's own, which calls itself equal to everything."""

    def __eq__(self, other):
        return True


class Named:
    """Looks like a tensor, but is none."""

    shape = (2, 8)

    def numpy(self):
        return "numbers"


def own_list():
    items = [1.0]
    items.append(items)
    return items


def mean(x):
    return x.mean(axis=(1, 2))


# What is returned, and the type that the student reads of; every one keeps at most the points of shape and values.
ODD_VALUES = {
    "None": lambda x: None,
    "str": lambda x: "3.0",
    "dict": lambda x: {"mean": mean(x)},
    "set": lambda x: {1.0},
    "generator": lambda x: (value for value in x),
    "function": lambda x: mean,
    "type": lambda x: np.ndarray,
    "complex": lambda x: 1j,
    "int": lambda x: 10**100,
    "float": lambda x: float("nan"),
    "bool": lambda x: True,
    "bytes": lambda x: mean(x).tobytes(),
    "tuple": lambda x: tuple(mean(x)),
    "float64": lambda x: x.mean(),
    "matrix": lambda x: np.asmatrix(mean(x)),
    "MaskedArray": lambda x: np.ma.masked_less(mean(x), 100),
    "Dressed": lambda x: mean(x).view(Dressed),
    "Named": lambda x: Named(),
    "list": lambda x: own_list(),
    "recarray": lambda x: np.rec.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    "<img src=x onerror=alert(1)>": lambda x: type("<img src=x onerror=alert(1)>", (), {})(),
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # np.matrix
@pytest.mark.parametrize("kind", ODD_VALUES)
def test_a_value_of_another_type_costs_at_least_the_type(kind):
    verdict = verdict_on(ODD_VALUES[kind])
    failed = {item.name: item.sentence for item in verdict.properties if not item.passed}
    assert "type" in failed
    if kind != "Named":  # that one says itself that it is a tensor
        assert kind in failed["type"]


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # np.matrix
@pytest.mark.parametrize("kind", ["matrix", "MaskedArray", "Dressed", "list", "None"])
def test_the_visible_checks_refuse_what_the_judge_refuses(kind):
    namespace = {"__name__": "helpers", "CAUSES": {}}
    exec(Course.find().helpers.read_text(encoding="utf-8"), namespace)
    namespace["check_type"](mean(np.ones((2, 3, 4, 5))), np.ndarray)
    with pytest.raises(AssertionError, match=kind):
        namespace["check_type"](ODD_VALUES[kind](np.ones((2, 3, 4, 5))), np.ndarray)


NOT_NUMBERS = {
    "objects": lambda x: mean(x).astype(object),
    "texts": lambda x: mean(x).astype(str),
    "complex": lambda x: mean(x) + 0j,
    "dates": lambda x: np.zeros((len(x), x.shape[-1]), "M8[D]"),
}


@pytest.mark.parametrize("kind", NOT_NUMBERS)
def test_an_array_of_something_else_than_numbers_has_no_points(kind):
    verdict = verdict_on(NOT_NUMBERS[kind])
    assert verdict.score == 0
    assert verdict.messages == ["The array that it returns does not hold real numbers."]


NUMBERS = {
    "float32": lambda x: mean(x).astype(np.float32),
    "longdouble": lambda x: mean(x.astype(np.longdouble)),
    "a tensor": lambda x: tf.reduce_mean(x, axis=(1, 2)),
    "a variable": lambda x: tf.Variable(mean(x)),
    "a view": lambda x: np.repeat(mean(x), 2, axis=1)[:, ::2],
    "a read-only view": lambda x: np.broadcast_to(mean(x), mean(x).shape),
    "column order": lambda x: np.asfortranarray(mean(x)),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_right_numbers_are_right_in_every_clothing(kind):
    assert verdict_on(NUMBERS[kind]).status == "pass"


def test_half_precision_of_another_library_is_read():
    verdict = verdict_on(lambda x: tf.cast(mean(x), tf.bfloat16))
    assert verdict.properties[0].passed and not verdict.properties[3].passed


def odd_values():
    """What a function may give back instead of numbers."""
    one, pair, none = Value("float", 1.0), Value("ndarray", np.ones((1, 2))), Value("NoneType")
    empty, text, rows = Value("ndarray", np.ones((0, 3))), Value("str", "x"), Value("list", [one, pair])
    alone = (none, Value("bool", True), text, rows, Value("dict", {"x": one}), Value("tensor"), pair, empty)
    entries = (*alone, one, Value("tuple", (one,)), Value("tensor", (one,)))
    return (*alone, *(Value("tuple", (entry,) + (one,) * more) for entry in entries for more in (0, 1, 2, 5)))


@pytest.mark.parametrize("notebook", CATALOGUE.notebooks)
def test_whatever_a_function_gives_back_is_judged(notebook):
    for exercise in CATALOGUE.exercises_of(notebook):
        questions = exercise.ask(0)
        for value in odd_values() if all(isinstance(one, Call) for one in questions.values()) else ():
            round = Round(exercise, questions, dict.fromkeys(questions, Answer(AnswerStatus.OK, value=value)))
            for item in exercise.properties:
                with contextlib.suppress(Wrong):
                    item.check(round)


@pytest.mark.parametrize("value", [float("nan"), -float("inf"), 1e300, 0.5, True])
def test_any_number_comes_back_as_what_it_is(value):
    content = answers_of(lambda x: value)["hand"].value.content
    assert type(content) is type(value) and repr(content) == repr(value)


def test_a_huge_result_is_refused_with_the_reason():
    verdict = verdict_on(lambda x: np.zeros((2, 2**19)))
    assert verdict.score == 0 and "at most 16777216 are read" in verdict.messages[0]


def test_a_changed_shape_is_a_change():
    def flattens(x):
        result = mean(x)
        x.resize((x.size,), refcheck=False)
        return result

    assert {item.name for item in verdict_on(flattens).properties if not item.passed} == {"purity"}


def test_a_keyword_argument_that_is_changed_is_noticed():
    def function(x):
        x += 1

    questions = {"by name": Call((), {"x": np.zeros(3)})}
    assert answers_here("function", questions, {"function": function})["by name"].changed_arguments


def test_weights_that_a_model_hides_are_found(monkeypatch):
    """What its interpreter says of a model's weights is its word: what the graph reads is not."""

    class Biased(keras.layers.Layer):
        def build(self, shape):
            self.hidden = self.add_weight(shape=(shape[-1],), initializer="zeros", name="hidden")

        def call(self, x):
            return x + self.hidden

    def se_block(x, ratio=16):
        hidden = keras.layers.Dense(x.shape[-1] // ratio, activation="relu")
        gate = keras.layers.Dense(x.shape[-1], activation="sigmoid")
        return Biased()(x * gate(hidden(keras.layers.GlobalAveragePooling2D(keepdims=True)(x))))

    weights = keras.Model.weights.fget
    honest = property(lambda model: [one for one in weights(model) if one.name != "hidden"])
    monkeypatch.setattr(keras.Model, "weights", honest)
    verdict = verdict_on(se_block, "se_block", "01_squeeze_excitation")
    lost = {item.name: item.sentence for item in verdict.properties if not item.passed}
    assert "further variables" in lost["weights"]


def test_a_long_gradient_across_a_known_direction_is_no_right_one():
    """Nothing of a student's widens the tolerance, and the directions in which gradients are compared are drawn."""

    class Exploit(keras.layers.Layer):
        def __init__(self, ratio):
            super().__init__()
            self.ratio = ratio

        def build(self, shape):
            channels, width = shape[-1], shape[-1] // self.ratio
            self.own = [
                self.add_weight(shape=size) for size in ((channels, width), (width,), (width, channels), (channels,))
            ]

        def call(self, x):
            total, rng = keras.ops.zeros(()), np.random.default_rng(0)
            for one in (x, *self.own) if None not in x.shape else ():
                known = rng.normal(size=tuple(one.shape)).ravel()
                across = np.zeros_like(known, "float32")
                across[:2] = 1e9 * known[1], -1e9 * known[0]
                total += keras.ops.sum(one * across.reshape(tuple(one.shape)))
            return x + total - keras.ops.stop_gradient(total)

    verdict = verdict_on(lambda x, ratio=16: Exploit(ratio)(x), "se_block", "01_squeeze_excitation")
    lost = {item.name: item.sentence for item in verdict.properties if not item.passed}
    assert "Gradients differ" in lost["gradients"] and "weights" not in lost


def test_the_global_data_format_is_put_back_when_a_block_raises():
    verdict_on(raises(ValueError("no")), "se_block", "01_squeeze_excitation")
    assert keras.config.image_data_format() == "channels_last"


# --- in a notebook -------------------------------------------------------------------------------------------------


def test_ask_needs_nothing_of_the_course(monkeypatch):
    """Its text alone is sent to the student's interpreter."""
    assert "autograder" not in ASK_SOURCE and "oracle" not in ASK_SOURCE
    monkeypatch.setitem(sys.modules, "autograder", None)
    module: dict = {"__name__": "sent"}
    exec(ASK_SOURCE, module)
    questions = POOL.ask(0)
    response = module["answer"]({POOL.id: mean}, pack_request(POOL.id, questions, "nonce"))
    assert {answer.status for answer in read_response(response, questions, "nonce").values()} == {"ok"}


def test_what_a_function_prints_leaves_with_nothing(monkeypatch, capfd):
    def talks(x):
        print("3.0\n" * 10_000)
        sys.stderr.write("Traceback\n" * 10_000)
        return mean(x)

    sent = []
    monkeypatch.setattr("IPython.display.publish_display_data", sent.append)
    ask.send({POOL.id: talks}, pack_request(POOL.id, POOL.ask(0), "nonce"), "application/x-answer")
    assert capfd.readouterr() == ("", "")
    assert len(sent) == 1 and sent[0]["text/plain"] == "" and sent[0]["application/x-answer"]


def test_judge_for_shows_the_verdict_and_returns_the_score(monkeypatch):
    shown = []
    shell = type("Shell", (), {"user_ns": {POOL.id: mean}})()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.publish_display_data", shown.append)
    score = judge_for("00_feature_maps", CATALOGUE.package)(POOL.id)
    assert score == 3 and type(score) is float
    assert shown[0]["text/plain"].startswith("global_average_pool: 3 of 3 points")
