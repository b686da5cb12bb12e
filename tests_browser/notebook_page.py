"""A notebook open in JupyterLab: its cells by grade id, and what a student does with them."""

from __future__ import annotations

import nbformat
from lab import Lab
from playwright.sync_api import Locator, Page, expect

from autograder import cells
from autograder.course import Course


class NotebookPage:
    """The student's notebook `name`, open in JupyterLab and ready to run."""

    def __init__(self, page: Page, lab: Lab, course: Course, name: str):
        self._page = page
        path = course.release(name)
        self._grade_ids = [cells.grade_id(cell) for cell in nbformat.read(path, as_version=4).cells]
        # Reset: no notebook of an earlier test beside it.
        page.goto(lab.address(f"lab/tree/{path.relative_to(course.root)}") + "&reset")
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(self._grade_ids))
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
        page.keyboard.press("Control+b")  # the list of files away: room for the notebook

    def cell(self, grade_id: str) -> Locator:
        return self._page.locator(".jp-Notebook .jp-Cell").nth(self._grade_ids.index(grade_id))

    def output(self, grade_id: str) -> Locator:
        return self.cell(grade_id).locator(".jp-OutputArea-output")

    def show(self, grade_id: str) -> None:
        """Bring the end of the cell, with its output, to the lower edge of the window, and let it be drawn."""
        self.cell(grade_id).evaluate("cell => cell.scrollIntoView({block: 'end'})")
        self._page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def restart_and_run_all(self) -> None:
        self._page.locator("[data-jp-item-name=restart-and-run]").click()
        self._page.locator(".jp-Dialog .jp-mod-accept").click()

    def run_from_to(self, first: str, last: str) -> None:
        """Run these two cells and those between, one after the other, with Shift+Enter."""
        self.cell(first).locator(".cm-content").click()
        for _ in range(self._grade_ids.index(first), self._grade_ids.index(last) + 1):
            self._page.keyboard.press("Shift+Enter")

    def replace_last_line(self, grade_id: str, text: str) -> None:
        """Write over the cell's last line, behind its indentation."""
        self.cell(grade_id).locator(".cm-content").click()
        for key in ("Control+End", "Shift+Home"):
            self._page.keyboard.press(key)
        self._page.keyboard.insert_text(text)

    def validate(self) -> str:
        """Press the toolbar's Validate, which saves and runs the notebook; returns the text that it then shows."""
        self._page.get_by_role("button", name="Validate").click()
        return self._page.locator("#validation-message").inner_text()
