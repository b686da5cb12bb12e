"""Runs models that came as data in a process of their own, confined like a kernel, without any code of a student's."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time

from ..statuses import Status
from .fork_server import ForkServerGone, the_fork_server
from .limits import Limits
from .watch import WALL_NET, Breach, Watch

_CHUNK = 2**18
_END_SECONDS = 5  # for a process that is ended to be gone


class RunStopped(Exception):
    """The models used more than is allowed, or their process died; `breach` says which."""

    def __init__(self, breach: Breach):
        super().__init__(breach.status)
        self.breach = breach


def run_models(request: bytes, limits: Limits, seconds: float) -> bytes:
    """What `inside.models.run` gives for a request, at most a byte more than `limits.answer_bytes` of it.

    Raises RunStopped after `seconds` of wall time, beyond a limit, or if the process dies; SandboxUnavailable,
    ForkServerGone or WatchFailed if the sandbox broke down.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    server = the_fork_server()
    with ours:
        with theirs:
            descriptor = server.fork("", limits.of_process(), [theirs], models=True)
        watch = Watch(descriptor, limits, {})
        watch.let_run(seconds)
        try:
            response = _exchange(ours, request, limits.answer_bytes, time.monotonic() + seconds * WALL_NET)
        except TimeoutError:
            raise RunStopped(Breach(Status.TIMEOUT, contested=True)) from None
        finally:
            _end(descriptor)
    watch.wait(_END_SECONDS)
    watch.require()
    if watch.breach:
        raise RunStopped(watch.breach)
    if not response and not server.is_alive():
        raise ForkServerGone("the preloaded process ended while a model ran")
    if not response:
        raise RunStopped(Breach(Status.CRASH, contested=watch.was_killed))
    return response


def _exchange(ours: socket.socket, request: bytes, max_bytes: int, ends_at: float) -> bytes:
    """Send the request, and read to the end. Empty if the process ended before it had answered.
    Raises TimeoutError if time is over before the end."""
    with contextlib.suppress(ConnectionError):
        ours.settimeout(_left(ends_at))
        ours.sendall(request)
        ours.shutdown(socket.SHUT_WR)
        received = bytearray()
        while len(received) <= max_bytes:
            ours.settimeout(_left(ends_at))
            data = ours.recv(_CHUNK)
            if not data:
                break
            received += data
        return bytes(received)
    return b""


def _left(ends_at: float) -> float:
    """The seconds that are left, never zero: that would mean not to wait."""
    return max(ends_at - time.monotonic(), 0.001)


def _end(descriptor: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended already
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    select.select([descriptor], [], [], _END_SECONDS)
    os.close(descriptor)
