"""Questions to a student's interpreter and the answers that come back.

A response is the student's word: whatever does not fit the format is a wrong answer with a reason, never an error of
the grader. A Keras model comes as traced graphs, which are run elsewhere (see `traced`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..exercise.answers import Answer, Value
from ..exercise.questions import Call, KerasCall
from ..statuses import AnswerStatus
from .ask import LONGEST_TEXT
from .traced import PURPOSES, Capture, Graph, TracedAnswer, TracedModel, Weight, run_models
from .wire import MAX_BYTES, Arrays, Malformed, pack_archive, place_of, read_archive, text_of

_MAX_AXES = 16
_SENT = (AnswerStatus.OK, AnswerStatus.RAISED, AnswerStatus.MISSING)  # by `ask`, which imports nothing of ours


def find_answers(
    function: str,
    questions: Mapping[str, Call | KerasCall],
    ask: Callable[[bytes], bytes],
    run: Callable[[bytes], bytes],
    max_bytes: int = MAX_BYTES,
) -> dict[str, Answer]:
    """The answers to the questions about one function.

    Parameters
    ----------
    ask : has `ask.answer` answer a request beside the student's code.
    run : has `sandbox.inside.models.run` run models, where no student's code is. Called only if there are models.
    max_bytes : how much is read of each.
    """
    nonce = secrets.token_hex(16)
    answers = read_response(ask(pack_request(function, questions, nonce)), questions, nonce, max_bytes)
    return run_models(answers, run, max_bytes)


def pack_request(function: str, questions: Mapping[str, Call | KerasCall], nonce: str) -> bytes:
    """The questions about one function as bytes for `ask.answer`."""
    arrays: dict[str, np.ndarray] = {}

    def store(array: Any) -> str:
        arrays[f"a{len(arrays)}"] = np.asarray(array)
        return f"a{len(arrays) - 1}"

    def item(argument: Any) -> dict:
        return {"array": store(argument)} if isinstance(argument, np.ndarray) else {"value": argument}

    def describe(question: Call | KerasCall) -> dict:
        if isinstance(question, Call):
            return {
                "kind": "call",
                "function": function,
                "arguments": [item(argument) for argument in question.arguments],
                "keywords": {name: item(argument) for name, argument in question.keywords.items()},
            }
        return {
            "kind": "keras",
            "function": function,
            "input_shape": list(question.input_shape),
            "keywords": dict(question.keywords),
            "x_shape": list(np.shape(question.x)),
            "gradients": question.gradients is not None,
            "reload": question.reload,
            "repeat": question.repeat,
            "data_format": question.data_format,
            "layer": question.layer,
            "before": list(question.before),
            "whole": question.whole,
        }

    header = {"nonce": nonce, "questions": [describe(question) for question in questions.values()]}
    return pack_archive(header, arrays)


def read_response(
    response: bytes, questions: Mapping[str, Call | KerasCall], nonce: str, max_bytes: int = MAX_BYTES
) -> dict[str, Answer]:
    """The answers by question; one with a model is a TracedAnswer, whose model is still to be run.

    What is out of format becomes an Answer with the status MALFORMED and the reason.
    """
    try:
        header, arrays = read_archive(response, max_bytes)
        if header.get("nonce") != nonce:
            raise Malformed("it does not belong to this question")
        answers = header.get("answers")
        if not isinstance(answers, list) or len(answers) != len(questions):
            raise Malformed("it holds another number of answers than there were questions")
    except Malformed as reason:
        return {key: Answer(AnswerStatus.MALFORMED, str(reason)) for key in questions}
    pairs = zip(questions.items(), answers, strict=True)
    return {key: _read_answer(answer, question, arrays) for (key, question), answer in pairs}


def _read_answer(answer: Any, question: Call | KerasCall, arrays: Arrays) -> Answer:
    try:
        if not isinstance(answer, dict) or answer.get("status") not in _SENT:
            raise Malformed("its status is unknown")
        status = AnswerStatus(answer["status"])
        if status != AnswerStatus.OK:
            stub = text_of(answer.get("stub", ""))
            return Answer(status, text_of(answer.get("error", "")), stub=stub[:60] if stub.isidentifier() else "")
        value = _read_value(answer.get("value"), arrays)
        changed_arguments = answer.get("changed_arguments", False) is not False
        if "model" not in answer:
            return Answer(status, value=value, changed_arguments=changed_arguments)
        if not isinstance(question, KerasCall):
            raise Malformed("it is a model, and none was asked for")
        model = _read_model(answer["model"], arrays)
        return TracedAnswer(status, value=value, changed_arguments=changed_arguments, question=question, traced=model)
    except Malformed as reason:
        return Answer(AnswerStatus.MALFORMED, str(reason))
    except Exception as error:  # a forged header can be wrong in any way
        return Answer(AnswerStatus.MALFORMED, f"it is not of the expected form ({type(error).__name__})")


def _read_value(value: Any, arrays: Arrays, depth: int = 0) -> Value:
    if not isinstance(value, dict) or depth > 2:
        raise Malformed("a value is not of the expected form")
    kind = text_of(value.get("type", "?"))[:60]
    if "keys" in value:
        keys = [text_of(key) if isinstance(key, str) else int(key) for key in value["keys"][:64]]
        items = [_read_value(item, arrays, depth + 1) for item in value["items"][:64]]
        return Value(kind, dict(zip(keys, items, strict=True)))
    if "list" in value:
        return Value(kind, [_read_value(item, arrays, depth + 1) for item in value["list"][:64]])
    if "items" in value:
        return Value(kind, tuple(_read_value(item, arrays, depth + 1) for item in value["items"][:64]))
    if "array" in value:
        numbers = arrays.numbers(value["array"])
        if kind == "float" and numbers is not None and numbers.ndim == 0:
            return Value(kind, float(numbers))
        return Value(kind, numbers)
    content = value.get("content")
    if isinstance(content, str) and kind == "str":
        return Value(kind, text_of(content, LONGEST_TEXT))
    if content is not None and not (isinstance(content, bool | int | float) and abs(content) < 2**63):
        raise Malformed("a number is not of the expected form")
    return Value(kind, content)


def _read_model(model: dict, arrays: Arrays) -> TracedModel:
    return TracedModel(
        tuple(
            Weight(
                tuple(map(place_of, weight["shape"][:_MAX_AXES])), weight["trainable"] is True, text_of(weight["name"])
            )
            for weight in model["weights"]
        ),
        {purpose: _read_graph(graph, arrays) for purpose, graph in model["graphs"].items() if purpose in PURPOSES},
        {purpose: text_of(error) for purpose, error in model["errors"].items() if purpose in PURPOSES},
    )


def _read_graph(graph: dict, arrays: Arrays) -> Graph:
    captures = tuple(
        Capture(
            text_of(one["name"]),
            text_of(one["dtype"]),
            one["variable"] is True,
            arrays.raw(one["value"]),
            None if one["weight"] is None else place_of(one["weight"]),
        )
        for one in graph["captures"]
    )
    return Graph(
        definition=arrays.raw(graph["definition"]).tobytes(),
        input=text_of(graph["input"]),
        output=text_of(graph["output"]),
        dtype=text_of(graph["dtype"]),
        captures=captures,
    )
