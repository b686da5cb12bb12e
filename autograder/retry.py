"""Trying again what may go well the next time: a process was killed meanwhile, memory was short for a moment."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
TRIES = 3


def with_retries(work: Callable[[], T], errors: type[Exception], tries: int = TRIES) -> T:
    """What `work` returns, called until it does not raise one of `errors`; the last try's error is raised."""
    for _ in range(tries - 1):
        with contextlib.suppress(errors):
            return work()
    return work()
