"""The project's wheel, and environments that have it and some of the packages installed here."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).absolute().parent.parent.parent


def build_wheel(folder: Path) -> Path:
    """The project's wheel, built in a folder from a copy."""
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-CC-BY-4.0", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for name in ("autograder", "attention_course", "solutions", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = "import sys, setuptools.build_meta as backend; print(backend.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, folder], cwd=folder, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def new_environment(folder: Path) -> tuple[Path, Path]:
    """A virtual environment without packages: its python, and where its packages go."""
    venv.create(folder, with_pip=False)
    places = {"base": str(folder), "platbase": str(folder)}
    return folder / "bin" / "python", Path(sysconfig.get_path("purelib", vars=places))


def install_with(wheel: Path, folder: Path, *others: str, extras: tuple[str, ...] = ()) -> Path:
    """A new environment with what `pip install WHEEL[EXTRAS] OTHERS` would put there, taken over from this one, and no
    more. Returns its python."""
    python, packages = new_environment(folder)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (about,) = packages.glob("*.dist-info")
    requirements = map(Requirement, metadata.PathDistribution(about).requires or [])
    needed = [str(one).partition(";")[0] for one in requirements if _applies(one, {"", *extras})]
    for name in _all_that_need([*needed, *others]):
        for top in {file.parts[0] for file in metadata.distribution(name).files or []} - {"..", "__pycache__"}:
            target = packages / top
            if not target.exists():
                target.symlink_to(Path(metadata.distribution(name).locate_file(top)).absolute())
    return python


def _all_that_need(requirements: list[str]) -> set[str]:
    """The distributions that these lead to, without any extra that nobody asks for."""
    todo, seen = [Requirement(line) for line in requirements], {}
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        wanted = {"", *one.extras}
        if (one.marker and not one.marker.evaluate({"extra": ""})) or wanted <= seen.get(name, set()):
            continue
        seen[name] = seen.get(name, set()) | wanted
        assert one.specifier.contains(metadata.version(name), prereleases=True), one
        for line in metadata.requires(name) or []:
            inner = Requirement(line)
            if _applies(inner, wanted):
                inner.marker = None
                todo.append(inner)
    return set(seen)


def _applies(requirement: Requirement, extras: set[str]) -> bool:
    """Whether a distribution needs this here, installed with these extras; "" stands for none."""
    return requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)
