"""The site's page on what a course lets others import, made from docstrings."""

from __future__ import annotations

import inspect
import sys
import types

import pytest

from attention_course import layers
from autograder.course import CourseError
from autograder.site.api import api_of
from autograder.site.prose import Prose
from tests.support.page_reader import Reader

MODULE = '''
"""Two things."""
__all__ = ["Wheel", "turn"]

class Any:
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)

class Wheel(Any):
    """A wheel.

    It is round.

    Args:
        radius: in metres; 2 * radius is
            the diameter.
        **more: what else.

    Source:
        Everyday life: common knowledge.
        A second line.

    Example:
        wheel = Wheel(2)
        if wheel:
            turn(wheel)
    """

    def __init__(self, radius: "int | None" = None, *, name="round", **more):
        pass

def turn(wheel, *angles: float, back: bool = False):
    """The wheel itself, turned."""
'''


@pytest.fixture
def module(monkeypatch):
    module = types.ModuleType("wheels_of_a_test")
    exec(compile(MODULE, module.__name__, "exec", dont_inherit=True), vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_signatures_and_docstrings_become_a_page(module):
    assert api_of("wheels_of_a_test") == (
        "# wheels_of_a_test\n\nTwo things.\n\n"
        "- [`Wheel`](#wheel): A wheel.\n- [`turn`](#turn): The wheel itself, turned.\n\n"
        "## Wheel\n\n```python\nWheel(radius: int | None = None, *, name='round', **more)\n```\n\n"
        "A wheel.\n\nIt is round.\n\n"
        "**Args**\n\n- `radius`: in metres; 2 * radius is the diameter.\n- `**more`: what else.\n\n"
        "**Source**\n\nEveryday life: common knowledge.\nA second line.\n\n"
        "**Example**\n\n```python\nwheel = Wheel(2)\nif wheel:\n    turn(wheel)\n```\n\n"
        "## turn\n\n```python\nturn(wheel, *angles: float, back: bool = False)\n```\n\nThe wheel itself, turned.\n"
    )


def test_a_long_signature_has_a_line_for_each_parameter(module):
    names = [f"{'_'.join(['a_long_name'] * 4)}_{number}" for number in range(2)]
    exec(f"def turn({', '.join(names)}=1):\n    'The wheel.'", vars(module))
    assert f"\nturn(\n    {names[0]},\n    {names[1]}=1,\n)\n" in api_of("wheels_of_a_test")


def test_what_cannot_be_shown_is_named(module):
    with pytest.raises(CourseError, match="c.Course.api names 'no_such_module', which cannot be imported"):
        api_of("no_such_module")
    module.Wheel.__doc__ = None
    with pytest.raises(CourseError, match="wheels_of_a_test.Wheel has no docstring"):
        api_of("wheels_of_a_test")
    module.__all__ = []
    with pytest.raises(CourseError, match="`__all__`"):
        api_of("wheels_of_a_test")


def test_each_layer_of_the_course_is_on_its_page_with_every_argument():
    page = api_of("attention_course.layers")
    prose = Prose()
    reader = Reader(str(prose.render(page)))
    assert [heading.text for heading in prose.headings] == ["attention_course.layers", *layers.__all__]
    anchors = {f"#{heading.anchor}" for heading in prose.headings}
    assert {link["href"] for link in reader.all("a")} == anchors - {"#attention_course-layers"}
    for name in layers.__all__:
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        item = getattr(layers, name)
        if isinstance(item, type):
            arguments = [one for one in inspect.signature(item.__init__).parameters if one not in ("self", "kwargs")]
            assert [one for one in arguments if f"- `{one}`: " not in section] == []
