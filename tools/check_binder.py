"""Check what Binder makes of this repository, as it is committed, without Docker.

    source .venv/bin/activate
    tools/check-binder             # repo2docker's recipe, and the server that it starts, with the packages here
    PYTHON=/path/to/python3.12 tools/check-binder --build    # the same with the packages that the recipe installs

repo2docker comes from the package index into a throw-away environment, and writes its recipe for a clean clone. Then
binder/start starts JupyterLab in that clone as Binder does, and nbgrader's Validate is asked about a notebook.

With --build the recipe's steps are done in a second throw-away environment (2 GB, some minutes): the Jupyter packages
of repo2docker's own image, the pins over them as mamba installs them, binder/postBuild. PYTHON must then be of the
version that environment.yml names. Exit status 0 if all is as it should be, else 1.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import nbformat
    import yaml

    from autograder import cells
    from autograder.course import Course
    from tests.support.binder_server import BinderServer, ServerError, hidden_extensions, last_line, with_path
    from tests.support.course import ROOT
    from tests.support.submissions import fill_in, quiet_right_answers
    from tools.commands import CheckError, run
except ImportError as error:
    sys.exit(f"{error}: run this in the course's own environment (make .venv && source .venv/bin/activate)")

NOTEBOOK = "00_feature_maps"
# What repo2docker's image has of Jupyter before the pins come, by the names on conda-forge and on the package index.
OF_THE_IMAGE = {
    "jupyterlab": "jupyterlab",
    "notebook": "notebook",
    "jupyter_server": "jupyter-server",
    "jupyterhub-base": "jupyterhub",
    "jupyter-resource-usage": "jupyter-resource-usage",
    "jupyter-offlinenotebook": "jupyter-offlinenotebook",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", action="store_true", help="install what the recipe installs, and use that")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="check-binder-") as folder:
        try:
            wrong = check(Path(folder), options.build)
        except (CheckError, ServerError) as error:
            print(f"tools/check-binder: {error}", file=sys.stderr)
            return 1
    print(f"{wrong} checks failed" if wrong else "all is as it should be")
    return 1 if wrong else 0


def check(folder: Path, build: bool) -> int:
    """Do all checks in a folder of their own; returns how many failed."""
    clone, repo2docker = folder / "clone", folder / "repo2docker"
    run("git", "clone", "--quiet", ROOT, clone)
    print("installing repo2docker", flush=True)
    run(sys.executable, "-m", "venv", repo2docker)
    run(repo2docker / "bin" / "python", "-m", "pip", "install", "--quiet", "jupyter-repo2docker")
    recipe, log = recipe_of(clone, repo2docker)
    wrong = told(recipe_checks(clone, recipe, log))
    binaries = Path(sys.executable).parent
    if build:
        binaries = build_environment(folder, clone, repo2docker)
    print("starting the server", flush=True)
    return wrong + told(server_checks(folder, clone, binaries))


def told(checks: dict[str, bool]) -> int:
    """Print each check with its outcome; returns how many failed."""
    for what, right in checks.items():
        print(f"  {'ok    ' if right else 'FAILED'}  {what}", flush=True)
    return sum(not right for right in checks.values())


# --- the recipe -----------------------------------------------------------------------------------------------------


def recipe_of(clone: Path, repo2docker: Path) -> tuple[str, str]:
    """The Dockerfile that repo2docker would build, and its log. No Docker is asked."""
    command = [repo2docker / "bin" / "jupyter-repo2docker", "--no-build", "--debug", "."]
    process = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    if process.returncode:
        raise CheckError(f"repo2docker failed: {last_line(process.stderr)}")
    return process.stdout, process.stderr


def recipe_checks(clone: Path, recipe: str, log: str) -> dict[str, bool]:
    """What must hold of the recipe, in words, and whether it does."""
    python, _, packages = yaml.safe_load((clone / "environment.yml").read_text())["dependencies"]
    version = python.removeprefix("python=")
    install = recipe.find('env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"')
    copied, workdir = recipe.find("src/ ${REPO_DIR}/"), recipe.find("WORKDIR ${REPO_DIR}")
    # mamba gives pip the lines of environment.yml in a file beside it, so -r is read from binder/.
    listed = [line.removeprefix("-r ") for line in packages["pip"]]
    pins = [clone / "binder" / name for name in listed]
    return {
        "the recipe is conda's, from binder/environment.yml": install > 0,
        f"its Python is {version}": f"Building conda environment for python={version}" in log,
        "the repository is copied before the pins are installed": 0 < workdir < copied < install,
        "the pins are found from binder/": all(file.is_file() for file in pins),
        "every pin has a hash, so pip insists on them": all(only_hashed(file.read_text()) for file in pins),
        "binder/postBuild runs": "RUN ./binder/postBuild" in recipe and executable(clone / "binder" / "postBuild"),
        "binder/start starts the server": 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in recipe
        and executable(clone / "binder" / "start"),
    }


def only_hashed(requirements: str) -> bool:
    entries = [entry for entry in re.split(r"^(?=\w)", requirements, flags=re.MULTILINE) if "==" in entry]
    return bool(entries) and all("--hash=sha256:" in entry for entry in entries)


def executable(file: Path) -> bool:
    return os.access(file, os.X_OK)


# --- the environment ------------------------------------------------------------------------------------------------


def build_environment(folder: Path, clone: Path, repo2docker: Path) -> Path:
    """Do what the recipe does to its Python, in a virtual environment; returns the folder of its commands."""
    settings = yaml.safe_load((clone / "environment.yml").read_text())
    wanted = settings["dependencies"][0].removeprefix("python=")
    python = os.environ.get("PYTHON", sys.executable)
    version = run(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
    if version != wanted:
        raise CheckError(f"{python} is Python {version}, environment.yml names {wanted}: set PYTHON to one")
    binaries = folder / "environment" / "bin"
    run(python, "-m", "venv", binaries.parent)
    pip = (binaries / "python", "-m", "pip")
    base = image_packages(repo2docker, wanted)
    print(f"installing what the image has: {' '.join(base)}", flush=True)
    run(*pip, "install", "--quiet", *base)
    print("installing the pins as mamba does", flush=True)
    lines = clone / "binder" / "mambaf-check"
    lines.write_text("\n".join(settings["dependencies"][2]["pip"]) + "\n")
    run(*pip, "install", "-U", "-r", lines, "--no-input", "--quiet", cwd=clone / "binder")
    lines.unlink()
    print("running binder/postBuild", flush=True)
    run("./binder/postBuild", cwd=clone, env=with_path(binaries))
    conflicts = subprocess.run([*pip, "check"], capture_output=True, text=True).stdout.strip()
    print("\n".join(f"  note    {line}" for line in conflicts.splitlines()))
    return binaries


def image_packages(repo2docker: Path, version: str) -> list[str]:
    """The Jupyter packages of repo2docker's own image, pinned as its lock file pins them."""
    (lock,) = repo2docker.glob(f"lib/*/site-packages/**/conda/environment.py-{version}-linux-64.lock")
    found = dict(re.findall(r"/([\w.-]+?)-([\d.]+)-\w+\.conda", lock.read_text()))
    return [f"{here}=={found[there]}" for there, here in OF_THE_IMAGE.items() if there in found]


# --- the server -----------------------------------------------------------------------------------------------------


def server_checks(folder: Path, clone: Path, binaries: Path) -> dict[str, bool]:
    """Start the server as Binder does and ask it what a browser would; in words, and whether it is so."""
    answered = write_answered(clone)
    with BinderServer(folder, clone, binaries) as server:
        link = f"lab/tree/notebooks/{NOTEBOOK}/{NOTEBOOK}.ipynb"
        page = server.get(link).read().decode()
        untouched, right = (server.validate(path) for path in (f"notebooks/{NOTEBOOK}/{NOTEBOOK}.ipynb", answered))
        graded = len([cell for cell in nbformat.read(clone / answered, as_version=4).cells if cells.is_judged(cell)])
        undone = [cell for cell in untouched.get("failed", []) if "NotImplementedError" in cell["raw_error"]]
        return {
            "without a path, JupyterLab opens in notebooks/": server.redirect() == "/lab/tree/notebooks",
            f"a link opens its notebook: {link}": f'"treePath": "notebooks/{NOTEBOOK}/{NOTEBOOK}.ipynb"' in page,
            "of nbgrader a student sees Validate alone": "@jupyter/nbgrader:formgrader" in hidden_extensions(page)
            and "@jupyter/nbgrader:validate-assignment" not in hidden_extensions(page),
            "formgrader does not run": server.status("formgrader") == 404,
            "Validate says of the untouched notebook what is to be done": len(undone) == graded,
            "Validate finds nothing wrong with right answers": right == {},
        }


def write_answered(clone: Path) -> str:
    """Write the notebook with right answers into the clone; returns its path there."""
    release = nbformat.read(Course(clone).release(NOTEBOOK), as_version=4)
    words = {cells.grade_id(cell): "Because of this." for cell in release.cells if cells.is_manual(cell)}
    path = f"answered/{NOTEBOOK}.ipynb"
    (clone / path).parent.mkdir()
    nbformat.write(fill_in(release, quiet_right_answers(NOTEBOOK) | words), clone / path)
    return path


if __name__ == "__main__":
    sys.exit(main())
