"""The command that starts the preloaded process inside bubblewrap, and what to do where it cannot."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..course import INSTALLED
from .inside.shared import SCRATCH

INSIDE = Path(__file__).parent / "inside"
_ENGINE = __name__.partition(".")[0]
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime")
_PARTS_OF_PREFIX = ("bin", "lib", "lib32", "lib64", "libexec", "include", "share", "etc", "ssl", "pyvenv.cfg")
START_BYTES = 64 * 2**20  # for what importing writes: matplotlib's list of fonts
REMEDY = (
    "Install bubblewrap ('apt install bubblewrap' on Debian and Ubuntu) and allow user namespaces "
    "(in a container: run it with '--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined'; on Ubuntu 24.04: "
    "'sysctl kernel.apparmor_restrict_unprivileged_userns=0'). Or grade work that you trust, with your own rights, "
    "with --trust-submissions."
)


class SandboxUnavailable(Exception):
    """This machine cannot confine submissions; the message says why, which is `reason`, and what to do."""

    def __init__(self, reason: str):
        super().__init__(f"submissions cannot be sandboxed here: {reason.strip()}\n{REMEDY}")
        self.reason = reason


def command(control: int, *arguments: str, hidden: Iterable[Path] = ()) -> list[str]:
    """The command line of the preloaded process, given the number of its control socket. See `wall`."""
    return [*wall(hidden), sys.executable, "-s", "-B", "/inside/preloaded.py", str(control), *arguments]


def wall(hidden: Iterable[Path] = ()) -> list[str]:
    """The command line that runs what follows it in the sandbox.

    It sees the system and this interpreter's environment, read-only, and nothing else of the machine's files: not this
    package nor an installed course, not the home folder, and nothing of `hidden` wherever that stands. It has no
    network and no environment variables but ours. Raises SandboxUnavailable if there is no bubblewrap.
    """
    bwrap = shutil.which("bwrap")
    if sys.platform != "linux" or bwrap is None:
        raise SandboxUnavailable("there is no bwrap command" if sys.platform == "linux" else "it needs Linux")
    line = [bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() != 0:  # root makes the namespaces without one of users, then becomes nobody inside
        line += ["--unshare-user", "--cap-drop", "ALL"]
    line += ["--die-with-parent", "--new-session", "--as-pid-1", "--hostname", "sandbox", "--clearenv"]
    for name, value in _environment().items():
        line += ["--setenv", name, value]
    for path in _SYSTEM:
        line += ["--symlink", str(Path(path).readlink()), path] if Path(path).is_symlink() else []
    shown = [Path(path) for path in _SYSTEM if not Path(path).is_symlink()]
    shown += [real for path in environment_paths() for real in (path, path.resolve())]
    ours = (_ENGINE, *installed_courses())
    line += _view(shown, [*(path for package in ours for path in paths_of_package(package)), *hidden])
    line += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(INSIDE), "/inside"]
    for folder in (SCRATCH, "/dev/shm"):
        line += ["--perms", "1777", "--size", str(START_BYTES), "--tmpfs", folder]
    if not any(folder.is_relative_to("/tmp") for folder in shown):
        line += ["--symlink", SCRATCH, "/tmp"]
    return [*line, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def require_wall() -> None:
    """See in some milliseconds that this machine can make the sandbox's walls; what is behind them is `probe`'s.
    Raises SandboxUnavailable, with the reason and the remedy, if it cannot."""
    nothing = [*wall(), sys.executable, "-I", "-S", "-c", ""]
    ran = subprocess.run(nothing, capture_output=True, text=True, errors="replace")
    if ran.returncode:
        raise SandboxUnavailable((ran.stderr.strip().splitlines() or ["bwrap fails without a word"])[-1])


def _view(shown: Iterable[Path], hidden: Iterable[Path]) -> list[str]:
    """Arguments that show some paths and cover others. Of two that contain each other the inner one decides.

    What is hidden is covered under every name by which it could be reached through what is shown.
    """
    shows = {path for path in shown if path.exists()}
    covered = {path.resolve() for path in hidden if path.exists()}
    covers = set()
    for show in shows:
        covers |= {show / path.relative_to(show.resolve()) for path in covered if path.is_relative_to(show.resolve())}
    line: list[str] = []
    visible: dict[Path, bool] = {}
    made: set[Path] = set()
    for path in sorted(shows | covers - shows, key=lambda path: (len(path.parts), path)):
        if _in(path, visible) == (path in shows):
            continue  # as it is already
        visible[path] = path in shows
        if path in shows:
            for parent in list(path.parents)[-2::-1]:
                if parent not in made and not _in(parent, visible):
                    made.add(parent)  # readable for nobody too: made by itself it would be root's own
                    line += ["--perms", "0755", "--dir", str(parent)]
            line += ["--ro-bind", str(path), str(path)]
        elif path.is_dir():
            line += ["--perms", "0755", "--tmpfs", str(path)]
        else:
            line += ["--ro-bind", os.devnull, str(path)]
    for path, is_visible in visible.items():
        line += ["--remount-ro", str(path)] if path.is_dir() and not is_visible else []
    return line


def _in(path: Path, visible: dict[Path, bool]) -> bool:
    """Whether the innermost decision around a path shows it."""
    return next((visible[one] for one in (path, *path.parents) if one in visible), False)


def environment_paths() -> list[Path]:
    """What this interpreter and its packages need. Of an environment's folder only that: a course may be in it."""
    parts = (Path(prefix, part) for prefix in (sys.prefix, sys.base_prefix) for part in _PARTS_OF_PREFIX)
    paths = {*parts, *(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib"))}
    paths.add(Path(sys.executable).resolve().parent)
    if site.ENABLE_USER_SITE:
        paths.add(Path(site.getusersitepackages()))
    return sorted(path for path in paths if path.exists())


def installed_courses() -> list[str]:
    """The top-level packages of the courses that are installed here: one course's students see no other's answers."""
    return sorted({entry.value.partition(".")[0] for entry in importlib.metadata.entry_points(group=INSTALLED)})


@functools.cache
def paths_of_package(package: str) -> list[Path]:
    """All of a package that knows the answers here, wherever it is installed, and however often: the packages of its
    distribution, what pip keeps of them, and the source folder around it. Nothing where there is no such package."""
    spec = importlib.util.find_spec(package)
    folders = [Path(folder).absolute() for folder in spec.submodule_search_locations or ()] if spec else []
    paths = {*folders, *(folder.parent for folder in folders if (folder.parent / "pyproject.toml").exists())}
    if spec and spec.origin and not folders:
        paths.add(Path(spec.origin))
    places = _package_folders()
    paths |= {Path(place, name) for place in places for name in (package, f"{package}.py")}
    for name in {*_distributions_by_package().get(package, []), package}:
        for distribution in importlib.metadata.distributions(name=name, path=places):
            for file in distribution.files or []:
                # A folder of the distribution as a whole, but of a folder that it shares just the file.
                shared = file.parts[0] in ("__pycache__", "..")
                paths.add(Path(os.path.normpath(str(distribution.locate_file(file if shared else file.parts[0])))))
        paths |= {Path(place, f"{name}.egg-link") for place in places}
    return sorted(path for path in paths if path.exists())


@functools.cache  # it reads the files of all distributions
def _distributions_by_package() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


def _package_folders() -> list[str]:
    """Where packages of this interpreter stand, and of those others that the sandbox shows."""
    tops = {Path(top) for top in (*_SYSTEM, sys.prefix, sys.base_prefix)}
    tops |= {top / "local" for top in tops}
    places = {place for top in tops for place in top.glob("lib*/python3*/*-packages")}
    places |= {Path(place).absolute() for place in (*sys.path, site.getusersitepackages())}
    return sorted(str(place) for place in places if place.is_dir())


def _environment() -> dict[str, str]:
    """One thread for each kernel: submissions run beside each other, and a forking process must have one alone."""
    one = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
    )
    return one | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": site.getusersitepackages() if site.ENABLE_USER_SITE else "",
        "PYTHONHASHSEED": "0",
        "HOME": SCRATCH,
        "TMPDIR": SCRATCH,
        "MPLCONFIGDIR": f"{SCRATCH}/matplotlib",
        "LANG": "C.UTF-8",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
