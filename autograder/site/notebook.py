"""One walkthrough as the content of a page: each solution, rubric and test cell folded until asked for."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

from .. import cells
from ..course import CourseError
from ..packing import packed_in
from . import part
from .figures import Figure, figure_of
from .predictions import outcomes_apart
from .prose import Heading, Prose, code_block, plain_text

_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?!#).*$", re.MULTILINE)
_TITLE = re.compile(r"\A#@title (.+)\n")
_LEAD = re.compile(r"\A\*\*(.+?)\*\*\s*")
_TELLS_THE_ANSWER = re.compile(r"\A\*\*(?:Instructor\.\*\*\s*)?(Rubric|Stretch|Mistakes to expect)\b")
_MINUTES = re.compile(r"^\| \*\*total\*\* \| \*\*[\d.]+\*\* \| \*\*(\d+)\*\* \|$", re.MULTILINE)


@dataclass
class Section:
    """What is under one heading: a place that the search can lead to."""

    anchor: str
    title: str
    texts: list[str] = field(default_factory=list)


@dataclass
class Page:
    """The content of one walkthrough's page."""

    name: str
    title: Markup
    about: Markup
    points: float
    minutes: int
    content: Markup
    headings: list[Heading]
    sections: list[Section]
    figures: list[Figure]

    @property
    def file(self) -> str:
        return f"{self.name}.html"


def read_page(name: str, notebook: NotebookNode, stub: str) -> Page:
    """A walkthrough's page; `stub` is the line that students find instead of a solution.
    Raises CourseError if a formula or figure cannot be shown, or the first cell does not tell the title and the
    minutes."""
    return _Reader(name, stub).read(notebook)


class _Reader:
    def __init__(self, name: str, stub: str):
        self._name, self._stub = name, stub
        self._prose = Prose()
        self._sections = [Section("", name)]
        self._figures: list[Figure] = []
        self._held = Markup("")  # a solution, until the hints of its exercise have been shown

    def read(self, notebook: NotebookNode) -> Page:
        for cell in notebook.cells:
            if "instructor" in cells.tags(cell):  # the page folds them in its own way, or not at all
                cell.source = cells.unfolded(cell.source)
        content = Markup("").join(self._parts(notebook)) + self._held
        headings = self._prose.headings
        minutes = _MINUTES.search(notebook.cells[0].source)
        if not headings or headings[0].level != 1 or minutes is None:
            raise CourseError(f"{self._name}: its first cell must hold a title (# ...) and a row | **total** | ... |")
        points = sum(cell.metadata.nbgrader.points for cell in notebook.cells if cells.is_marked(cell, "grade"))
        about = _about(notebook.cells[0].source)
        title = headings[0].title
        return Page(self._name, title, about, points, int(minutes[1]), content, headings, self._sections, self._figures)

    def _parts(self, notebook: NotebookNode) -> Iterator[Markup]:
        """The markup of the cells in order; what comes out of a prediction is folded."""
        for is_outcome, run in groupby(outcomes_apart(notebook), itemgetter(0)):
            markup = Markup("").join(self._with_held(cell) for _, cell in run)
            yield part("folded", "Show what comes out", markup) if is_outcome else markup

    def _with_held(self, cell: NotebookNode) -> Markup:
        """A cell's markup, with the solution that waits: after the hints, which are in the cell after the answer."""
        held, self._held = self._held, Markup("")
        markup = self._cell(cell)
        return markup + held if cell.source.lstrip().startswith("<details>") else held + markup

    def _cell(self, cell: NotebookNode) -> Markup:
        if cell.cell_type == "code":
            return self._code(cell)
        return self._text(cell) if cell.cell_type == "markdown" else Markup("")

    # --- text ------------------------------------------------------------------------------------------------------

    def _text(self, cell: NotebookNode) -> Markup:
        if answers := cells.regions(cell.source, "SOLUTION"):
            return part("folded", f"Show an answer to {cells.grade_id(cell)}", self._prose.render("\n".join(answers)))
        if "instructor" in cells.tags(cell):
            return self._for_teachers(cell.source)
        before = len(self._prose.headings)
        markup = self._prose.render(cell.source)
        self._note_sections(cell.source, self._prose.headings[before:])
        return markup

    def _for_teachers(self, source: str) -> Markup:
        """What results mean is shown; what tells an answer is folded, with its first words to say what it is."""
        if not _TELLS_THE_ANSWER.match(source):
            self._sections[-1].texts.append(plain_text(source))
            return part("reading", self._prose.render(source))
        lead = _TELLS_THE_ANSWER.match(source)[1]
        given = _LEAD.match(source)[1].rstrip(".")
        summary = given if given.startswith(lead) else lead
        return part("folded", f"Show: {summary}", self._prose.render(source))

    def _note_sections(self, source: str, headings: list[Heading]) -> None:
        """Put the text under its headings, for the search."""
        parts = _HEADING.split(_FENCED.sub("", source))
        self._sections[-1].texts.append(plain_text(parts[0]))
        for heading, text in zip(headings, parts[1:], strict=True):
            self._sections.append(Section(heading.anchor, heading.text, [plain_text(text)]))

    # --- code ------------------------------------------------------------------------------------------------------

    def _code(self, cell: NotebookNode) -> Markup:
        name = cells.grade_id(cell)
        if "helpers" in cells.tags(cell):
            packed = [one.helpers for one in packed_in(cell.source)]  # a course need not have any
            source = "\n\n".join(packed) or cells.visible_source(cell.source)
            summary = "Show the helpers for drawing and checking"
            return part("folded", summary, code_block(source), "unprinted") + self._outputs(cell)
        if cells.is_judged(cell):
            return self._test(cell)
        if cells.regions(cell.source, "SOLUTION"):
            return self._answer(cell.source, name) + self._outputs(cell)
        title = _TITLE.match(cell.source)
        source = cell.source[title.end() :] if title else cell.source
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            label = f"Show the code: {title[1]}" if title else "Show the code"
            return part("folded", label, code_block(source)) + self._outputs(cell)
        self._sections[-1].texts.append(source)
        return code_block(source) + self._outputs(cell)

    def _answer(self, source: str, name: str | None) -> Markup:
        """The stub as a student sees it; the solution is folded, and held for a while."""
        stub = cells.student_source(source, self._stub).rstrip("\n")
        solution = "\n".join(textwrap.dedent(part).strip("\n") for part in cells.regions(source, "SOLUTION"))
        self._sections[-1].texts.append(stub)
        self._held = part("folded", f"Show a solution of {name}", code_block(solution))
        return code_block(stub, f"{name}, to be written")

    def _test(self, cell: NotebookNode) -> Markup:
        """The visible checks, then what they printed, then the judge's words on the solution; the score is left out."""
        name = cells.grade_id(cell).removesuffix("-check")
        checks = part("folded", f"Show the visible checks of {name}", code_block(cells.visible_source(cell.source)))
        printed = [output for output in cell.outputs if output.output_type == "stream"]
        said = [output.data["text/plain"] for output in cell.outputs if output.output_type == "display_data"]
        label = f"Show the judge's verdict on the solution of {name}"
        verdicts = (part("folded", label, _printed(text)) for text in said)
        return checks + Markup("").join([_printed("".join(one.text for one in printed)), *verdicts])

    def _outputs(self, cell: NotebookNode) -> Markup:
        return Markup("").join(self._output(output) for output in cell.outputs)

    def _output(self, output: NotebookNode) -> Markup:
        if output.output_type == "stream":
            return _printed(output.text)
        if output.output_type == "error":
            return _printed("\n".join(output.traceback))
        if "image/png" in output.data:
            path = f"figures/{self._name}-{len(self._figures) + 1:02}.png"
            self._figures.append(figure_of(output, path, f"{self._name}, section {self._sections[-1].title!r}"))
            return part("figure", self._figures[-1])
        return _printed(output.data.get("text/plain", ""))


def _printed(text: str) -> Markup:
    text = strip_ansi(text).strip("\n")
    return part("printed", text) if text else Markup("")


def _about(source: str) -> Markup:
    """The first paragraph of prose: what the notebook is about."""
    for paragraph in re.split(r"\n\s*\n", source):
        if paragraph[:1].isalpha() and not paragraph.startswith("Symbols and words"):
            return Prose().render(paragraph)
    return Markup("")
