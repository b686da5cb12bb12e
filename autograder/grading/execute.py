"""Run cells in a sandboxed kernel, and say what stopped them."""

from __future__ import annotations

import asyncio
import contextlib
import math
import subprocess
import time
from queue import Empty

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Bool

from ..harmless.kernel_output import MAX_OUTPUTS, GuardedSession, Kept, read_output
from ..sandbox.fork_server import ForkServerGone
from ..sandbox.inside import stand_ins
from ..sandbox.limits import Limits
from ..sandbox.provisioner import KERNEL_NAME, KERNELS, SandboxProvisioner
from ..sandbox.watch import WALL_NET, Breach, Watch
from ..statuses import Status

_START_SECONDS = 60
_PREPARE = (  # an ordinary kernel's first line, which needs no import path
    f"--IPKernelApp.exec_lines=__import__('runpy').run_path({stand_ins.__file__!r})['install'](get_ipython())"
)
_END_SECONDS = 5
_LAST_WORDS_SECONDS = 0.1  # for what a kernel said before it ended to arrive
_UNREADABLE = Breach(
    Status.LIMIT, "Its output could not be read: it says too much at once, or broke its own interpreter."
)


class SandboxedExecute(Execute):
    """nbgrader's Execute on the sandboxed kernel, within the configured Limits.

    Raises SandboxUnavailable where this machine cannot confine submissions, and they are not trusted; ForkServerGone or
    WatchFailed if the sandbox broke down: a fault of the grader's, never of a submission.
    """

    trust_submissions = Bool(False, help="Run submissions in an ordinary kernel, with your own rights").tag(config=True)
    extra_arguments: list[str]  # of nbclient's: what a kernel is started with
    shutdown_kernel = "immediate"
    interrupt_on_timeout = False  # a new interpreter is ready sooner than a stubborn one gives in

    def start_clock(self) -> None:
        """Begin the notebook's time."""
        self.limits = Limits(config=self.config)
        self._ends_at = math.inf  # until the first cell runs: a kernel's start is not the student's time
        self._computed = 0.0  # processor time of all cells
        self._kept = Kept(self.limits.kept_characters)

    def run_cell(self, cell: NotebookNode, index: int, answer_bytes: int = 0) -> Breach | None:
        """Run one cell; its outputs are kept in it. Returns what stopped the interpreter, or None."""
        if self._ends_at == math.inf:
            self._ends_at = time.monotonic() + self.limits.notebook_seconds
        if self.time_is_over:
            return self._out_of_time()
        seconds = min(self.limits.cell_seconds, self.seconds_left)
        watch = self._watch
        if watch:
            watch.require()
            watch.let_say(self.limits.output_bytes + answer_bytes)
            waited_before, computed_before = watch.waited, watch.seconds
            watch.let_run(seconds, self._too_slow(seconds))
        patience = seconds * WALL_NET if watch else seconds
        self.timeout_func = lambda _: patience
        standing = self.nb.cells[index]
        started = time.monotonic()
        self._is_question = answer_bytes > 0
        # What a cell says when it is run again, in a new interpreter, is not kept.
        self._kept_here = self._kept if cell is standing else Kept(self.limits.kept_characters)
        try:
            self.execute_cell(cell, index, store_history=True)
        except DeadKernelError:
            return self._reason_of_death()
        except CellTimeoutError:
            if time.monotonic() < started + patience:
                return _UNREADABLE
            return Breach(Status.TIMEOUT, self._too_slow(seconds), contested=True)
        finally:
            self.nb.cells[index] = standing  # nbclient puts what it ran here, a question too
            if watch:
                watch.let_rest()
                self._ends_at += watch.waited - waited_before
                self._computed += watch.seconds - computed_before
        return None

    @property
    def _sandbox(self) -> SandboxProvisioner | None:
        """What started the kernel; None where submissions are trusted."""
        provisioner = self.km.provisioner
        return provisioner if isinstance(provisioner, SandboxProvisioner) else None

    @property
    def _watch(self) -> Watch | None:
        return self._sandbox.watch if self._sandbox else None

    def _too_slow(self, seconds: float) -> str:
        """What a student reads about a cell that took longer; "" is the status's own sentence."""
        return "" if seconds == self.limits.cell_seconds else self._out_of_time().sentence

    @property
    def seconds_left(self) -> float:
        """Wall time that the notebook may still take."""
        return self._ends_at - time.monotonic()

    @property
    def time_is_over(self) -> bool:
        return self.seconds_left <= 0

    def _out_of_time(self) -> Breach:
        allowed = self.limits.notebook_seconds
        sentence = f"The notebook as a whole took longer than the {allowed:g} s that grading allows."
        return Breach.out_of_time(sentence, self._computed, allowed)

    def _reason_of_death(self) -> Breach:
        sandbox, watch = self._sandbox, self._watch
        if sandbox is None or watch is None:
            return Breach(Status.CRASH, contested=True)
        watch.wait(_END_SECONDS)
        watch.require()
        if watch.breach:
            return watch.breach
        if not sandbox.server_is_alive:
            raise ForkServerGone("the preloaded process ended while a submission ran")
        # Who else would kill it is the system, where memory is short.
        return Breach(Status.CRASH, contested=watch.was_killed)

    def new_kernel(self) -> None:
        """A fresh interpreter in the place of the one that was stopped."""
        self._cleanup_kernel()
        self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()

    # --- nbclient's own steps, where ours differ ---

    def create_kernel_manager(self) -> AsyncKernelManager:
        if self.trust_submissions:
            name, specs = "python3", KernelSpecManager()
            # The sandboxed kernel does this by itself.
            self.extra_arguments = list(dict.fromkeys([*self.extra_arguments, _PREPARE]))
        else:
            name, specs = KERNEL_NAME, KernelSpecManager(kernel_dirs=[str(KERNELS)], ensure_native_kernel=False)
        self.km = AsyncKernelManager(kernel_name=name, kernel_spec_manager=specs, config=self.config)
        self.km.session = GuardedSession(parent=self.km, key=self.km.session.key)
        return self.km

    def start_new_kernel(self, **arguments) -> None:
        """Without the kernel's notices in our terminal: what a cell prints comes as messages."""
        super().start_new_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **arguments)

    async def async_start_new_kernel_client(self):
        """Ready once it has answered on both channels; nbclient's own way waits 0.2 s longer."""
        self.kc = self.km.client()
        self.kc.start_channels(hb=False)
        self.kc.allow_stdin = False
        ends_at = time.monotonic() + _START_SECONDS
        while time.monotonic() < ends_at:
            with contextlib.suppress(Empty):
                await self._say_hello()
                return self.kc
            if not await self.km.is_alive():
                break
        raise ForkServerGone("a new kernel did not answer")

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _async_poll_kernel_alive(self) -> None:
        """As nbclient's, which looks once a second, but that the end of a sandboxed kernel is seen when it comes."""
        if self._sandbox is None:
            return await super()._async_poll_kernel_alive()
        await self._sandbox.ended()
        await asyncio.sleep(_LAST_WORDS_SECONDS)
        assert self.task_poll_for_reply is not None
        self.task_poll_for_reply.cancel()  # which nbclient takes for a kernel's death

    async def _say_hello(self) -> None:
        hello = self.kc.kernel_info()
        for channel in (self.kc.shell_channel, self.kc.iopub_channel):
            while True:
                message = await channel.get_msg(timeout=1)
                about_us = message["parent_header"].get("msg_id") == hello
                if about_us and message["content"].get("execution_state") != "busy":
                    break

    async def async_execute_cell(self, *arguments, **keywords):
        """nbclient leaves its listeners running when a kernel ends or is too slow; the next kernel is not theirs."""
        before = asyncio.all_tasks()
        try:
            return await super().async_execute_cell(*arguments, **keywords)
        finally:
            left = asyncio.all_tasks() - before
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    execute_cell = run_sync(async_execute_cell)

    def process_message(self, msg, cell: NotebookNode, cell_index: int) -> None:
        """Keep what the cell shows. Widgets, updates of earlier outputs and the like do not matter to a grade."""
        if msg["msg_type"] == "status" and msg["content"].get("execution_state") == "idle":
            raise CellExecutionComplete
        output = read_output(msg)
        if output is None:
            return
        if not self._is_question:
            self._kept_here.add(cell.outputs, output)
        elif len(cell.outputs) < MAX_OUTPUTS:
            cell.outputs.append(output)
