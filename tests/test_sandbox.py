"""The sandbox itself: what a kernel in it sees and may do, and what happens where there can be none."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib
import os
import re
import shutil
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from autograder.course import Course, CourseError
from autograder.grading.assignment import Assignment
from autograder.grading.execute import SandboxedExecute
from autograder.retry import TRIES
from autograder.sandbox import fork_server
from autograder.sandbox.bubblewrap import INSIDE, SandboxUnavailable
from autograder.sandbox.fork_server import ForkServerGone, probe, the_fork_server
from autograder.sandbox.watch import descendants
from tests.support.kernel import Kernel

pytestmark = pytest.mark.usefixtures("own_preloaded_process")


@pytest.fixture(scope="module")
def kernel():
    with Kernel(config=Course.find().config()) as kernel:
        yield kernel


def preloaded_process() -> int:
    """The number of the preloaded process itself: the innermost child of bubblewrap's that is no kernel."""
    pids = list(descendants(the_fork_server()._process.pid))
    return pids[1] if len(pids) > 1 else pids[0]


def test_it_sees_no_file_of_the_course_or_of_this_package(kernel):
    root = Course.find().root
    hidden = [str(root / name) for name in ("autograder", "solutions", "notebooks", "tests", "gradebook.db", ".git")]
    hidden += ["/etc/passwd", "/etc/shadow", "/var", "/sys", "/run", "/root/.ssh", str(Path(__file__))]
    assert kernel.ask(f"import os; found = [p for p in {hidden!r} if os.path.exists(p)]") == []


def test_of_a_home_it_sees_the_way_to_the_interpreter_at_most(kernel):
    ends = [Path(sys.prefix), Path(sys.base_prefix)]
    for folder in {Path("/home"), Path("/root"), *ends[0].parents} - {Path("/")}:
        if folder.is_relative_to("/usr"):  # which is there as it is
            continue
        way = {end.relative_to(folder).parts[0] for end in ends if folder in end.parents}
        seen = kernel.ask(f"import os; found = os.listdir({str(folder)!r}) if os.path.exists({str(folder)!r}) else []")
        assert set(seen) == way, folder


def test_it_cannot_import_what_knows_the_answers(kernel):
    code = "found = []\nfor name in ('autograder', 'attention_course.oracle', 'attention_course.layers'):\n"
    code += "    try: __import__(name); found.append(name)\n    except ImportError: pass"
    assert kernel.ask(code) == []
    assert kernel.ask("import sys; found = [name for name in sys.modules if name.startswith('autograder')]") == []


def test_only_process_1_of_a_namespace_forks_kernels(monkeypatch):
    """The C library would go on with the number of the forking process's thread."""
    monkeypatch.syspath_prepend(str(INSIDE))
    with pytest.raises(PermissionError, match="only process 1"):
        importlib.import_module("confinement").fork_apart()


def test_it_is_alone_and_has_no_rights(kernel):
    status = kernel.ask("found = open('/proc/self/status').read()")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert (fields["NoNewPrivs"], fields["Seccomp"], int(fields["CapEff"], 16)) == ("1", "2", 0)
    assert kernel.ask("import os; found = [os.getpid(), os.getppid(), os.getuid()]") == [1, 0, 1000]
    seen = kernel.ask("import os; found = [name for name in os.listdir('/proc') if name.isdigit()]")
    assert seen == ["1"]
    assert kernel.ask("import os; found = os.getpgid(0) == 1")


def test_it_writes_in_its_scratch_folder_alone(kernel):
    code = "import os\nwritable = [folder for folder, _, _ in os.walk('/') if os.access(folder, os.W_OK)]\n"
    code += "found = [folder for folder in writable if not folder.startswith(('/scratch', '/proc', '/dev/shm'))]"
    assert kernel.ask(code) == []
    assert kernel.ask("import os; found = [os.getcwd(), os.listdir('.')]") == ["/scratch/work", []]


def test_what_a_user_has_a_number_of_it_cannot_use_up(kernel):
    code = "import ctypes, resource\nmade = ctypes.CDLL(None).inotify_init1(0)\n"
    code += "found = [made, resource.getrlimit(resource.RLIMIT_SIGPENDING)[1] <= 256]"
    assert kernel.ask(code) == [-1, True]


def test_a_lock_is_said_to_be_taken_and_none_is_kept(kernel):
    """Two open files, of which the second would have to wait; libraries that take locks write their files."""
    code = "import fcntl, h5py, sqlite3, struct\nopen('locked', 'w').close()\n"
    code += "files = [open('locked', 'r+') for _ in '12']\n"
    code += "lock = struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 1, 0)\n"
    code += "for file in files: fcntl.fcntl(file, fcntl.F_OFD_SETLK, lock)\n"
    code += "with h5py.File('a.h5', 'w') as file: file['x'] = 3\n"
    code += "with sqlite3.connect('a.db') as base: base.execute('create table t as select 4')\n"
    code += "found = [int(h5py.File('a.h5')['x'][()]), *base.execute('select * from t').fetchone()]"
    assert kernel.ask(code) == [3, 4]


def test_the_preloaded_process_has_made_no_tensor(kernel):
    code = "from tensorflow.python.eager import context as c\n"
    code += "found = c._context is None or c._context._context_handle is None"
    with Kernel(config=Course.find().config()) as fresh:
        assert fresh.ask(code) is True


def test_the_preloaded_process_has_one_thread_and_cannot_be_read(kernel):
    pid = preloaded_process()
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    assert kernel.ask("import os; found = os.path.exists('/proc/2')") is False


def test_kernels_do_not_share_random_numbers_or_scratch(kernel):
    draw = "import random, numpy\nfound = [random.random(), numpy.random.rand()]"
    with Kernel(config=Course.find().config()) as other:
        assert not set(kernel.ask(draw)) & set(other.ask(draw))
        kernel.ask("open('/scratch/mine', 'w').close(); found = 0")
        assert other.ask("import os; found = os.path.exists('/scratch/mine')") is False


def test_two_preloaded_processes_are_never_needed(kernel):
    assert the_fork_server() is the_fork_server()


def test_its_end_is_a_fault_of_ours_and_a_new_one_starts(monkeypatch):
    with Kernel(config=Course.find().config()) as kernel:
        before = the_fork_server()
        os.kill(preloaded_process(), signal.SIGKILL)
        with pytest.raises(ForkServerGone):
            while True:  # its memory is given back first, then its children end
                kernel.run_cell(nbformat.v4.new_code_cell("1"), 0)
    monkeypatch.setenv("SECRET_TOKEN", "of the grader's")
    with Kernel(config=Course.find().config()) as kernel:
        seen = kernel.ask("import os; found = dict(os.environ)")
    assert "SECRET_TOKEN" not in seen and seen["HOME"] == "/scratch/work"
    assert the_fork_server() is not before


def test_the_probe_takes_no_time():
    started = time.monotonic()
    probe()
    assert time.monotonic() - started < 5


def test_where_the_system_gives_no_process_it_is_tried_again_and_nobody_waits_for_ever(monkeypatch):
    tries = []

    def none(*arguments, **keywords):
        tries.append(keywords["env"])
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(fork_server.subprocess, "Popen", none)
    with pytest.raises(ForkServerGone, match="could not be started"):
        probe()
    assert len(tries) == TRIES and all(environment is not os.environ for environment in tries)


def test_a_module_that_cannot_be_preloaded_is_named():
    with pytest.raises(SandboxUnavailable, match="no_such_module, which c.Course.preload names, cannot be imported"):
        fork_server.ForkServer(preload=["json", "no_such_module"])


def test_a_module_that_is_not_installed_is_named_before_anything_runs():
    course = Course.find()
    config = course.config()
    config.Course.preload = ["no_such_module"]
    with pytest.raises(CourseError, match="no_such_module, which c.Course.preload names in nbgrader_config.py, is not"):
        Assignment.of(SimpleNamespace(config=lambda: config, root=course.root), "00_feature_maps")


def test_what_the_notebooks_set_before_they_import_is_set_before_it_is_imported_for_all():
    course = Course.find()
    with Kernel(config=course.config()) as kernel:
        at_start = kernel.ask("import os; found = dict(os.environ)")
        refused = kernel.ask(CONVOLVE_AS_ONLY_ONEDNN_DOES)
    for name in course.names:
        first = next(c for c in nbformat.read(course.release(name), as_version=4).cells if c.cell_type == "code")
        sets = dict(re.findall(r'^os\.environ\["(\w+)"\] = "(.+)"', first.source, re.MULTILINE))
        assert sets and sets.items() <= at_start.items(), name
    assert refused


CONVOLVE_AS_ONLY_ONEDNN_DOES = """
import tensorflow as tf
try:
    tf.nn.conv2d(tf.ones((1, 3, 5, 5)), tf.ones((3, 3, 3, 2)), 1, "SAME", data_format="NCHW")
    found = False
except tf.errors.OpError:
    found = True
"""


def test_tensorflow_still_has_what_registers_its_kernels_before_the_forks():
    from tensorflow.python.util.pywrap_xla_ops import get_cpu_kernel_names

    assert get_cpu_kernel_names()


def test_tensorflow_makes_neither_machine_code_nor_functions_of_what_runs_once():
    with Kernel(config=Course.find().config()) as kernel:
        functions, code = kernel.ask("""
from pathlib import Path
import keras, tensorflow as tf
from tensorflow.python.eager import context
tf.function(keras.layers.Dense(3))(tf.ones((2, 3)))
functions = sorted(map(str, context.context().list_function_names()))
found = [functions, [line for line in Path("/proc/self/maps").read_text().splitlines() if " rwxp " in line]]
""")
    assert functions and not [name for name in functions if "wrapped" in name]  # those of operations; ours is there
    assert not code


def fake_bwrap(folder: Path, script: str) -> None:
    (folder / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bwrap").chmod(0o755)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (None, "there is no bwrap command"),
        (
            "echo 'bwrap: No permissions to create a new namespace' >&2; exit 1",
            "No permissions to create a new namespace",
        ),
        ("exit 0", "the preloaded process ended"),
    ],
)
def test_where_there_is_no_sandbox_the_reason_and_the_remedy_are_given(tmp_path, monkeypatch, script, reason):
    if script:
        fake_bwrap(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable) as error:
        probe()
    assert reason in str(error.value)
    assert "apt install bubblewrap" in str(error.value) and "--trust-submissions" in str(error.value)


@pytest.mark.parametrize("kills", [2, 3])
def test_a_sandbox_that_is_killed_while_it_starts_is_started_again(tmp_path, monkeypatch, kills):
    fake_bwrap(
        tmp_path,
        f"""n=$(cat {tmp_path}/kills || echo 0)
if [ $n -lt {kills} ]; then echo $((n + 1)) > {tmp_path}/kills; kill -9 $$; fi
exec {shutil.which("bwrap")} "$@" """,
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(ForkServerGone, match="killed while it started") if kills == 3 else contextlib.nullcontext():
        probe()
    assert (tmp_path / "kills").read_text().strip() == str(kills)


def test_a_kernel_that_cannot_be_confined_does_not_run(monkeypatch):
    impossible = {**fork_server._LIMITS_OF_PROBE, "scratch_bytes": -1}
    monkeypatch.setattr(fork_server, "_LIMITS_OF_PROBE", impossible)
    with pytest.raises(SandboxUnavailable, match="mount"):
        probe()


def test_a_kernel_is_used_as_soon_as_it_answers_and_a_kill_lasts_until_it_has_ended(monkeypatch):
    """Both would cost each submission tenths of a second if nbclient and jupyter_client waited in their own ways."""
    answered = []
    say_hello = SandboxedExecute._say_hello

    async def noted(self):
        await say_hello(self)
        answered.append(self.km)

    monkeypatch.setattr(SandboxedExecute, "_say_hello", noted)
    with Kernel(config=Course.find().config()) as kernel:
        assert answered == [kernel.km]
        provisioner = kernel.km.provisioner
        assert asyncio.run(provisioner.poll()) is None
        asyncio.run(provisioner.kill())
        assert asyncio.run(provisioner.poll()) == -1


def test_a_traceback_names_the_line_and_stays_short():
    cell = nbformat.v4.new_code_cell("def f(x):\n    return x / 0\n\nf(1)")
    with Kernel(config=Course.find().config()) as kernel:
        assert kernel.run_cell(cell, 0) is None
    (error,) = cell.outputs
    assert error.ename == "ZeroDivisionError"
    assert "return x / 0" in "".join(error.traceback)
    assert sum(line.count("\n") + 1 for line in error.traceback) < 15
