"""The sandbox as jupyter_client sees it: a kernel provisioner, named by the kernel "sandboxed"."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import List, Unicode

from ..files import temporary_folder
from .fork_server import ForkClient, the_fork_server
from .hidden import hidden_paths
from .inside.shared import PORTS
from .limits import Limits
from .watch import Watch

KERNEL_NAME = "sandboxed"
KERNELS = Path(__file__).parent / "kernels"
_END_SECONDS = 0.5
_HEARTBEAT_PORT = 5  # nobody listens: the process itself is watched


class SandboxProvisioner(KernelProvisionerBase):
    """Starts kernels as children of the preloaded process. The kernel is process 1 of a namespace of its own."""

    hidden = List(Unicode(), help="What submissions must not see, beside the course's own folders").tag(config=True)

    watch: Watch | None = None
    _server: ForkClient | None = None
    _descriptor: int | None = None
    _folder: Path | None = None

    @property
    def _manager(self) -> Any:
        """The kernel manager whose kernel this is."""
        return self.parent

    @property
    def has_process(self) -> bool:
        return self._descriptor is not None

    @property
    def server_is_alive(self) -> bool:
        """Whether the preloaded process lives: a kernel that ends with it was not ended by its own code."""
        return self._server is not None and self._server.is_alive()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the paths of the kernel's sockets. The environment and the working folder are not passed on."""
        # Short: the path of a Unix socket has at most 107 characters.
        self._at_end = contextlib.ExitStack()
        self._folder = self._at_end.enter_context(temporary_folder("kernel-"))
        manager = self._manager
        manager.transport, manager.ip = "ipc", f"{self._folder}/k"
        for name, port in PORTS.items():
            setattr(manager, f"{name}_port", port)
        manager.hb_port = _HEARTBEAT_PORT
        manager.cache_ports = False
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel on sockets that we opened: it needs no path to reach us.
        Raises SandboxUnavailable or ForkServerGone: see `ForkServer`."""
        limits = Limits(config=self.config)
        hidden = hidden_paths(self.config, *map(Path, self.hidden))
        preload = self.config.get("Course", {}).get("preload", ())
        self._server = await asyncio.to_thread(the_fork_server, hidden, preload)
        listeners = [self._listen(port) for port in PORTS.values()]
        try:
            key = self.connection_info["key"]
            self._descriptor = await asyncio.to_thread(
                self._server.fork, key.decode() if isinstance(key, bytes) else key, limits.of_process(), listeners
            )
        finally:
            for listener in listeners:
                listener.close()
        paths = {f"{self._manager.ip}-{port}": self._kernel_path(port) for port in PORTS.values()}
        self.watch = Watch(self._descriptor, limits, paths)
        return self.connection_info

    def _kernel_path(self, port: int) -> str:
        return f"{self._folder}/inner-{port}"

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self._kernel_path(port))
        listener.listen(8)
        return listener

    async def poll(self) -> int | None:
        """None while the process runs. How it ended only its parent knows: then -1."""
        if self._descriptor is None or select.select([self._descriptor], [], [], 0)[0]:
            return -1
        return None

    async def ended(self) -> None:
        """Return once the process has ended."""
        if (descriptor := self._descriptor) is None:
            return
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(descriptor, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(descriptor)

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)
        self._close()
        return 0

    async def send_signal(self, signum: int) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(ProcessLookupError):  # it has ended already
                signal.pidfd_send_signal(self._descriptor, signum)

    async def kill(self, restart: bool = False) -> None:
        """End it, and wait some milliseconds for that: jupyter_client looks again only after a tenth of a second."""
        await self.send_signal(signal.SIGKILL)
        if self._descriptor is not None:
            await asyncio.to_thread(select.select, [self._descriptor], [], [], _END_SECONDS)

    async def terminate(self, restart: bool = False) -> None:
        await self.kill()  # there is nothing in the sandbox to end gently

    async def cleanup(self, restart: bool = False) -> None:
        await self.kill()
        self._close()
        if self._folder is not None:
            self._at_end.close()
            self._folder = None

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
