"""The preloaded process: imports what notebooks import, once, then forks a confined kernel for each request.

Started inside bubblewrap as `python preloaded.py SOCKET [--probe] [MODULE|NAME=VALUE ...]`, with the modules that the
course names, and variables of the environment for those behind them. It runs no student's code, makes no tensor, and
knows nothing else of the course. A request on the socket is a JSON object with the four listening sockets of a kernel
attached, or with the one connection of a process that runs models; the reply is a JSON object with a descriptor (pidfd)
of the new process attached. Further sockets for requests come by the first one: what was forked for one of them ends
when its other side is gone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import sys
import traceback
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import confinement
import large_pages
import light_tensorflow
import models
from shared import LENGTH_BYTES, PORTS, SCRATCH, WORKING_FOLDER, variable_in

MAX_REQUEST = 2**16
MANY = 8  # processes, after which more will come: what makes each cheaper takes some tenths of a second
_NOBODY = 65534


def preload(entries: list[str]) -> None:
    """Import what a kernel needs, then what the course names. None of it may start a thread: see `main`."""
    gc.disable()  # until all is imported, which stays anyway: a fifth of the time
    light_tensorflow.before_import()
    import debugpy  # noqa: F401 - half of a kernel's start
    import ipykernel.debugger
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import ipykernel.zmqshell  # noqa: F401
    import IPython.core.completerlib
    import IPython.core.debugger
    import IPython.core.oinspect
    import IPython.extensions.storemagic  # noqa: F401
    import jedi  # noqa: F401
    import numpy  # noqa: F401
    import tornado.platform.asyncio  # noqa: F401

    for entry in entries:
        if variable := variable_in(entry):
            os.environ.update([variable])
            continue
        try:
            importlib.import_module(entry)
        except Exception as error:
            raise ImportError(f"{entry}, which c.Course.preload names, cannot be imported: {error}") from error
    if "tensorflow" in sys.modules:
        light_tensorflow.after_import()


class Kernels:
    """The processes that were forked for each connection: they end with it."""

    def __init__(self):
        self._of = defaultdict[socket.socket, set[int]](set)

    def add(self, asker: socket.socket, pid: int) -> None:
        """Note a process that was forked for a connection."""
        self._of[asker].add(pid)

    def bury(self) -> None:
        """Take in those that have ended; until then no other process has their number."""
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                for pids in self._of.values():
                    pids.discard(pid)

    def end(self, asker: socket.socket) -> None:
        """End those of a connection."""
        self.bury()
        for pid in self._of.pop(asker, ()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@dataclass
class Unready:
    """A process that was forked and is not confined yet, and who waits for it."""

    asker: socket.socket
    descriptor: int  # a pidfd of the process
    said: int  # the end of a pipe by which it says that it is ready, or why it cannot be


def serve(control: socket.socket) -> None:
    """Answer requests until the grader closes its socket; it brings the sockets of others."""
    gc.freeze()  # the collector must not write to pages that the children share; imports leave it next to nothing
    gc.enable()
    kernels, handed_over = Kernels(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ, control)
        while True:
            for key, _ in selector.select():
                if isinstance(key.data, Unready):
                    selector.unregister(key.fd)
                    _hand_over(key.data)
                    handed_over += 1
                    if handed_over == MANY:
                        large_pages.use_large_pages()
                    continue
                asker: socket.socket = key.data
                data, descriptors = _receive(asker)
                if not data and asker is control:
                    return
                if not data:
                    selector.unregister(asker)
                    kernels.end(asker)
                    asker.close()
                    continue
                request = json.loads(data)
                if request.get("connect"):
                    another = socket.socket(fileno=descriptors.pop())
                    selector.register(another, selectors.EVENT_READ, another)
                if request.get("connect") or request.get("ping"):
                    asker.send(b"{}")
                else:
                    unready = _fork_kernel(asker, request, descriptors, kernels)
                    if unready:
                        selector.register(unready.said, selectors.EVENT_READ, unready)
                for descriptor in descriptors:
                    os.close(descriptor)


def _receive(asker: socket.socket) -> tuple[bytes, list[int]]:
    """A request and its descriptors. Empty where the other side is gone."""
    with contextlib.suppress(ConnectionError):
        data, descriptors, _, _ = socket.recv_fds(asker, MAX_REQUEST, len(PORTS))
        return data, descriptors
    return b"", []


def _fork_kernel(asker: socket.socket, request: dict, listeners: list[int], kernels: Kernels) -> Unready | None:
    """Fork what becomes a kernel. It is not waited for: others want to ask meanwhile."""
    kernels.bury()
    said, ready = os.pipe()
    user, group = os.getuid(), os.getgid()
    try:
        pid = confinement.fork_apart()
    except OSError as error:  # no more processes: those who ask later may have luck
        os.close(said)
        os.close(ready)
        _reply_error(asker, error)
        return None
    if pid == 0:
        _become_kernel(request, listeners, ready, user, group)
    os.close(ready)
    kernels.add(asker, pid)
    return Unready(asker, os.pidfd_open(pid), said)


def _hand_over(unready: Unready) -> None:
    """Answer who asked for a process with its descriptor, or with what it says is wrong."""
    said = os.read(unready.said, MAX_REQUEST)  # one short message, which comes whole
    with contextlib.suppress(OSError):  # who asked is gone: so is the process
        if said == b"ready":
            socket.send_fds(unready.asker, [b"{}"], [unready.descriptor])
        else:
            _reply_error(unready.asker, said.decode(errors="replace") or "the kernel ended before it was confined")
    os.close(unready.said)
    os.close(unready.descriptor)


def _become_kernel(request: dict, listeners: list[int], ready: int, user: int, group: int) -> None:
    """In the kernel's own process: confine it, say so, and run it to its end."""
    try:
        confinement.enter_namespaces(user, group)
        os.setsid()  # a signal to its process group must not reach us or its siblings
        _only_these_descriptors(listeners, ready)
        confinement.confine(request["limits"])
        _set_environment()
        _reseed()
        gc.set_threshold(50_000, 10, 10)  # a kernel lives for seconds, and its limit of memory is the watch's to keep
        os.write(ready, b"ready")
    except BaseException as error:
        os.write(ready, f"{type(error).__name__}: {error}".encode()[:1000])
        os._exit(1)
    os.close(ready)
    if request.get("probe"):
        os._exit(0)
    try:
        if request.get("models"):
            _run_models(socket.socket(fileno=listeners[0]))
        else:
            import forked_kernel

            forked_kernel.start(request["key"], dict(zip(PORTS.values(), listeners, strict=True)))
    finally:
        os._exit(0)


def _run_models(judge: socket.socket) -> None:
    """Run the models of one request after the other, until the judge has no more. Each message follows its length."""
    with judge, judge.makefile("rb") as received:
        while length := received.read(LENGTH_BYTES):
            response = models.run(received.read(int.from_bytes(length)))
            judge.sendall(len(response).to_bytes(LENGTH_BYTES) + response)


def _only_these_descriptors(listeners: list[int], ready: int) -> None:
    """Close all that was inherited, the control socket among it; standard input and output lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    keep = {0, 1, 2, ready, *listeners}
    for entry in list(Path("/proc/self/fd").iterdir()):
        if int(entry.name) not in keep:
            with contextlib.suppress(OSError):  # the one that listed the folder
                os.close(int(entry.name))


def _set_environment() -> None:
    os.environ.update(
        HOME=WORKING_FOLDER,
        TMPDIR=SCRATCH,
        IPYTHONDIR=f"{SCRATCH}/ipython",
        MPLCONFIGDIR=f"{SCRATCH}/matplotlib",
        KERAS_HOME=f"{SCRATCH}/keras",
    )


def _reseed() -> None:
    """Children inherit the state of the random generators."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _reply_error(asker: socket.socket, error: BaseException | str) -> None:
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    asker.send(json.dumps({"error": text[:1000]}).encode())


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    try:
        if os.getuid() == 0:  # started by root without a user namespace: be nobody from here on
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        if "--probe" not in sys.argv:
            preload(sys.argv[2:])
            import forked_kernel  # noqa: F401 - before the fork, as all that a kernel imports
        confinement.set_dumpable(False)  # children of the same user must not read us
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads != 1:
            raise RuntimeError(
                f"the preloaded process has {threads} threads, and forking it would not be safe"
                + (": leave what starts them out of c.Course.preload" if sys.argv[2:] else "")
            )
    except BaseException as error:
        traceback.print_exc()
        _reply_error(control, error)
        raise
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control.send(b"{}")
    serve(control)


if __name__ == "__main__":
    main()
