"""`%check` and `%progress`: the judge in a notebook, which leaves the notebook as it was."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from IPython.core.completer import provisionalcompleter

from attention_course.exercises import CATALOGUE
from autograder import magics
from autograder.judge import judge_namespace
from autograder.progress.store import VARIABLE
from autograder.which_notebook import Unclear, exercise_named, notebook_named, notebook_of
from tests.support.course import ROOT
from tests.support.live_notebook import RIGHT, Notebook

FULL = sum(exercise.points for exercise in CATALOGUE.exercises_of("01_squeeze_excitation"))
COUNT = len(CATALOGUE.exercises_of("01_squeeze_excitation"))
OF_ALL = sum(exercise.points for name in CATALOGUE.notebooks for exercise in CATALOGUE.exercises_of(name))
WRONG = "def squeeze(x):\n    return x.sum(axis=(1, 2))"
STUB = "def excite(z, w1, b1, w2, b2):\n    raise NotImplementedError('Your turn: write this function')"
WHAT_COLAB_MAY_LACK = (
    *("nbgrader", "nbformat", "nbconvert", "nbclient", "jupytext", "jupyter_client", "nh3"),
    *(
        "distributed",
        "dask",
        "cryptography",
        "psutil",
        "click",
        "rich",
        "latex2mathml",
        "yaml",
        "sklearn",
        "setuptools",
    ),
)


@pytest.fixture
def notebook(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    return Notebook()


# --- the verdict ---------------------------------------------------------------------------------------------------


def test_the_full_verdict_is_shown_at_once(notebook):
    notebook.run(WRONG)
    markup, text = notebook.magic("%check squeeze --seed 5")
    verdict = judge_namespace(CATALOGUE.find("01_squeeze_excitation", "squeeze"), notebook.shell.user_ns, seed=5)
    assert 0 < verdict.score < verdict.max_score
    for item in verdict.properties:
        assert item.name in text and item.name in markup
    assert "divide" in text and "<th scope='col'" in markup and "failed" in markup and "passed" in markup
    assert f"squeeze: {verdict.score:g} of 2 points" in text and magics.OWN_PROCESS in text
    assert f"{verdict.score:g} of the judge's {FULL:g} points, 1 of {COUNT} exercises judged" in text


def test_all_that_is_written_so_far_and_a_kind_word_on_the_rest(notebook):
    notebook.run(RIGHT)
    notebook.run(STUB)
    text = notebook.text("%check")
    assert "squeeze: 2 of 2 points" in text
    assert "Not written yet: excite." in text and "excite: 0" not in text
    assert f"2 of the judge's {FULL:g} points, 1 of {COUNT} exercises judged" in text


def test_the_total_lasts_across_kernels_and_follows_the_last_check(notebook):
    notebook.run(RIGHT)
    notebook.magic("%check squeeze")
    other = Notebook()
    other.run("def excite(z, w1, b1, w2, b2):\n    return z")
    assert f"2 of {COUNT} exercises judged" in other.text("%check excite")
    other.run(WRONG)
    assert "01_squeeze_excitation so far: 2 of" not in other.text("%check squeeze")


def test_without_a_record_the_total_is_the_sessions(monkeypatch, notebook):
    monkeypatch.setenv(VARIABLE, "off")
    unrecorded = Notebook()
    unrecorded.run(RIGHT)
    assert "in this session: 2 of" in unrecorded.text("%check")


def test_progress_shows_the_same_page(notebook):
    notebook.run(RIGHT)
    notebook.magic("%check squeeze")
    markup, text = notebook.magic("%progress")
    assert f"2 of {OF_ALL:g} points by the judge" in text and "squeeze: 2 of 2, right" in text
    assert "<caption>Notebooks</caption>" in markup and "Next: excite" in markup
    assert "There is no folder" in notebook.text("%progress nowhere")


# --- what is said where nothing can be judged ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("%check", "No exercise is defined yet"),
        ("%check squeeze", "squeeze is not defined yet"),
        ("%check squeez", "Did you mean squeeze?"),
        ("%check praise", "no exercise named praise"),
        (
            "%check 01 squeeze conv2d_same",
            "It is an exercise of 04_spatial_attention: %check 04_",
        ),
        ("%check squeeze conv2d_same", "No notebook has all of these"),
        ("%check --notebook 09", "no notebook 09. It has: 00_feature_maps"),
        ("%check se_block", "This could be 01_squeeze_excitation or 07_port_the_tutorial. Say which: %check 01_"),
        ("%check 07 se_block", "se_block is not defined yet"),
        ("%check 07", "Nothing of 07_port_the_tutorial is defined yet"),
        ("%check 'open", "no closing quotation"),
        ("%check squeeze --seed -1", "zero or more"),
    ],
)
def test_one_sentence_and_never_a_traceback(notebook, line, says):
    assert says in notebook.text(line)


def test_a_wrong_option_is_one_line_of_ipythons_own(notebook, capsys):
    notebook.shell.run_cell("%check --seed many")
    out, err = capsys.readouterr()
    assert err.startswith("UsageError: argument --seed") and "Traceback" not in out


def test_an_interrupted_function_is_named(notebook):
    notebook.run("def squeeze(x):\n    raise KeyboardInterrupt")
    assert "Stopped while squeeze ran" in notebook.text("%check squeeze")


def test_a_fault_of_the_judge_is_not_the_students(notebook, monkeypatch):
    def fail(*_):
        raise RuntimeError("a fault")

    notebook.run(RIGHT)
    monkeypatch.setattr(magics.JudgeProcess, "judge", fail)
    text = notebook.text("%check squeeze")
    assert "The judge failed here, not you (RuntimeError)" in text and f"0 of {COUNT} exercises judged" in text


def test_a_judge_that_dies_is_said_and_the_next_one_judges(notebook):
    notebook.run("import os\n" + RIGHT)
    assert "squeeze: 2 of 2 points" in notebook.text("%check squeeze")
    process = notebook.shell.magics_manager.registry["CourseMagics"]._judge_process._process.pid
    notebook.run(f"def squeeze(x):\n    os.kill({process}, 9)\n    return x.mean(axis=(1, 2))")
    assert "The judge failed here, not you (its process ended" in notebook.text("%check squeeze")
    notebook.run(RIGHT)
    assert "squeeze: 2 of 2 points" in notebook.text("%check squeeze")


SETTINGS = {
    "numpy's errors": "np.seterr(all='raise')",
    "warnings": "warnings.simplefilter('error')",
    "the type of numbers": "import keras; keras.config.set_floatx('float64')",
    "functions of numpy": "np.abs = np.max = np.exp = np.isfinite = np.allclose = np.random.default_rng = None",
    "the standard library": "json.JSONDecoder = zlib.crc32 = None",
    "files beside the notebook": "for name in ('random', 'zlib', 'numpy'): Path(f'{name}.py').write_text('1 / 0')",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_judges_own_arithmetic_does_not_run_under_the_students_settings(notebook, setting):
    """A notebook of its own: what it spoils stays spoiled."""
    source = [
        "import json, sys, warnings, zlib, numpy as np",
        "from pathlib import Path",
        "from tests.support.live_notebook import Notebook, RIGHT, STRAIGHT",
        "notebook = Notebook()",
        "notebook.run('import numpy as np\\n' + RIGHT + STRAIGHT)",
        SETTINGS[setting],
        "print(notebook.text('%check 01 squeeze se_forward'))",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: "off"}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", "\n".join(source)], env=environment, capture_output=True, text=True
    )
    assert "squeeze: 2 of 2 points" in ran.stdout and "se_forward: 4 of 4 points" in ran.stdout, ran.stderr[-2000:]


def test_what_a_function_says_is_escaped(notebook):
    notebook.run("def squeeze(x):\n    raise ValueError('<img src=x onerror=alert(1)>')")
    markup, text = notebook.magic("%check squeeze")
    assert "<img" not in markup and "&lt;img" in markup and "<img" in text


# --- cells that did not run --------------------------------------------------------------------------------------


def test_a_cell_that_did_not_run_is_quoted_until_it_does(notebook, capsys):
    notebook.shell.run_cell("def squeeze(x)\n    return x.mean(axis=(1, 2))")
    assert notebook.text("%check squeeze") == (
        "squeeze is not defined yet. The cell that begins with `def squeeze(x)` stopped with SyntaxError in line 1, "
        "`def squeeze(x)`: expected ':'."
    )
    notebook.shell.run_cell("import nowhere\nfrom scipy.special import expit")
    notebook.run("def squeeze(x):\n    return expit(x)")
    assert (
        "squeeze raised NameError: name 'expit' is not defined. The cell that begins with `import nowhere` stopped "
        "with ModuleNotFoundError in line 1, `import nowhere`: No module named 'nowhere', so `expit` was never defined."
    ) in notebook.text("%check squeeze")
    notebook.run("from scipy.special import expit")
    assert "expit" not in notebook.text("%check squeeze")
    notebook.run(STUB)
    notebook.shell.run_cell("def excite(z, w1, b1, w2, b2):\n\u00a0   return z")
    text = notebook.text("%check excite")
    assert "Not written yet: excite." in text and "line 2 holds a no-break space (U+00A0)" in text
    notebook.shell.run_cell("def squeeze(x):\n    return x.mean(axis=(1, 2)")
    assert "An earlier squeeze was judged. The cell that begins with" in notebook.text("%check squeeze")
    notebook.run(RIGHT)
    assert "2 of 2 points" in notebook.text("%check squeeze") and "earlier" not in notebook.text("%check squeeze")


def test_an_exception_that_cannot_be_printed_is_remembered_all_the_same(notebook, capsys):
    notebook.run("class Silent(Exception):\n    def __str__(self):\n        raise ValueError")
    notebook.shell.run_cell("raise Silent\nsqueeze = 1")
    assert notebook.text("%check squeeze").endswith("stopped with Silent in line 1, `raise Silent`.")


# --- the notebook stays as it was ----------------------------------------------------------------------------------


def test_names_and_random_numbers_stay_as_they_were(notebook):
    notebook.run("import numpy as np, random\nnp.random.seed(1); random.seed(1); counter = 0")
    notebook.run(
        "def squeeze(x):\n    global counter, left_over\n    counter += 1\n    left_over = 1\n"
        "    np.random.normal(); random.random()\n    return x.mean(axis=(1, 2))"
    )
    before = dict(notebook.shell.user_ns)
    expected = np.random.RandomState(1).normal()
    notebook.magic("%check squeeze")
    after = notebook.shell.user_ns
    changed = {name for name in before | after if before.get(name) is not after.get(name)}
    # IPython's own: the list of what was typed, and its latest entries.
    assert {name for name in changed if not name.startswith("_")} <= {"In"}
    assert "left_over" not in after and after["counter"] == 0 and "_" not in changed
    assert np.random.normal() == expected


# --- which notebook ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUE.notebooks)
def test_a_notebook_is_known_by_its_points_by_its_functions_and_by_its_file(monkeypatch, name):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    ids = [exercise.id for exercise in CATALOGUE.exercises_of(name)]
    assert notebook_of(CATALOGUE, {"POINTS": dict.fromkeys(ids, 1)}) == name
    assert notebook_of(CATALOGUE, {one: print for one in ids}) == name
    assert notebook_of(CATALOGUE, {"__vsc_ipynb_file__": f"/home/me/Copy of {name} (1).ipynb"}) == name
    monkeypatch.setenv("JPY_SESSION_NAME", f"/home/me/{name}.ipynb")
    assert notebook_of(CATALOGUE, {}) == name
    assert (
        notebook_named(CATALOGUE, name[:2])
        == notebook_named(CATALOGUE, str(int(name[:2])))
        == notebook_named(CATALOGUE, f"{name}.ipynb")
        == name
    )


def test_given_blocks_do_not_make_06_another_notebook():
    """06 defines the blocks of 01, 02 and 05 for its students."""
    given = dict.fromkeys(("se_block", "eca_block", "cbam_block"), print)
    own = {exercise.id: print for exercise in CATALOGUE.exercises_of("06_plug_in")}
    assert notebook_of(CATALOGUE, {**given, **own}) == "06_plug_in"
    assert notebook_of(CATALOGUE, {**given, **own}, ["attach"]) == "06_plug_in"


@pytest.mark.parametrize("points", [None, [], {}, {"squeeze": 3}, {1: 2}])
def test_points_of_somebody_elses_do_not_confuse(points, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert notebook_of(CATALOGUE, {"POINTS": points, "squeeze": print}) == "01_squeeze_excitation"


def test_a_name_in_other_letters_is_understood_as_a_question():
    with pytest.raises(Unclear, match="Did you mean CBAM"):
        exercise_named(CATALOGUE, "05_cbam", "cbam")


def test_names_are_completed(notebook):
    with provisionalcompleter():
        found = {one.text for one in notebook.shell.Completer.completions("%check sq", 9)}
    assert found == {"squeeze"}


# --- where only a notebook's own packages are ----------------------------------------------------------------------

MISSING = f"""
import sys, importlib.abc
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {WHAT_COLAB_MAY_LACK!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""
ALONE = f"""
from IPython.core.completer import provisionalcompleter
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.run_line_magic("load_ext", "autograder")
shell.run_cell({RIGHT!r})
shell.run_cell("%check squeeze")
shell.run_cell("%progress")
import sys
assert "tensorflow" not in sys.modules
"""


def test_it_works_without_what_colab_may_lack(tmp_path):
    folder = tmp_path / "01_squeeze_excitation"  # a notebook's file beside it, which cannot be looked into there
    folder.mkdir()
    (folder / "01_squeeze_excitation.ipynb").write_text("{}")
    (tmp_path / "sitecustomize.py").write_text(MISSING)  # for the judge's own process too
    environment = {
        "PYTHONPATH": f"{ROOT}:{tmp_path}",
        VARIABLE: "off",
        "HOME": str(tmp_path),
        "IPYTHONDIR": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-c", ALONE], env=environment, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert "squeeze: 2 of 2 points" in ran.stdout and f"2 of {OF_ALL:g} points by the judge" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
