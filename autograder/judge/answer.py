"""The wire format between the judge and a student's interpreter: npz archives, never pickle, capped in size.

A response is the student's word: whatever does not fit the format is a wrong answer with a reason, never an error of
the grader.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..exercises.base import Answer, Call, KerasCall, ModelAnswer, Value

MAX_RESPONSE_BYTES = 16 * 2**20
_MAX_ARRAYS = 256
_STATUSES = ("ok", "raised", "missing")


class Malformed(Exception):
    """The response does not fit the format; the message says how."""


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
            "x": store(question.x),
            "weights": {slot: store(value) for slot, value in question.weights.items()},
            "gradients": None if question.gradients is None else store(question.gradients),
            "reload": question.reload,
            "repeat": question.repeat,
            "data_format": question.data_format,
            "layer": question.layer,
            "before": list(question.before),
            "whole": question.whole,
        }

    header = {"nonce": nonce, "questions": [describe(question) for question in questions.values()]}
    buffer = io.BytesIO()
    np.savez(buffer, header=np.frombuffer(json.dumps(header).encode(), np.uint8), **arrays)
    return buffer.getvalue()


def read_response(
    response: bytes, questions: Mapping[str, Call | KerasCall], nonce: str, max_bytes: int = MAX_RESPONSE_BYTES
) -> dict[str, Answer]:
    """The answers by question. What is out of format becomes an Answer with the status "malformed" and the reason."""
    try:
        header, arrays = _load(response, max_bytes)
        if header.get("nonce") != nonce:
            raise Malformed("it does not belong to this question")
        answers = header.get("answers")
        if not isinstance(answers, list) or len(answers) != len(questions):
            raise Malformed("it holds another number of answers than there were questions")
    except Malformed as reason:
        return {key: Answer("malformed", str(reason)) for key in questions}
    return {key: _read_answer(answer, arrays) for key, answer in zip(questions, answers, strict=True)}


def _load(response: bytes, max_bytes: int) -> tuple[dict, dict[str, np.ndarray | None]]:
    if len(response) > max_bytes:
        raise Malformed(f"it has {len(response)} bytes, and at most {max_bytes} are read")
    try:
        with zipfile.ZipFile(io.BytesIO(response)) as archive:
            entries = archive.infolist()
            # np.savez stores without compression: a compressed member is not ours, and could unpack to any size.
            if len(entries) > _MAX_ARRAYS or any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise Malformed("its archive is not of the expected form")
            if sum(entry.file_size for entry in entries) > max_bytes:
                raise Malformed("its archive claims more bytes than it has")
        with np.load(io.BytesIO(response), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        max_numbers = max_bytes // 8  # each is kept as float64
        if sum(array.size for array in arrays.values()) > max_numbers:
            raise Malformed(f"it holds more than {max_numbers} numbers")
        header = json.loads(arrays.pop("header").tobytes())
    except Malformed:
        raise
    except Exception as error:  # np.load and json raise many kinds on forged bytes; each means the same here
        raise Malformed(f"it is not a readable archive ({type(error).__name__})") from error
    if not isinstance(header, dict):
        raise Malformed("its header is not of the expected form")
    # Converted once: a header may name the same array many times.
    return header, {name: _as_numbers(array) for name, array in arrays.items()}


def _as_numbers(array: np.ndarray) -> np.ndarray | None:
    if array.dtype.kind not in "biuf":
        return None
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def _read_answer(answer: Any, arrays: Mapping[str, np.ndarray | None]) -> Answer:
    try:
        if not isinstance(answer, dict) or answer.get("status") not in _STATUSES:
            raise Malformed("its status is unknown")
        if answer["status"] != "ok":
            return Answer(answer["status"], _text(answer.get("error", "")))
        return Answer(
            "ok",
            value=_read_value(answer.get("value"), arrays),
            changed_arguments=answer.get("changed_arguments", False) is not False,
            model=_read_model(answer["model"], arrays) if "model" in answer else None,
        )
    except Malformed as reason:
        return Answer("malformed", str(reason))
    except Exception as error:  # a forged header can be wrong in any way
        return Answer("malformed", f"it is not of the expected form ({type(error).__name__})")


def _read_value(value: Any, arrays: Mapping[str, np.ndarray | None], depth: int = 0) -> Value:
    if not isinstance(value, dict) or depth > 2:
        raise Malformed("a value is not of the expected form")
    kind = _text(value.get("type", "?"))[:60]
    if "items" in value:
        return Value(kind, tuple(_read_value(item, arrays, depth + 1) for item in value["items"][:64]))
    if "array" in value:
        return Value(kind, _array(value["array"], arrays))
    content = value.get("content")
    if content is not None and not (isinstance(content, bool | int | float) and abs(content) < 2**63):
        raise Malformed("a number is not of the expected form")
    return Value(kind, content)


def _read_model(model: dict, arrays: Mapping[str, np.ndarray | None]) -> ModelAnswer:
    gradients = {_text(slot): _array(index, arrays) for slot, index in model["gradients"].items()}
    return ModelAnswer(
        weights=tuple((tuple(int(side) for side in shape), trainable is True) for shape, trainable in model["weights"]),
        matched=tuple(_text(slot) for slot in model["matched"]),
        output=_array(model.get("output"), arrays),
        reloaded=_array(model.get("reloaded"), arrays),
        gradients={slot: array for slot, array in gradients.items() if array is not None},
        errors={_text(step): _text(error) for step, error in model["errors"].items()},
    )


def _array(index: Any, arrays: Mapping[str, np.ndarray | None]) -> np.ndarray | None:
    if index is None:
        return None
    if str(index) not in arrays:
        raise Malformed("it names an array that it does not hold")
    array = arrays[str(index)]
    if array is None:
        raise Malformed("an array does not hold numbers")
    return array


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("a text is not of the expected form")
    return value[:400].encode("utf-8", "replace").decode()  # a lone surrogate would stop whoever writes this down
