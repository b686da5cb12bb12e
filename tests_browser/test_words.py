"""Answers in words, graded by keyboard alone on the page that `autograder words` serves."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from accessibility import WIDTHS, check_looks
from playwright.sync_api import Page, expect
from works import NOTEBOOK

from autograder.course import Course
from autograder.record.recorder import require_assignment
from tests.support.course import make_course
from tests.support.fake_class import gradebook
from tests.support.grader_processes import hear_interrupts
from tests.support.words_class import QUESTION, record_words

ANSWERS = {
    "ada": "The mean of a channel forgets **where** a spot was: left and right have the same $z$.",
    "ben": "# My answer\n\n| map | z |\n|---|---|\n| left | 0.25 |\n\n```python\nz = x.mean(axis=(1, 2))\n```",
    "cem": "I do not know.",
    "dan": "I do not know.",
    "eve": "",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    course = make_course(tmp_path_factory.mktemp("words") / "course")
    require_assignment(course, NOTEBOOK)
    record_words(course, **ANSWERS)
    return course


@pytest.fixture
def command(course) -> Iterator[subprocess.Popen]:
    line = [sys.executable, "-m", "autograder", "words", NOTEBOOK, QUESTION, "--no-browser"]
    pipes = {"stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, cwd=course.root, preexec_fn=hear_interrupts, **pipes) as process:
        yield process
        process.kill()


def test_answers_are_graded_by_keyboard_alone(page: Page, course, command):
    page.goto(command.stderr.readline().strip())
    here = page.locator("article[aria-current]")
    expect(here).to_have_count(1)
    given = {}
    for points, comment, keys in ((2, None, "2"), (1.5, "Not which", "1."), (0.75, None, "p0.75")):
        given[here.locator(".answer").inner_text()[:8]] = (points, comment, False)
        if comment:
            page.keyboard.type(f"c{comment}")
            page.keyboard.press("Escape")
        page.keyboard.type(keys)
        page.keyboard.press("Enter")  # no wait: the next key is meant for the next answer
    expect(page.locator("#tally")).to_contain_text("0 of 5 left")
    expect(page.get_by_role("status")).to_contain_text("Nothing in this list is left to grade.")

    page.keyboard.press("f")
    page.keyboard.press("f")
    page.keyboard.press("n")
    expect(page.get_by_text("cem, dan")).to_be_visible()
    page.keyboard.type("jk0..")
    expect(here.locator(".standing")).to_have_text("1 point")
    page.keyboard.type("uuu")
    expect(here.locator(".standing")).to_have_text(re.compile(r"2|1\.5|0\.75"))
    page.keyboard.type("9")
    expect(page.get_by_role("alert")).to_have_text("Give from 0 to 2 points. Nothing was saved.")

    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    command.send_signal(signal.SIGINT)
    assert re.search(r"Saved: 4 grades and [12] comments?\.", command.stderr.read())
    begins = {"ada": "The mean", "ben": "My answe", "cem": "I do not", "dan": "I do not"}
    with gradebook(course) as book:
        for student, begin in begins.items():
            place = (QUESTION, NOTEBOOK, NOTEBOOK, student)
            grade, comment = book.find_grade(*place), book.find_comment(*place)
            assert (grade.manual_score, comment.manual_comment, grade.needs_manual_grade) == given[begin]


def test_the_page_is_accessible_at_each_width(page: Page, command, shoot):
    page.goto(command.stderr.readline().strip())
    expect(page.locator("article[aria-current]")).to_be_visible()
    check_looks(page)
    for colours in ("light", "dark"):
        for width in WIDTHS:
            page.emulate_media(color_scheme=colours)
            page.set_viewport_size({"width": width, "height": 844})
            shoot(f"words-{colours}-{width}")
    page.keyboard.press("?")
    shoot("words-keys")
    check_looks(page)
