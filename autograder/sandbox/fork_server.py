"""The trusted side of the preloaded process: starts it, asks it for kernels, notices when it is gone."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..files import sweep
from ..retry import with_retries
from . import bubblewrap
from .bubblewrap import SandboxUnavailable

_START_SECONDS = 120  # importing TensorFlow, or another large module of the course's, from a slow disk
_REPLY_SECONDS = 30
_END_SECONDS = 5
_KILLED = 128  # bubblewrap's exit status is this and the signal's number, where one ended what it ran
_MAX_REPLY = 2**16


class ForkServerGone(Exception):
    """The preloaded process ended or does not answer: a fault of the grader's, not of a submission."""


class ForkServer:
    """One preloaded process in its sandbox, with the modules of `preload` imported and `hidden` out of its sight.

    `fork` may be called from several threads. Raises SandboxUnavailable if it cannot be started, with the reason and
    the remedy, ForkServerGone if something killed it while it started.
    """

    def __init__(self, probe: bool = False, hidden: Iterable[Path] = (), preload: Iterable[str] = ()):
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        arguments = ["--probe"] if probe else list(preload)
        command = bubblewrap.command(theirs.fileno(), *arguments, hidden=hidden)
        started = threading.Event()
        with tempfile.TemporaryFile() as said:
            # The kernel ends it when the thread that started it ends: so a thread of its own, which waits for it.
            threading.Thread(target=self._hold, args=(command, theirs, said.fileno(), started), daemon=True).start()
            started.wait()
            theirs.close()
            try:
                self._receive(_START_SECONDS)
            except ForkServerGone as error:
                status = self._end()
                if status is not None and (status < 0 or status > _KILLED):
                    raise ForkServerGone(f"the preloaded process was killed while it started ({status})") from None
                said.seek(0)
                lines = said.read().decode(errors="replace").strip().splitlines()
                raise SandboxUnavailable(lines[-1] if lines else str(error)) from None
            except SandboxUnavailable:
                self.stop()
                raise

    def _hold(self, command: list[str], theirs: socket.socket, stderr: int, started: threading.Event) -> None:
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr
        )
        started.set()
        self._process.wait()

    def _end(self) -> int | None:
        """End it if it does not end by itself. Returns its own exit status, if it had one."""
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.stop()

    def fork(
        self, key: str, limits: dict, sockets: list[socket.socket], probe: bool = False, models: bool = False
    ) -> int:
        """Start a confined kernel on listening sockets, or with `models` a process that runs models on one connection.

        Returns a descriptor (pidfd) of its process, to be closed. Raises ForkServerGone if the preloaded process does
        not answer, SandboxUnavailable if it cannot confine a kernel.
        """
        request = {"key": key, "limits": limits, "probe": probe, "models": models}
        return self._ask(request, [one.fileno() for one in sockets])

    def is_alive(self) -> bool:
        """Whether it answers. One that does not is ended."""
        try:
            self._ask({"ping": True})
        except ForkServerGone:
            return False
        return True

    def _ask(self, request: dict, descriptors: Sequence[int] = ()) -> int:
        with self._lock:
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
                return self._receive(_REPLY_SECONDS)
            except (OSError, ForkServerGone) as error:
                self.stop()  # an answer that came late would be taken for the next one's
                raise ForkServerGone(f"the preloaded process is gone ({error})") from error

    def _receive(self, seconds: float) -> int:
        self._control.settimeout(seconds)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _MAX_REPLY, 1)
        except OSError as error:
            raise ForkServerGone(f"the preloaded process does not answer ({error})") from error
        if not data:
            raise ForkServerGone("the preloaded process ended")
        reason = json.loads(data).get("error")
        if reason:
            raise SandboxUnavailable(reason)
        return descriptors[0] if descriptors else -1

    def stop(self) -> None:
        """End the preloaded process, and with it every kernel that it forked."""
        self._control.close()
        self._process.kill()


_LIMITS_OF_PROBE = {"scratch_bytes": 2**20, "scratch_files": 100, "cpu_seconds": 5, "processes": 20, "open_files": 64}
_lock = threading.Lock()
_server: ForkServer | None = None
_hidden: set[Path] = set()
_wall: list[str] = []  # of _server
_preloaded: list[str] = []  # the modules that _server has imported for its courses


def the_fork_server(hidden: Iterable[Path] = (), preload: Iterable[str] = ()) -> ForkServer:
    """This process's preloaded process: started at the first call, and anew when it has died, would see `hidden` or
    lacks a module of `preload`. What one course hides or preloads stays so for the next."""
    global _server, _wall, _preloaded
    with _lock:
        wall = _wall
        if _server is None or not _hidden.issuperset(hidden):
            _hidden.update(hidden)
            wall = bubblewrap.wall(_hidden)
        modules = list(dict.fromkeys([*_preloaded, *preload]))
        if _server is None or (wall, modules) != (_wall, _preloaded) or not _server.is_alive():
            if _server is not None:
                _server.stop()
            sweep()
            _server = with_retries(lambda: ForkServer(hidden=_hidden, preload=modules), ForkServerGone)
            _wall, _preloaded = wall, modules
        return _server


def probe() -> None:
    """Try everything a sandboxed kernel needs, without importing what notebooks need: a fraction of a second.
    Raises SandboxUnavailable with the reason and the remedy, ForkServerGone if each try was killed."""
    with_retries(_probe, ForkServerGone)


def _probe() -> None:
    server = ForkServer(probe=True)
    listeners = [socket.socket(socket.AF_UNIX) for _ in range(4)]
    try:
        server.fork("", _LIMITS_OF_PROBE, listeners, probe=True)
    finally:
        server.stop()
        for listener in listeners:
            listener.close()
