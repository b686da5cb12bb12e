"""Runs beside the student's code: calls the named function as a request says and packs what it gives.

The text of this file is sent into the student's interpreter, so it imports nothing of the course and knows no right
answer. A request and a response are npz archives: a JSON header, stored as bytes under "header", and numbered arrays.
A Keras model leaves as data: it is traced here, and run where no student's code is (see `sandbox.inside.models`).
Everything that the student's code does is caught here, but for a crash, a hang or an exhausted memory, which the
sender sees.
"""

import contextlib
import dis
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import numpy as np

ERROR_CHARACTERS = 300
LONGEST_TEXT = 10_000  # characters of a text that is a value, or part of one
# What a function says that is not written yet: see nbgrader_settings.py.
_STUB = re.compile("NotImplementedError: (Your turn.*)?$")


def answer(namespace, request):
    """Ask the functions in `namespace` what `request` (bytes) says; returns the response as bytes."""
    with np.load(io.BytesIO(request), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    header = json.loads(arrays.pop("header").tobytes())
    packed = []
    with _silence():
        answers = [_answer_one(namespace, question, arrays, packed) for question in header["questions"]]
    response = json.dumps({"nonce": header["nonce"], "answers": answers}).encode()
    buffer = io.BytesIO()
    numbered = {str(number): array for number, array in enumerate(packed)}
    np.savez(buffer, header=np.frombuffer(response, np.uint8), **numbered)
    return buffer.getvalue()


@contextlib.contextmanager
def _silence():
    """Drop what the asked functions print: it is no part of an answer, and nbgrader scores any stderr as a failure."""
    nowhere = open(os.devnull, "w")  # noqa: PTH123, SIM115 - closed by the next line's block
    with nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def _answer_one(namespace, question, arrays, packed):
    function = namespace.get(question["function"])
    if not callable(function):
        return {"status": "missing"}
    try:
        if question["kind"] == "keras":
            return {"status": "ok", **_ask_keras(function, question, packed)}
        return {"status": "ok", **_ask_call(function, question, arrays, packed)}
    except KeyboardInterrupt:  # the sender's own way to end an endless loop
        raise
    except BaseException as error:  # sys.exit and the like end a student's function, not the questions
        said = _describe_error(error)
        stub = _raised_by(sys.exc_info()[2], namespace) if _STUB.match(said) else ""
        return {"status": "raised", "error": said, "stub": stub}


def _ask_call(function, question, arrays, packed):
    arguments = [_unpack(item, arrays) for item in question["arguments"]]
    keywords = {name: _unpack(item, arrays) for name, item in question["keywords"].items()}
    given = [*arguments, *keywords.values()]
    before = [_fingerprint(item) for item in given]
    value = function(*arguments, **keywords)
    changed = before != [_fingerprint(item) for item in given]
    return {"value": _describe(value, packed), "changed_arguments": changed}


def _unpack(item, arrays):
    return arrays[item["array"]].copy() if "array" in item else item["value"]


def _fingerprint(item):
    return (item.shape, item.dtype.str, item.tobytes()) if isinstance(item, np.ndarray) else json.dumps(item)


def _describe(value, packed, depth=0):
    """A value as JSON: its type's name, and its number or the index of its array where it has one."""
    if isinstance(value, bool | int) and type(value).__module__ == "builtins":
        content = value if abs(value) < 2**63 else None
        return {"type": type(value).__name__, "content": content}
    kind = type(value).__name__[:60]
    if type(value) is str and len(value) <= LONGEST_TEXT:
        return {"type": kind, "content": value}
    few = isinstance(value, tuple | list | dict) and depth < 2 and len(value) <= 64
    if few and isinstance(value, dict) and all(type(name) in (str, int) for name in value):
        items = [_describe(item, packed, depth + 1) for item in value.values()]
        return {"type": kind, "keys": list(value), "items": items}
    if few and isinstance(value, tuple):
        return {"type": kind, "items": [_describe(item, packed, depth + 1) for item in value]}
    if isinstance(value, list):
        place = _store_list(value, packed)
        if place is None and few:
            return {"type": kind, "list": [_describe(item, packed, depth + 1) for item in value]}
        return {"type": kind, "array": place}
    if hasattr(value, "numpy") and hasattr(value, "shape"):
        kind, value = "tensor", value.numpy()
    if isinstance(value, np.ndarray | np.generic | float):  # a float may be nan, which JSON does not know
        return {"type": kind, "array": _store(value, packed)}
    return {"type": kind}


def _store_list(value, packed):
    """A list is no array, but its numbers can be compared all the same."""
    try:
        return _store(np.array(value), packed)
    except Exception:  # rows of unequal length, or items that are no numbers
        return None


def _store(value, packed):
    """The index of a plain numeric copy, or None where the values are not numbers."""
    array = np.array(value, subok=False)
    if array.dtype.kind == "V":  # bfloat16 and its kin, but records too
        try:
            array = array.astype(np.float32)
        except (TypeError, ValueError):
            return None
    if array.dtype.kind not in "biuf":
        return None
    packed.append(array)
    return len(packed) - 1


def _describe_error(error):
    try:
        # Keras wraps an error of loading or of building in long ones of its own: the innermost names the cause.
        message = " ".join(str(error).split()).rsplit("encountered: ", 1)[-1]
        if message.startswith("in user code: "):  # TensorFlow names the lines on the way to it
            message = re.split(r" [A-Z]\w*Error: ", message)[-1]
    except Exception:  # a student's own exception may fail to print itself
        message = "(without a message)"
    return f"{type(error).__name__}: {message}"[:ERROR_CHARACTERS]


def _raised_by(trace, namespace):
    """The name of the notebook's function that raised; "" if that was none of its own, but a library's."""
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    # Keras takes its own frames out: then the innermost one that is left calls, and does not raise.
    raises = code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]
    return code.co_qualname.split(".")[0] if raises and trace.tb_frame.f_globals is namespace else ""


# --- Keras ---------------------------------------------------------------------------------------------------------


def _ask_keras(function, question, packed):
    import keras

    data_format = keras.config.image_data_format()
    keras.config.set_image_data_format(question["data_format"])
    try:
        if question["whole"]:
            model = function(input_shape=tuple(question["input_shape"]), **question["keywords"])
            if not isinstance(model, keras.Model) or not hasattr(model, "inputs"):  # a subclass has none
                return {"value": _describe(model, packed)}
            return {"value": {"type": "Model"}, "model": _describe_model(model, question, packed)}
        inputs = keras.Input(shape=tuple(question["input_shape"]))
        outputs = inputs
        for _ in range(question["repeat"]):
            if question["layer"]:
                made = function(**question["keywords"])
                if not isinstance(made, keras.layers.Layer):
                    return {"value": _describe(made, packed)}
                outputs = made(outputs)
            else:
                outputs = function(*question["before"], outputs, **question["keywords"])
        if not isinstance(outputs, keras.KerasTensor):
            return {"value": _describe(outputs, packed)}
        model = keras.Model(inputs, outputs)
        return {"value": {"type": "KerasTensor"}, "model": _describe_model(model, question, packed)}
    finally:
        keras.config.set_image_data_format(data_format)


def _describe_model(model, question, packed):
    """The model's weights, and its graphs by what they are for."""
    shape, own = question["x_shape"], [tuple(tensor.shape) for tensor in model.inputs or ()]
    answer = {"graphs": {}, "errors": {}}
    captures = {}

    def step(name, make):
        try:
            answer["graphs"][name], captures[name] = make()
        except Exception as error:
            answer["errors"][name] = _describe_error(error)

    def output_with_the_weights_as_they_are_now():
        held = captures["output"]
        return {**answer["graphs"]["output"], "captures": _read(held, packed)}, held

    step("output", lambda: _trace(model, shape, False, packed))
    if "output" in answer["errors"] and own:
        step("built", lambda: _trace(model, own[0], False, packed))  # it may be right for what it was made for
    if question["gradients"]:
        step("gradients", lambda: _trace(model, shape, True, packed))
    if question["reload"]:
        _shift(model.weights)
        if "output" in captures:
            step("saved", output_with_the_weights_as_they_are_now)
        else:
            answer["errors"]["saved"] = answer["errors"]["output"]
        step("reloaded", lambda: _trace(_reload(model), shape, False, packed))
    numbers = {id(getattr(weight.value, "handle", None)): number for number, weight in enumerate(model.weights)}
    for graph in answer["graphs"].values():
        for capture in graph["captures"]:
            capture["weight"] = numbers.get(capture["weight"])
    answer["weights"] = [
        {
            "shape": [int(side) for side in weight.shape],
            "trainable": bool(weight.trainable),
            "name": str(weight.name)[:60],
        }
        for weight in model.weights
    ]
    return answer


def _trace(model, shape, training, packed):
    """The graph of `model` for a batch of this shape, with all that it reads, variables and constants; and what that
    is, to be read again."""
    import tensorflow as tf

    dtype = tf.as_dtype(model.inputs[0].dtype if model.inputs else "float32")
    graph = tf.__internal__.FuncGraph("model")
    with graph.as_default():
        x = tf.compat.v1.placeholder(dtype, shape, "x")
        output = tf.identity(tf.convert_to_tensor(model(x, training=training)), "y")
    packed.append(np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8))
    traced = {"definition": len(packed) - 1, "dtype": dtype.name, "input": x.name, "output": output.name}
    return {**traced, "captures": _read(graph.captures, packed)}, graph.captures


def _read(captures, packed):
    """What a graph reads, with its values now."""
    import tensorflow as tf

    found = []
    for captured, place in captures:
        value, is_variable = captured, captured.dtype == tf.resource
        if is_variable:
            held = captured._handle_data.shape_and_type[0].dtype
            value = tf.raw_ops.ReadVariableOp(resource=captured, dtype=tf.as_dtype(held))
        # Without eager execution nobody knows it. For a weight that is given a value it does not matter.
        number = value.numpy() if tf.executing_eagerly() else np.zeros(value.shape, "float32")
        found.append(
            {
                "name": place.name,
                "dtype": value.dtype.name,
                "variable": is_variable,
                "value": _store(number, packed),
                "weight": id(captured),
            }
        )
    return found


def _shift(weights):
    """Move the weights away from how they start: a bias of zero that is not saved would come back as zero."""
    rng = np.random.default_rng()
    for weight in weights:
        if "float" in str(weight.dtype):
            weight.assign(weight + rng.uniform(0.05, 0.25, size=tuple(weight.shape)))


def _reload(model):
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return keras.saving.load_model(path)


def send(namespace, request, marker):
    """Answer in a notebook kernel: the response leaves as one display message under the mime type `marker`."""
    publish(answer(namespace, request), marker)


def publish(response, marker):
    """Let bytes leave a notebook kernel."""
    import base64

    from IPython.display import publish_display_data

    publish_display_data({marker: base64.b64encode(response).decode(), "text/plain": ""})
