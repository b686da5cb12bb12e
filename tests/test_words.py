"""The page on which answers in words are graded: who may save what, and where it is found afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import html
import http.client
import json
import re
import shutil
import sqlite3
import threading
from dataclasses import dataclass
from functools import cache

import pytest
from click.testing import CliRunner
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from autograder.commands import words as command
from autograder.course import Course, CourseError
from autograder.feedback.exporter import CellGrade, read_grades
from autograder.harmless.recording import harmless_words
from autograder.lms.class_list import class_list
from autograder.lms.export import grades_of
from autograder.record.by_hand import HandGrade, HandGradebook
from autograder.record.reader import left_to_a_person, open_to_read
from autograder.statuses import ByHand
from autograder.words import server
from autograder.words.answers import Answer
from autograder.words.desk import MAX_COMMENT, Card, Desk, Tally, steps
from autograder.words.open import open_desk
from autograder.words.page import render
from autograder.words.questions import Question, questions_of
from tests.support.course import ROOT, make_course
from tests.support.fake_class import FULL, NAME, give, gradebook
from tests.support.feedback_attacks import ATTACKS
from tests.support.page_reader import Reader
from tests.support.words_class import OTHER_QUESTION, QUESTION, record_words

pytest_plugins = ["tests.support.batch_fixtures"]
TOKEN = "a-secret"
ATTACK = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=http://evil/ onerror=alert(1)> <form id=undo>"


@dataclass
class Page:
    """A browser of one's own: what it sees, and what it sends."""

    port: int
    desk: Desk

    def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def see(self, question: str = QUESTION) -> str:
        status, _, page = self.ask("GET", f"/{TOKEN}/{question}/")
        assert status == 200
        return page

    def cards(self, question: str = QUESTION) -> dict[str, dict[str, str]]:
        """What the page says of each card, to be sent with its grade, by the text of the answer."""
        found = re.findall(
            r'<article .*?data-grades="(.*?)".*?<div class="answer">(.*?)</div>', self.see(question), re.S
        )
        return {re.sub(r"<.*?>", "", answer).strip(): json.loads(html.unescape(grades)) for grades, answer in found}

    def post(self, what: str, body: object, question: str = QUESTION, **headers: str) -> tuple[int, dict]:
        here = f"127.0.0.1:{self.port}"
        usual = {"Content-Type": "application/json", "Origin": f"http://{here}", "Host": here}
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        status, _, said = self.ask("POST", f"/{TOKEN}/{question}/{what}", body, **usual | sent)
        return status, json.loads(said)

    def give(self, grades: dict[str, str], **given: object) -> tuple[int, dict]:
        return self.post("grade", {"grades": grades, **given})


@cache
def questions() -> dict[str, Question]:
    return questions_of(Course(ROOT), NAME)


@contextlib.contextmanager
def served(course: Course, busy_seconds: float = 0.05):
    with open_desk(course, NAME) as desk:
        desk._gradebook.close()
        desk._gradebook = HandGradebook(f"sqlite:///{course.root}/gradebook.db", busy_seconds)
        sockets = bind_sockets(0, server.HOST)
        loop = asyncio.new_event_loop()

        async def begin() -> HTTPServer:
            http_server = HTTPServer(server.application(NAME, questions(), desk, TOKEN))
            http_server.add_sockets(sockets)
            return http_server

        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        running = asyncio.run_coroutine_threadsafe(begin(), loop).result()

        async def end() -> None:
            running.stop()
            await running.close_all_connections()

        try:
            yield Page(sockets[0].getsockname()[1], desk)
        finally:
            asyncio.run_coroutine_threadsafe(end(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, gradebook_file) -> Course:
    """A class that is recorded once: that takes longer than most tests of its page."""
    course = make_course(tmp_path_factory.mktemp("recorded") / "class")
    shutil.copy(gradebook_file, course.root)
    record_words(course, ada="The mean", ben="The mean ", cem="A picture", dan="")
    return course


@pytest.fixture
def page(course, recorded):
    shutil.copy(recorded.root / "gradebook.db", course.root)
    shutil.copytree(recorded.root / "autograded", course.root / "autograded")
    with served(course) as page:
        yield page


def in_gradebook(course, student: str, question: str = QUESTION) -> tuple[float | None, bool, str | None]:
    with gradebook(course) as book:
        place = (NAME, NAME, student)
        grade, comment = book.find_grade(question, *place), book.find_comment(question, *place)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_the_page_has_the_rubric_and_all_answers_and_names_nobody_at_first(page):
    shown = page.see()
    reader = Reader(shown)
    assert reader.open == []
    assert "Rubric, 2 points." in shown and "<math" in shown and "From " in reader.folded
    assert "by 2 students" in shown and "No response." in shown and "<strong>3 of 4 left</strong>" in shown
    assert list(page.cards())[-1] == "No response." and set(page.cards()) == {"The mean", "A picture", "No response."}
    named = [attributes for tag, attributes in reader.tags if attributes.get("class") == "names"]
    assert len(named) == 3 and all("hidden" in attributes for attributes in named)
    assert "reflect-shapes (3 left)" in reader.seen


@pytest.mark.parametrize("recorded", [False, True], ids=["as it was typed", "as it is recorded"])
@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_acts_in_the_page(name, recorded):
    attack = ATTACKS[name].replace("\ud800", "?")
    source = harmless_words(attack) if recorded else attack
    answer = Answer(((source, False), ("print(1)" + attack, True)), "digest")
    grade = HandGrade("id", "id", attack[:200], attack[:200], 2.0, None, 1.0, True, attack[:2_000])
    card = Card(answer, (grade,))
    tally = Tally({one: 0 for one in ByHand}, ((1.0, 1),), 1)
    shown = render(NAME, questions()[QUESTION], {QUESTION: 1, OTHER_QUESTION: 1}, [card], 0, tally)
    reader = Reader(shown)
    assert reader.open == [] and shown.count("<script") == 1
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    own = {"form", "iframe", "object", "embed", "base", "svg", "style", "video", "template", "xmp", "plaintext"}
    assert not own & {tag for tag, _ in reader.tags}
    for tag, attributes in reader.tags:
        assert not [one for one in attributes if one.startswith("on") or one == "style"]
        target = attributes.get("href") or attributes.get("src") or ""
        assert target.startswith(("../", "data:", "http", "mailto:", "#")) or not target, target
        assert tag != "img" or target.startswith("data:") or not target


def test_an_extension_for_somebody_who_has_not_handed_in_is_no_answer(course, page):
    with gradebook(course) as book:
        book.update_or_create_student("later")
        book.update_or_create_submission(NAME, "later")
        book.grant_extension(NAME, "later", days=2)
    _, unread = page.desk.cards(QUESTION)
    assert "<strong>3 of 4 left</strong>" in page.see() and unread == 0


def test_a_comment_keeps_its_lines(course, page):
    assert page.give(page.cards()["A picture"], comment="One\n</textarea>two")[0] == 200
    assert ">One\n&lt;/textarea&gt;two</textarea>" in page.see()


def test_nothing_of_an_answer_acts(course):
    record_words(course, ada=ATTACK)
    with gradebook(course) as book:
        book.update_or_create_student("ada", first_name="<b onclick=x>", last_name='"><script>')
    with served(course) as page:
        shown = page.see()
        _, headers, _ = page.ask("GET", f"/{TOKEN}/{QUESTION}/")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert shown.count("<script") == 1 and "onerror" not in shown and "evil" not in shown
    tags = Reader(shown).tags
    assert not [one for _, attributes in tags for one in attributes if one.startswith("on")]
    assert sum(attributes.get("id") == "undo" for _, attributes in tags) == 1
    assert not any("javascript:" in (attributes.get("href") or "") for _, attributes in tags)
    assert "&lt;b onclick=x&gt;" in shown


def test_a_grade_is_saved_at_once_and_everybody_sees_it(course, page):
    status, said = page.give(page.cards()["The mean"], points=1.5, comment=" Where? ")
    assert status == 200 and said["standing"] == "1.5 points" and "<strong>1 of 4 left</strong>" in said["tally"]
    assert said["left"] == {"SETTLED": 3, "WAITING": 1, "AGAIN": 0}
    assert in_gradebook(course, "ada") == in_gradebook(course, "ben") == (1.5, False, "Where?")
    assert in_gradebook(course, "cem") == (None, True, None)
    exported = grades_of(course, NAME)
    assert (exported["ada"].score, exported["ada"].pending) == (FULL + 1.5, 1)  # the other question waits
    with gradebook(course) as book:
        in_feedback = read_grades(book, NAME, "ada")
    assert in_feedback.cells[QUESTION] == CellGrade(1.5, 2, ByHand.SETTLED)
    assert in_feedback.comments[QUESTION] == "Where?"
    with open_to_read(f"sqlite:///{course.root}/gradebook.db") as connection:  # as the report does
        assert [left_to_a_person(connection, NAME)[one][ByHand.WAITING] for one in ("ada", "cem")] == [1, 2]
    # The same once more changes nothing, and points alone leave the comment.
    status, said = page.give(said["grades"], points=1.5)
    assert status == 200 and in_gradebook(course, "ada") == (1.5, False, "Where?")
    assert page.give(said["grades"], comment="")[0] == 200
    assert in_gradebook(course, "ben") == (1.5, False, None) and page.desk.saved == (2, 0)


def test_a_comment_alone_leaves_the_points_to_be_given(course, page):
    status, said = page.give(page.cards()["A picture"], comment="See me")
    assert status == 200 and said["by_hand"] == "WAITING"
    assert in_gradebook(course, "cem") == (None, True, "See me") and page.desk.saved == (0, 1)


def test_a_changed_answer_is_looked_at_again_with_its_points(course, page):
    for answer, points in (("The mean", 1.0), ("A picture", 2)):
        assert page.give(page.cards()[answer], points=points)[0] == 200
    record_words(course, ada="The mean\n", ben="The maximum", cem="A picture")
    assert in_gradebook(course, "ada")[:2] == (1.0, False) and in_gradebook(course, "cem")[:2] == (2.0, False)
    assert in_gradebook(course, "ben")[:2] == (1.0, True)
    shown = page.see()
    assert "1 point, to be looked at again" in shown and "1 of 4 left" in shown
    status, said = page.give(page.cards()["The maximum"], points=1)  # it is worth the same
    assert status == 200 and said["by_hand"] == "SETTLED" and in_gradebook(course, "ben")[:2] == (1.0, False)
    assert page.post("undo", {})[0] == 200 and in_gradebook(course, "ben")[:2] == (1.0, True)


def test_undo_takes_back_what_was_saved_last(course, page):
    page.give(page.cards()["The mean"], points=1)
    page.give(page.cards()["A picture"], points=2, comment="Yes")
    assert page.desk.saved == (3, 1)
    status, said = page.post("undo", {})
    assert status == 200 and said["points"] is None and said["comment"] == ""
    assert in_gradebook(course, "cem") == (None, True, None)
    assert page.post("undo", {}, OTHER_QUESTION)[0] == 409
    give(course, QUESTION, ben=0.5)  # in formgrader
    status, said = page.post("undo", {})
    assert status == 409 and "has changed" in said["error"]
    assert in_gradebook(course, "ada")[0] == 1.0 and in_gradebook(course, "ben")[0] == 0.5  # all of them or none


@pytest.mark.parametrize("points", [-0.5, 2.5, float("nan"), float("inf")])
def test_points_out_of_range_are_refused(course, page, points):
    status, said = page.give(page.cards()["A picture"], points=points)
    assert status == 400 and "give from 0 to 2 points" in said["error"]
    assert in_gradebook(course, "cem") == (None, True, None)


@pytest.mark.parametrize(
    "body",
    [
        {"points": 1},
        {"grades": ["x"], "points": 1},
        {"grades": {"x": "y"}, "points": "1"},
        {"grades": {"x": "y"}, "points": True},
        {"grades": {"x": "y"}, "points": 10**400},
        {"grades": {"x": "y"}, "comment": 3},
        [1],
        None,
    ],
)
def test_what_is_no_grade_is_refused(page, body):
    status, said = page.post("grade", body)
    assert status == 400 and "Nothing was saved" in said["error"]


def test_an_unknown_grade_and_a_comment_that_is_too_long_are_refused(page):
    assert page.give({"x": "y"}, points=1)[0] == 404 and page.give({}, points=1)[0] == 404
    status, said = page.give(page.cards()["A picture"], points=1, comment="c" * (MAX_COMMENT + 1))
    assert status == 400 and str(MAX_COMMENT) in said["error"]
    # A grade of another question is none of this one's.
    other = page.cards(OTHER_QUESTION)["A picture"]
    assert page.give(other, points=1)[0] == 404


def test_what_formgrader_or_a_grading_has_changed_meanwhile_is_not_lost(course, page):
    seen = page.cards()
    give(course, QUESTION, ben=0.5)
    status, said = page.give(seen["The mean"], points=2)
    assert status == 409 and "Load the page again" in said["error"]
    assert in_gradebook(course, "ada")[0] is None and in_gradebook(course, "ben")[0] == 0.5
    record_words(course, cem="Another answer")
    assert page.give(seen["A picture"], points=2)[0] == 409 and in_gradebook(course, "cem") == (None, True, None)


def test_a_change_between_looking_and_saving_is_seen_by_the_statement_that_saves(course, page):
    gradebook_ = page.desk._gradebook
    (before,) = [grade for grade in gradebook_.grades(NAME, QUESTION) if grade.student == "cem"]
    seen = page.cards()["A picture"]
    grades = gradebook_.grades

    def grades_then_formgrader(*place):
        found = grades(*place)
        give(course, QUESTION, cem=0.5)
        return found

    gradebook_.grades = grades_then_formgrader
    assert page.give(seen, points=2)[0] == 409
    assert before.given is None and in_gradebook(course, "cem")[0] == 0.5


def test_a_gradebook_that_is_held_is_said_so(course, page):
    seen = page.cards()["A picture"]
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, said = page.give(seen, points=2)
        assert status == 503 and "Another program holds the gradebook" in said["error"]
        other.execute("ROLLBACK")
    assert page.give(seen, points=2)[0] == 200 and in_gradebook(course, "cem")[0] == 2


def test_only_the_page_itself_may_save(course, page):
    grades = page.cards()["A picture"]
    body = {"grades": grades, "points": 2}
    foreign = [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": f"evil.example:{page.port}", "Origin": f"http://evil.example:{page.port}"},  # rebound to this machine
        {"Sec_Fetch_Site": "cross-site"},
        {"Content_Type": "text/plain"},
    ]
    for headers in foreign:
        status, said = page.post("grade", body, **headers)
        assert status == 403 and "error" in said, headers
        assert page.post("undo", {}, **headers)[0] == 403
    for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD"):
        assert page.ask(method, f"/{TOKEN}/{QUESTION}/grade", body)[0] in (404, 405)
    here = f"localhost:{page.port}"
    assert in_gradebook(course, "cem") == (None, True, None)
    assert page.post("grade", body, Host=here, Origin=f"http://{here}")[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/other/reflect-forget/", "//reflect-forget/", "/other/words.js", "/%ff/words.css"]
)
def test_nothing_is_shown_without_the_secret(page, path):
    status, _, text = page.ask("GET", path)
    assert status in (400, 403) and "mean" not in text
    status, _, text = page.ask("GET", f"/{TOKEN}/{QUESTION}/", Host="evil.example")
    assert status == 403 and "mean" not in text


def test_other_addresses_and_the_page_s_own_files(page):
    for path in (f"/{TOKEN}/", f"/{TOKEN}/no-such/", f"/{TOKEN}/{QUESTION}/../../x", f"/{TOKEN}/{QUESTION}/grade"):
        assert page.ask("GET", path)[0] == 404
    kinds = {file: page.ask("GET", f"/{TOKEN}/{file}")[1]["Content-Type"] for file in ("words.css", "words.js")}
    assert kinds == {"words.css": "text/css; charset=utf-8", "words.js": "text/javascript; charset=utf-8"}


def test_a_graded_notebook_that_is_gone_is_said(course, page):
    graded = course.root / "autograded" / "cem" / NAME / f"{NAME}.ipynb"
    graded.chmod(0o644)
    graded.write_text("{")
    assert "1 of the answers cannot be read" in page.see() and "A picture" not in page.cards()


@pytest.mark.parametrize(
    ("most", "expected"), [(2, [0, 0.5, 1, 1.5, 2]), (0.25, [0, 0.25]), (7.5, [*range(8), 7.5]), (0, [0])]
)
def test_steps(most, expected):
    assert steps(most) == expected
    assert len(steps(1000)) < 25


def test_the_command_says_what_is_missing_and_what_was_saved(course, monkeypatch):
    monkeypatch.chdir(course.root)

    def run(*arguments: str):
        return CliRunner().invoke(command.words_command, [NAME, *arguments], catch_exceptions=False)

    with pytest.raises(CourseError, match=f"no submission of {NAME} has been graded: run `autograder grade"):
        run()
    record_words(course, ada="Words")
    with pytest.raises(CourseError, match="no question 'squeeze'; there are: reflect-forget, reflect-shapes"):
        run("squeeze")
    opened = []
    monkeypatch.setattr(command.webbrowser, "open", opened.append)

    def serve(name, questions, desk, port, on_start):
        on_start(f"http://127.0.0.1:{port}/{TOKEN}/")
        if port:
            (card,) = desk.cards(QUESTION)[0]
            desk.give(QUESTION, card.versions, 1.0, "Good")
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "serve", serve)
    assert "Nothing was changed." in run("--no-browser").stderr and not opened
    done = run("--port", "9")
    assert opened == [f"http://127.0.0.1:9/{TOKEN}/{QUESTION}/"]
    assert f"Saved: 1 grade and 1 comment. `autograder grade {NAME}` puts them" in done.stderr
    run("--port", "9")
    assert opened[-1].endswith(f"/{OTHER_QUESTION}/")  # the first is done
    (course.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match="there is no gradebook yet"):
        run()


def test_a_port_that_is_taken_is_one_line(course):
    with contextlib.closing(bind_sockets(0, server.HOST)[0]) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CourseError, match=f"port {port} cannot be used .*: name another with --port"):
            server.serve(NAME, {}, None, port, lambda _: None)


def test_names_are_of_the_class(course, page):
    with gradebook(course) as book:
        book.update_or_create_student("cem", first_name="Cem", last_name="Ö")
    assert "<bdi>Cem Ö</bdi> (<bdi>cem</bdi>)" in page.see() and class_list(course, NAME).members["cem"].name == "Cem Ö"
