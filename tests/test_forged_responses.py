"""A response is the student's word: whatever is wrong with it is a wrong answer with a reason, never an exception."""

from __future__ import annotations

import copy
import io
import json
import struct
import zipfile

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attention_course.exercises import CATALOGUE
from autograder.judge import ask
from autograder.judge.answer import pack_request, read_response
from autograder.judge.traced import run_models
from autograder.judge.verdict import Verdict, judge_answers
from autograder.judge.wire import MAX_BYTES
from autograder.sandbox.inside import models

POOL = CATALOGUE.find("00_feature_maps", "global_average_pool")
BLOCK = CATALOGUE.find("01_squeeze_excitation", "se_block")
COUNT = CATALOGUE.find("01_squeeze_excitation", "se_weight_count")
NONCE = "0123456789abcdef"


def right_pool(x):
    return x.mean(axis=(1, 2))


def right_block(x, ratio=16):
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = keras.layers.Dense(x.shape[-1] // ratio, activation="relu")(gate)
    gate = keras.layers.Dense(x.shape[-1], activation="sigmoid")(gate)
    return keras.layers.Multiply()([x, gate])


def right_count(channels, ratio=16, bias=True):
    width = channels // ratio
    return 2 * channels * width + (width + channels) * bias


def genuine(exercise, function) -> tuple[dict, dict[str, np.ndarray]]:
    """The header and the arrays of an honest response."""
    response = ask.answer({exercise.id: function}, pack_request(exercise.id, exercise.ask(0), NONCE))
    with np.load(io.BytesIO(response)) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return json.loads(arrays.pop("header").tobytes()), arrays


POOL_HEADER, POOL_ARRAYS = genuine(POOL, right_pool)
BLOCK_HEADER, BLOCK_ARRAYS = genuine(BLOCK, right_block)
COUNT_HEADER, COUNT_ARRAYS = genuine(COUNT, right_count)


def pack(header, arrays, save=np.savez) -> bytes:
    buffer = io.BytesIO()
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    save(buffer, header=np.frombuffer(text, np.uint8), **arrays)
    return buffer.getvalue()


def verdict_on(exercise, response: bytes, run=models.run) -> Verdict:
    questions = exercise.ask(0)
    answers = read_response(response, questions, NONCE)
    return judge_answers(exercise, questions, run_models(answers, run, MAX_BYTES))


def test_an_honest_response_has_full_marks():
    for exercise, header, arrays in (
        (POOL, POOL_HEADER, POOL_ARRAYS),
        (BLOCK, BLOCK_HEADER, BLOCK_ARRAYS),
        (COUNT, COUNT_HEADER, COUNT_ARRAYS),
    ):
        assert verdict_on(exercise, pack(header, arrays)).status == "pass"


# --- the archive ---------------------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def npy(array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def claims_a_terabyte(kind: str) -> bytes:
    """An array whose own header gives far more items than follow."""
    lie = npy(np.zeros(1, kind)).replace(b"(1,), }           ", b"(137438953472,), }")
    assert b"137438953472" in lie
    return zipped({"header.npy": npy(np.frombuffer(json.dumps(POOL_HEADER).encode(), np.uint8)), "0.npy": lie})


def size_in_the_directory(size: int) -> bytes:
    """A good archive whose directory gives another size for its first member."""
    response = bytearray(pack(POOL_HEADER, POOL_ARRAYS))
    struct.pack_into("<II", response, response.index(b"PK\x01\x02") + 20, size, size)
    return bytes(response)


class Touch:
    """Unpickling this raises, so that a test cannot miss it."""

    def __reduce__(self):
        return (pytest.exit, ("a response was unpickled",))


DEEP = b'{"nonce": "%s", "answers": %s}' % (NONCE.encode(), b"[" * 200_000 + b"]" * 200_000)
HUGE_INT = b'{"nonce": "%s", "answers": [%s]}' % (NONCE.encode(), b"9" * 10_000)

ARCHIVES = {
    "nothing": (b"", "readable"),
    "text": (b"full marks, please", "readable"),
    "half of an archive": (pack(POOL_HEADER, POOL_ARRAYS)[:700], "readable"),
    "one array": (npy(np.zeros(3)), "readable"),
    "a pickle": (b"\x80\x04cos\nsystem\n(S'true'\ntR.", "readable"),
    "a pickled array": (pack(POOL_HEADER, {"0": np.array([Touch()])}), "readable"),
    "no header": (zipped({"0.npy": npy(np.zeros(3))}), "readable"),
    "a header that is no array": (zipped({"header": b"{}"}), "readable"),
    "a header that is no JSON": (pack(b"\xff\xfe{", {}), "readable"),
    "a header nested too deep": (pack(DEEP, {}), "readable"),
    "a number of ten thousand digits": (pack(HUGE_INT, {}), "readable"),
    "a header that is a list": (pack([NONCE], {}), "header"),
    "compressed members": (pack(POOL_HEADER, POOL_ARRAYS, np.savez_compressed), "expected form"),
    "a bomb": (zipped({"0.npy": bytes(2**25)}, zipfile.ZIP_DEFLATED), "expected form"),
    "too many members": (pack(POOL_HEADER, {str(n): np.zeros(1) for n in range(1100)}), "expected form"),
    "too large": (bytes(MAX_BYTES + 1), "at most"),
    "too many numbers": (pack(POOL_HEADER, {"0": np.zeros(2**22, np.uint8)}), "numbers"),
    "an array that claims a terabyte": (claims_a_terabyte("f8"), "readable"),
    "an array of items without size": (claims_a_terabyte("V0"), "numbers"),
    "a directory that claims gigabytes": (size_in_the_directory(2**31), "claims"),
    "a directory that claims too little": (size_in_the_directory(8), "readable"),
    "another nonce": (pack({**POOL_HEADER, "nonce": "f" * 16}, POOL_ARRAYS), "belong"),
    "no nonce": (pack({"answers": POOL_HEADER["answers"]}, POOL_ARRAYS), "belong"),
    "an answer too few": (pack({**POOL_HEADER, "answers": POOL_HEADER["answers"][:-1]}, POOL_ARRAYS), "number of"),
    "an answer too many": (pack({**POOL_HEADER, "answers": POOL_HEADER["answers"] * 2}, POOL_ARRAYS), "number of"),
    "answers by name": (pack({**POOL_HEADER, "answers": {"hand": 1}}, POOL_ARRAYS), "number of"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_forged_archive_is_a_wrong_answer_with_a_reason(name):
    response, reason = ARCHIVES[name]
    questions = POOL.ask(0)
    answers = read_response(response, questions, NONCE)
    assert list(answers) == list(questions)
    assert {answer.status for answer in answers.values()} == {"malformed"}
    assert reason in answers["hand"].error
    verdict = judge_answers(POOL, questions, answers)
    assert verdict.score == 0 and verdict.status == "fail"


# --- one answer in it ----------------------------------------------------------------------------------------------

VALUE = {"type": "ndarray", "array": 0}
MODEL = BLOCK_HEADER["answers"][0]["model"]


GRAPH, WEIGHT = MODEL["graphs"]["output"], MODEL["weights"][0]


def ok(**value) -> dict:
    return {"status": "ok", "value": value}


def with_model(**changes) -> dict:
    return {**ok(**VALUE), "model": {**MODEL, **changes}}


def with_graph(**changes) -> dict:
    """A model whose graph has another first capture."""
    captures = [{**GRAPH["captures"][0], **changes}, *GRAPH["captures"][1:]]
    return with_model(graphs={"output": {**GRAPH, "captures": captures}})


MALFORMED_ANSWERS = {
    "no dictionary": ["ok"],
    "nothing": None,
    "no status": {"value": VALUE},
    "an unknown status": {"status": "pass", "score": 3},
    "a status that is a list": {"status": ["ok"]},
    "our own status": {"status": "malformed"},
    "no value": {"status": "ok"},
    "a value that is a list": {"status": "ok", "value": [1, 2]},
    "a type that is a number": ok(type=3),
    "a text for a number": ok(type="ndarray", content="3"),
    "a list for a number": ok(type="ndarray", content=[3]),
    "an integer beyond all arrays": ok(type="int", content=10**30),
    "nan for a number": ok(type="float", content=float("nan")),
    "infinity for a number": ok(type="float", content=float("inf")),
    "an array that is not there": ok(type="ndarray", array=999),
    "the header for an array": ok(type="ndarray", array="header"),
    "complex numbers": ok(type="ndarray", array="complex"),
    "texts": ok(type="ndarray", array="texts"),
    "dates": ok(type="ndarray", array="dates"),
    "records": ok(type="ndarray", array="records"),
    "items that are a number": ok(type="tuple", items=3),
    "items in items in items": ok(type="tuple", items=[{"items": [{"items": [{"items": []}]}]}]),
    "an error that is a number": {"status": "raised", "error": 3},
    "a model that is a list": {**ok(**VALUE), "model": []},
    "a model without weights": {**ok(**VALUE), "model": {}},
    "shapes that are texts": with_model(weights=[{**WEIGHT, "shape": "ab"}]),
    "a weight without a shape": with_model(weights=[True]),
    "weights beyond all numbers": with_model(weights=[{**WEIGHT, "shape": [10**4000, 3]}, *MODEL["weights"][1:]]),
    "weights of negative size": with_model(weights=[{**WEIGHT, "shape": [-3, 5]}, *MODEL["weights"][1:]]),
    "a weight of another shape than the graph reads": with_model(weights=[{**WEIGHT, "shape": [3, 23]}] * 4),
    "no weights where the graph reads some": with_model(weights=[]),
    "graphs in a list": with_model(graphs=[GRAPH]),
    "a graph that is a list": with_model(graphs={"output": [GRAPH]}),
    "a graph that is not there": with_model(graphs={"output": {**GRAPH, "definition": 999}}),
    "a captured value that is not there": with_graph(value=999),
    "a captured weight beyond all numbers": with_graph(weight=10**4000),
    "a constant that is called a weight": with_graph(variable=False),
    "errors in a list": with_model(errors=["output"]),
}
OTHER_KINDS = {
    "complex": np.zeros((2, 8), complex),
    "texts": np.full((2, 8), "1.0"),
    "dates": np.zeros((2, 8), "M8[s]"),
    "records": np.zeros((2, 8), [("a", float), ("b", int)]),
}


@pytest.mark.parametrize("name", MALFORMED_ANSWERS)
def test_a_forged_answer_spoils_itself_alone(name):
    for exercise, header, arrays in ((POOL, POOL_HEADER, POOL_ARRAYS), (BLOCK, BLOCK_HEADER, BLOCK_ARRAYS)):
        questions = exercise.ask(0)
        forged = {**header, "answers": [MALFORMED_ANSWERS[name], *header["answers"][1:]]}
        answers = read_response(pack(forged, {**arrays, **OTHER_KINDS}), questions, NONCE)
        first, *others = answers.values()
        assert first.status == "malformed" and first.error
        assert {answer.status for answer in others} == {"ok"}
        assert judge_answers(exercise, questions, run_models(answers, models.run, MAX_BYTES)).status == "fail"


def test_a_model_where_numbers_were_asked_for_is_a_wrong_answer():
    forged = {**POOL_HEADER, "answers": [with_model(), *POOL_HEADER["answers"][1:]]}
    response = pack(forged, {**POOL_ARRAYS, **BLOCK_ARRAYS})
    first, *others = read_response(response, POOL.ask(0), NONCE).values()
    assert first.status == "malformed" and "none was asked for" in first.error
    assert {answer.status for answer in others} == {"ok"}
    assert verdict_on(POOL, response).status == "fail"


def in_graphs(change):
    """A change of every graph of a model."""

    def changed(model):
        for graph in model["graphs"].values():
            change(graph)

    return changed


ODD_MODELS = {
    "no graphs": lambda model: model.update(graphs={}),
    "no graph of the gradients": lambda model: model["graphs"].pop("gradients", None),
    "the graph of the output for the gradients'": lambda model: model["graphs"].update(gradients=GRAPH, output=GRAPH),
    "a graph of bytes that are none": in_graphs(lambda graph: graph.update(definition=graph["captures"][0]["value"])),
    "an input of another name": in_graphs(lambda graph: graph.update(input="nowhere:0")),
    "an output that is a weight": in_graphs(lambda graph: graph.update(output=graph["captures"][0]["name"])),
    "an output that is the input": in_graphs(lambda graph: graph.update(output=graph["input"])),
    "a type that is none": in_graphs(lambda graph: graph.update(dtype="resource")),
    "a capture of a type that is none": in_graphs(lambda graph: graph["captures"][0].update(dtype="variant")),
    "a capture of another name": in_graphs(lambda graph: graph["captures"][0].update(name="nothing:0")),
    "weights that no graph reads": in_graphs(lambda graph: [one.update(weight=None) for one in graph["captures"]]),
    "one weight more than the graph reads": lambda model: model["weights"].append(WEIGHT),
    "weights without trainable": lambda model: [weight.update(trainable=1) for weight in model["weights"]],
    "an error beside the output": lambda model: model.update(errors={"output": "ValueError: no", "gradients": ""}),
}


@pytest.mark.parametrize("name", ODD_MODELS)
def test_a_well_formed_model_of_nonsense_is_a_wrong_answer(name):
    header = copy.deepcopy(BLOCK_HEADER)
    for answer in header["answers"]:
        ODD_MODELS[name](answer["model"])
    verdict = verdict_on(BLOCK, pack(header, BLOCK_ARRAYS))
    assert verdict.status == "fail" and all(verdict.messages)


RESULTS = {
    "nothing": b"",
    "no results": pack({}, {}),
    "a result too few": pack({"results": [{}]}, {}),
    "results that are texts": pack({"results": ["output"] * 20}, {}),
    "an array that is not there": lambda count: pack({"results": [{"output": 7}] * count}, {}),
    "texts for numbers": lambda count: pack({"results": [{"output": 0}] * count}, {"0": np.full((2, 8), "1.0")}),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_of_running_a_model_are_checked_too(name):
    """They come from a process of ours, but one that ran a student's graph."""
    asked = []

    def run(request: bytes) -> bytes:
        with np.load(io.BytesIO(request)) as archive:
            asked.append(json.loads(archive["header"].tobytes())["graphs"])
        return RESULTS[name](len(asked[0])) if callable(RESULTS[name]) else RESULTS[name]

    verdict = verdict_on(BLOCK, pack(BLOCK_HEADER, BLOCK_ARRAYS), run)
    assert asked and verdict.score == 0 and all(verdict.messages)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
def test_values_that_are_not_finite_are_wrong_values(value):
    verdict = verdict_on(POOL, pack(POOL_HEADER, {name: np.full_like(a, value) for name, a in POOL_ARRAYS.items()}))
    assert verdict.score == 1  # type, shape and purity
    if not np.isfinite(value):
        assert verdict.messages == [
            "The result holds nan or infinity: look for a division by zero, or for exp of a large number."
        ]


def test_numbers_of_every_kind_are_read_as_numbers():
    for kind in (bool, np.uint8, np.int64, np.float16, np.float32, np.longdouble):
        arrays = {name: np.ones_like(array, dtype=kind) for name, array in POOL_ARRAYS.items()}
        answers = read_response(pack(POOL_HEADER, arrays), POOL.ask(0), NONCE)
        assert all(answer.value.content.dtype == np.float64 for answer in answers.values())


def test_a_text_that_no_file_can_hold_is_mended():
    """A lone surrogate is valid JSON, but could be written neither to feedback nor to a gradebook."""
    forged = [{"status": "raised", "error": "ValueError: \udcff"}] * len(POOL_HEADER["answers"])
    verdict = verdict_on(POOL, pack({**POOL_HEADER, "answers": forged}, {}))
    assert all(message.encode() for message in verdict.messages)


# --- anything at all -----------------------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "ok", "x", "w1", "NoneType", "0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "w1", "type", "0"]), inner),
    max_leaves=4,
)


def put_anywhere(data, node):
    """Replace one entry somewhere below `node`, or leave it out."""
    while True:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 4)):
            node = node[key]
            continue
        if data.draw(st.booleans()):
            node[key] = data.draw(ANYTHING)
        else:
            del node[key]
        return


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_change_of_a_header_stops_the_judge(data):
    for exercise, genuine_header, arrays in (
        (BLOCK, BLOCK_HEADER, BLOCK_ARRAYS),
        (COUNT, COUNT_HEADER, COUNT_ARRAYS),
        (POOL, POOL_HEADER, POOL_ARRAYS),
    ):
        header = copy.deepcopy(genuine_header)
        for answer in header["answers"]:
            put_anywhere(data, answer)
        verdict = verdict_on(exercise, pack(header, arrays))
        assert 0 <= verdict.score <= exercise.points
