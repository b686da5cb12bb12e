"""Watch a kernel from outside while it runs, and end it when it uses too much."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .limits import Limits
from .relay import Relay

_SECONDS = 0.05  # between two looks


@dataclass(frozen=True)
class Breach:
    """What ended a kernel: the exercise's status, and a sentence to the student (empty: the status's own)."""

    status: str
    sentence: str = ""


class Watch:
    """Looks at a kernel from outside until it ends: its memory, its processor time, what it says.

    Parameters
    ----------
    descriptor : a pidfd of the kernel's process.
    paths : where we listen for the kernel's clients, and the kernel's own socket, for each of its channels.

    `breach` says why the kernel was ended, if it was.
    """

    def __init__(self, descriptor: int, limits: Limits, paths: dict[str, str]):
        self.breach: Breach | None = None
        self._descriptor = os.dup(descriptor)
        self._pid = process_of(descriptor)
        self._limits = limits
        self._spent: dict[int, float] = {}  # the last seen processor time of each process, those that ended too
        self._said, self._may_say = 0, limits.output_bytes
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._descriptor, selectors.EVENT_READ)
        for path, kernel_path in paths.items():
            Relay(self._selector, path, kernel_path, self._count)
        threading.Thread(target=self._look, daemon=True).start()

    def let_say(self, size: int) -> None:
        """Let the kernel say so many bytes from now on."""
        self._may_say = self._said + size

    def stop(self, breach: Breach) -> None:
        """End the kernel, with the reason."""
        self.breach = self.breach or breach
        with contextlib.suppress(OSError):  # it has ended already
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def _count(self, size: int) -> None:
        self._said += size
        if self._said > self._may_say:
            self.stop(Breach("limit", "It wrote more output than grading reads: print less, or not in a loop."))

    def _look(self) -> None:
        look_again = 0.0
        ended = False
        while not ended:
            for key, events in self._selector.select(_SECONDS):
                if key.fd == self._descriptor:
                    ended = True
                elif self.breach is None:  # what a kernel says after it was stopped is not carried on
                    key.data(events)
            if time.monotonic() > look_again:
                breach = self._find_breach()
                if breach:
                    self.stop(breach)
                look_again = time.monotonic() + _SECONDS
        self._close()

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if key.fd != self._descriptor:
                key.fileobj.close()
        self._selector.close()
        os.close(self._descriptor)

    def _find_breach(self) -> Breach | None:
        pids = list(descendants(self._pid))
        resident, seconds_of_families = 0, 0.0
        for pid in pids:
            own, of_children, of_one = usage(pid)
            resident += of_one
            seconds_of_families += own + of_children
            self._spent[pid] = max(own, self._spent.get(pid, 0))
        # The exact number takes longer to find: memory that processes share counts once there.
        if resident > self._limits.memory_bytes and sum(map(own_memory, pids)) > self._limits.memory_bytes:
            allowed = self._limits.memory_bytes // 2**20
            return Breach("memory", f"It used more memory than the {allowed} MB that grading allows.")
        # Of children that came and went between two looks only their parent knows, and only if it waited for them.
        if max(sum(self._spent.values()), seconds_of_families) > self._limits.cpu_seconds:
            allowed = self._limits.cpu_seconds
            return Breach("timeout", f"It used more than the {allowed} s of processor time that grading allows.")
        return None


def process_of(descriptor: int) -> int:
    """The process number of a pidfd, in our own namespace; -1 once it has ended."""
    lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it started; in a process namespace of its own nothing can leave this tree."""
    waiting = [pid]
    while waiting:
        pid = waiting.pop()
        yield pid
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:  # it ended while we looked
            continue


def own_memory(pid: int) -> int:
    """Resident memory in bytes, where what is shared with n processes counts an nth (PSS); 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        return usage(pid)[2]
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def usage(pid: int) -> tuple[float, float, int]:
    """Processor time of a process and of its ended children, in seconds, and its resident memory in bytes.

    Zeros once it has ended.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0, 0
    own, of_children = (int(fields[at]) + int(fields[at + 1]) for at in (11, 13))
    ticks = os.sysconf("SC_CLK_TCK")
    return own / ticks, of_children / ticks, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
