"""Settings that must stand before TensorFlow is first imported, the order of the files, and what they share."""

import gc
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("AUTOGRADER_PROGRESS", "off")  # tests leave no trace in their user's own progress

# The collector looks through all that TensorFlow imported each time: a tenth of the processor time of all tests.
gc.set_threshold(50_000, 20, 100)

# The files that take longest: begun first, so that no core waits for the last of them. Those that mostly wait stand
# beside the one that has both cores busy at its beginning.
LONGEST = (
    "hostile",
    "answers",
    "limits",
    "run",
    "kills",
    "watch",
    "deaths",
    "grading",
    "nbgrader_autograde",
    "notebooks",
    "cluster",
    "build",
    "harmless",
    "batch",
    "learned_table",
    "visibility",
    "causes",
    "returns_property",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file nothing changes."""
    rank = {f"test_{name}": number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


def pytest_collection_finish() -> None:
    """What is imported stays: no need to look through it for garbage, as Keras does for each weight it takes away."""
    gc.freeze()


_LENT = pytest.StashKey[dict]()


def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """One preloaded process for all tests that sandbox something, and for the commands that they start: each of its own
    would import TensorFlow."""
    from autograder.sandbox.fork_server import lend

    stack = ExitStack()
    config.add_cleanup(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lent-"))
    config.stash[_LENT] = stack.enter_context(lend(Path(folder)))


def pytest_configure_node(node) -> None:
    """Tell a process that runs tests where to borrow."""
    node.workerinput["lent"] = node.config.stash[_LENT]


def pytest_configure(config: pytest.Config) -> None:
    os.environ.update(getattr(config, "workerinput", {}).get("lent", {}))


@pytest.fixture(scope="module")
def own_preloaded_process():
    """For a file that kills it, or looks at it from outside."""
    from autograder.sandbox import fork_server

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(fork_server._LENDER, raising=False)
        for name, value in (("_server", None), ("_wall", []), ("_preloaded", [])):
            patch.setattr(fork_server, name, value)
        yield
        if fork_server._server is not None:
            fork_server._server.stop()
