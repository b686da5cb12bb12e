"""The files of the students' repository that are written for it: its README and its conda environment."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import nbformat
from jinja2 import Environment, StrictUndefined

from ..course import Course, CourseError
from ..exercise.catalogue import catalogue_of
from ..exercise.errors import in_words
from ..links import binder_link, colab_link

_WIDTH = 120
_NOTATION = "Symbols and words: [notation and glossary](notebooks/NOTATION.md)."
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_TOTAL = re.compile(r"^\| \*\*total\*\* \| \*\*([\d.]+)\*\* \| \*\*(\d+)\*\* \|$", re.MULTILINE)

_README = """\
# {{ course.title }}

{{ about }}

| notebook | points | minutes |{{ " open |" if repository }}
|---|---|---|{{ "---|" if repository }}
{% for row in rows -%}
| [{{ row.title }}](notebooks/{{ row.name }}/{{ row.name }}.ipynb) | {{ row.points }} | {{ row.minutes }} |\
{% if repository %} [Colab]({{ row.colab }}) · [Binder]({{ row.binder }}) |{% endif %}
{% endfor %}
{{ needs }}

## How to work
{% if repository %}
Open a notebook with its link above. Nothing needs to be installed. Save your own copy: on Colab with *File > Save a
copy in Drive*; Binder forgets everything after some minutes without use, so download the file before you leave.
{% endif %}
Run the cells from the top. Each exercise has a card with its points, its minutes and what goes in and out; a cell for
your answer; hints that you can unfold; and a test cell. If a test fails, it says what was expected, what came, and the
likely cause. The grading checks more cases than you see, with other inputs: write what the card says, not what the
visible test asks.

The grading has Python's own library, {{ packages }}, and no others. Importing something
else, such as `google.colab`, at the top of a cell costs nothing, but what uses it cannot be graded.

On your own computer, with Python 3.11, 3.12 or 3.13:

    python -m venv .venv
    source .venv/bin/activate                  # Windows: .venv\\Scripts\\activate
    pip install -r requirements.txt
    jupyter lab notebooks
{% if environment %}
With conda:

    conda env create --file environment.yml
    conda activate {{ environment }}
    jupyter lab notebooks
{% endif %}
## Hand in

1. Run the whole notebook from the top in a fresh kernel. In JupyterLab the *Validate* button runs the visible tests.
2. Save. Hand in the `.ipynb` file under its own name, where your teacher asks for it.

Cells that you added do no harm, nor does what Colab adds to the file. An exercise that you leave out costs its own
points and no others. If you cannot solve one, leave its cell as it is and go on.
{% if licence %}
## Licence

{{ licence }}
{% endif -%}
"""
_FILE_LINK = re.compile(r"\]\(([\w.-]+)\)")
_ENVIRONMENT_NAME = re.compile(r"^name: *(\S+)", re.MULTILINE)


def readme(course: Course, repository: str, names: Iterable[str] | None = None) -> str:
    """The README for students, with links to the notebooks in OWNER/NAME, if there is one; all notebooks unless named.
    Raises CourseError if a notebook's first cell has no title, or no total of points and minutes."""
    page = Environment(autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True).from_string(_README)
    rows = [_row(course, name, repository) for name in (course.names if names is None else names)]
    needs = [course.setting("needs"), _NOTATION if course.notation.exists() else ""]
    return page.render(
        course=course,
        repository=repository,
        rows=rows,
        about=textwrap.fill(course.setting("about"), _WIDTH, break_on_hyphens=False),
        needs=" ".join(filter(None, needs)),
        environment=_environment_name(course),
        packages=in_words(catalogue_of(course.config()).packages),
        licence=course.setting("licence"),
    )


def licence_files(course: Course) -> list[str]:
    """The files to which the course's words on its licence link."""
    return _FILE_LINK.findall(course.setting("licence"))


def _environment_name(course: Course) -> str:
    """How the course's conda environment is called; "" where it has none."""
    path = course.root / "environment.yml"
    named = _ENVIRONMENT_NAME.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return named[1] if named else ""


def _row(course: Course, name: str, repository: str) -> dict[str, str]:
    """What the table says of a notebook."""
    first = nbformat.read(course.release(name), as_version=4).cells[0].source
    title, total = _TITLE.search(first), _TOTAL.search(first)
    if not title or not total:
        raise CourseError(
            f"{course.text_source(name)}: its first cell must hold a title, and a table that ends with "
            "| **total** | **POINTS** | **MINUTES** |"
        )
    return {
        "name": name,
        "title": title[1].replace("|", "\\|"),
        "points": total[1],
        "minutes": total[2],
        "colab": colab_link(repository, name),
        "binder": binder_link(repository, name),
    }


def environment_file(ours: str) -> str:
    """The students' environment.yml: the course's, without its comments on how to install the course itself."""
    lines = [line for line in ours.splitlines() if not line.startswith("#")]
    return "\n".join(["# The same pins as requirements.txt, for conda and Binder.", *lines]) + "\n"
