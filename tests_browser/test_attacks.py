"""What a student wrote cannot act where it is looked at: formgrader, JupyterLab and the feedback, in a real browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from conftest import ROOT, SHOTS
from lab import QUIET, STAND_INS, Lab, run_lab
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from nbgrader.api import Gradebook
from payloads import HOST, KINDS, PAYLOADS, TAKE_OVER
from playwright.sync_api import BrowserContext, Page, Route
from works import NOTEBOOK

from autograder.course import Course
from autograder.feedback import exporter as feedback
from autograder.grading import judging
from autograder.grading.grade import grade_file
from autograder.record.recorder import Graded, Recorder, require_assignment
from tests.support.course import solved
from tests.support.submissions import fill_in

FORMULA = r"Where $a < b$, $$\sum_c x_c$$ holds, **so** `a < b` is"
ODD_NAME = "<img src=x onerror=new(Image)().src=`http:\u2215\u2215canary.test`>\"'"
WHOLE = {**QUIET, "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


@dataclass
class Canary:
    """Keeps what asked for the canary's host, of all pages of a context; nothing else leaves this machine either."""

    context: BrowserContext

    def __post_init__(self):
        self.fired: set[str] = set()
        self.refused: list[str] = []
        self.context.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), self._answer)
        self.context.on("console", self._on_console)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(HOST):
            self.fired.add(url.removeprefix(HOST).strip("/").split("?")[0])
        for address, (kind, text) in STAND_INS.items():
            if url.startswith(address):
                return route.fulfill(content_type=kind, body=text)
        return route.abort()

    def _on_console(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)


@pytest.fixture
def page(context) -> Page:
    """A page whose errors are of no interest: an attack that fails may well be one."""
    return context.new_page()


@pytest.fixture
def canary(context) -> Canary:
    return Canary(context)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A class of three: an attacker as recorded, the same without the cleaning, and somebody honest."""
    course = make_course(tmp_path_factory.mktemp("attacks") / "course")
    release = nbformat.read(course.release(NOTEBOOK), as_version=4)
    solutions = solved(NOTEBOOK)
    words = [f"{FORMULA} {name}:\n\n{text}" for name, text in PAYLOADS.items()]
    middle = len(words) // 2
    in_words = {
        "reflect-forget": "\n\n".join([TAKE_OVER, *words[:middle]]),
        "reflect-shapes": "\n\n".join(words[middle:]),
    }
    attack = fill_in(release, {**solutions, **in_words})
    attack.cells += own_cells()  # last, for some swallow all that follows
    honest = fill_in(release, {**solutions, "reflect-forget": FORMULA, "reflect-shapes": "It runs where B = W."})
    require_assignment(course, NOTEBOOK)
    with Recorder(course, NOTEBOOK) as recorder:
        for student, notebook, clean in (
            ("mallory", attack, True),
            (ODD_NAME, attack, True),
            ("unclean", attack, False),
            ("ada", honest, True),
        ):
            folder = course.root / "submitted" / student / NOTEBOOK
            folder.mkdir(parents=True)
            (folder / "beside.html").write_text(f"<script>new(Image)().src=`{HOST}/beside`</script>")
            nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")
            with patch.object(judging, "make_harmless", judging.make_harmless if clean else lambda notebook: None):
                result = grade_file(course, NOTEBOOK, folder / f"{NOTEBOOK}.ipynb", student)
            assert not result.reason, result.reason
            graded = result.graded if clean else without_widgets(result.graded)
            (recorded,) = recorder.record([Graded(student, folder, graded)])
            assert not recorded.fault, recorded.fault
            page = feedback.render(nbformat.v4.reads(graded), recorded.grades)
            recorder.write_feedback(student, page, folder)
    return course


def make_course(folder: Path) -> Course:
    folder.mkdir()
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return Course(folder)


def without_widgets(graded: str) -> str:
    """A graded notebook that nbgrader's exporter can show: a widget that is text stops it, if it is not cleaned."""
    return graded.replace("application/vnd.jupyter.widget-view+json", "application/x-no-widget")


def own_cells() -> list:
    """Each payload in a text cell and a raw one, and as each kind of output."""
    found = []
    for text in PAYLOADS.values():
        found += [new_markdown_cell(text), new_raw_cell(text)]
        data = json.dumps({kind: text for kind in KINDS})
        show = "from IPython.display import publish_display_data\n"
        show += "\n".join(f"publish_display_data({{{kind!r}: {text!r}}})" for kind in KINDS)
        found.append(new_code_cell(f"{show}\npublish_display_data({data})"))
    return found


@pytest.fixture(scope="module")
def lab(course, tmp_path_factory) -> Iterator[Lab]:
    with run_lab(course.root, tmp_path_factory.mktemp("private"), SHOTS / "attacks.log", WHOLE) as lab:
        yield lab


_WITHOUT_GUARD = """
import autograder.nbgrader_settings

autograder.nbgrader_settings.guard = lambda: None
set_up(c)
"""


@contextmanager
def unguarded(course: Course, private: Path) -> Iterator[Lab]:
    """The same course, in a JupyterLab whose formgrader has no policy."""
    config = course.root / "nbgrader_config.py"
    text = config.read_text()
    assert text.count("\nset_up(c)\n") == 1
    config.write_text(text.replace("\nset_up(c)\n", _WITHOUT_GUARD))
    try:
        with run_lab(course.root, private, SHOTS / "attacks-unguarded.log", WHOLE) as lab:
            yield lab
    finally:
        config.write_text(text)


def open_submission(page: Page, lab: Lab, course: Course, student: str) -> None:
    """Formgrader's page of a student's submission, shown whole and looked at for a while."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        name = gradebook.find_submission_notebook(NOTEBOOK, NOTEBOOK, student).id
    page.goto(lab.address("lab"))  # so that the browser is known there
    page.goto(f"{lab.url}/formgrader/submissions/{name}/", wait_until="load")
    page.wait_for_timeout(2_000)


def click_everything(page: Page) -> None:
    """Click each link and button in what a student wrote."""
    page.evaluate(
        """() => document.querySelectorAll(".rendered_html a, .jp-RenderedHTMLCommon a, main section a, svg a, mtext, "
             + ".rendered_html button").forEach((one) => {
             const href = one.getAttribute && one.getAttribute("href");
             if (!href || !/^https?:/.test(href)) one.dispatchEvent(new MouseEvent("click", {bubbles: true}));
           })"""
    )
    page.wait_for_timeout(1_000)


def manual_scores(course: Course) -> dict[str, list]:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return {
            one.student.id: [grade.manual_score for grade in one.notebooks[0].grades if grade.manual_score is not None]
            for one in gradebook.assignment_submissions(NOTEBOOK)
        }


@pytest.mark.parametrize("student", ["mallory", ODD_NAME], ids=["mallory", "odd-name"])
def test_formgrader_shows_an_attack_and_nothing_happens(page, lab, course, canary, student):
    open_submission(page, lab, course, student)
    assert page.locator(".MathJax, .rendered_html", has_text="a < b").count() > 0
    assert page.locator("input.score").count() == 8  # the scoring boxes are there, and nothing lies above them
    uncovered = """(box) => { box.scrollIntoView({block: "center"});
        const {x, y, width, height} = box.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2) === box; }"""
    for box in page.locator("input.score").all():
        assert box.evaluate(uncovered)
    (page.locator(".nbgrader_cell", has_text="Where").first).scroll_into_view_if_needed()
    page.wait_for_timeout(700)
    page.screenshot(path=SHOTS / f"attack-in-formgrader-{'named' if student == ODD_NAME else 'words'}.png")
    click_everything(page)
    assert canary.fired == set() and canary.refused == []  # the first wall holds: the second has nothing to do
    assert not any(manual_scores(course).values()) and not (course.root / "pwned.txt").exists()
    assert page.locator(".rendered_html strong", has_text="so").count() > 0
    assert page.locator(".rendered_html code", has_text="a < b").count() > 0


def test_what_an_instructor_needs_still_works_on_that_page(page, lab, course, canary):
    open_submission(page, lab, course, "mallory")
    box = page.locator("[id=reflect-forget]")
    box.fill("1")
    with page.expect_response(lambda answer: "/api/grade/" in answer.url):
        box.press("Escape")
    comment = page.locator("[id=reflect-forget-comment]")
    comment.fill("*Good* <script>new(Image)().src=`http://canary.test/comment`</script>")
    with page.expect_response(lambda answer: "/api/comment/" in answer.url):
        comment.press("Escape")
    assert manual_scores(course)["mallory"] == [1.0]
    page.locator("span.glyphicon-eye-open").click()
    assert page.locator("a.name-shown").is_visible()
    assert canary.refused == []
    first = page.url
    page.locator("li.next a").click()
    page.wait_for_url(lambda url: url != first)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("reflect-forget", NOTEBOOK, NOTEBOOK, "mallory")
        grade.manual_score = None
        gradebook.db.commit()
        grades = feedback.read_grades(gradebook, NOTEBOOK, "mallory")
    path = course.root / "autograded" / "mallory" / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    shown = course.root / "comment.html"
    shown.write_text(feedback.render(nbformat.read(path, as_version=4), grades))
    page.goto(shown.as_uri())
    assert page.locator(".comment em", has_text="Good").count() == 1
    assert canary.fired == set()


def test_the_policy_alone_stops_the_same_attack_uncleaned(page, lab, course, canary):
    open_submission(page, lab, course, "unclean")
    click_everything(page)
    assert canary.fired == set() and canary.refused
    assert not any(manual_scores(course).values()) and not (course.root / "pwned.txt").exists()


def test_a_page_handed_in_beside_the_notebook_is_no_page_of_ours(page, lab, course, canary):
    open_submission(page, lab, course, "mallory")
    page.goto(f"{page.url.partition('?')[0]}beside.html")
    page.wait_for_timeout(1_000)
    assert canary.fired == set() and page.evaluate("origin") == "null"


def test_lists_of_students_show_odd_names_as_they_are(page, lab, course, canary):
    page.goto(lab.address("lab"))
    for address in ("manage_students", f"manage_submissions/{NOTEBOOK}", f"gradebook/{NOTEBOOK}/{NOTEBOOK}"):
        page.goto(f"{lab.url}/formgrader/{address}")
        page.wait_for_timeout(1_500)
    page.goto(f'{lab.url}/formgrader/manage_students/";new(Image)().src="{HOST.replace("/", "%2F")}%2Fname";"/x')
    page.wait_for_timeout(1_000)
    assert canary.fired == set()


def test_jupyterlab_shows_the_graded_notebook_and_nothing_happens(page, lab, course, canary):
    page.goto(lab.address(f"lab/tree/autograded/mallory/{NOTEBOOK}/{NOTEBOOK}.ipynb") + "&reset")
    page.locator(".jp-RenderedMarkdown code", has_text="a < b").first.wait_for()
    page.wait_for_timeout(5_000)
    click_everything(page)
    page.locator(".jp-RenderedMarkdown code", has_text="a < b").first.scroll_into_view_if_needed()
    page.screenshot(path=SHOTS / "attack-in-jupyterlab.png")
    assert canary.fired == set()
    assert not (course.root / "pwned.txt").exists()


@pytest.mark.parametrize("student", ["mallory", "unclean"])
def test_the_feedback_shows_it_and_nothing_happens(page, course, canary, student):
    page.goto((course.root / "feedback" / student / NOTEBOOK / f"{NOTEBOOK}.html").as_uri())
    page.wait_for_timeout(1_000)
    click_everything(page)
    page.screenshot(path=SHOTS / f"attack-in-feedback-{student}.png")
    assert canary.fired == set() and canary.refused == []


def test_without_both_walls_it_would_happen(page, course, canary, tmp_path):
    """So that the tests above can fail: the same notebook, neither cleaned nor guarded, takes the gradebook over."""
    with unguarded(course, tmp_path) as lab:
        open_submission(page, lab, course, "unclean")
        page.wait_for_timeout(4_000)
        fired = set(canary.fired)
    print(f"came through: {sorted(fired)}")
    assert {"script", "img-onerror", "svg-onload", "image", "css-import", "iframe"} <= fired
    assert manual_scores(course)["unclean"] and (course.root / "pwned.txt").exists()
    (course.root / "pwned.txt").unlink()
