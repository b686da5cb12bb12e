"""Bad input: each kind of file gets one clear line, and nothing is raised but Unreadable."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.intake.reading import MAX_CELLS, MAX_PARTS, Unreadable, read_submission
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
        (changed(metadata={"kernelspec": {"name": "ir", "language": "R"}}), "written for R, not for Python. Open it"),
        (changed(metadata={"language_info": {"name": "julia"}}), "written for julia, not for Python."),
        (changed(metadata={"language_info": {"name": "scala"}, "kernelspec": {"language": "python"}}), "for scala"),
        (changed(nbformat=9**4000), "format 9"),
        (changed(nbformat=[4]), "format '?'"),
        (changed(nbformat=1e400), "format inf"),
        (changed(cells=[{}] * (MAX_PARTS + 1)), "too many parts"),
        (changed(cells=[{"cell_type": "code"}] * (MAX_CELLS + 1)), "has 10,001 cells; at most 10,000 are read"),
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
    "metadata",
    [
        {},
        None,
        [1],
        "x",
        {"kernelspec": {"name": "conda-tf", "language": "python"}},
        {"kernelspec": 3, "language_info": None},
        {"language_info": {"name": "python3"}},
        {"language_info": {"name": "ipython"}},
        {"kernelspec": {"name": "xpython", "language": "xpython"}},
        {"kernelspec": {"name": "python3", "language": "Python"}, "language_info": {"name": ""}},
        {"language_info": {"name": "pyspark", "pygments_lexer": "python3"}, "kernelspec": {"name": "pysparkkernel"}},
        {"kernelspec": {"display_name": "SageMath 10.4", "language": "sage", "name": "sagemath"}},
        {"application/vnd.databricks.v1+notebook": {"language": "python"}, "language_info": {"name": "python"}},
    ],
)
def test_other_python_kernels_are_read(path, metadata):
    path.write_bytes(changed(metadata=metadata))
    assert read_submission(path) == (NOTEBOOK, [])


@pytest.mark.parametrize(
    "entries",
    [
        {"nbformat_minor": None},
        {"nbformat_minor": 4},
        {"nbformat_minor": 9**4000},
        {"nbformat_minor": [1]},
        {"nbformat": 4.0},
    ],
)
def test_other_minor_formats_are_read(path, entries):
    path.write_bytes(changed(**entries))
    assert read_submission(path) == (NOTEBOOK, [])


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ({"metadata": None, "source": "x = 1"}, "x = 1"),
        ({"metadata": [1], "source": "x = 1", "outputs": 3, "execution_count": "x"}, "x = 1"),
        ({"source": ["a\r\n", "b"]}, "a\nb"),
        ({"source": None}, ""),
        ({}, ""),
        ({"source": "x", "id": 7, "outputs": [3, None, {"text": 4}, []]}, "x"),
        ({"source": "x", "metadata": {"tags": "demo", "nbgrader": ["x"]}}, "x"),
        ({"source": "x", "attachments": {"a": {"image/png": "QUJD"}}}, "x"),
    ],
)
def test_odd_cells_are_read(path, cell, source):
    path.write_bytes(changed(cells=[{"cell_type": "code", **cell}] * 2))
    notebook, _ = read_submission(path)
    assert [dict(one) for one in notebook.cells] == [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    ] * 2


def test_what_grading_needs_of_a_cell_is_kept_and_no_more(path):
    nbgrader = {"grade_id": "f", "grade": True, "points": 2, "extra": "x", "checksum": [1]}
    metadata = {"nbgrader": nbgrader, "tags": ["a"], "colab": {"x": 1}, "id": "c"}
    pictures = {"a b.png": {"image/png": ["QUJ", "D"], "text/html": "<b>"}, "b": {"text/html": "<b>"}, "c": 3}
    cell = {"cell_type": "markdown", "id": "i", "source": "x", "metadata": metadata, "attachments": pictures}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a", "b"]},
        {"output_type": "display_data", "data": {"image/png": "QUJD"}},
    ]
    code = {"cell_type": "code", "id": "i", "source": "x", "metadata": {"collapsed": True}, "outputs": outputs}
    path.write_bytes(changed(cells=[cell, code]))
    text, code = read_submission(path)[0].cells
    kept = {"grade_id": "f", "grade": True, "points": 2}
    assert text == {
        "cell_type": "markdown",
        "id": "i",
        "source": "x",
        "metadata": {"nbgrader": kept, "tags": ["a"], "id": "c"},
        "attachments": {"a b.png": {"image/png": "QUJD"}},
    }
    assert code.metadata == {} and code.id == "i"
    assert code.outputs == [{"output_type": "stream", "name": "stdout", "text": "ab"}]


@pytest.mark.parametrize("encode", ["utf-8-sig", "utf-16"])
def test_what_windows_makes_of_the_text_is_read(path, encode):
    path.write_bytes(changed().decode().replace("\n", "\r\n").encode(encode))
    assert read_submission(path) == (NOTEBOOK, [])


def test_at_the_limits_of_cells_and_parts(path):
    cell = {"cell_type": "raw", "source": "x"}
    path.write_bytes(changed(cells=[cell] * MAX_CELLS, metadata={"x": [[]] * (MAX_PARTS - MAX_CELLS - 20)}))
    assert len(read_submission(path)[0].cells) == MAX_CELLS


READ_AND_MEASURE = """
import json, resource, sys
from pathlib import Path
from autograder.intake.reading import MAX_CELLS, MAX_PARTS, Unreadable, read_submission

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before, seconds = peak(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
try:
    read_submission(Path(sys.argv[1]))
except Unreadable:
    pass
print(json.dumps([peak() - before, resource.getrusage(resource.RUSAGE_SELF).ru_utime - seconds]))
"""


@pytest.mark.parametrize(
    ("filler", "megabytes"),
    [
        ("{},", 100),  # 3.5 GB, when everything was kept
        ("[],", 100),
        ('{"id":"","x":[]},', 400),
        ('"abc",', 400),
        ("12.5,", 400),
        ("9" * 4000 + ",", 400),
    ],
)
def test_reading_takes_a_bounded_memory_and_time(path, filler, megabytes):
    room = 20 * 2**20 - len(changed()) - 1000
    odd = f'"x": [{filler * (room // len(filler))} 0]'
    path.write_bytes(changed(metadata={"here": 0}).replace(b'"here": 0', odd.encode()))
    command = [sys.executable, "-c", READ_AND_MEASURE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    memory, seconds = json.loads(done.stdout)
    assert memory < megabytes and seconds < 20  # processor time


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


def test_line_ends_of_every_system_are_one(tmp_path):
    cell = {"cell_type": "code", "metadata": {}, "source": "a = 1\r\r\nb = 2\rc = 3\r\nd = 4\n", "outputs": []}
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    (read,) = read_submission(path)[0].cells
    assert read.source == "a = 1\nb = 2\nc = 3\nd = 4\n"
