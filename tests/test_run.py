"""What stops a student's interpreter costs the exercise in question, and no other."""

from __future__ import annotations

import pytest

from attention_course.exercises import CATALOGUE
from tests.support.verdicts import COURSE, NAME, verdicts


def test_a_crash_an_endless_loop_and_a_missing_answer_cost_one_exercise_each():
    found = verdicts(
        {
            "global_average_pool": "import os\ndef global_average_pool(x):\n    os._exit(0)",
            "channel_pool": "def channel_pool(x):\n    while True:\n        pass",
            "apply_channel_gate": "def apply_channel_gate(x, gate):\n    raise SystemExit",
        },
        cell_seconds=4,
        remove=("to_channels_first",),
    )
    assert {name: verdict.status for name, verdict in found.items()} == {
        **{exercise.id: "pass" for exercise in CATALOGUE.exercises_of(NAME)},
        "global_average_pool": "crash",
        "channel_pool": "timeout",
        "apply_channel_gate": "fail",
        "to_channels_first": "missing",
    }
    for verdict in found.values():
        assert verdict.score == (verdict.max_score if verdict.status == "pass" else 0)
        assert bool(verdict.messages) == (verdict.status != "pass")


def test_an_answer_cell_that_stops_the_interpreter_when_it_is_run():
    found = verdicts({"global_average_pool": "import os\nos._exit(1)"}, extra="import os\nos.kill(os.getpid(), 9)")
    assert found.pop("global_average_pool").status == "crash"
    assert {verdict.status for verdict in found.values()} == {"pass"}


# What fools nbgrader's own way of scoring, each in an answer that returns its argument.
TRICKS = {
    "global_average_pool": "def global_average_pool(x):\n    import sys\n    sys.displayhook(3.0)\n    return x",
    "channel_pool": "import ast\n"
    "class Drop(ast.NodeTransformer):\n"
    "    def visit_Assert(self, node):\n        return ast.Pass()\n"
    "get_ipython().ast_transformers.append(Drop())\n"
    "def channel_pool(x):\n    return x",
    "apply_channel_gate": "def apply_channel_gate(x, gate):\n    global check_shape, check_close\n"
    "    check_shape = check_close = print\n    return x",
    "apply_spatial_gate": "def judge(name):\n    return 3.0\ndef apply_spatial_gate(x, gate):\n    return x",
}


def test_tricks_on_the_visible_tests_gain_nothing():
    """Only what holds by itself counts: returning x is an array, leaves x alone and may have the right shape."""
    came_back = {}
    found = verdicts(TRICKS, on_answers=lambda exercise, questions, answers: came_back.update({exercise: answers}))
    assert list(came_back) == list(found)
    assert came_back["channel_pool"]["hand"].value.content.shape == (1, 2, 2, 3)  # it returned x
    for name in TRICKS:
        passed = {item.name for item in found.pop(name).properties if item.passed}
        assert passed <= {"type", "shape", "purity"}, name
    assert {verdict.status for verdict in found.values()} == {"pass"}


@pytest.mark.parametrize("name", COURSE.names)
def test_every_exercise_of_the_walkthrough_passes(name):
    """Graded as a submission, without the demonstrations: no test cell leans on one."""
    found = verdicts({}, name)
    assert list(found) == [exercise.id for exercise in CATALOGUE.exercises_of(name)]
    assert {verdict.status for verdict in found.values()} == {"pass"}, {n: v.messages for n, v in found.items()}
