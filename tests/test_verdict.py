"""Questions repeat, points add up, and a verdict gives nothing away."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, replace

import nbformat
import numpy as np
import pytest

from attention_course.exercises import CATALOGUE
from autograder.course import Course
from autograder.exercise.arrays import agrees
from autograder.exercise.exercise import Exercise, Property
from autograder.exercise.questions import Call, KerasCall
from autograder.judge import judge_namespace
from autograder.judge.verdict import STATUS_SENTENCES, FaultyProperty, Verdict, as_html, as_text, without_answers

NOTEBOOKS = ("00_feature_maps", "01_squeeze_excitation")
COUNTS = ("se_weight_count",)
CARD = re.compile(r"^### Exercise · `\w+`\n\*\*([\d.]+) points?", re.MULTILINE)
EXERCISES = [exercise for notebook in NOTEBOOKS for exercise in CATALOGUE.exercises_of(notebook)]
POOL = EXERCISES[0]


def verdict_on(function, exercise=POOL.id, notebook="00_feature_maps"):
    return judge_namespace(CATALOGUE.find(notebook, exercise), {exercise: function})


# --- the exercises -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_points_are_those_of_the_cards(notebook):
    given_out = nbformat.read(Course.find().release(notebook), as_version=4)
    cards = [float(points) for cell in given_out.cells for points in CARD.findall(cell.source)]
    assert [exercise.points for exercise in CATALOGUE.exercises_of(notebook)] == cards
    for exercise in CATALOGUE.exercises_of(notebook):
        names = [item.name for item in exercise.properties]
        assert len(set(names)) == len(names)


def contents(question: Call | KerasCall) -> dict:
    if isinstance(question, Call):
        return {**dict(enumerate(question.arguments)), **question.keywords}
    return {"x": question.x, "gradients": question.gradients, **question.weights, **question.keywords}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_a_seed_gives_the_same_questions_again_and_another_seed_others(exercise):
    first, again, other = exercise.ask(5), exercise.ask(5), exercise.ask(6)
    for key in first:
        for name, value in contents(first[key]).items():
            np.testing.assert_array_equal(value, contents(again[key])[name])
    flat = [np.concatenate([np.ravel(v) for v in contents(q).values() if v is not None]) for q in first.values()]
    flat_other = [np.concatenate([np.ravel(v) for v in contents(q).values() if v is not None]) for q in other.values()]
    assert not all(np.array_equal(a, b) for a, b in zip(flat, flat_other, strict=True))


def test_a_notebook_or_an_exercise_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="99_none.*00_feature_maps"):
        CATALOGUE.exercises_of("99_none")
    with pytest.raises(LookupError, match="squeze.*squeeze"):
        CATALOGUE.find("01_squeeze_excitation", "squeze")


# --- the verdict ---------------------------------------------------------------------------------------------------


def test_a_verdict_in_html_is_text_and_nothing_else():
    tag = "<img src=x onerror=alert(1)>"

    def raises(x):
        raise ValueError("<script>alert('&')</script>")

    for function in (raises, lambda x: type(tag, (), {})()):
        page = as_html(verdict_on(function))
        assert "<script" not in page and "<img" not in page
        assert "&lt;script&gt;" in page or "&lt;img" in page


def shown(verdict) -> str:
    return as_text(verdict) + html.unescape(as_html(verdict))


WRONG_ARRAYS = (np.zeros_like, np.ones_like, lambda values: values + 1, lambda values: values * 1.5)


@pytest.mark.parametrize("wrong", WRONG_ARRAYS)
@pytest.mark.parametrize(
    "exercise", [e for e in EXERCISES if e.id not in COUNTS and "block" not in e.id], ids=lambda e: e.id
)
def test_a_verdict_never_shows_a_right_value(exercise, wrong):
    notebook = next(name for name in NOTEBOOKS if exercise in CATALOGUE.exercises_of(name))
    verdict = judge_namespace(
        CATALOGUE.find(notebook, exercise.id), {exercise.id: lambda *a: wrong(exercise.oracle(*a))}
    )
    points = {f"{number:g}" for item in verdict.properties for number in (item.earned, item.points)}
    points |= {f"{verdict.score:g}", f"{verdict.max_score:g}"}
    assert verdict.status == "fail"
    assert set(re.findall(r"\d+\.\d+", shown(verdict))) <= points  # no other number with a fraction: no value, no error


@pytest.mark.parametrize("name", COUNTS)
def test_a_verdict_never_shows_a_right_count(name):
    exercise = CATALOGUE.find("01_squeeze_excitation", name)
    verdict = verdict_on(lambda *a, **k: exercise.oracle(*a, **k) + 1, name, "01_squeeze_excitation")
    for question in exercise.ask(0).values():
        count = exercise.oracle(*question.arguments, **question.keywords)
        assert str(count) not in shown(verdict) and f"{count:,}" not in shown(verdict)


def test_an_unwritten_function_is_told_from_a_wrong_one():
    def wrong(x):
        raise ValueError(f"{POOL.id} is not written yet.")

    stub: dict = {}
    exec(f"def {POOL.id}(x): raise NotImplementedError('Your turn')", stub)
    verdict = judge_namespace(POOL, stub)
    assert verdict.unwritten and Verdict.from_dict(asdict(verdict)).unwritten
    assert not verdict_on(wrong).unwritten and not verdict_on(POOL.oracle).unwritten


def test_a_count_beyond_all_counts_is_said_to_be_one():
    (sentence,) = verdict_on(lambda *_, **__: 10**30, "se_weight_count", "01_squeeze_excitation").messages
    assert sentence.startswith("It returns a whole number of more than 18 digits")


def test_what_waits_for_another_function_is_told_so():
    def says(error: str) -> str:
        namespace: dict = {}
        exec(f"def {POOL.id}(x): return pool(x)\ndef pool(x): raise {error}", namespace)
        verdict = judge_namespace(POOL, namespace)
        assert verdict.score == 0 and not verdict.unwritten
        return verdict.messages[0]

    assert says("NotImplementedError") == says("NotImplementedError('Your turn: ...')")
    assert says("NotImplementedError") == f"{POOL.id} calls pool, which is not written yet."
    assert says("NotImplementedError('no such mode')") == f"{POOL.id} raised NotImplementedError: no such mode."


def test_a_property_that_fails_is_a_fault_of_the_course_and_is_named():
    def fails(round):
        float(round.value("hand").content)

    faulty = replace(POOL, properties=(Property("own", 1, "is judged", fails),))
    with pytest.raises(
        FaultyProperty, match=r"global_average_pool, property 'own': TypeError: .*test_verdict.py, line"
    ):
        judge_namespace(faulty, {POOL.id: POOL.oracle})
    misspelt = replace(POOL, properties=(agrees("hnad", 1, "is judged", name="own"),))
    with pytest.raises(FaultyProperty, match="there is no question 'hnad', only 'hand', "):
        judge_namespace(misspelt, {POOL.id: POOL.oracle})


def test_booleans_are_compared_as_numbers_are():
    exercise = Exercise("f", lambda: True, lambda rng: {"asked": Call()}, (agrees("asked", 1, "is true"),))
    assert [judge_namespace(exercise, {"f": lambda value=value: value}).score for value in (True, False)] == [1, 0]


def raising(error):
    def function(x):
        raise error

    return function


def diagnoses(function) -> set[str]:
    return {item.diagnosis for item in verdict_on(function).properties if not item.passed}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (raising(ValueError("in my row 3")), raising(ValueError("there are 17 of them"))),
        (lambda x: np.zeros((3, 5)), lambda x: np.zeros((7, 2))),
        (lambda x: POOL.oracle(x) + 0.5, lambda x: POOL.oracle(x) * 0.9),
    ],
)
def test_a_diagnosis_is_the_same_whatever_numbers_and_words_are_in_the_sentence(one, other):
    assert diagnoses(one) and diagnoses(one) == diagnoses(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (raising(ValueError("no")), raising(TypeError("no"))),
        (raising(ValueError("operands could not be broadcast together")), raising(ValueError("no"))),
        (lambda x: x.sum(axis=(1, 2)), lambda x: x.max(axis=(1, 2))),
        (lambda x: None, lambda x: 3),
    ],
)
def test_another_mistake_has_another_diagnosis(one, other):
    assert diagnoses(one).isdisjoint(diagnoses(other))


def test_a_verdict_without_diagnoses_is_read_and_its_sentences_tell_mistakes_apart():
    verdict = verdict_on(raising(ValueError("no")))
    older = asdict(verdict)
    for item in older["properties"]:
        del item["diagnosis"]
    assert Verdict.from_dict(asdict(verdict)) == verdict
    assert {item.diagnosis for item in Verdict.from_dict(older).properties} == set(verdict.messages)


@pytest.mark.parametrize("status", STATUS_SENTENCES)
def test_where_no_answer_came_the_reason_stands_once(status):
    verdict = without_answers(POOL, status)
    assert (verdict.score, verdict.max_score, verdict.status) == (0, POOL.points, status)
    assert verdict.messages == [STATUS_SENTENCES[status]]
    assert as_text(verdict).count(STATUS_SENTENCES[status]) == 1


def test_the_form_that_programs_read():
    assert verdict_on(lambda x: x.sum(axis=(1, 2))).to_dict() == {
        "id": "global_average_pool",
        "score": 1.0,
        "max_score": POOL.points,
        "status": "fail",
        "messages": ["It adds up and does not divide: the mean divides by H * W."],
    }
