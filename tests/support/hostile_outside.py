"""The world around a hostile class: what lies in reach of an escape, and whether anything was touched."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.support.hostile_files import MARK

CANARY = "canary-of-the-hostile-class"
_SUBREAPER = 36


def set_out_canaries(home: Path) -> dict[str, str]:
    """Secrets as they lie around on a teacher's machine. Returns the environment of the grader."""
    for name in (".netrc", ".ssh/id_rsa", ".config/token", "grades.csv"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(f"{CANARY}\n")
    bin = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "HOSTILE_CLASS_SECRET": CANARY,
    }


def snapshot(*tops: Path) -> dict[str, tuple]:
    """Every file below: size, mode, time of the last change, and digest (but for huge and for special files)."""
    found = {}
    for top in tops:
        for path in sorted(top.rglob("*")):
            about = path.lstat()
            digest = ""
            if path.is_file() and not path.is_symlink() and about.st_size < 2**30:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
            # The times of a folder change with what is made in it, which shows by itself.
            changed = 0 if path.is_dir() and not path.is_symlink() else about.st_mtime_ns
            found[os.fsencode(path).decode(errors="replace")] = (about.st_size, about.st_mode, changed, digest)
    return found


def marked_files(*tops: Path) -> list[str]:
    """Files that an attack left behind: they are all named alike."""
    found = []
    for top in tops:
        for folder, _, names in os.walk(top):
            found += [os.path.join(folder, name) for name in names if MARK in name]  # noqa: PTH118 - names of any bytes
    return found


@contextlib.contextmanager
def listeners(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Sockets on this machine that nobody may reach. Gives the TCP and UDP port, and a list of who came."""
    tcp, udp, unix, abstract = (
        socket.socket(family, kind)
        for family, kind in (
            (socket.AF_INET, socket.SOCK_STREAM),
            (socket.AF_INET, socket.SOCK_DGRAM),
            (socket.AF_UNIX, socket.SOCK_STREAM),
            (socket.AF_UNIX, socket.SOCK_STREAM),
        )
    )
    tcp.bind(("127.0.0.1", 0))
    port = tcp.getsockname()[1]
    udp.bind(("127.0.0.1", port))
    unix.bind(str(folder / "listener"))
    abstract.bind(f"\0{MARK}")
    came: list[str] = []
    ending, end = socket.socketpair()
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as sockets:
        for one, name in ((tcp, "TCP"), (udp, "UDP"), (unix, "path"), (abstract, "abstract")):
            sockets.enter_context(one)
            if one is not udp:
                one.listen()
            selector.register(one, selectors.EVENT_READ, name)
        selector.register(ending, selectors.EVENT_READ, "")

        def listen() -> None:
            while True:
                for key, _ in selector.select():
                    if key.fileobj is ending:
                        return
                    key.fileobj.recv(1) if key.data == "UDP" else key.fileobj.accept()[0].close()
                    came.append(key.data)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield port, came
        finally:
            end.close()
            thread.join()
            ending.close()


@dataclass
class Finished:
    """How a watched command ended."""

    status: int
    stdout: str
    stderr: str
    seconds: float
    left_behind: list[str] = field(default_factory=list)
    peak_bytes: int = 0  # of the largest process outside the sandboxes


def run_watched(command: list[str], cwd: Path, environment: dict[str, str], seconds: float) -> Finished:
    """Run a command to its end. What it leaves running becomes our child, by whatever way it got loose."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    out, err = cwd.parent / f"{cwd.name}.out", cwd.parent / f"{cwd.name}.err"
    started, peak = time.monotonic(), 0
    with out.open("w") as stdout, err.open("w") as stderr:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=stdout, stderr=stderr)
        while process.poll() is None and time.monotonic() < started + seconds:
            peak = max(peak, _largest_outside(process.pid))
            time.sleep(0.5)
        process.kill() if process.poll() is None else None
        process.wait()
    took = time.monotonic() - started
    left = _end_leftovers(before)
    ctypes.CDLL(None).prctl(_SUBREAPER, 0, 0, 0, 0)
    return Finished(process.returncode, out.read_text(), err.read_text(), took, left, peak)


def _largest_outside(pid: int) -> int:
    """The resident memory of the largest process that is in no process namespace of its own."""
    ours, largest = os.readlink("/proc/self/ns/pid"), 0  # noqa: PTH115
    with contextlib.suppress(psutil.Error):
        for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
            with contextlib.suppress(psutil.Error, OSError):
                if os.readlink(f"/proc/{process.pid}/ns/pid") == ours:  # noqa: PTH115
                    largest = max(largest, process.memory_info().rss)
    return largest


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _end_leftovers(before: set[int], patience: float = 5) -> list[str]:
    """Who still runs after a moment's patience; they are ended."""

    def running() -> list[psutil.Process]:
        children = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
        for child in children:
            with contextlib.suppress(OSError):
                os.waitpid(child.pid, os.WNOHANG)
        return [child for child in children if _is_alive(child)]

    until = time.monotonic() + patience
    while running() and time.monotonic() < until:
        time.sleep(0.1)
    names = []
    for child in running():
        with contextlib.suppress(psutil.Error):
            names.append(" ".join(child.cmdline()) or child.name())
            child.send_signal(signal.SIGKILL)
            child.wait(5)
    return names
