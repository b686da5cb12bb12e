"""Grade a class: many submissions at once, one writer to the gradebook, every result kept as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..course import Course
from ..grading.assignment import Assignment
from ..grading.grade import Result, grade_submission
from ..intake.finding import find_students, find_submission, only_named
from ..intake.recognise import Recogniser
from ..record.ledger import Ledger, ledger_path
from ..record.recorder import Recorder, require_assignment
from ..seeds import draw_seed
from .attempts import Attempts, end_broken_off
from .run import ClassRun, Tally


@dataclass(frozen=True)
class Options:
    """How a class is graded: a `seed` to replay, `force` to run what is graded already, `trust` to do without sandbox.

    `seed` is the class's, from which each submission's own is made. `only` names the students whose submissions are
    looked at, if not all are. `grade` grades one file on a worker; a test may put another function there.
    """

    submitted: Path | None = None
    seed: int | None = None
    force: bool = False
    trust: bool = False
    only: tuple[str, ...] = ()
    grade: Callable[..., Result] = field(default=grade_submission)


class Stopped(Exception):
    """The user stopped the grading; the message says how far it came."""


@dataclass(frozen=True)
class ClassResults:
    """A graded class: its tally, and the results in the order of the students' names, read one at a time."""

    tally: Tally
    ledger: Path
    students: tuple[str, ...]

    def __iter__(self) -> Iterator[Result]:
        with Ledger(self.ledger) as ledger:
            yield from ledger.results(self.students)


def grade_class(
    course: Course,
    name: str,
    options: Options,
    open_client: Callable,
    on_change: Callable[[Tally], None] = lambda tally: None,
    on_wait: Callable[[], None] = lambda: None,
) -> ClassResults:
    """Grade every submission of a notebook and record it. One submission never costs another one anything.

    Parameters
    ----------
    open_client : gives a context with a Dask client; called only if there is something to run.
    on_change : hears of every submission that is done.
    on_wait : hears each time that another program holds the gradebook.
    Raises CourseError as `find_students`, `only_named` and `Course.best_counts` do, or if the cluster, the ledger or
    the gradebook cannot be used; Stopped on Ctrl-C. What came is kept, and the next run goes on from there.
    """
    course.best_counts  # noqa: B018 - a wrong setting is said before anything runs
    own_folder = options.submitted is None  # another one is the teacher's to arrange: what lies there counts
    if own_folder:
        end_broken_off(course.root / "submitted", name)
    students = only_named(find_students(course, name, options.submitted), options.only)
    assignment = Assignment.of(course, name, options.trust, options.submitted)
    require_assignment(course, name, on_wait)
    tally = Tally(len(students))
    path = ledger_path(course, name)
    with Ledger(path) as ledger, Recorder(course, name, on_wait) as recorder:
        is_part_of_a_run = bool(options.only) and ledger.open_seed is not None  # the rest goes on with its seed
        seed = options.seed if options.seed is not None else _seed_of_run(ledger)
        holds_it = Recogniser(course).holds(name)
        find = partial(find_submission, name=name, holds_it=holds_it, limits=assignment.limits)
        attempts = Attempts(course, name, students, ledger, recorder) if own_folder else None
        run = ClassRun(assignment, students, ledger, recorder, tally, lambda: on_change(tally), find, attempts)
        try:
            run.run(open_client, options.grade, seed, options.seed, options.force)
        except KeyboardInterrupt:
            raise Stopped(f"{tally.done} of {tally.total} are done") from None
        if not is_part_of_a_run:
            ledger.open_seed = None
    return ClassResults(tally, path, tuple(students))


def _seed_of_run(ledger: Ledger) -> int:
    """The class's seed, from which each submission's own is made; a run that was broken off goes on with its own."""
    if ledger.open_seed is None:
        ledger.open_seed = draw_seed()
    return ledger.open_seed
