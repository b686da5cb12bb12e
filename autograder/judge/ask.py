"""Runs beside the student's code: calls the named function as a request says and packs what it gives.

The text of this file is sent into the student's interpreter, so it imports nothing of the course and knows no right
answer. A request and a response are npz archives: a JSON header, stored as bytes under "header", and numbered arrays.
Everything that the student's code does is caught here, but for a crash, a hang or an exhausted memory, which the
sender sees.
"""

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path

import numpy as np

ERROR_CHARACTERS = 300


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
    ask = _ask_keras if question["kind"] == "keras" else _ask_call
    try:
        return {"status": "ok", **ask(function, question, arrays, packed)}
    except KeyboardInterrupt:  # the sender's own way to end an endless loop
        raise
    except BaseException as error:  # sys.exit and the like end a student's function, not the questions
        return {"status": "raised", "error": _describe_error(error)}


def _ask_call(function, question, arrays, packed):
    arguments = [_unpack(item, arrays) for item in question["arguments"]]
    keywords = {name: _unpack(item, arrays) for name, item in question["keywords"].items()}
    before = [_fingerprint(item) for item in arguments]
    value = function(*arguments, **keywords)
    changed = before != [_fingerprint(item) for item in arguments]
    return {"value": _describe(value, packed), "changed_arguments": changed}


def _unpack(item, arrays):
    return arrays[item["array"]].copy() if "array" in item else item["value"]


def _fingerprint(item):
    return (item.shape, item.dtype.str, item.tobytes()) if isinstance(item, np.ndarray) else json.dumps(item)


def _describe(value, packed, depth=0):
    """A value as JSON: its type's name, and its number or the index of its array where it has one."""
    if isinstance(value, bool | int | float) and type(value).__module__ == "builtins":
        content = value if abs(value) < 2**63 else None
        return {"type": type(value).__name__, "content": content}
    kind = type(value).__name__[:60]
    if isinstance(value, tuple) and depth < 2 and len(value) <= 64:
        return {"type": kind, "items": [_describe(item, packed, depth + 1) for item in value]}
    if isinstance(value, list):
        return {"type": kind, "array": _store_list(value, packed)}
    if hasattr(value, "numpy") and hasattr(value, "shape"):
        kind, value = "tensor", value.numpy()
    if isinstance(value, np.ndarray | np.generic):
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
    except Exception:  # a student's own exception may fail to print itself
        message = "(without a message)"
    return f"{type(error).__name__}: {message}"[:ERROR_CHARACTERS]


# --- Keras ---------------------------------------------------------------------------------------------------------


def _ask_keras(function, question, arrays, packed):
    import keras

    data_format = keras.config.image_data_format()
    keras.config.set_image_data_format(question["data_format"])
    try:
        if question["whole"]:
            model = function(input_shape=tuple(question["input_shape"]), **question["keywords"])
            if not isinstance(model, keras.Model):
                return {"value": _describe(model, packed)}
            return {"value": {"type": "Model"}, "model": _ask_model(model, question, arrays, packed)}
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
        return {"value": {"type": "KerasTensor"}, "model": _ask_model(model, question, arrays, packed)}
    finally:
        keras.config.set_image_data_format(data_format)


def _ask_model(model, question, arrays, packed):
    import keras

    slots = _match_slots(model.weights, {slot: arrays[name] for slot, name in question["weights"].items()})
    answer = {
        "weights": [[[int(side) for side in weight.shape], bool(weight.trainable)] for weight in model.weights],
        "matched": list(slots),
        "gradients": {},
        "errors": {},
    }
    x = arrays[question["x"]].astype("float32")

    def step(name, action):
        try:
            answer[name] = action()
        except Exception as error:
            answer["errors"][name] = _describe_error(error)

    step("output", lambda: _store(keras.ops.convert_to_numpy(model(x, training=False)), packed))
    if question["gradients"] is not None:
        step("gradients", lambda: _gradients(model, slots, x, arrays[question["gradients"]], packed))
    if question["reload"]:
        step("reloaded", lambda: _store(keras.ops.convert_to_numpy(_reload(model)(x, training=False)), packed))
    return answer


def _match_slots(weights, values):
    """Give each slot the first free weight of its shape (axes of length one apart) and set it to the slot's values."""
    free, slots = list(weights), {}
    for slot, value in values.items():
        for weight in free:
            if _is_named_for(slot, weight) and _without_ones(weight.shape) == _without_ones(value.shape):
                weight.assign(value.reshape(tuple(weight.shape)))
                slots[slot] = weight
                free = [other for other in free if other is not weight]
                break
    return slots


def _is_named_for(slot, weight):
    """The four vectors of a batch norm have one shape: a slot named after one of them takes that one alone."""
    norm = ("gamma", "beta", "moving_mean", "moving_variance")
    return all(weight.name == name for name in norm if slot.startswith(name))


def _without_ones(shape):
    return tuple(int(side) for side in shape if side != 1)


def _gradients(model, slots, x, factors, packed):
    import tensorflow as tf

    x = tf.convert_to_tensor(x)
    variables = {slot: weight.value for slot, weight in slots.items()}
    with tf.GradientTape() as tape:
        tape.watch([x, *variables.values()])  # a frozen weight has a gradient too: freezing is judged by itself
        loss = tf.reduce_sum(model(x, training=True) * tf.cast(factors, "float32"))
    gradients = tape.gradient(loss, {"x": x, **variables})
    return {slot: _store(value.numpy(), packed) for slot, value in gradients.items() if value is not None}


def _reload(model):
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return keras.saving.load_model(path)


def send(namespace, request, marker):
    """Answer in a notebook kernel: the response leaves as one display message under the mime type `marker`."""
    import base64

    from IPython.display import publish_display_data

    response = answer(namespace, request)
    publish_display_data({marker: base64.b64encode(response).decode(), "text/plain": ""})
