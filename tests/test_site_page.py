"""One page of the static site, made from small notebooks."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.course import CourseError
from autograder.site.mathematics import to_mathml
from autograder.site.notebook import read_page
from autograder.site.prose import Prose, plain_text
from tests.support.page_reader import Reader

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
HEAD = "# 00 · A title\n\nIts subject.\n\n| part | points | minutes |\n|---|---|---|\n| **total** | **5** | **7** |"


def page_of(*body, head=HEAD):
    return read_page("00_feature_maps", new_notebook(cells=[new_markdown_cell(head), *body]), "raise NotYet")


def figure_cell(**metadata):
    return new_code_cell("draw()", outputs=[new_output("display_data", {"image/png": PNG}, metadata=metadata)])


def test_a_solution_stands_behind_the_hints_of_its_exercise():
    source = "def f(x):\n    # a step\n    ### BEGIN SOLUTION\n    return x + 41\n    ### END SOLUTION\n\nTAIL = 1"
    answer = new_code_cell(source, metadata={"nbgrader": {"grade_id": "f", "solution": True, "grade": False}})
    hint = new_markdown_cell("<details><summary>Hint</summary>look at $x^2$</details>")
    content = str(page_of(answer, hint, new_markdown_cell("Afterwards.")).content)
    reader = Reader(content)
    assert "return x + 41" in reader.folded and "return x + 41" not in reader.seen
    assert "# a step" in reader.seen and "    raise NotYet" in reader.seen and "TAIL = 1" in reader.seen
    order = [content.index(word) for word in ("a step", "<summary>Hint", "Show a solution of f", "Afterwards.")]
    assert order == sorted(order) and "<msup>" in content


def test_points_minutes_and_what_it_is_about_are_read():
    graded = new_markdown_cell("x", metadata={"nbgrader": {"grade_id": "q", "grade": True, "points": 5}})
    page = page_of(graded)
    assert (page.points, page.minutes, str(page.title)) == (5, 7, "00 · A title")
    assert "Its subject." in page.about


def test_the_search_knows_what_stands_under_which_heading():
    text = new_markdown_cell("Before.\n\n## One\n\nunder one\n\n```\n# no heading\n```\n\n### Two\n\nunder two")
    page = page_of(
        text, new_code_cell("visible = 1"), new_markdown_cell("**Rubric.** hush", metadata={"tags": ["instructor"]})
    )
    sections = {section.title: " ".join(section.texts) for section in page.sections}
    assert "under one" in sections["One"] and "Before." in sections["00 · A title"]
    assert sections["Two"] == "under two visible = 1" and "hush" not in str(sections)


def test_a_figure_shows_at_its_size_and_must_say_what_it_shows():
    page = page_of(figure_cell(**{"image/png": {"alt": 'A "plot"', "width": 1}}))
    (figure,) = page.figures
    assert figure.content.startswith(b"\x89PNG") and 'alt="A &#34;plot&#34;" width="1"' in page.content
    with pytest.raises(CourseError, match="no alt text"):
        page_of(figure_cell())


def test_a_formula_that_cannot_be_shown_is_named():
    for tex in (r"\nocommand x", r"\frac{1", "a & b"):
        with pytest.raises(CourseError, match="formula"):
            to_mathml(tex, block=False)


def test_images_from_elsewhere_become_their_words():
    markup = Prose().render("[![Open in Colab](https://elsewhere.org/badge.svg)](https://colab.org/x)")
    assert "<img" not in markup and ">Open in Colab</a>" in markup


def test_anchors_are_unique_and_a_formula_alone_heads_a_column():
    prose = Prose()
    markup = prose.render("## The $x$ axis\n\n## The $x$ axis\n\n| | $n$ |\n|---|---|\n| a | b |")
    assert [heading.anchor for heading in prose.headings] == ["the-axis", "the-axis-2"]
    assert '<th scope="col"><span class="unseen">n</span><math aria-hidden="true"' in markup and "<td></td>" in markup


def test_text_for_the_search_has_no_markup_and_no_hints():
    said = plain_text(
        "**Bold**: [link](https://x.org). `code`, $z_c < \\mathrm{relu}(x)$\n\n"
        "$$\\frac{1}{2}$$\n\n<details><summary>Hint</summary>secret $y$</details> | a > b |"
    )
    assert said == "Bold: link. code, zc<relu(x) 12 a b"


def test_a_first_cell_without_a_title_or_minutes_is_an_error():
    with pytest.raises(CourseError, match="first cell"):
        page_of(head="# Title only")
