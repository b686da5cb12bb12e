"""`autograder bundle`: what students get is whole and works alone, and a planted leak of any kind is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from attention_course.exercises import CATALOGUE
from autograder import cells, cli
from autograder.bundle import material, update_bundle, write_bundle
from autograder.bundle.fingerprints import Secrets
from autograder.bundle.leaks import find_leaks
from autograder.bundle.requirements import student_requirements
from autograder.course import Course, CourseError
from autograder.rebuild.rebuild import instructor_notebooks, rebuild
from tests.support.answers import all_answers
from tests.support.bundle_leaks import IN_FILES, IN_NOTEBOOK, NAME, ROOT, RUBRIC, change_notebook, notebook_in
from tests.support.returns import strip_metadata
from tests.support.submissions import fill_in

STUDENTS = "University-OF-Q/Attention-2027"  # with capitals: they stand in every link
FILES = ["LICENSE", "LICENSE-CC-BY-4.0", "README.md", "environment.yml", "requirements.txt", "notebooks/NOTATION.md"]
PINS = ROOT / "requirements.txt"
BINDER = ["start", "environment.yml", "requirements.txt", "jupyter/jupyter_config.json"]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course of one notebook: this one's files, but for the student version, which is a copy."""
    root = tmp_path_factory.mktemp("bundle") / "course"
    (root / "solutions").mkdir(parents=True)
    files = ("nbgrader_config.py", "pyproject.toml", "requirements.txt", "environment.yml", "binder", "LICENSE")
    shared = ("helpers.py", "hand_in.py", "likely_causes.json", NAME)
    for relative in (*files, "LICENSE-CC-BY-4.0", *(f"solutions/{name}" for name in shared)):
        (root / relative).symlink_to(ROOT / relative)
    shutil.copytree(ROOT / "notebooks" / NAME, root / "notebooks" / NAME)
    shutil.copy(ROOT / "notebooks" / "NOTATION.md", root / "notebooks")
    return Course(root)


@pytest.fixture(scope="module")
def bundle(course) -> Path:
    return write_bundle(course, course.root.parent / "students", STUDENTS).folder


@pytest.fixture(scope="module")
def secrets(course) -> Secrets:
    return Secrets.of(course)


@pytest.fixture
def copy(bundle, tmp_path) -> Path:
    return shutil.copytree(bundle, tmp_path / "students")


def test_the_whole_course_can_be_given_out(tmp_path):
    course = Course.find()
    bundle = write_bundle(course, tmp_path / "students")
    assert bundle.repository == course.repository and bundle.notebooks == len(course.names)
    written = sorted(path.relative_to(bundle.folder).as_posix() for path in bundle.folder.rglob("*") if path.is_file())
    assert set(written) >= {*FILES, *(f"notebooks/{name}/{name}.ipynb" for name in course.names)}
    assert not [name for name in written if name.endswith(".py") or "autograder" in name]
    assert [path.name for path in tmp_path.iterdir()] == ["students"]


def test_it_holds_what_students_need(course, bundle):
    for name in (*FILES, *(f"binder/{name}" for name in BINDER), f"notebooks/{NAME}/{NAME}.ipynb"):
        assert (bundle / name).is_file() and not (bundle / name).is_symlink(), name
    assert os.access(bundle / "binder" / "start", os.X_OK)
    assert not (bundle / "binder" / "postBuild").exists()  # it installs the course's package
    for name in ("environment.yml", "requirements.txt"):  # Binder reads its folder alone
        assert (bundle / "binder" / name).read_text() == (bundle / name).read_text()
    assert "-r requirements.txt" in (bundle / "environment.yml").read_text()
    assert "-e ." not in (bundle / "environment.yml").read_text()
    assert oct(bundle.stat().st_mode)[-3:] == oct(course.root.stat().st_mode)[-3:]  # open to others, as folders are


def test_every_link_leads_to_the_students_repository_or_to_a_file_that_is_there(course, bundle):
    readme = (bundle / "README.md").read_text()
    row = next(line for line in readme.splitlines() if NAME in line)
    assert "00 · What a gate multiplies" in row and re.search(r"\| \d+ \| \d+ \|", row)
    for page in (readme, "".join(cell.source for cell in notebook_in(bundle).cells)):
        assert course.repository not in page
        assert f"colab.research.google.com/github/{STUDENTS}/blob/main/notebooks/{NAME}/{NAME}.ipynb" in page
        assert f"mybinder.org/v2/gh/{STUDENTS}/main?urlpath=lab/tree/notebooks/{NAME}/{NAME}.ipynb" in page
    for target in re.findall(r"\]\((?!https)([^)]+)\)", readme):
        assert (bundle / target).exists(), target


def test_what_students_hand_in_is_graded_as_ever(course, bundle):
    """The links in their notebooks are others than the course's: no cell may be taken for one of their own."""
    answers = {exercise.id: f"def {exercise.id}(x):\n    return x" for exercise in CATALOGUE.exercises_of(NAME)}
    for change in (lambda notebook: None, strip_metadata):
        submitted = fill_in(notebook_in(bundle), answers)
        change(submitted)
        notebook, missing, notes = rebuild(submitted, *instructor_notebooks(course, NAME))
        assert missing == [] and not [cell for cell in notebook.cells if "student" in cells.tags(cell)]
        assert not [note for note in notes if "helpers" in note or "was changed" in note]


def test_the_pins_are_all_that_the_notebooks_and_jupyterlab_need(bundle):
    text = (bundle / "requirements.txt").read_text()
    pins, ours = (re.findall(r"^(([\w.-]+)==.*)", one, re.MULTILINE) for one in (text, PINS.read_text()))
    pinned = {name for _, name in pins}
    assert all(line in PINS.read_text() for line in text.splitlines()) and "distributed" not in pinned
    assert pins == [(pin, name) for pin, name in ours if name in pinned]  # a package may have a pin for each Python
    needed = {name.lower() for name in CATALOGUE.packages} - {"tensorflow"} | {
        "tensorflow-cpu",
        "jupyterlab",
        "nbgrader",
    }
    todo, seen = [(name, "") for name in needed], set()
    while todo:
        name, extra = todo.pop()
        assert name in pinned
        for line in requires(name) or []:
            requirement = Requirement(line)
            needed = (requirement.name.lower().replace("_", "-"), "")
            wanted = {needed, *((needed[0], one) for one in requirement.extras)} - seen
            if wanted and (requirement.marker is None or requirement.marker.evaluate({"extra": extra})):
                seen |= wanted
                todo += wanted


def test_a_package_that_is_not_pinned_is_named(tmp_path):
    pins = tmp_path / "requirements.txt"
    pins.write_text("numpy==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(CourseError, match="does not pin keras.*or take the file away"):
        student_requirements(["NumPy", "Keras"], pins)


def test_without_pins_the_versions_are_those_that_grade_here(tmp_path):
    lines = student_requirements(["NumPy"], tmp_path / "none").splitlines()
    assert lines == [f"{name}=={version(name)}" for name in ("numpy", "jupyterlab", "nbgrader")]
    line = student_requirements(["TensorFlow"], tmp_path / "none").splitlines()[0]
    assert re.fullmatch(r"tensorflow(-cpu)?==[\d.]+", line)  # whichever is installed
    with pytest.raises(CourseError, match="no-such-thing, which the course's CATALOGUE names, is not installed"):
        student_requirements(["No-Such-Thing"], tmp_path / "none")


# --- planted leaks -------------------------------------------------------------------------------------------------


def planted(course, folder, secrets) -> list[str]:
    return find_leaks(course, folder, secrets, STUDENTS)


@pytest.mark.parametrize("leak", IN_NOTEBOOK)
def test_a_leak_in_a_notebook_is_named_with_its_place(leak, course, copy, secrets):
    change, says = IN_NOTEBOOK[leak]
    assert planted(course, copy, secrets) == []
    change_notebook(copy, change)
    leaks = planted(course, copy, secrets)
    assert any(re.match(rf"notebooks/{NAME}/{NAME}\.ipynb, .*{says}", one) for one in leaks), leaks


def test_every_sample_answer_is_known_those_too_that_are_told_as_changes_of_another(secrets):
    missed = [str(answer) for answer in all_answers() if not any(secrets.find(answer.source, is_code=True))]
    assert missed == []


@pytest.mark.parametrize("leak", IN_FILES)
def test_a_leak_in_a_file_is_named(leak, course, copy, secrets):
    plant, wanted = IN_FILES[leak]
    plant(copy)
    leaks = planted(course, copy, secrets)
    for says in wanted:
        assert any(re.search(says, one) for one in leaks), leaks


def test_a_solution_that_its_own_notebook_gives_is_secret_and_one_that_a_later_one_gives_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(material, "_what_judges", lambda course: [])  # takes seconds, and is not looked for here
    region = "    ### BEGIN SOLUTION\n    return 2 * x + 7\n    ### END SOLUTION\n"
    answer = '# %% question="double" points=1\ndef double(x):\n'
    given = "\n# %%\ndef given(x):\n    return 2 * x + 7\n"
    for name in ("90_asks", "91_gives"):
        (tmp_path / "solutions" / name).mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    course, asks = Course(tmp_path), tmp_path / "solutions" / "90_asks" / "90_asks.py"
    (tmp_path / "solutions" / "91_gives" / "91_gives.py").write_text(given)
    asks.write_text(answer + region)
    assert "return 2 * x + 7" not in Secrets.of(course).lines
    (tmp_path / "solutions" / "91_gives" / "91_gives.py").write_text("\n# %%\n1\n")
    asks.write_text(answer + region + given)
    assert Secrets.of(course).lines["return 2 * x + 7"].endswith("90_asks.py, a solution")


# --- what the command does -----------------------------------------------------------------------------------------


@pytest.fixture
def own(course, tmp_path) -> Course:
    """A course whose student version may be changed."""
    return Course(shutil.copytree(course.root, tmp_path / "own", symlinks=True))


def run(monkeypatch, capsys, course: Course, *arguments) -> tuple[int, str]:
    monkeypatch.chdir(course.root)
    monkeypatch.setattr("sys.argv", ["autograder", "bundle", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0), " ".join(capsys.readouterr().err.split())


def test_a_leak_is_refused_and_nothing_is_left(own, tmp_path, monkeypatch, capsys):
    path = own.release(NAME)
    path.write_text(path.read_text().replace("### Exercise · `channel_pool`", RUBRIC, 1))
    status, said = run(monkeypatch, capsys, own, tmp_path / "students")
    assert status == 2 and "nothing was written" in said
    assert re.search(rf"notebooks/{NAME}/{NAME}\.ipynb, cell \d+, line 1: from solutions/", said), said
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_an_empty_folder_is_filled_and_one_in_use_is_left_alone(own, tmp_path, monkeypatch, capsys):
    students = tmp_path / "students"
    students.mkdir()
    status, said = run(monkeypatch, capsys, own, students, "--repository", STUDENTS)
    assert status == 0 and f"github.com/{STUDENTS}" in said and (students / "README.md").exists()
    before = (students / "README.md").stat().st_mtime_ns
    status, said = run(monkeypatch, capsys, own, students)
    assert status == 2 and "is in use: give the name of a new folder" in said
    assert (students / "README.md").stat().st_mtime_ns == before


# --- some notebooks, and a bundle that was published before --------------------------------------------------------


def test_an_update_says_what_it_did_and_what_it_left(course, copy, secrets, monkeypatch, capsys):
    monkeypatch.setattr(Secrets, "of", lambda course: secrets)  # to look them up takes seconds
    (copy / "README.md").write_text("the teacher's own words")
    (copy / "LICENSE").unlink()
    status, said = run(monkeypatch, capsys, course, "--update", copy)
    assert status == 0 and "Updated: 1 new." in said and "changed or made them there: README.md" in said
    assert f"github.com/{STUDENTS}" in said  # the repository is remembered
    assert (copy / "README.md").read_text() == "the teacher's own words" and (copy / "LICENSE").exists()
    status, said = run(monkeypatch, capsys, course, "--update", copy.parent)
    assert status == 2 and "was not made by `autograder bundle`" in said


def test_notebooks_can_be_given_out_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(Secrets, "of", lambda course: Secrets({}, {}, {}))  # those of the whole course take seconds
    course, students = Course.find(), tmp_path / "students"
    first, second = course.names[:2]
    assert write_bundle(course, students, STUDENTS, [first]).notebooks == 1
    assert [path.name for path in (students / "notebooks").iterdir() if path.is_dir()] == [first]
    assert first in (students / "README.md").read_text() and second not in (students / "README.md").read_text()
    bundle = update_bundle(course, students, names=[second])
    assert bundle.notebooks == 2 and bundle.changes.new == [f"notebooks/{second}/{second}.ipynb"]
    assert bundle.changes.replaced == ["README.md"] and second in (students / "README.md").read_text()
    assert update_bundle(course, students).notebooks == 2


def test_a_student_version_that_is_not_of_the_source_is_refused(own, tmp_path):
    path = own.release(NAME)
    notebook = json.loads(path.read_text())
    notebook["metadata"]["source_digest"] = "of an earlier source"
    path.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=f"{NAME}.ipynb was not made from its source as it stands: run autograder bu"):
        write_bundle(own, tmp_path / "students")
    path.unlink()
    with pytest.raises(CourseError, match="run autograder build"):
        write_bundle(own, tmp_path / "students")
    assert not (tmp_path / "students").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere/students"], "there is no folder"),
        (["pyproject.toml"], "is in use"),
        (["students", "--repository", "students"], "write OWNER/NAME"),
        (["students", "--repository", "a/b/c](x)"], "write OWNER/NAME"),
        ([], "Missing argument 'DIR'"),
    ],
)
def test_wrong_usage_is_said_in_one_line(own, monkeypatch, capsys, arguments, says):
    status, said = run(monkeypatch, capsys, own, *arguments)
    assert status == 2 and says in said
    assert not (own.root / "students").exists()


def test_a_missing_file_of_the_course_is_named(own, tmp_path):
    (own.root / "LICENSE").unlink()
    with pytest.raises(CourseError, match="LICENSE"):
        write_bundle(own, tmp_path / "students")
    assert [path.name for path in tmp_path.iterdir()] == ["own"]
