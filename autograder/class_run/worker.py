"""The part of a class's grading that runs in Dask's workers. They have this package, but neither course nor files."""

from __future__ import annotations

import faulthandler
import gc
import tempfile
from collections.abc import Callable

import nbformat
from distributed import WorkerPlugin, get_client, get_worker

from ..course import CourseError
from ..feedback import exporter as feedback
from ..files import temporary_folder
from ..grading.assignment import Assignment
from ..grading.environment import difference, environment
from ..grading.grade import Result, grade_submission
from ..sandbox.bubblewrap import SandboxUnavailable
from ..sandbox.fork_server import ForkServerGone, probe

_assignments: dict[str, Assignment] = {}  # by the run of a grader; a cluster may serve several


class WorkerDied(Exception):
    """A worker died while it ran this job."""


class Preparation(WorkerPlugin):
    """Brings the assignment to every worker once, to those that join later too.

    Its set-up raises CourseError on a worker whose code or versions would not give the same grades, or which cannot
    confine the submissions.
    """

    def __init__(self, run: str, assignment: Assignment):
        self.name = run  # Dask's name for it too
        self.assignment = assignment
        self.environment = environment(assignment.package)

    def setup(self, worker) -> None:
        tempfile.tempdir = None  # chosen anew: a worker is forked with what its maker had chosen
        gc.freeze()  # what is imported stays: no need to look through it for garbage again and again
        _end_profile(worker)
        faulthandler.enable()  # if the worker crashes, its last words say where
        different = difference(self.environment, environment(self.assignment.package))
        if different:
            raise CourseError(f"the worker at {worker.address} would grade differently: {different}")
        if not self.assignment.settings.get("Run", {}).get("trust_submissions"):
            try:
                probe()
            except (SandboxUnavailable, ForkServerGone) as error:
                raise CourseError(str(error)) from error
        _assignments[self.name] = self.assignment

    def teardown(self, worker) -> None:
        _assignments.pop(self.name, None)


def _end_profile(worker) -> None:
    """End Dask's look at the worker's threads, a hundred times a second where `dask worker` was started by hand.

    Where Python looks for garbage meanwhile, it may wait for ever: github.com/python/cpython/issues/106883.
    """
    for name in ("profile", "profile-cycle"):
        callback = worker.periodic_callbacks.pop(name, None)  # one that is not begun yet is not begun
        if callback is not None:
            callback.stop()


def run_once(job: Callable, *arguments):
    """Run a job, but not again where a worker has died with it: whether to try again is the grader's to say.
    Raises WorkerDied if it was begun before."""
    key, client = get_worker().get_current_task(), get_client()
    if client.get_metadata([key, "begun"], False):
        raise WorkerDied
    client.set_metadata([key, "begun"], True)
    return job(*arguments)


def grade_on_worker(run: str, student: str, content: bytes, seed: int, grade: Callable[..., Result] = grade_submission):
    """Grade the bytes of a submission. The file is read here: a hostile one must not meet the grader's own process."""
    if run not in _assignments:
        raise CourseError(f"the worker at {get_worker().address} could not be prepared: look in its log")
    with temporary_folder("submission-") as folder:
        path = folder / "submission.ipynb"
        path.write_bytes(content)
        result = grade(_assignments[run], path, student, seed)
    return result.pack(), result.graded


def render_on_worker(graded: str, grades: feedback.GradesOfNotebook) -> str:
    """The feedback page of a graded notebook."""
    return feedback.render(nbformat.v4.reads(graded), grades)
