"""The figures of the class report, against cases made by hand and against other people's programs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, pointbiserialr

from autograder.exercise.errors import explain_error
from autograder.grading.grade import Result, faulty, refused
from autograder.judge.cause import stopped_with
from autograder.judge.verdict import PropertyVerdict, Verdict, without_answers
from autograder.report.measures import (
    MIN_STUDENTS,
    histogram,
    item_rest_correlation,
    spread,
    wilson_interval,
)
from autograder.report.records import LONGEST_NAME, HandGrades, StudentRecord, anonymised
from autograder.report.summary import summarise
from tests.support.report_class import EXERCISES, FULL, NAME, class_of, result_of

points = st.floats(0, 40).map(lambda value: round(value * 4) / 4)


# --- statistics ---


def test_quartiles_of_small_cases():
    assert spread([]) is None
    assert spread([3.0]).lower_quartile == spread([3.0]).median == spread([3.0]).upper_quartile == 3.0
    four = spread([4, 1, 2, 3])
    assert (four.lower_quartile, four.median, four.upper_quartile, four.mean) == (1.75, 2.5, 3.25, 2.5)


@given(st.lists(points, max_size=30))
def test_a_histogram_counts_each_value_once(values):
    bins = histogram(values, 20)
    assert sum(one.count for one in bins) == len(values)
    assert bins[0].count == sum(value < 2 for value in values)
    assert bins[-1].count == sum(value >= 18 for value in values)


def test_the_edges_of_the_histogram():
    counts = [one.count for one in histogram([-1, 0, 1.9, 2, 20, 21, 3.9999999999], 20)]
    assert counts == [3, 1, 1, 0, 0, 0, 0, 0, 0, 2]


@given(st.integers(1, 300), st.data())
def test_the_wilson_interval_is_scipys(n, data):
    successes = data.draw(st.integers(0, n))
    theirs = binomtest(successes, n).proportion_ci(0.95, "wilson")
    assert wilson_interval(successes, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(st.lists(st.tuples(st.booleans(), points), max_size=40))
def test_the_correlation_is_the_point_biserial_one_or_none(pairs):
    passed, rest = [one for one, _ in pairs], [other for _, other in pairs]
    found = item_rest_correlation(passed, rest)
    tell = len(pairs) >= MIN_STUDENTS and 3 <= sum(passed) <= len(pairs) - 3 and len(set(rest)) > 1
    assert (found is not None) == tell
    if tell:
        assert -1 <= found <= 1
        assert found == pytest.approx(pointbiserialr(passed, rest).statistic, abs=1e-9)


def test_the_correlation_leaves_the_property_itself_out():
    """Passed by chance, worth most of the points: with the total it would correlate strongly, with the rest not."""
    others = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    by_chance = [True, True, False, False] * 3
    results = []
    for number, (other, lucky) in enumerate(zip(others, by_chance, strict=True)):
        items = (PropertyVerdict("lucky", "", 9, lucky), PropertyVerdict("other", "", 1, bool(other)))
        results.append(Result(str(number), NAME, (Verdict("squeeze", "fail", items),)))
    lucky, other = summarise(class_of(*results)).properties
    assert lucky.separates == other.separates == pytest.approx(0)
    assert np.corrcoef(by_chance, [result.score for result in results])[0, 1] > 0.9


# --- the figures of a class ---


def test_states_exercises_and_properties():
    results = (
        result_of("ada"),
        result_of("ben", 3),
        refused(NAME, EXERCISES, "cy", "Empty."),
        faulty(NAME, EXERCISES, "di", "our fault"),
    )
    absent = StudentRecord("eva", handed_in=False)
    records = class_of(*results, faulty(NAME, EXERCISES, "fay", "workers died", set_aside=True))
    summary = summarise(replace(records, records=(*records.records, absent, StudentRecord("gus"))))
    assert summary.states == {
        "graded": 2,
        "refused": 1,
        "grader-fault": 1,
        "set aside": 1,
        "not handed in": 1,
        "not graded yet": 1,
    }
    assert summary.handed_in == 6
    assert summary.automatic.spread.highest == summary.automatic_max == FULL
    first, *_, last = summary.exercises
    assert (first.mean_share, first.full_marks, first.statuses) == (1, 2, {"pass": 2})
    assert (last.mean_share, last.full_marks, last.statuses) == (0.5, 1, {"pass": 1, "fail": 1})
    assert {(item.n, item.passed) for item in summary.properties} == {(2, 2), (2, 1)}
    assert all(item.separates is None for item in summary.properties)
    assert [why for _, _, why in summary.grading.ungraded] == [
        "Empty.",
        "our fault",
        "workers died",
        "grading has not come to it",
    ]


def test_a_property_that_separates():
    strong = [result_of(f"s{number}", 6) for number in range(6)]
    weak = [result_of(f"w{number}", number % 3) for number in range(6)]
    found = {(item.exercise, item.name): item.separates for item in summarise(class_of(*strong, *weak)).properties}
    last = EXERCISES[-1]
    assert found[last.id, last.properties[0].name] > 0.9


def test_mistakes_are_grouped_counted_and_sorted():
    sentences = {"a": "It has 3 weights.", "b": "It has 4 weights.", "c": "It has 4 weights.", "d": "It sums."}
    results = [
        result_of(student, 5, sentence, diagnosis="weights" if "weights" in sentence else "sum")
        for student, sentence in sentences.items()
    ]
    first, second = summarise(class_of(*results, result_of("e"))).mistakes
    assert (first.exercise, first.sentence, first.variants) == (EXERCISES[-1].id, "It has 4 weights.", 2)
    assert first.students == ("a", "b", "c") and second.students == ("d",)
    assert first.properties == tuple(item.name for item in EXERCISES[-1].properties)


def test_what_only_follows_from_another_fault_is_no_mistake_of_its_own():
    result = result_of("a", 5)
    failed = result.verdicts[-1]
    first, *others = failed.properties
    echoes = tuple(replace(item, sentence="Not compared.", diagnosis="", follows=True) for item in others)
    result = replace(result, verdicts=(*result.verdicts[:-1], replace(failed, properties=(first, *echoes))))
    (mistake,) = summarise(class_of(result)).mistakes
    assert mistake.sentence == first.sentence and mistake.properties == (first.name,)


def test_students_whose_names_look_alike_when_cut_count_as_two():
    long = "x" * 200
    (mistake, *_) = summarise(class_of(result_of(long + "1", 5), result_of(long + "2", 5))).mistakes
    assert len(mistake.students) == 2


def test_who_needs_help_and_why():
    stopped = without_answers(EXERCISES[0], "timeout")
    late = result_of("late")
    late = replace(late, verdicts=(stopped, *late.verdicts[1:]))
    half = result_of("half", 0, status="missing")
    summary = summarise(
        class_of(result_of("fine", 5), late, half, refused(NAME, EXERCISES, "none", "The file is empty."))
    )
    assert [student.student for student in summary.needing_help] == ["none", "half", "late"]
    reasons = {student.student: student.reasons for student in summary.needing_help}
    assert reasons["none"] == ("refused: The file is empty.",)
    assert reasons["late"] == (f"timeout: {EXERCISES[0].id}",)
    assert reasons["half"][0] == "below 50 % of the automatic points" and reasons["half"][1].startswith("missing: ")
    (missed,) = summary.needing_help[-1].missed
    assert (missed.exercise, missed.score, missed.max_score) == (EXERCISES[0].id, 0, EXERCISES[0].points)


def test_exactly_half_of_the_points_is_no_need():
    items = (PropertyVerdict("one", "", 1, True), PropertyVerdict("two", "", 1, False, "It sums."))
    assert not summarise(class_of(Result("half", NAME, (Verdict("x", "fail", items),)))).needing_help


def test_what_waits_for_a_person_is_left_out_of_the_totals():
    manual = {"reflect": 3.0, "explain": 2.0}
    hands = {"ada": HandGrades(FULL + 4, 4), "ben": HandGrades(FULL + 1, 1, 1)}
    summary = summarise(class_of(result_of("ada"), result_of("ben"), result_of("cy"), manual=manual, **hands))
    assert (summary.waiting_students, summary.waiting_questions) == (2, 3)  # cy is not entered yet
    assert summary.totals.spread.n == 1 and summary.totals.spread.median == FULL + 4
    assert summary.total_max == summary.totals.max_score == FULL + 5


def test_the_grading_itself():
    seconds = {EXERCISES[0].id: 0.5}
    results = [
        result_of(f"s{n}", seconds=float(n), exercise_seconds=seconds, notes=("The same.", "The same."))
        for n in range(9)
    ]
    stopped = tuple(without_answers(exercise, "memory") for exercise in EXERCISES)
    records = class_of(*results, Result("big", NAME, stopped, seconds=50.0, class_seed=8))
    first, *others = records.records
    grading = summarise(replace(records, records=(replace(first, breaks=1), *others))).grading
    assert grading.slowest[:2] == (("big", 50.0), ("s8", 8.0)) and grading.seconds.highest == 50
    assert grading.exercises[0].seconds.n == 9 and grading.exercises[1].seconds is None
    assert [exercise.limits["memory"] for exercise in grading.exercises] == [1] * len(EXERCISES)
    assert (grading.workers_lost, grading.died_of) == (1, ("s0",))
    assert grading.notes == (("The same.", 9),) and grading.seeds == ((7, 9), (8, 1))


def test_labels_are_cut():
    assert len(StudentRecord("x" * 10_000, "y" * 10_000).label) < 3 * LONGEST_NAME


@pytest.mark.parametrize("who", ["squeeze", "Running the model", "Saving the model and loading it"])
def test_no_text_of_an_exception_is_on_the_anonymous_page(who):
    sentence = explain_error(who, "ValueError: I am Ada, and raised by wolves")
    (mistake,) = summarise(anonymised(class_of(result_of("ada", 5, sentence)))).mistakes
    assert mistake.sentence == f"{who} raised ValueError."


def test_no_text_of_a_cell_is_on_the_anonymous_page():
    failure = stopped_with("# Ada's helpers\nx = ada", "NameError", "name 'ada' is not defined", 2)
    for before, after in {
        "": "The cell above stopped with NameError.",
        "squeeze is not written yet. ": "squeeze is not written yet. The cell above stopped with NameError.",
        "Divide. An earlier squeeze was judged. ": "Divide. An earlier squeeze was judged. "
        "The cell above stopped with NameError.",
        "squeeze raised NameError: name 'ada' is not defined. ": "squeeze raised NameError.",
    }.items():
        sentence = before + failure.sentence("squeeze", "x")
        assert "Ada's helpers" in sentence
        (mistake,) = summarise(anonymised(class_of(result_of("ada", 5, sentence)))).mistakes
        assert mistake.sentence == after
