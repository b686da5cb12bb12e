"""Who has learned the right answers of other runs by heart has learned nothing: the questions are drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from attention_course.exercises import CATALOGUE
from autograder.exercise.exercise import Exercise
from autograder.exercise.questions import Call, KerasCall
from autograder.judge import ask
from autograder.judge.answer import pack_request, read_response
from autograder.judge.verdict import judge_answers

ALL = [(notebook, exercise) for notebook in CATALOGUE.notebooks for exercise in CATALOGUE.exercises_of(notebook)]
PAIRS = 40
# So many runs stand in the table. The kernel size is a staircase: enough of its points are the staircase itself.
LEARNED, LEARNED_OF_A_STAIRCASE = 3, 1


def is_model(exercise: Exercise) -> bool:
    return any(isinstance(question, KerasCall) for question in exercise.ask(0).values())


NUMBERS = [pytest.param(exercise, id=f"{name[:2]}-{exercise.id}") for name, exercise in ALL if not is_model(exercise)]
MODELS = [pytest.param(exercise, id=f"{name[:2]}-{exercise.id}") for name, exercise in ALL if is_model(exercise)]

# --- functions of numbers ------------------------------------------------------------------------------------------

# What a function gets that gives something of the right type and shape: these properties, where the exercise has them.
WITHOUT_KNOWING = {"type", "shape", "purity"}
MORE = {
    "eca_kernel_size": {"few channels"},  # below eight channels the formula gives 1, whatever is asked
    "first_channels_for": {"size 1"},  # one channel is enough for size 1: there is no other question of this kind
}


def without_knowing(exercise: Exercise) -> dict[str, float]:
    """The points by property that need no knowledge of the right answers."""
    known = WITHOUT_KNOWING | MORE.get(exercise.id, set())
    return {item.name: item.points for item in exercise.properties if item.name in known}


def exact(value) -> object:
    """A value as a key: equal for the same bytes only."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    return tuple(map(exact, value)) if isinstance(value, list | tuple) else value


def shape_of(value) -> tuple:
    """The shape of an array, or the shapes of a tuple's entries, which may have different ones."""
    return tuple(map(np.shape, value)) if isinstance(value, tuple) else np.shape(value)


def flat(value) -> np.ndarray:
    numbers = [item for item in value if not isinstance(item, str)]
    return np.concatenate([np.ravel(np.asarray(item, np.float64)) for item in numbers]) if numbers else np.zeros(0)


class Table:
    """The right answers to all questions of some runs."""

    def __init__(self, exercise: Exercise, seeds: range):
        self.oracle = exercise.oracle
        self.rows = []
        for seed in seeds:
            for question in exercise.ask(seed).values():
                given = (question.arguments, dict(question.keywords))
                self.rows.append((*given, self.oracle(*question.arguments, **question.keywords)))
        self.known = {self.key(arguments, keywords): answer for arguments, keywords, answer in self.rows}

    @staticmethod
    def key(arguments, keywords) -> object:
        return exact(arguments), tuple(sorted(keywords.items()))

    def nearest(self, arguments, keywords) -> object:
        """The answer to the known question that is most like this one: first in its kind, then in its numbers."""

        wanted = shape_of(self.oracle(*arguments, **keywords))
        words = [item for item in arguments if isinstance(item, str)]

        def distance(row) -> tuple:
            same_shapes = [np.shape(item) for item in row[0]] == [np.shape(item) for item in arguments]
            same_words = [item for item in row[0] if isinstance(item, str)] == words
            mine, other = flat(arguments), flat(row[0])
            far = np.abs(mine - other).sum() if mine.shape == other.shape else np.inf
            return shape_of(row[2]) != wanted, not same_words, not same_shapes, row[1] != keywords, far

        return min(self.rows, key=distance)[2]


def raises(table: Table) -> Callable:
    def function(arguments, keywords):
        raise KeyError("not in the table")

    return function


def zeros(table: Table) -> Callable:
    """Nothing but zeros, of the right type and shape."""

    def function(arguments, keywords):
        answer = table.oracle(*arguments, **keywords)
        if isinstance(answer, tuple):
            return tuple(type(item)(0) if np.isscalar(item) else 0 * item for item in answer)
        return type(answer)(0) if np.isscalar(answer) else 0 * answer

    return function


def the_usual(table: Table) -> Callable:
    """The commonest known answer of the right type and shape."""

    def function(arguments, keywords):
        answer = table.oracle(*arguments, **keywords)
        alike = [row[2] for row in table.rows if shape_of(row[2]) == shape_of(answer)]
        alike = alike or [zeros(table)(arguments, keywords)]
        keys = [exact(one) for one in alike]
        return max(zip(alike, keys, strict=True), key=lambda pair: keys.count(pair[1]))[0]

    return function


def the_nearest(table: Table) -> Callable:
    return table.nearest


def earned(exercise: Exercise, function: Callable, questions: Mapping[str, Call]) -> dict[str, float]:
    """The points by property of a function that is asked these questions."""
    response = ask.answer({exercise.id: function}, pack_request(exercise.id, questions, "nonce"))
    verdict = judge_answers(exercise, questions, read_response(response, questions, "nonce"))
    return {item.name: item.points for item in verdict.properties if item.passed}


@pytest.mark.parametrize("exercise", NUMBERS)
def test_a_learned_table_earns_what_needs_no_knowledge_and_nothing_else(exercise):
    counts = isinstance(
        exercise.oracle(*(first := next(iter(exercise.ask(0).values()))).arguments, **first.keywords), int
    )
    # What mistakes say is of no interest here, but for counts: there a known mistake may cost its points elsewhere.
    judged = exercise if counts else replace(exercise, mistakes=())
    found: dict[str, float] = {}
    runs = LEARNED_OF_A_STAIRCASE if exercise.id == "eca_kernel_size" else LEARNED
    for pair in range(PAIRS):
        table = Table(exercise, range(1000 + 10 * pair, 1000 + 10 * pair + runs))
        questions = exercise.ask(5000 + pair)
        for strategy in (raises, zeros, the_usual, the_nearest):
            otherwise = strategy(table)

            def learned(*arguments, otherwise=otherwise, table=table, **keywords):
                answer = table.known.get(table.key(arguments, keywords))
                return otherwise(arguments, keywords) if answer is None else answer

            found |= earned(judged, learned, questions)
    assert found == without_knowing(exercise)


def test_the_table_knows_the_answers_of_its_own_runs():
    """Else the test above says nothing."""
    for parameter in NUMBERS:
        (exercise,) = parameter.values
        table = Table(exercise, range(1000, 1003))

        def learned(*arguments, table=table, **keywords):
            return table.known[table.key(arguments, keywords)]

        assert sum(earned(exercise, learned, exercise.ask(1001)).values()) == exercise.points, exercise.id


# --- functions of Keras --------------------------------------------------------------------------------------------

# A model that was learned is no answer: its weights, its input and the factors of its gradients are others each time.
# So are its shapes; these questions have a number of channels and settings that must stand.
STANDING = {
    ("eca_block", "default"): "128 channels, a tie of the formula",
    ("eca_block", "few channels"): "four channels, as the property says",
    ("eca_block", "C = 128"): "a tie of the formula",
    ("attach", "eca"): "128 channels, a tie of the formula",
    ("se_block", "default ratio"): "16 channels, to which the ratio of the tutorial gives two units",
    ("cbam_block", "default ratio"): "16 channels",
    ("se_block", "twice"): "as many channels as the block that stands once",
    ("cbam_block", "twice"): "as many channels as the block that stands once",
    ("spatial_attention", "first, two channels"): "two channels, as the property says",
}


@pytest.mark.parametrize("exercise", MODELS)
def test_a_model_is_never_asked_the_same_again(exercise):
    runs = [exercise.ask(seed) for seed in range(PAIRS)]
    for key, first in runs[0].items():
        asked = [run[key] for run in runs]
        assert isinstance(first, KerasCall)
        for numbers in (
            [question.x for question in asked],
            *([question.weights[slot] for question in asked] for slot in first.weights),
            *([[question.gradients for question in asked]] if first.gradients is not None else []),
        ):
            assert len({exact(one) for one in numbers}) == PAIRS, key
        assert len({question.x.shape for question in asked}) > 2, key
        channels = 1 if first.data_format == "channels_first" else 3
        settings = {(q.x.shape[channels], *sorted(q.keywords.items()), q.before) for q in asked}
        stands = key in {name for one, name in STANDING if one == exercise.id}
        assert (len(settings) == 1) == stands or len(settings) > 2, (key, settings)
