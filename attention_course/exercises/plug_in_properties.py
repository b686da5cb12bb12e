"""The properties that only notebook 06 asks for: a refused name, a whole network, an interval of three floats."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from autograder.exercise.base import TOLERANCE, ModelAnswer, Property, Round, Wrong
from autograder.exercise.block_properties import _size, check_weights_found
from autograder.exercise.errors import explain_error
from autograder.exercise.properties import not_an_array

Explain = Callable[[int, Round, str], "str | None"]


# --- a block or a network ------------------------------------------------------------------------------------------


def holds_weights(
    name: str, keys: tuple[str, ...], points: float, statement: str, explain: Explain, what: str = "block"
) -> Property:
    """The model holds exactly the question's weights; all are trainable but the statistics of a norm."""

    def check(round: Round) -> None:
        for key in keys:
            model, weights = _model(round, key, what), round.questions[key].weights
            total, wanted = _size(model), sum(np.size(value) for value in weights.values())
            which = f'With "{key}" the {what}'
            if total != wanted:
                reason = explain(total, round, key) or "Compare model.summary() with the card."
                raise Wrong(f"{which} has {total} weights where {wanted} are expected. {reason}")
            check_weights_found(model, weights, f"{which} has {total} weights as expected", "the card")
            fixed = sum(np.size(value) for slot, value in weights.items() if slot.startswith("moving"))
            if sum(math.prod(shape) for shape, trainable in model.weights if not trainable) != fixed:
                raise Wrong(f"{which} has weights that are not trainable, besides the statistics of the norms.")

    return Property(name, points, statement, check)


def refuses(keys: tuple[str, ...], points: float) -> Property:
    """Another name raises a ValueError that says which name it was."""

    def check(round: Round) -> None:
        for key in keys:
            answer, name = round.answers[key], round.questions[key].before[0]
            if answer.status == "raised" and answer.error.startswith("ValueError"):
                if name not in answer.error:
                    raise Wrong("The ValueError does not say which name it refuses: put the name into its message.")
                continue
            if answer.status == "raised" and not answer.error.startswith("NotImplementedError"):
                kind = answer.error.split(":")[0]
                raise Wrong(f"Another name raises {kind} where a ValueError is expected.")
            round.answer(key)  # missing, or not written yet
            raise Wrong("Another name passes without an error: raise a ValueError, so that no misspelling goes unseen.")

    return Property(
        "other names", points, "refuses any other name with a ValueError that names it", check, on_word=True
    )


def is_network(keys: tuple[str, ...], points: float) -> Property:
    """The function gives a keras.Model that turns a batch into one row of class scores an image."""

    def check(round: Round) -> None:
        for key in keys:
            got = _output(round, key)
            wanted = (len(round.questions[key].x), round.questions[key].keywords["classes"])
            if got.shape != wanted:
                raise Wrong(f"The network gives shape {got.shape} where {wanted} is expected: (images, classes).")

    return Property("type and shape", points, "gives a keras.Model with one score for each class", check)


def gives_probabilities(keys: tuple[str, ...], points: float) -> Property:
    """Each row is finite, not negative, and sums to one."""

    def check(round: Round) -> None:
        for key in keys:
            got = _output(round, key)
            if got.ndim != 2 or not np.all(np.isfinite(got)):
                raise Wrong("The output is no table of finite numbers, one row an image.")
            if got.min() < -TOLERANCE or np.max(np.abs(got.sum(axis=1) - 1)) > 1e-3:
                raise Wrong("The rows of the output do not sum to one: the head ends in a softmax over the classes.")

    return Property("probabilities", points, "gives probabilities: finite, and each row sums to one", check)


def every_weight_is_reached(keys: tuple[str, ...], points: float) -> Property:
    """In training mode a gradient reaches every trainable weight that the network should have."""

    def check(round: Round) -> None:
        for key in keys:
            _output(round, key)
            model = _model(round, key, "network")
            if "gradients" in model.errors:
                raise Wrong(explain_error("Training the model", model.errors["gradients"]))
            if not model.matched:
                raise Wrong("The network has no weights of the expected shapes, so no gradient was looked for.")
            slots = [slot for slot in model.matched if not slot.startswith("moving")]
            if any(slot not in model.gradients for slot in slots):
                raise Wrong("In training no gradient reaches some of the weights: is a gradient stopped on the way?")

    return Property("gradients", points, "in training, a gradient reaches every weight", check)


def _model(round: Round, key: str, what: str) -> ModelAnswer:
    answer = round.answer(key)
    if answer.model is None:
        raise Wrong(not_an_array(answer.value.type, "a KerasTensor" if what == "block" else "a keras.Model"))
    return answer.model


def _output(round: Round, key: str) -> np.ndarray:
    model = _model(round, key, "network")
    if "output" in model.errors:
        raise Wrong(explain_error("Running the model", model.errors["output"]))
    if model.output is None:
        raise Wrong("Running the model gave no real numbers.")
    return model.output


# --- three numbers -------------------------------------------------------------------------------------------------


def gives_three_floats(key: str, points: float) -> Property:
    """A tuple of three Python floats."""

    def check(round: Round) -> None:
        value = round.answer(key).value
        _three_numbers(round, key)
        if value.type != "tuple":
            raise Wrong(f"It returns a value of type {value.type} where a tuple of three floats is expected.")
        kinds = {item.type for item in value.content}
        if kinds != {"float"}:
            other = sorted(kinds - {"float"})[0]
            raise Wrong(f"An entry of the tuple is of type {other}: turn each one into a Python float.")

    return Property("type", points, "returns a tuple of three Python floats", check, on_word=True)


def means_agree(keys: tuple[str, ...], points: float) -> Property:
    """The first number is the mean of the differences."""

    def check(round: Round) -> None:
        for key in keys:
            got, expected = _three_numbers(round, key), round.expected(key)
            if not _close(got[:1], expected[:1], expected):
                sentence = "The first number is not the mean of the differences a - b."
                raise Wrong(round.diagnose(key, got, same=_same) or sentence)

    return Property("mean", points, "the first number is the mean of a - b", check)


def intervals_agree(name: str, keys: tuple[str, ...], points: float, statement: str, otherwise: str) -> Property:
    """Both ends of the interval agree; `otherwise` is said where no known mistake explains them."""

    def check(round: Round) -> None:
        for key in keys:
            got, expected = _three_numbers(round, key), round.expected(key)
            if not _close(got, expected, expected):
                raise Wrong(round.diagnose(key, got, same=_same) or otherwise)

    return Property(name, points, statement, check)


def leaves_runs_alone(keys: tuple[str, ...], points: float) -> Property:
    """No argument is changed, and the same arguments give the same interval again."""

    def check(round: Round) -> None:
        results = [_three_numbers(round, key) for key in keys]
        if any(round.answer(key).changed_arguments for key in keys):
            raise Wrong("It changes what it was given: work on a copy, and look for -=, sort or pop.")
        if not all(np.array_equal(results[0], other, equal_nan=True) for other in results):
            raise Wrong("A second call with the same arguments gives another result.")

    return Property(
        "purity", points, "leaves its arguments as they were, and a second call gives the same", check, on_word=True
    )


def _three_numbers(round: Round, key: str) -> np.ndarray:
    """The three numbers of an answer, whatever holds them: a list or an array costs points in one place only."""
    value = round.answer(key).value
    content = value.content
    if value.type == "NoneType":
        raise Wrong(not_an_array(value.type, "a tuple of three floats"))
    if isinstance(content, tuple):
        parts = [np.asarray(np.nan if item.content is None else item.content) for item in content]
        if any(part.ndim and part.size != 1 for part in parts):
            raise Wrong("An entry of the tuple is an array: each entry is one number for all runs together.")
        content = np.array([float(part.reshape(())) for part in parts])
    if content is None or np.shape(content) != (3,):
        raise Wrong("Three numbers are expected: the mean, the low end and the high end of the interval.")
    return np.asarray(content, np.float64)


def _close(got: np.ndarray, wanted, interval) -> bool:
    """Within a thousandth of the interval's half width, which leaves room for rounded critical values."""
    mean, low, _ = (float(number) for number in interval)
    room = 1e-3 * abs(mean - low) + 1e-9
    return bool(np.all(np.isfinite(got)) and np.all(np.abs(got - np.asarray(wanted, np.float64)) <= room))


def _same(got: np.ndarray, wrong: np.ndarray) -> bool:
    return wrong.shape == (3,) and _close(got, wrong, np.array([wrong.mean(), wrong.min(), wrong.max()]))
