"""One setting names the repository: every badge and link of the course follows from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.build import is_current, read_source
from autograder.build.readme import refresh_readme
from autograder.cli import cli
from autograder.course import Course, CourseError
from autograder.links import BEGIN, END, readme_block

COURSE = Course.find()
PLACES = ("*.md", "*.yml", "binder/*", "docs/**/*.md", "notebooks/**/*", "solutions/**/*", ".github/**/*")
OWNER_AND_NAME = r"/([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)"
LINK = re.compile(
    rf"(?:colab\.research\.google\.com/github|mybinder\.org/v2/gh|github\.com|raw\.githubusercontent\.com){OWNER_AND_NAME}"
)
OTHERS: set[str] = set()  # other people's repositories that the course names, as OWNER/NAME
INSTALL = "pip install git+https://github.com/me/mine"
SOURCE = "# %% [markdown]\n# # A small notebook\n# {{badges}} {{course}}\n"


def texts(root: Path) -> list[Path]:
    """The files with text for people, and those that Binder and GitHub read."""
    found = (path for place in PLACES for path in root.glob(place))
    return sorted(
        path for path in found if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    )


def named(text: str) -> set[str]:
    """The repositories that a text links to."""
    return {owner_and_name.removesuffix(".git").rstrip(".") for owner_and_name in LINK.findall(text)}


def test_no_link_leads_to_another_repository():
    links = {path: named(path.read_text(encoding="utf-8")) for path in texts(COURSE.root)}
    elsewhere = {str(path): found - OTHERS - {COURSE.repository} for path, found in links.items()}
    assert {path: found for path, found in elsewhere.items() if found} == {}
    with_links = {path.suffix for path, found in links.items() if found}
    assert {".md", ".ipynb"} <= with_links, "the search found none of the course's own links"


@pytest.mark.parametrize(
    "text",
    [
        "https://colab.research.google.com/github/me/other/blob/main/notebooks/a/a.ipynb",
        "[b00]: https://mybinder.org/v2/gh/me/other/main?urlpath=lab/tree/a.ipynb",
        "git clone https://github.com/me/other.git",
        "See https://github.com/me/other.",
        "https://raw.githubusercontent.com/me/other/main/a.ipynb",
    ],
)
def test_a_link_to_another_repository_would_be_seen(text):
    assert named(text) == {"me/other"}


PAGES = sorted((*COURSE.root.glob("*.md"), *COURSE.root.glob("docs/*.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_to_files(page):
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)\s#:]+)(?:#[^)\s]*)?\)", prose)
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readmes_links_are_those_of_the_setting():
    text = (COURSE.root / "README.md").read_text(encoding="utf-8")
    assert readme_block(COURSE) in text, "run `autograder build`"
    defined = set(re.findall(r"^\[([cb]\d\d)\]: ", text, re.MULTILINE))
    assert defined == set(re.findall(r"\]\[([cb]\d\d)\]", text)) and len(defined) == 2 * len(COURSE.names)


@pytest.fixture
def course(tmp_path):
    """A course of one notebook, in the repository me/mine."""
    (tmp_path / "solutions" / "90_small").mkdir(parents=True)
    (tmp_path / "solutions" / "90_small" / "90_small.py").write_text(SOURCE)
    (tmp_path / "README.md").write_text(f"# Mine\n\n[Colab][c90] {INSTALL}\n\n{BEGIN}\n{END}\nThe end.\n")
    name_repository(tmp_path, '"me/mine"')
    return Course(tmp_path)


def name_repository(root: Path, value: str) -> None:
    ours = (COURSE.root / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(f"{ours}\nc.Course.repository = {value}\n")


def test_build_writes_the_readmes_links_and_says_so(course, monkeypatch):
    monkeypatch.chdir(course.root)
    (course.root / "solutions" / "90_small" / "90_small.py").unlink()  # nothing to run
    (course.root / "README.md").write_text(f"{BEGIN}\n[c00]: https://mybinder.org/v2/gh/old/one\n{END}\n")
    result = CliRunner().invoke(cli, ["build"])
    assert result.exit_code == 0 and "its links now lead to me/mine" in result.stderr
    assert "CATALOGUE names 00_feature_maps, and there is no" in result.stderr
    assert (course.root / "README.md").read_text() == f"{BEGIN}\n{END}\n"


def test_another_repository_changes_every_link_and_leaves_the_rest(course):
    assert refresh_readme(course) and not refresh_readme(course)
    before = (course.root / "README.md").read_text()
    assert before.startswith(f"# Mine\n\n[Colab][c90] {INSTALL}\n") and before.endswith(f"{END}\nThe end.\n")
    assert named(before) == named(read_source(course, "90_small").cells[0].source) == {"me/mine"}
    name_repository(course.root, '"you/yours"')
    assert refresh_readme(course)
    assert (course.root / "README.md").read_text() == before.replace("me/mine", "you/yours")
    assert named(read_source(course, "90_small").cells[0].source) == {"you/yours"}
    assert sorted(path.name for path in course.root.iterdir() if path.name.startswith(".")) == []


ROW = "| [90 · Small](notebooks/90_small/90_small.ipynb) | words, 3 of them | {} | {} | [Colab][c90] |\n"


@pytest.mark.parametrize("before", [("99", "98"), ("", "")])
def test_the_readmes_row_gets_the_points_and_minutes_of_its_notebook(course, before):
    source = course.text_source("90_small")
    questions = "".join(f'# %% [markdown] question="{name}" points=2.5 minutes=3\n# A.\n\n' for name in ("a", "b"))
    source.write_text(SOURCE + "\n" + questions)
    readme = course.root / "README.md"
    others = f"| 99 | 98 | words |\n[90](notebooks/90_small/90_small.ipynb)\n\n{BEGIN}\n{END}\n"
    readme.write_text(ROW.format(*before) + others)
    assert refresh_readme(course, names=[]) and ROW.format(*before) in readme.read_text()
    assert refresh_readme(course) and not refresh_readme(course)
    assert readme.read_text().startswith(ROW.format("5", "7") + others.split(BEGIN)[0])


def test_the_readme_says_how_many_points_rest_on_the_word_of_a_submission(course):
    readme = course.root / "README.md"
    readme.write_text(f"1 of the 2 points by the judge rest on trust, 3 of the 4 points do not.\n{BEGIN}\n{END}\n")
    assert refresh_readme(course)
    said = readme.read_text().splitlines()[0]
    assert re.fullmatch(r"[\d.]+ of the [\d.]+ points by the judge rest on trust, 3 of the 4 points do not.", said)
    assert said.split(" rest")[0] in (COURSE.root / "README.md").read_text() and not said.startswith("1 of")


def test_another_repository_makes_a_notebook_out_of_date(course):
    digest = read_source(course, "90_small").metadata["source_digest"]
    name_repository(course.root, '"you/yours"')
    assert read_source(course, "90_small").metadata["source_digest"] != digest
    assert not is_current(course, "90_small")


def test_a_course_without_a_readme_has_no_links_to_write(course):
    (course.root / "README.md").unlink()
    assert not refresh_readme(course)
    assert not (course.root / "README.md").exists()


@pytest.mark.parametrize("text", ["# Mine\n", f"{BEGIN}\n", f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n"])
def test_a_readme_without_one_place_for_links_is_refused(course, text):
    (course.root / "README.md").write_text(text)
    with pytest.raises(CourseError, match="must hold these two lines once"):
        refresh_readme(course)
    assert (course.root / "README.md").read_text() == text


@pytest.mark.parametrize("value", ["3", '"https://github.com/me/mine"', '"me"'])
def test_a_setting_that_names_no_repository_is_refused(course, value):
    name_repository(course.root, value)
    with pytest.raises(CourseError, match=r'write c\.Course\.repository = "OWNER/NAME", not'):
        _ = course.repository


def test_a_course_without_a_repository_has_no_badges_and_no_links(course):
    name_repository(course.root, "None")
    before = (course.root / "README.md").read_text()
    assert course.repository == "" and not refresh_readme(course) and (course.root / "README.md").read_text() == before
    assert not LINK.search("".join(cell.source for cell in read_source(course, "90_small").cells))
