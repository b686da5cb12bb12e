"""One preloaded process for all workers of a machine: what is lent, and what happens when either side dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.sandbox import fork_server
from autograder.sandbox.bubblewrap import SandboxUnavailable
from autograder.sandbox.fork_server import ForkServerGone, lend, the_fork_server
from autograder.sandbox.limits import Limits
from autograder.sandbox.watch import descendants
from tests.support.kernel import Kernel

pytestmark = pytest.mark.usefixtures("own_preloaded_process")

SECONDS = 60
# Borrows, has a process that waits for models forked twice, says its number, and waits.
BORROWER = """
import socket, sys
from autograder.sandbox.fork_server import the_fork_server
from autograder.sandbox.limits import Limits
from autograder.sandbox.watch import process_of
pairs = [socket.socketpair(socket.AF_UNIX) for _ in range(2)]
forked = [the_fork_server().fork("", Limits().of_process(), [theirs], models=True) for _, theirs in pairs]
print(*map(process_of, forked), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def lent(tmp_path):
    with lend(tmp_path) as environment:
        yield environment


def borrow(lent) -> fork_server.ForkClient:
    (path,) = lent.values()
    return fork_server._borrow(path, [], [])


def ended(pid: int) -> bool:
    """Whether a process is no more, or only a number that nobody has asked for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_what_was_forked_for_a_borrower_ends_with_it_and_nothing_else_does(lent):
    environment = {**os.environ, **lent, "PYTHONPATH": os.pathsep.join(sys.path)}
    with Kernel(config=Course.find().config()) as kernel:  # the lender's own
        with subprocess.Popen(
            [sys.executable, "-c", BORROWER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as borrower:
            pids = [int(pid) for pid in borrower.stdout.readline().split()]
            assert len(set(pids)) == 2 and not any(map(ended, pids))
            assert set(pids) <= set(descendants(the_fork_server()._process.pid)), "it has no preloaded process"
            borrower.kill()
        until = time.monotonic() + SECONDS
        while not all(map(ended, pids)) and time.monotonic() < until:
            time.sleep(0.01)
        assert all(map(ended, pids))
        assert kernel.ask("found = 1 + 1") == 2


def test_who_borrows_after_its_end_gets_a_new_one(lent):
    first = borrow(lent)
    assert first.is_alive()
    before = the_fork_server()._process.pid
    os.kill(list(descendants(before))[1], signal.SIGKILL)  # the preloaded process, behind bubblewrap's own
    until = time.monotonic() + SECONDS
    while first.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs, pytest.raises(ForkServerGone):
        first.fork("", Limits().of_process(), [theirs], models=True)
    assert borrow(lent).is_alive() and the_fork_server()._process.pid != before


def test_one_that_is_given_back_costs_the_others_nothing(lent):
    first, second = borrow(lent), borrow(lent)
    first.stop()
    assert second.is_alive() and the_fork_server().is_alive()


def test_why_there_is_none_comes_to_the_borrower(lent, monkeypatch):
    def none(hidden, preload):
        raise SandboxUnavailable("there is no bwrap command")

    monkeypatch.setattr(fork_server, "the_fork_server", none)
    with pytest.raises(SandboxUnavailable) as unavailable:
        borrow(lent)
    assert unavailable.value.reason == "there is no bwrap command"
    assert str(unavailable.value) == str(SandboxUnavailable("there is no bwrap command")), "the remedy is said once"


def test_a_lender_that_dies_meanwhile_or_has_gone_is_a_fault_of_ours(lent, tmp_path, monkeypatch):
    def killed(hidden, preload):
        raise ForkServerGone("killed while it started")

    monkeypatch.setattr(fork_server, "the_fork_server", killed)
    with pytest.raises(ForkServerGone):
        borrow(lent)
    with pytest.raises(ForkServerGone, match="lends"):
        fork_server._borrow(str(tmp_path / "nobody"), [], [])
