"""A Dask scheduler and its workers, processes of their own on this machine, by Dask's own commands."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.course import ROOT


@dataclass(frozen=True)
class Scheduler:
    """A running scheduler: where it is reached, and its process."""

    address: str
    pid: int


@contextlib.contextmanager
def dask_cluster(
    folder: Path,
    tls: dict[str, Path] | None = None,
    workers: int = 2,
    threads: int = 2,
    cores: Sequence[int] = (),
) -> Iterator[Scheduler]:
    """A scheduler and worker processes. With `cores`, each worker and all that it starts keep to one of them, in turn,
    and the scheduler to these together."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    protocol = "tls" if tls else "tcp"
    address = f"{protocol}://127.0.0.1:{port}"
    security = [part for name, path in (tls or {}).items() for part in (f"--{name}", str(path))]
    dask = [sys.executable, "-m", "dask"]
    place = ["--host", "127.0.0.1"]
    commands = [[*dask, "scheduler", *place, "--port", str(port), "--protocol", protocol, "--no-dashboard", *security]]
    worker = [*dask, "worker", address, *place, "--nthreads", str(threads), "--no-dashboard", *security]
    commands += [[*worker, "--local-directory", str(folder / f"worker-{number}")] for number in range(workers)]
    if cores:
        kept = [",".join(map(str, cores)), *(str(cores[number % len(cores)]) for number in range(workers))]
        commands = [["taskset", "-c", one, *command] for one, command in zip(kept, commands, strict=True)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with contextlib.ExitStack() as stack, (folder / "dask.log").open("w") as log:
        pids = []
        for command in commands:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            pids.append(process.pid)
        wait_for_port(port)
        yield Scheduler(address, pids[0])


def wait_for_port(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")
