"""What a submission may use. Set in nbgrader_config.py as `c.Limits.<name>`."""

from __future__ import annotations

from traitlets import Float, Integer
from traitlets.config import Configurable

_MB = 2**20


def _limit(default: int, help: str) -> Integer:
    return Integer(default, min=1, help=help).tag(config=True)


def _seconds(default: float, help: str) -> Float:
    return Float(default, min=0.1, help=help).tag(config=True)


class Limits(Configurable):
    """Limits of one submission's run. What happens at each is in the README's table."""

    cell_seconds = _seconds(30, "Wall time of one cell, and of the questions of one exercise.")
    notebook_seconds = _seconds(240, "Wall time of the whole notebook.")
    cpu_seconds = _limit(120, "Processor time of one interpreter and all that it starts.")
    memory_bytes = _limit(2048 * _MB, "Resident memory of the interpreter and all that it starts, together.")
    processes = _limit(128, "Processes and threads at a time.")
    open_files = _limit(256, "Open files of one process.")
    scratch_bytes = _limit(128 * _MB, "The scratch folder, with /dev/shm.")
    scratch_files = _limit(4096, "Files in the scratch folder.")
    output_bytes = _limit(8 * _MB, "All that one cell prints and shows.")
    kept_characters = _limit(4 * _MB, "What is kept of all that the notebook's cells print and show, in characters.")
    answer_bytes = _limit(8 * _MB, "The answers to the questions of one exercise.")
    notebook_bytes = _limit(20 * _MB, "The file that is handed in.")
    beside_bytes = _limit(64 * _MB, "What is copied of the files that were handed in beside the notebook.")
    archive_ratio = _limit(100, "How many times larger than itself an archive may unpack.")

    def of_process(self) -> dict[str, int]:
        """What the kernel's own process sets on itself."""
        names = ("scratch_bytes", "scratch_files", "cpu_seconds", "processes", "open_files")
        return {name: getattr(self, name) for name in names}
