"""A Keras model that left the student's interpreter as data: what it holds, how it is run, what comes of it.

The graphs are the model: whoever made them, and however, they are run with the judge's weights and inputs in a process
without any code of the student's. Which weights a model has counts only as far as its graphs read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..exercises.base import Answer, Call, KerasCall, ModelAnswer
from .wire import Malformed, pack_archive, read_archive

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


def run_models(
    questions: Mapping[str, Call | KerasCall],
    answers: Mapping[str, Answer],
    run: Callable[[bytes], bytes],
    max_bytes: int,
) -> dict[str, Answer]:
    """The answers with each TracedModel run by `run`, which takes and gives archives (see `sandbox.inside.models`)."""
    models = {key: answer.model for key, answer in answers.items() if isinstance(answer.model, TracedModel)}
    matches = {key: model.match(questions[key].weights) for key, model in models.items()}
    graphs = [(key, purpose) for key, model in models.items() for purpose in _to_run(questions[key], model)]
    if not graphs:
        results: list[dict[str, Any]] = []
    else:
        request = _pack_run([(questions[key], models[key], purpose, matches[key]) for key, purpose in graphs])
        try:
            results = _read_results(run(request), len(graphs), max_bytes)
        except Malformed as reason:
            return {**answers, **{key: Answer("malformed", str(reason)) for key in models}}
    by_graph = dict(zip(graphs, results, strict=True))
    run_answers = {key: _model_answer(key, model, matches[key], by_graph) for key, model in models.items()}
    return {key: _with_model(answer, run_answers.get(key)) for key, answer in answers.items()}


def _to_run(question: KerasCall, model: TracedModel) -> list[str]:
    """The purposes of the graphs that were asked for."""
    asked = {"output": True, "gradients": question.gradients is not None}
    asked |= dict.fromkeys(("saved", "reloaded"), question.reload)
    return [purpose for purpose, wanted in asked.items() if wanted and purpose in model.graphs]


def _with_model(answer: Answer, model: ModelAnswer | None) -> Answer:
    return answer if model is None else Answer(answer.status, answer.error, answer.value, model=model)


def _pack_run(graphs: list[tuple[KerasCall, TracedModel, str, Mapping[str, int]]]) -> bytes:
    arrays: dict[str, np.ndarray] = {}
    names: dict[int, str] = {}

    def store(array: np.ndarray) -> str:
        if id(array) not in names:  # the arrays live as long as the questions and the models do
            names[id(array)] = f"a{len(names)}"
            arrays[names[id(array)]] = array
        return names[id(array)]

    def describe(question: KerasCall, model: TracedModel, purpose: str, match: Mapping[str, int]) -> dict:
        graph = model.graphs[purpose]
        given = {place: slot for slot, place in match.items()} if purpose in _OWN_WEIGHTS else {}
        captures, derive = [], []
        for number, capture in enumerate(graph.captures):
            slot = given.get(capture.weight)
            value = capture.value if slot is None else np.asarray(question.weights[slot])
            if slot is not None:
                derive.append(number)
            captures.append(
                {
                    "name": capture.name,
                    "dtype": capture.dtype,
                    "variable": capture.is_variable,
                    "value": store(value),
                    "shape": capture.value.shape,
                }
            )
        return {
            "definition": store(np.frombuffer(graph.definition, np.uint8)),
            "input": graph.input,
            "output": graph.output,
            "dtype": graph.dtype,
            "captures": captures,
            "x": store(question.x),
            "factors": store(question.gradients) if purpose == "gradients" else None,
            "derive": derive,
        }

    return pack_archive({"graphs": [describe(*graph) for graph in graphs]}, arrays)


def _read_results(response: bytes, count: int, max_bytes: int) -> list[dict[str, Any]]:
    """For each graph its arrays by name, or its error.

    Raises
    ------
    Malformed : if the response is not of the expected form.
    """
    header, arrays = read_archive(response, max_bytes)
    results = header.get("results")
    if not isinstance(results, list) or len(results) != count or not all(isinstance(one, dict) for one in results):
        raise Malformed("running the model gave no results of the expected form")
    return [
        {name: str(value)[:400] if name == "error" else arrays.numbers(value) for name, value in one.items()}
        for one in results
    ]


def _model_answer(
    key: str, model: TracedModel, match: Mapping[str, int], results: Mapping[tuple[str, str], dict[str, Any]]
) -> ModelAnswer:
    got = {purpose: results.get((key, purpose), {}) for purpose in PURPOSES}
    errors = {**{purpose: one["error"] for purpose, one in got.items() if "error" in one}, **model.errors}
    if "saved" in errors:
        errors.setdefault("reloaded", errors["saved"])
    gradients = {}
    if got["gradients"]:
        numbers = {c.weight: str(number) for number, c in enumerate(model.graphs["gradients"].captures)}
        places = {"x": "x"} | {slot: numbers.get(place, "") for slot, place in match.items()}
        gradients = {slot: got["gradients"].get(name) for slot, name in places.items()}
    return ModelAnswer(
        weights=tuple((weight.shape, weight.trainable) for weight in model.weights),
        matched=tuple(match),
        output=got["output"].get("output"),
        saved=got["saved"].get("output"),
        reloaded=got["reloaded"].get("output"),
        gradients={slot: array for slot, array in gradients.items() if array is not None},
        errors=errors,
    )


def _is_named_for(slot: str, weight: Weight) -> bool:
    """The four vectors of a batch norm have one shape: a slot named after one of them takes that one alone."""
    return all(weight.name == name for name in _NORM if slot.startswith(name))


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side for side in shape if side != 1)
