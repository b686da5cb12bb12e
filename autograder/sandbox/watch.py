"""Watch a kernel from outside while it runs, and end it when it uses too much."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..statuses import Status
from .cgroup import Cgroup
from .limits import Limits
from .relay import Relay

_SECONDS = 0.05  # between two looks
_PATIENCE = 10  # times a limit of wall time, after which waiting for the processor is no excuse any more
WALL_NET = 12  # times a limit of wall time, after which nobody relies on the watch any more
_OWN_WORK = 0.8  # of the time that ran out: who computed for so long was slow by itself
_ASLEEP = 0.1  # of the time that ran out: who computed for no longer takes no processor from others
_RUNNABLE = 4  # processes and threads of a kernel that may want a processor at a time
_CROWDING = 40  # how many more than that may do so, all looks together: one for forty looks, or forty for one
_REST = 4  # times as long as counting memory exactly took, it is done again only where it can be too much
_LOWEST = 19  # as nice(1) counts
_SOCKETS = 64  # whose buffers are not counted: more than an interpreter has of its own
# Windows has no sysconf: one's own notebook is checked there, and nothing watched.
_TICKS, _PAGE = (os.sysconf(name) if hasattr(os, "sysconf") else 0 for name in ("SC_CLK_TCK", "SC_PAGE_SIZE"))


class WatchFailed(Exception):
    """The watch over a kernel broke down: a fault of the grader's, not of a submission."""


@dataclass(frozen=True)
class Breach:
    """What ended a kernel: the exercise's status, and a sentence to the student (empty: the status's own).

    `contested` where something beside the kernel may have had a part in it: it counts if it comes again with nothing
    else running, and where it was `asleep` with nothing else but others that were.
    """

    status: Status
    sentence: str = ""
    contested: bool = False
    asleep: bool = False

    @classmethod
    def out_of_time(cls, sentence: str, computed: float, allowed: float) -> Breach:
        """Of a kernel that computed for so many of the seconds that it was allowed."""
        return cls(Status.TIMEOUT, sentence, computed < _OWN_WORK * allowed, computed < _ASLEEP * allowed)


@dataclass(frozen=True)
class Usage:
    """What one process uses: `seconds` of processor time with that of its ended children, `size` in bytes resident,
    in page tables and swapped out, its page `faults`, whether it is `runnable`, and how many threads it has."""

    seconds: float = 0.0
    size: int = 0
    faults: int = 0
    runnable: bool = False
    threads: int = 0


class OwnMemory:
    """The memory of processes that share much of it, which counts once.

    That number takes the system milliseconds a process, and seconds where it waits for one of a crowd that is kept back
    and is about to change its memory: whoever watched would do nothing else. So it is counted beside the looks, where
    what is resident allows that it is too much, and again at once where it can have grown beyond what is allowed; what
    is not seen to grow is found after a rest.
    """

    def __init__(self) -> None:
        self._own, self._used = 0, dict[int, Usage]()  # at the last count
        self._rests_until = 0.0
        self._counter = ThreadPoolExecutor(1)
        self._count: Future[tuple[int, float]] | None = None

    @property
    def is_being_counted(self) -> bool:
        return self._count is not None

    def exceeds(self, allowed: int, used: dict[int, Usage]) -> bool:
        """Whether the processes were found to have more than so many bytes; a later look hears of a slow count."""
        if sum(one.size for one in used.values()) <= allowed:
            return False
        if self._finds_more_than(allowed):
            return True
        if self._count or self._may_rest(allowed, used):
            return False
        self._used, self._count = used, self._counter.submit(_own_memory_of_all, used)
        return self._finds_more_than(allowed)

    def _finds_more_than(self, allowed: int) -> bool:
        """Wait for the count that is under way, if there is one, no longer than for a look."""
        if self._count is None:
            return False
        try:
            self._own, seconds = self._count.result(_SECONDS)
        except TimeoutError:
            return False
        self._count = None
        self._rests_until = time.monotonic() + _REST * seconds
        return self._own > allowed

    def _may_rest(self, allowed: int, used: dict[int, Usage]) -> bool:
        return time.monotonic() < self._rests_until and self._own + self._growth(used) <= allowed

    def close(self) -> None:
        """Count no more."""
        self._counter.shutdown(wait=False)

    def _growth(self, used: dict[int, Usage]) -> int:
        """What can have come since: what became resident, and a page with each fault, as one that is shared no more."""
        growth = 0
        for pid, now in used.items():
            then = self._used.get(pid, Usage())
            growth += max(0, now.size - then.size) + max(0, now.faults - then.faults) * _PAGE
        return growth


class Watch:
    """Looks at a kernel from outside until it ends: its memory, its processor time, what it says, how long it takes.

    Parameters
    ----------
    descriptor : a pidfd of the kernel's process.
    paths : where we listen for the kernel's clients, and the kernel's own socket, for each of its channels.

    `breach` says why the kernel was ended, if it was; `seconds` is its processor time, `waited` the time in which it
    was ready to run and the machine was not. `was_killed` is False once it has ended in another way than by SIGKILL.
    A watch that fails ends its kernel.
    """

    def __init__(self, descriptor: int, limits: Limits, paths: dict[str, str]):
        self.breach: Breach | None = None
        self.failure: BaseException | None = None
        self.seconds = self.waited = 0.0
        self.was_killed = True
        self._descriptor = os.dup(descriptor)
        self._pid = process_of(descriptor)
        self._limits = limits
        self._cgroup = Cgroup.of(self._pid, limits)
        self._buffer_bytes = 2 * int(Path("/proc/sys/net/core/wmem_default").read_text())
        self._memory = OwnMemory()
        self._crowding = 0
        self._delays: dict[str, float] = {}  # how long each thread of the kernel's process has waited
        self._looked = time.monotonic()
        self._clock: tuple[float, float, float, float] | None = None
        self._too_slow = ""
        self._said, self._may_say = 0, limits.output_bytes
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._descriptor, selectors.EVENT_READ)
        for path, kernel_path in paths.items():
            Relay(self._selector, path, kernel_path, self._count)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def let_say(self, size: int) -> None:
        """Let the kernel say so many bytes from now on."""
        self._may_say = self._said + size

    def let_run(self, seconds: float, sentence: str = "") -> None:
        """Let the kernel run for so long from now on. What it waits for the processor does not count, within reason.

        `sentence` goes to the student if that is not enough.
        """
        self._clock = (time.monotonic(), seconds, self.waited, self.seconds)
        self._too_slow = sentence

    def let_rest(self) -> None:
        """The kernel has nothing to do."""
        self._clock = None

    def require(self) -> None:
        """Raise WatchFailed if nobody watches any more."""
        if self.failure is not None:
            raise WatchFailed(f"the watch over a kernel failed: {type(self.failure).__name__}: {self.failure}")

    def wait(self, seconds: float) -> None:
        """Wait until the kernel has ended and all is put away."""
        self._thread.join(seconds)

    def stop(self, breach: Breach) -> None:
        """End the kernel, with the reason."""
        self.breach = self.breach or breach
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(OSError):  # it has ended already
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def _count(self, size: int) -> None:
        self._said += size
        if self._said > self._may_say:
            self.stop(Breach(Status.LIMIT, "It wrote more output than grading reads: print less, or not in a loop."))

    def _run(self) -> None:
        try:
            self._look()
        except BaseException as error:
            self.failure = error
            self._kill()
        finally:
            self._close()

    def _look(self) -> None:
        look_again = 0.0
        ended = False
        while not ended:
            for key, events in self._selector.select(_SECONDS):
                if key.fd == self._descriptor:
                    ended = True
                elif self.breach is None:  # what a kernel says after it was stopped is not carried on
                    key.data(events)
            if ended:
                self.was_killed = was_killed(self._pid)
            elif self.breach is None and time.monotonic() > look_again:
                breach = self._find_breach()
                if breach:
                    self.stop(breach)
                look_again = time.monotonic() + _SECONDS

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):  # all but the kernel's descriptor
                key.fileobj.close()
        self._selector.close()
        self._memory.close()
        if self._cgroup:
            if self._cgroup.ran_out_of_memory():
                self.breach = self.breach or self._too_much_memory()
            self._cgroup.remove()
        os.close(self._descriptor)

    def _find_breach(self) -> Breach | None:
        pids = list(descendants(self._pid))
        used = {pid: usage(pid) for pid in pids}
        # All of it: a child's time is its parent's once it was waited for, and stays with its remains until then.
        self.seconds = max(self.seconds, sum(one.seconds for one in used.values()))
        if self._uses_too_much_memory(used):
            return self._too_much_memory()
        if self.seconds > self._limits.cpu_seconds:
            allowed = self._limits.cpu_seconds
            return Breach(Status.TIMEOUT, f"It used more than the {allowed} s of processor time that grading allows.")
        self._keep_back(used)
        self._note_waiting()
        return self._out_of_time()

    def _uses_too_much_memory(self, used: dict[int, Usage]) -> bool:
        allowed = self._limits.memory_bytes
        allowed -= max(0, unix_sockets(self._pid) - _SOCKETS) * self._buffer_bytes
        return self._memory.exceeds(allowed, used)

    def _too_much_memory(self) -> Breach:
        allowed = self._limits.memory_bytes // 2**20
        return Breach(Status.MEMORY, f"It used more memory than the {allowed} MB that grading allows.")

    def _keep_back(self, used: dict[int, Usage]) -> None:
        """Whoever runs in many processes or threads at once gets what others leave, from then on."""
        running = sum(one.runnable if one.threads == 1 else runnable_threads(pid) for pid, one in used.items())
        self._crowding += max(0, running - _RUNNABLE)
        if self._is_demoted:
            for pid in used:
                demote(pid)

    @property
    def _is_demoted(self) -> bool:
        return self._crowding > _CROWDING

    def _note_waiting(self) -> None:
        """Add what the kernel's own process waited for the processor since the last look, at most all of the time."""
        now = time.monotonic()
        before, self._delays = self._delays, delays(self._pid)
        waited = sum(delay - before.get(thread, delay) for thread, delay in self._delays.items())
        if not self._is_demoted:  # who crowds the machine waits for himself
            self.waited += min(now - self._looked, waited)
        self._looked = now

    def _out_of_time(self) -> Breach | None:
        clock = self._clock
        if clock is None:
            return None
        started, allowed, waited_before, seconds_before = clock
        passed = time.monotonic() - started
        own = passed - (self.waited - waited_before)
        # That there is too much memory may be what there is to say: who is being counted has as much time again.
        if own <= (2 if self._memory.is_being_counted else 1) * allowed and passed <= _PATIENCE * allowed:
            return None
        return Breach.out_of_time(self._too_slow, self.seconds - seconds_before, allowed)


def process_of(descriptor: int) -> int:
    """The process number of a pidfd, in our own namespace; -1 once it has ended."""
    lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def was_killed(pid: int) -> bool:
    """Whether an ended process was ended by SIGKILL. True where its parent has waited for it, and nobody knows."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return not fields or os.WIFSIGNALED(int(fields[49])) and os.WTERMSIG(int(fields[49])) == signal.SIGKILL


def _read(path: str) -> str:
    """A file of /proc, whose processes have names of any bytes; "" once the process has ended."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a third of the time, twenty times a second
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _threads(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - names alone, twenty times a second
    except OSError:
        return []


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it started; in a process namespace of its own nothing can leave this tree.

    Parents come before their children.
    """
    waiting = [pid]
    while waiting:
        pid = waiting.pop()
        yield pid
        for thread in _threads(pid):
            waiting += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())


def own_memory(pid: int) -> int:
    """Memory of one process in bytes, as `Usage.size`, but of what n processes share an nth (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        return usage(pid).size
    except OSError:
        return 0
    shared_out = sum(int(line.split()[1]) for line in lines if line.startswith(("Pss:", "SwapPss:")))
    return shared_out * 1024 + _kilobytes(_read(f"/proc/{pid}/status"), "VmPTE") * 1024


def _own_memory_of_all(pids: Iterable[int]) -> tuple[int, float]:
    """The memory of processes that share with each other alone, in bytes, and the seconds that it took to count."""
    started = time.monotonic()
    return sum(map(own_memory, pids)), time.monotonic() - started


def usage(pid: int) -> Usage:
    """What a process uses; nothing once it has ended and its parent has waited for it."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if not fields:
        return Usage()
    seconds = sum(map(int, fields[11:15])) / _TICKS
    status = _read(f"/proc/{pid}/status")
    beside = _kilobytes(status, "VmPTE") + _kilobytes(status, "VmSwap")
    size, faults = int(fields[21]) * _PAGE + beside * 1024, int(fields[7]) + int(fields[9])
    return Usage(seconds, size, faults, fields[0] == "R", int(fields[17]))


def _kilobytes(status: str, name: str) -> int:
    _, _, rest = status.partition(f"\n{name}:")  # a process's name, which is there too, has no line breaks
    return int(rest.split(maxsplit=1)[0]) if rest else 0


def unix_sockets(pid: int) -> int:
    """How many Unix sockets there are in a process's network namespace, those too that are under way in a message."""
    return max(0, _read(f"/proc/{pid}/net/unix").count("\n") - 1)


def runnable_threads(pid: int) -> int:
    states = (_read(f"/proc/{pid}/task/{thread}/stat").rpartition(")")[2][1:2] for thread in _threads(pid))
    return sum(state == "R" for state in states)


def delays(pid: int) -> dict[str, float]:
    """How long each thread of a process has waited for a processor so far, in seconds."""
    found = {}
    for thread in _threads(pid):
        fields = _read(f"/proc/{pid}/task/{thread}/schedstat").split()
        if len(fields) == 3:
            found[thread] = int(fields[1]) / 1e9
    return found


def demote(pid: int) -> None:
    """Give a process and its threads, and what they start, the smallest share: a 70th of an ordinary one.

    Not SCHED_IDLE, with which they would hardly come to their end on a machine that is busy otherwise.
    """
    for thread in _threads(pid):
        with contextlib.suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, int(thread), _LOWEST)
