"""Every answer file gets the score that it states: right answers lose nothing, wrong ones do not keep a point."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

import pytest

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.build import read_source
from autograder.build.helper_cell import read_causes
from autograder.course import Course
from autograder.exercise.errors import ADVICE
from autograder.exercise.questions import KerasCall
from autograder.judge import judge_namespace
from autograder.judge.verdict import Verdict
from autograder.sandbox.inside import light_tensorflow
from tests.support.answers import Answer, all_answers
from tests.support.course import ROOT
from tests.support.visible_checks import ROUNDING, Notebook, likely_causes

# As the kernels have it from which grades come; for all tests that run in the same process, too.
light_tensorflow.after_import()

ALL = all_answers()
WRONG = [answer for answer in ALL if answer.kind == "wrong"]
NOTEBOOKS = sorted({answer.notebook for answer in ALL})
SEEDS = (0, 20261122)

GRADIENT = (
    "values and weights are right: that a gradient is stopped shows only where one is computed, which the judge does"
)
# Where the visible checks say something else than the judge, and why it stays so.
OTHERWISE = {
    **dict.fromkeys(
        [
            "01-se_block-wrong-gate-gradient-stopped",
            "01-se_block-wrong-squeeze-gradient-stopped",
            "02-eca_block-wrong-gradient-stopped",
            "03-channel_attention-wrong-max-gradient-stopped",
            "04-spatial_attention-wrong-gate-gradient-stopped",
            "06-attach-wrong-gradient-stopped",
            "06-small_resnet-wrong-gradient-stopped",
        ],
        GRADIENT,
    ),
    "01-se_block-right-kernels-out-in": "its own layer keeps kernels as (out, in): the check fills weights by shape",
    "07-cbam_block-wrong-spatial-half-missing": "it is wrong only where the spatial half is not written",
}

pytestmark = pytest.mark.filterwarnings("ignore")  # students' functions may warn as they like


@cache
def given(notebook: str) -> str:
    """The code that a notebook gives for answers to use: its set-up cell's imports, and its cells tagged "given"."""
    code = [cell for cell in read_source(Course.find(), notebook).cells if cell.cell_type == "code"]
    imports = [node for node in ast.parse(code[0].source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join([*map(ast.unparse, imports), *(cell.source for cell in code if "given" in cells.tags(cell))])


@cache
def judged(answer: Answer, seed: int) -> Verdict:
    namespace: dict = {}
    exec(given(answer.notebook), namespace)
    exec(compile(answer.source, answer.name, "exec"), namespace)
    return judge_namespace(CATALOGUE.find(answer.notebook, answer.exercise), namespace, seed)


@cache
def is_slow(notebook: str, exercise: str) -> bool:
    """Whether models are built for it, or wrong answers search: that takes many times as long as a formula."""
    return exercise == "first_channels_for" or any(
        isinstance(question, KerasCall) for question in CATALOGUE.find(notebook, exercise).ask(0).values()
    )


def cases():
    """Each answer with both seeds; where that is slow with one, right answers with the one and the other in turn."""
    turn = 0
    for answer in ALL:
        slow = is_slow(answer.notebook, answer.exercise)
        turn += slow and answer.kind == "right"
        for seed in SEEDS:
            if not slow or seed == SEEDS[turn % 2 if answer.kind == "right" else 0]:
                yield pytest.param(answer, seed, id=f"{answer}-{seed}")


@pytest.mark.parametrize(("answer", "seed"), list(cases()))
def test_answer_gets_the_score_it_states(answer, seed):
    verdict = judged(answer, seed)
    report = [f"{item.name}: {item.passed} {item.sentence}" for item in verdict.properties]
    assert verdict.score == answer.score, report
    full = CATALOGUE.find(answer.notebook, answer.exercise).points
    if answer.kind == "right":
        assert verdict.score == full and verdict.status == "pass"
    else:
        assert verdict.score < full and verdict.status in ("fail", "missing")
        assert answer.says.lower() in " ".join(verdict.messages).lower(), report


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_function_has_enough_answers(notebook):
    counts = Counter((answer.exercise, answer.kind) for answer in ALL if answer.notebook == notebook)
    for exercise in CATALOGUE.exercises_of(notebook):
        assert counts[exercise.id, "right"] >= 3, exercise.id
        assert counts[exercise.id, "wrong"] >= 8, exercise.id


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_known_mistake_has_an_answer_that_makes_it(notebook):
    """A diagnosis that no answer file reaches is one that nobody has seen work."""
    said = {
        sentence for answer in WRONG if answer.notebook == notebook for sentence in judged(answer, SEEDS[0]).messages
    }
    for exercise in CATALOGUE.exercises_of(notebook):
        for mistake in exercise.mistakes:
            assert mistake.sentence in said, f"{exercise.id}: {mistake.sentence}"
        for slip in exercise.weight_mistakes:  # behind how many weights there are
            reached = any(message.endswith(f" {slip.sentence}") or message == slip.sentence for message in said)
            assert reached, f"{exercise.id}: {slip.sentence}"


@cache
def notebook_of(name: str) -> Notebook:
    return Notebook(name)


@pytest.mark.parametrize("answer", ALL, ids=str)
def test_the_visible_checks_accept_what_the_judge_accepts(answer):
    failure = notebook_of(answer.notebook).failure(answer)
    as_judged = bool(failure) == (answer.kind == "wrong")
    assert as_judged != (str(answer) in OTHERWISE), failure or "the visible checks pass"


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_visible_checks_name_the_causes_that_the_judge_names(notebook):
    """And no others: what a check says of its own is a rule. If this fails: make causes, then autograder build."""
    known, ran = read_causes(Course(ROOT), notebook), notebook_of(notebook)
    here, anywhere = (
        likely_causes(notebook, ran, lambda answer: judged(answer, SEEDS[0]).messages, rounding)
        for rounding in (0, 10 * ROUNDING)
    )
    assert here.items() <= known.items() <= (here | anywhere).items()


CARD = re.compile(r"^### Exercise · `(\w+)`", re.MULTILINE)
QUOTED = re.compile(r'<summary>("(?!RuntimeWarning).*?)</summary>', re.DOTALL)
# TensorFlow's answer once the first cell has switched oneDNN off, which is on here.
UNHEARD_HERE = ['eca_block: "The Conv2D op currently only supports the NHWC tensor format on the CPU"']


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_an_error_that_a_hint_quotes_is_one_that_a_wrong_answer_gets(notebook):
    """To the letter, but for line breaks and an ellipsis, in the visible check. Else students look for it in vain."""
    exercise, unheard = None, []
    for cell in read_source(Course(ROOT), notebook).cells:
        exercise = next(iter(CARD.findall(cell.source)), exercise)
        for title in QUOTED.findall(cell.source):
            choices = [re.findall(r'"(.+?)"(?=$|, )', choice) for choice in " ".join(title.split()).split(" or ")]
            parts = [[part for quote in choice for part in quote.split("...")] for choice in choices]
            said = [
                " ".join(f"{type(failure).__name__}: {failure}".split())
                for answer in WRONG
                if (answer.notebook, answer.exercise) == (notebook, exercise)
                and (failure := notebook_of(notebook).failure(answer))
            ]
            if not any(all(part.strip() in one for part in choice) for choice in parts for one in said):
                unheard.append(f"{exercise}: {title}")
    assert unheard == (UNHEARD_HERE if notebook.startswith("07") else [])


RIGHT_CODE = re.compile(r"//|axis=|None\]|None,|reshape\(|mean\(|transpose\(|keepdims|np\.|Dense|\*\*")


def test_messages_are_plain_sentences_that_give_nothing_away():
    said = {message for answer in WRONG for message in judged(answer, SEEDS[0]).messages}
    # Where an exception is quoted, its words are not ours, and its numbers are the student's own.
    ours = {message for message in said if " raised " not in message} | {advice for _, advice in ADVICE}
    for message in ours:
        assert message[-1] in ".?" and not re.search(r"!|'", message), message
        assert not RIGHT_CODE.search(message), message
        assert not re.search(r"\d\.\d", message), f"a value, or how far off it is: {message}"


def test_what_follows_from_another_fault_never_stands_alone():
    for answer in WRONG:
        failed = [item for item in judged(answer, SEEDS[0]).properties if not item.passed]
        assert not all(item.follows for item in failed), str(answer)


def test_what_is_said_once_is_not_said_again_with_other_numbers():
    for answer in WRONG:
        messages = judged(answer, SEEDS[0]).messages
        assert len({re.sub(r"\d+", "0", message) for message in messages}) == len(messages), (str(answer), messages)
