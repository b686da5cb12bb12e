"""Markdown of the notebooks as HTML: headings with anchors, formulas as MathML, no images from elsewhere."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ..links import BINDER, COLAB
from . import part
from .code import highlighted
from .mathematics import to_mathml

_INLINE = re.compile(r"(?<![$\\])\$(?!\$)(.+?)(?<![$\\])\$", re.DOTALL)
_MATH = re.compile(rf"\$\$(.+?)\$\$|{_INLINE.pattern}", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_NOT_PLAIN = re.compile(r"<details>.*?</details>|<[^>]+>|!?\[(?=[^\]]*\]\()|\]\([^)]*\)|[*`#|>$]|:?-{3,}:?", re.DOTALL)
_LOOSE = re.compile(r" (?=[,.;:?!)]+(?: |$))")  # where a mark was, before punctuation
_LONG = 24  # characters of a formula
NOTATION = "notation.html"


@dataclass(frozen=True)
class Heading:
    """One heading of a page. `title` is markup, `text` the same without tags."""

    level: int
    anchor: str
    title: Markup
    text: str


class Prose:
    """Renders the Markdown of one page and collects its headings. Anchors are unique within the page."""

    def __init__(self):
        self.headings: list[Heading] = []

    def render(self, text: str) -> Markup:
        """The HTML of a text. Raises CourseError if a formula cannot be shown."""
        return Markup(MarkdownWithMath(_Renderer(self)).render(text))

    def add_heading(self, level: int, title: str) -> None:
        """Note a heading, with an anchor of its own."""
        text = _text(_FORMULA.sub(" ", title))
        plain = re.sub(r"\W+", "-", text.lower()).strip("-_") or "part"
        taken = {heading.anchor for heading in self.headings}
        anchor, number = plain, 1
        while anchor in taken:
            number += 1
            anchor = f"{plain}-{number}"
        self.headings.append(Heading(level, anchor, Markup(title), text))


def _text(markup: str) -> str:
    """The characters of some markup, without its tags."""
    return " ".join(html.unescape(_TAG.sub("", markup)).split())


def plain_text(markdown: str) -> str:
    """The words of a Markdown text, for searching: formulas by their characters, no markup, no hints."""
    markdown = _MATH.sub(lambda found: html.escape(_text(to_mathml(found[1] or found[2], block=False))), markdown)
    return _LOOSE.sub("", " ".join(html.unescape(_NOT_PLAIN.sub(" ", markdown)).split()))


def code_block(source: str, label: str = "Code") -> Markup:
    return part("code", highlighted(source), label)


class _Renderer(IPythonRenderer):
    def __init__(self, prose: Prose):
        super().__init__(escape=False, exclude_anchor_links=True)
        self._prose = prose

    def heading(self, text: str, level: int, **attrs) -> str:
        self._prose.add_heading(level, text)
        return part("heading", self._prose.headings[-1])

    def inline_math(self, body: str) -> str:
        markup = to_mathml(body, block=False)
        # A formula does not break at the end of a line: a long one scrolls on a narrow page.
        return part("scrolling", Markup(markup), "Formula", "inline", "span") if len(_text(markup)) > _LONG else markup

    def block_math(self, body: str) -> str:
        return part("scrolling", Markup(to_mathml(body, block=True)), "Formula", "formula")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def paragraph(self, text: str) -> str:
        # A formula on its own line is a block, which a paragraph cannot hold.
        return part("with_block", Markup(text)) if '<div class="scroll' in text else super().paragraph(text)

    def block_html(self, markup: str) -> str:
        return super().block_html(_INLINE.sub(lambda found: self.inline_math(found[1]), markup))

    def block_code(self, code: str, info: str | None = None) -> str:
        return code_block(code.rstrip("\n"))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text  # badges are the only images in the text, and are on other hosts

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith((COLAB, BINDER)):
            return part("button_link", url, Markup(text))
        return super().link(text, NOTATION if url.endswith("/NOTATION.md") else url, title)

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        if not head or not text:  # the corner of a table heads nothing
            return part("cell", Markup(text))
        if _FORMULA.sub("", text).strip():
            return part("heading_cell", Markup(text))
        # A formula alone is not read as a heading everywhere.
        return part("heading_cell", Markup(text.replace("<math ", '<math aria-hidden="true" ')), _text(text))

    def table(self, text: str) -> str:
        return part("table", Markup(text))
