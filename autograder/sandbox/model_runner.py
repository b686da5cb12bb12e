"""Runs models that came as data in a process of their own, confined like a kernel, without any code of a student's."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from dataclasses import dataclass

from ..statuses import Status
from .fork_server import ForkClient, ForkServerGone, the_fork_server
from .inside.shared import LENGTH_BYTES
from .limits import Limits
from .watch import WALL_NET, Breach, Watch

_CHUNK = 2**18
_END_SECONDS = 5  # for a process that is ended to be gone


class RunStopped(Exception):
    """The models used more than is allowed, or their process died; `breach` says which."""

    def __init__(self, breach: Breach):
        super().__init__(breach.status)
        self.breach = breach


@dataclass
class _Process:
    server: ForkClient  # of which it was forked: asking for the preloaded process anew would start another one
    connection: socket.socket
    descriptor: int  # a pidfd
    watch: Watch


class ModelRunner:
    """Runs the models of one submission, all in one process, which is forked for the first. Use as a context."""

    def __init__(self, limits: Limits):
        self._limits = limits
        self._process: _Process | None = None

    def __enter__(self) -> ModelRunner:
        return self

    def __exit__(self, *_) -> None:
        self._end()

    def run(self, request: bytes, seconds: float) -> bytes:
        """What `inside.models.run` gives for a request, at most a byte more than `limits.answer_bytes` of it.

        Raises RunStopped after `seconds` of wall time, beyond a limit, or if the process dies; SandboxUnavailable,
        ForkServerGone or WatchFailed if the sandbox broke down.
        """
        ran_before, ends_at = self._process is not None, time.monotonic() + seconds
        try:
            return self._run(request, seconds)
        except RunStopped:
            self._end()
            left = ends_at - time.monotonic()
            if not ran_before or left <= 0:
                raise
        return self._run(request, left)  # in a process of its own: what ran there before may have left little to use

    def _run(self, request: bytes, seconds: float) -> bytes:
        process = self._process = self._process or _start(self._limits)
        watch, max_bytes = process.watch, self._limits.answer_bytes
        watch.let_run(seconds)
        try:
            response = _exchange(process.connection, request, max_bytes, time.monotonic() + seconds * WALL_NET)
        except TimeoutError:
            raise RunStopped(Breach(Status.TIMEOUT, contested=True)) from None
        watch.let_rest()
        if not response or len(response) > max_bytes:  # it is gone, or has more to say
            self._end()
        watch.require()
        if watch.breach:
            raise RunStopped(watch.breach)
        if not response and not process.server.is_alive():
            raise ForkServerGone("the preloaded process ended while a model ran")
        if not response:
            raise RunStopped(Breach(Status.CRASH, contested=watch.was_killed))
        return response

    def _end(self) -> None:
        """End the process, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            signal.pidfd_send_signal(process.descriptor, signal.SIGKILL)
        select.select([process.descriptor], [], [], _END_SECONDS)
        os.close(process.descriptor)
        process.connection.close()
        process.watch.wait(_END_SECONDS)


def _start(limits: Limits) -> _Process:
    server = the_fork_server()
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    try:
        with theirs:
            descriptor = server.fork("", limits.of_process(), [theirs], models=True)
    except BaseException:
        ours.close()
        raise
    return _Process(server, ours, descriptor, Watch(descriptor, limits, {}))


def _exchange(ours: socket.socket, request: bytes, max_bytes: int, ends_at: float) -> bytes:
    """Send a request and read its response, each after its length, or a byte more than `max_bytes` of it. Empty if the
    process ended before it had answered. Raises TimeoutError if time is over before the end."""
    with contextlib.suppress(ConnectionError):
        ours.settimeout(_left(ends_at))
        ours.sendall(len(request).to_bytes(LENGTH_BYTES) + request)
        length = int.from_bytes(_received(ours, LENGTH_BYTES, ends_at))
        return _received(ours, min(length, max_bytes + 1), ends_at)
    return b""


def _received(ours: socket.socket, count: int, ends_at: float) -> bytes:
    """So many bytes, empty if they do not come."""
    received = bytearray()
    while len(received) < count:
        ours.settimeout(_left(ends_at))
        data = ours.recv(min(_CHUNK, count - len(received)))
        if not data:
            return b""
        received += data
    return bytes(received)


def _left(ends_at: float) -> float:
    """The seconds that are left, never zero: that would mean not to wait."""
    return max(ends_at - time.monotonic(), 0.001)
