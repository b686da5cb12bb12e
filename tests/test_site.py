"""The static site: everything folded that tells an answer, nothing from other hosts, readable by everybody."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import v4

from autograder import cells, links
from autograder.cli import cli
from autograder.course import Course, CourseError
from autograder.site import card, code, pages
from autograder.site.predictions import outcomes_apart
from tests.support.page_reader import Reader

COURSE = Course.find()
SCRIPTS = sorted((Path(pages.__file__).parent / "assets").glob("*.js"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of the course as it stands. Whether it is up to date with its sources is another test's."""
    folder = tmp_path_factory.mktemp("site") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_check_current", lambda course: None)
        assert pages.build_site(COURSE, folder) == len(COURSE.names) + 3
    return folder


@pytest.fixture(scope="module")
def read(site):
    return {path.name: Reader(path.read_text(encoding="utf-8")) for path in site.glob("*.html")}


# --- the whole site ------------------------------------------------------------------------------------------------


def test_every_tag_is_closed_where_it_should(read):
    assert len(read) == len(COURSE.names) + 3 and all(reader.open == [] for reader in read.values())


def test_nothing_is_asked_of_other_hosts(site, read):
    for name, reader in read.items():
        for tag, attributes in reader.tags:
            for key in ("src", "srcset", "href", "action", "data", "poster", "xlink:href"):
                address = attributes.get(key) or ""
                if re.match(r"(https?:)?//", address):
                    assert (tag, key) == ("a", "href"), (name, tag, address)
            assert not attributes.get("style") and not any(key.startswith("on") for key in attributes), (name, tag)
    for path in set((site / "assets").iterdir()) - {site / card.CARD}:
        text = path.read_text(encoding="utf-8")
        assert (
            not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|\bimport\b.*['\"]", text)
            or "search-index" in path.name
        )


def test_every_link_and_file_of_the_site_is_there(site, read):
    anchors = {name: {attributes.get("id") for _, attributes in reader.tags} for name, reader in read.items()}
    for name, reader in read.items():
        ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        addresses = [a.get("href") or a.get("src") for _, a in reader.tags if a.get("href") or a.get("src")]
        for address in addresses:
            if not re.match(r"https?://", address):
                file, _, anchor = address.partition("#")
                assert not file or (site / file).is_file(), (name, address)
                assert not anchor or anchor in anchors[file or name], (name, address)


def test_headings_figures_and_tables_speak(read):
    for name, reader in read.items():
        levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), (name, levels)
        assert all(len(image["alt"]) > 20 and image["width"] for image in reader.all("img")), name
        assert not any("loading" in image for image in reader.all("img")), "a figure out of sight is not printed"
        assert all(column["scope"] in ("col", "row") for column in reader.all("th")), name
        assert reader.all("html")[0]["lang"] == "en" and len(reader.all("main")) == 1
        scrolling = [a for _, a in reader.tags if "scroll" in (a.get("class") or "")]
        assert all(part["tabindex"] == "0" and part["role"] == "group" and part["aria-label"] for part in scrolling)
    assert sum(len(reader.all("img")) for reader in read.values()) > 50


@pytest.mark.parametrize("name", COURSE.names)
def test_answers_are_folded_and_the_rest_is_not(read, name):
    reader = read[f"{name}.html"]
    everything = reader.seen + reader.folded
    notebook = nbformat.read(COURSE.walkthrough(name), as_version=4)
    student = nbformat.read(COURSE.release(name), as_version=4)
    released = {cells.grade_id(cell): cell.source for cell in student.cells}
    for cell in notebook.cells:
        if "### BEGIN SOLUTION" in cell.source and cell.cell_type == "code":
            solution = re.search(r"### BEGIN SOLUTION\n(.*?)\s*### END", cell.source, re.DOTALL)[1]
            for line in {line.strip() for line in solution.splitlines() if len(line.strip()) > 25}:
                assert line in reader.folded and line not in reader.seen, line
            assert f"Show a solution of {cells.grade_id(cell)}" in reader.seen
            assert released[cells.grade_id(cell)] in reader.seen
        text = cells.unfolded(cell.source)
        if "instructor" in cells.tags(cell) and text.startswith("**Rubric"):
            assert " ".join(re.findall(r"\w+", text)[1:9]) not in " ".join(re.findall(r"\w+", reader.seen))
    assert "BEGIN" not in everything and "judge(" not in everything and "raise NotImplementedError" in reader.seen


@pytest.mark.parametrize("name", COURSE.names)
def test_every_formula_became_mathml(site, name):
    markup = (site / f"{name}.html").read_text(encoding="utf-8")
    prose = re.sub(r"<(pre|code)\b.*?</\1>", "", markup, flags=re.DOTALL)
    assert markup.count("<math") > 20
    assert "$" not in prose and "\\" not in prose


def test_the_front_page_has_the_points_and_minutes_of_the_cards(site):
    markup = (site / "index.html").read_text(encoding="utf-8")
    readme = (COURSE.root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\d · [^]]+)\]\(.*\) \|[^|]*\| (\d+) \| (\d+) \|", readme, re.MULTILINE)
    assert len(rows) == len(COURSE.names)
    for title, points, minutes in rows:
        facts = rf"<span>{points} points</span> <span>{minutes} minutes</span>"
        assert re.search(rf">{title}</a></h2>((?!<h2>).)*{facts}", markup, re.DOTALL), title


@pytest.mark.parametrize("name", COURSE.names)
def test_what_comes_out_of_a_prediction_is_folded(read, name):
    reader, notebook = read[f"{name}.html"], nbformat.read(COURSE.walkthrough(name), as_version=4)
    guesses = [cell.source.split(" = ")[0] for cell in notebook.cells if "prediction" in cells.tags(cell)]
    assert len(guesses) >= 3
    for cell in notebook.cells:
        used = [guess for guess in guesses if re.search(rf"\b{guess}\b(?! = None)", cell.source)]
        for output in cell.get("outputs", []) if used else []:
            text = output.get("text", "").strip()
            assert text in reader.folded and (not text or text not in reader.seen), (used, text)
    assert reader.seen.count("Show what comes out") >= 3
    assert all(f"{guess} = None" in reader.seen for guess in guesses)


def test_an_outcome_goes_to_the_end_of_what_is_said_about_it():
    def code(source, output=True, **metadata):
        outputs = [v4.new_output("stream", text="7")] if output else []
        return v4.new_code_cell(source, outputs=outputs, metadata=metadata)

    told = [
        (False, code("before")),
        (False, code("my_guess = None", output=False, tags=["prediction"])),
        (False, code("def seven(): return 7", output=False)),
        (True, code("compare_guess(my_guess, seven())")),
        (True, code("draw(seven())")),
        (True, v4.new_markdown_cell("It is **seven**, not six.")),
        (True, v4.new_markdown_cell("**Reading the result.** Seven.", metadata={"tags": ["instructor"]})),
        (False, code("another experiment")),
    ]
    apart = list(outcomes_apart(v4.new_notebook(cells=[cell for _, cell in told])))
    assert [(folded, cell.source) for folded, cell in apart] == [(folded, cell.source) for folded, cell in told]


@pytest.mark.parametrize("new", ["## Next", "**By hand.** One.", "**Predict.** Two?"])
def test_a_new_thought_in_the_same_cell_is_not_folded(new):
    texts = ["my_guess = None", "compare_guess(my_guess, 7)"]
    guess, shown = (v4.new_code_cell(text, outputs=[v4.new_output("stream", text="7")]) for text in texts)
    guess.metadata.tags = ["prediction"]
    notebook = v4.new_notebook(cells=[guess, shown, v4.new_markdown_cell(f"Seven,\n**of** ten.\n\n{new}")])
    apart = [(folded, cell.source) for folded, cell in outcomes_apart(notebook)]
    assert apart == [(False, texts[0]), (True, texts[1]), (True, "Seven,\n**of** ten."), (False, new)]


# --- finding one's way ---------------------------------------------------------------------------------------------


def test_every_page_has_a_menu_of_all_and_marks_itself(read):
    for name, reader in read.items():
        links = [attributes for attributes in reader.all("a") if attributes.get("href") in read]
        in_menu = links[1 : len(read) + 1]  # the first is the course's title, which leads home
        assert [link["href"] for link in in_menu][:2] == ["index.html", f"{COURSE.names[0]}.html"]
        assert {link["href"] for link in in_menu} == set(read), name
        assert [link["href"] for link in reader.all("a") if "aria-current" in link] == [name]
        assert reader.all("nav")[0]["aria-label"] and reader.all("a")[0]["href"] == "#page-main"


def test_every_heading_has_a_link_and_the_menu_holds_it(read):
    for name, reader in read.items():
        headings = [a["id"] for tag, a in reader.tags if tag in ("h2", "h3", "h4") and "id" in a]
        assert [a["href"] for a in reader.all("a") if a.get("class") == "permalink"] == [f"#{one}" for one in headings]
        assert name == "index.html" or len(headings) >= 2
        in_page = [a["href"] for a in reader.all("a") if a.get("href", "").startswith("#") and "class" not in a]
        top = [a["id"] for tag, a in reader.tags if tag in ("h2", "h3") and "id" in a]
        assert in_page[: len(top)] == [f"#{one}" for one in top], name


def test_notebooks_lead_to_those_before_and_after(read):
    for number, name in enumerate(COURSE.names):
        neighbours = {"prev": COURSE.names[:number][-1:], "next": COURSE.names[number + 1 :][:1]}
        for way, there in neighbours.items():
            for tag in ("link", "a"):
                found = [one["href"] for one in read[f"{name}.html"].all(tag) if one.get("rel") == way]
                assert found == [f"{other}.html" for other in there], (name, way)


def test_notebooks_open_on_colab_and_binder(read):
    for name in COURSE.names:
        addresses = [links.colab_link(COURSE.repository, name), links.binder_link(COURSE.repository, name)]
        for page in (f"{name}.html", "index.html"):
            buttons = [one["href"] for one in read[page].all("a") if one.get("class") == "button"]
            assert set(addresses) <= set(buttons), (name, page)


def test_a_link_to_a_page_has_a_card(site, read):
    for name, reader in read.items():
        told = {one.get("property", one.get("name")): one.get("content") for one in reader.all("meta")}
        assert told["og:url"] == f"https://attention-course.github.io/attention-course/{name}"
        assert told["og:image"] == "https://attention-course.github.io/attention-course/assets/card.png"
        assert told["og:title"] and len(told["og:description"]) > 20 and told["og:image:alt"]
        assert told["description"] == told["og:description"] and "<" not in told["description"]
    content = (site / "assets" / "card.png").read_bytes()
    assert content.startswith(b"\x89PNG") and content[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)


def test_a_card_takes_any_title_and_needs_matplotlib(monkeypatch):
    assert card.draw_card("$5 and _more_ " * 20, "").startswith(b"\x89PNG")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert card.draw_card("Title", "About") is None


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ('c.Course.repository = "Some/course"', "https://some.github.io/course/"),
        ('c.Course.repository = "a/b"\nc.Course.site = "https://example.org/course"', "https://example.org/course/"),
        ("", ""),
    ],
)
def test_where_the_site_is_published(tmp_path, settings, address):
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}\n")
    assert links.site_address(Course(tmp_path)) == address


def test_the_search_index_leads_to_places_and_tells_no_answers(site, read):
    script = (site / "assets" / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(script.removeprefix("window.searchIndex = ").removesuffix(";\n"))
    assert len(entries) > 100
    for entry in entries:
        file, _, anchor = entry["url"].partition("#")
        assert not anchor or anchor in {attributes.get("id") for _, attributes in read[file].tags}
        assert "### BEGIN" not in entry["text"] and "Hint: nearly code" not in entry["text"]
    hits = [entry["url"] for entry in entries if "reduction ratio" in entry["text"].lower()]
    assert any(url.startswith("01_squeeze_excitation.html#") for url in hits)
    assert not any("x.mean(axis=(1, 2))" in entry["text"] for entry in entries if "exercise-squeeze" in entry["url"])


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_keep_their_contrast(site):
    style = (site / "assets" / "style.css").read_text(encoding="utf-8")
    named = {key: pair for key, *pair in re.findall(r"--(\w+): light-dark\(#(\w{6}), #(\w{6})\)", style)}
    assert {"text", "quiet", "link", "page", "panel", "mark"} <= named.keys()
    pairs = [(named[key], named[ground]) for key in ("text", "quiet", "link") for ground in ("page", "panel")]
    pairs += [(named["text"], named["mark"])]
    pairs += [(colours, named["panel"]) for colours in code.token_colours().values()]
    assert len(pairs) > 30
    for colour, ground in pairs:
        assert all(contrast(colour[theme], ground[theme]) >= 4.5 for theme in (0, 1)), (colour, ground)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_never_make_markup_from_text(script):
    text = script.read_text(encoding="utf-8")
    assert '"use strict"' in text and not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", text)


# --- where it is written -------------------------------------------------------------------------------------------


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(CourseError, match="no site of ours"):
        pages.build_site(COURSE, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(CourseError, match="no folder"):
        pages.build_site(COURSE, tmp_path / "thesis.tex")
    with pytest.raises(CourseError, match=r"thesis\.tex/site cannot be written: "):
        pages.build_site(COURSE, tmp_path / "thesis.tex" / "site")


def test_an_older_site_is_replaced_and_a_failing_one_leaves_it(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "_check_current", lambda course: None)
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / pages.MARKER).touch()
    (folder / "old.html").touch()

    def fail(name, notebook, stub):
        raise CourseError("a formula")

    with monkeypatch.context() as patch:
        patch.setattr(pages, "read_page", fail)
        with pytest.raises(CourseError):
            pages.build_site(COURSE, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"] and (folder / "old.html").exists()
    monkeypatch.setattr(Course, "names", ["00_feature_maps"])
    pages.build_site(COURSE, folder)
    assert not (folder / "old.html").exists() and (folder / "00_feature_maps.html").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def test_a_walkthrough_older_than_its_source_stops_the_site(tmp_path):
    """On copies: nothing of the course itself may change here."""
    name, root = "00_feature_maps", tmp_path / "class"
    for place in (f"solutions/{name}", f"notebooks/{name}"):
        shutil.copytree(COURSE.root / place, root / place)
    for place in ("nbgrader_config.py", "pyproject.toml", "solutions/helpers.py", "solutions/hand_in.py"):
        shutil.copy(COURSE.root / place, root / place)
    course = Course(root)
    with course.text_source(name).open("a", encoding="utf-8") as source:
        source.write("\n# %% [markdown]\n# Another text\n")
    with pytest.raises(CourseError, match=rf"older than its text source: {name}.* Run `autograder build`"):
        pages.build_site(course, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_the_command_says_where_the_site_lies(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "_check_current", lambda course: None)
    monkeypatch.setattr(Course, "names", ["00_feature_maps"])
    ran = CliRunner().invoke(cli, ["site", str(tmp_path / "made")])
    assert ran.exit_code == 0 and (tmp_path / "made" / "index.html").is_file()
    assert f"wrote 4 pages: open {tmp_path / 'made' / 'index.html'}" in ran.output.replace("\n", "")
