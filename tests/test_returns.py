"""Kinds of notebooks that come back: what was written anywhere counts, or a person sees it."""

from __future__ import annotations

import base64
import copy
import re
import time
from functools import cache

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.utils import compute_checksum, determine_grade

from attention_course.exercises import CATALOGUE
from autograder import cells
from autograder.course import Course
from autograder.feedback.exporter import CellGrade, GradesOfNotebook, render
from autograder.grading.judging import Judge
from autograder.grading.run import Run
from autograder.harmless.recording import is_students, make_harmless
from autograder.intake.reading import MAX_CELLS, read_submission
from autograder.judge import judge_namespace
from autograder.progress.states import WorkState
from autograder.progress.work import look
from autograder.rebuild.rebuild import MAX_EXTRA_CELLS, Rebuild, instructor_notebooks, rebuild
from autograder.statuses import ByHand
from tests.support.returns import PNG, copy_of, own, place_of, split, text_to_the_end, with_picture
from tests.support.submissions import HANDLINGS, fill_in, quiet_right_answers

NAME = "01_squeeze_excitation"
COURSE = Course.find()
SOURCE, RELEASE = instructor_notebooks(COURSE, NAME)
RIGHT = quiet_right_answers(NAME)
WORDS = {"reflect-squeeze": "The mean forgets where.", "reflect-cost": "It is 9.90 % of the weights."}
STUB = "*Write your answer here.*"
SQUEEZE = "def squeeze(x):\n    return x.mean(axis=(1, 2))"


def solved(**answers: str) -> nbformat.NotebookNode:
    """A submission with right answers, but for those given."""
    return fill_in(RELEASE, {**RIGHT, **WORDS, **{name.replace("_X_", "-"): text for name, text in answers.items()}})


def insert_behind(notebook, name: str, *new) -> None:
    place = place_of(notebook, name)
    notebook.cells[place + 1 : place + 1] = list(new)


def rebuilt(submitted):
    notebook, missing, notes = rebuild(submitted, SOURCE, RELEASE)
    nbformat.validate(notebook)
    ids = [name for name in map(cells.grade_id, notebook.cells) if name]
    assert len(ids) == len(set(ids))
    return notebook, missing, notes


def until_the_test(notebook, name: str) -> list[str]:
    """The sources of the cells that are run before an exercise is asked, but for ours."""
    end = place_of(notebook, f"{name}-check")
    wanted = [c for c in notebook.cells[:end] if c.cell_type == "code"]
    return [c.source for c in wanted if "student" in cells.tags(c) or cells.is_marked(c, "solution")]


def squeezes(notebook) -> bool:
    """Whether the squeeze is right after a run from the top, in this process."""
    names: dict = {}
    for cell in notebook.cells[: place_of(notebook, "squeeze-check")]:
        runs = cell.cell_type == "code" and not ({"demo", "helpers"} & cells.tags(cell) or cells.is_judged(cell))
        if runs:
            try:
                exec(cell.source, names)
            except Exception as error:
                names["error"] = error
    return judge_namespace(CATALOGUE.find(NAME, "squeeze"), names).status == "pass"


def answer(notebook, name: str):
    return notebook.cells[place_of(notebook, name)]


def waits_for_a_person(notebook, name: str) -> bool:
    return determine_grade(answer(notebook, name))[0] is None


# --- split and copied answers in code ------------------------------------------------------------------------------

SPLITS = {
    "a line that tries it below": (SQUEEZE, "squeeze(hand_x)"),
    "an empty half below": (SQUEEZE, ""),
    "a comment below": (SQUEEZE, "# that was it"),
    "a helper above": ("def average(x):\n    return x.mean(axis=(1, 2))", "def squeeze(x):\n    return average(x)"),
    "an import above": ("from numpy import mean as average", "def squeeze(x):\n    return average(x, (1, 2))"),
    "broken code below": (SQUEEZE, "squeeze("),
    "an error above": ("1 / 0", SQUEEZE),
    "an older try above": ("def squeeze(x):\n    return x", SQUEEZE),
}


@pytest.mark.parametrize("handling", ["none", "stripped metadata", "Colab"])
@pytest.mark.parametrize("halves", SPLITS.values(), ids=SPLITS)
def test_all_pieces_of_a_split_answer_are_run_in_their_order(halves, handling, tmp_path):
    submitted = solved()
    split(submitted, "squeeze", *halves)
    path = tmp_path / "a.ipynb"
    path.write_bytes(HANDLINGS[handling](submitted))
    notebook, missing, _ = rebuilt(read_submission(path)[0])
    assert missing == [] and squeezes(notebook)
    assert until_the_test(notebook, "squeeze") == [half for half in halves if half]


def test_own_cells_between_the_pieces_stay_there():
    submitted = solved()
    split(submitted, "squeeze", "import numpy", "def squeeze(x):\n    return average(x)")
    insert_behind(submitted, "squeeze", own("def average(x):\n    return numpy.mean(x, (1, 2))"))
    notebook, _, notes = rebuilt(submitted)
    sources = [
        "import numpy",
        "def average(x):\n    return numpy.mean(x, (1, 2))",
        "def squeeze(x):\n    return average(x)",
    ]
    assert until_the_test(notebook, "squeeze") == sources and squeezes(notebook)
    assert "The answer squeeze is in 2 cells; all of them were run, in their order." in notes


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("where", ["above", "below", "at the end"])
def test_a_copy_of_the_stub_wipes_nothing_out(where, stripped):
    submitted = solved(squeeze=SQUEEZE)
    stub = copy_of(answer(RELEASE, "squeeze"), answer(RELEASE, "squeeze").source)
    place = {"above": 0, "below": 1}.get(where)
    at = len(submitted.cells) if place is None else place_of(submitted, "squeeze") + place
    submitted.cells.insert(at, stub)
    if stripped:
        HANDLINGS["stripped metadata"](submitted)
    notebook, missing, _ = rebuilt(submitted)
    assert missing == [] and until_the_test(notebook, "squeeze") == [SQUEEZE]


@pytest.mark.parametrize("where", ["above the stub", "below the stub", "in the test cell", "at the end"])
def test_an_answer_beside_the_untouched_stub_counts(where):
    submitted = solved(squeeze=answer(RELEASE, "squeeze").source)
    test = answer(submitted, "squeeze-check")
    if where == "in the test cell":
        test.source = f"{SQUEEZE}\n\n\n{test.source}"
    elif where == "at the end":
        submitted.cells.append(own(SQUEEZE))
    else:
        submitted.cells.insert(place_of(submitted, "squeeze") + (where == "below the stub"), own(SQUEEZE))
    notebook, missing, notes = rebuilt(submitted)
    assert missing == [] and squeezes(notebook) and SQUEEZE in until_the_test(notebook, "squeeze")
    assert "The answer squeeze is in another cell than its own; that cell was graded." in notes
    assert "check_close" in answer(notebook, "squeeze-check").source


def test_a_piece_that_stops_the_interpreter_counts_as_the_answers():
    submitted = solved()
    split(submitted, "squeeze", SQUEEZE, "import os\nos._exit(1)")
    notebook, missing, notes = rebuilt(submitted)
    notebook.metadata["autograder"] = {"missing": missing, "notes": notes}
    resources = ResourcesDict(nbgrader={"notebook": NAME, "student": "someone"}, metadata={})
    for step in (Run, Judge):
        notebook, resources = step(config=COURSE.config()).preprocess(notebook, resources)
    found = {verdict.id: verdict.status for verdict in resources["verdicts"]}
    assert found.pop("squeeze") == "crash" and set(found.values()) == {"pass"}


def test_moved_cells_do_not_carry_the_students_own_along():
    """The answer was moved to the top; own cells keep their places among ours."""
    submitted = solved(squeeze=SQUEEZE)
    first = submitted.cells.pop(place_of(submitted, "squeeze"))
    submitted.cells.insert(0, first)
    submitted.cells.append(own("last = squeeze(hand_x)"))
    notebook, _, _ = rebuilt(submitted)
    assert notebook.cells[-1].source == "last = squeeze(hand_x)" and squeezes(notebook)


# --- cells of ours that were changed -------------------------------------------------------------------------------


def first_cell(notebook, tag: str | None):
    """The first code cell that is given: without a tag, or of one kind."""
    return next(
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cells.tags(cell) == ({tag} if tag else set()) and not cells.is_judged(cell)
    )


HELPER = "def average(x):\n    return x.mean(axis=(1, 2))"
USES_HELPER = "def squeeze(x):\n    return average(x)"


@pytest.mark.parametrize("stripped", [False, True])
@pytest.mark.parametrize("tag", [None, "demo", "helpers"])
@pytest.mark.parametrize("at_the_top", [False, True])
def test_a_helper_in_a_cell_of_ours_counts(tag, stripped, at_the_top):
    submitted = solved(squeeze=USES_HELPER)
    cell = first_cell(submitted, tag)
    begins = cell.source.splitlines()[0]
    whole = cell.source
    cell.source = f"{HELPER}\n\n{whole}" if at_the_top else f"{whole}\n\n{HELPER}"
    if stripped:
        HANDLINGS["stripped metadata"](submitted)
    notebook, missing, notes = rebuilt(submitted)
    assert missing == [] and squeezes(notebook) and HELPER in until_the_test(notebook, "squeeze")
    ours = [cell.source for cell in SOURCE.cells if cell.source.startswith(begins)]
    assert {cells_.source for cells_ in notebook.cells} & {cells.visible_source(source) for source in ours}
    if not stripped:
        assert [note for note in notes if "was changed; ours was put back, and your lines were run" in note]


def test_only_what_was_added_is_run_again():
    submitted = solved()
    cell = first_cell(submitted, None)
    cell.source = f"import math  # mine\n{cell.source}\n%matplotlib inline"
    notebook, _, _ = rebuilt(submitted)
    (mine,) = [cell.source for cell in notebook.cells if "student" in cells.tags(cell)]
    assert mine == "import math  # mine\n%matplotlib inline"


def test_a_changed_demonstration_is_not_run_but_its_definitions_are():
    submitted = solved()
    cell = first_cell(submitted, "demo")
    cell.source = "import pandas\nfor _ in range(10**9):\n    pass\nRATIO = 4\n" + cell.source
    notebook, _, _ = rebuilt(submitted)
    mine = [cell.source for cell in notebook.cells if "student" in cells.tags(cell)]
    hidden = "# (not run at grading) for _ in range(10**9):\n# (not run at grading)     pass\nRATIO = 4"
    assert mine == ["import pandas", hidden]


def test_edited_tests_gain_nothing_and_harm_nobody():
    submitted = solved(squeeze="def squeeze(x):\n    return x")
    test = answer(submitted, "squeeze-check")
    test.source = re.sub(r"check_close\(.*", "assert True", test.source) + "\ndef check_close(*_, **__):\n    pass\n"
    notebook, _, notes = rebuilt(submitted)
    assert answer(notebook, "squeeze-check").source == answer(SOURCE, "squeeze-check").source
    assert not squeezes(notebook)
    assert [note for note in notes if note.startswith("The cell squeeze-check was changed; ours was put back")]


def test_an_earlier_edition_of_a_given_cell_is_not_laid_to_the_student():
    submitted = solved()
    cell = answer(submitted, "helpers")
    cell.source += "\nPOINTS = {'squeeze': 1}"  # what the course gave out then
    cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
    notebook, _, notes = rebuilt(submitted)
    also = "and the lines that differ were run as well"
    assert notes == [f"The cell helpers is not the course's newest; ours was put back, {also}."]
    (earlier,) = [cell for cell in notebook.cells if "student" in cells.tags(cell)]
    assert earlier.source == "POINTS = {'squeeze': 1}" and cells.OF_GIVEN in cells.tags(earlier)
    assert "A cell of your own" not in page_of(notebook)


@pytest.mark.parametrize("about", [{"grade": True, "points": 10**400}, {"grade_id": 1}, {"checksum": ["a"]}])
def test_any_metadata_beside_a_checksum_is_read(about):
    submitted = solved()
    cell = answer(submitted, "helpers")
    cell.source += "\nPOINTS = {}"
    cell.metadata["nbgrader"].update(about)
    assert "not the course's newest" not in " ".join(rebuilt(submitted)[2])


def test_a_deleted_line_of_ours_comes_back():
    submitted = solved()
    cell = first_cell(submitted, None)
    cell.source = cell.source.replace("import numpy as np\n", "")
    notebook, _, notes = rebuilt(submitted)
    assert not [cell for cell in notebook.cells if "student" in cells.tags(cell)]
    assert notes == ['The cell that begins with "import os" was changed; ours was put back.']


@pytest.mark.parametrize("tag", [None, "demo"])
def test_halves_of_our_cells_are_not_taken_for_the_students_own(tag):
    submitted = solved()
    cell = first_cell(submitted, tag)
    place = submitted.cells.index(cell)
    begin = cell.source.index("\n\n")
    submitted.cells[place : place + 1] = [
        copy_of(cell, cell.source[:begin], cell.id),
        copy_of(cell, cell.source[begin:].strip()),
    ]
    notebook, _, _ = rebuilt(submitted)
    assert squeezes(notebook)
    if tag == "demo":
        assert not [cell for cell in notebook.cells if "student" in cells.tags(cell)]


# --- words ---------------------------------------------------------------------------------------------------------

TEXT = "Because the mean forgets the places."
QUESTION = place_of(RELEASE, "reflect-cost") - 1


def unanswered():
    return solved(reflect_X_cost=STUB)


@pytest.mark.parametrize("blank", [STUB, "", STUB + "\n", "  "])
@pytest.mark.parametrize("handling", ["none", "stripped metadata", "clutter", "Colab"])
def test_a_true_blank_is_no_response(blank, handling, tmp_path):
    path = tmp_path / "a.ipynb"
    submitted = solved(reflect_X_cost=blank)
    if handling == "stripped metadata" and not blank.strip():
        pytest.skip("an empty cell without marks is no cell of ours")
    path.write_bytes(HANDLINGS[handling](submitted))
    notebook, missing, _ = rebuilt(read_submission(path)[0])
    assert missing == [] and determine_grade(answer(notebook, "reflect-cost"))[0] == 0
    assert waits_for_a_person(notebook, "reflect-squeeze")


def in_the_question(submitted):
    submitted.cells[QUESTION].source += f"\n\n{TEXT}"


def on_the_questions_last_line(submitted):
    submitted.cells[QUESTION].source += f" {TEXT}"


def in_an_own_cell(submitted):
    submitted.cells.insert(QUESTION + 2, own(TEXT, "markdown"))


def in_an_own_cell_above_the_stub(submitted):
    submitted.cells.insert(QUESTION + 1, own(TEXT, "markdown"))


def in_a_raw_cell(submitted):
    submitted.cells.insert(QUESTION + 2, own(TEXT, "raw"))


def in_a_code_cell(submitted):
    submitted.cells.insert(QUESTION + 2, own(TEXT))


def in_place_of_the_stub(submitted):
    submitted.cells[QUESTION + 1].source = TEXT


def as_code(submitted):
    submitted.cells[QUESTION + 1] = nbformat.v4.new_code_cell(TEXT, metadata=submitted.cells[QUESTION + 1].metadata)


def in_two_halves(submitted):
    split(submitted, "reflect-cost", "Because the mean", "forgets the places.")


def half_in_the_stub(submitted):
    split(submitted, "reflect-cost", STUB, TEXT)


@pytest.mark.parametrize("handling", ["none", "stripped metadata", "text at the end", "older format"])
@pytest.mark.parametrize(
    "write",
    [
        in_the_question,
        on_the_questions_last_line,
        in_an_own_cell,
        in_an_own_cell_above_the_stub,
        in_a_raw_cell,
        in_a_code_cell,
        in_place_of_the_stub,
        as_code,
        in_two_halves,
        half_in_the_stub,
    ],
)
def test_words_reach_a_person(write, handling, tmp_path):
    submitted = unanswered()
    write(submitted)
    if handling == "text at the end":
        if write in (in_a_code_cell, as_code):
            pytest.skip("code stays where it is")
        text_to_the_end(submitted)
    path = tmp_path / "a.ipynb"
    path.write_bytes(HANDLINGS.get(handling, HANDLINGS["none"])(submitted))
    notebook, _, _ = rebuilt(read_submission(path)[0])
    words = " ".join(answer(notebook, "reflect-cost").source.split())
    assert TEXT in words and waits_for_a_person(notebook, "reflect-cost")
    assert WORDS["reflect-squeeze"] in answer(notebook, "reflect-squeeze").source


def test_words_found_elsewhere_are_said():
    submitted = unanswered()
    in_the_question(submitted)
    _, _, notes = rebuilt(submitted)
    assert "The answer reflect-cost was found in the question's cell; a person grades it." in notes


def test_words_whose_place_is_lost_are_put_before_a_person():
    """The question, the stub and the marks are gone; the words stand at the end."""
    submitted = unanswered()
    del submitted.cells[QUESTION : QUESTION + 2]
    submitted.cells.append(own(TEXT, "markdown"))
    HANDLINGS["stripped metadata"](submitted)
    notebook, _, notes = rebuilt(submitted)
    assert TEXT in answer(notebook, "reflect-cost").source and waits_for_a_person(notebook, "reflect-cost")
    assert [note for note in notes if "reflect-cost" in note]


def test_other_changes_of_our_text_are_kept_as_a_cell_of_ones_own():
    submitted = solved()
    card = next(cell for cell in submitted.cells if cell.source.startswith("### Exercise"))
    card.source += "\n\nI wonder about this."
    notebook, _, notes = rebuilt(submitted)
    (mine,) = [cell for cell in notebook.cells if "student" in cells.tags(cell)]
    assert mine.source == "I wonder about this." and [note for note in notes if "stand as a cell of your own" in note]


# --- pictures ------------------------------------------------------------------------------------------------------


def recorded(notebook):
    """The notebook as grading records it, without a run."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    make_harmless(notebook)
    return notebook


def page_of(notebook) -> str:
    """The feedback, as for a notebook that has not been run."""
    grades = dict.fromkeys(("reflect-cost", "reflect-squeeze"), CellGrade(0, 3, ByHand.WAITING))
    return render(recorded(notebook), GradesOfNotebook(NAME, 0, 28, 0, grades, {}))


@cache
def formgraders_exporter() -> HTMLExporter:
    """One for all tests: it reads its templates for its first page."""
    return HTMLExporter(config=COURSE.config())


def shown_in_formgrader(notebook) -> str:
    """The page, without our own cells: they take most of the time, and are the same for everybody."""
    students = recorded(notebook)
    students.cells = [cell for cell in students.cells if is_students(cell)]
    return formgraders_exporter().from_notebook_node(students)[0]


PICTURES = {
    "PNG": (PNG, "image/png"),
    "JPEG": (b"\xff\xd8\xff\xe0" + b"x" * 20, "image/jpeg"),
    "GIF": (b"GIF89a" + b"x" * 20, "image/gif"),
    "WebP": (b"RIFF\x00\x00\x00\x00WEBP" + b"x" * 20, "image/webp"),
}


@pytest.mark.parametrize(("raw", "kind"), PICTURES.values(), ids=PICTURES)
def test_a_picture_in_an_answer_is_shown(raw, kind):
    submitted = solved()
    answer(submitted, "reflect-cost").update(with_picture("See:", raw, "my drawing (1).png", "image/svg+xml"))
    answer(submitted, "reflect-cost").source = "See:\n\n![a drawing](attachment:my%20drawing%20%281%29.png)"
    notebook, _, notes = rebuilt(submitted)
    uri = f"data:{kind};base64,{base64.b64encode(raw).decode()}"
    assert notes == [] and uri in page_of(notebook) and uri in shown_in_formgrader(notebook)


def test_pictures_of_two_halves_do_not_mix():
    submitted = solved()
    split(submitted, "reflect-cost", "one", "two")
    place = place_of(submitted, "reflect-cost")
    submitted.cells[place].update(with_picture("one"))
    submitted.cells[place + 1].update(with_picture("two", b"GIF89a" + b"x" * 20))
    notebook, _, _ = rebuilt(submitted)
    assert len(answer(notebook, "reflect-cost").attachments) == 2
    page = page_of(notebook)
    assert page.index("data:image/png;base64") < page.index("<p>two</p>") < page.index("data:image/gif;base64")


def test_a_picture_in_the_question_or_an_own_cell_comes_along():
    submitted = unanswered()
    submitted.cells[QUESTION].update(with_picture(submitted.cells[QUESTION].source + "\n\nSee:"))
    submitted.cells.append(own("", "markdown"))
    submitted.cells[-1].update(with_picture("Mine:"))
    notebook, _, _ = rebuilt(submitted)
    assert waits_for_a_person(notebook, "reflect-cost")
    assert page_of(notebook).count("data:image/png;base64") == 2


BAD = {
    "SVG": {"a.png": {"image/svg+xml": base64.b64encode(b"<svg onload='alert(1)'/>").decode()}},
    "HTML as PNG": {"a.png": {"image/png": base64.b64encode(b"<script>").decode()}},
    "no base64": {"a.png": {"image/png": "<script>alert(1)</script>"}},
    "too large": {"a.png": {"image/png": base64.b64encode(PNG + bytes(2**21)).decode()}},
    "empty": {"a.png": {}},
    "a list": [],
    "a number": {"a.png": 3},
    "a long name": {"a" * 1000: {"image/png": base64.b64encode(PNG).decode()}},
    "a name with a terminal's codes": {"\x1b]0;title\x07\u202e": {"image/png": "AAAA"}},
}


@pytest.mark.parametrize("attachments", BAD.values(), ids=BAD)
def test_a_bad_picture_is_left_out_and_said(attachments):
    submitted = solved()
    cell = answer(submitted, "reflect-cost")
    cell.source, cell["attachments"] = "See ![](attachment:a.png) there.", nbformat.from_dict(attachments)
    notebook, _, notes = rebuilt(submitted)
    assert "attachments" not in answer(notebook, "reflect-cost")
    assert "picture left out" in page_of(notebook) and "picture left out" in shown_in_formgrader(notebook)
    assert not attachments or notes[0].startswith("Left out of the answer reflect-cost: ")
    assert all(map(str.isprintable, notes))


REFERENCES = (
    "![](attachment:x.png)",
    "![][r]\n\n[r]: attachment:x.png",
    "![](attachment&colon;x.png)",
    "![](attachment\\:x.png)",
    "![](&#97;ttachment:x.png)",
    "![](attachment:picture-1.png)",
)


@pytest.mark.parametrize("source", REFERENCES)
@pytest.mark.parametrize("has_picture", [False, True])
def test_a_reference_to_nothing_does_not_end_formgraders_exporter(source, has_picture):
    submitted = solved(reflect_X_cost=source)
    if has_picture:
        answer(submitted, "reflect-cost")["attachments"] = nbformat.from_dict(with_picture("")["attachments"])
    notebook, _, _ = rebuilt(submitted)
    shown_in_formgrader(notebook)
    page_of(notebook)


def test_at_most_ten_pictures_a_cell():
    submitted = solved(reflect_X_cost=" ".join(f"![](attachment:{n}.png)" for n in range(12)))
    pictures = {f"{n}.png": {"image/png": base64.b64encode(PNG).decode()} for n in range(12)}
    answer(submitted, "reflect-cost")["attachments"] = nbformat.from_dict(pictures)
    notebook, _, notes = rebuilt(submitted)
    assert len(answer(notebook, "reflect-cost").attachments) == 10
    assert notes == ["Left out of the answer reflect-cost: more than 10 pictures in one cell."]


# --- what people see -----------------------------------------------------------------------------------------------


def test_the_feedback_shows_every_piece_as_the_answer():
    submitted = solved()
    split(submitted, "squeeze", "def average(x):\n    return 1", "def squeeze(x):\n    return average(x)")
    notebook, _, _ = rebuilt(submitted)
    page = page_of(notebook)
    assert page.count("Your answer: squeeze") == 2 and page.count('id="squeeze"') == 1
    assert "A cell of your own" not in page


def test_nbgraders_preprocessor_does_the_same(monkeypatch, caplog):
    submitted = unanswered()
    split(submitted, "squeeze", SQUEEZE, "squeeze(hand_x)")
    in_the_question(submitted)
    expected, missing, notes = rebuilt(submitted)
    about = {"notebook": NAME, "assignment": NAME, "student": "someone"}
    notebook, _ = Rebuild(config=COURSE.config()).preprocess(submitted, ResourcesDict(nbgrader=about))
    assert notebook.metadata.pop("autograder") == {"missing": missing, "notes": notes}
    assert [(c.source, c.metadata) for c in notebook.cells] == [(c.source, c.metadata) for c in expected.cells]


def test_own_progress_sees_split_answers():
    submitted = unanswered()
    split(submitted, "squeeze", SQUEEZE, "")
    split(submitted, "excite", "import math", answer(RELEASE, "excite").source)
    split(submitted, "reflect-squeeze", "Because", "")
    work = look(submitted, ["squeeze", "excite", "se_forward"])
    assert work.states == {
        "squeeze": WorkState.WRITTEN,
        "excite": WorkState.NOT_BEGUN,
        "se_forward": WorkState.WRITTEN,
    }
    assert [(one.id, one.written) for one in work.questions] == [("reflect-squeeze", True), ("reflect-cost", False)]


def test_more_own_cells_than_are_kept_are_said():
    submitted = solved()
    submitted.cells += [own(f"x = {number}") for number in range(MAX_EXTRA_CELLS + 5)]
    notebook, _, notes = rebuilt(submitted)
    assert sum("student" in cells.tags(cell) for cell in notebook.cells) == MAX_EXTRA_CELLS
    assert notes == [
        f"The notebook has {MAX_EXTRA_CELLS + 5} cells of your own; the first {MAX_EXTRA_CELLS} were kept and run."
    ]


# --- bounded work --------------------------------------------------------------------------------------------------


MANY = MAX_CELLS - 500  # as many as are read, beside those of a whole notebook


def many_cells():
    return [own("1") for _ in range(MANY)]


def many_answers():
    text = "def squeeze(x):\n    return 1\n" + "# more\n" * 50
    return [own(f"{text}{number}") for number in range(MANY)]


def many_texts():
    return [nbformat.v4.new_markdown_cell(f"def {number}") for number in range(MANY)]


@pytest.mark.parametrize("make", [many_cells, many_answers, many_texts])
@pytest.mark.parametrize("keeps_answers", [False, True])
def test_hostile_notebooks_are_rebuilt_in_seconds(make, keeps_answers):
    submitted = solved()
    submitted.cells = [*(submitted.cells if keeps_answers else []), *make()]
    started = time.process_time()
    notebook, _, _ = rebuild(submitted, SOURCE, RELEASE)
    assert time.process_time() - started < 20
    assert len(notebook.cells) <= len(SOURCE.cells) + MAX_EXTRA_CELLS + 50
