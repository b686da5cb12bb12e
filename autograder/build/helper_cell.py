"""The helper cell: the functions of solutions/helpers.py, packed, and what they count with."""

from __future__ import annotations

import ast
import json
import textwrap

from .. import cells
from ..course import Course, CourseError
from ..exercise.catalogue import catalogue_of
from ..links import helpers_line
from ..packing import pack
from .marks import Contents

WIDTH = 120  # of a line; the packed one is longer

TITLE = "#@title Helpers for drawing and checking (run this cell; there is no need to read it)"

# Editors cannot look into `exec`. The source is put where tracebacks, `inspect` and IPython's ?? look for it.
HELPERS = '''"""{first_line}

They are packed. To read them: print(HELPERS), or one of them with its name and ??.
"""
{link}import base64, bz2, json, linecache

HELPERS, CAUSES = json.loads(bz2.decompress(base64.b64decode("{packed}")))
linecache.cache["<course helpers>"] = len(HELPERS), None, HELPERS.splitlines(True), "<course helpers>"
# Editors find the names here; the line below defines them.
{names}
exec(compile(HELPERS, "<course helpers>", "exec"))
'''

# What the helpers count with.
POINTS = """# What each exercise is worth, as on its card, and all questions in your own words together.
{points}
BY_HAND = {by_hand:g}"""

# A walkthrough opened alone runs too; where the judge is missing, nothing is given.
JUDGE = """try:
    from autograder.judge import judge_for
    judge = judge_for("{name}", "{package}")
except ImportError:
    def judge(exercise):
        print("The judge is not installed here, so nothing was graded.")
        return 0.0"""


def helper_cell(course: Course, name: str, contents: Contents) -> str:
    """The helper cell's source. Its hidden part gives the test cells `judge` under nbgrader's own preprocessors.
    Raises CourseError if solutions/helpers.py is no Python."""
    points = json.dumps({part.id: part.points for part in contents.exercises})
    by_hand = sum(part.points for part in contents.questions)
    helpers = [_helpers(course, name)] if course.helpers.exists() else []
    lines = [
        TITLE,
        *helpers,
        POINTS.format(points=_filled(f"POINTS = {points}", indent="    "), by_hand=by_hand),
        cells.BEGIN_HIDDEN,
        JUDGE.format(name=name, package=catalogue_of(course.config()).package),
        cells.END_HIDDEN,
    ]
    return "\n".join(lines)


def _helpers(course: Course, name: str) -> str:
    source = course.helpers.read_text(encoding="utf-8")
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CourseError(f"{course.helpers}, line {error.lineno}: {error.msg}") from error
    first_line, _, _ = (ast.get_docstring(tree) or "Helpers.").partition("\n")
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return HELPERS.format(
        first_line=first_line,
        names=_filled(f"[{', '.join(names)}] = [HELPERS] * {len(names)}", indent="    "),
        link=helpers_line(course.repository) if course.repository else "",
        packed=pack(source, read_causes(course, name)),
    )


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def read_causes(course: Course, name: str) -> dict[str, str]:
    """What a failed visible check names as the cause, by the fingerprint of the failure; a course need not have any."""
    path = course.likely_causes
    return json.loads(path.read_text(encoding="utf-8")).get(name, {}) if path.exists() else {}
