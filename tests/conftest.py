"""Settings that must stand before TensorFlow is first imported, and the order of the files."""

import gc
import os

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
    "new_course",
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
