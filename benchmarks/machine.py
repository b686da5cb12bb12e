"""Describes the machine of a measurement, so that its figures can be judged and repeated."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import psutil

PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "nbgrader", "nbclient", "ipykernel", "distributed")


def describe_machine() -> dict[str, str]:
    """What the machine is and what is installed, as short texts."""
    installed = {found.name.replace("_", "-"): found.version for found in distributions()}
    return {
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {installed[name]}" for name in PACKAGES if name in installed),
        "load before": f"{os.getloadavg()[0]:.1f}",
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    def git(*arguments: str) -> str:
        folder = Path(__file__).parent
        return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True).stdout.strip()

    changed = " with changes that are not committed" if git("status", "--porcelain") else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"
