"""Models that came as data are run in a process of their own, within the limits of a submission."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time

import numpy as np
import pytest
import tensorflow as tf

from autograder.course import Course
from autograder.judge.wire import pack_archive, read_archive
from autograder.sandbox import fork_server
from autograder.sandbox.fork_server import ForkServerGone
from autograder.sandbox.inside import models
from autograder.sandbox.limits import Limits
from autograder.sandbox.model_runner import ModelRunner, RunStopped
from autograder.sandbox.watch import Breach, descendants
from autograder.statuses import Status

pytestmark = pytest.mark.usefixtures("tensorflow_preloaded")

X = np.arange(6.0).reshape(2, 3)
SECONDS = 60  # more than any of these takes, but for those that never end


@pytest.fixture(scope="module")
def tensorflow_preloaded(own_preloaded_process):
    """As where a class is graded: else each process here would import it."""
    fork_server.the_fork_server(preload=Course.find().config().Course.preload)


def request(make_output, x=X) -> bytes:
    """A request to run one graph, which `make_output` makes from its input."""
    with tf.Graph().as_default() as graph:
        place = tf.compat.v1.placeholder(tf.float32, x.shape)
        output = make_output(place)
    arrays = {"definition": np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8), "x": x}
    described = {"definition": "definition", "input": place.name, "output": output.name, "dtype": "float32"}
    described |= {"captures": [], "x": "x", "factors": None, "derive": []}
    return pack_archive({"graphs": [described]}, arrays)


def run_models(asked: bytes, limits: Limits, seconds: float) -> bytes:
    """What a process that runs nothing else gives."""
    with ModelRunner(limits) as runner:
        return runner.run(asked, seconds)


def endless(x):
    return tf.while_loop(lambda y: tf.reduce_all(y < 2), lambda y: [y / 2], [0 * x])[0]


def result(response: bytes):
    header, arrays = read_archive(response, 2**20)
    (only,) = header["results"]
    return only if "error" in only else arrays.numbers(only["output"])


def test_a_model_gives_in_the_sandbox_what_it_gives_here():
    asked = request(lambda x: 2 * x + 1)
    np.testing.assert_array_equal(result(run_models(asked, Limits(), SECONDS)), 2 * X + 1)
    assert run_models(asked, Limits(), SECONDS) == models.run(asked)


def test_a_python_function_does_not_leave_its_interpreter():
    asked = request(lambda x: tf.py_function(lambda y: y, [x], tf.float32))
    assert "Python function" in result(run_models(asked, Limits(), SECONDS))["error"]


def test_a_graph_sees_no_file_of_ours():
    asked = request(lambda x: tf.strings.length(tf.io.read_file(__file__))[None])
    assert "No such file" in result(run_models(asked, Limits(), SECONDS))["error"]


def test_a_model_that_does_not_end_is_ended():
    started = time.monotonic()
    with pytest.raises(RunStopped) as stopped:
        run_models(request(endless), Limits(), 2)
    assert stopped.value.breach.status == "timeout" and time.monotonic() - started < SECONDS


def test_processor_time_and_memory_have_the_limits_of_a_submission():
    with pytest.raises(RunStopped) as stopped:
        run_models(request(endless), Limits(cpu_seconds=1), SECONDS)
    assert stopped.value.breach.status == "timeout" and "processor time" in stopped.value.breach.sentence

    def large(x):
        return tf.reduce_sum(tf.random.uniform((300, 2**20)))[None]

    with pytest.raises(RunStopped) as stopped:
        run_models(request(large), Limits(memory_bytes=2**30), SECONDS)
    assert stopped.value.breach.status == "memory"
    assert result(run_models(request(large), Limits(memory_bytes=2**31), SECONDS)).shape == (1,)


def test_a_result_beyond_the_limit_is_not_read_to_its_end():
    asked = request(lambda x: tf.zeros((2**20,)))
    assert len(run_models(asked, Limits(answer_bytes=2**16), SECONDS)) < 2**20
    with pytest.raises(Exception, match="at most 65536"):
        read_archive(run_models(asked, Limits(answer_bytes=2**16), SECONDS), 2**16)


def test_one_process_runs_all_models_of_a_submission():
    with ModelRunner(Limits()) as runner:
        watches = []
        for factor in range(3):
            asked = request(lambda x, factor=factor: factor * x)
            np.testing.assert_array_equal(result(runner.run(asked, SECONDS)), factor * X)
            watches.append(runner._process.watch)
    assert len(set(watches)) == 1
    assert not watches[0]._thread.is_alive(), "the process goes on"


def test_what_ran_before_costs_a_model_nothing():
    """A crash, a limit that is reached, a result that is too large: the next one has a process of its own."""
    good = request(lambda x: x)
    with ModelRunner(Limits(answer_bytes=2**16)) as runner:
        assert len(runner.run(request(lambda x: tf.zeros((2**20,))), SECONDS)) == 2**16 + 1
        np.testing.assert_array_equal(result(runner.run(good, SECONDS)), X)
        with pytest.raises(RunStopped):
            runner.run(b"nonsense", SECONDS)
        np.testing.assert_array_equal(result(runner.run(good, SECONDS)), X)
        os.kill(runner._process.watch._pid, signal.SIGKILL)
        np.testing.assert_array_equal(result(runner.run(good, SECONDS)), X)
        runner._process.watch.stop(Breach(Status.TIMEOUT, "The models before used up the processor time."))
        np.testing.assert_array_equal(result(runner.run(good, SECONDS)), X)


def test_what_is_no_request_is_a_crash_of_the_runner_alone():
    with pytest.raises(RunStopped) as stopped:
        run_models(b"nonsense", Limits(), SECONDS)
    assert stopped.value.breach.status == "crash"
    assert fork_server.the_fork_server().is_alive()


def test_a_preloaded_process_that_dies_meanwhile_is_the_graders_fault():
    server = fork_server.the_fork_server()
    before = list(descendants(server._process.pid))

    def kill() -> None:
        until = time.monotonic() + SECONDS
        while set(descendants(server._process.pid)) <= set(before) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(before[1], signal.SIGKILL)  # behind bubblewrap's own

    threading.Thread(target=kill).start()
    with pytest.raises(ForkServerGone):
        run_models(request(endless), Limits(), SECONDS)


def test_a_response_is_one_archive_with_a_header():
    header = json.loads(np.load(io.BytesIO(models.run(request(lambda x: x))))["header"].tobytes())
    assert header == {"results": [{"reached": [], "dtype": "float32", "output": 0}]}
