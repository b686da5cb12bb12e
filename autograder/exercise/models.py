"""The properties of a Keras block, layer or network: the weights it holds, what it computes, where it can stand."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from .answers import ModelAnswer
from .arrays import compare_shape, compare_values, not_an_array
from .exercise import TOLERANCE, Property, Round, Wrong, close, for_each_question, raised
from .questions import KerasCall

# Half precision costs points where values are judged; the right gradients of it are right ones.
_HALF_TOLERANCE = 0.03
_DIRECTIONS = 4  # in which a gradient is compared
_OTHER_WEIGHTS = "The values were not compared, because the weights of the block are not the ones expected."

# Why a saved model does not load, by words of the error: where the exercise asks for a layer's class, and elsewhere.
_CAUSES_OF_A_LAYER = (
    ("Could not locate class", "Keras does not know the class when it loads the model: the class is not registered."),
    (
        "unexpected keyword argument",
        "Keras makes a layer anew with its name and its dtype as well, and with all that its configuration says: the "
        "constructor has to take these and hand the rest on to the parent.",
    ),
    (
        "required positional argument",
        "Keras makes the layer anew from its configuration, and an argument of the constructor is missing there.",
    ),
    (
        "must match",
        "The reloaded layer has weights of other shapes: an argument of the constructor is missing in its "
        "configuration, so that it came back with its default.",
    ),
    ("safe_mode", "Keras does not reload a Lambda layer from a file that might come from anyone: write it otherwise."),
    ("override `get_config()`", "Keras cannot write down how the layer was made: its configuration is missing."),
)
_CAUSES = (
    ("Lambda", "The saved model does not load: a Lambda layer holds Python code, which Keras will not run."),
    ("Could not locate", "The saved model does not load: it holds a class of yours that Keras was not told of."),
)


# --- the weights it holds -------------------------------------------------------------------------------------------


@for_each_question("weights")
def has_weights(round: Round, key: str, subject: str = "The block", card: str = "the shapes in the exercise") -> None:
    """The model holds exactly the question's weights, all trainable but the statistics of a norm.

    Where it does not, the first of the exercise's `weight_mistakes` that gives as many is named. `subject` begins the
    sentence, with {key} for the question's name; `card` is what the student can compare model.summary() with.
    """
    model, question, which = model_of(round, key), round.block(key), subject.format(key=key)
    if model.size != question.size:
        reason = round.diagnose_weights(key, model.size) or f"Compare model.summary() with {card}."
        wanted = f"{which} has {model.size} weights where {question.size} are expected."
        raise Wrong(f"{wanted} {reason}", f"{which}: {reason}")
    if set(model.matched) != set(question.weights):
        count = f"{which} has {model.size} weights as expected"
        check_none_idle(model, count)
        raise Wrong(f"{count}, but in other shapes than the exercise gives.", f"{which}: other shapes")
    fixed = sum(np.size(value) for slot, value in question.weights.items() if is_statistic(slot))
    if sum(math.prod(shape) for shape, trainable in model.weights if not trainable) != fixed:
        if not fixed:
            raise Wrong("Some of the weights of the block are not trainable.")
        raise Wrong(f"{which} has weights that are not trainable, besides the statistics of the norms.")
    _check_no_others(model)


@for_each_question()
def has_number_of_weights(round: Round, key: str, usual: str = "") -> None:
    """The number of weights is right for every question: a kernel's size, a bottleneck's width.

    One single weight too many in the question `usual`, a bias, is not counted once more here.
    """
    bias = int(bool(usual) and model_of(round, usual).size - round.block(usual).size == 1)
    question, model = round.block(key), model_of(round, key)
    if model.size != bias + question.size:
        sentence = f"{_asked_with(question)} has {model.size} weights: that is not the number the formula gives."
        raise Wrong(sentence, "number of weights")
    output_of(model)
    check_none_idle(model, "The block has as many weights as expected")
    _check_no_others(model)


def stands_twice(
    keys: tuple[str, str],
    points: float,
    statement: str = "can stand twice in one model, each time with weights of its own",
    *,
    name: str = "twice",
) -> Property:
    """The block can stand twice in one model. The first question has it once, the second twice."""

    def check(round: Round) -> None:
        once, twice = (model_of(round, key) for key in keys)
        output_of(twice)
        check_none_idle(twice, "The model of two blocks has weights")
        if twice.size == 0:
            raise Wrong("The model has no weights: the layers of the block do not belong to it.")
        if twice.size == once.size:
            raise Wrong("Two blocks in one model share their weights: make the layers anew in every call.")

    return Property(name, points, statement, check)


def despite_a_bias(item: Property) -> Property:
    """The same property, judged as if a convolution to one map had no bias.

    A bias starts at zero and stays there while the values are compared. It costs points where the weights are judged,
    and not once more in every property. A batch norm has four weights of this shape, so it is never taken for a bias.
    """

    def check(round: Round) -> None:
        answers = {}
        for key, answer in round.answers.items():
            if answer.model is not None:
                weights = tuple(weight for weight in answer.model.weights if weight[0] != (1,))
                if len(weights) == len(answer.model.weights) - 1:
                    answer = replace(answer, model=replace(answer.model, weights=weights))
            answers[key] = answer
        item.check(replace(round, answers=answers))

    return replace(item, check=check)


# --- what it computes -----------------------------------------------------------------------------------------------


@for_each_question("type and shape", "takes a KerasTensor and gives one of the right shape")
def has_output_shape(round: Round, key: str) -> None:
    """The function makes a model, a block or a layer as it should, whose output has the shape of the oracle's."""
    compare_shape(round, key, output_of(model_of(round, key)))


@for_each_question("values")
def output_agrees(round: Round, key: str, every_weight: bool = False) -> None:
    """With given weights, the model's output agrees with the oracle.

    A block without a bias is compared with an oracle whose bias is zero, unless `every_weight` is asked for: what is
    missing costs points where weights are judged, and not once more in every property.
    """
    model = model_of(round, key)
    weights = _weights_in_place(round, key, model, every_weight)
    compare_values(round, key, output_of(model), weights)


@for_each_question("gradients", "in training, the right gradients reach the input and every weight")
def gradients_agree(round: Round, key: str) -> None:
    """Directional derivatives for the input and every weight agree with central differences of the oracle."""
    model = model_of(round, key)
    weights = _weights_in_place(round, key, model)
    require("gradients", model)
    rng = np.random.default_rng(zlib.crc32(np.asarray(round.block(key).x).tobytes()))  # nobody knows it beforehand
    for slot in ("x", *(slot for slot in weights if slot in model.matched)):
        if slot not in model.gradients:
            place = "input" if slot == "x" else "weights"
            raise Wrong(f"No gradient reaches the {place}: look for a stopped gradient or a step outside Keras.")
        point = round.block(key).x if slot == "x" else weights[slot]
        directions, got = rng.normal(size=(_DIRECTIONS, *np.shape(point))), model.gradients[slot]
        numeric = [_directional_derivative(round, key, weights, slot, direction) for direction in directions]
        # A slot may be stored as (1, 1, C, m), or as (m, C): only its values count.
        if got.ndim == 2 and got.shape != np.shape(point) and got.shape == np.shape(point)[::-1]:
            got = got.T
        tolerance = _HALF_TOLERANCE if model.dtype in ("float16", "bfloat16") else TOLERANCE
        if got.size != np.size(point) or not _close_derivatives(got, directions, np.array(numeric), tolerance):
            raise _wrong_gradients(round, key, model, weights)


@for_each_question("gradients")
def every_weight_learns(round: Round, key: str) -> None:
    """In training mode a gradient reaches every trainable weight; of a block, the input as well."""
    model = model_of(round, key)
    output_of(model)
    if "gradients" in model.errors:
        raise raised("Training the model", model.errors["gradients"])
    if not model.matched:
        raise Wrong("The model has no weights of the expected shapes, so no gradient was looked for.")
    learning = [slot for slot in model.matched if not is_statistic(slot)]
    for slot in learning if round.block(key).whole else ["x", *learning]:
        # A gradient may be all zeros where a ReLU sleeps, which fresh weights make it do now and then.
        if slot not in model.gradients:
            place = "the input" if slot == "x" else "some of the weights"
            raise Wrong(f"In training no gradient reaches {place}: is a gradient stopped on the way?")


@for_each_question("unknown sides", "works where height and width are not known")
def builds(
    round: Round, key: str, shape: Callable[[KerasCall], tuple[int, ...]] = lambda question: question.x.shape
) -> None:
    """A model of this kind (unknown height and width ...) builds, runs and gives `shape(question)`, as a rule x's."""
    got, question = output_of(model_of(round, key)).shape, round.block(key)
    if got != shape(question):
        raise Wrong(f"It gives shape {got} for an input of shape {question.x.shape}.", "shape")


@for_each_question("reload", "a saved model loads again and gives the same", on_word=True)
def reloads(round: Round, key: str) -> None:
    """A model that is saved, and loaded with Keras's defaults, gives the same values."""
    model, of_a_layer = model_of(round, key), round.block(key).layer
    output_of(model)
    error = model.errors.get("reloaded")
    if error is not None:
        causes = _CAUSES_OF_A_LAYER if of_a_layer else _CAUSES
        known = next((sentence for words, sentence in causes if words in error), None)
        raise Wrong(known) if known else raised("Saving and loading the model", error)
    if of_a_layer and not model.weights:
        raise Wrong("The model has no weights, so there is nothing to save.")
    if model.reloaded is None or model.saved is None or not close(model.reloaded, model.saved):
        raise Wrong("The reloaded model gives other values than the saved one.")


# --- what the checks share ------------------------------------------------------------------------------------------


def model_of(round: Round, key: str) -> ModelAnswer:
    """The model of an answer. Raises Wrong if there is none."""
    answer, question = round.answer(key), round.block(key)
    if answer.model is not None:
        return answer.model
    kind = round.value(key).type
    if question.layer and kind != "NoneType":
        raise Wrong(
            f"Called with its settings it gives a {kind}: a class that inherits from the layer of Keras is needed."
        )
    raise Wrong(not_an_array(kind, "a functional keras.Model" if question.whole else "a KerasTensor"))


def output_of(model: ModelAnswer) -> np.ndarray:
    """What a model gave. Raises Wrong if it could not be run, or gave no numbers."""
    require("output", model)
    if model.output is None:
        raise Wrong("Running the model gave no real numbers.")
    return model.output


def require(step: str, model: ModelAnswer) -> None:
    """Check that a step went well, "output" or "gradients". Raises Wrong if it did not."""
    if step in model.errors:
        raise raised("Running the model", model.errors[step])


def check_none_idle(model: ModelAnswer, count: str) -> None:
    """Check that the output depends on every weight; `count` begins the sentence.
    Raises Wrong if it does not, or could not be computed."""
    if model.idle:
        require("output", model)
        sentence = f"{count}, but the output does not depend on all of them: is a step left out of the result?"
        raise Wrong(sentence, "idle weights")


def _check_no_others(model: ModelAnswer) -> None:
    if model.others:
        raise Wrong("The result depends on further variables, which are no weights of the model.")


def is_statistic(slot: str) -> bool:
    """Whether a slot is the mean or the variance that a norm stores, which no training step changes."""
    return slot.startswith("moving")


def _weights_in_place(round: Round, key: str, model: ModelAnswer, every_weight: bool = False) -> dict[str, np.ndarray]:
    """The weights that the student's block was given; a bias that it does not have counts as zero.

    Weights too many are another block, even where their first values change next to nothing, as with a fresh norm.
    """
    weights = dict(round.block(key).weights)
    if model.size > round.block(key).size:
        raise _other_weights(round.block(key), model)
    for slot in weights.keys() - set(model.matched):
        if every_weight or not slot.startswith("b"):
            raise _other_weights(round.block(key), model)
        weights[slot] = np.zeros_like(weights[slot])
    return weights


def _other_weights(question: KerasCall, model: ModelAnswer) -> Wrong:
    """What is wrong where a block cannot be compared, as it has other weights: the property of the weights names it,
    but where they are other ones in this question alone, a default's for example."""
    # How many are expected is not said: a bias that a question has a value for may be one that the block has not.
    alone = f"{_asked_with(question)} has {model.size} weights: these are not the ones that the exercise asks for."
    return Wrong(_OTHER_WEIGHTS, alone=alone)


def _asked_with(question: KerasCall) -> str:
    """The beginning of a sentence on the block that a question asks for."""
    settings = [f"{word} {value}" for word, value in question.keywords.items() if word != "name"]
    given = ", ".join([f"{question.channels} channels", *settings])
    return f"With {given}{'' if settings else ' and the defaults'}, the block"


def _wrong_gradients(round: Round, key: str, model: ModelAnswer, weights: Mapping[str, np.ndarray]) -> Wrong:
    """What is wrong where gradients differ: they have a cause of their own only where the values are right."""
    if close(output_of(model), np.asarray(round.evaluate(round.exercise.oracle, key, weights))):
        return Wrong("Gradients differ from those of the block: look for a stopped gradient or for dropout.")
    first = "Gradients differ from those of the block, as its values do: look for what makes these wrong first."
    return Wrong(first, alone=first)


def _directional_derivative(
    round: Round, key: str, weights: Mapping[str, np.ndarray], slot: str, direction: np.ndarray, step: float = 1e-7
) -> float:
    # The step is small, so that a ReLU or a maximum hardly ever changes its side within it; float64 can afford it.
    question = round.block(key)

    def loss(sign: int) -> float:
        inputs = {"x": question.x, **weights}
        inputs[slot] = np.asarray(inputs[slot], np.float64) + sign * step * direction
        return float(np.sum(round.exercise.oracle(inputs.pop("x"), **inputs) * question.gradients))

    return (loss(+1) - loss(-1)) / (2 * step)


def _close_derivatives(gradient: np.ndarray, directions: np.ndarray, numeric: np.ndarray, tolerance: float) -> bool:
    # A sum may cancel, so the tolerance follows the length of the right gradient, of which several of them tell: never
    # that of the student's, which can be as long as they like, across the directions.
    scale = max(1.0, float(np.sqrt(np.mean(numeric**2))))
    found = directions.reshape(len(directions), -1) @ gradient.ravel()
    return bool(np.all(np.abs(found - numeric) <= tolerance * scale))
