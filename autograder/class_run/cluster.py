"""The Dask cluster that grades: one of our own on this machine's cores, or one that is there already."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

import dask
import distributed
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Security
from distributed.comm import connect
from distributed.utils import get_mp_context

from ..course import CourseError
from ..files import sweep, temporary_folder
from ..retry import TRIES, with_retries
from ..sandbox.fork_server import lend

# Dask's profiler looks at a worker's threads a hundred times a second. Its logs keep whole messages, and ours hold
# notebooks: a thousand of them are hundreds of megabytes.
_SETTINGS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.low-level-log-length": 20,
    # Each process looks fifty times a second whether it is late, and often at the machine's state: nobody reads it.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
# What a worker imports is imported once, by the process from which they are forked.
_PRELOADED = f"{__package__}.maker"
_LONGEST_FOLDER = (
    70  # of temporary files, in which multiprocessing puts that process's socket: paths of sockets end soon
)
CONNECT_SECONDS = 20
CLOSE_SECONDS = 5


@contextlib.contextmanager
def open_client(
    workers: int | None = None, threads: int = 1, scheduler: str | None = None, **tls_files: Path | None
) -> Iterator[Client]:
    """A client, with a worker at least, of the scheduler at an address, else of `workers` processes here.

    `tls_files` are the scheduler's: tls_ca_file, tls_cert, tls_key. Each process here has `threads` submissions in work
    at once. A submission is mostly computing, so one keeps a core busy; more of them disturb one another (measured: a
    tenth more processor time with two). Raises CourseError if the scheduler cannot be reached, runs another version, or
    has no workers; if no process starts here.
    """
    with _quiet(), _settings(), contextlib.ExitStack() as stack:
        if scheduler:
            yield stack.enter_context(_connect(scheduler, **tls_files))
        else:
            sweep()
            start_early()
            folder = stack.enter_context(temporary_folder("autograder-"))
            stack.enter_context(dask.config.set({"temporary-directory": str(folder)}))
            lent = stack.enter_context(lend(folder))  # one preloaded process for all workers
            with _interrupts_held_back():
                cluster = start_cluster(str(folder), workers or CPU_COUNT, threads, lent)
                stack.callback(cluster.close, timeout=CLOSE_SECONDS)
            yield stack.enter_context(Client(cluster))


def start_early() -> None:
    """Begin to start the process from which the workers are forked, beside all else, if it does not run yet."""
    with _settings(), _interrupts_held_back():
        if get_mp_context().get_start_method() != "forkserver":
            return
        get_mp_context().set_forkserver_preload([_PRELOADED])  # after Dask's own choice, which is made once
        # One thread for NumPy, as in a worker that Dask starts: a process with several should not be forked.
        with _set(dask.config.get("distributed.nanny.pre-spawn-environ")):
            forkserver.ensure_running()


@contextlib.contextmanager
def _set(variables: Mapping[str, object]) -> Iterator[None]:
    """Environment variables for what is started within. No other is touched, at no moment: other threads read them."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update({name: str(value) for name, value in variables.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def start_cluster(folder: str, workers: int, threads: int, lent: Mapping[str, str]) -> LocalCluster:
    """Processes on this machine. Dask begins a new one for one that dies, but not while it starts them: try again.
    Raises CourseError if they die each time."""

    def start() -> LocalCluster:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=threads,
            memory_limit=0,  # no limit, and nobody who looks ten times a second: a worker runs no student's code
            processes=True,
            host="127.0.0.1",
            security=Security.temporary(),  # other users of this machine reach its ports too
            dashboard_address=None,
            local_directory=folder,
            env={"TMPDIR": folder, **lent},  # what a killed worker was writing goes with the folder
            silence_logs=logging.CRITICAL,
        )

    try:
        return with_retries(start, RuntimeError)
    except RuntimeError as error:
        reason = f"tried {TRIES} times: {error.__cause__ or error}"
        raise CourseError(f"the worker processes did not start, {reason}. Is there memory left?") from error


def _settings() -> dask.config.set:
    """Dask's settings for what is done within; workers are forked where that is possible."""
    forked = len(tempfile.gettempdir()) <= _LONGEST_FOLDER
    return dask.config.set(
        {**_SETTINGS, "distributed.worker.multiprocessing-method": "forkserver" if forked else "spawn"}
    )


def _connect(
    address: str, tls_ca_file: Path | None = None, tls_cert: Path | None = None, tls_key: Path | None = None
) -> Client:
    security = Security()
    if tls_ca_file or tls_cert or tls_key:
        address = address if "://" in address else f"tls://{address}"
        ca_file, cert, key = (str(path) if path else None for path in (tls_ca_file, tls_cert, tls_key))
        security = Security(tls_ca_file=ca_file, tls_client_cert=cert, tls_client_key=key, require_encryption=True)
    try:
        asyncio.run(_reach(address, security))
        client = Client(address, security=security, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CourseError(f"no Dask scheduler can be reached at {address}: {reason}") from error
    try:
        _check(client, address)
    except BaseException:
        client.close()
        raise
    return client


async def _reach(address: str, security: Security) -> None:
    """Connect once: a Client that cannot connect leaves threads and noise behind."""
    comm = await connect(address, timeout=CONNECT_SECONDS, **security.get_connection_args("client"))
    await comm.close()


def _check(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise CourseError(f"the scheduler at {address} has no workers: start some with `dask worker`") from error
    versions: Any = client.get_versions()  # a coroutine only for an asynchronous client
    theirs = versions["scheduler"]["packages"]["distributed"]
    if theirs != distributed.__version__:
        raise CourseError(f"the scheduler at {address} runs distributed {theirs}, here is {distributed.__version__}")


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C is for the grader alone: the threads made here keep it blocked, and so do all workers they start.
    One that reaches another thread, from which Python hands it to the main thread, comes at the end too."""
    resource_tracker.ensure_running()  # starting it later would end the blocking
    noted: list[int] = []
    heard = threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT))
    hear = signal.signal(signal.SIGINT, lambda *_: noted.append(1)) if heard else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if heard:
            signal.signal(signal.SIGINT, hear)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if noted:
            signal.raise_signal(signal.SIGINT)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No log of Dask's own in the terminal: what a user should know, we say."""
    loggers = map(logging.getLogger, ("distributed", "distributed.client"))
    handlers = {handler: handler.level for logger in loggers for handler in logger.handlers}
    for handler in handlers:
        handler.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for handler, level in handlers.items():
            handler.setLevel(level)
