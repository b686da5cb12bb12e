"""The command that starts the preloaded process inside bubblewrap, and what to do where it cannot."""

from __future__ import annotations

import os
import shutil
import site
import sys
import sysconfig
from pathlib import Path

from .inside.shared import SCRATCH

INSIDE = Path(__file__).parent / "inside"
_PACKAGE = Path(__file__).absolute().parent.parent
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime")
START_BYTES = 64 * 2**20  # for what importing writes: matplotlib's list of fonts
REMEDY = (
    "Install bubblewrap ('apt install bubblewrap' on Debian and Ubuntu) and allow user namespaces "
    "(in a container: run it with '--security-opt seccomp=unconfined'; on Ubuntu 24.04: "
    "'sysctl kernel.apparmor_restrict_unprivileged_userns=0'). Or grade work that you trust, with your own rights, "
    "with --trust-submissions."
)


class SandboxUnavailable(Exception):
    """This machine cannot confine submissions; the message says why and what to do."""

    def __init__(self, reason: str):
        super().__init__(f"submissions cannot be sandboxed here: {reason.strip()}\n{REMEDY}")


def command(control: int, *arguments: str) -> list[str]:
    """The command line of the preloaded process, given the number of its control socket.

    It sees the system and this interpreter's environment, read-only, and nothing else of the machine's files: not the
    course, not this package, not the home folder. It has no network and no environment variables but ours.

    Raises
    ------
    SandboxUnavailable : if there is no bubblewrap.
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
        line += ["--ro-bind-try", path, path] if not Path(path).is_symlink() else []
    folders = _environment_folders()
    for folder in folders:
        for parent in list(folder.parents)[-2::-1]:  # readable for nobody too: made by itself they would be root's own
            line += ["--perms", "0755", "--dir", str(parent)]
        line += ["--ro-bind", str(folder), str(folder)]
    if any(_PACKAGE.is_relative_to(folder) for folder in folders):
        line += ["--tmpfs", str(_PACKAGE)]
    line += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(INSIDE), "/inside"]
    for folder in (SCRATCH, "/dev/shm"):
        line += ["--perms", "1777", "--size", str(START_BYTES), "--tmpfs", folder]
    if not any(folder.is_relative_to("/tmp") for folder in folders):
        line += ["--symlink", SCRATCH, "/tmp"]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    return [*line, sys.executable, "-s", "-B", "/inside/preloaded.py", str(control), *arguments]


def _environment_folders() -> list[Path]:
    """The folders that this interpreter and its packages live in, outermost first."""
    paths = {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    paths.add(str(Path(sys.executable).resolve().parent))
    if site.ENABLE_USER_SITE and Path(site.getusersitepackages()).is_dir():
        paths.add(site.getusersitepackages())
    folders: list[Path] = []
    for path in sorted(map(Path, paths), key=lambda path: len(path.parts)):
        covered = any(path.is_relative_to(folder) for folder in (*folders, Path("/usr")))
        if not covered:
            folders.append(path)
    return folders


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
