"""The means of these tests see what they are there for: they complain about pages made to be complained about."""

from __future__ import annotations

import pytest
from accessibility import WIDTHS, broken_rules, check_looks


def complaint_of(watch, page, body: str) -> str:
    """What the watch says of a page with this body; the watch is quiet afterwards."""
    page.set_content(f"<!DOCTYPE html><html lang=en><title>A page</title><body><main><h1>A page</h1>{body}</main>")
    with pytest.raises(AssertionError) as caught:
        page.wait_for_function("document.readyState === 'complete'")
        watch.check()
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>console.error('a word')</script>", "console error: a word"),
        ("<script>throw new Error('a fault')</script>", "uncaught: a fault"),
        ("<img alt='' src='https://example.org/a.png'>", "a request left this machine: https://example.org/a.png"),
    ],
)
def test_what_a_page_does_unseen_is_a_complaint(watch, page, body, complaint):
    assert complaint in complaint_of(watch, page, body)


def test_a_missing_description_and_faint_text_break_rules(page):
    page.set_content("<img src='data:,'><p style='color: #aaa; background: #fff'>faint</p>")
    broken = broken_rules(page)
    assert "image-alt" in broken and "color-contrast" in broken


def test_a_page_wider_than_its_window_is_noticed(page):
    page.set_content("<!DOCTYPE html><html lang=en><title>A</title><main><h1>A</h1><p style='width: 900px'>b</main>")
    with pytest.raises(AssertionError, match=f"wider than a window of {WIDTHS[0]}"):
        check_looks(page)
