"""The sandbox: a process that has imported everything, in bubblewrap, forks a confined kernel for each submission."""

from .bubblewrap import SandboxUnavailable
from .fork_server import probe as require_sandbox

__all__ = ["SandboxUnavailable", "require_sandbox"]
