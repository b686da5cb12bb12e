"""Questions and answers in a line each, for a person: small arrays whole, larger ones by shape and range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..exercise.answers import Answer, ModelAnswer, Value
from ..exercise.questions import Call, KerasCall, Question
from ..statuses import AnswerStatus

_WHOLE = 12  # numbers that are shown one by one
_LONGEST = 200  # characters of anything else


def asked(function: str, question: Question) -> str:
    """What was asked: the call, and of a model what it was run on."""
    if isinstance(question, Call):
        return f"{function}({_arguments(question.arguments, question.keywords)})"
    return _asked_for_model(function, question)


def came(answer: Answer) -> str:
    """What came back: a value, an exception, or why there is nothing."""
    if answer.status == AnswerStatus.MISSING:
        return "nothing: there is no function of this name"
    if answer.status == AnswerStatus.RAISED:
        return f"raised {_cut(answer.error)}"
    if answer.status == AnswerStatus.MALFORMED:
        return f"nothing that can be read: {_cut(answer.error)}"
    said = _model(answer.model) if answer.model else _value(answer.value)
    return f"{said}; its arguments were changed" if answer.changed_arguments else said


def _asked_for_model(function: str, question: KerasCall) -> str:
    parts = [f"a model of {function}({_arguments(question.before, question.keywords)})"]
    parts += [f"input {question.input_shape}, {question.data_format}", f"run on {_argument(question.x)}"]
    if question.repeat > 1:
        parts.append(f"{question.repeat} blocks, one after the other")
    if question.weights:
        parts.append(f"with the weights {_shapes(question.weights)}")
    if question.gradients is not None:
        parts.append("gradients too")
    if question.reload:
        parts.append("saved and loaded again")
    return "; ".join(parts)


def _arguments(arguments: Iterable[Any], keywords: Mapping[str, Any]) -> str:
    named = [f"{name}={_argument(value)}" for name, value in keywords.items()]
    return ", ".join([*map(_argument, arguments), *named])


def _argument(value: Any) -> str:
    return _array(value) if isinstance(value, np.ndarray) else _cut(repr(value))


def _value(value: Value | None) -> str:
    if value is None:
        return "nothing"
    if isinstance(value.content, dict):
        pairs = (f"{key!r}: {_value(item)}" for key, item in value.content.items())
        return f"{value.type} of {', '.join(pairs) or 'nothing'}"
    if isinstance(value.content, tuple | list):
        return f"{value.type} of {', '.join(map(_value, value.content)) or 'nothing'}"
    if isinstance(value.content, np.ndarray):
        return f"{value.type} {_array(value.content)}"
    return value.type if value.content is None else f"{value.type} {_cut(repr(value.content))}"


def _model(model: ModelAnswer) -> str:
    shapes = ", ".join(f"{shape}{'' if trainable else ' not trainable'}" for shape, trainable in model.weights)
    parts = [f"a model of {model.size} weights: {shapes or 'none'}"]
    if model.idle:
        parts.append(f"{model.idle} of them unused")
    if model.output is not None:
        parts.append(f"output {_array(model.output)}")
    if model.reloaded is not None:
        parts.append(f"loaded again {_array(model.reloaded)}")
    if model.gradients:
        parts.append(f"gradients {_shapes(model.gradients)}")
    parts += [f"{step} failed: {_cut(error)}" for step, error in model.errors.items()]
    return "; ".join(parts)


def _shapes(arrays: Mapping[str, np.ndarray]) -> str:
    return ", ".join(f"{name} {np.shape(array)}" for name, array in arrays.items())


def _array(array: np.ndarray) -> str:
    if array.size <= _WHOLE:
        return _cut(" ".join(np.array2string(array, precision=5, separator=", ").split()))
    if array.dtype.kind not in "fiu":
        return f"{array.dtype} of shape {array.shape}"
    said, finite = f"{array.dtype} of shape {array.shape}", array[np.isfinite(array)]
    if finite.size:
        with np.errstate(all="ignore"):  # a student's numbers may be of any size
            said += f" from {finite.min():.5g} to {finite.max():.5g}, mean {finite.mean(dtype=float):.5g}"
    return said if finite.size == array.size else f"{said}, {array.size - finite.size} not finite"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."
