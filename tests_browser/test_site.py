"""The site of the walkthroughs, served and from disk: no errors, no other hosts, accessible, searchable."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from accessibility import check_looks, without_colours_of_code
from conftest import ROOT
from playwright.sync_api import expect

from autograder.course import Course

NAMES = Course(ROOT).names
PAGES = ["index.html", "notation.html", "api.html", *(f"{name}.html" for name in NAMES)]
SQUEEZE = "01_squeeze_excitation.html"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "site"
    subprocess.run([sys.executable, "-m", "autograder", "site", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def served(folder) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=["served", "on disk"])
def site(request, folder) -> str:
    """The address of the site's folder, as a web server and as a disk give it."""
    return folder.as_uri() if request.param == "on disk" else request.getfixturevalue("served")


def test_the_site_has_these_pages(folder):
    assert sorted(path.name for path in folder.glob("*.html")) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_errors_and_is_accessible(page, watch, served, folder, name):
    page.goto((folder / name).as_uri())
    expect(page.locator("h1")).to_have_count(1)
    watch.check()
    page.goto(f"{served}/{name}")
    if name != SQUEEZE:
        without_colours_of_code(page)
    check_looks(page)


def test_the_search_leads_to_a_word(page, site, shoot):
    page.goto(f"{site}/index.html")
    page.keyboard.press("/")
    words = page.get_by_role("searchbox")
    expect(words).to_be_focused()
    expect(words).to_have_value("")
    words.press_sequentially("relu in between")
    first = page.get_by_role("search").get_by_role("link").first
    expect(first).to_contain_text("01 · Squeeze and excitation")
    shoot("site-1-search")
    words.press("Enter")
    page.wait_for_url(f"{site}/{SQUEEZE}#**")
    expect(page.locator(":target")).to_be_in_viewport()


@pytest.mark.parametrize("typed", ["hippopotamus", "queeze", "[a-z]+", r"\mathrm"])
def test_the_search_says_when_there_is_nothing(page, site, typed):
    page.goto(f"{site}/index.html")
    page.get_by_role("searchbox").fill(typed)
    expect(page.get_by_role("status")).to_have_text("0 places found")


@pytest.mark.parametrize("typed", ["SQUEE", "(B, C)"])
def test_the_search_finds_beginnings_of_words_and_signs(page, site, typed):
    page.goto(f"{site}/index.html")
    page.get_by_role("searchbox").fill(typed)
    expect(page.get_by_role("status")).to_contain_text("the best 20 are shown")


def test_a_solution_is_folded_until_asked_for(page, site, shoot):
    page.goto(f"{site}/{SQUEEZE}")
    summary = page.get_by_text("Show a solution of squeeze", exact=True)
    solution = page.locator("details", has=summary).get_by_role("group", name="Code")
    expect(solution).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(solution).to_contain_text("return x.mean(axis=(1, 2))")
    page.locator("#exercise-squeeze").evaluate("heading => heading.scrollIntoView()")
    shoot("site-2-solution")
    summary.click()
    expect(solution).to_be_hidden()
