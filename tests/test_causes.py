"""The sentence on an answer names the cell that failed, and what grading has not costs something only where it is used.

What runs in a kernel runs in both: the sandboxed one and an ordinary one, as `autograder check` does.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from attention_course.exercises import CATALOGUE
from autograder.bundle.readme import readme
from autograder.course import Course
from autograder.exercise.answers import Answer
from autograder.exercise.errors import in_words
from autograder.judge.cause import names_of, stopped_with, was_stopped
from autograder.judge.verdict import judge_answers
from autograder.sandbox.inside import stand_ins
from tests.support.course import ROOT
from tests.support.verdicts import verdicts

GRADED_WITH = (
    "The course grades with NumPy, SciPy, TensorFlow, Keras, matplotlib and scikit-learn: write it with these."
)
TRUST = pytest.mark.parametrize("trust", [False, True], ids=["grade", "check"])


def messages(*arguments, **keywords) -> dict[str, list[str]]:
    """What is said on each exercise."""
    return {name: verdict.messages for name, verdict in verdicts(*arguments, **keywords).items()}


# --- the cause -----------------------------------------------------------------------------------------------------


@TRUST
def test_a_cell_that_failed_is_quoted_and_whose_it_was(trust):
    above = (
        "import pandas as pd\npd.options.mode.copy_on_write = True\nfrom scipy.special import expit",
        "# helpers\ndef slow_helper(x):\n    return x\nwhile True:\n    pass",
    )
    answers = {
        "global_average_pool": "\n\ndef global_average_pool(x)\n    return x.mean((1, 2))",
        "channel_pool": "import numpy as np\ndef channel_pool(x):\n\u00a0   return x",
        "apply_channel_gate": "size = input('size?')\ndef apply_channel_gate(x, gate):\n    return x",
        "apply_spatial_gate": "def apply_spatial_gate(x, gate):\n    return x * expit(gate)",
        "to_channels_first": "def to_channels_first(x):\n    return slow_helper(x)",
        "revealing_case": "def revealing_case(channels):\n    return later(channels)",
    }
    found = messages(answers, before=above, extra="def later(x):\n    return x", trust=trust, cell_seconds=4)
    assert found == {
        "global_average_pool": [
            "The answer cell stopped with SyntaxError in line 3, `def global_average_pool(x)`: expected ':'."
        ],
        "channel_pool": [
            "The answer cell stopped with SyntaxError: line 3 holds a no-break space (U+00A0). "
            "Python cannot read it: delete it, and type an ordinary space where one is needed."
        ],
        "apply_channel_gate": [
            "The answer cell stopped with StdinNotImplementedError in line 1, `size = input('size?')`: raw_input was "
            "called, but this frontend does not support input requests. "
            "At grading nobody is there to type: do without input()."
        ],
        "apply_spatial_gate": [
            "apply_spatial_gate raised NameError: name 'expit' is not defined. The cell above that begins with "
            "`import pandas as pd` stopped with ModuleNotFoundError in line 2, `pd.options.mode.copy_on_write = True`: "
            f"pandas is not there at grading, so `expit` was never defined. {GRADED_WITH}"
        ],
        "to_channels_first": [
            "to_channels_first raised NameError: name 'slow_helper' is not defined. The cell above that begins with "
            "`# helpers` was stopped at grading, so `slow_helper` was never defined. "
            "It did not finish in time: look for an endless loop, or a slow one over positions."
        ],
        "revealing_case": [
            "revealing_case raised NameError: name 'later' is not defined. The cell below that begins with "
            "`def later(x):` comes only after this exercise, so `later` was never defined. "
            "Grading runs the cells from the top."
        ],
    }


def test_only_a_cell_that_matters_is_named():
    answers = {
        "global_average_pool": "def pool(x):\n    return x.mean((1, 2))",
        "channel_pool": "def channel_pool(x):\n    return helper(x)",
        "apply_channel_gate": "factor = channel_pool(3)\ndef apply_channel_gate(x, gate):\n    return x",
        "apply_spatial_gate": "def apply_spatial_gate(x, gate):\n    return x * images",
        "to_channels_first": "def to_channels_first(x):\n\treturn x\n        return 1",
        "revealing_case": "def revealing_case(channels):\n  y = channels\n return y",
    }
    found = messages(answers, before="wanted = 1 / 0")
    assert found.pop("apply_spatial_gate") == [
        "apply_spatial_gate raised NameError: name 'images' is not defined. The cell above that begins with "
        "`images = np.stack([photograph(name).mean(axis=-1, ...` is a demonstration, which grading does "
        "not run, so `images` was never defined."
    ]
    assert found == {
        "global_average_pool": [
            "There is no function named global_average_pool: keep the name that the exercise gives."
        ],
        "channel_pool": [
            "channel_pool raised NameError: name 'helper' is not defined. "
            "Nothing in the notebook has this name: is a cell above missing, or the name misspelt?"
        ],
        "apply_channel_gate": [
            "The answer cell stopped with NameError in line 1, `factor = channel_pool(3)`: name 'helper' is not "
            "defined. Nothing in the notebook has this name: is a cell above missing, or the name misspelt?"
        ],
        "to_channels_first": [
            "The answer cell stopped with TabError in line 3, `return 1`: inconsistent use of tabs and spaces in "
            "indentation. Indent with spaces alone."
        ],
        "revealing_case": [
            "The answer cell stopped with IndentationError in line 3, `return y`: unindent does not match any outer "
            "indentation level."
        ],
    }


def test_another_exercises_cell_and_a_stub_below_which_the_answer_does_not_run():
    stub = "def squeeze(x):\n    raise NotImplementedError('Your turn')"
    answers = {
        "squeeze": stub,
        "excite": "import torch\ntorch.manual_seed(0)\ndef excite(z, w1, b1, w2, b2):\n    return z",
        "se_forward": "def se_forward(x, w1, b1, w2, b2):\n    return x * excite(x, w1, b1, w2, b2)",
    }
    before = "def squeeze(x):\n    return x.mean(axis=(1, 2)"
    found = messages(answers, "01_squeeze_excitation", before=before)
    assert found["squeeze"] == [
        "squeeze is not written yet. The cell above that begins with `def squeeze(x):` stopped with SyntaxError in "
        "line 2, `return x.mean(axis=(1, 2)`: incomplete input. Is a bracket or a quotation mark left open?"
    ]
    stopped = "in line 2, `torch.manual_seed(0)`: torch is not there at grading"
    assert found["excite"] == [f"The answer cell stopped with ModuleNotFoundError {stopped}. {GRADED_WITH}"]
    assert found["se_forward"] == [
        "se_forward raised NameError: name 'excite' is not defined. The answer cell of excite stopped with "
        f"ModuleNotFoundError {stopped}, so `excite` was never defined. {GRADED_WITH}"
    ]


EXERCISE = CATALOGUE.find("00_feature_maps", "global_average_pool")


def test_a_newer_answer_that_does_not_run_is_named_where_an_older_one_is_judged():
    answers = dict.fromkeys(EXERCISE.ask(0), Answer("raised", "ValueError: no"))
    newer = "def global_average_pool(x)\n    return x"
    failures = [stopped_with(newer, "SyntaxError", "expected ':' (<ipython-input-1>, line 1)", answers=EXERCISE.id)]
    (message,) = judge_answers(EXERCISE, EXERCISE.ask(0), answers, failures).messages
    assert message == (
        "global_average_pool raised ValueError: no. An earlier global_average_pool was judged. The answer cell "
        "stopped with SyntaxError in line 1, `def global_average_pool(x)`: expected ':'."
    )


@pytest.mark.parametrize("name", ["SyntaxError", "_IncompleteInputError"])  # before Python 3.13, and from then on
def test_a_cell_that_breaks_off_holds_a_syntax_error_on_every_python(name):
    failure = stopped_with("f(1", name, "incomplete input (<ipython-input-1>, line 1)")
    assert failure.whole and failure.reason == "stopped with SyntaxError in line 1, `f(1`: incomplete input"


@given(source=st.text(), name=st.text(), message=st.text(), line=st.none() | st.integers())
def test_whatever_an_error_says_it_is_one_short_line(source, name, message, line):
    noise = "\x1b[2J\x1b]0;title\x07\n" * 100
    for failure in (
        stopped_with(noise + source, noise + name, noise + message, line),
        stopped_with(source, "SyntaxError", f"{message} (<x>, line {line})", line),
        was_stopped(source * 1000, "It was slow."),
    ):
        sentence = failure.sentence("squeeze", "x")
        assert sentence.isprintable() and len(sentence) < 900


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import a.b, c as d\nfrom e import f as g, h", {"a", "d", "g", "h"}),
        ("x, (y, *z) = 1, (2, 3)\nfor i in x:\n    j = i\nwith open(x) as k:\n    pass", set("xyzijk")),
        ("def f(a):\n    b = 1\nclass C:\n    c = 1\nasync def g():\n    pass", {"f", "C", "g"}),
        ("%matplotlib inline\n!ls\nx = 1", {"x"}),
        ("from scipy.special import *", {"*"}),
        (
            "import numpy as np\nfrom m import (a, b)\ndef f(x)\nx == 2\ny = 3",
            {"numpy", "np", "a", "b", "f", "y", "as"},
        ),
        ("(" * 5000, set()),
    ],
)
def test_the_names_that_a_cell_would_define(source, names):
    assert names_of(source) == names


# --- what grading has not ------------------------------------------------------------------------------------------

UNUSED = """\ufeffimport numpy as np, pandas as pd
import seaborn as sns, cv2
from tqdm.auto import tqdm, trange
from google.colab import drive, files
from google import colab
import google.colab
%tensorflow_version 2.x
%load_ext tensorboard
%tensorboard --logdir logs
%matplotlib widget
%cd /content/drive/MyDrive
!pip install -q einops
%pip install einops
try:
    import google.colab
    IN_COLAB = True
except ImportError:
    IN_COLAB = False
import importlib.util, sys
if IN_COLAB or importlib.util.find_spec("pandas") or "google.colab" in sys.modules:
    raise SystemExit
"""


@TRUST
def test_what_is_not_used_costs_nothing_and_what_is_used_is_named(trust):
    answers = {
        "global_average_pool": UNUSED + "def global_average_pool(x):\n    return x.mean((1, 2))",
        "channel_pool": "import einops\ndef channel_pool(x):\n    return einops.reduce(x, 'b h w c -> b h w', 'mean')",
        "apply_channel_gate": "def apply_channel_gate(x, gate):\n    import torch\n    return torch.mul(x, gate)",
        "apply_spatial_gate": "from torch.nn import Module\nclass Gate(Module):\n    pass",
        "to_channels_first": "import numpy as np\nimport torch\nprint(torch.__version__)",
        "revealing_case": "def revealing_case(channels):\n    return np.asarray(pd), channels",
    }
    found = messages(answers, trust=trust)
    line = "class Gate(Module):"
    assert found == {
        "global_average_pool": [],
        "channel_pool": [f"channel_pool raised ModuleNotFoundError: einops is not there at grading. {GRADED_WITH}"],
        "apply_channel_gate": [
            f"apply_channel_gate raised ModuleNotFoundError: No module named 'torch'. {GRADED_WITH}"
        ],
        "apply_spatial_gate": [
            f"The answer cell stopped with ModuleNotFoundError in line 2, `{line}`: torch is not there at grading. "
            + GRADED_WITH
        ],
        "to_channels_first": [
            "The answer cell stopped with AttributeError in line 3, `print(torch.__version__)`: "
            f"torch is not there at grading. {GRADED_WITH}"
        ],
        "revealing_case": [f"revealing_case raised ModuleNotFoundError: pandas is not there at grading. {GRADED_WITH}"],
    }


@pytest.fixture
def shell(capsys):
    """An ordinary shell, prepared as grading's kernels are."""
    shell = InteractiveShell()
    stand_ins.install(shell)
    yield shell
    del builtins.__not_there__


def test_a_mistake_in_an_import_stays_one(shell):
    for source, error in {
        "import numpy.nothing": ModuleNotFoundError,
        "from keras.engine.topology import Layer": ModuleNotFoundError,
        "from numpy import nothing": ImportError,
        "from nowhere import *": ModuleNotFoundError,
        "from . import nothing": ImportError,
        "raise ModuleNotFoundError('mine')": ModuleNotFoundError,
    }.items():
        failed = shell.run_cell("\n\nx = 1\n" + source).error_in_exec
        assert type(failed) is error, source
        assert failed.__traceback__.tb_next.tb_lineno == 2, source  # IPython does not count the empty lines above


def test_a_stand_in_is_quiet_until_it_is_used(shell):
    assert shell.run_cell("import nowhere as n\nfrom nowhere import a, b as c\nimport nowhere.deep").success
    names = shell.user_ns
    assert all(isinstance(names[name], stand_ins.StandIn) for name in ("n", "a", "c", "nowhere"))
    assert repr(names["n"]) == "<nowhere is not there at grading>" and not hasattr(names["n"], "__wrapped__")
    for use in ("n.x", "n()", "n[0]", "n + 1", "1 + n", "[*n]", "bool(n)", "-n", "n @ n", "isinstance(1, n)", "n < 1"):
        assert type(shell.run_cell(use).error_in_exec) is ModuleNotFoundError, use
        assert "nowhere is not there at grading" in str(shell.run_cell(use).error_in_exec)


def test_what_is_there_is_not_hidden_by_a_part_that_is_not(shell):
    shell.run_cell("import google\nimport google.colab")
    assert shell.user_ns["google"] is sys.modules["google"]


def test_installers_and_strange_magics_do_nothing_at_once(shell, capsys, monkeypatch):
    ran = []
    monkeypatch.setattr(shell, "system", ran.append)
    stand_ins._pass_over_installers(shell)
    lines = ("!pip install x", "!pip3 -q install x", "%pip install x", f"!{sys.executable} -m pip install --upgrade x")
    for line in (*lines, "!sudo apt-get install -y x", "%conda install x", "%tensorflow_version 2.x"):
        assert shell.run_cell(line).success, line
    assert ran == []
    assert shell.run_cell("!pip list").success and shell.run_cell("!echo install").success
    assert ran == ["pip list", "echo install"]
    assert capsys.readouterr().out.count("Nothing is installed at grading.") == 6
    shell.run_cell("%timeit --nothing-such 1")
    assert "is not there" not in capsys.readouterr().out


MODULES = ("math", "os.path", "json", "collections.abc", "string")
NAMES = ("a", "b", "math", "x")
plain = st.sampled_from(
    [f"import {module}" for module in MODULES]
    + [f"import {module} as {name}" for module in MODULES for name in NAMES]
    + ["import math, json as a, os.path", "from math import pi, tau as x", "from string import *", "x = 1"]
    + ["from __future__ import annotations", "a = [i for i in range(3)]", "'a docstring'", "assert x == x", "1 / 0"]
    + ["del x", "global a", "print(a)", "lambda: 1", "@staticmethod\ndef f(): pass"]
)


def block(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    heads = ("if 1:", "else_", "for i in range(2):", "with open('/dev/null') as b:", "def f(x=1):", "class C:", "try:")
    body = st.lists(inner, min_size=1, max_size=3).map("\n".join)

    def build(head: str, body: str) -> str:
        text = "\n".join(f"    {line}" for line in body.splitlines())
        ends = {"else_": f"\nelse:\n{text}", "try:": f"\nexcept Exception:\n    a = 2\nfinally:\n{text}"}
        return ("if 0:" if head == "else_" else head) + "\n" + text + ends.get(head, "")

    return st.builds(build, st.sampled_from(heads), body)


def run(source: str, transformer=None) -> tuple:
    """What a module leaves behind: its plain names, or its error and the lines of the traceback."""
    namespace: dict = {"x": 0, "__builtins__": dict(vars(builtins), print=lambda *_: None)}
    try:
        tree = ast.parse(source)
        exec(compile(transformer.visit(tree) if transformer else tree, "cell", "exec"), namespace)
        error = None
    except Exception as raised:
        lines, traceback = [], raised.__traceback__
        while traceback is not None:
            lines.append(traceback.tb_lineno)
            traceback = traceback.tb_next
        error = (type(raised), str(raised), lines[1:])
    namespace.pop("__builtins__")
    kinds = (types.FunctionType, staticmethod, type)
    shown = {key: type(value) if isinstance(value, kinds) else value for key, value in namespace.items()}
    return shown.keys(), {key: repr(value) for key, value in shown.items()}, error


@given(st.lists(st.recursive(plain, block, max_leaves=8), max_size=8).map("\n".join))
def test_code_whose_imports_succeed_runs_as_without(source):
    builtins.__not_there__ = stand_ins._NotThere()
    try:
        assert run(source, stand_ins._GuardImports()) == run(source)
    finally:
        del builtins.__not_there__


def test_the_packages_that_are_named_are_there_and_students_read_of_them():
    modules = {"scikit-learn": "sklearn"}
    assert all(importlib.util.find_spec(modules.get(name, name.lower())) for name in CATALOGUE.packages)
    pins = (ROOT / "requirements.txt").read_text()
    assert all(f"\n{name.lower()}==" in pins for name in CATALOGUE.packages)
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in ("README.md", "solutions/hand_in.py")]
    for text in (*texts, readme(Course.find(), "owner/name")):
        assert f"Python's own library, {in_words(CATALOGUE.packages)}, and no other" in " ".join(text.split())
