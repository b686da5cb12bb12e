"""Text from anywhere to markup that is safe in a reader's browser, and ends where it should.

HTML and Markdown are rebuilt from a short list of tags and attributes: no scripts, styles, frames, forms, ids, or
images from elsewhere; tags left open are closed. TeX stays, without the commands that are more than mathematics.
"""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup, escape
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.texmath import texmath_plugin
from nbconvert.filters import ansi2html
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..templating import part

MAX_TEXT = 20_000  # characters shown of one text
MAX_IMAGE = 2_000_000  # characters of one picture
# The parsers of Markdown and of code take up to the square of a text's length: this is a tenth of a second at worst.
MAX_PARSED = 10_000
_MAX_ENTRIES = 5_000  # of a table, whose rows are filled up to the longest
MAX_HTML = 200_000  # characters of HTML that is shown as such, pictures in it apart
_MAX_TAGS = 15_000  # cleaning takes their number times their depth: a third of a second at worst
_MAX_DEPTH = 100  # of tags in one another: readers of HTML in Python end at a thousand
_CACHED_TEXTS = 1_024  # nearly all texts are the instructor's, or an answer that many students share

TAGS = frozenset(
    (
        *("a", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub"),
        *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    )
)
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
LEFT_OUT = "[The rest is left out here: there is too much of it.]"
NO_IMAGE = "[an image that is too large or damaged is left out]"
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]*")
_LINK = re.compile(r"(https?://|mailto:|#)[^\x00-\x20]*", re.IGNORECASE)
_OPEN_OR_CLOSE = re.compile(r"</|<(?!br\b|hr\b|img\b)")  # in clean HTML every other one is closed
_HEADING = re.compile(r"(</?h)([1-6])\b")
_TOKEN_CLASS = re.compile(r"[a-z]{1,2}[0-9]?|highlight")  # as pygments names them
_OTHER_TAG = re.compile(rf"<(?!/?(?:{'|'.join(sorted(TAGS))})[\s/>])", re.IGNORECASE)
# Links, styles, requests and the like in TeX. MathJax's own safe mode refuses them too, where a page has it.
_MORE_THAN_TEX = re.compile(
    r"\\(?=(?:href|url|class|cssId|style|require|data|html\w*|mmlToken|bbox|toggle|tooltip|texttip|mathtip|unicode|"
    r"include\w*|input|csname)(?![a-zA-Z]))"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u2028\u2029]|\x1b(?!\[[0-9;]{0,40}m)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_part = partial(part, "autograder.harmless")
_FORMATTER = HtmlFormatter()
_LEXER = PythonLexer()
_DARK_TOKENS = HtmlFormatter(style="monokai").get_token_style_defs(".highlight")
# The lines of a style sheet for highlighted code, on a light page and on a dark one.
TOKEN_STYLES = "\n".join(
    (*_FORMATTER.get_token_style_defs(".highlight"), "@media (prefers-color-scheme: dark) {", *_DARK_TOKENS, "}")
)


# --- text ---


def without_controls(text: str, colours: bool = False) -> str:
    """The text without what moves a terminal's cursor or rings its bell; `colours` keeps a terminal's colours."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n"))
    return text if colours else _COLOURS.sub("", text)


def shortened(text: str, most: int = MAX_TEXT) -> str:
    """At most so many characters of a text, and how many more there are."""
    return text if len(text) <= most else f"{text[:most]}\n[cut here: {len(text) - most} more characters]"


def text_of(value: object) -> str:
    """A text of an output, which may be stored as a list of lines, or be anything: a student's process sent it."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def plain(text: str) -> Markup:
    """Text as it is, on lines as it has them."""
    return _part("preformatted", shortened(text))


def terminal(text: str) -> Markup:
    """Text as a terminal shows it, in its colours."""
    return _part("preformatted", Markup(ansi2html(shortened(text))))


def left_out() -> Markup:
    """What stands for all that is too much."""
    return _part("paragraph", LEFT_OUT)


# --- pictures ---


def as_base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def data_uri(kind: str, content: str, most: int = MAX_IMAGE) -> str:
    """A picture, which is in base64, as a data URI; "" where it is damaged or has more characters than `most`."""
    if len(content) > most or not _BASE64.fullmatch(content):
        return ""
    return f"data:{kind};base64,{''.join(content.split())}"


def image(uri: str, alt: str = "an image without a description") -> Markup:
    """A picture as an image, in which scripts of an SVG do not run."""
    return _part("image", uri, alt)


# --- HTML ---


def _clean(markup: str, attachments: Mapping[str, str] | None = None) -> str:
    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if _LINK.fullmatch(value) else None
        if attribute == "src":
            if attachments and value.startswith("attachment:"):
                value = attachments.get(unquote(value.removeprefix("attachment:")), "")
            return value if PICTURE.fullmatch(value) else None
        if attribute == "class":
            return value if _TOKEN_CLASS.fullmatch(value) else None
        return value

    cleaned = nh3.clean(
        markup,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},  # not in the place of the page, whose look it may imitate
    )
    if _depth(cleaned) > _MAX_DEPTH:
        raise ValueError("nested too deep")
    return without_commands(cleaned)


def _depth(cleaned: str) -> int:
    depths = itertools.accumulate(-1 if tag == "</" else 1 for tag in _OPEN_OR_CLOSE.findall(cleaned))
    return max(depths, default=0)


def without_commands(tex: str) -> str:
    """TeX without what is more than mathematics: such a command is not found any more."""
    return _MORE_THAN_TEX.sub("\\\\\u200b", tex)


def _can_be_cleaned(markup: str) -> bool:
    return markup.count("<") <= _MAX_TAGS and len(PICTURE.sub("", markup)) <= MAX_HTML


class _Inert(HTMLParser):
    """Writes clean HTML again as one line in which no parser of Markdown finds anything of its own.

    It turns tokens back into tags, with its own kind of escaping: a template would escape for a browser alone.
    """

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        written = "".join(f' {name}="{_as_references(value or "")}"' for name, value in attributes)
        self.parts.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(_as_references(data))


_MARKDOWN_MAY_READ = re.compile(r"[^A-Za-z0-9 ,.\u00a0-\U0010ffff]")


def _as_references(text: str) -> str:
    return _MARKDOWN_MAY_READ.sub(lambda found: f"&#{ord(found[0])};", text)


def inert(markup: str) -> str:
    """Clean HTML as the source of a Markdown cell: one line of tags and text, its special characters as references.

    To a parser of Markdown it is one block of HTML, which it passes on as it is; to a browser it is what it was.
    """
    writer = _Inert()
    writer.feed(f"<div>{markup}</div>")
    writer.close()
    return "".join(writer.parts)


def is_inert(source: str) -> bool:
    """Whether a Markdown cell's source may be what `inert` gave, which is HTML alone."""
    return source.startswith("<div>") and "\n" not in source


# --- Markdown and code ---


_DELIMITERS = {
    "math_inline": "$",
    "math_inline_double": "$$",
    "math_block": "$$",
    "math_block_label": "$$",
    "amsmath": "",
}


def _parser(show_math: Callable[[str, str], Markup]) -> MarkdownIt:
    """Markdown as notebooks have it. `show_math` gets the TeX and its delimiters."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, double_inline=True).use(amsmath_plugin).use(texmath_plugin, delimiters="brackets")

    def show_tex(self, tokens, index, options, env):
        kind = tokens[index].type
        shown = show_math(tokens[index].content.strip("\n"), _DELIMITERS[kind])
        # As a plain str: the renderer adds it to others, which Markup would escape.
        return str(shown if kind.startswith("math_inline") else _part("block", shown))

    for kind in _DELIMITERS:
        parser.add_render_rule(kind, show_tex)
    # What is no tag that a page may have is shown as it was typed.
    for kind in ("html_inline", "html_block"):
        parser.add_render_rule(kind, lambda self, tokens, index, *_: _OTHER_TAG.sub("&lt;", tokens[index].content))

    def show_fence(self, tokens, index, options, env):
        token = tokens[index]
        is_python = token.info.split(" ")[0] in ("python", "py", "python3")
        return _highlight(token.content) if is_python else RendererHTML.fence(self, tokens, index, options, env)

    parser.add_render_rule("fence", show_fence)
    return parser


def _highlight(text: str) -> str:
    return highlight(text, _LEXER, _FORMATTER)


_FOR_READING = _parser(lambda tex, _: _part("typed", tex))
_FOR_MATHJAX = _parser(lambda tex, delimiter: escape(f"{delimiter}{tex}{delimiter}"))


def _can_be_parsed(text: str) -> bool:
    if len(text) > MAX_PARSED:
        return False
    lines = text.splitlines()
    return max((line.count("|") for line in lines), default=0) * len(lines) <= _MAX_ENTRIES


def _convert(to_markup: Callable[[str], str], text: str) -> Markup:
    try:
        return Markup(to_markup(text))
    except Exception:  # a hostile text can break a parser anywhere
        return plain(text)


@lru_cache(_CACHED_TEXTS)
def _markdown(text: str) -> Markup:
    return _convert(lambda text: _clean(_FOR_READING.render(text)), text)


@lru_cache(_CACHED_TEXTS)
def _code(text: str) -> Markup:
    return _convert(_highlight, text)


def safe_html(text: str) -> Markup:
    """HTML rebuilt from the tags that a page may have."""
    return _convert(_clean, text) if _can_be_cleaned(text) else plain(text)


def markdown(text: str) -> Markup:
    """Markdown as HTML, with TeX as it was typed, set apart from the prose."""
    if is_inert(text):
        return safe_html(text)
    return _markdown(text) if _can_be_parsed(text) else plain(text)


def recorded_markdown(text: str, attachments: Mapping[str, str]) -> str:
    """Markdown as the source of a cell that is harmless in every viewer, with TeX left to MathJax: see `inert`.

    Parameters
    ----------
    text : the Markdown.
    attachments : the pictures that it may show, as data URIs by name.
    """
    if not _can_be_parsed(text):
        return recorded_plain(text)
    return inert(_convert(lambda text: _clean(_FOR_MATHJAX.render(text), attachments), text))


def recorded_plain(text: str) -> str:
    """Text as it is, as the source of a cell that is harmless in every viewer."""
    return inert(plain(text))


def code(text: str) -> Markup:
    """Python code in colours."""
    return _code(text) if len(text) <= MAX_PARSED else plain(text)


def under(level: int, contents: Markup) -> Markup:
    """Markup without a heading of this level or above: those are the page's own."""
    return Markup(_HEADING.sub(lambda tag: f"{tag[1]}{max(int(tag[2]), level + 1)}", contents))
