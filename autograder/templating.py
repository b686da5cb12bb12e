"""HTML in one way: from the files in a package's folder `templates`, with all that is put into them escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from .printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def templates(package: str, finalize: Callable[[object], object] | None = None) -> Environment:
    """The templates of a package; filters and globals may be added. Text is escaped, but for markupsafe's Markup.

    `finalize` is called with every value that is put in.
    """
    # Here: a student's kernel starts without it.
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(__package__)]),  # what packages share is beside us
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=finalize,
    )


def render(package: str, name: str, **values: object) -> str:
    """A template of a package with these values."""
    return templates(package).get_template(name).render(**values)


def part(package: str, name: str, *contents: object) -> Markup:
    """A piece of a page: the macro of this name in a package's parts.html.j2. Contents are text, or safe as Markup."""
    return getattr(templates(package).get_template("parts.html.j2").module, name)(*contents)


def visible(value: object) -> object:
    """A value for the page: characters that cannot be seen, such as those that turn text around, become visible."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return printable("".join(" " if c.isspace() else c for c in value))


def name_and_id(name: str, student: str) -> str:
    """What pages call a student: the name with the id, for two may have one name; the id alone where none is known."""
    return f"{name} ({student})" if name else student
