"""Nothing of the course is in the sandbox's reach, wherever it and its packages are installed."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.sandbox import bubblewrap, fork_server
from autograder.sandbox.hidden import hidden_paths

CANARY = "canary-of-the-course"
LOOK = """
import json, os, sys
found = []
sys.path.insert(0, sys.argv[2])
try:
    import course_of_a_test.oracle
    found.append("import")
except ImportError:
    pass
for top in json.loads(sys.argv[1]):
    for folder, folders, names in os.walk(top):
        for name in names:
            try:
                with open(os.path.join(folder, name), errors="replace") as file:
                    if "canary-of-the-course" in file.read(100_000):
                        found.append(os.path.join(folder, name))
            except OSError:
                pass
        if os.access(folder, os.W_OK):
            found.append("writable " + folder)
print(json.dumps(found))
"""


ENGINE, EXERCISES = "engine_of_a_test", "course_of_a_test"  # no package of these names has been imported
# The last one as setup.py puts it into a wheel.
COURSES_FILES = tuple(f"{EXERCISES}/{file}" for file in ("oracle.py", "__init__.py", "course/solutions/00/00.ipynb"))


def package(folder: Path) -> None:
    """Both packages as an installer would put them there in one distribution, with what it keeps of them."""
    distribution(folder, "both", f"{ENGINE}/__init__.py", *COURSES_FILES, "beside.py")


def distribution(folder: Path, name: str, *files: str) -> Path:
    """A distribution of these files, as an installer would put it there. Returns what it keeps of it."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(f"'{CANARY}'\n")
    about = folder / f"{name}-1.dist-info"
    about.mkdir(parents=True)
    kept = [f"{about.name}/METADATA", f"{about.name}/RECORD", "../../../bin/autograder"]
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\nSummary: {CANARY}\n")
    (about / "RECORD").write_text("".join(f"{file},,\n" for file in (*files, *kept)))
    return about


def course(root: Path) -> Path:
    for name in ("nbgrader_config.py", "solutions/00/00.py", "submitted/ada/00.ipynb", "gradebook.db"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {CANARY}\n")
    return root


@pytest.fixture
def layout(tmp_path, monkeypatch):
    """A machine below tmp_path: its `usr` and the folders of an interpreter."""
    tops = [tmp_path / name for name in ("usr", "venv/lib", "venv/bin", "base/lib")]
    for top in tops:
        top.mkdir(parents=True)
        (top / "needed").write_text("of the system")
    monkeypatch.setattr(bubblewrap, "_SYSTEM", (*bubblewrap._SYSTEM, str(tops[0])))
    real = bubblewrap.environment_paths()
    monkeypatch.setattr(bubblewrap, "environment_paths", lambda: [*real, *tops[1:]])
    found = (bubblewrap.paths_of_package, bubblewrap._distributions_by_package)
    for one in found:
        one.cache_clear()
    yield tmp_path
    for one in found:
        one.cache_clear()


def install(monkeypatch, folder: Path) -> None:
    """Let our packages stand in a folder, as pip would find them."""
    package(folder)
    found_at(monkeypatch, folder)


def found_at(monkeypatch, *folders: Path) -> None:
    """Let an interpreter find packages in these folders."""
    monkeypatch.setattr(bubblewrap, "_ENGINE", ENGINE)
    monkeypatch.setattr(sys, "path", [*map(str, folders), *sys.path])
    importlib.invalidate_caches()


def seen(tmp_path: Path, hidden=(), importable: Path | str = "/nowhere") -> list[str]:
    """What a process in the sandbox finds below tmp_path: files of the course, folders that it can write to."""
    command = [*bubblewrap.wall(hidden), sys.executable, "-s", "-B", "-c", LOOK]
    finished = subprocess.run([*command, json.dumps([str(tmp_path)]), str(importable)], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


PACKAGES = {
    "dist-packages below /usr": "usr/local/lib/python3/dist-packages",
    "a virtual environment": "venv/lib/python3/site-packages",
    "the base interpreter": "base/lib/python3/site-packages",
    "/usr/src/app": "usr/src/app",
}


@pytest.mark.parametrize("where", PACKAGES.values(), ids=PACKAGES)
def test_an_installed_package_is_not_seen(layout, monkeypatch, where):
    folder = layout / where
    folder.mkdir(parents=True)
    install(monkeypatch, folder)
    assert seen(layout, importable=folder) == []


def test_the_users_own_packages_are_seen_but_not_this_one(layout, monkeypatch):
    folder = layout / ".local" / "lib" / "site-packages"
    (folder / "other").mkdir(parents=True)
    monkeypatch.setattr(bubblewrap.site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(bubblewrap.site, "getusersitepackages", lambda: str(folder))
    before = bubblewrap.environment_paths()
    monkeypatch.setattr(bubblewrap, "environment_paths", lambda: [*before, folder])
    install(monkeypatch, folder)
    assert seen(layout, importable=folder) == []
    line = bubblewrap.wall()
    assert str(folder) in line and str(folder / ENGINE) in line and str(folder / EXERCISES) in line


def test_an_editable_install_shows_neither_the_source_nor_where_it_is(layout, monkeypatch):
    site_packages, source = layout / "venv/lib/python3/site-packages", layout / "usr/src/checkout"
    for folder in (site_packages, source):
        folder.mkdir(parents=True)
    package(source)
    course(source)
    (source / "pyproject.toml").write_text(CANARY)
    about = site_packages / "both-1.dist-info"
    about.mkdir()
    (site_packages / "__editable__.both-1.pth").write_text(f"# {CANARY}\n")
    (site_packages / "__pycache__").mkdir()
    for name in ("ours", "another"):
        (site_packages / "__pycache__" / f"{name}.pyc").write_text(CANARY if name == "ours" else "")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: both\nVersion: 1\nSummary: {CANARY}\n")
    (about / "top_level.txt").write_text(f"{ENGINE}\n{EXERCISES}\n")
    files = ["__editable__.both-1.pth", "__pycache__/ours.pyc", f"{about.name}/METADATA"]
    (about / "RECORD").write_text("".join(f"{file},,\n" for file in [*files, f"{about.name}/top_level.txt"]))
    found_at(monkeypatch, site_packages, source)
    assert seen(layout, importable=source) == []
    assert str(site_packages / "__pycache__") not in bubblewrap.wall()


def settings(root: Path, **of_course: str) -> Config:
    config = Config()
    config.CourseDirectory.root = str(root)
    config.Course.update({"exercises": f"{EXERCISES}.of_notebooks", **of_course})
    return config


@pytest.mark.parametrize("course_at", PACKAGES.values(), ids=PACKAGES)
@pytest.mark.parametrize("engine_at", PACKAGES.values(), ids=PACKAGES)
def test_a_course_in_a_distribution_of_its_own_is_not_seen(layout, monkeypatch, engine_at, course_at):
    distribution(layout / engine_at, "engine", f"{ENGINE}/__init__.py")
    distribution(layout / course_at, "exercises", *COURSES_FILES)
    found_at(monkeypatch, layout / engine_at, layout / course_at)
    assert seen(layout, hidden_paths(settings(layout / "home")), importable=layout / course_at) == []


def test_no_installed_course_is_seen_whichever_is_graded(layout, monkeypatch):
    site_packages = layout / "venv/lib/python3/site-packages"
    distribution(site_packages, "engine", f"{ENGINE}/__init__.py")
    about = distribution(site_packages, "another", *COURSES_FILES)
    (about / "entry_points.txt").write_text(f"[autograder.courses]\nanother = {EXERCISES}.of_notebooks\n")
    found_at(monkeypatch, site_packages)
    assert EXERCISES in bubblewrap.installed_courses()
    assert seen(layout, importable=site_packages) == []


def test_a_course_that_is_installed_from_its_source_is_not_seen(layout, monkeypatch):
    site_packages, source = layout / "venv/lib/python3/site-packages", layout / "usr/src/exercises"
    distribution(site_packages, "engine", f"{ENGINE}/__init__.py")
    about = distribution(site_packages, "exercises", "__editable__.exercises-1.pth")
    (about / "top_level.txt").write_text(f"{EXERCISES}\n")
    for file in (*COURSES_FILES, "pyproject.toml", "tests/answers.py"):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        (source / file).write_text(f"'{CANARY}'\n")
    found_at(monkeypatch, site_packages, source)
    assert seen(layout, hidden_paths(settings(layout / "home")), importable=source) == []


@pytest.mark.parametrize("where", ["usr/src/app", "venv/lib/course", "venv/lib/python3/site-packages", "home/course"])
def test_a_course_that_lies_in_its_folder_is_not_seen(layout, where):
    """Its package is found where c.Course.path says, also where that is a folder that the sandbox has to show."""
    root = layout / where
    for file in COURSES_FILES:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(f"'{CANARY}'\n")
    (layout / "home").mkdir(exist_ok=True)
    assert seen(layout, hidden_paths(settings(layout / "home", path=str(root))), importable=root) == []


def test_a_second_copy_in_another_environment_is_not_seen_either(layout, monkeypatch):
    """As where the system's own python has the packages too, perhaps of another version."""
    for where in (
        "venv/lib/python3/site-packages",
        "usr/lib/python3/dist-packages",
        "usr/local/lib/python3.9/site-packages",
    ):
        package(layout / where)
    found_at(monkeypatch, layout / "venv/lib/python3/site-packages")
    hidden = hidden_paths(settings(layout / "home"))
    assert seen(layout, hidden, importable=layout / "usr/lib/python3/dist-packages") == []


COURSES = {
    "/usr/src/app": "usr/src/app",
    "inside the virtual environment": "venv/lib/course",
    "below the base interpreter": "base/lib/course",
    "beside everything": "home/course",
}


@pytest.mark.parametrize("where", COURSES.values(), ids=COURSES)
def test_a_course_is_not_seen(layout, where):
    root = course(layout / where)
    config = Config()
    config.CourseDirectory.root = str(root)
    assert seen(layout, hidden_paths(config), importable=root) == []


def test_a_virtual_environment_in_the_course_still_works(layout, monkeypatch):
    root = course(layout / "usr/src/app")
    inner = root / "venv" / "lib"
    (inner / "module").mkdir(parents=True)
    (inner / "module" / "answer.py").write_text("answer = 42")
    before = bubblewrap.environment_paths()
    monkeypatch.setattr(bubblewrap, "environment_paths", lambda: [*before, inner])
    install(monkeypatch, inner)
    assert seen(layout, [root], importable=inner) == []
    line = [*bubblewrap.wall([root]), sys.executable, "-c", "import answer; print(answer.answer)"]
    line[line.index("PYTHONPATH") + 1] = str(inner / "module")
    assert subprocess.run(line, capture_output=True, text=True).stdout == "42\n"


def test_an_environment_is_shown_without_what_else_stands_in_its_folder():
    top = Path(sys.prefix)
    assert top not in bubblewrap.environment_paths()
    assert {path.relative_to(top).parts[0] for path in bubblewrap.environment_paths() if path.is_relative_to(top)} <= {
        *bubblewrap._PARTS_OF_PREFIX
    }
    assert Path(sysconfig.get_path("purelib")) in bubblewrap.environment_paths()


def test_links_lead_nowhere(layout):
    """The course under another name, and a shown folder under another name."""
    root = course(layout / "usr" / "src" / "app")
    (layout / "home").mkdir()
    (layout / "home" / "link").symlink_to(root)
    (layout / "usr" / "link").symlink_to(root)
    assert seen(layout, [layout / "home" / "link"], importable=root) == []


def test_a_shown_folder_with_two_names_hides_under_both(layout, monkeypatch):
    root = course(layout / "base" / "lib" / "course")
    (layout / "other").symlink_to(layout / "base")
    before = bubblewrap.environment_paths()
    monkeypatch.setattr(bubblewrap, "environment_paths", lambda: [*before, layout / "other" / "lib"])
    assert seen(layout, [root]) == []
    assert (layout / "other" / "lib" / "needed").exists()


def test_what_nbgrader_keeps_elsewhere_is_hidden_too(layout, monkeypatch):
    root = course(layout / "home" / "course")
    for name in ("exchange", "handed-in", "grades"):
        (layout / "usr" / name).mkdir()
        (layout / "usr" / name / "file").write_text(CANARY)
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{layout}/usr/grades/file"
    config.Exchange.root = str(layout / "usr" / "exchange")
    config.CourseDirectory.submitted_directory = str(layout / "usr" / "handed-in")
    assert seen(layout, hidden_paths(config)) == []
    config = Config()
    monkeypatch.chdir(root / "solutions")
    assert {root, Path("/usr/local/share/nbgrader/exchange")} <= set(hidden_paths(config, None))


def test_without_hiding_it_would_be_seen(layout):
    """The test itself: what it looks for, it finds."""
    root = course(layout / "usr" / "src" / "app")
    found = seen(layout)
    assert str(root / "gradebook.db") in found and not [one for one in found if one.startswith("writable")]


def test_what_is_hidden_anew_is_hidden_in_a_new_sandbox(tmp_path, monkeypatch):
    class Server:
        def __init__(self, hidden=(), preload=()):
            self.hidden, self.preload = set(hidden), list(preload)

        def is_alive(self):
            return True

        def stop(self):
            pass

    monkeypatch.setattr(fork_server, "ForkServer", Server)
    monkeypatch.delenv(fork_server._LENDER, raising=False)
    for name, value in (("_server", None), ("_hidden", set()), ("_wall", []), ("_preloaded", [])):
        monkeypatch.setattr(fork_server, name, value)
    first = fork_server.the_fork_server([tmp_path])
    assert fork_server.the_fork_server([tmp_path]) is fork_server.the_fork_server() is first
    assert fork_server.the_fork_server([tmp_path / "nothing"]) is first, "nothing there is to be seen"
    second = fork_server.the_fork_server([Path(os.__file__).parent / "json"])
    assert second is not first and tmp_path in second.hidden
    third = fork_server.the_fork_server(preload=["json", "csv"])
    assert third is not second and third.preload == ["json", "csv"] and third.hidden == second.hidden
    assert fork_server.the_fork_server(preload=["csv"]) is fork_server.the_fork_server() is third
