"""The preloaded process puts its memory into large pages, and loses nothing of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = Path(__file__).parents[1] / "autograder" / "sandbox" / "inside"
SCRIPT = """
import random, sys
sys.path.insert(0, sys.argv[1])
import large_pages
numbers = [random.Random(seed).random() for seed in range(400_000)]
before = list(numbers)
large_pages.use_large_pages()
assert numbers == before
print(open("/proc/self/smaps_rollup").read())
"""


def knows_how() -> bool:
    """Linux has MADV_COLLAPSE since 6.1, where it was built with large pages."""
    release = re.match(r"(\d+)\.(\d+)", Path("/proc/sys/kernel/osrelease").read_text())
    large = Path("/sys/kernel/mm/transparent_hugepage/enabled").exists()
    return release is not None and (int(release[1]), int(release[2])) >= (6, 1) and large


def test_memory_comes_into_large_pages_and_is_as_it_was():
    ran = subprocess.run([sys.executable, "-c", SCRIPT, str(INSIDE)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    if not knows_how():
        pytest.skip("this system has no MADV_COLLAPSE")
    found = re.search(r"AnonHugePages: +(\d+) kB", ran.stdout)
    assert found and int(found[1]) > 0
