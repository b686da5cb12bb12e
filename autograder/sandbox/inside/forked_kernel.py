"""The kernel that a fork of the preloaded process becomes: ipykernel's, where it differs from the one at home.

Each change has its reason here, and the test of tests/test_forked_kernel.py that fails where it has lost its effect.
That what is changed is still there in ipykernel, IPython and pyzmq is tested there for all of them. Imported before the
fork.
"""

from __future__ import annotations

import sys
import threading
from functools import lru_cache
from types import SimpleNamespace

import ipykernel.ipkernel
import stand_ins
import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.compilerop import CachingCompiler
from shared import PORTS
from traitlets import Dict

# A large message is sent without copying it, for which pyzmq starts a thread: where a student's code has used up its
# threads, the answer would be lost. test_a_large_message_needs_no_thread_of_its_own.
zmq.COPY_THRESHOLD = 2**31 - 1


class NoThread:
    """In the place of ipykernel's thread for the shell channel, which is asked where cells run."""

    parent_thread = threading.main_thread()

    def __bool__(self):
        return False


class OneShell(IPythonKernel):
    """A kernel without subshells, whose cells come to the main thread at once, not through another thread.

    test_it_has_no_thread_for_its_shell.
    """

    _supports_kernel_subshells = False

    def _publish_status(self, status, channel, parent=None):
        """As the parent's, but only that a cell has ended: that it begins, who sent it knows.

        test_it_says_no_more_than_that_a_cell_has_ended.
        """
        if status == "idle":
            super()._publish_status(status, channel, parent)

    def _publish_execute_input(self, code, parent, execution_count):
        """Nothing: we know what we asked for. test_it_does_not_repeat_what_it_was_asked."""


class ForkedKernel(IPKernelApp):
    """A kernel on sockets that listen already: nothing outside is seen from here, not even their paths."""

    kernel_class = OneShell
    listeners = Dict(help="The descriptors of the listening sockets, by the number of the channel")

    def _bind_socket(self, kernel_socket, port):
        """As the parent's, on a socket that we were given: there is no path to bind another one to.

        Every test with a kernel fails without it.
        """
        kernel_socket.setsockopt(zmq.USE_FD, self.listeners[port])
        return super()._bind_socket(kernel_socket, port)

    def init_iopub(self, context):
        """As the parent's, without the pipe for forked children: that is a TCP socket, and there are none here.

        test_it_has_no_socket_of_the_internet.
        """
        publisher = context.socket(zmq.XPUB)
        self._bind_socket(publisher, self.iopub_port)
        self.iopub_thread = IOPubThread(publisher, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_control(self, context):
        """As the parent's, without the thread that `OneShell` does not have."""
        super().init_control(context)
        self.shell_channel_thread = NoThread()

    def init_kernel(self):
        """As the parent's, but that it finds no modules to list for a debugger: a third of a kernel's start.

        test_it_lists_no_modules_for_a_debugger.
        """
        ipykernel.ipkernel.sys = SimpleNamespace(**{**vars(sys), "modules": {}})
        try:
            super().init_kernel()
        finally:
            ipykernel.ipkernel.sys = sys

    def init_connection_file(self):
        """Nothing: who talks to this kernel knows where, and no file says so."""

    def write_connection_file(self, **ignored):
        """Nothing: the same. Every test with a kernel fails without it."""

    def parse_command_line(self, argv=None):
        """Nothing: there is no command line."""

    def load_config_file(self, **ignored):
        """Nothing: there is no such file, and looking for it takes time."""

    def init_heartbeat(self):
        """Nothing: the process's descriptor tells whether it lives. test_it_has_no_heartbeat."""


def start(key: str, listeners: dict[int, int]) -> None:
    """Run a kernel to its end. `key` signs its messages, `listeners` holds its sockets by the channel's number."""
    ports = {f"{name}_port": port for name, port in PORTS.items()}
    app = ForkedKernel.instance(
        transport="ipc", ip="kernel", quiet=True, connection_file="none", listeners=listeners, **ports
    )
    app.config.Session.key = key.encode()
    # A database, on a disk that is gone with the kernel: test_it_writes_no_connection_file_and_no_history.
    app.config.HistoryManager.enabled = False
    # Output and the end of a cell come in order on one socket: test_it_does_not_wait_at_the_end_of_a_cell.
    app.config.IPythonKernel._execute_sleep = 0.0
    # Other modes' pictures of the stack take a tenth of a second each: test_a_traceback_is_plain.
    app.config.InteractiveShell.xmode = "Plain"
    app.initialize([])
    # The debugger's compiler names cells by a hash made in Python, 1 ms per kilobyte, and ipykernel transforms a cell
    # twice: test_it_names_cells_without_a_hash_of_its_own_and_transforms_each_once.
    app.shell.compile = CachingCompiler()
    app.shell.transform_cell = lru_cache(1)(app.shell.transform_cell)
    # exit() in a cell must not end the interpreter for the exercises after it: test_exit_does_not_end_it.
    app.shell.ask_exit = lambda: None
    stand_ins.install(app.shell)
    app.start()
