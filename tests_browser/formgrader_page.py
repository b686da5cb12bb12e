"""Formgrader, nbgrader's pages for instructors, open in a tab of JupyterLab."""

from __future__ import annotations

from lab import Lab
from playwright.sync_api import Locator, Page, expect


class FormgraderPage:
    """Formgrader as the menu Nbgrader opens it."""

    def __init__(self, page: Page, lab: Lab):
        page.goto(lab.address("lab") + "&reset")
        page.get_by_role("menuitem", name="Nbgrader").click()
        page.get_by_role("menuitem", name="Formgrader", exact=True).click()
        page.keyboard.press("Control+b")  # the list of files away: below 992 pixels formgrader stacks its columns
        self._page = page
        self._frame = page.locator("#formgrader-iframe iframe").element_handle().content_frame()

    def row(self, text: str) -> Locator:
        """The row of the page's table that holds a text."""
        return self._frame.locator("#main-table tr", has_text=text)

    def press(self, row: str, button: str) -> str:
        """Press a button of a row, such as "autograde"; returns what formgrader says when it is done.

        Raises
        ------
        AssertionError : if it says that there was an error.
        """
        self.row(row).locator(f".{button} a").click()
        dialog = self._frame.locator("#success-modal, #error-modal")
        said = dialog.locator(".modal-body").inner_text()
        assert dialog.get_attribute("id") == "success-modal", said
        dialog.get_by_role("button", name="OK").click()
        expect(dialog).to_have_count(0)
        return said

    def follow(self, row: str, link: str = "a") -> None:
        """Go where a row's link leads."""
        self._go(self.row(row).locator(link).first)

    def go_to(self, name: str) -> None:
        """Go to a page that the list on the left names."""
        self._go(self._frame.get_by_role("link", name=name).first)

    def _go(self, link: Locator) -> None:
        address = link.get_attribute("href")
        link.click()
        self._frame.wait_for_url(f"**{address}**")

    def give(self, question: str, points: str) -> None:
        """Type the points of one answer in words, on the page of one submission; formgrader saves them by itself."""
        # It has read the gradebook once it shows what it would give by itself.
        expect(self._frame.locator(f"[id={question}_extra_credit]")).to_have_attribute("placeholder", "0")
        field = self._frame.locator(f"[id={question}]")
        field.fill(points)
        with self._page.expect_response(lambda answer: "/api/grade/" in answer.url):
            field.press("Escape")
        expect(field).to_be_in_viewport()  # it scrolls there slowly
