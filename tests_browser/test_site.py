"""The site of the walkthroughs, served and from disk: no errors, no other hosts, accessible, searchable."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread

import pytest
from accessibility import COLOURS, WIDTHS, broken_rules, check_looks, without_colours_of_code
from conftest import ROOT
from playwright.sync_api import Page, expect

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


@pytest.fixture
def site_on_disk(folder) -> str:
    return folder.as_uri()


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


@pytest.mark.parametrize("name", ["index.html", "api.html", "notation.html", SQUEEZE])
def test_each_kind_of_page_has_its_pictures(page, site_on_disk, shoot, name):
    page.goto(f"{site_on_disk}/{name}")
    for colours, width in product(COLOURS, WIDTHS):
        page.emulate_media(color_scheme=colours)
        page.set_viewport_size({"width": width, "height": 1000})
        shoot(f"site-{name.removesuffix('.html')}-{width}-{colours}")


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


# --- finding one's way ---------------------------------------------------------------------------------------------


def test_the_menu_marks_the_section_that_is_read(page, site_on_disk):
    page.goto(f"{site_on_disk}/{SQUEEZE}")
    menu = page.get_by_role("navigation", name="All pages")
    marked = menu.locator("[aria-current=location]")
    expect(menu.locator("[aria-current=page]")).to_have_text("01 · Squeeze and excitation")
    expect(marked).to_have_count(0)
    for name in ("5 · Scale", "9.4 Where implementations differ", "4 · Excite"):
        menu.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name)).to_be_in_viewport()
        expect(marked).to_have_text(name)
        expect(marked).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(marked).to_have_text("Hand in")


def test_a_heading_gives_its_address(page, site_on_disk):
    page.goto(f"{site_on_disk}/{SQUEEZE}")
    page.get_by_role("link", name="Link to the section 5 · Scale").click()
    page.wait_for_url(f"{site_on_disk}/{SQUEEZE}#5-scale")


def test_on_a_narrow_page_the_menu_is_folded(page, site_on_disk):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site_on_disk}/{SQUEEZE}")
    link = page.get_by_role("link", name="5 · Scale", exact=True)
    expect(link).to_be_hidden()
    page.get_by_text("All pages").press("Enter")
    link.click()
    expect(page.get_by_role("heading", name="5 · Scale")).to_be_in_viewport()


def test_an_entry_of_the_overview_uses_the_width_of_a_phone(page, site_on_disk):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site_on_disk}/index.html")
    about = page.get_by_text("A convolution treats its channels")
    assert about.bounding_box()["width"] > 390 - 40


# --- what scripts add ----------------------------------------------------------------------------------------------


def test_code_is_copied_as_it_stands(context, page, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/{SQUEEZE}")
    frame = page.locator(".framed", has_text="def squeeze(x):").first
    frame.get_by_role("button", name="Copy").press("Enter")
    expect(frame.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith('def squeeze(x):\n    """Average each') and copied.endswith('run this cell again.")')


def test_code_is_copied_where_a_browser_refuses_the_clipboard(page, site_on_disk):
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(f"{site_on_disk}/{SQUEEZE}")
    button = page.get_by_role("button", name="Copy").first
    button.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_figure_opens_large_and_closes(page, site_on_disk, shoot, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site_on_disk}/{SQUEEZE}")
    link = page.get_by_role("link", name="Enlarge the figure: Diagram of the block")
    link.press("Enter")
    dialog = page.get_by_role("dialog", name="Figure, enlarged")
    large = dialog.get_by_role("img")
    expect(large).to_be_in_viewport()
    assert large.bounding_box()["width"] >= link.get_by_role("img").bounding_box()["width"]
    assert not broken_rules(page)
    shoot(f"site-3-figure-{width}")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    link.press("Enter")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_what_was_read_is_kept_and_can_be_forgotten(page, site, shoot):
    page.goto(f"{site}/{SQUEEZE}#5-scale")
    page.goto(f"{site}/index.html")
    place = page.get_by_role("link", name="5 · Scale")
    expect(page.get_by_text("You have read 0 of 9 notebooks.")).to_be_visible()
    place.click()
    expect(page.get_by_role("heading", name="5 · Scale")).to_be_in_viewport()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="I have read this")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{site}/index.html")
    expect(page.get_by_role("listitem").get_by_role("link", name="01 · Squeeze and excitation ✓ read")).to_have_count(2)
    expect(page.get_by_text("You have read 1 of 9 notebooks.")).to_be_visible()
    expect(place).to_be_hidden()
    shoot("site-4-progress")
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("You have read")).to_be_hidden()
    expect(page.get_by_text("✓")).to_have_count(0)


@pytest.mark.parametrize("stored", ["nonsense", "[1, 2]", "7", '{"01_squeeze_excitation": 3}', '{"x": null}'])
def test_what_others_stored_does_no_harm(page, served, stored):
    page.goto(f"{served}/index.html")
    page.evaluate("stored => localStorage.setItem('progress /', stored)", stored)
    page.reload()
    page.goto(f"{served}/{SQUEEZE}")
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="I have read this")).to_have_attribute("aria-pressed", "true")


def test_without_storage_the_page_is_whole(page, site_on_disk):
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })")
    page.goto(f"{site_on_disk}/{SQUEEZE}")
    expect(page.get_by_role("button", name="I have read this")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy").first).to_be_attached()
    page.get_by_role("button", name="Dark mode").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


# --- without scripts, and on paper ---------------------------------------------------------------------------------


@pytest.fixture
def plain_page(browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    with browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 800}) as context:
        yield context.new_page()


def test_without_scripts_everything_is_in_reach(plain_page, site_on_disk):
    plain_page.goto(f"{site_on_disk}/{SQUEEZE}")
    link = plain_page.get_by_role("link", name="5 · Scale", exact=True)
    expect(link).to_be_visible()
    plain_page.set_viewport_size({"width": 390, "height": 800})
    expect(link).to_be_hidden()
    plain_page.get_by_text("All pages").click()
    expect(link).to_be_visible()
    solution = plain_page.get_by_text("return x.mean(axis=(1, 2))").first
    expect(solution).to_be_hidden()
    plain_page.get_by_text("Show a solution of squeeze", exact=True).click()
    expect(solution).to_be_visible()
    expect(plain_page.get_by_role("button")).to_have_count(0)
    plain_page.get_by_role("link", name="Enlarge the figure").first.click()
    plain_page.wait_for_url("**/figures/*.png")


def test_on_paper_solutions_are_open_and_figures_are_there(page, plain_page, site_on_disk, shoot):
    for one in (page, plain_page):
        one.goto(f"{site_on_disk}/{SQUEEZE}")
        one.emulate_media(media="print")
        expect(one.get_by_text("return x.mean(axis=(1, 2))").first).to_be_visible()
        expect(one.get_by_role("navigation")).to_have_count(0)
        expect(one.get_by_text("Drawing and checking helpers.")).to_be_hidden()
    shoot("site-5-paper")
    loaded = "[...document.querySelectorAll('main img')].every(image => image.complete && image.naturalWidth)"
    assert page.evaluate(loaded)
