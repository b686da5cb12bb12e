"""What grading writes for people, opened from disk: the report on a class, and the feedback a student reads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from accessibility import check_looks
from conftest import ROOT
from playwright.sync_api import expect
from works import CLASS, NOTEBOOK

from autograder.course import Course
from tests.support.course import make_course

PAGES = {
    "report": f"report/{NOTEBOOK}.html",
    "similar": f"similar/{NOTEBOOK}.html",
    "progress": "progress.html",
    "feedback with all points": f"feedback/ada/{NOTEBOOK}/{NOTEBOOK}.html",
    "feedback on mistakes": f"feedback/ben/{NOTEBOOK}/{NOTEBOOK}.html",
}


# On how many lines the text of an element is.
LINES = """(one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return new Set([...range.getClientRects()].map(part => part.top)).size;
})"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Course:
    course = make_course(tmp_path_factory.mktemp("graded") / "course")
    for work in CLASS:
        work.write(course, Course(ROOT).release(NOTEBOOK))
    for command in ("grade", "report", "similar"):
        subprocess.run([sys.executable, "-m", "autograder", command, NOTEBOOK], cwd=course.root, check=True)
    own = [sys.executable, "-m", "autograder", "progress", "--html", "progress.html"]
    subprocess.run(own, cwd=course.root, check=True, env={**os.environ, "AUTOGRADER_PROGRESS": "off"})
    return course


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_errors_and_is_accessible(page, graded, shoot, name):
    page.goto((graded.root / PAGES[name]).as_uri())
    expect(page.locator("h1").first).to_be_visible()
    shoot(f"class-{name.replace(' ', '-')}")
    check_looks(page)


def test_a_verdicts_rows_stack_on_a_phone(page, graded, shoot):
    page.goto((graded.root / PAGES["feedback on mistakes"]).as_uri())
    result, *_, found = page.locator("section.verdict tbody tr").first.locator("td").all()
    for width, stacked in ((390, True), (768, False), (1440, False)):
        page.set_viewport_size({"width": width, "height": 844})
        top, bottom = found.bounding_box()["y"], sum(result.bounding_box()[one] for one in ("y", "height"))
        assert (top >= bottom) == stacked, width
        shoot(f"feedback-{width}")


@pytest.mark.parametrize(
    ("name", "what", "most"), [("feedback on mistakes", "main > table .points", 1), ("similar", "thead th.n", 2)]
)
def test_short_words_in_a_table_stay_whole_on_a_phone(page, graded, name, what, most):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((graded.root / PAGES[name]).as_uri())
    long = "all => all.forEach(one => one.textContent = 'Maximiliane von Hohenfels-Wartenberg')"
    page.locator("main bdi").evaluate_all(long)
    found = page.locator(what).evaluate_all(f"all => all.map(one => [one.innerText, {LINES}(one)])")
    assert found and all(lines <= most for _, lines in found), found


def test_what_was_given_is_not_taken_for_the_students_own(page, graded):
    page.goto((graded.root / PAGES["feedback with all points"]).as_uri())
    expect(page.get_by_role("heading", name="Your answer: channel_pool")).to_have_count(1)
    expect(page.get_by_role("heading", name="A cell of your own")).to_have_count(0)


def test_the_report_names_each_student(page, graded):
    page.goto((graded.root / PAGES["report"]).as_uri())
    for work in CLASS:
        expect(page.get_by_text(work.student, exact=True).first).to_be_attached()
