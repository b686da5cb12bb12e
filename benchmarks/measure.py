"""Run a command to its end: its seconds, what it said and when, and the memory of its whole process tree."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil


class BenchError(Exception):
    """The benchmark cannot go on; the message says why."""


@dataclass
class Measured:
    """One command's run. `said` holds its stderr's lines, `memory` the tree's bytes, both with seconds since start."""

    seconds: float
    output: str
    said: list[tuple[float, str]]
    memory: list[tuple[float, int]] = field(default_factory=list)
    proportional: bool = True

    @property
    def peak_bytes(self) -> int:
        return max((size for _, size in self.memory), default=0)


def run_measured(command: Sequence[object], cwd: Path, sample_every: float | None = None, **environment) -> Measured:
    """Run a command, and sample the memory of its process tree every so many seconds if wanted.
    Raises BenchError if it ends with an exit status other than 0, with the end of what it said."""
    everything = {**environment_of_commands(), **environment}
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=everything, stdout=output, stderr=subprocess.PIPE, text=True
        )
        sampler = _Sampler(process.pid, started, sample_every)
        said = [(time.perf_counter() - started, line.rstrip()) for line in process.stderr]
        status = process.wait()
        seconds = time.perf_counter() - started
        sampler.stop()
        output.seek(0)
        text = output.read()
    if status:
        end = "\n".join(line for _, line in said[-15:])
        raise BenchError(f"{' '.join(map(str, command))} ended with status {status}:\n{end}")
    return Measured(seconds, text, said, sampler.samples, sampler.proportional)


def environment_of_commands() -> dict[str, str]:
    """Ours, in which the commands of this interpreter's environment are found first."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


class _Sampler:
    """Samples the memory of a process and all its descendants in a thread of its own."""

    def __init__(self, pid: int, started: float, every: float | None) -> None:
        self.samples: list[tuple[float, int]] = []
        self.proportional = True
        self._root, self._started, self._every = psutil.Process(pid), started, every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        if every:
            self._thread.start()

    def _sample(self) -> None:
        while not self._ended.wait(self._every):
            size, proportional = tree_memory(self._root)
            self.samples.append((time.perf_counter() - self._started, size))
            self.proportional &= proportional

    def stop(self) -> None:
        self._ended.set()
        if self._every:
            self._thread.join()


def tree_memory(root: psutil.Process) -> tuple[int, bool]:
    """Bytes that a process and its descendants hold, and whether all are proportional set sizes.

    A page that several processes share counts once in the sum of proportional set sizes. Where reading these is not
    permitted the resident set counts, and shared pages count several times.
    """
    size, proportional = 0, True
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0, True
    for process in processes:
        try:
            size += process.memory_full_info().pss
        except psutil.AccessDenied:
            proportional = False
            size += _resident(process)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue  # it ended between the listing and the reading
    return size, proportional


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0
