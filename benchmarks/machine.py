"""Describes the machine of a measurement, so that its figures can be judged and repeated."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from importlib.metadata import distributions
from pathlib import Path

import psutil

from benchmarks.report import LAYERS_RESULTS, RESULTS

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
        "commit": commit_of(Path(__file__).parent),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def commit_of(folder: Path) -> str:
    """The commit that is measured, and whether something beside the results in `folder` was changed since."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True).stdout.strip()

    beside_results = [":/", *(f":(exclude){name}" for name in RESULTS + LAYERS_RESULTS)]
    changed = " with changes that are not committed" if git("status", "--porcelain", "--", *beside_results) else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"
