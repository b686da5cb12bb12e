"""Links to the course on the web. All of them follow from one setting, `c.Course.repository` in nbgrader_config.py."""

from __future__ import annotations

import re

from .course import Course, CourseError

BRANCH = "main"
COLAB, BINDER, GITHUB = "https://colab.research.google.com", "https://mybinder.org", "https://github.com"

BEGIN = "<!-- Links: `autograder build` writes them, from c.Course.repository in nbgrader_config.py. -->"
END = "<!-- End of links. -->"
_BLOCK = re.compile(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.DOTALL)
_ANY = "OWNER/NAME"  # stands for any repository, where texts are compared
_TO_A_REPOSITORY = re.compile(
    rf"({re.escape(COLAB)}/github|{re.escape(BINDER)}/v2/gh|{re.escape(GITHUB)})/[\w.-]+/[\w.-]+"
)
_TO_HELPERS = re.compile(
    rf"^# {re.escape(GITHUB)}/[\w.-]+/[\w.-]+/blob/{BRANCH}/solutions/helpers\.py(?:\n|\Z)", re.MULTILINE
)
# What pip installs this package from, where it is not installed: on Colab.
_INSTALL = re.compile(rf"git\+{re.escape(GITHUB)}/[\w.-]+/[\w.-]+")


def colab_link(repository: str, name: str) -> str:
    return f"{COLAB}/github/{repository}/blob/{BRANCH}/notebooks/{name}/{name}.ipynb"


def binder_link(repository: str, name: str) -> str:
    return f"{BINDER}/v2/gh/{repository}/{BRANCH}?urlpath=lab/tree/notebooks/{name}/{name}.ipynb"


def course_page(repository: str) -> str:
    return f"{GITHUB}/{repository}"


def helpers_line(repository: str) -> str:
    """A comment: where the helpers of a notebook can be read. A teacher's bundle is without it."""
    return f"# {course_page(repository)}/blob/{BRANCH}/solutions/helpers.py\n"


def site_address(course: Course) -> str:
    """Where the course's site is published, with a slash at its end: `c.Course.site`, or the repository's GitHub Pages.
    "" where neither is known."""
    if named := course.setting("site"):
        return f"{named.rstrip('/')}/"
    owner, _, name = course.repository.partition("/")
    return f"https://{owner.lower()}.github.io/{name}/" if owner else ""


def badge_line(repository: str, name: str) -> str:
    """Badges that open the student's notebook on Colab and Binder."""
    return (
        f"[![Open this notebook in Colab]({COLAB}/assets/colab-badge.svg)]({colab_link(repository, name)}) "
        f"[![Open this notebook on Binder]({BINDER}/badge_logo.svg)]({binder_link(repository, name)})"
    )


def notation_line(repository: str) -> str:
    """Where the symbols and words are, in words and with a link that also work in a copy opened on Colab."""
    page = f"{course_page(repository)}/blob/{BRANCH}/notebooks/NOTATION.md"
    return f"Symbols and words: [notation and glossary]({page}) (the file `notebooks/NOTATION.md` of the course)."


def without_repository(text: str) -> str:
    """The text with one name in all links to repositories, and without where the helpers are: a teacher's bundle has
    links of its own."""
    return _TO_A_REPOSITORY.sub(rf"\1/{_ANY}", _TO_HELPERS.sub("", text))


def without_the_way_to_the_course(text: str, repository: str = _ANY) -> str:
    """A text cell as it is in a teacher's bundle: without paragraphs that link to the course, where solutions are."""
    to_course = f"]({course_page(repository)})"
    return "\n\n".join(part for part in text.split("\n\n") if to_course not in part)


def links_of(course: Course, name: str, repository: str) -> list[str]:
    """What is at the top of a notebook: badges, where the course is in a repository, and where its notation is."""
    if not repository:
        return []
    badges = badge_line(repository, name)
    return [badges, notation_line(repository)] if course.notation.exists() else [badges]


def readme_block(course: Course) -> str:
    """The README's definitions of its links, c00 and b00 for notebook 00 on Colab and Binder, between two comments."""
    repository, lines = course.repository, [BEGIN]
    for name in course.names if repository else []:
        number = name.partition("_")[0]
        lines.append(f"[c{number}]: {colab_link(repository, name)}")
        lines.append(f"[b{number}]: {binder_link(repository, name)}")
    return "\n".join([*lines, END])


def fresh_links(course: Course, text: str) -> str:
    """The README's text with its links written anew: their block, and the line that installs the package on Colab.

    A course without a repository has no links there. Raises CourseError if it has no such block, or more than one.
    """
    if not course.repository:
        return text
    fresh, blocks = _BLOCK.subn(lambda _: readme_block(course), text)
    if blocks != 1:
        path = course.root / "README.md"
        raise CourseError(f"{path}: it must hold these two lines once, its links go between them: {BEGIN} {END}")
    return _INSTALL.sub(f"git+{course_page(course.repository)}", fresh)
