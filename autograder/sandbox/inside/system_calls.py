"""Which system calls a confined process may make, as programs for the kernel's filter: seccomp(2).

One set of rules for every machine in `PROGRAMS`; only the calls' numbers differ. The programs are made once, where
this module is imported, and inherited by every process that is forked.
"""

from __future__ import annotations

import struct

# By name, the number on x86-64 and on 64-bit Arm; None where there is no such call.
# What reaches other processes, other namespaces, memory that no limit counts, what a machine or a user has a number of,
# or rare kernel code:
_DENIED = {
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193),
    "semctl": (66, 191), "shmdt": (67, 197), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "msgctl": (71, 187), "ptrace": (101, 117), "syslog": (103, 116), "uselib": (134, None), "personality": (135, 92),
    "sysfs": (139, None), "vhangup": (153, 58), "modify_ldt": (154, None), "pivot_root": (155, 41),
    "adjtimex": (159, 171), "chroot": (161, 51), "acct": (163, 89), "settimeofday": (164, 170), "mount": (165, 40),
    "umount2": (166, 39), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None),
    "init_module": (175, 105), "delete_module": (176, 106), "quotactl": (179, 60), "lookup_dcookie": (212, 18),
    "semtimedop": (220, 192), "clock_settime": (227, 112), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "kexec_load": (246, 104), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "migrate_pages": (256, 238), "unshare": (272, 97), "vmsplice": (278, 75), "move_pages": (279, 239),
    "perf_event_open": (298, 241), "fanotify_init": (300, 262), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "clock_adjtime": (305, 266), "setns": (308, 268), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "kcmp": (312, 272), "finit_module": (313, 273), "memfd_create": (319, 279),
    "kexec_file_load": (320, 294), "bpf": (321, 280), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "mount_setattr": (442, 442), "quotactl_fd": (443, 443),
    "memfd_secret": (447, 447), "io_setup": (206, 0), "io_destroy": (207, 1), "io_getevents": (208, 4),
    "io_submit": (209, 2), "io_cancel": (210, 3), "io_pgetevents": (333, 292), "inotify_init": (253, None),
    "inotify_add_watch": (254, 27), "inotify_rm_watch": (255, 28), "inotify_init1": (294, 26),
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446),
}  # fmt: skip
# What has a rule of its own below:
_LOOKED_AT = {
    "mmap": (9, 222), "rt_sigaction": (13, 134), "ioctl": (16, 29), "madvise": (28, 233), "socket": (41, 198),
    "socketpair": (53, 199), "setsockopt": (54, 208), "clone": (56, 220), "fcntl": (72, 25), "setsid": (112, 157),
    "clone3": (435, 435),
}  # fmt: skip
NUMBERS = {
    machine: {name: number for name, both in (_DENIED | _LOOKED_AT).items() if (number := both[at]) is not None}
    for at, machine in enumerate(("x86_64", "aarch64"))
}

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64
X32 = 0x40000000  # from here on, numbers of x86-64's second set of calls
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: all that clone(2) takes
NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_AF_UNIX = 1
_SOL_SOCKET, _BUFFER_SIZES = 1, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and both with FORCE
_LOCKS = (6, 7, 37, 38, 1024)  # F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW; F_SETLEASE
_SHARED_ANONYMOUS = 0x21  # MAP_SHARED and MAP_ANONYMOUS; MAP_SHARED_VALIDATE has the first bit too
_HUGE_PAGES = 0x40000  # MAP_HUGETLB
_COLLAPSE = 25  # MADV_COLLAPSE
_SIGCHLD = 17
_MAKE_TERMINAL_OURS = 0x540E  # TIOCSCTTY

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
ALLOW, KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
DONE = _ERROR  # error number 0: the caller gets 0, and nothing happened
EPERM, EACCES, ENOSYS = _ERROR | 1, _ERROR | 13, _ERROR | 38

_Step = tuple[int, int, int, int]  # what to do, how many steps to skip if so and if not, the value


def _argument(number: int, high: bool = False) -> int:
    """The offset of (half of) an argument in struct seccomp_data, on a machine that stores the low half first."""
    return 16 + 8 * number + 4 * high


def _one_of(values: tuple[int, ...]) -> list[_Step]:
    """Steps that go on where the value is one of these; where it is none, they leave out the step after them."""
    last = len(values) - 1
    return [(_IF_EQUAL, last - at, int(at == last), value) for at, value in enumerate(values)]


# Steps for one call each; it is allowed where they come to no end of their own.
_RULES: dict[str, list[_Step]] = {
    "clone": [(_LOAD, 0, 0, _argument(0)), (_IF_ANY_BIT, 0, 1, NAMESPACES), (_RETURN, 0, 0, EPERM)],
    # Without clone3, whose flags a filter cannot see, the C library falls back to clone.
    "clone3": [(_RETURN, 0, 0, ENOSYS)],
    **{
        name: [(_LOAD, 0, 0, _argument(0)), (_IF_EQUAL, 1, 0, _AF_UNIX), (_RETURN, 0, 0, EACCES)]
        for name in ("socket", "socketpair")
    },
    # The watch counts each socket with what it holds at most, by the system's own size of its buffers.
    "setsockopt": [
        (_LOAD, 0, 0, _argument(1)),
        (_IF_EQUAL, 0, 2 + len(_BUFFER_SIZES), _SOL_SOCKET),
        (_LOAD, 0, 0, _argument(2)),
        *_one_of(_BUFFER_SIZES),
        (_RETURN, 0, 0, EPERM),
    ],
    # A lock on a byte of a file, also of one that can only be read, is memory that no limit counts; who has the scratch
    # folder alone needs none. Libraries take them before they write: they hear that it is done.
    "fcntl": [(_LOAD, 0, 0, _argument(1)), *_one_of(_LOCKS), (_RETURN, 0, 0, DONE)],
    # Shared memory without a file stays when it is no longer mapped (madvise), and then belongs to no process; huge
    # pages count as nobody's resident memory.
    "mmap": [
        (_LOAD, 0, 0, _argument(3)),
        (_IF_ANY_BIT, 2, 0, _HUGE_PAGES),
        (_AND, 0, 0, _SHARED_ANONYMOUS),
        (_IF_EQUAL, 0, 1, _SHARED_ANONYMOUS),
        (_RETURN, 0, 0, EPERM),
    ],
    # Memory that processes share becomes one's own by it without a page fault, by which the watch would know.
    "madvise": [(_LOAD, 0, 0, _argument(2)), (_IF_EQUAL, 0, 1, _COLLAPSE), (_RETURN, 0, 0, EPERM)],
    # A parent that ignores the end of its children throws their processor time away, which the watch adds up.
    "rt_sigaction": [
        (_LOAD, 0, 0, _argument(0)),
        (_IF_EQUAL, 0, 5, _SIGCHLD),
        (_LOAD, 0, 0, _argument(1)),
        (_IF_EQUAL, 0, 2, 0),
        (_LOAD, 0, 0, _argument(1, high=True)),
        (_IF_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, EPERM),
    ],
    # Linux shares the processor between sessions (autogroup): a child with one of its own would have a share of its
    # own. What starts a shell on a terminal needs no real one, so both steps of it are said to be done.
    "setsid": [(_RETURN, 0, 0, DONE)],
    "ioctl": [(_LOAD, 0, 0, _argument(1)), (_IF_EQUAL, 0, 1, _MAKE_TERMINAL_OURS), (_RETURN, 0, 0, DONE)],
}  # fmt: skip


def _program(machine: str) -> bytes:
    """The filter's steps (struct sock_filter) for one machine, by the rules above."""
    numbers = NUMBERS[machine]
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (_RETURN, 0, 0, KILL),  # a call by the 32-bit gate, whose numbers are others
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, X32),
        (_RETURN, 0, 0, KILL),
    ]
    for name, rule in _RULES.items():
        body = [*rule, (_RETURN, 0, 0, ALLOW)]
        steps += [(_IF_EQUAL, 0, len(body), numbers[name]), *body]
    for name in _DENIED:
        if name in numbers:
            steps += [(_IF_EQUAL, 0, 1, numbers[name]), (_RETURN, 0, 0, EPERM)]
    steps.append((_RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


PROGRAMS = {machine: _program(machine) for machine in NUMBERS}
