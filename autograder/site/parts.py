"""The parts of a walkthrough's page, each made by a macro of templates/parts.html.j2."""

from __future__ import annotations

from markupsafe import Markup

from ..templating import templates


def part(name: str, *contents: object) -> Markup:
    """The part of this name. What is put into it is text, and escaped, unless it is markup already."""
    return getattr(templates("autograder.site").get_template("parts.html.j2").module, name)(*contents)
