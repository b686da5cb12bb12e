"""A Keras model that left the student's interpreter as data: what it holds, how it is run, what comes of it.

The graphs are the model: whoever made them, and however, they are run with the judge's weights and inputs in a process
without any code of the student's. A weight counts as found only if the output depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..exercise.answers import Answer, ModelAnswer
from ..exercise.questions import KerasCall
from ..statuses import AnswerStatus
from .wire import Arrays, Malformed, pack_archive, place_of, read_archive, text_of

# What a graph is for: the output, or what the model was built for where it cannot take the batch; the gradients in
# training; the output before and after saving and loading.
PURPOSES = ("output", "built", "gradients", "saved", "reloaded")
_OWN_WEIGHTS = ("output", "built", "gradients")  # whose weights are the judge's to set
_NORM = ("gamma", "beta", "moving_mean", "moving_variance")


@dataclass(frozen=True)
class Weight:
    """A weight that the model says it has."""

    shape: tuple[int, ...]
    trainable: bool
    name: str


@dataclass(frozen=True)
class Capture:
    """What a graph reads from outside under `name`: a variable or a constant, with its value.

    `weight` is the place of the variable among the model's weights, or None.
    """

    name: str
    dtype: str
    is_variable: bool
    value: np.ndarray
    weight: int | None


@dataclass(frozen=True)
class Graph:
    """A traced graph (TensorFlow's GraphDef as bytes), its input of type `dtype`, its output and its captures."""

    definition: bytes
    input: str
    output: str
    dtype: str
    captures: tuple[Capture, ...]


@dataclass(frozen=True)
class TracedModel:
    """A model as it came: the weights that it says it has, its graphs, and the errors of tracing, both by purpose."""

    weights: tuple[Weight, ...]
    graphs: Mapping[str, Graph]
    errors: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for graph in self.graphs.values():
            for capture in graph.captures:
                if capture.weight is not None:
                    if capture.weight >= len(self.weights) or not capture.is_variable:
                        raise Malformed("a graph reads a weight that the model does not have")
                    if self.weights[capture.weight].shape != capture.value.shape:
                        raise Malformed("a weight has another shape than the model says")

    @property
    def read_weights(self) -> set[int]:
        """The places of the weights that take part in the output or its training."""
        graphs = (self.graphs[purpose] for purpose in _OWN_WEIGHTS if purpose in self.graphs)
        return {capture.weight for graph in graphs for capture in graph.captures if capture.weight is not None}

    def match(self, values: Mapping[str, np.ndarray]) -> dict[str, int]:
        """For each slot the place of the first free weight of its shape (axes of length one apart)."""
        free, found = sorted(self.read_weights), {}
        for slot, value in values.items():
            for place in free:
                weight = self.weights[place]
                if _is_named_for(slot, weight) and _without_ones(weight.shape) == _without_ones(value.shape):
                    found[slot] = place
                    free.remove(place)
                    break
        return found


@dataclass(frozen=True, kw_only=True)
class TracedAnswer(Answer):
    """An answer whose model has come, to the question that asked for it, and is still to be run."""

    question: KerasCall
    traced: TracedModel


@dataclass(frozen=True)
class _Way:
    """How a question's values are put into a model's weights: by slot, and the place of each slot's weight."""

    values: Mapping[str, np.ndarray]
    places: Mapping[str, int]

    @classmethod
    def straight(cls, question: KerasCall, model: TracedModel) -> _Way:
        values = {slot: np.asarray(value) for slot, value in question.weights.items()}
        return cls(values, model.match(values))

    def transposed(self, model: TracedModel) -> _Way | None:
        """The way for weights kept as (out, in), as PyTorch keeps them: if the first matrix looks like one of these."""
        matrices = [slot for slot, value in self.values.items() if value.ndim == 2]
        first = next((weight.shape for weight in model.weights if len(weight.shape) == 2), None)
        if not matrices or first != self.values[matrices[0]].T.shape or first == self.values[matrices[0]].shape:
            return None
        turned = {slot: value.T if slot in matrices else value for slot, value in self.values.items()}
        return _Way(turned, model.match(turned))


def run_models(
    answers: Mapping[str, Answer],
    run: Callable[[bytes], bytes],
    max_bytes: int,
) -> dict[str, Answer]:
    """The answers with the models of the TracedAnswers run by `run`, as `sandbox.inside.models.run` does."""
    traced = {key: answer for key, answer in answers.items() if isinstance(answer, TracedAnswer)}
    ways: dict[str, list[_Way]] = {}
    for key, answer in traced.items():
        straight = _Way.straight(answer.question, answer.traced)
        ways[key] = [way for way in (straight, straight.transposed(answer.traced)) if way is not None]
    runs = [
        (answer.question, answer.traced.graphs[purpose], purpose, way)
        for key, answer in traced.items()
        for way in ways[key]
        for purpose in _to_run(answer.question, answer.traced)
    ]
    try:
        results = iter(_read_results(run(_pack_runs(runs)), len(runs), max_bytes) if runs else [])
    except Malformed as reason:
        return {**answers, **{key: Answer(AnswerStatus.MALFORMED, str(reason)) for key in traced}}
    ran = dict(answers)
    for key, answer in traced.items():
        purposes, model = _to_run(answer.question, answer.traced), answer.traced
        found = [_model_answer(model, way, {purpose: next(results) for purpose in purposes}) for way in ways[key]]
        read = replace(found[0], transposed=found[1]) if len(found) > 1 else found[0]
        ran[key] = Answer(answer.status, value=answer.value, changed_arguments=answer.changed_arguments, model=read)
    return ran


def _to_run(question: KerasCall, model: TracedModel) -> list[str]:
    """The purposes of the graphs that were asked for."""
    asked = {"output": True, "built": True, "gradients": question.gradients is not None}
    asked |= dict.fromkeys(("saved", "reloaded"), question.reload)
    return [purpose for purpose, wanted in asked.items() if wanted and purpose in model.graphs]


def _pack_runs(runs: list[tuple[KerasCall, Graph, str, _Way]]) -> bytes:
    arrays: dict[str, np.ndarray] = {}
    names: dict[int, str] = {}

    def store(array: np.ndarray) -> str:
        if id(array) not in names:
            names[id(array)] = f"a{len(names)}"
            arrays[names[id(array)]] = array  # kept here, so that no other array gets its identity
        return names[id(array)]

    def describe(question: KerasCall, graph: Graph, purpose: str, way: _Way) -> dict:
        slots = {place: slot for slot, place in way.places.items()} if purpose in _OWN_WEIGHTS else {}
        captures = [
            {
                "name": capture.name,
                "dtype": capture.dtype,
                "variable": capture.is_variable,
                "value": store(way.values[slots[capture.weight]] if capture.weight in slots else capture.value),
                "shape": capture.value.shape,
            }
            for capture in graph.captures
        ]
        return {
            "definition": store(np.frombuffer(graph.definition, np.uint8)),
            "input": graph.input,
            "output": graph.output,
            "dtype": graph.dtype,
            "captures": captures,
            "x": None if purpose == "built" else store(question.x),
            "factors": store(question.gradients) if purpose == "gradients" and question.gradients is not None else None,
            "derive": [number for number, capture in enumerate(graph.captures) if capture.weight in slots],
        }

    return pack_archive({"graphs": [describe(*one) for one in runs]}, arrays)


def _read_results(response: bytes, count: int, max_bytes: int) -> list[dict[str, Any]]:
    """For each graph its arrays by name, the type of its output and what it reaches, or its error.
    Raises Malformed if the response is not of the expected form."""
    header, arrays = read_archive(response, max_bytes)
    results = header.get("results")
    if not isinstance(results, list) or len(results) != count or not all(isinstance(one, dict) for one in results):
        raise Malformed("running the model gave no results of the expected form")
    try:
        return [_read_result(one, arrays) for one in results]
    except (TypeError, ValueError) as error:
        raise Malformed(f"running the model gave results of another form ({type(error).__name__})") from error


def _read_result(result: Mapping[str, Any], arrays: Arrays) -> dict[str, Any]:
    read: dict[str, Any] = {"reached": set(map(place_of, result.get("reached", [])))}
    for name, value in result.items():
        if name in ("error", "dtype"):
            read[name] = text_of(value)
        elif name != "reached":
            read[name] = arrays.numbers(value)
    return read


def _model_answer(model: TracedModel, way: _Way, results: Mapping[str, dict[str, Any]]) -> ModelAnswer:
    errors = {**{purpose: one["error"] for purpose, one in results.items() if "error" in one}, **model.errors}
    if "saved" in errors:
        errors.setdefault("reloaded", errors["saved"])
    output = results.get("output", {})
    read = {
        purpose: [
            graph.captures[number] for number in results[purpose].get("reached", ()) if number < len(graph.captures)
        ]
        for purpose, graph in model.graphs.items()
        if purpose in results
    }
    reached = {capture.weight for purpose in _OWN_WEIGHTS for capture in read.get(purpose, ())}
    return ModelAnswer(
        weights=tuple((weight.shape, weight.trainable) for weight in model.weights),
        matched=tuple(slot for slot, place in way.places.items() if place in reached),
        idle=len(set(range(len(model.weights))) - reached),
        others=sum(capture.is_variable and capture.weight is None for capture in read.get("output", ())),
        output=output.get("output"),
        dtype=output.get("dtype", ""),
        saved=results.get("saved", {}).get("output"),
        reloaded=results.get("reloaded", {}).get("output"),
        gradients=_gradients(model, way, results.get("gradients", {})),
        errors=errors,
    )


def _gradients(model: TracedModel, way: _Way, result: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """By slot, and "x"; what no gradient reaches is left out."""
    if not result:
        return {}
    numbers = {capture.weight: str(number) for number, capture in enumerate(model.graphs["gradients"].captures)}
    found = {slot: result.get(numbers.get(place, "")) for slot, place in way.places.items()}
    return {slot: array for slot, array in {"x": result.get("x"), **found}.items() if array is not None}


def _is_named_for(slot: str, weight: Weight) -> bool:
    """The four vectors of a batch norm have one shape: a slot named after one of them takes that one alone."""
    return all(weight.name == name for name in _NORM if slot.startswith(name))


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side for side in shape if side != 1)
