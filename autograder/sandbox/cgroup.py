"""A control group of its own for each kernel, where this process may make some: see cgroups(7), version 2.

A second wall: without it the watch counts the same things from outside, a little later. What is delegated to us is ours
to arrange: systemd marks it (`systemd-run --user --scope -p Delegate=yes autograder grade ...`), and a folder that
belongs to a plain user is theirs.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from pathlib import Path

from .limits import Limits

_ROOT = Path("/sys/fs/cgroup")
_OURS, _OF_KERNEL = "autograder", "kernel-"
_CONTROLLERS = ("memory", "pids", "cpu")
_PROCESSORS = 2  # of one kernel: one computes, and the interpreter's other threads have some work too
_PERIOD = 100_000  # microseconds
_END_SECONDS = 1.0
_numbers = itertools.count()


class Cgroup:
    """The control group of one kernel and all that it starts."""

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def of(cls, pid: int, limits: Limits) -> Cgroup | None:
        """Put a process into a group of its own, within its limits; None where there can be none."""
        base = delegated()
        if base is None:
            return None
        with contextlib.suppress(OSError):
            _sweep(base)
            _make_room(base)
            group = cls(base / f"{_OF_KERNEL}{os.getpid()}-{next(_numbers)}")
            group.folder.mkdir()
            try:
                group._limit(limits)
                (group.folder / "cgroup.procs").write_text(str(pid))
                return group
            except OSError:
                group.remove()
        return None

    def _limit(self, limits: Limits) -> None:
        settings = {
            "memory.max": limits.memory_bytes + limits.scratch_bytes,  # files in the scratch folder count here
            "memory.swap.max": 0,
            "memory.oom.group": 1,  # all of it ends, not the process that the system happens to choose
            "pids.max": limits.processes,
            "cpu.max": f"{_PROCESSORS * _PERIOD} {_PERIOD}",
        }
        for name, value in settings.items():
            if (self.folder / name).exists():  # the controller is there
                (self.folder / name).write_text(str(value))

    def ran_out_of_memory(self) -> bool:
        """Whether the system ended a process because of the group's own limit."""
        with contextlib.suppress(OSError):
            lines = (self.folder / "memory.events").read_text().splitlines()
            return any(line.startswith("oom_kill ") and not line.endswith(" 0") for line in lines)
        return False

    def remove(self) -> None:
        """Remove the group, once its processes have ended."""
        until = time.monotonic() + _END_SECONDS
        while time.monotonic() < until:
            try:
                self.folder.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:  # the last of them is still ending
                time.sleep(0.01)


def delegated() -> Path | None:
    """The folder below which this process may make control groups, if any."""
    with contextlib.suppress(OSError):
        path = next(line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
        own = _ROOT / path.lstrip("/")
        base = own.parent if own.name == _OURS else own
        if (base / "cgroup.subtree_control").exists() and _is_ours(base):
            return base
    return None


def _is_ours(folder: Path) -> bool:
    user = os.geteuid()
    if user != 0 and folder.stat().st_uid == user:
        return True
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            return os.getxattr(folder, name) == b"1"
    return False


def _make_room(base: Path) -> None:
    """A group with groups below it has no processes of its own: move ours into one beside the kernels'."""
    ours = base / _OURS
    ours.mkdir(exist_ok=True)
    for pid in (base / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            (ours / "cgroup.procs").write_text(pid)
    available = (base / "cgroup.controllers").read_text().split()
    for controller in _CONTROLLERS:
        if controller in available:
            (base / "cgroup.subtree_control").write_text(f"+{controller}")


def _sweep(base: Path) -> None:
    """Remove what graders that were killed left behind: groups without processes, of process numbers that are free."""
    for folder in base.glob(f"{_OF_KERNEL}*"):
        owner = folder.name.removeprefix(_OF_KERNEL).split("-")[0]
        if not Path(f"/proc/{owner}").exists():
            with contextlib.suppress(OSError):
                folder.rmdir()
