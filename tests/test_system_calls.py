"""The filter of system calls, on every machine that it knows: its numbers, and what it decides."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from autograder.sandbox.inside.system_calls import (
    ALLOW,
    ARCHITECTURES,
    DONE,
    EACCES,
    ENOSYS,
    EPERM,
    KILL,
    NUMBERS,
    PROGRAMS,
    X32,
)

HEADERS = {  # the kernel's own numbers, where a machine has them (linux-libc-dev on Debian and Ubuntu)
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}
BY_ARGUMENT = {"clone", "clone3", "socket", "socketpair", "setsockopt"}
BY_ARGUMENT |= {"mmap", "madvise", "rt_sigaction", "setsid", "ioctl", "fcntl"}
MACHINES = pytest.mark.parametrize("machine", PROGRAMS)


def decide(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter says to one call: its program, run as the kernel does (of its steps, those that we use)."""
    architecture = ARCHITECTURES[machine] if architecture is None else architecture
    data = struct.pack("<iIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("HBBI", PROGRAMS[machine]))
    at, value = 0, 0
    while True:
        code, if_so, if_not, operand = steps[at]
        at += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            (value,) = struct.unpack_from("<I", data, operand)
        elif code == 0x54:
            value &= operand
        else:
            holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
            at += if_so if holds else if_not


@MACHINES
def test_numbers_are_the_systems(machine):
    header = next((path for path in map(Path, HEADERS[machine]) if path.exists()), None)
    if header is None:
        pytest.skip("the kernel's headers are not installed")
    defined = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text(), re.MULTILINE)
    theirs = {name: int(number) for name, number in defined}
    assert {name: theirs.get(name) for name in NUMBERS[machine]} == NUMBERS[machine]
    other = next(one for one in NUMBERS if one != machine)
    assert not (NUMBERS[other].keys() - NUMBERS[machine].keys()) & theirs.keys(), "has a number here too"


@MACHINES
def test_no_two_calls_have_one_number(machine):
    assert len(set(NUMBERS[machine].values())) == len(NUMBERS[machine]) > 70


@MACHINES
def test_what_is_named_is_denied_and_all_else_allowed(machine):
    denied = {number for name, number in NUMBERS[machine].items() if name not in BY_ARGUMENT}
    denied |= {NUMBERS[machine][name] for name in ("clone3", "setsid")}
    # Without arguments, a socket is one of no family and neither clone, mmap nor the others ask for anything special.
    denied |= {NUMBERS[machine][name] for name in ("socket", "socketpair")}
    assert {number for number in range(600) if decide(machine, number) != ALLOW} == denied
    assert all(decide(machine, NUMBERS[machine][name]) == EPERM for name in NUMBERS[machine].keys() - BY_ARGUMENT)


@MACHINES
def test_another_gate_of_the_processor_kills(machine):
    for other in (0x40000003, 0x40000028, *set(ARCHITECTURES.values()) - {ARCHITECTURES[machine]}):  # i386, 32-bit Arm
        assert decide(machine, 20, architecture=other) == KILL
    assert decide(machine, X32 + NUMBERS["x86_64"]["unshare"]) == KILL


@MACHINES
@pytest.mark.parametrize(
    ("name", "arguments", "decision"),
    [
        ("clone", (0x01200011,), ALLOW),  # fork
        ("clone", (0x003D0F00,), ALLOW),  # a thread
        ("clone", (0x10000011,), EPERM),  # CLONE_NEWUSER
        ("clone", (0x00020011,), EPERM),  # CLONE_NEWNS
        ("clone3", (), ENOSYS),
        ("socket", (1, 1), ALLOW),  # AF_UNIX
        ("socket", (2, 1), EACCES),  # AF_INET
        ("socket", (16, 3), EACCES),  # AF_NETLINK
        ("socketpair", (1, 1), ALLOW),
        ("socketpair", (2, 1), EACCES),
        ("setsockopt", (3, 1, 7), EPERM),  # SO_SNDBUF
        ("setsockopt", (3, 1, 8), EPERM),
        ("setsockopt", (3, 1, 32), EPERM),
        ("setsockopt", (3, 1, 33), EPERM),
        ("setsockopt", (3, 1, 2), ALLOW),  # SO_REUSEADDR
        ("setsockopt", (3, 6, 7), ALLOW),  # another level's
        ("fcntl", (3, 6), DONE),  # F_SETLK
        ("fcntl", (3, 38), DONE),  # F_OFD_SETLKW
        ("fcntl", (3, 1024), DONE),  # F_SETLEASE
        ("fcntl", (3, 5), ALLOW),  # F_GETLK
        ("fcntl", (3, 1030), ALLOW),  # F_DUPFD_CLOEXEC
        ("mmap", (0, 4096, 3, 0x22), ALLOW),  # private, without a file
        ("mmap", (0, 4096, 3, 0x01), ALLOW),  # shared, of a file
        ("mmap", (0, 4096, 3, 0x21), EPERM),
        ("mmap", (0, 4096, 3, 0x23), EPERM),  # MAP_SHARED_VALIDATE
        ("mmap", (0, 4096, 3, 0x40022), EPERM),  # MAP_HUGETLB
        ("madvise", (0, 4096, 4), ALLOW),  # MADV_DONTNEED
        ("madvise", (0, 4096, 25), EPERM),  # MADV_COLLAPSE
        ("rt_sigaction", (17, 0), ALLOW),  # what is set for SIGCHLD, asked
        ("rt_sigaction", (17, 0x7F00), EPERM),
        ("rt_sigaction", (17, 0x7F << 32), EPERM),
        ("rt_sigaction", (1 << 32 | 17, 0x7F00), EPERM),  # the kernel looks at the low half of a signal's number
        ("rt_sigaction", (2, 0x7F00), ALLOW),
        ("setsid", (), DONE),
        ("ioctl", (0, 0x540E), DONE),  # TIOCSCTTY
        ("ioctl", (0, 0x5401), ALLOW),
    ],
)
def test_calls_are_decided_by_their_arguments(machine, name, arguments, decision):
    assert decide(machine, NUMBERS[machine][name], *arguments) == decision
