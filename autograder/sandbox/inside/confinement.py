"""Shut one process off from its siblings and from everything it does not need: Linux system calls, by ctypes.

`leave_siblings` gives the calling process namespaces of its own, `confine` then takes away what is left: its view of
files and processes, its limits, its capabilities, and the system calls that lead out (see user_namespaces(7),
mount_namespaces(7), capabilities(7), seccomp(2)).
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from pathlib import Path

from shared import SCRATCH, WORKING_FOLDER

_libc = ctypes.CDLL(None, use_errno=True)

_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_NAMESPACES = _NEWNS | _NEWCGROUP | _NEWUTS | _NEWIPC | _NEWUSER | _NEWPID | _NEWNET

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


def leave_siblings() -> None:
    """Give this process namespaces of its own; its next child is process 1 of a new process namespace.

    Raises
    ------
    OSError : where the system does not let plain users make namespaces.
    """
    user, group = os.getuid(), os.getgid()
    set_dumpable(True)  # else our own /proc entry belongs to root
    Path("/proc/self/oom_score_adj").write_text("1000")  # where a machine runs out of memory, we go first
    _call("unshare", _NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {group} 1")


def confine(limits: dict) -> None:
    """Take away from this process all but its scratch folder and its limits. Nothing can be given back.

    Parameters
    ----------
    limits : with the keys scratch_bytes, scratch_files, cpu_seconds, processes, open_files.

    Raises
    ------
    OSError : if a step fails; the process must end then.
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
    limit(resource.RLIMIT_MEMLOCK, 2**20)
    limit(resource.RLIMIT_NICE, 0)  # a share of the processor that the watch took away stays away
    limit(resource.RLIMIT_RTPRIO, 0)


def _drop_capabilities() -> None:
    header = struct.pack("Ii", 0x20080522, 0)
    _call("capset", header, bytes(24))


# --- system calls --------------------------------------------------------------------------------------------------

# By x86-64 number. What reaches other processes, other namespaces, memory that no limit counts, or rare kernel code.
_DENIED = {
    "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66, "shmdt": 67, "msgget": 68,
    "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "ptrace": 101, "syslog": 103, "uselib": 134, "personality": 135,
    "sysfs": 139, "vhangup": 153, "modify_ldt": 154, "pivot_root": 155, "adjtimex": 159, "chroot": 161, "acct": 163,
    "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169,
    "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "init_module": 175, "delete_module": 176,
    "quotactl": 179, "lookup_dcookie": 212, "semtimedop": 220, "clock_settime": 227, "mq_open": 240, "mq_unlink": 241,
    "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "migrate_pages": 256, "unshare": 272,
    "vmsplice": 278, "move_pages": 279, "perf_event_open": 298, "fanotify_init": 300, "name_to_handle_at": 303,
    "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311,
    "kcmp": 312, "finit_module": 313, "memfd_create": 319, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447,
}  # fmt: skip
_MMAP, _SIGNAL_ACTION, _IOCTL, _SOCKET, _SOCKETPAIR, _SET_SOCKET_OPTION = 9, 13, 16, 41, 53, 54
_CLONE, _SET_SESSION, _CLONE3 = 56, 112, 435
_AF_UNIX = 1
_SOL_SOCKET, _BUFFER_SIZES = 1, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and both with FORCE
_SHARED_ANONYMOUS = 0x21  # MAP_SHARED and MAP_ANONYMOUS; MAP_SHARED_VALIDATE has the first bit too
_HUGE_PAGES = 0x40000  # MAP_HUGETLB
_SIGCHLD = 17
_MAKE_TERMINAL_OURS = 0x540E  # TIOCSCTTY

_X86_64 = 0xC000003E
_X32 = 0x40000000
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _EACCES, _ENOSYS = 1, 13, 38
_DONE = _ERROR  # error number 0: the caller gets 0, and nothing happened


def _argument(number: int, high: bool = False) -> int:
    """The offset of (half of) an argument in struct seccomp_data."""
    return 16 + 8 * number + 4 * high


def _for_call(number: int, *steps: tuple) -> list[tuple]:
    """Steps for one system call. The others skip them; the call is allowed where they come to no end of their own."""
    body = [*steps, (_RETURN, 0, 0, _ALLOW)]
    return [(_IF_EQUAL, 0, len(body), number), *body]


_BY_ARGUMENT = [
    _for_call(_CLONE, (_LOAD, 0, 0, _argument(0)), (_IF_ANY_BIT, 0, 1, _NAMESPACES), (_RETURN, 0, 0, _ERROR | _EPERM)),
    *(
        _for_call(
            number, (_LOAD, 0, 0, _argument(0)), (_IF_EQUAL, 1, 0, _AF_UNIX), (_RETURN, 0, 0, _ERROR | _EACCES)
        )
        for number in (_SOCKET, _SOCKETPAIR)
    ),
    # The watch counts each socket with what it holds at most, by the system's own size of its buffers.
    _for_call(
        _SET_SOCKET_OPTION,
        (_LOAD, 0, 0, _argument(1)),
        (_IF_EQUAL, 0, 2 + len(_BUFFER_SIZES), _SOL_SOCKET),
        (_LOAD, 0, 0, _argument(2)),
        *((_IF_EQUAL, len(_BUFFER_SIZES) - 1 - at, int(at == len(_BUFFER_SIZES) - 1), size)
          for at, size in enumerate(_BUFFER_SIZES)),
        (_RETURN, 0, 0, _ERROR | _EPERM),
    ),
    # Shared memory without a file stays when it is no longer mapped (madvise), and then belongs to no process; huge
    # pages count as nobody's resident memory.
    _for_call(
        _MMAP,
        (_LOAD, 0, 0, _argument(3)),
        (_IF_ANY_BIT, 2, 0, _HUGE_PAGES),
        (_AND, 0, 0, _SHARED_ANONYMOUS),
        (_IF_EQUAL, 0, 1, _SHARED_ANONYMOUS),
        (_RETURN, 0, 0, _ERROR | _EPERM),
    ),
    # A parent that ignores the end of its children throws their processor time away, which the watch adds up.
    _for_call(
        _SIGNAL_ACTION,
        (_LOAD, 0, 0, _argument(0)),
        (_IF_EQUAL, 0, 5, _SIGCHLD),
        (_LOAD, 0, 0, _argument(1)),
        (_IF_EQUAL, 0, 2, 0),
        (_LOAD, 0, 0, _argument(1, high=True)),
        (_IF_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _ERROR | _EPERM),
    ),
    # Linux shares the processor between sessions (autogroup): a child with one of its own would have a share of its
    # own. What starts a shell on a terminal needs no real one, so both steps of it are said to be done.
    _for_call(_SET_SESSION, (_RETURN, 0, 0, _DONE)),
    _for_call(
        _IOCTL, (_LOAD, 0, 0, _argument(1)), (_IF_EQUAL, 0, 1, _MAKE_TERMINAL_OURS), (_RETURN, 0, 0, _DONE)
    ),
]  # fmt: skip


def _filter_system_calls() -> None:
    """Deny the calls above, sockets other than Unix ones, clone with new namespaces and the like, with an error each.

    Raises
    ------
    OSError : on another processor than x86-64, for whose numbers this filter is written.
    """
    if os.uname().machine != "x86_64":
        raise OSError(_ENOSYS, f"the filter of system calls is for x86-64, not for {os.uname().machine}")
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, _X86_64),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
    ]
    for call in _BY_ARGUMENT:
        steps += call
    for number in _DENIED.values():
        steps += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | _EPERM)]
    # Without clone3, whose flags a filter cannot see, the C library falls back to clone.
    steps += [(_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERROR | _ENOSYS), (_RETURN, 0, 0, _ALLOW)]
    program = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(program)
    filter_program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(buffer))
    _call("prctl", _SET_SECCOMP, _FILTER_MODE, filter_program, 0, 0)
