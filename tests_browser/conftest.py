"""A browser for the tests, and where its screenshots go. Run by `make test-browser`, not by `make test`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from lab import STAND_INS, Lab, run_lab
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from watch import Watch

from tests.support.course import ROOT

SHOTS = ROOT / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1280, "height": 800}

# Grading and TensorFlow's start take long on a busy machine; what is waited for ends the wait at once.
SECONDS = 120


expect.set_options(timeout=SECONDS * 1000)


@pytest.fixture(scope="session", autouse=True)
def empty_folder_of_screenshots() -> None:
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. CHROMIUM=/path/to/it names another one."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, "no Chromium: run tools/need-chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window without cookies or history, of a reader who wants nothing to slide."""
    with browser.new_context(viewport=SIZE, reduced_motion="reduce") as context:
        context.set_default_timeout(SECONDS * 1000)
        yield context


@pytest.fixture(scope="module")
def lab(course, tmp_path_factory, request) -> Iterator[Lab]:
    """JupyterLab on the module's `course`. Its log, `student.log` of test_student, lies beside the screenshots."""
    log = SHOTS / f"{request.module.__name__.removeprefix('test_')}.log"
    with run_lab(course.root, tmp_path_factory.mktemp("private"), log) as lab:
        yield lab


@pytest.fixture
def watch(context: BrowserContext, request) -> Iterator[Watch]:
    """Fails the test at its end if a page showed an error or asked another host for something unknown."""
    watch = Watch(context, STAND_INS if "lab" in request.fixturenames else {})  # our own pages ask nobody
    yield watch
    watch.check()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    return context.new_page()


@pytest.fixture
def shoot(page: Page) -> Callable[[str], None]:
    """Keep a picture of the page, under a name."""
    return lambda name: page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Where a test fails, keep a picture of what it saw."""
    report = yield
    context = getattr(item, "funcargs", {}).get("context")
    if report.failed and report.when == "call" and context:
        for number, page in enumerate(context.pages):
            page.screenshot(path=SHOTS / f"failed-{item.name}-{number}.png", timeout=10_000)
    return report
