"""Which of several attempts of a student counts: the last, or the best by setting; all say the same and say why."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from rich.console import Console

from autograder.class_run.batch import Options, grade_class
from autograder.course import Course, CourseError
from autograder.lms.class_list import class_list
from autograder.record.attempts import kept_attempts
from autograder.record.ledger import Ledger
from autograder.report.page import render
from autograder.report.records import anonymised
from autograder.report.sources import read_class
from autograder.report.summary import summarise
from autograder.statuses import ByHand
from autograder.tables import print_class
from tests.support import fake_grading
from tests.support.course import set_in_config
from tests.support.exchange import Exchange
from tests.support.fake_class import (
    FULL,
    NAME,
    OTHER_QUESTION,
    QUESTION,
    feedback,
    give,
    grade,
    gradebook,
    hand_in,
    no_client,
    recorded,
    said_by_all,
    scores,
    take_log,
)

pytest_plugins = ["tests.support.batch_fixtures"]


@pytest.fixture
def best(course) -> Course:
    """A course in which the best attempt counts."""
    set_in_config(course, 'c.Course.attempt_that_counts = "best"')
    return course


def attempt(course: Course, student: str, time: str = "", **order) -> None:
    """Hand in instead of what was there, as nbgrader's `collect --update` puts it."""
    folder = course.root / "submitted" / student / NAME
    shutil.rmtree(folder, ignore_errors=True)
    hand_in(course, **{student: order})
    if time:
        (folder / "timestamp.txt").write_text(time)


def order_of(folder: Path) -> dict:
    return json.loads((folder / f"{NAME}.ipynb").read_text())


def report(course: Course):
    return read_class(course, NAME, course.root / "report.html", class_list(course, NAME))


def test_the_last_counts_and_nothing_is_kept_unless_it_is_set(course, client):
    attempt(course, "ada")
    grade(course, client)
    attempt(course, "ada", share=0.5)
    grade(course, client)
    assert recorded(course) == {"ada": FULL / 2} and kept_attempts(course, NAME, "ada") == {}
    assert "attempt" not in feedback(course, "ada")


def test_the_best_counts_and_all_say_so(best, client):
    attempt(best, "ada", "2026-11-12 10:05:00", share=0.75)
    attempt(best, "ben")
    grade(best, client)
    assert "attempts" not in feedback(best, "ada") and take_log(best) == ["ada", "ben"]

    attempt(best, "ada", "2026-11-14 09:00:00", share=0.5)
    results = grade(best, client)
    assert take_log(best) == ["ada"] and scores(results) == {"ada": FULL * 0.75, "ben": FULL}
    assert {student: total for student, (total, _) in said_by_all(best).items()} == scores(results)
    full = points_to_get(best)
    says = (
        f"The best of 2 attempts counts: that of 12 Nov 10:05 UTC, with {FULL * 0.75:g} of {full:g} points; "
        f"the last one, of 14 Nov 09:00 UTC, had {FULL / 2:g}."
    )
    assert says in feedback(best, "ada")
    graded = nbformat.read(best.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb", as_version=4)
    assert graded.cells[0].source == says  # for formgrader, and for nbgrader's own feedback
    console = Console(width=300, file=io.StringIO())
    print_class(console, results, best.root / "feedback", class_list(best, NAME))
    assert f"ada: {says}" in console.file.getvalue()
    page = render(summarise(report(best)))
    assert says in page and "attempts counts" not in render(summarise(anonymised(report(best))))

    # What counts lies in the folder of submissions, with its time; the other is kept.
    folder = best.root / "submitted" / "ada" / NAME
    assert order_of(folder)["share"] == 0.75 and "12" in (folder / "timestamp.txt").read_text()
    assert [order_of(one)["share"] for one in kept_attempts(best, NAME, "ada").values()] == [0.75, 0.5]

    options = Options(trust=True, grade=fake_grading.grade)
    assert grade_class(best, NAME, options, no_client).tally.unchanged == 2
    attempt(best, "ada", "2026-11-14 09:00:00", share=0.5)  # collected once more
    grade(best, client)
    assert take_log(best) == [] and says in feedback(best, "ada") and len(kept_attempts(best, NAME, "ada")) == 2

    attempt(best, "ada")
    grade(best, client)
    assert take_log(best) == ["ada"] and recorded(best)["ada"] == FULL
    assert f"The best of 3 attempts counts: the last one, with {FULL:g} of {full:g} points." in feedback(best, "ada")


def points_to_get(course: Course) -> float:
    with gradebook(course) as book:
        return book.find_notebook(NAME, NAME).max_score


def test_attempts_that_were_replaced_before_any_was_graded_are_graded_too(best, client):
    for share in (0.25, 1.0, 0.5, 0.75):
        attempt(best, "ada", share=share)
        place = best.root / "downloaded" / NAME / "replaced" / "ada" / str(round(share * 4))
        if share != 0.75:  # as `autograder collect` moves it away
            shutil.copytree(best.root / "submitted" / "ada" / NAME, place)
    results = grade(best, client)
    assert take_log(best) == ["ada"] * 4 and scores(results) == {"ada": FULL} and results.tally.done == 1
    assert "The best of 4 attempts counts: number 3," in feedback(best, "ada")
    grade(best, client, force=True)
    assert take_log(best) == ["ada"] * 4


def test_under_the_tests_of_before_the_result_of_before_counts(best, client):
    attempt(best, "ada")
    (before,) = grade(best, client)
    (meanwhile,) = grade(best, client, seed=7)  # in the place of another limit: other tests, and the same submission
    (now,) = grade(best, client)
    assert meanwhile.class_seed == 7 and now.class_seed == before.class_seed


def test_a_repetition_that_was_broken_off_leaves_the_result_of_before(best, client):
    for share in (0.75, 0.5):
        attempt(best, "ada", share=share)
        grade(best, client)
    with Ledger(best.root / ".grading" / f"{NAME}.sqlite") as ledger:  # as --force leaves it
        ledger.lay_aside("ada")
        ledger.begin("ada", ledger.entry("ada").key, 0)
    assert scores(grade(best, client)) == {"ada": FULL * 0.75}


def test_a_last_attempt_that_cannot_be_graded_costs_nothing(best, client):
    attempt(best, "ada", share=0.5)
    grade(best, client)
    attempt(best, "ada")
    (best.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb").unlink()
    results = grade(best, client)
    assert scores(results) == {"ada": FULL / 2} and results.tally.refused == 0
    assert "the last one could not be graded." in feedback(best, "ada")


def test_the_last_is_what_was_handed_in_last_whenever_it_was_collected(best, client):
    attempt(best, "ada", "2026-11-14 10:00:00", share=0.5)
    (best.root / "downloaded" / NAME / "replaced" / "ada").mkdir(parents=True)
    (best.root / "submitted" / "ada" / NAME).rename(best.root / "downloaded" / NAME / "replaced" / "ada" / "1")
    attempt(best, "ada", "2026-11-12 10:00:00", share=0.25)
    (result,) = grade(best, client)
    assert ": the last one, of 14 Nov 10:00 UTC, with " in result.attempt


def test_a_late_penalty_is_part_of_what_is_best(best, client):
    with gradebook(best) as book:
        book.update_or_create_assignment(NAME, duedate="2026-11-13 00:00:00")
    attempt(best, "ada", "2026-11-12 10:00:00", share=0.5)
    grade(best, client)
    attempt(best, "ada", "2026-11-14 10:00:00", share=0.75)
    grade(best, client)
    assert recorded(best) == {"ada": FULL * 0.75} and class_list(best, NAME).lateness["ada"].is_late
    set_in_config(best, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    take_log(best)
    grade(best, client)
    assert take_log(best) == []
    assert said_by_all(best)["ada"][0] == FULL / 2 and class_list(best, NAME).lateness == {}
    assert "14 Nov 10:00 UTC, had 0, less the penalty for being late." in feedback(best, "ada")


def test_points_by_hand_belong_to_the_attempt_that_they_were_given_for(best, client):
    attempt(best, "ada", share=0.75, words="A")
    grade(best, client)
    give(best, QUESTION, ada=1.5)
    give(best, OTHER_QUESTION, ada=0.5)
    with gradebook(best) as book:
        book.find_comment(QUESTION, NAME, NAME, "ada").manual_comment = "Well seen"
        book.db.commit()
    # What may be better comes to a person, with the old points until then.
    attempt(best, "ada", share=0.75, words="B")
    grade(best, client)
    assert said_by_all(best) == {"ada": (FULL * 0.75 + 2, ByHand.AGAIN)}
    assert "wait for a person" in feedback(best, "ada")
    give(best, QUESTION, ada=0)
    give(best, OTHER_QUESTION, ada=0)
    with gradebook(best) as book:
        book.find_comment(QUESTION, NAME, NAME, "ada").manual_comment = "No"
        book.db.commit()
    take_log(best)
    grade(best, client)
    assert take_log(best) == [] and said_by_all(best) == {"ada": (FULL * 0.75 + 2, ByHand.SETTLED)}
    assert "Well seen" in feedback(best, "ada") and "wait for a person" not in feedback(best, "ada")
    assert f"number 1, with {FULL * 0.75 + 2:g} of " in feedback(best, "ada")
    # The same words in another attempt have the same points.
    attempt(best, "ada", share=1, words="A")
    grade(best, client)
    assert said_by_all(best) == {"ada": (FULL + 2, ByHand.SETTLED)}


def test_points_by_hand_count_that_were_given_before_the_best_counted(course, client):
    attempt(course, "ada", share=0.75, words="A")
    grade(course, client)
    give(course, QUESTION, ada=1.5)
    give(course, OTHER_QUESTION, ada=0.5)
    shutil.copytree(
        course.root / "submitted" / "ada" / NAME, course.root / "downloaded" / NAME / "replaced" / "ada" / "1"
    )
    attempt(course, "ada", share=0)
    grade(course, client)
    set_in_config(course, 'c.Course.attempt_that_counts = "best"')
    grade(course, client)
    assert said_by_all(course) == {"ada": (FULL * 0.75 + 2, ByHand.SETTLED)}
    assert f"number 1, with {FULL * 0.75 + 2:g} of " in feedback(course, "ada")


def test_the_sentence_comes_back_after_nbgraders_own_autograde(best, client):
    for share in (0.75, 0.5):
        attempt(best, "ada", share=share)
        grade(best, client)
    page, graded = feedback(best, "ada"), best.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(graded, as_version=4)
    del notebook.cells[0]  # nbgrader's autograde compares no attempts, and says nothing of them
    graded.chmod(0o644)
    nbformat.write(notebook, graded)
    (best.root / "feedback" / "ada" / NAME / f"{NAME}.html").write_text("nbgrader's page")
    grade(best, client)
    assert feedback(best, "ada") == page and "The best of 2 attempts counts: number 1, with " in page


def test_back_to_the_last(best, client):
    attempt(best, "ada", "2026-11-12 10:05:00", share=0.75)
    grade(best, client)
    attempt(best, "ada", share=0.5)
    grade(best, client)
    set_in_config(best, 'c.Course.attempt_that_counts = "last"')
    take_log(best)
    grade(best, client)
    assert take_log(best) == [] and recorded(best) == {"ada": FULL / 2}
    assert "attempts" not in feedback(best, "ada")
    assert order_of(best.root / "submitted" / "ada" / NAME)["share"] == 0.5


def test_a_grader_that_was_killed_between_two_attempts_loses_none(best, client):
    attempt(best, "ada")
    folder = best.root / "submitted" / "ada" / NAME
    folder.rename(folder.with_name(f".{NAME}.that-counts"))
    assert scores(grade(best, client)) == {"ada": FULL}


def test_a_folder_of_ones_own_counts_as_it_is(best, client, tmp_path):
    attempt(best, "ada")
    grade(best, client)
    attempt(best, "ada", share=0.5)
    (best.root / "submitted").rename(tmp_path / "other")
    assert scores(grade(best, client, submitted=tmp_path / "other")) == {"ada": FULL / 2}


def test_a_wrong_setting_is_one_line_before_anything_runs(course):
    set_in_config(course, 'c.Course.attempt_that_counts = "bset"')
    attempt(course, "ada")
    says = 'write c.Course.attempt_that_counts = "last" or "best", not \'bset\''
    with pytest.raises(CourseError, match=f"{says}$"):
        grade(course, client=None)
    outcome = NbGraderAPI(config=course.config()).autograde(NAME, "ada")
    assert not outcome["success"] and says in outcome["log"]


def test_with_nbgraders_exchange(best, client, tmp_path):
    exchange = Exchange(best, NAME, tmp_path)
    for share in (0.75, 0.5):
        exchange.hand_in("ada", json.dumps({"share": share, "log": str(best.root / "log")}))
        exchange.collect(update=True)
        grade(best, client)
    assert recorded(best) == {"ada": FULL * 0.75}
    exchange.release_feedback()
    (page,) = exchange.fetch_feedback("ada")
    assert "The best of 2 attempts counts: that of " in page
