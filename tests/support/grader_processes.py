"""The processes of a grader that runs, for tests that kill them, and what a command hears that is to be interrupted."""

from __future__ import annotations

import signal

import psutil

_WORKERS = "multiprocessing.forkserver"


def find(grader: int, words: str) -> list[psutil.Process]:
    """The grader's descendants with these words in their command line, bubblewrap's own process apart."""
    found = []
    try:
        everybody = psutil.Process(grader).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    for process in everybody:
        try:
            line = process.cmdline()
        except psutil.Error:
            continue
        if words in " ".join(line) and not line[0].endswith("bwrap"):
            found.append(process)
    return found


def makers_of_workers(grader: int) -> list[psutil.Process]:
    """The process from which the grader's workers are forked, if it is there."""
    return [process for process in find(grader, _WORKERS) if process.ppid() == grader]


def workers(grader: int) -> list[psutil.Process]:
    makers = {maker.pid for maker in makers_of_workers(grader)}
    return [process for process in find(grader, _WORKERS) if process.ppid() in makers]


def preloaded_processes(grader: int) -> list[psutil.Process]:
    return [one for one in find(grader, "preloaded.py") if "bwrap" in psutil.Process(one.ppid()).name()]


def hear_interrupts() -> None:
    """To be run in a new process: as in a terminal. Who begins in a script's background is deaf, and all it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
