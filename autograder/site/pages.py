"""Put the site together, whole or not at all: pages of walkthroughs, notation and API, and one that leads to them."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import nbformat
from markupsafe import Markup

from ..build import is_current
from ..course import Course, CourseError
from ..links import binder_link, colab_link, site_address
from ..templating import render
from .api import API, api_of
from .card import CARD, draw_card
from .code import token_styles
from .notebook import Page, Section, read_page
from .prose import NOTATION, Heading, Prose, plain_text

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
MARKER = ".made-by-autograder-site"


def build_site(course: Course, folder: Path, on_page: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Make the site of the course's walkthroughs in `folder`, which replaces an older one. Returns how many pages.
    Raises CourseError if `folder` holds something else or cannot be written, or a walkthrough is older than its source
    or cannot be shown; nothing is written then."""
    folder = folder.absolute()
    _check_free(folder)
    _check_current(course)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
            fresh = Path(scratch) / "site"
            count = _write(course, fresh, on_page)
            if folder.exists():
                folder.rename(Path(scratch) / "before")
            fresh.rename(folder)
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}") from error
    return count


def _check_free(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CourseError(f"{folder} is no folder: name another place for the site")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise CourseError(f"{folder} holds files that are no site of ours: name another folder, or empty it")


def _check_current(course: Course) -> None:
    stale = [name for name in course.names if not is_current(course, name)]
    if stale:
        raise CourseError(f"older than its text source: {', '.join(stale)}. Run `autograder build` first.")


def _write(course: Course, folder: Path, on_page: Callable[[int, int], object]) -> int:
    (folder / "figures").mkdir(parents=True)
    (folder / MARKER).write_text("`autograder site` made this folder and may replace it.\n", encoding="utf-8")
    pages, stub = [], course.stubs()[0]
    for name in course.names:
        pages.append(read_page(name, nbformat.read(course.walkthrough(name), as_version=4), stub))
        on_page(len(pages), len(course.names))
    for page in pages:
        for figure in page.figures:
            (folder / figure.path).write_bytes(figure.content)
    texts = list(_texts(course))
    _write_assets(folder, _search_index(pages, texts))
    has_card = _write_card(folder, course)
    everywhere = {"pages": pages, "texts": texts, "course": _about(course), "card": CARD if has_card else ""}

    def write(file: str, template: str, headings: list[Heading], **values) -> None:
        _render(folder / file, template, file=file, headings=headings, **values, **everywhere)

    for number, page in enumerate(pages):
        before, after = pages[number - 1] if number else None, (pages[number + 1 :] or [None])[0]
        write(page.file, "notebook.html.j2", page.headings, page=page, before=before, after=after)
    for text in texts:
        write(text.file, "text.html.j2", text.headings, title=text.title, about=text.about, content=text.content)
    write("index.html", "index.html.j2", [], links=_links(course))
    return len(list(folder.glob("*.html")))


def _about(course: Course) -> dict[str, str]:
    """What the templates say of the course as a whole."""
    return {
        "title": course.title,
        "about": course.setting("about"),
        "licence": _LINK.sub(r"\1", course.setting("licence")),  # the files that it leads to are no part of the site
        "repository": course.repository,
        "address": site_address(course),
    }


def _links(course: Course) -> dict[str, dict[str, str]]:
    """For each notebook: where a student opens it, by what the place is called. Without a repository nowhere."""
    repository = course.repository
    return {
        name: {"Colab": colab_link(repository, name), "Binder": binder_link(repository, name)} if repository else {}
        for name in course.names
    }


def _render(path: Path, template: str, **values) -> None:
    path.write_text(render("autograder.site", template, **values), encoding="utf-8")


@dataclass(frozen=True)
class _Text:
    """A page of the site that is no walkthrough, and what the search knows of it."""

    file: str
    title: str
    about: str
    content: Markup
    headings: list[Heading]
    sections: list[Section]


def _texts(course: Course) -> Iterator[_Text]:
    """The page on symbols and words, and the one on what the course lets others import, where there are any."""
    if course.notation.exists():
        source, prose, title = course.notation.read_text(encoding="utf-8"), Prose(), "Notation and glossary"
        about, sections = "The symbols and words of the whole course", [Section("", title, [plain_text(source)])]
        yield _Text(NOTATION, title, about, prose.render(source), prose.headings, sections)
    if module := course.setting("api"):
        source, prose = api_of(module), Prose()
        content = prose.render(source)
        texts = re.split(r"^## .*$", source, flags=re.MULTILINE)
        sections = [
            Section(heading.anchor, heading.text, [plain_text(text)])
            for heading, text in zip(prose.headings, texts, strict=True)
        ]
        about = "What you can import into your own work, with arguments and sources"
        yield _Text(API, module, about, content, prose.headings, sections)


def _search_index(pages: list[Page], texts: list[_Text]) -> str:
    """A script that sets the index: a script tag may be read from a folder on disk, where a request may not."""
    entries = [_entry(page.file, page.headings[0].text, one) for page in pages for one in page.sections]
    entries += [_entry(text.file, text.title, one) for text in texts for one in text.sections]
    return f"window.searchIndex = {json.dumps([entry for entry in entries if entry['text']], ensure_ascii=False)};\n"


def _entry(address: str, page: str, section: Section) -> dict[str, str]:
    url = f"{address}#{section.anchor}" if section.anchor else address
    text = " ".join(" ".join(section.texts).split())
    return {"url": url, "page": page, "title": section.title, "text": text}


def _write_card(folder: Path, course: Course) -> bool:
    """Draw the picture for links to the site. Returns whether there is one."""
    content = draw_card(course.title, course.setting("about"))
    if content:
        (folder / CARD).write_bytes(content)
    return content is not None


def _write_assets(folder: Path, index: str) -> None:
    assets = folder / "assets"
    assets.mkdir()
    for source in files("autograder.site").joinpath("assets").iterdir():
        (assets / source.name).write_bytes(source.read_bytes())
    with (assets / "style.css").open("a", encoding="utf-8") as style:
        style.write(token_styles())
    (assets / "search-index.js").write_text(index, encoding="utf-8")
