"""What a graded notebook shows of a student's work, made harmless in every viewer before it is recorded.

Formgrader, JupyterLab, the feedback, a terminal: each shows the recorded notebook, and not each of them is careful.
Words, code and outputs stay where they can be shown as what they are. Words in plain Markdown stay as they were typed;
all others become clean HTML that no parser of Markdown reads again. The instructor's own cells are left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from .. import cells
from . import markup
from .markup import text_of

MAX_IMAGES = 8_000_000  # of all pictures of a notebook
MAX_CODE = 40_000  # characters of code of all the student's cells
MAX_OUTPUT = 500_000  # characters that all cells put out, pictures apart
MAX_WORDS = 40_000  # characters that are read as Markdown; what comes after them is shown as it was typed
_MAX_ACTIVE = 300  # characters that may mean something in Markdown, in words that stay as they were typed

# Without these no parser of Markdown finds a tag, an entity, a link, an image, an attribute, a diagram, or a heading:
# nbconvert makes headings ids, and formgrader finds its scoring boxes by theirs.
_MAY_ACT = re.compile(r"[<&\[\]#]|```|~~~|\{[^{}]*[=:]|\{\.|mermaid|^[^\w\n]*[=-][ \t]*$", re.IGNORECASE | re.MULTILINE)
_ACTIVE = re.compile(r"[^\w\s.,;:'\"()?/]|_")
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
_AS_IMAGES = ("image/png", "image/jpeg")  # that every viewer shows by themselves
_AS_HTML = ("image/gif", "image/webp", "image/svg+xml")  # what scripts an SVG holds do not run in an <img>
_LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "python"}


def make_harmless(notebook: NotebookNode) -> None:
    """Clean what a graded notebook holds of the student's: source and outputs, in place.

    An answer that is as it was handed out stays to the byte: nbgrader knows by it that there is no answer.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = NotebookNode(_LANGUAGE)  # the student's process says otherwise what it likes
    cleaner = _Cleaner()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if is_students(cell) and not _is_untouched(cell):
            cleaner.clean_source(cell)
        if cell.cell_type == "code":
            count = cell.get("execution_count")
            cell.execution_count = count if isinstance(count, int) else None
            cell.outputs = list(cleaner.cleaned(cell.outputs))


def is_students(cell: NotebookNode) -> bool:
    """Whether the student wrote the cell's source."""
    return cells.is_marked(cell, "solution") or "student" in cells.tags(cell)


def harmless_words(text: str, pictures: Mapping[str, str] | None = None, parse: bool = True) -> str:
    """Markdown as the source of a cell: as it was typed where it is plain, else as HTML (`markup.inert`).

    Parameters
    ----------
    text : the Markdown.
    pictures : data URIs by the name under which the text shows them as `attachment:NAME`.
    parse : whether Markdown is read; else the text is shown as it was typed.
    """
    text = markup.without_controls(text)
    if _is_plain(text):
        return text
    return markup.recorded_markdown(text, pictures or {}) if parse else markup.recorded_plain(text)


def _is_plain(text: str) -> bool:
    short = len(text) <= markup.MAX_PARSED and len(_ACTIVE.findall(text)) <= _MAX_ACTIVE
    return short and not _MAY_ACT.search(text) and markup.without_commands(text) == text


class _Cleaner:
    """Cleans cell by cell, within what a whole notebook may cost its viewers."""

    def __init__(self):
        self._words, self._code, self._images, self._output = MAX_WORDS, MAX_CODE, MAX_IMAGES, MAX_OUTPUT

    def clean_source(self, cell: NotebookNode) -> None:
        attachments = cell.pop("attachments", {})
        if cell.cell_type == "code":
            cell.source = self._some_code(cell.source)
        elif cell.cell_type == "markdown":
            cell.source = self._some_words(cell.source, attachments)
        else:  # a raw cell is put into a page as it is
            cell.source = markup.recorded_plain(markup.without_controls(cell.source))
            cell.cell_type = "markdown"

    def _some_code(self, source: str) -> str:
        source = markup.without_controls(source)
        most = min(markup.MAX_PARSED, self._code)
        self._code -= min(len(source), most)
        if len(source) <= most:
            return source
        return f"{source[:most]}\n# [cut here: {len(source) - most} more characters, in the file that was handed in]"

    def _some_words(self, text: str, attachments: Mapping) -> str:
        pictures = {}
        for name, kinds in attachments.items():
            kind = next((kind for kind in kinds if kind in _AS_IMAGES or kind in _AS_HTML), None)
            if kind:
                pictures[name] = self._data_uri(kind, text_of(kinds[kind]))

        def put_aside(found: re.Match) -> str:
            name = f"embedded-{len(pictures)}"
            kind, _, content = found[0].removeprefix("data:").partition(";base64,")
            pictures[name] = self._data_uri(kind, content)
            return f"attachment:{name}"

        text = _EMBEDDED.sub(put_aside, text)
        parse = len(text) <= self._words
        self._words -= len(text) if parse else 0
        return harmless_words(text, pictures, parse)

    def _data_uri(self, kind: str, content: str) -> str:
        """A picture as a data URI, "" where it is none or too much."""
        uri = markup.data_uri(kind, content, min(markup.MAX_IMAGE, self._images))
        self._images -= len(content) if uri else 0
        return uri

    def cleaned(self, outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
        """What can be shown of a cell's outputs, until there is too much of it."""
        for output in outputs:
            if self._output < 0:
                yield NotebookNode(output_type="stream", name="stdout", text=f"{markup.LEFT_OUT}\n")
                return
            shown = self._cleaned(output)
            data = shown.get("data", {})
            pictures = sum(len(content) for kind, content in data.items() if kind in _AS_IMAGES)
            self._output -= len(json.dumps(shown)) - pictures
            yield shown

    def _cleaned(self, output: NotebookNode) -> NotebookNode:
        """An output with what can be shown of it. Its parts may have any form, for the student's process sent them."""
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return NotebookNode(output_type=kind, name=name, text=_shown(output.get("text")))
        if kind == "error":
            said = {part: _shown(output.get(part)) for part in ("ename", "evalue")}
            traceback = _shown([f"{text_of(line)}\n" for line in output.get("traceback") or []])
            return NotebookNode(output_type=kind, **said, traceback=traceback.splitlines())
        data = output.get("data")
        shown = NotebookNode(output_type="display_data", data=self._data(data if isinstance(data, dict) else {}))
        shown.metadata = NotebookNode()
        if kind == "execute_result":
            count = output.get("execution_count")
            shown.update(output_type=kind, execution_count=count if isinstance(count, int) else None)
        return shown

    def _data(self, data: Mapping) -> NotebookNode:
        shown = NotebookNode()
        picture = next((kind for kind in (*_AS_IMAGES, *_AS_HTML) if kind in data), None)
        if picture:
            content = text_of(data[picture])
            uri = self._data_uri(picture, markup.as_base64(content) if picture == "image/svg+xml" else content)
            if not uri:
                shown["text/plain"] = markup.NO_IMAGE
            elif picture in _AS_IMAGES:
                shown[picture] = uri.partition("base64,")[2]
            else:
                shown["text/html"] = str(markup.image(uri))
        elif "text/html" in data:
            shown["text/html"] = str(markup.safe_html(text_of(data["text/html"])))
        elif "text/markdown" in data:
            shown["text/markdown"] = self._some_words(text_of(data["text/markdown"]), {})
        elif "text/latex" in data:
            shown["text/latex"] = markup.without_commands(_shown(data["text/latex"]))
        if "text/plain" in data:
            shown.setdefault("text/plain", _shown(data["text/plain"]))
        if not shown and data:
            kinds = ", ".join(sorted(map(str, data)))[:100]
            shown["text/plain"] = f"[an output that cannot be shown here: {markup.without_controls(kinds)}]"
        return shown


def _shown(value: object) -> str:
    return markup.shortened(markup.without_controls(text_of(value), colours=True))


def _is_untouched(cell: NotebookNode) -> bool:
    """Whether an answer is what was handed out, by nbgrader's own sum."""
    known = cell.metadata.get("nbgrader", {}).get("checksum")
    return known is not None and known == compute_checksum(cell)
