"""What a kernel uses is counted whatever it does, and a watch that fails ends its kernel."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from autograder.course import Course
from autograder.grading import grade
from autograder.sandbox import cgroup, watch
from autograder.sandbox.cgroup import Cgroup
from autograder.sandbox.limits import Limits
from autograder.sandbox.watch import Breach, WatchFailed
from tests.support.kernel import Kernel
from tests.support.verdicts import MB, answer, graded, verdicts


@contextlib.contextmanager
def kernel(**limits) -> Iterator[Kernel]:
    config = Course.find().config()
    config.Limits.update(limits)
    with Kernel(config=config) as one:
        yield one


def run(code: str, before: str = "", **limits) -> Breach | None:
    """What ended a fresh kernel that ran this code."""
    with kernel(**limits) as one:
        assert one.run_cell(nbformat.v4.new_code_cell(before), 0) is None
        return one.run_cell(nbformat.v4.new_code_cell(code), 0)


TOUCH = """
import mmap, time
pages = mmap.mmap(-1, {tables} * 2**30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
total = sum(pages[at] for at in range(0, {tables} * 2**30, 2**21))  # each needs a page of the page table, and no other
time.sleep(0.5)
"""
SOCKETS = """
import os, socket, time
pairs = []
for _ in range({pairs}):
    pairs.append(socket.socketpair())
    pairs[-1][0].setblocking(False)
    try:
        while True:
            pairs[-1][0].send(bytes(65536))
    except BlockingIOError:
        pass
time.sleep(0.5)
"""


@pytest.mark.parametrize(("tables", "status"), [(10, None), (600, "memory")])
def test_page_tables_are_memory(tables, status):
    breach = run(TOUCH.format(tables=tables), memory_bytes=900 * MB)
    assert (breach and breach.status) == status


@pytest.mark.parametrize(("pairs", "status"), [(30, None), (450, "memory")])
def test_the_buffers_of_sockets_are_memory(pairs, status):
    breach = run(SOCKETS.format(pairs=pairs), memory_bytes=400 * MB, open_files=1024)
    assert (breach and breach.status) == status


def test_sockets_on_their_way_in_messages_are_counted():
    code = """
import array, os, socket, time
outer = socket.socketpair()
for _ in range(200):
    a, b = socket.socketpair()
    socket.send_fds(outer[0], [b"x"], [a.fileno(), b.fileno()])
    a.close(), b.close()
time.sleep(1)
"""
    with kernel() as one:
        pid = one.km.provisioner.watch._pid
        before = watch.unix_sockets(pid)
        one.run_cell(nbformat.v4.new_code_cell(code), 0)
        assert watch.unix_sockets(pid) - before >= 200


MEMORY_OF_NOBODY = {
    "a shared mapping": "import mmap\nmmap.mmap(-1, 4096)",
    "a mapping of /dev/zero": "import mmap\nmmap.mmap(open('/dev/zero', 'r+b').fileno(), 4096)",
    "larger socket buffers": "import socket\na = socket.socketpair()[0]\na.setsockopt(socket.SOL_SOCKET, 7, 2**22)",
    "larger receive buffers": "import socket\na = socket.socketpair()[0]\na.setsockopt(socket.SOL_SOCKET, 8, 2**22)",
    "huge pages": "import mmap\nmmap.mmap(-1, 2**21, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000)",
    "children whose time is lost": "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "a later end when memory is short": "open('/proc/self/oom_score_adj', 'w').write('0')",
    "the same by number": "open('/proc/1/oom_score_adj', 'w').write('0')",
    "other sockets": "import socket\nsocket.socketpair(30)",
    "more of the processor": "import os\nos.nice(5)\nos.nice(-5)",
}


@pytest.fixture(scope="module")
def one_kernel():
    with kernel() as one:
        yield one


@pytest.mark.parametrize("code", MEMORY_OF_NOBODY.values(), ids=MEMORY_OF_NOBODY)
def test_what_nobody_could_count_is_denied(one_kernel, code):
    lines = "\n".join(f"    {line}" for line in code.splitlines())
    assert one_kernel.ask(f"found = ''\ntry:\n{lines}\nexcept OSError as error:\n    found = error.strerror") != ""


def test_what_honest_code_does_is_not_denied(one_kernel):
    code = """
import mmap, multiprocessing, os, pty, signal, socket, subprocess, tempfile
pages = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
with tempfile.TemporaryFile() as file:
    file.truncate(4096)
    shared = mmap.mmap(file.fileno(), 4096)
a, b = socket.socketpair()
a.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
a.settimeout(1)
signal.signal(signal.SIGUSR1, lambda *ignored: None)
signal.getsignal(signal.SIGCHLD)
shell = subprocess.run(["bash", "-c", "(sleep 0.1; exit 3) & wait $!; echo $?"], capture_output=True, text=True)
apart = subprocess.run(["echo", "apart"], capture_output=True, text=True, start_new_session=True)
with multiprocessing.get_context("fork").Pool(2) as pool:
    squares = pool.map(abs, [-1, -2])
terminal = get_ipython().getoutput("tty; echo done")
found = [shell.stdout.strip(), apart.stdout.strip(), squares, terminal[-1]]
"""
    assert one_kernel.ask(code) == ["3", "apart", [1, 2], "done"]


def test_kernels_share_no_terminals(one_kernel):
    with kernel() as other:
        opened = "import os, pty\nends = pty.openpty()\nfound = os.ttyname(ends[1])"
        name = one_kernel.ask(opened)
        code = f"import os\nfound = os.listdir('/dev/pts')\ntry: os.open({name!r}, os.O_RDWR); found.append('open')\n"
        assert other.ask(code + "except OSError: pass") == ["ptmx"]
        assert other.ask(opened) == name, "numbered by itself"
        one_kernel.ask("os.write(ends[0], b'note\\n'); found = 0")
        code = "import select\nfound = [bool(select.select([end], [], [], 0.2)[0]) for end in ends]"
        assert other.ask(code) == [False, False]


def test_a_session_of_its_own_is_not_made(one_kernel):
    assert one_kernel.ask("import os\nbefore = os.getsid(0)\nfound = [os.setsid(), os.getsid(0) == before]")[1]


SHORT = """
import os, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def orphans():
    while True:
        if os.fork() == 0:
            if os.fork() == 0:
                burn(0.004)
            os._exit(0)
        os.wait()
def chain():
    while True:
        if os.fork():
            os._exit(0)
        burn(0.004)
for work in [orphans, chain] * 2:
    if os.fork() == 0:
        work()
while True:
    try:
        os.wait()
    except ChildProcessError:
        time.sleep(0.001)
"""


def test_children_shorter_than_a_look_are_counted():
    """Orphans and chains of processes, each of a few milliseconds: only what passes between two looks is missed."""
    seen = []
    with kernel(cpu_seconds=3, cell_seconds=60) as one:
        find_breach = watch.Watch._find_breach
        one.km.provisioner.watch._find_breach = lambda: seen.append(1) or find_breach(one.km.provisioner.watch)
        breach = one.run_cell(nbformat.v4.new_code_cell(SHORT), 0)
    assert (breach.status, breach.contested) == ("timeout", False) and "3 s of processor time" in breach.sentence
    assert seen


@pytest.mark.parametrize("name", [b"\xff\xfe\x80", b") R 1 1", b"a\nb (", b"\nVmPTE: 9"])
def test_a_process_may_have_any_name(name):
    rename = f"import ctypes\nctypes.CDLL(None).prctl(15, {name!r}, 0, 0, 0)"
    fill = "import numpy, time\nkept = []\nwhile True:\n    kept.append(numpy.ones(2**22))\n    time.sleep(0.01)"
    breach = run(fill, before=rename, memory_bytes=700 * MB)
    assert breach.status == "memory"


def test_processes_that_come_and_go_do_not_stop_the_watch():
    code = "import os\nfor _ in range(200):\n    if os.fork() == 0: os._exit(0)\n    os.wait()\nfound = 7"
    with kernel(cell_seconds=120) as one:
        assert one.ask(code) == 7
        one.km.provisioner.watch.require()


class Broken(Exception):
    pass


def break_the_watch(monkeypatch, times: int) -> list:
    """Let the first looks of so many watches fail, once a cell runs."""
    broken = []
    find_breach = watch.Watch._find_breach

    def look(self):
        if self._clock is not None and (self in broken or len(broken) < times):
            broken.append(self)
            raise Broken("no more looks")
        return find_breach(self)

    monkeypatch.setattr(watch.Watch, "_find_breach", look)
    return broken


def test_a_watch_that_fails_ends_its_kernel(monkeypatch):
    with kernel() as one:
        break_the_watch(monkeypatch, 1)
        started = time.monotonic()
        with pytest.raises(WatchFailed, match="Broken: no more looks"):
            one.run_cell(nbformat.v4.new_code_cell("import time; time.sleep(60)"), 0)
        assert time.monotonic() - started < 20
        with pytest.raises(WatchFailed):
            one.run_cell(nbformat.v4.new_code_cell("1"), 0)


@pytest.mark.parametrize(("times", "fault"), [(1, ""), (2, "WatchFailed: the watch over a kernel failed")])
def test_it_is_a_fault_of_ours_that_is_retried(monkeypatch, times, fault):
    broken = break_the_watch(monkeypatch, times)
    course = Course.find()
    result = grade.grade_file(course, "00_feature_maps", course.walkthrough("00_feature_maps"))
    assert len(broken) == times and result.fault.startswith(fault) and bool(result.fault) == bool(fault)
    assert result.score == (0 if fault else result.max_score)


# --- time that is not the submission's own --------------------------------------------------------------------------

BURN = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass"


@contextlib.contextmanager
def busy_processor(shared_with: Kernel) -> Iterator[None]:
    """One processor for a kernel and for two processes that compute without end, each in a session, and so with a
    share, of its own: the kernel gets a third of it."""
    processor = {min(os.sched_getaffinity(0))}
    for thread in psutil.Process(shared_with.km.provisioner.watch._pid).threads():
        os.sched_setaffinity(thread.id, processor)
    spin = [sys.executable, "-c", f"import os\nos.sched_setaffinity(0, {processor})\nwhile True: pass"]
    processes = [subprocess.Popen(spin, start_new_session=True) for _ in range(2)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_slow_cell_under_load_is_not_late():
    """Six tenths of its limit in processor time: for a third of a processor that is more than all of it."""
    with kernel(cell_seconds=3, cpu_seconds=60) as one, busy_processor(one):
        started = time.monotonic()
        assert one.run_cell(nbformat.v4.new_code_cell(BURN.format(seconds=1.8)), 0) is None
        took = time.monotonic() - started
        assert one.km.provisioner.watch.waited > 0
    assert took > 3, "it was not slowed down: the test tests nothing"


def test_what_a_cell_waits_for_the_processor_does_not_count_for_the_notebook():
    with kernel(cell_seconds=3, notebook_seconds=5, cpu_seconds=60) as one, busy_processor(one):
        started = time.monotonic()
        for _ in range(2):
            assert one.run_cell(nbformat.v4.new_code_cell(BURN.format(seconds=1.2)), 0) is None
        assert time.monotonic() - started > 5, "it was not slowed down: the test tests nothing"


@pytest.mark.parametrize(
    ("code", "contested", "asleep"),
    [
        ("while True: pass", False, False),
        ("import time\nwhile True: time.sleep(1)", True, True),
        (BURN.format(seconds=0.9) + "\ntime.sleep(9)", True, False),
        ("import os\nos._exit(3)", False, False),
        ("import os\nos.abort()", False, False),
        ("import ctypes\nctypes.string_at(0)", False, False),
    ],
)
def test_what_may_be_the_fault_of_others_is_contested(code, contested, asleep):
    breach = run(code, cell_seconds=3)
    assert breach.status in ("timeout", "crash") and (breach.contested, breach.asleep) == (contested, asleep)


def test_who_was_killed_from_outside_may_have_been_a_victim():
    with kernel() as one:
        threading.Timer(1, os.kill, [one.km.provisioner.watch._pid, signal.SIGKILL]).start()
        breach = one.run_cell(nbformat.v4.new_code_cell("import time\ntime.sleep(60)"), 0)
    assert breach == Breach("crash", contested=True)


def test_a_run_says_whether_a_verdict_of_it_is_contested():
    course = Course.find()
    result = grade.grade_file(course, "00_feature_maps", course.walkthrough("00_feature_maps"))
    assert not result.contested and not result.asleep
    assert grade.Result.unpack(grade.replace(result, contested=True).pack()).contested


@pytest.mark.parametrize(
    ("cell", "asleep"), [("import time; time.sleep(60)", True), (f"{BURN.format(seconds=0.6)}\ntime.sleep(60)", False)]
)
def test_a_run_says_whether_it_was_asleep_wherever_a_verdict_is_contested(cell, asleep):
    """One function that sleeps when it is asked, and one answer's cell."""
    sleeper = "def global_average_pool(x):\n    import time\n    time.sleep(60)"
    result = graded({"global_average_pool": sleeper, "channel_pool": cell}, cell_seconds=2)
    assert [verdict.status for verdict in result["verdicts"][:2]] == ["timeout", "timeout"]
    assert (result["contested"], result["asleep"]) == (True, asleep)


# A child waits until all are there: their parent would hardly come to run among them.
SPIN = """
import os
reading, writing = os.pipe()
for _ in range({count}):
    if os.fork() == 0:
        os.setsid()
        os.close(writing)
        os.read(reading, 1)
        while True: pass
os.close(writing)
"""


@contextlib.contextmanager
def spinner(count: int) -> Iterator[watch.Watch]:
    """A kernel with so many spinning children, each in a session of its own if it can be."""
    with kernel(cell_seconds=60, cpu_seconds=600) as one:
        assert one.run_cell(nbformat.v4.new_code_cell(SPIN.format(count=count)), 0) is None
        yield one.km.provisioner.watch


def test_who_spins_in_many_processes_is_kept_back():
    def priorities() -> set[int]:
        return {os.getpriority(os.PRIO_PROCESS, pid) for pid in watch.descendants(watched._pid)}

    with spinner(20) as watched:
        until = time.monotonic() + 60
        while priorities() != {19} and time.monotonic() < until:
            time.sleep(0.1)
        pids = list(watch.descendants(watched._pid))
        assert len(pids) == 21
        assert watched._is_demoted and priorities() == {19}
        assert {os.getsid(pid) for pid in pids} == {pids[0]}


def test_a_spinner_costs_its_neighbour_nothing():
    """110 spinning children beside an honest cell of six tenths of its time."""
    slow = {"global_average_pool": BURN.format(seconds=1.8) + "\n" + answer()["global_average_pool"]}
    with spinner(110) as watched:
        honest = verdicts(slow, cell_seconds=3, cpu_seconds=60)
        assert watched.breach is None and len(list(watch.descendants(watched._pid))) == 111, "it spins on"
    assert {verdict.status for verdict in honest.values()} == {"pass"}


def test_a_kernels_end_is_seen_when_it_comes(monkeypatch):
    """nbclient would look for it once a second; here it never looks."""

    async def never(self) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(NotebookClient, "_async_poll_kernel_alive", never)
    breach = run("import os\nos._exit(1)", cell_seconds=10)
    assert breach is not None and breach.status == "crash"


def test_the_exact_memory_of_a_crowd_is_counted_where_it_can_have_grown_and_after_a_rest(monkeypatch):
    now, counted, own = 0.0, 0, 2

    def own_memory(pid: int) -> int:
        nonlocal now, counted
        now, counted = now + 0.01, counted + 1
        return own

    monkeypatch.setattr(watch.time, "monotonic", lambda: now)
    monkeypatch.setattr(watch, "own_memory", own_memory)
    monkeypatch.setattr(watch, "_SECONDS", 60)  # each look hears of its count, however busy the machine is
    monkeypatch.setattr(watch, "_PAGE", 1)
    memory = watch.OwnMemory()

    def exceeds(size: int, faults: int = 0) -> bool:
        return memory.exceeds(300, {pid: watch.Usage(size=size, faults=faults) for pid in range(100)})

    assert not exceeds(3) and counted == 0, "all together are within what is allowed"
    assert not exceeds(4) and counted == 100
    assert not exceeds(5) and not exceeds(4, faults=1) and counted == 100, "100 more than 200 are allowed, too"
    assert not exceeds(5, faults=1) and counted == 200, "more became resident, and shared pages are shared no more"
    own = 4
    assert not exceeds(5, faults=1) and counted == 200, "nothing shows"
    now += 2 * watch._REST
    assert exceeds(5, faults=1) and counted == 300


@pytest.fixture
def slow_count(monkeypatch) -> Iterator[threading.Event]:
    """Memory is counted once this is set: 1 byte the first time, then 301."""
    may_count, found = threading.Event(), iter([1, 301])

    def own_memory(pid: int) -> int:
        may_count.wait()
        return next(found)

    monkeypatch.setattr(watch, "own_memory", own_memory)
    yield may_count
    may_count.set()


def test_a_count_that_is_slow_holds_up_no_look_and_is_done_again_for_what_came_meanwhile(slow_count, monkeypatch):
    memory = watch.OwnMemory()
    assert not memory.exceeds(300, {1: watch.Usage(size=301)}) and memory.is_being_counted
    assert not memory.exceeds(300, {1: watch.Usage(size=301)}) and memory.is_being_counted
    slow_count.set()
    monkeypatch.setattr(watch, "_SECONDS", 60)  # a machine that is busy otherwise takes its time
    assert memory.exceeds(300, {1: watch.Usage(size=601)}) and not memory.is_being_counted
    memory.close()


def test_a_count_that_fails_is_a_watch_that_fails(monkeypatch):
    def own_memory(pid: int) -> int:
        raise Broken

    monkeypatch.setattr(watch, "own_memory", own_memory)
    monkeypatch.setattr(watch, "_SECONDS", 60)
    with pytest.raises(Broken):
        watch.OwnMemory().exceeds(300, {1: watch.Usage(size=301)})


@pytest.mark.parametrize(("after", "status"), [(3, "memory"), (30, "timeout")])
def test_whose_memory_is_being_counted_has_as_much_time_again(monkeypatch, after, status):
    counted = float("inf")
    monkeypatch.setattr(watch.OwnMemory, "is_being_counted", property(lambda self: True))
    monkeypatch.setattr(watch.OwnMemory, "exceeds", lambda self, allowed, used: time.monotonic() > counted)
    with kernel(cell_seconds=2) as one:
        counted = time.monotonic() + after
        breach = one.run_cell(nbformat.v4.new_code_cell("import time\ntime.sleep(60)"), 0)
    assert breach.status == status


# --- a control group, where one is delegated ------------------------------------------------------------------------


@pytest.fixture
def fake_cgroups(tmp_path, monkeypatch):
    """A folder that looks like a delegated control group with all controllers."""
    own = tmp_path / "delegated"
    own.mkdir()
    (own / "cgroup.subtree_control").touch()
    (own / "cgroup.controllers").write_text("cpu memory pids io\n")
    (own / "cgroup.procs").write_text("")
    monkeypatch.setattr(cgroup, "delegated", lambda: own)
    make = cgroup.Path.mkdir

    def mkdir(self, *arguments, **keywords):
        make(self, *arguments, **keywords)
        for name in ("cgroup.procs", "memory.max", "memory.oom.group", "pids.max", "cpu.max", "memory.events"):
            (self / name).touch()

    monkeypatch.setattr(cgroup.Path, "mkdir", mkdir)
    return own


def test_a_kernel_gets_a_group_of_its_own_with_its_limits(fake_cgroups):
    group = Cgroup.of(123, Limits())
    read = {path.name: path.read_text() for path in group.folder.iterdir()}
    assert read["cgroup.procs"] == "123" and read["pids.max"] == "128" and read["cpu.max"] == "200000 100000"
    assert int(read["memory.max"]) == Limits().memory_bytes + Limits().scratch_bytes and read["memory.oom.group"] == "1"
    assert "memory.swap.max" not in read, "what the system does not have is left out"
    assert (fake_cgroups / "cgroup.subtree_control").read_text().startswith("+")
    for events, ended in (("low 0\noom_kill 0\n", False), ("low 0\noom_kill 2\n", True)):
        (group.folder / "memory.events").write_text(events)
        assert group.ran_out_of_memory() == ended


def test_without_delegation_there_is_none(monkeypatch):
    monkeypatch.setattr(cgroup, "delegated", lambda: None)
    assert Cgroup.of(os.getpid(), Limits()) is None


def test_a_verdict_of_memory_comes_from_the_group_too(monkeypatch):
    class Group:
        def ran_out_of_memory(self):
            return True

        def remove(self):
            pass

    monkeypatch.setattr(watch.Cgroup, "of", lambda pid, limits: Group())
    breach = run("import os\nos._exit(9)")
    assert (breach.status, breach.contested) == ("memory", False)
