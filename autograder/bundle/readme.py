"""The files of the students' repository that are written for it: its README and its conda environment."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nbformat
from jinja2 import Environment, StrictUndefined

from ..course import Course, CourseError
from ..exercise.errors import PACKAGES_IN_WORDS
from ..links import binder_link, colab_link

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_TOTAL = re.compile(r"^\| \*\*total\*\* \| \*\*([\d.]+)\*\* \| \*\*(\d+)\*\* \|$", re.MULTILINE)

_README = """\
# Channel and spatial attention

You derive squeeze-and-excitation, efficient channel attention and CBAM on paper, write each in NumPy, write it in
Keras 3, and measure what it costs.

| notebook | points | minutes | open |
|---|---|---|---|
{% for row in rows -%}
| [{{ row.title }}](notebooks/{{ row.name }}/{{ row.name }}.ipynb) | {{ row.points }} | {{ row.minutes }} | \
[Colab]({{ row.colab }}) · [Binder]({{ row.binder }}) |
{% endfor %}
You need Python, NumPy and a first Keras model. Symbols and words: [notation and glossary](notebooks/NOTATION.md).

## How to work

Open a notebook with its link above. Nothing needs to be installed. Save your own copy: on Colab with *File > Save a
copy in Drive*; Binder forgets everything after some minutes without use, so download the file before you leave.

Run the cells from the top. Each exercise has a card with its points, its minutes and what goes in and out; a cell for
your answer; hints that you can unfold; and a test cell. If a test fails, it says what was expected, what came, and the
likely cause. The grading checks more cases than you see, with other inputs: write what the card says, not what the
visible test asks.

The grading has Python's own library, {{ packages }}, and no others. Importing something
else, such as pandas or `google.colab`, at the top of a cell costs nothing, but what uses it cannot be graded.

On your own computer, with Python 3.11, 3.12 or 3.13:

    python -m venv .venv
    source .venv/bin/activate                  # Windows: .venv\\Scripts\\activate
    pip install -r requirements.txt
    jupyter lab notebooks

With conda:

    conda env create --file environment.yml
    conda activate {{ environment }}
    jupyter lab notebooks

## Hand in

1. Run the whole notebook from the top in a fresh kernel. In JupyterLab the *Validate* button runs the visible tests.
2. Save. Hand in the `.ipynb` file under its own name, where your teacher asks for it.

Cells that you added do no harm, nor does what Colab adds to the file. An exercise that you leave out costs its own
points and no others. If you cannot solve one, leave its cell as it is and go on.

## Licence

Code: [Apache-2.0](LICENSE). Text and figures: [CC BY 4.0](LICENSE-CC-BY-4.0).
"""
ENVIRONMENT_NAME = "attention-course"


@dataclass(frozen=True)
class _Row:
    name: str
    title: str
    points: str
    minutes: str
    colab: str
    binder: str


def readme(course: Course, repository: str) -> str:
    """The README for students, with links to the notebooks in OWNER/NAME.

    Raises
    ------
    CourseError : if a notebook's first cell has no title, or no total of points and minutes.
    """
    page = Environment(autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True).from_string(_README)
    rows = [_row(course, name, repository) for name in course.names]
    return page.render(rows=rows, environment=ENVIRONMENT_NAME, packages=PACKAGES_IN_WORDS)


def _row(course: Course, name: str, repository: str) -> _Row:
    first = nbformat.read(course.release(name), as_version=4).cells[0].source
    title, total = _TITLE.search(first), _TOTAL.search(first)
    if not title or not total:
        raise CourseError(
            f"{course.text_source(name)}: its first cell must hold a title, and a table that ends with "
            "| **total** | **POINTS** | **MINUTES** |"
        )
    links = colab_link(repository, name), binder_link(repository, name)
    return _Row(name, title.group(1).replace("|", "\\|"), *total.groups(), *links)


def environment_file(ours: str) -> str:
    """The students' environment.yml: the course's, without its comments on how to install the course itself."""
    lines = [line for line in ours.splitlines() if not line.startswith("#")]
    return "\n".join(["# The same pins as requirements.txt, for conda and Binder.", *lines]) + "\n"
