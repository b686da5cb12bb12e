"""What both sides of the sandbox's wall agree on."""

PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4}  # a kernel's channels, in the order of their sockets
SCRATCH = "/scratch"  # the one writable folder, a file system of its own
WORKING_FOLDER = f"{SCRATCH}/work"
LENGTH_BYTES = 8  # before each message between the judge and a process that runs models


def variable_in(entry: str) -> tuple[str, str] | None:
    """The environment variable and its value, where an entry of c.Course.preload is NAME=VALUE; None for a module."""
    name, is_set, value = entry.partition("=")
    return (name, value) if is_set else None
