"""Shut one process off from its siblings and from everything it does not need: Linux system calls, by ctypes.

`fork_apart` forks a process with namespaces of its own, in which `enter_namespaces` settles; `confine` takes away what
is left: its view of files and processes, its limits, its capabilities, and the system calls that lead out (see
clone(2), user_namespaces(7), mount_namespaces(7), capabilities(7), seccomp(2)).
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import struct
from pathlib import Path

from shared import SCRATCH, WORKING_FOLDER
from system_calls import NAMESPACES, NUMBERS, PROGRAMS

_libc = ctypes.CDLL(None, use_errno=True)
_python_libc = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock, as os.fork does

_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXECUTION, _REMOUNT, _BIND, _MOVE = 1, 2, 4, 8, 32, 4096, 8192
_RECURSIVE, _PRIVATE = 16384, 1 << 18

_SET_DUMPABLE, _SET_SECCOMP, _SET_NO_NEW_PRIVS, _FILTER_MODE = 4, 22, 38, 2


def _call(name: str, *arguments) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def set_dumpable(dumpable: bool) -> None:
    """Whether processes of the same user may read this one's memory and /proc entry."""
    _call("prctl", _SET_DUMPABLE, int(dumpable), 0, 0, 0)


def fork_apart() -> int:
    """os.fork(), where the child is process 1 of a new process namespace and has the other namespaces of its own too.

    In one step: a process that has dropped its rights could else only fork twice, and each fork of a large process
    costs as much as ten milliseconds. The caller has one thread and is process 1 itself, so that what the C library
    keeps of the thread's number stays right. Raises OSError where it is not, where the system does not let plain users
    make namespaces, has no more processes, or is of a machine whose calls have no numbers here.
    """
    if os.getpid() != 1:
        raise OSError(errno.EPERM, "only process 1 of a process namespace forks kernels: bubblewrap starts it as that")
    clone = NUMBERS[_machine()]["clone"]
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = _python_libc.syscall(clone, ctypes.c_ulong(NAMESPACES | signal.SIGCHLD), None, None, None, None)
    number = ctypes.get_errno()
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid


def _machine() -> str:
    """The name of this machine's processor. Raises OSError if its system calls have no numbers in system_calls.py."""
    machine = os.uname().machine
    if machine not in PROGRAMS:
        known = " and ".join(PROGRAMS)
        raise OSError(errno.ENOSYS, f"the filter of system calls is for {known}, not for {machine}")
    return machine


def enter_namespaces(user: int, group: int) -> None:
    """Settle in the new namespaces: be user 1000 there, who is `user` (and `group`) outside."""
    set_dumpable(True)  # else our own /proc entry belongs to root
    Path("/proc/self/oom_score_adj").write_text("1000")  # where a machine runs out of memory, we go first
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {group} 1")


def confine(limits: dict) -> None:
    """Take away from this process all but its scratch folder and its limits. Nothing can be given back.

    `limits` has the keys scratch_bytes, scratch_files, cpu_seconds, processes and open_files. Raises OSError if a step
    fails; the process must end then.
    """
    _own_files(limits)
    _own_devices()
    _own_proc()
    _set_limits(limits)
    os.chdir(WORKING_FOLDER)
    _drop_capabilities()
    _call("prctl", _SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _filter_system_calls()


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    _call(
        "mount",
        source.encode(),
        target.encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )


def _own_files(limits: dict) -> None:
    """An empty scratch folder, which /dev/shm shares: one limit for both."""
    _mount("none", "/", None, _RECURSIVE | _PRIVATE)
    size = f"size={limits['scratch_bytes']},nr_inodes={limits['scratch_files']},mode=700"
    _mount("scratch", SCRATCH, "tmpfs", _NO_SUID | _NO_DEVICES, size)
    for folder in (WORKING_FOLDER, f"{SCRATCH}/shm"):
        Path(folder).mkdir()
    _mount(f"{SCRATCH}/shm", "/dev/shm", None, _BIND)


def _own_devices() -> None:
    """Pseudo-terminals of its own, in which no other kernel can leave a note, and no /dev/zero.

    A shared mapping of /dev/zero is memory without a file, as the filter of system calls denies it.
    """
    _mount("devpts", "/dev/pts", "devpts", _NO_SUID | _NO_EXECUTION, "newinstance,ptmxmode=0666,mode=620,max=32")
    _mount("/dev/zero", "/dev/zero", None, _BIND)
    _mount("none", "/dev/zero", None, _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES)


def _own_proc() -> None:
    """Of /proc only this process and what describes the machine: a fresh one cannot be mounted here.

    Read-only: a process that could write there would lower its oom_score_adj.
    """
    staging = Path(SCRATCH, "proc")
    staging.mkdir()
    _mount("proc", str(staging), "tmpfs", _NO_SUID | _NO_DEVICES, "size=64k,mode=755")
    for name in ("cpuinfo", "meminfo", "stat"):
        (staging / name).touch()
        _mount(f"/proc/{name}", str(staging / name), None, _BIND)
    unwritable = _READ_ONLY | _NO_SUID | _NO_DEVICES | _NO_EXECUTION
    for name in ("self", "1"):
        (staging / name).mkdir()
        _mount("/proc/self", str(staging / name), None, _BIND)
        _mount("none", str(staging / name), None, _REMOUNT | _BIND | unwritable)
    _mount(str(staging), "/proc", None, _MOVE)
    _mount("none", "/proc", None, _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES)
    staging.rmdir()


def _set_limits(limits: dict) -> None:
    def limit(what: int, value: int) -> None:
        _, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_CPU, limits["cpu_seconds"] + 1)  # a net below the watch from outside
    limit(resource.RLIMIT_NPROC, limits["processes"])  # counted in our own user namespace, threads too
    limit(resource.RLIMIT_NOFILE, limits["open_files"])
    limit(resource.RLIMIT_FSIZE, limits["scratch_bytes"])
    limit(resource.RLIMIT_MSGQUEUE, 0)
    limit(resource.RLIMIT_SIGPENDING, 256)  # signals and timers, of which a user has a number outside too
    limit(resource.RLIMIT_MEMLOCK, 2**20)
    limit(resource.RLIMIT_NICE, 0)  # a share of the processor that the watch took away stays away
    limit(resource.RLIMIT_RTPRIO, 0)


def _drop_capabilities() -> None:
    header = struct.pack("Ii", 0x20080522, 0)
    _call("capset", header, bytes(24))


def _filter_system_calls() -> None:
    """Deny what system_calls.py names, with an error each."""
    program = PROGRAMS[_machine()]
    buffer = ctypes.create_string_buffer(program)
    steps = len(program) // struct.calcsize("HBBI")
    filter_program = struct.pack("HxxxxxxP", steps, ctypes.addressof(buffer))
    _call("prctl", _SET_SECCOMP, _FILTER_MODE, filter_program, 0, 0)
