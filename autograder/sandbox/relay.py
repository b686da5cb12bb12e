"""Carries bytes between a kernel's sockets and ours, and counts what comes out of the sandbox.

Counted on the wire, because ZeroMQ takes in a message of endlessly many parts before anyone can see it.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from functools import partial

_CHUNK = 2**18
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Relay:
    """Listens at `path` and joins whoever connects with the socket at `kernel_path`.

    The selector's owner calls each ready key's `data` with the key's events. `on_bytes` gets the size of each piece
    that the kernel sent.
    """

    def __init__(self, selector: selectors.BaseSelector, path: str, kernel_path: str, on_bytes: Callable[[int], None]):
        self._selector, self._kernel_path, self._on_bytes = selector, kernel_path, on_bytes
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(8)
        selector.register(self._listener, READ, self._accept)

    def _accept(self, events: int) -> None:
        client, _ = self._listener.accept()
        kernel = socket.socket(socket.AF_UNIX)
        try:
            kernel.setblocking(False)
            kernel.connect(self._kernel_path)
        except OSError:  # the kernel is gone, or does not accept any more
            client.close()
            kernel.close()
            return
        _Link(self._selector, client, kernel, self._on_bytes)


class _Link:
    """Two joined sockets. One is not read while the other does not take what was read."""

    def __init__(self, selector: selectors.BaseSelector, client: socket.socket, kernel: socket.socket, on_bytes):
        self._selector, self._kernel, self._on_bytes = selector, kernel, on_bytes
        self._other = {client: kernel, kernel: client}
        self._waiting = {client: b"", kernel: b""}  # to be sent to it
        self._events = {client: 0, kernel: 0}
        for one in self._other:
            one.setblocking(False)
            self._listen(one)

    def _ready(self, one: socket.socket, events: int) -> None:
        try:
            if events & WRITE:
                self._send(one)
            if events & READ:
                self._receive(one)
        except BlockingIOError:
            pass
        except OSError:
            self._close()

    def _receive(self, one: socket.socket) -> None:
        data = one.recv(_CHUNK)
        if not data:
            raise ConnectionResetError
        if one is self._kernel:
            self._on_bytes(len(data))
        self._waiting[self._other[one]] = data
        self._send(self._other[one])

    def _send(self, one: socket.socket) -> None:
        try:
            sent = one.send(self._waiting[one])
        except BlockingIOError:
            sent = 0
        self._waiting[one] = self._waiting[one][sent:]
        for end in self._other:
            self._listen(end)

    def _listen(self, one: socket.socket) -> None:
        """Ask the selector for what matters now: room to send what waits, and news if there is room for it."""
        events = (0 if self._waiting[self._other[one]] else READ) | (WRITE if self._waiting[one] else 0)
        before, self._events[one] = self._events[one], events
        if events == before:
            return
        if not before:
            self._selector.register(one, events, partial(self._ready, one))
        elif not events:
            self._selector.unregister(one)
        else:
            self._selector.modify(one, events, partial(self._ready, one))

    def _close(self) -> None:
        for one in self._other:
            if self._events[one]:
                self._selector.unregister(one)
                self._events[one] = 0
            one.close()
