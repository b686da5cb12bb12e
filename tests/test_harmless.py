"""What is recorded of a student's work: harmless in every parser and viewer, and still what it was."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from mistune import html as plain_mistune
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.utils import compute_checksum

from autograder.formgrader import guard
from autograder.grading.judging import Judge
from autograder.harmless import markup
from autograder.harmless.markup import MAX_IMAGE
from autograder.harmless.recording import harmless_words, make_harmless
from tests.support.feedback_attacks import ATTACKS, every_way

STUDENT = {"tags": ["student"]}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

PIECES = (
    *("<script>x-mark</script>", "<img src=x-mark onerror=x-mark>", "<svg onload=x-mark>", "<b onclick='x-mark'>"),
    *(
        "<a href='javascript:x-mark'>",
        "</a>",
        "[a](javascript:x-mark)",
        "[a]: javascript:x-mark\n",
        "[a][a]",
        "[a]",
        "![",
    ),
    *("<javascript:x-mark>", "&#106;avascript:x-mark", "&lt;script&gt;", "&amp;", "![a](http://x-mark)", "](", "](x)"),
    *("<iframe src=x-mark>", "<style>@import 'x-mark'</style>", "<math><mtext>", "<noscript>", "<title>", "<textarea>"),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?x", "?>", "<!x", "<plaintext>", "<xmp>", "</div>", "<div>"),
    *(
        "```",
        "~~~",
        "```x onclick=x-mark\n",
        "`",
        "``",
        "    ",
        "> ",
        "- ",
        "1. ",
        "|a|b|\n|-|-|\n|",
        "# a",
        "#",
        "===",
    ),
    *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\\\(", "\\begin{a}", "\\end{a}", "$\\href{javascript:x-mark}{a}$", "\\"),
    *("{onclick=x-mark}", "{: onclick=x-mark}", "*", "**", "_", "~~", "\n", "\n\n", "\t", " ", "  \n", "\r", "'", '"'),
    *(
        "http://a.b",
        "www.a.b",
        "a@b.c",
        "word",
        "a < b",
        "a > b",
        "\u2028",
        "\x85",
        "\x00",
        "é☃",
        "=",
        "/",
        "[x] ",
        "- [ ] ",
    ),
    *(
        "```mermaid\n",
        "reflect-forget",
        "<input autofocus onfocus=x-mark>",
        "<form>",
        "style=x-mark",
        "\x1b[2J",
        "x-mark",
    ),
)
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=24).map("".join)
MADE_BY_PARSERS = {"input"}  # boxes of task lists

SAFE_SOURCE = re.compile(
    r"(?:<(?P<tag>[a-z0-9]+)(?: [a-z]+=\"(?:[A-Za-z0-9 ,.\u00a0-\U0010ffff]|&#\d+;)*\")*>|</[a-z0-9]+>"
    r"|[A-Za-z0-9 ,.\u00a0-\U0010ffff]|&#\d+;)*"
)


class Page(HTMLParser):
    """Keeps the tags with their attributes, the text, and what stands in <code> and <strong>."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.text, self.inside = [], "", {}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, {name: value or "" for name, value in attributes}))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text += data
        for tag in set(self._open):
            self.inside[tag] = self.inside.get(tag, "") + data


def rendered(source: str) -> list[str]:
    """By the parser that formgrader uses, and by two others in the place of JupyterLab's."""
    others = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return [markdown2html_mistune(source), plain_mistune(source), others.render(source)]


def assert_harmless(html: str) -> None:
    for tag, attributes in Page(html).tags:
        assert tag in markup.TAGS | MADE_BY_PARSERS, (tag, html)
        for name, value in attributes.items():
            if name == "href":
                assert re.match(r"https?://|mailto:", value), html
            elif name == "src":
                assert markup.PICTURE.fullmatch(value), html
            elif name == "style":
                assert re.fullmatch(r"text-align: ?(left|right|center);?", value), html
            elif name == "class":
                assert re.fullmatch(r"[a-z]{1,2}[0-9]?|highlight|task-list-item(-checkbox)?", value), html
            else:
                assert name in ("alt", "title", "start", "colspan", "rowspan", "scope", "target", "rel") or (
                    tag == "input" and name in ("type", "disabled", "checked")
                ), html


@settings(max_examples=400, deadline=None)
@given(SOUP)
@example("a\n===")
@example("# reflect-forget")
@example("<div>\n\n<img src=x-mark onerror=x-mark>")
@example("```a'onclick='x-mark\n```")
def test_words_are_harmless_in_every_parser_of_markdown(text):
    source = harmless_words(text)
    if source != markup.without_controls(text):
        assert SAFE_SOURCE.fullmatch(source) and source.startswith("<div>"), source
    for html in rendered(source):
        assert_harmless(html)
        assert "href{javascript" not in html.replace("\\​", "")
    assert_harmless(str(markup.markdown(source)))
    assert_harmless(str(markup.markdown(text)))
    assert "\\href" not in Page(rendered(source)[0]).text


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_html_of_an_output_is_harmless(text):
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[new_output("display_data", {"text/html": text})])])
    make_harmless(notebook)
    assert_harmless(notebook.cells[0].outputs[0].data["text/html"])


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("Where a < b, and a & b", "Where a < b, and a & b", ""),
        ("if `a < b` and [this](https://x.y)", "if a < b and this", "a < b"),
        ("$a_1 < b_1$ and $$x_2*y$$", "$a_1 < b_1$ and $$x_2*y$$", ""),
        ("$$\na < b\n\n- c_1\n$$", "$$a < b\n\n- c_1$$", ""),
        ("\\begin{align}\na &= b \\\\\n\\end{align}", "\\begin{align}\na &= b \\\\\n\\end{align}", ""),
        ("```python\nif a < b: pass\n```", "if a < b: pass", ""),
        ("    a < b\n", "a < b", "a < b"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>", ""),
    ],
)
def test_prose_code_and_mathematics_are_shown_as_they_were_typed(text, words, code):
    for html in rendered(harmless_words(text)):
        page = Page(html)
        assert page.text.strip() == words
        assert page.inside.get("code", "").strip() == code


def test_tables_lists_and_emphasis_stay():
    source = harmless_words("|a|b|\n|-|-|\n|1 < 2|**x**|\n\n1. one\n   - two\n\n> said & done")
    for html in rendered(source):
        tags = [tag for tag, _ in Page(html).tags]
        assert {"table", "td", "strong", "ol", "ul", "blockquote"} <= set(tags)


@pytest.mark.parametrize("words", ["*Write your answer here.*", "It runs where B = W, so $x_1$ is *z*.", "1. a\n2. b"])
def test_plain_words_stay_to_the_byte(words):
    assert harmless_words(words) == words


def test_what_was_handed_out_stays_to_the_byte():
    """nbgrader gives no points to an answer whose sum is that of the stub."""
    stub = new_markdown_cell("<!-- Write --> [here](#x) & now", metadata={"nbgrader": graded("a")})
    stub.metadata.nbgrader["checksum"] = compute_checksum(stub)
    answered = nbformat.from_dict(
        dict(stub),
    )
    answered.metadata = nbformat.from_dict(dict(stub.metadata))
    answered.source += " x"
    notebook = new_notebook(cells=[stub, answered, new_markdown_cell("<b>ours</b> <script>1</script>")])
    make_harmless(notebook)
    ours = [cell.source for cell in notebook.cells]
    assert ours[0] == "<!-- Write --> [here](#x) & now" and ours[2] == "<b>ours</b> <script>1</script>"
    assert compute_checksum(notebook.cells[1]) != stub.metadata.nbgrader["checksum"]
    assert SAFE_SOURCE.fullmatch(ours[1])


def graded(name: str) -> dict:
    return {
        "grade_id": name,
        "grade": True,
        "solution": True,
        "locked": False,
        "points": 1,
        "schema_version": 3,
        "cell_type": "markdown",
        "task": False,
    }


def test_pictures_stay_attached_or_embedded():
    attached = new_markdown_cell("See ![my plot](attachment:a%20b.png)", metadata=STUDENT)
    attached["attachments"] = {"a b.png": {"image/png": PNG}}
    embedded = new_markdown_cell(f"As Colab writes it: ![x](data:image/png;base64,{PNG * 300})", metadata=STUDENT)
    scripted = new_markdown_cell("![x](attachment:a.svg) ![x](attachment:none)", metadata=STUDENT)
    scripted["attachments"] = {"a.svg": {"text/html": "<script>1</script>"}, "b": {"image/png": "<b>"}}
    huge = new_markdown_cell(f"![x](data:image/png;base64,{'A' * (MAX_IMAGE + 1)})", metadata=STUDENT)
    notebook = new_notebook(cells=[attached, embedded, scripted, huge])
    make_harmless(notebook)
    for cell, pictures in zip(notebook.cells, (1, 1, 0, 0), strict=True):
        assert "attachments" not in cell
        for html in (*rendered(cell.source), str(markup.markdown(cell.source))):
            sources = [attributes.get("src") for tag, attributes in Page(html).tags if tag == "img"]
            assert sum(bool(source) for source in sources) == pictures
            assert_harmless(html)


def test_outputs_keep_what_can_be_shown():
    widget = {"application/vnd.jupyter.widget-view+json": '{"model_id": "x"}', "text/plain": "IntSlider()"}
    outputs = [
        new_output("display_data", {"image/png": PNG, "text/plain": "<Figure>"}),
        new_output("display_data", {"text/html": "<table class=dataframe><tr><td>7</td></tr></table>"}),
        new_output("display_data", {"image/svg+xml": "<svg onload=alert(1)>", "text/plain": "svg"}),
        new_output("display_data", widget),
        new_output("display_data", {"application/javascript": "alert(1)"}),
        new_output("display_data", {"text/latex": "$x^2 \\href{javascript:1}{y}$"}),
        new_output("stream", name="stdout", text="\x1b]0;title\x07\x1b[2J\x1b[31mred\x1b[0m\x9b2J\n"),
        new_output("error", ename="E", evalue="\x1b[2Jx", traceback=["\x1b[31mline\x1b[0m\n\x07more"]),
        new_output("execute_result", {"text/plain": "1"}, metadata={"isolated": True}, execution_count=None),
    ]
    notebook = new_notebook(cells=[new_code_cell("1", outputs=outputs)])
    notebook.cells[0].execution_count = "<script>"
    notebook.metadata.update(widgets={"x": 1}, language_info={"name": "<script>"})
    make_harmless(notebook)
    nbformat.validate(notebook)
    kinds = [set(output.get("data", {})) for output in notebook.cells[0].outputs]
    assert kinds[:6] == [
        *({"image/png", "text/plain"}, {"text/html"}, {"text/html", "text/plain"}, {"text/plain"}, {"text/plain"}),
        {"text/latex"},
    ]
    shown = [output.get("data", {}) for output in notebook.cells[0].outputs]
    assert "<td>7</td>" in shown[1]["text/html"] and "data:image/svg+xml;base64," in shown[2]["text/html"]
    assert "IntSlider()" in shown[3]["text/plain"] and "application/javascript" in shown[4]["text/plain"]
    assert "\\href" not in shown[5]["text/latex"] and "$x^2" in shown[5]["text/latex"]
    assert notebook.cells[0].outputs[6].text == "]0;title[2J\x1b[31mred\x1b[0m2J\n"
    assert notebook.cells[0].outputs[7].evalue == "[2Jx"
    assert notebook.cells[0].execution_count is None
    assert "widgets" not in notebook.metadata and notebook.metadata.language_info.name == "python"


@pytest.fixture(scope="module")
def formgrader():
    """What formgrader shows a notebook with, in nbgrader's own settings."""
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    about = {"notebook_id": "n", "submission_id": "s", "assignment_id": "a", "base_url": "", "index": 0, "total": 1}
    about |= {"notebook_path": "n.ipynb", "student": "ada", "first_name": "", "last_name": ""}
    return lambda notebook: exporter.from_notebook_node(notebook, dict(about))[0]


WIDGET_KINDS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_formgraders_own_exporter_shows_no_attack(formgrader, attack):
    extra, outputs = every_way(attack)
    for cell in extra:
        cell.metadata["tags"] = ["student"]
    outputs += [new_output("display_data", {kind: attack}) for kind in WIDGET_KINDS]
    safe = new_notebook(cells=[new_raw_cell("x", metadata=STUDENT), new_code_cell("1")])
    hostile = new_notebook(cells=[*extra, new_code_cell("1", outputs=outputs)])
    for notebook in (safe, hostile):
        make_harmless(notebook)
    text = nbformat.writes(hostile).encode("utf-8", "replace").decode()
    expected, shown = (Page(formgrader(one)) for one in (safe, nbformat.reads(text, as_version=4)))
    acting = {"script", "iframe", "object", "embed", "form", "link", "base", "meta", "style", "svg", "math", "textarea"}
    counts = [[tag for tag, _ in page.tags if tag in acting] for page in (expected, shown)]
    assert counts[0] == counts[1]
    known = {str(one) for one in expected.tags}
    for tag, attributes in shown.tags:
        if str((tag, attributes)) not in known:
            assert not any(name.startswith("on") or name in ("srcdoc", "formaction", "action") for name in attributes)
            for name in ("href", "src"):
                assert attributes.get(name, "") == "" or re.match(r"https?://|data:image/|#", attributes[name])


def test_the_judge_records_nothing_else():
    """Both commands record what the Judge leaves: the student's cells and the notes, which may quote the student."""
    metadata = {"autograder": {"notes": ["The cell <script>1</script> was there 2 times."]}}
    own = new_markdown_cell("<script>1</script>", metadata=STUDENT)
    judged, _ = Judge().preprocess(new_notebook(cells=[own], metadata=metadata), {"verdict_by_cell": {}, "seed": 7})
    head, cell = judged.cells
    for source in (head.source, cell.source):
        assert all("script" not in [tag for tag, _ in Page(html).tags] for html in rendered(source))
    assert "was there 2 times" in Page(rendered(head.source)[0]).text


def test_formgraders_templates_give_nonces_to_their_own_scripts_and_escape_names():
    guard()
    policy = handlers.SubmissionHandler.content_security_policy
    handler = SimpleNamespace()
    said = policy.fget(handler)
    assert f"'nonce-{handler._nonce}'" in said and "unsafe-inline" not in said.split("script-src")[1].split(";")[0]
    assert "unsafe-eval" not in said and said == policy.fget(handler)
    assert handlers.SubmissionFilesHandler.content_security_policy.fget(None).startswith("sandbox;")
    environment = Environment(loader=FileSystemLoader([handlers.template_path]))
    handler.settings = {"nbgrader_jinja2_env": environment}
    attack = '"</script><script>alert(1)</script>'
    html = handlers.BaseHandler.render(
        handler, "manage_students_notebook_submissions.tpl", student_id=attack, assignment_id="a", base_url=""
    )
    scripts = re.findall(r"<script[^>]*>", html)
    assert scripts and all(f'nonce="{handler._nonce}"' in script for script in scripts)
    assert "alert(1)</script>" not in html and "&lt;script&gt;alert(1)" in html


# --- what it takes ---

N = 100_000
BOMBS = {
    "emphasis": "*a" * N,
    "nested emphasis": "*a " * 1_666 + "b*" * N,
    "nested both": "*a _b " * 833 + "c_ d*" * N,
    "nested tags": "<b>" * 1_600 + "</b>" * N,
    "strong": "**a *b " * N,
    "underscores": "_a*" * N,
    "brackets": "[" * N,
    "images": "![" * N,
    "links": "[a](" * N,
    "tags": "<a " * N,
    "open": "<" * N,
    "quotes": "> " * N,
    "lists": "- " * N,
    "pipes": "|" * N,
    "table": "|a" * 900 + "\n" + "|-" * 900 + "\n" + "|a\n" * N,
    "long table": "|a|b|\n|-|-|\n" + "|a|b|\n" * N,
    "divs": "<div>" * N,
    "formatting": "<b><i><u><a href=http://x>" * N,
    "comments": "<!--" * N,
    "entities": "&" * N,
    "ticks": "`a``" * N,
    "dollars": "$a " * N,
    "parentheses": "\\(" * N,
    "names": "'\\N{" * N,
    "attributes": "a." * N,
    "questions": "?" * N,
    "references": "".join(f"[{i}]: x\n" for i in range(5000)) + "[1]" * N,
    "long word": "x" * N,
    "colours": "\x1b[1m" * N,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_no_text_takes_long_to_record_or_to_show(formgrader, text):
    """Cut where it is hardest: just short enough to be parsed, many times, and each kind of cell and output."""
    parsed = text[: markup.MAX_PARSED]
    cells_ = [make(text) for make in (new_markdown_cell, new_raw_cell, new_code_cell)]
    cells_ += [make(parsed) for make in (new_markdown_cell, new_code_cell) for _ in range(8)]
    for cell in cells_:
        cell.metadata["tags"] = ["student"]
    data = [{kind: value} for kind in ("text/html", "text/markdown", "text/plain") for value in (text, text[:60_000])]
    cells_[-1].outputs = [new_output("display_data", one) for one in data] * 5
    notebook = new_notebook(cells=cells_)
    took = []
    for step in (make_harmless, formgrader):
        began = time.process_time()
        step(notebook)
        took.append(time.process_time() - began)
    print(took)
    assert max(took) < 5  # about 2 on a busy machine
