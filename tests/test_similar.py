"""Answers that are alike: what a change of clothes leaves as it is, which pairs are shown, and the page."""

from __future__ import annotations

import nbformat
import pytest
from click.testing import CliRunner

from autograder.commands.similar import similar_command
from autograder.course import Course, CourseError
from autograder.record.class_list import Member
from autograder.record.ledger import Key, Ledger
from autograder.similar.page import render
from autograder.similar.pairs import Answer, few, find_pairs
from autograder.similar.statements import statements_of
from autograder.similar.work import OWN_CELLS, answers_of, given_to_all
from tests.support.course import make_course
from tests.support.page_reader import Reader
from tests.support.report_class import NAME, result_of

ONE = '''\
def squeeze(x):
    """Mean over the positions."""
    # first the sum
    total = np.einsum("bhwc->bc", x)
    count: int = x.shape[1] * x.shape[2] + 0
    if count > 17: raise ValueError("too many positions to count")
    return np.divide(total, count, dtype=x.dtype, where=True)
'''
DRESSED_UP = """\
def squeeze(maps):
    n_positions = (maps.shape[1]
                   * maps.shape[2] + 0)
    s = np.einsum('bhwc->bc', maps)   # sums

    if n_positions > 17:
        raise ValueError('too many positions to count')
    return np.divide(s, n_positions, where=True, dtype=maps.dtype)
"""
OTHER = "def squeeze(x):\n    return tf.reduce_mean(tf.cast(x, tf.float32), axis=(1, 2)).numpy()\n"
WORDS = "A gate **forgets** where the thing was, because the mean has no place in it. Fine."


def forms(source: str, is_code: bool = True) -> set[str]:
    return {one.form for one in statements_of(source, is_code)}


def test_new_names_comments_order_and_layout_leave_the_forms_as_they_are():
    assert forms(ONE) == forms(DRESSED_UP) and len(forms(ONE)) == 5
    assert not forms(ONE).intersection(forms(OTHER)) - forms("def f(x): pass")


def test_a_statement_knows_its_lines():
    at = {one.form: (one.first, one.last) for one in statements_of(DRESSED_UP, True)}
    assert at["_ = _.shape[1] * _.shape[2] + 0"] == (2, 3) and at["_ = np.einsum('bhwc->bc', _)"] == (4, 4)
    (at,) = statements_of("Short.\n\n" + WORDS.replace(" where", "\nwhere"), False)
    assert (at.first, at.last) == (3, 4)


@pytest.mark.parametrize(
    "source",
    [
        "%timeit np.mean(x, axis=(1, 2))",
        "def broken(x:\n    return np.mean(x, axis=(1, 2))",
        "(" * 5_000 + "1" + ")" * 5_000,
        "-" * 3_000 + "1",
        "x = " + "9" * 5_000,
        "match x:\n    case [1, *rest] if rest:\n        y = rest[0] + rest[1]\n    case _:\n        pass",
        "try:\n    y = f(x, 1)\nexcept* ValueError as e:\n    print(e, e, e)\nelse:\n    y = 2\nfinally:\n    z = 3",
        "@decorated(1, 2, 3)\nasync def f(*a, k=1, **b):\n    async with g(a, k) as h: await h",
        "class A(B):\n    x: int\n    y: int = 3 + 4 + 5\n",
        "f = lambda x: [y for y in x if (z := y) > 1]\nglobal x\ndel x\n",
        "\0",
    ],
)
def test_any_text_has_statements(source):
    assert all(1 <= one.first <= one.last for one in statements_of(source, True))


def test_names_do_not_hide_what_is_called():
    assert forms("y = np.mean(x, axis=1)") != forms("y = np.max(x, axis=1)")
    assert forms(WORDS, False) == {"a gate forgets where the thing was because the mean has no place in it"}


def a_class(**sources: str) -> dict[str, dict[str, Answer]]:
    return {student: {"squeeze": Answer(source, True)} for student, source in sources.items()}


def test_a_pair_is_found_with_the_lines_that_both_have():
    work = a_class(ada=ONE, ben=OTHER, cy=DRESSED_UP, dot=OTHER.replace("1, 2", "2, 1"))
    (pair,) = find_pairs(work, [Answer("def squeeze(x):\n    raise NotImplementedError", True)], 10)
    assert (pair.one, pair.other, pair.rare, pair.shared, pair.most) == ("ada", "cy", 4, 4, 4)
    (shown,) = pair.exercises
    assert shown.sources == (ONE, DRESSED_UP)
    assert shown.rare == (frozenset({4, 5, 6, 7}), frozenset({2, 3, 4, 7, 8})) and shown.common == (set(), set())


def test_what_was_given_or_what_many_wrote_does_not_count():
    assert find_pairs(a_class(ada=ONE, ben=DRESSED_UP), [Answer(ONE, True)], 10) == []
    many = {f"s{number}": ONE for number in range(few(5) + 1)}
    assert find_pairs(a_class(**many), [], 10) == []
    trio = a_class(ada=ONE, ben=ONE, cy=ONE, dot=OTHER)
    assert [(pair.one, pair.other) for pair in find_pairs(trio, [], 2)] == [("ada", "ben"), ("ada", "cy")]
    assert len(find_pairs(trio, [], 10)) == 3


def test_all_pieces_of_an_answer_and_own_cells_are_read():
    def cell(source: str, kind=nbformat.v4.new_code_cell, **metadata):
        return kind(source, metadata=metadata)

    answer = {"grade_id": "squeeze", "solution": True, "grade": False}
    notebook = nbformat.v4.new_notebook(
        cells=[
            cell("given = 1"),
            cell("def helper(): pass", tags=["student"]),
            cell("notes", nbformat.v4.new_markdown_cell, tags=["student"]),
            cell("def squeeze(x): pass", nbgrader=answer),
            cell("more = 2", tags=["piece of squeeze", "student"]),
        ]
    )
    assert answers_of(notebook) == {
        OWN_CELLS: Answer("def helper(): pass", True),
        "squeeze": Answer("def squeeze(x): pass\n\nmore = 2", True),
    }


ATTACK = "x = '</pre><script>alert(1)</script>' + str(1) # \u202e\x1b[2J {{ 7 * 7 }}"


def test_the_page_shows_both_says_that_it_proves_nothing_and_nothing_in_it_acts():
    attacked = ONE + ATTACK
    found = find_pairs(a_class(**{"ada": attacked, "<b>": attacked}), [], 10)
    page = render(NAME, found, 2, {"ada": Member("Ada <i>")})
    assert Reader(page).open == []
    assert "This page proves nothing." in page and "Ada &lt;i&gt; (ada)" in page and "&lt;b&gt;" in page
    assert page.count("einsum") == 2 and page.count("alert(1)") == 2 and "<script" not in page and "<i>" not in page
    assert "\u202e" not in page and "\x1b" not in page and "{{ 7 * 7 }}" in page
    assert page.count("<b>●") == 2 * 6
    empty = render(NAME, [], 2, {})
    assert "No pair shares" in empty and "proves nothing" in empty


def test_the_command(tmp_path, monkeypatch):
    course = make_course(tmp_path / "class")
    monkeypatch.chdir(course.root)
    with pytest.raises(CourseError, match=f"no submission of {NAME} has been graded: run"):
        CliRunner().invoke(similar_command, [NAME], catch_exceptions=False)
    answer = {"grade_id": "channel_pool", "solution": True, "grade": False}
    with Ledger(course.root / ".grading" / f"{NAME}.sqlite") as ledger:
        for student, source in (("ada", ONE), ("ben", DRESSED_UP), ("cy", OTHER)):
            ledger.begin(student, Key("tests", "submission"), 0)
            notebook = nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell(source, metadata={"nbgrader": answer})]
            )
            ledger.keep(result_of(student, graded=nbformat.writes(notebook)))
        ledger.begin("waits", Key("tests", "submission"), 0)
    done = CliRunner().invoke(similar_command, [NAME], catch_exceptions=False)
    assert "3 students, 1 pair to read side by side; it proves nothing." in done.stderr
    assert "channel_pool" in (course.root / "similar" / f"{NAME}.html").read_text()
    assert sorted(path.name for path in (course.root / ".grading").iterdir()) == [f"{NAME}.sqlite"]


def test_the_student_version_holds_what_everybody_was_given():
    assert any("def channel_pool" in given.source for given in given_to_all(Course.find(), NAME) if given.is_code)
