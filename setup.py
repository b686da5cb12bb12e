"""What `autograder check` needs of the course's folder goes into the wheel; all else about it is in pyproject.toml."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# In the package, so that a sandbox hides it with the package: see autograder/sandbox/bubblewrap.py.
FOLDER = Path("attention_course", "course")
FILES = ("nbgrader_config.py", "solutions/*.py", "solutions/*/*.py", "solutions/*/*.ipynb", "notebooks/*/*.ipynb")


class WithCourse(build_py):
    """The packages as setuptools builds them, with the course's folder in one of them."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # there the course's own folder is found
            copy_course(Path(), Path(self.build_lib) / FOLDER)


def copy_course(root: Path, target: Path) -> None:
    """Copy the course at `root`, its notebooks without outputs: those are most of their bytes, and only the site's."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(path for pattern in FILES for path in root.glob(pattern)):
        copy = target / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":
            copy.write_text(_without_outputs(path.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            shutil.copyfile(path, copy)


def _without_outputs(notebook: str) -> str:
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps(content, ensure_ascii=False)


if __name__ == "__main__":
    setup(cmdclass={"build_py": WithCourse})
