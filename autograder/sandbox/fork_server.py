"""The trusted side of the preloaded process: starts it, asks it for kernels, lends it, notices when it is gone."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from traitlets.config import Config

from ..files import sweep
from ..retry import TRIES, with_retries
from . import bubblewrap
from .bubblewrap import SandboxUnavailable
from .hidden import hidden_paths

_START_SECONDS = 120  # importing TensorFlow, or another large module of the course's, from a slow disk
_REPLY_SECONDS = 30
_END_SECONDS = 5
_KILLED = 128  # bubblewrap's exit status is this and the signal's number, where one ended what it ran
_MAX_REPLY, _MAX_REQUEST = 2**16, 2**20


class ForkServerGone(Exception):
    """The preloaded process ended or does not answer: a fault of the grader's, not of a submission."""


class ForkClient:
    """A connection to a preloaded process, which ends with it all that was forked for it.

    `fork` may be called from several threads.
    """

    def __init__(self, control: socket.socket):
        self._lock = threading.Lock()
        self._control = control

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
        """Whether it answers. One that does not is given up."""
        try:
            self._ask({"ping": True})
        except ForkServerGone:
            return False
        return True

    def _ask(self, request: dict, descriptors: Sequence[int] = ()) -> int:
        with self._lock:
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
                return received(self._control, _REPLY_SECONDS)
            except (OSError, ForkServerGone) as error:
                self.stop()  # an answer that came late would be taken for the next one's
                raise ForkServerGone(f"the preloaded process is gone ({error})") from error

    def stop(self) -> None:
        """Close the connection, which ends every kernel that was forked for it."""
        self._control.close()


class ForkServer(ForkClient):
    """One preloaded process in its sandbox, with the modules of `preload` imported and `hidden` out of its sight.

    Raises SandboxUnavailable if it cannot be started, with the reason and the remedy, ForkServerGone if something
    killed it while it started, or the system gave it no process.
    """

    def __init__(self, probe: bool = False, hidden: Iterable[Path] = (), preload: Iterable[str] = ()):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        arguments = ["--probe"] if probe else list(preload)
        command = bubblewrap.command(theirs.fileno(), *arguments, hidden=hidden)
        started: Future[subprocess.Popen] = Future()
        with tempfile.TemporaryFile() as said:
            # The kernel ends it when the thread that started it ends: so a thread of its own, which waits for it.
            threading.Thread(target=_hold, args=(command, theirs, said.fileno(), started), daemon=True).start()
            try:
                self._process = started.result()
            except OSError as error:
                ours.close()
                raise ForkServerGone(f"the preloaded process could not be started ({error})") from error
            finally:
                theirs.close()
            try:
                received(self._control, _START_SECONDS)
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

    def connect(self) -> socket.socket:
        """Another connection to it, for a ForkClient in another process.
        Raises ForkServerGone if it does not answer."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._ask({"connect": True}, [theirs.fileno()])
        return ours

    def _end(self) -> int | None:
        """End it if it does not end by itself. Returns its own exit status, if it had one."""
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.stop()

    def stop(self) -> None:
        """End the preloaded process, and with it every kernel that it forked."""
        super().stop()
        self._process.kill()


def _hold(command: list[str], theirs: socket.socket, stderr: int, started: Future) -> None:
    """Start the preloaded process, and wait for its end."""
    nowhere = subprocess.DEVNULL
    try:
        # An environment of its own, though bubblewrap clears it: ours may change in another thread meanwhile.
        environment = dict(os.environ)
        process = subprocess.Popen(
            command, env=environment, pass_fds=[theirs.fileno()], stdin=nowhere, stdout=nowhere, stderr=stderr
        )
    except BaseException as error:
        started.set_exception(error)
        return
    started.set_result(process)
    process.wait()


def received(control: socket.socket, seconds: float) -> int:
    """The descriptor that comes with a reply, -1 if there is none.
    Raises ForkServerGone if no reply comes, SandboxUnavailable if it is that a kernel cannot be had."""
    control.settimeout(seconds)
    try:
        data, descriptors, _, _ = socket.recv_fds(control, _MAX_REPLY, 1)
    except OSError as error:
        raise ForkServerGone(f"the preloaded process does not answer ({error})") from error
    if not data:
        raise ForkServerGone("the preloaded process ended")
    reason = json.loads(data).get("error")
    if reason:
        raise SandboxUnavailable(reason)
    return descriptors[0] if descriptors else -1


_LIMITS_OF_PROBE = {"scratch_bytes": 2**20, "scratch_files": 100, "cpu_seconds": 5, "processes": 20, "open_files": 64}
# In the environment of a process that borrows another one's preloaded process: where to ask for it.
_LENDER = "AUTOGRADER_FORK_SERVER"
_WAITING = 128  # borrowers, until somebody listens to them
_lock = threading.Lock()
_server: ForkClient | None = None
_hidden: set[Path] = set()
_wall: list[str] = []  # of _server
_preloaded: list[str] = []  # the modules that _server has imported for its courses


def the_fork_server(hidden: Iterable[Path] = (), preload: Iterable[str] = ()) -> ForkClient:
    """This process's preloaded process: started at the first call, and anew when it has died, would see `hidden` or
    lacks a module of `preload`. What one course hides or preloads stays so for the next. Where this process borrows
    one (see `lend`), the lender does all that."""
    global _server, _wall, _preloaded
    hidden = set(hidden)
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
            lender = os.environ.get(_LENDER)
            start = partial(_borrow, lender) if lender else ForkServer
            _server = with_retries(lambda: start(hidden=_hidden, preload=modules), ForkServerGone)
            _wall, _preloaded = wall, modules
        return _server


def start_early(config: Config, *hidden: Path | None) -> None:
    """Begin to start the preloaded process of a course, beside all else, unless submissions are trusted.
    What goes wrong comes out when it is needed."""
    if config.get("Run", {}).get("trust_submissions"):
        return
    paths, modules = hidden_paths(config, *hidden), config.get("Course", {}).get("preload", ())

    def start() -> None:
        with contextlib.suppress(SandboxUnavailable, ForkServerGone):
            the_fork_server(paths, modules)

    threading.Thread(target=start, daemon=True).start()


@contextlib.contextmanager
def lend(folder: Path) -> Iterator[dict[str, str]]:
    """Lend this process's preloaded process to all that have the environment variables which this gives.

    `folder` is nobody else's. What was forked for a borrower ends with the borrower. What is borrowed is lent on.
    """
    if lender := os.environ.get(_LENDER):
        yield {_LENDER: lender}
        return
    path = folder / "fork-server"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, _short(path) as short:
        listener.bind(short)
        listener.listen(_WAITING)
        threading.Thread(target=_serve_borrowers, args=(listener,), daemon=True).start()
        try:
            yield {_LENDER: str(path)}
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """The same path in few characters: that of a socket has at most 107."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _serve_borrowers(listener: socket.socket) -> None:
    while True:
        try:
            borrower, _ = listener.accept()
        except OSError:
            return  # no longer lent
        threading.Thread(target=_serve_borrower, args=(borrower,), daemon=True).start()


def _serve_borrower(borrower: socket.socket) -> None:
    with borrower, contextlib.suppress(OSError):  # a borrower that is gone needs no answer
        request = json.loads(borrower.recv(_MAX_REQUEST))
        try:
            server = the_fork_server(set(map(Path, request["hidden"])), request["preload"])
            assert isinstance(server, ForkServer), "only its own is lent"
            with server.connect() as connection:
                socket.send_fds(borrower, [b"{}"], [connection.fileno()])
        except SandboxUnavailable as error:
            borrower.send(json.dumps({"error": error.reason}).encode())
        except ForkServerGone:
            pass  # nothing is said, and the borrower tries again


def _borrow(lender: str, hidden: Iterable[Path], preload: Iterable[str]) -> ForkClient:
    """A connection to the preloaded process of another process.
    Raises ForkServerGone if that is gone, SandboxUnavailable if it has none."""
    request = {"hidden": [str(path) for path in hidden], "preload": list(preload)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        try:
            with _short(Path(lender)) as short:
                asking.connect(short)
            asking.send(json.dumps(request).encode())
        except OSError as error:
            raise ForkServerGone(f"the grader that lends its preloaded process is gone ({error})") from error
        return ForkClient(socket.socket(fileno=received(asking, TRIES * _START_SECONDS)))


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
