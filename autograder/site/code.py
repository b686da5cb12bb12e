"""Python in colours, for a light page and a dark one. Every colour keeps the contrast of WCAG AA."""

from __future__ import annotations

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Token

LIGHT, DARK = get_style_by_name("xcode"), get_style_by_name("monokai")
LIGHT_TEXT, DARK_TEXT = "202124", "e8e6e3"
_LEXER, _FORMATTER = PythonLexer(), HtmlFormatter(nowrap=True)


def highlighted(source: str) -> Markup:
    """Source text as markup without a frame."""
    return Markup(highlight(source, _LEXER, _FORMATTER).rstrip("\n"))


def token_colours() -> dict[str, tuple[str, str]]:
    """For each class that the highlighter uses: its colour on a light page, and on a dark one."""
    colours = {}
    for token, name in STANDARD_TYPES.items():
        pair = (LIGHT.style_for_token(token)["color"], DARK.style_for_token(token)["color"])
        # An error token is what the lexer does not know, a `%` command for instance: no error of the reader's.
        if name and any(pair) and token not in Token.Error and token not in Token.Generic:
            colours[name] = (pair[0] or LIGHT_TEXT, pair[1] or DARK_TEXT)
    return colours


def token_styles() -> str:
    """The style sheet's lines for highlighted code."""
    lines = (
        f"pre .{name} {{ color: light-dark(#{light}, #{dark}) }}" for name, (light, dark) in token_colours().items()
    )
    return "\n".join(lines) + "\n"
