"""What the sandbox's kernel changes of ipykernel is still there to be changed, and each change has its effect."""

from __future__ import annotations

import importlib
import inspect
import sys

import ipykernel.ipkernel
import nbformat
import pytest
import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.compilerop import CachingCompiler
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session

from autograder.course import Course
from autograder.sandbox.bubblewrap import INSIDE
from tests.support.kernel import Kernel


class Listening(Kernel):
    """A kernel that keeps the kinds of the messages that it sent."""

    def process_message(self, msg, cell, cell_index):
        self.kinds = [*getattr(self, "kinds", []), msg["msg_type"]]
        return super().process_message(msg, cell, cell_index)


@pytest.fixture(scope="module")
def kernel():
    with Listening(config=Course.find().config()) as kernel:
        yield kernel


@pytest.fixture
def forked_kernel(monkeypatch):
    monkeypatch.syspath_prepend(str(INSIDE))
    before = set(sys.modules)
    yield importlib.import_module("forked_kernel")
    for name in set(sys.modules) - before:
        if str(INSIDE) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


# --- what is changed exists, in the form that the change expects ------------------------------------------------------

METHODS = {  # of our class's parent, with their parameters
    "ForkedKernel._bind_socket": ["self", "s", "port"],
    "ForkedKernel.init_iopub": ["self", "context"],
    "ForkedKernel.init_control": ["self", "context"],
    "ForkedKernel.init_kernel": ["self"],
    "ForkedKernel.init_connection_file": ["self"],
    "ForkedKernel.write_connection_file": ["self", "kwargs"],
    "ForkedKernel.parse_command_line": ["self", "argv"],
    "ForkedKernel.load_config_file": ["self", "suppress_errors"],
    "ForkedKernel.init_heartbeat": ["self"],
    "OneShell._publish_status": ["self", "status", "channel", "parent"],
    "OneShell._publish_execute_input": ["self", "code", "parent", "execution_count"],
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_that_is_replaced_is_called_as_before(name, forked_kernel):
    ours, method = name.split(".")
    (parent,) = getattr(forked_kernel, ours).__bases__
    assert list(inspect.signature(getattr(parent, method)).parameters) == METHODS[name]


def test_every_replaced_method_is_in_the_list(forked_kernel):
    classes = (forked_kernel.ForkedKernel, forked_kernel.OneShell)
    replaced = [f"{one.__name__}.{name}" for one in classes for name, it in vars(one).items() if inspect.isfunction(it)]
    assert sorted(replaced) == sorted(METHODS)


@pytest.mark.parametrize(
    ("owner", "setting"),
    [
        (HistoryManager, "enabled"),
        (Session, "key"),
        (IPythonKernel, "_execute_sleep"),
        (InteractiveShell, "xmode"),
        (IPKernelApp, "quiet"),
        (IPKernelApp, "transport"),
    ],
)
def test_a_setting_is_one(owner, setting):
    assert owner.class_traits()[setting].metadata.get("config")


def test_what_is_put_on_kernel_and_shell_takes_the_place_of_something():
    assert isinstance(IPythonKernel._supports_kernel_subshells, property)
    assert {"kernel_class", "shell_channel_thread"} <= set(IPKernelApp.class_traits())
    assert list(inspect.signature(InteractiveShell.transform_cell).parameters) == ["self", "raw_cell"]
    assert "compile" in InteractiveShell.class_traits() or hasattr(InteractiveShell, "compiler_class")
    assert CachingCompiler().cache("1", 0).startswith("<ipython-input-")
    assert {"pipe", "session"} <= set(inspect.signature(IOPubThread).parameters)
    assert zmq.USE_FD and ipykernel.ipkernel.sys is sys
    assert "sys.modules" in inspect.getsource(IPythonKernel.__init__)  # what `init_kernel` hides


# --- each change has its effect -----------------------------------------------------------------------------------


def test_it_has_no_socket_of_the_internet(kernel):
    lines = "sum(len(path.read_text().splitlines()) - 1 for path in Path('/proc/self/net').glob('tcp*'))"
    assert kernel.ask(f"from pathlib import Path; found = {lines}") == 0


def test_it_lists_no_modules_for_a_debugger(kernel):
    looked = "get_ipython().kernel._kernel_modules, ipykernel.ipkernel.sys is sys"
    assert kernel.ask(f"import sys, ipykernel.ipkernel; found = {looked}") == [[], True]


def test_it_writes_no_connection_file_and_no_history(kernel):
    code = "from pathlib import Path\nfound = [p.name for p in Path('/scratch').rglob('*') if p.suffix in "
    assert kernel.ask(f"{code}('.json', '.sqlite')]") == []
    assert kernel.ask("found = get_ipython().history_manager.enabled") is False


def test_it_has_no_heartbeat(kernel):
    assert kernel.ask("found = get_ipython().kernel.parent.heartbeat is None") is True


def test_a_large_message_needs_no_thread_of_its_own(kernel):
    kernel.run_cell(nbformat.v4.new_code_cell("print('x' * 500_000)"), 0)
    assert kernel.ask("from zmq.utils.garbage import gc; found = gc.thread is None") is True


def test_it_does_not_repeat_what_it_was_asked(kernel):
    kernel.ask("found = 1")
    assert "stream" in kernel.kinds and "execute_input" not in kernel.kinds


def test_it_has_no_thread_for_its_shell(kernel):
    threads = kernel.ask("import threading; found = [type(one).__name__ for one in threading.enumerate()]")
    assert "_MainThread" in threads and "ShellChannelThread" not in threads
    assert kernel.ask("import asyncio; await asyncio.sleep(0); found = threading.current_thread().name") == "MainThread"


def test_it_says_no_more_than_that_a_cell_has_ended(kernel):
    kernel.kinds = []
    kernel.ask("found = 1")
    assert kernel.kinds.count("status") == 1


def test_it_does_not_wait_at_the_end_of_a_cell(kernel):
    assert kernel.ask("found = get_ipython().kernel._execute_sleep") == 0


def test_it_names_cells_without_a_hash_of_its_own_and_transforms_each_once(kernel):
    assert kernel.ask("found = type(get_ipython().compile).__name__") == "CachingCompiler"
    asked = "found = get_ipython().transform_cell.cache_info()"
    (hits, misses, *_), (more_hits, more_misses, *_) = kernel.ask(asked), kernel.ask(asked.replace("=", " = "))
    assert more_hits > hits and more_misses == misses + 1


def test_exit_does_not_end_it(kernel):
    kernel.ask("kept = 5; found = 0; exit()")
    kernel.ask("import time; found = time.sleep(0.3)")  # ipykernel ends a tenth of a second after it was asked
    assert kernel.ask("found = kept") == 5


def test_a_traceback_is_plain(kernel):
    cell = nbformat.v4.new_code_cell("def fails():\n    1 / 0\nfails()")
    assert kernel.run_cell(cell, 0) is None
    traceback = "\n".join(cell.outputs[-1].traceback)
    assert "ZeroDivisionError" in traceback and "---->" not in traceback
