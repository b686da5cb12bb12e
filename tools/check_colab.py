"""Run every student notebook as Colab does: the one file alone, on packages that are not the course's pins.

    source .venv/bin/activate
    PYTHON=/path/to/python3.12 tools/check-colab [SET ...] [--notebook NAME ...]

Throw-away environments are made outside the repository, of the interpreter PYTHON (Colab's is 3.12; by default the
one that runs this). The sets of packages:

    newest    TensorFlow, Keras, NumPy, matplotlib and scikit-learn as the package index has them today
    older     each of them one minor release before that
    colab     only if it is named: what Colab had when this was last looked up. Its Keras 3.10 has faults of its own, so
              read what this set says before you believe it

All have the IPython and the ipykernel that Colab insists on. Each notebook runs twice: untouched, where only graded
cells may fail and only with NotImplementedError; and with right answers, where no cell may. Nothing may be written to
stderr. Exit status 0 if all is as it should be, else 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path

try:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat import NotebookNode

    from autograder import cells
    from autograder.course import Course
    from tests.support.course import ROOT
    from tests.support.submissions import fill_in, quiet_right_answers
    from tools.commands import CheckError, run
except ImportError as error:
    sys.exit(f"{error}: run this in the course's own environment (make .venv && source .venv/bin/activate)")

PACKAGES = ("tensorflow-cpu", "keras", "numpy", "matplotlib", "scikit-learn")
SHORT = {"tensorflow-cpu": "TF", "matplotlib": "mpl", "scikit-learn": "sklearn"}
# The package google-colab requires exactly these: https://github.com/googlecolab/colabtools/issues/5580
SHELL = ("ipython==7.34.0", "ipykernel==6.17.1")
# Looked up at the end of 2025; TensorFlow and Keras: https://github.com/googlecolab/colabtools/issues/5489
COLAB = ("tensorflow-cpu==2.19.*", "keras==3.10.*", "numpy==2.0.*", "matplotlib==3.10.*", "scikit-learn==1.6.*")
SETS = ("newest", "older", "colab")
CELL_SECONDS = 600
# TensorFlow 2.20 tells of XLA whatever TF_CPP_MIN_LOG_LEVEL says: two lines that no notebook is to blame for.
NOTICE = re.compile(r"^(WARNING: All log messages before absl::InitializeLog|I0000 ).*\n?", re.MULTILINE)
# What the caller's shell says must not reach the notebook; Colab has none of it.
NOT_PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "MPLBACKEND", "KERAS_BACKEND", "OPENBLAS_NUM_THREADS")
NOT_PASSED_ON += ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS")  # the notebooks set these themselves


def main() -> int:
    course = Course.find(ROOT)
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}; by default the first two")
    parser.add_argument("--notebook", action="append", choices=course.names, help="only this one; may be repeated")
    options = parser.parse_args()
    sets = options.sets or ["newest", "older"]
    if unknown := set(sets) - set(SETS):
        parser.error(f"no set {', '.join(sorted(unknown))}; there are: {', '.join(SETS)}")
    failures = 0
    for name in sets:
        with tempfile.TemporaryDirectory(prefix="check-colab-") as folder:
            print(f"making the environment {name!r}: some minutes", flush=True)
            try:
                environment = Environment(Path(folder), name)
            except CheckError as error:
                print(f"tools/check-colab: {error}", file=sys.stderr)
                return 1
            print_row("notebook", "answers", "packages", "seconds", "result")
            for notebook in options.notebook or course.names:
                failures += check_notebook(course, notebook, environment)
    print(f"{failures} of the runs failed" if failures else "every run is as it should be")
    return 1 if failures else 0


class Environment:
    """A throw-away virtual environment with one set of packages, and a Jupyter kernel that runs in it."""

    def __init__(self, folder: Path, name: str):
        self.folder, self.name = folder, name
        self.python = folder / "venv" / "bin" / "python"
        self.variables = {key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON}
        self.variables |= {"HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "home" / ".ipython")}
        (folder / "home").mkdir()
        run(os.environ.get("PYTHON", sys.executable), "-m", "venv", folder / "venv")
        self.install(requirements_of(name, self.python))
        # As on Colab, where matplotlib has been used before: its first import lists the fonts, and says so.
        run(self.python, "-c", "import matplotlib.font_manager", env=self.variables)
        code = "from importlib.util import find_spec; print(find_spec('autograder'))"
        if run(self.python, "-c", code, cwd=folder, env=self.variables).strip() != "None":
            raise CheckError("the course's package can be imported in the new environment: it must not be there")
        self._register_kernel()

    def install(self, requirements: list[str]) -> None:
        if shutil.which("uv"):
            run("uv", "pip", "install", "--quiet", "--python", self.python, *requirements)
        else:
            run(self.python, "-m", "pip", "install", "--quiet", *requirements)

    def _register_kernel(self) -> None:
        spec = self.folder / "jupyter" / "kernels" / "colab" / "kernel.json"
        spec.parent.mkdir(parents=True)
        command = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.write_text(json.dumps({"argv": command, "display_name": "Colab", "language": "python"}))
        os.environ["JUPYTER_PATH"] = str(self.folder / "jupyter")

    @cached_property
    def versions(self) -> str:
        """What is installed, in short."""
        code = f"from importlib.metadata import version; print(*map(version, {PACKAGES}))"
        numbers = run(self.python, "-c", code).split()
        return ", ".join(f"{SHORT.get(name, name)} {number}" for name, number in zip(PACKAGES, numbers, strict=True))


def requirements_of(name: str, python: Path) -> list[str]:
    """What to install for a set of packages."""
    if name == "colab":
        return [*COLAB, *SHELL]
    newest = [*PACKAGES, *SHELL]
    return newest if name == "newest" else [*older_than(newest_versions(python, newest)), *SHELL]


def newest_versions(python: Path, requirements: list[str]) -> dict[str, str]:
    """The versions that the package index gives today, without installing them."""
    report = run(python, "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-", *requirements)
    found = {item["metadata"]["name"]: item["metadata"]["version"] for item in json.loads(report)["install"]}
    return {name: found.get(name) or found[name.replace("-", "_")] for name in PACKAGES}


def older_than(versions: dict[str, str]) -> list[str]:
    """Requirements that stop one minor release below each version."""
    return [f"{name}<{'.'.join(version.split('.')[:2])}" for name, version in versions.items()]


def check_notebook(course: Course, name: str, environment: Environment) -> int:
    """Run one notebook untouched and answered, print a row for each; returns how many runs failed."""
    release = nbformat.read(course.release(name), as_version=4)
    failed = 0
    for answers, notebook in (("none", release), ("right", fill_in(release, quiet_right_answers(name)))):
        started = time.monotonic()
        try:
            found = complaints(executed(notebook, name, environment), may_be_undone=answers == "none")
        except (CellTimeoutError, DeadKernelError) as error:
            found = [f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"]
        seconds = f"{time.monotonic() - started:.0f}"
        print_row(name, answers, environment.versions, seconds, "ok" if not found else "FAILED")
        for line in found:
            print(f"    {line}", flush=True)
        failed += bool(found)
    return failed


def executed(notebook: NotebookNode, name: str, environment: Environment) -> NotebookNode:
    """The notebook run from top to bottom, from its file alone in an empty folder."""
    with tempfile.TemporaryDirectory(dir=environment.folder) as folder:
        file = Path(folder) / f"{name}.ipynb"
        nbformat.write(notebook, file)
        alone = nbformat.read(file, as_version=4)
        client = NotebookClient(
            alone,
            kernel_name="colab",
            timeout=CELL_SECONDS,
            allow_errors=True,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=environment.variables, stderr=subprocess.DEVNULL)
    return alone


def complaints(notebook: NotebookNode, may_be_undone: bool) -> list[str]:
    """What went wrong in a notebook that was run, one line a cell.

    Parameters
    ----------
    may_be_undone : whether graded cells may, and must, fail with NotImplementedError.
    """
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        outputs = cell.get("outputs", [])
        errors = [f"{one.ename}: {one.evalue}" for one in outputs if one.output_type == "error"]
        written = [NOTICE.sub("", one.text).strip() for one in outputs if one.get("name") == "stderr"]
        noise = [text for text in written if text]
        undone = [error for error in errors if error.startswith("NotImplementedError")]
        if may_be_undone and cells.is_judged(cell):
            nothing_raised = ["passed, though no answer was given"]
            errors = [error for error in errors if error not in undone] if errors else nothing_raised
        first_line = cell.source.strip().split("\n")[0]
        found += [f"cell {number} ({first_line:.40}): {' '.join(what.split()):.300}" for what in errors + noise]
    return found


def print_row(notebook: str, answers: str, packages: str, seconds: str, result: str) -> None:
    print(f"{notebook:31} {answers:7} {packages:67} {seconds:>7}  {result}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
