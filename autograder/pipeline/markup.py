"""Text from anywhere to markup that is safe in a reader's browser, and ends where it should.

HTML and Markdown are rebuilt from a short list of tags and attributes: no scripts, styles, frames, forms, ids, or
images from elsewhere; tags left open are closed, stray ones are shown as text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache

import bleach
from markupsafe import Markup
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

MAX_TEXT = 20_000  # characters shown of one text; the libraries below take more than linear time on hostile ones
_CACHED_TEXTS = 1_024  # nearly all texts are the instructor's, or an answer that many students share

_TAGS = frozenset(
    (
        *("a", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub"),
        *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    )
)
_TOKEN_CLASS = re.compile(r"[a-z]{1,2}[0-9]?|highlight")  # as pygments names them
_UNSEEN = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def _shortened(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}\n[cut here: {len(text) - MAX_TEXT} more characters]"


def plain(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(_shortened(text))


def terminal(text: str) -> Markup:
    return Markup(f"<pre>{ansi2html(_shortened(text))}</pre>")


def _cached(to_markup: Callable[[str], str]) -> Callable[[str], Markup]:
    """Keep the markup of recent texts, and show as plain text what is too long or what a library stumbles over."""

    @lru_cache(_CACHED_TEXTS)
    def convert(text: str) -> Markup:
        try:
            return Markup(to_markup(text))
        except Exception:  # a hostile text can break a parser anywhere
            return plain(text)

    return lambda text: convert(text) if len(text) <= MAX_TEXT else plain(text)


class _Renderer(IPythonRenderer):
    """Markdown with TeX as it was typed, set apart from the prose."""

    def __init__(self):
        super().__init__(escape=False, exclude_anchor_links=True)

    def inline_math(self, body: str) -> str:
        return f"<code>{html.escape(body)}</code>"

    def block_math(self, body: str) -> str:
        return f"<pre>{html.escape(body.strip())}</pre>"

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def _allowed(tag: str, attribute: str, value: str) -> bool:
    if attribute == "href":
        return tag == "a" and value.startswith(("https://", "http://", "mailto:", "#"))
    if attribute == "src":
        return tag == "img" and value.startswith(("data:image/png;", "data:image/jpeg;", "data:image/svg+xml;"))
    if attribute == "class":
        return _TOKEN_CLASS.fullmatch(value) is not None
    return attribute in ("alt", "scope", "colspan", "rowspan", "start")


_CLEANER = {"tags": _TAGS, "attributes": _allowed, "protocols": {"http", "https", "mailto", "data"}}
_FORMATTER = HtmlFormatter()
_LEXER = PythonLexer()
TOKEN_STYLES = _FORMATTER.get_style_defs(".highlight")


def _clean(markup: str) -> str:
    return bleach.clean(_UNSEEN.sub("", markup), **_CLEANER)


safe_html = _cached(_clean)
markdown = _cached(lambda text: _clean(MarkdownWithMath(_Renderer()).render(text)))
code = _cached(lambda text: highlight(text, _LEXER, _FORMATTER))
