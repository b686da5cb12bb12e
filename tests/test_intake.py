"""Bad input: each kind of file gets one clear line, and nothing is raised but Unreadable."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.pipeline.intake import Unreadable, read_submission
from autograder.sandbox.limits import Limits

NOTEBOOK = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])


def reason_of(path, content: bytes, **options) -> str:
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refusal:
        read_submission(path, **options)
    return str(refusal.value)


def changed(**entries) -> bytes:
    return json.dumps({**json.loads(nbformat.writes(NOTEBOOK)), **entries}).encode()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.ipynb"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"print('hello')\n", "not valid JSON (line 1, column 1)"),
        (nbformat.writes(NOTEBOOK).encode()[:-30], "cut off"),
        (b'{"title": "my essay"}', "not a notebook"),
        (b"[1, 2, 3]", "not a notebook"),
        (b"null", "not a notebook"),
        (bytes(range(256)), "not text"),
        (b"[" * 100_000, "JSON"),
        (changed(nbformat=99), "format 99"),
        (changed(nbformat="four"), "format 'four'"),
        (changed(cells={"a": 1}), "cells cannot be read"),
        (changed(cells=[1, 2]), "cells cannot be read"),
        (changed(cells=None), "cells cannot be read"),
        (changed(cells=[{"cell_type": "code", "metadata": {}, "source": 3}]), "Cell 1 is malformed"),
        (changed(cells=[{"cell_type": "code", "metadata": {}, "source": ["a", 3]}]), "Cell 1 is malformed"),
        (changed(cells=[{"cell_type": ["code"], "metadata": {}, "source": ""}]), "Cell 1 is malformed"),
        (changed(cells=[{"cell_type": "song", "metadata": {}, "source": ""}]), "Cell 1 is malformed"),
        (changed(metadata={"kernelspec": {"name": "ir", "language": "R"}}), "not for Python"),
        (changed(metadata={"language_info": {"name": "julia"}}), "written for julia"),
    ],
)
def test_refusals_say_what_is_wrong(path, content, says):
    reason = reason_of(path, content)
    assert says in reason
    assert "\n" not in reason and len(reason) < 200


def test_a_large_file_is_refused_before_it_is_read(path):
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(Unreadable, match=r"has 100 MB; at most 20 MB"):
        read_submission(path)


def test_a_file_at_the_limit_is_read(path):
    content = nbformat.writes(NOTEBOOK).encode()
    path.write_bytes(content)
    limits = Limits(notebook_bytes=len(content))
    assert read_submission(path, limits)[0].cells[0].source == "x = 1"
    assert "MB" in reason_of(path, content + b" ", limits=limits)


@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": {"name": "conda-tf", "language": "python"}}, {"kernelspec": 3}]
)
def test_other_python_kernels_are_read(path, metadata):
    path.write_bytes(changed(metadata=metadata))
    assert read_submission(path) == (NOTEBOOK, [])


def test_an_older_format_is_converted_and_said(path):
    path.write_text(json.dumps(nbformat.convert(copy.deepcopy(NOTEBOOK), 3)))
    notebook, notes = read_submission(path)
    assert [cell.source for cell in notebook.cells] == ["x = 1"]
    assert notes == ["The notebook is in the older format 3; it was converted."]


def test_source_as_a_list_of_lines_is_joined(path):
    cell = {"cell_type": "code", "metadata": {}, "source": ["a = 1\n", "b = 2"], "outputs": [], "execution_count": None}
    path.write_bytes(changed(cells=[cell]))
    assert read_submission(path)[0].cells[0].source == "a = 1\nb = 2"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["cells", "nbformat", "metadata", "source", "cell_type", "worksheets", "kernelspec"]),
                inner | st.sampled_from([2, 3, 4, "code", "markdown"]),
                max_size=6,
            )
        ),
        max_leaves=30,
    )
)
def test_any_json_is_read_or_refused(path, content):
    path.write_text(json.dumps(content))
    try:
        notebook, _ = read_submission(path)
    except Unreadable:
        return
    assert all(isinstance(cell.source, str) for cell in notebook.cells)
