"""Every limit of a submission's run, on both sides: within it full marks, beyond it the exercise, and no other."""

from __future__ import annotations

import nbformat
import pytest

from autograder.course import Course
from autograder.grading.grade import grade_file
from autograder.rebuild.rebuild import instructor_notebooks
from tests.support.course import solved
from tests.support.submissions import fill_in
from tests.support.verdicts import MB, answer, verdicts


def burn(seconds: float) -> tuple[str, ...]:
    return ("import time", f"end = time.process_time() + {seconds}", "while time.process_time() < end: pass")


def allocate(size: int) -> tuple[str, ...]:
    return ("import numpy, time", f"block = numpy.ones({size} // 8)", "time.sleep(0.3)")


def start_threads(count: int) -> tuple[str, ...]:
    return (
        "import threading, time",
        f"threads = [threading.Thread(target=time.sleep, args=(0.2,)) for _ in range({count})]",
        "for thread in threads: thread.start()",
        "for thread in threads: thread.join()",
    )


def fork(count: int) -> tuple[str, ...]:
    return (
        "import os, time",
        "children = []",
        f"for _ in range({count}):",
        "    pid = os.fork()",
        "    if pid == 0:",
        "        time.sleep(0.3)",
        "        os._exit(0)",
        "    children.append(pid)",
        "for pid in children: os.waitpid(pid, 0)",
    )


def open_files(count: int) -> tuple[str, ...]:
    return ("import os", f"files = [open(os.devnull) for _ in range({count})]", "for file in files: file.close()")


def write(size: int, folder: str = ".") -> tuple[str, ...]:
    return (
        "import os",
        f"with open('{folder}/big', 'wb') as file: file.write(bytes({size}))",
        f"os.remove('{folder}/big')",
    )


def fill(size: int, folder: str = ".") -> tuple[str, ...]:
    """Several files, none of which alone is over the limit of a file."""
    return tuple(f"open('{folder}/part{i}', 'wb').write(bytes({size // 4}))" for i in range(4))


CASES = {
    # name: (limits, what stays within, what goes beyond, the status beyond, what the student is told)
    "cell": ({"cell_seconds": 1.5}, ["import time; time.sleep(0.05)"], ["while True: pass"], "timeout", "in time"),
    "processor time": ({"cpu_seconds": 3, "cell_seconds": 20}, burn(0.05), burn(10), "timeout", "processor time"),
    "memory": ({"memory_bytes": 700 * MB}, allocate(64 * MB), allocate(600 * MB), "memory", "more memory than the 700"),
    "threads": ({"processes": 60}, start_threads(10), start_threads(100), "fail", "few processes and threads"),
    "processes": ({"processes": 60}, fork(10), fork(100), "fail", "few processes and threads"),
    "open files": ({"open_files": 150}, open_files(20), open_files(200), "fail", "few files at a time"),
    "a file": ({"scratch_bytes": 4 * MB}, write(2 * MB), write(8 * MB), "fail", "is full"),
    "scratch": ({"scratch_bytes": 4 * MB}, fill(2 * MB), fill(8 * MB), "fail", "you to write in is full"),
    "shared memory": ({"scratch_bytes": 4 * MB}, fill(2 * MB, "/dev/shm"), fill(8 * MB, "/dev/shm"), "fail", "is full"),
    "output": (
        {"output_bytes": MB},
        ["import os; os.write(1, b'x' * 1000)"],
        ["flood()"],
        "limit",
        "than grading reads",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_within_and_beyond(case):
    """The first exercise stays within the limit, the second goes beyond it."""
    limits, within, beyond, status, says = CASES[case]
    flood = "import sys\ndef flood():\n    for _ in range(10000): sys.__stdout__.write('x' * 100000)\n"
    found = verdicts(answer(*within) | answer(*beyond, exercise="channel_pool"), before=flood, **limits)
    stopped = found.pop("channel_pool")
    assert (stopped.status, stopped.score < stopped.max_score) == (status, True), stopped.messages
    assert says in " ".join(stopped.messages)
    assert {verdict.status for verdict in found.values()} == {"pass"}, [verdict.messages for verdict in found.values()]


def test_the_whole_notebook_has_a_time():
    """What comes before the end of it is graded; what comes after has no time left."""
    found = verdicts(
        {"apply_spatial_gate": "def apply_spatial_gate(x, gate):\n    while True: pass"}, notebook_seconds=5
    )
    statuses = {name: verdict.status for name, verdict in found.items()}
    assert statuses.pop("apply_spatial_gate") == statuses.pop("to_channels_first") == "timeout"
    assert set(statuses.values()) == {"pass"}
    assert "as a whole took longer than the 5 s" in found["to_channels_first"].messages[0]


@pytest.mark.parametrize(
    ("size", "status", "says"),
    [(2**16, "fail", ""), (2**19, "fail", "at most 1048576 are read"), (2**24, "limit", "than grading reads")],
)
def test_the_size_of_an_answer(size, status, says):
    big = {"channel_pool": f"import numpy\ndef channel_pool(x):\n    return numpy.zeros(({size} // 8,))"}
    found = verdicts(big, answer_bytes=2**20)
    stopped = found.pop("channel_pool")
    assert stopped.status == status and says in stopped.messages[0]
    assert ("at most" in stopped.messages[0]) == (size == 2**19)
    assert {verdict.status for verdict in found.values()} == {"pass"}


SAYS_MUCH = "print('\\U0001f600' + 'x' * 10**6)"
SHOWS_MUCH = "from IPython.display import display\ndisplay({'image/png': 'A' * 1_900_000}, raw=True)"


@pytest.mark.parametrize(("cells", "least", "most"), [(1, 1_900_000, 2_500_000), (12, 1_900_000, 4_500_000)])
def test_what_is_kept_of_a_notebook(tmp_path, cells, least, most):
    """However many cells say much, the graded notebook stays small, says where it was cut, and loses no marks."""
    course = Course.find()
    _, release = instructor_notebooks(course, "00_feature_maps")
    submitted = fill_in(release, solved("00_feature_maps"))
    for _ in range(cells):
        submitted.cells += [nbformat.v4.new_code_cell(code) for code in (SAYS_MUCH, SHOWS_MUCH)]
    path = tmp_path / "00_feature_maps.ipynb"
    nbformat.write(submitted, path)
    result = grade_file(course, "00_feature_maps", path)
    assert result.score == result.max_score
    assert least < len(result.graded) < most
    assert "[cut here: the text goes on]" in result.graded
    assert ("The rest is left out here" in result.graded) == (cells > 1)


def test_processor_time_counts_for_children_that_have_ended():
    lines = ["import os", "for _ in range(30):", "    pid = os.fork()", "    if pid == 0:"]
    lines += [f"        {line}" for line in (*burn(0.3), "os._exit(0)")]
    found = verdicts(answer(*lines, "    os.waitpid(pid, 0)"), cpu_seconds=2)
    stopped = found.pop("global_average_pool")
    assert stopped.status == "timeout" and "processor time" in stopped.messages[0]
    assert {verdict.status for verdict in found.values()} == {"pass"}
