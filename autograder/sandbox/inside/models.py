"""Runs models that came as data: traced graphs with their variables, on given inputs, with given weights.

It runs where no student's code is: in a process of its own that the preloaded process forks and confines. Its text is
also sent into an interpreter that is trusted as it is. It imports nothing of the course and knows no right answer.
A request and a response are npz archives: a JSON header, stored as bytes under "header", and numbered arrays.
"""

import io
import json
import re

import numpy as np

ERROR_CHARACTERS = 300
_READS_AND_WRITES = ("ReadVariableOp", "AssignVariableOp", "AssignAddVariableOp", "AssignSubVariableOp")
_NODE = re.compile("^Graph execution error: .*? Node: '[^']*' ")  # in front of what a student has to read
_NUMBERS = "biuf"  # kinds of arrays that a graph's results may have; others are no real numbers


def run(request):
    """Run the models that `request` (bytes) holds; returns their results as bytes."""
    with np.load(io.BytesIO(request), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    header = json.loads(arrays.pop("header").tobytes())
    packed = []
    results = [_run_graph(graph, arrays, packed) for graph in header["graphs"]]
    response = json.dumps({"results": results}).encode()
    buffer = io.BytesIO()
    numbered = {str(number): array for number, array in enumerate(packed)}
    np.savez(buffer, header=np.frombuffer(response, np.uint8), **numbered)
    return buffer.getvalue()


def _run_graph(graph, arrays, packed):
    """Which captures the output depends on; where there is a batch x the output for it, and where factors are given the
    gradients of sum(output * factors)."""
    result = {}
    try:
        definition = _definition(arrays[graph["definition"]].tobytes())
        result["reached"] = _reached(definition, graph)
        if graph["x"] is not None:
            result |= _results(definition, graph, arrays, packed)
    except Exception as error:
        message = _NODE.sub("", " ".join(str(error).split()))
        result["error"] = f"{type(error).__name__}: {message}"[:ERROR_CHARACTERS]
    return result


def _reached(definition, graph):
    """The numbers of the captures on which the output depends: others may be in a graph, but are no part of it."""
    inputs = {node.name: [_node(name) for name in node.input if name[0] != "^"] for node in definition.node}
    waiting, seen = [_node(graph["output"])], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += inputs.get(name, [])
    return [number for number, capture in enumerate(graph["captures"]) if _node(capture["name"]) in seen]


def _node(tensor_name):
    return tensor_name.split(":")[0]


def _results(definition, graph, arrays, packed):
    import tensorflow as tf

    with tf.Graph().as_default() as here:
        x = tf.constant(arrays[graph["x"]], dtype=graph["dtype"])
        read, given = _captures(definition, graph, arrays)
        (output,) = tf.graph_util.import_graph_def(
            definition, input_map={graph["input"]: x, **given}, return_elements=[graph["output"]], name="model"
        )
        wanted = {"output": output}
        if graph["factors"] is not None:
            factors = tf.cast(tf.constant(arrays[graph["factors"]]), output.dtype)
            points = {"x": x, **{str(number): read[number] for number in graph["derive"]}}
            gradients = tf.gradients(tf.reduce_sum(output * factors), list(points.values()))
            wanted |= {name: gradient for name, gradient in zip(points, gradients, strict=True) if gradient is not None}
        wanted = {name: _plain(tensor) for name, tensor in wanted.items()}
        one = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
        one.graph_options.rewrite_options.disable_meta_optimizer = True  # it is run once
        with tf.compat.v1.Session(graph=here, config=one) as session:
            variables = tf.compat.v1.global_variables()
            if variables:
                session.run(tf.compat.v1.variables_initializer(variables))
            values = session.run(wanted)
    return {"dtype": output.dtype.name, **{name: _store(value, packed) for name, value in values.items()}}


def _definition(text):
    """The graph as TensorFlow reads it, without gradients of its own.

    A gradient that somebody registered under a name belongs to their interpreter. The operations have their own.
    """
    from tensorflow.core.framework import graph_pb2

    definition = graph_pb2.GraphDef()
    definition.ParseFromString(text)
    bodies = [definition.node, *(function.node_def for function in definition.library.function)]
    for node in (node for body in bodies for node in body):
        if "PyFunc" in node.op:
            raise ValueError("the model contains a Python function (py_function), which is no part of Keras")
        node.attr.pop("_gradient_op_type", None)
    return definition


def _captures(definition, graph, arrays):
    """What stands for each captured tensor: by its number, as gradients are taken of it, and by name in the graph.

    A variable that is only read (or written at the end, as a norm's statistics are) is a constant in one run, which
    costs a tenth of a variable.
    """
    import tensorflow as tf

    users = {}
    for node in definition.node:
        for name in node.input:
            users.setdefault(_node(name.removeprefix("^")), []).append(node)
    read, given = [], {}
    for capture in graph["captures"]:
        value = tf.constant(arrays[capture["value"]].reshape(capture["shape"]), capture["dtype"])
        using = users.get(_node(capture["name"]), [])
        if not capture["variable"]:
            given[capture["name"]] = value
        elif all(node.op in _READS_AND_WRITES for node in using):
            given |= {f"{node.name}:0": value for node in using if node.op == "ReadVariableOp"}
        else:
            value = tf.compat.v1.Variable(value, use_resource=True, trainable=False)
            given[capture["name"]] = value.handle
        read.append(value)
    return read, given


def _plain(tensor):
    """A dense tensor of a type that NumPy knows."""
    import tensorflow as tf

    tensor = tf.convert_to_tensor(tensor)
    return tf.cast(tensor, "float32") if tensor.dtype == tf.bfloat16 else tensor


def _store(value, packed):
    array = np.asarray(value)
    if array.dtype.kind not in _NUMBERS:
        return None
    packed.append(array)
    return len(packed) - 1
