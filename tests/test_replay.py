"""An appeal: what was asked and what came, a line each."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from attention_course.exercises import CATALOGUE
from autograder.commands.replay import replay_command
from autograder.exercise.answers import Answer, ModelAnswer, Value
from autograder.exercise.questions import Call, KerasCall
from autograder.grading import replay
from autograder.grading.grade import Result, refused
from autograder.judge import answers_here
from autograder.judge.in_short import asked, came
from autograder.judge.verdict import judge_answers
from autograder.statuses import AnswerStatus
from tests.support.verdicts import COURSE, NAME

FILE = str(COURSE.release(NAME))
SMALL, LARGE = np.array([[1.0, 2.5]]), np.linspace(-1, 1, 30).reshape(5, 6)
MODEL = ModelAnswer((((3, 2), True), ((2,), False)), ("w1",), output=LARGE, idle=1, errors={"reload": "ValueError: x"})


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Call((SMALL, 3), {"axis": None}), "f([[1. , 2.5]], 3, axis=None)"),
        (Call((LARGE,)), "f(float64 of shape (5, 6) from -1 to 1, mean 0)"),
        (
            KerasCall((None, 6), LARGE, {"w1": SMALL}, {"ratio": 4}, gradients=LARGE, reload=True, repeat=2),
            "a model of f(ratio=4); input (None, 6), channels_last; run on float64 of shape (5, 6) from -1 to 1, mean 0"
            "; 2 blocks, one after the other; with the weights w1 (1, 2); gradients too; saved and loaded again",
        ),
    ],
)
def test_a_question_in_a_line(question, says):
    assert asked("f", question) == says.replace("mean 0", f"mean {LARGE.mean():.5g}")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(AnswerStatus.OK, value=Value("ndarray", SMALL)), "ndarray [[1. , 2.5]]"),
        (
            Answer(AnswerStatus.OK, value=Value("ndarray", np.full(20, np.nan))),
            "ndarray float64 of shape (20,), 20 not",
        ),
        (
            Answer(AnswerStatus.OK, value=Value("float", 2.0), changed_arguments=True),
            "float 2.0; its arguments were",
        ),
        (Answer(AnswerStatus.OK, value=Value("tuple", (Value("int", 1), Value("str")))), "tuple of int 1, str"),
        (Answer(AnswerStatus.RAISED, "ValueError: " + "no " * 200), "raised ValueError: no no"),
        (Answer(AnswerStatus.MISSING), "nothing: there is no function of this name"),
        (Answer(AnswerStatus.MALFORMED, "it is cut off"), "nothing that can be read: it is cut off"),
        (
            Answer(AnswerStatus.OK, model=MODEL),
            "a model of 8 weights: (3, 2), (2,) not trainable; 1 of them unused;",
        ),
    ],
)
def test_an_answer_in_a_line(answer, says):
    assert came(answer).startswith(says) and len(came(answer)) < 250


def graded(assignment, path, seed, on_answers) -> Result:
    """Grading without an interpreter: every function returns its argument."""
    verdicts = []
    for exercise in CATALOGUE.exercises_of(NAME):
        questions = exercise.ask(seed)
        answers = answers_here(exercise.id, questions, {exercise.id: lambda x, *more: x})
        on_answers(exercise.id, questions, answers)
        verdicts.append(judge_answers(exercise, questions, answers))
    return Result("", NAME, tuple(verdicts), seed=seed)


def test_the_command_prints_what_was_asked_and_what_came(monkeypatch):
    monkeypatch.chdir(COURSE.root)
    monkeypatch.setattr(replay, "grade_submission", graded)
    done = CliRunner().invoke(replay_command, [FILE, "global_average_pool", "--seed", "5"], catch_exceptions=False)
    assert done.exit_code == 0 and "channel_pool" not in done.output and "Inputs of seed 5." in done.output
    asked_for = next(line for line in done.output.splitlines() if line.startswith("  random: "))
    random = CATALOGUE.find(NAME, "global_average_pool").ask(5)["random"].arguments[0]
    assert asked_for.startswith(
        f"  random: global_average_pool(float64 of shape {random.shape} from {random.min():.5g}"
    )
    assert f"    came: ndarray float64 of shape {random.shape}" in done.output
    assert "does not hold. The result has 4 axes" in done.output
    as_json = CliRunner().invoke(replay_command, [FILE, "--seed", "5", "--json"], catch_exceptions=False)
    found = json.loads(as_json.stdout)
    assert [one["id"] for one in found] == [exercise.id for exercise in CATALOGUE.exercises_of(NAME)]
    assert {*found[0]["exchanges"][0]} == {"question", "asked", "came"} and found[0]["properties"][0]["passed"]


def test_what_cannot_be_replayed_is_said(monkeypatch):
    monkeypatch.chdir(COURSE.root)
    reason = refused(NAME, CATALOGUE.exercises_of(NAME), "", "The file is empty.")
    monkeypatch.setattr(replay, "grade_submission", lambda *arguments, **options: reason)
    done = CliRunner().invoke(replay_command, [FILE, "--seed", "5"])
    assert done.exit_code == 3 and "The file is empty." in done.output
    done = CliRunner().invoke(replay_command, [FILE, "pooling", "--seed", "5"])
    assert "has no exercise 'pooling'; there are: global_average_pool" in str(done.exception)
