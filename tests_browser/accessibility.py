"""axe-core's rules on a page as it stands in the browser."""

from __future__ import annotations

from itertools import product

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS, WIDTHS = ("light", "dark"), (390, 768, 1440)  # a phone, a tablet and a wide window
NARROWEST = 320  # a window of 1280 enlarged four times: nothing to scroll sideways (WCAG 2.1, criterion 1.4.10)
PLACES = 3  # shown of each rule
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]  # of WCAG 2: levels A and AA


def check_looks(page: Page) -> None:
    """Fail if the page, all that is folded opened, breaks a rule or is wider than its window in any look."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    for colours, width in product(COLOURS, WIDTHS):
        page.emulate_media(color_scheme=colours)
        _check_width(page, width)
        broken = broken_rules(page)
        assert not broken, f"{page.url}, {colours}, {width} pixels wide\n{broken}"
    _check_width(page, NARROWEST)


def _check_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overhang <= 0, f"{page.url}: {overhang} pixels wider than a window of {width}"


def broken_rules(page: Page) -> str:
    """The rules that the page breaks, one a paragraph, each with the first places and what is wrong there."""
    # Without preload: axe would ask for the style sheets once more, which a page on disk may not.
    options = {"runOnly": _TAGS, "resultTypes": ["violations"], "preload": False}
    broken = []
    for rule in Axe().run(page, options=options).response["violations"]:
        nodes = [node for node in rule["nodes"] if not _is_formula_as_header(rule, node)]
        places = [f"  {node['html'][:120]}\n  {node['failureSummary']}" for node in nodes[:PLACES]]
        if nodes:
            broken.append("\n".join([f"{rule['id']}: {rule['help']}, {len(nodes)} places", *places]))
    return "\n\n".join(broken)


def _is_formula_as_header(rule: dict, node: dict) -> bool:
    """axe finds no text in MathML; browsers and screen readers do."""
    return rule["id"] == "empty-table-header" and "<math" in node["html"]


def without_colours_of_code(page: Page) -> None:
    """Make code one piece of text. Most of axe's time goes into its thousands of coloured words, alike on all pages."""
    page.evaluate("document.querySelectorAll('pre code').forEach(code => code.textContent = code.textContent)")
