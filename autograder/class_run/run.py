"""One run over a class: from each submission to its result in the ledger, its grades, its feedback."""

from __future__ import annotations

import hashlib
import json
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from uuid import uuid4

from ..course import CourseError
from ..feedback.exporter import GradesOfNotebook, refusal_page
from ..grading.assignment import Assignment
from ..grading.environment import environment
from ..grading.grade import Result, faulty, refused
from ..intake.finding import place_note
from ..intake.reading import Unreadable, read_submission
from ..record.gradebook import InGradebook
from ..record.hand_grades import ByHandOfAttempt
from ..record.ledger import Beside, Entry, Key, Ledger
from ..record.recorder import Graded, Recorder
from ..retry import with_retries
from ..seeds import seed_of_submission
from .attempts import Attempt, Attempts
from .pool import MAX_BREAKS, Job, Outcome, Pool
from .worker import Preparation, grade_on_worker, render_on_worker

BATCH = 20  # results that are entered as one transaction
BATCH_SECONDS = 2.0  # or those that came in this time,
BATCH_CHARACTERS = 20_000_000  # or before their notebooks are more than this
_LOOK_SECONDS = 0.5


@dataclass
class Tally:
    """How many submissions there are and what became of them: each that is done counts in one of the others."""

    total: int
    graded: int = 0
    unchanged: int = 0
    refused: int = 0
    set_aside: int = 0
    failed: int = 0
    repeated: int = 0  # jobs that were begun again because their worker died

    @property
    def done(self) -> int:
        return self.graded + self.unchanged + self.refused + self.set_aside + self.failed

    @property
    def not_graded(self) -> int:
        return self.refused + self.set_aside + self.failed


class ClassRun:
    """Grades what has to be graded, records what has to be recorded, leaves alone what stands.

    Without `attempts`, what lies in the folder of submissions counts, whatever the course's setting.
    """

    def __init__(
        self,
        assignment: Assignment,
        students: dict[str, Path],
        ledger: Ledger,
        recorder: Recorder,
        tally: Tally,
        on_change: Callable[[], None],
        find: Callable[[Path], Path],
        attempts: Attempts | None = None,
    ):
        self._assignment, self._students, self._find = assignment, students, find
        self._place_notes: dict[str, tuple[str, ...]] = {}  # where a notebook lay, if not where it should
        self._attempts = attempts
        self._to_go_on: deque[str] = deque()  # of whom another attempt has its result
        self._by_hand: dict[str, ByHandOfAttempt] = {}  # what a person gave for an attempt that counts again
        self._ledger, self._recorder = ledger, recorder
        self._tally, self._on_change = tally, on_change
        self._id = uuid4().hex
        self._pool: Pool | None = None
        self._to_record: list[Result] = []
        self._recorded_before: set[str] = set()  # whose result in the ledger is the one that was recorded last
        self._last_batch = time.monotonic()
        self._to_render: deque[Job] = deque()
        self._to_repeat: deque[Job] = deque()  # whose verdicts may be the fault of what ran beside them
        self._asleep: deque[Job] = deque()  # of those, the ones that slept: they can be repeated beside each other
        self._ran: set[str] = set()  # whose submission ran now, not in an earlier run

    def run(self, open_client: Callable, grade: Callable[..., Result], seed: int, key_seed: int | None, force: bool):
        """Bring every submission to its end. `seed` is the class's, `key_seed` the one that the user asked for, if any.
        Raises CourseError if the cluster or the gradebook cannot be used."""
        self._open_client, self._grade, self._seed, self._force = open_client, grade, seed, force
        tests = [self._assignment.digest, environment(self._assignment.package), key_seed]
        self._tests = _digest(json.dumps(tests, sort_keys=True).encode())
        self._entries = self._ledger.entries()
        self._in_gradebook = self._recorder.digests(self._students)
        self._waiting = iter(self._students)
        with ExitStack() as self._stack:
            self._interrupted = self._stack.enter_context(_interrupts_noted())
            try:
                self._work()
            except KeyboardInterrupt:
                self._record()  # what has come; its feedback is the next run's
                raise

    def _work(self) -> None:
        while True:
            if self._interrupted.is_set():
                raise KeyboardInterrupt
            due = time.monotonic() - self._last_batch > BATCH_SECONDS
            held = sum(len(result.graded) for result in self._to_record)
            if len(self._to_record) >= BATCH or held > BATCH_CHARACTERS or (self._to_record and due):
                self._record()
            has_room = self._pool is None or self._pool.has_room
            if has_room and self._begin_next():
                continue
            if self._pool and not self._pool.idle:
                outcome = self._pool.next_outcome(_LOOK_SECONDS)
                if outcome:
                    self._take(outcome)
            elif self._to_record:
                self._record()
            elif self._asleep:  # late, when nobody waits for it
                self._open_pool().add_asleep(self._asleep)
            elif self._to_repeat:  # last
                self._open_pool().add_alone(self._to_repeat.popleft())
            else:
                return

    # --- what each submission needs ---

    def _begin_next(self) -> bool:
        """Start the next job, or see that the next submission needs none. False if there is nothing left to begin."""
        if self._to_render:
            self._open_pool().add(self._to_render.popleft())
            return True
        if self._to_go_on:
            self._begin_attempts(self._to_go_on.popleft())
            return True
        student = next(self._waiting, None)
        if student is not None:
            self._begin(student)
        return student is not None

    def _begin(self, student: str) -> None:
        if self._attempts and self._attempts.concern(student):
            self._begin_attempts(student)
            return
        attempt = self._look_at(self._students[student])
        entry = self._entries.get(student)
        if self._attempts and entry is not None and entry.key.submission != attempt.key.submission:
            self._attempts.keep_given(student, entry)
        if entry is not None and (entry.key != attempt.key or self._force):
            entry = None  # it counts no more
        if entry is not None and entry.final:
            self._go_on(student, entry)
            return
        self._start(student, attempt, entry.breaks if entry else 0)

    def _start(self, student: str, attempt: Attempt, breaks: int) -> None:
        self._ledger.begin(student, attempt.key, breaks)
        if attempt.path is None:
            self._keep(refused(self._assignment.name, self._assignment.exercises, student, attempt.refusal))
            return
        self._place_notes[student] = place_note(attempt.folder, attempt.path)
        seed = seed_of_submission(self._seed, student, self._assignment.name, attempt.content)
        arguments = (self._id, student, attempt.content, seed, self._grade)
        self._open_pool().add(Job(student, grade_on_worker, arguments, breaks=breaks))

    def _look_at(self, folder: Path) -> Attempt:
        """What was handed in in a folder; what it says is for a worker to find out."""
        path, content, refusal = None, b"", ""
        try:
            path, content = self._read(folder)
        except Unreadable as reason:
            refusal = str(reason)
        key = Key(self._tests, _digest(refusal.encode() + b"\0" + content))
        return Attempt(folder, key, path, content, refusal)

    def _read(self, folder: Path) -> tuple[Path, bytes]:
        """The file in a folder, and its bytes.
        Raises Unreadable if there is no such file, or it is no plain file of a sensible size."""
        path, limits = self._find(folder), self._assignment.limits
        try:
            if path.stat().st_size > limits.notebook_bytes:
                read_submission(path, limits)  # refuses it by its size, with the sentence for it
            return path, path.read_bytes()
        except OSError as error:
            raise Unreadable(f"The file cannot be read: {error.strerror}.") from error

    def _begin_attempts(self, student: str) -> None:
        """Grade the next of a student's attempts that has no result, or go on with the one that counts."""
        assert self._attempts
        folder = self._students[student]
        attempt = self._attempts.next_to_grade(student, folder, self._look_at, self._force)
        if attempt:
            self._start(student, *attempt)
            return
        given = self._attempts.settle(student, folder)
        if given:
            self._by_hand[student] = given
        entry = self._ledger.entry(student)
        assert entry
        self._go_on(student, entry)

    def _go_on(self, student: str, entry: Entry) -> None:
        """Do what is still to do, or to do again, for a submission that has its result."""
        (result,) = self._ledger.results([student])
        if result.reason:
            self._write_reason(result)  # anew: the name may have come since
            return
        page_is_there = self._recorder.has_feedback(student, self._students[student])
        if entry.recorded:
            self._recorded_before.add(student)
        before, now = entry.beside, self._beside(student, self._in_gradebook.get(student))
        as_entered = before and now and replace(now, shown=before.shown) == before
        if not (as_entered and self._recorder.has_graded(student, result.attempt)):
            self._to_record.append(replace(result, graded=self._ledger.graded(student)))
        elif now != before or not page_is_there:
            grades = self._recorder.grades(student)
            self._to_render.append(_render_job(student, now, self._ledger.graded(student), grades))
        else:
            self._count_grade(student)

    def _beside(self, student: str, in_gradebook: InGradebook | None) -> Beside | None:
        """What is beside a student's result now; None where the gradebook has nothing of it."""
        if in_gradebook is None:
            return None
        files = self._recorder.digest_of_files(self._students[student])
        return Beside(files, in_gradebook.entered, in_gradebook.shown)

    # --- what comes of it ---

    def _take(self, outcome: Outcome) -> None:
        student, beside = outcome.job.student, outcome.job.beside
        problem = _problem(outcome)
        if outcome.job.function is render_on_worker:
            if problem:
                self._keep(self._faulty(student, f"the feedback could not be made: {problem}", outcome.broke))
                return
            self._recorder.write_feedback(student, outcome.value, self._students[student])
            self._ledger.mark_recorded(student, beside)
            self._count_grade(student)
            return
        self._ran.add(student)
        if problem:
            self._keep(self._faulty(student, problem, outcome.broke))
        else:
            packed, graded = outcome.value
            result = Result.unpack(packed)
            # A fault of ours may come from a machine that is too busy, too.
            in_doubt = (result.contested or result.fault) and outcome.job.had_company
            if not in_doubt or (result.asleep and outcome.job.asleep):
                self._keep(replace(result, graded=graded, class_seed=self._seed))
            else:
                (self._asleep if result.asleep else self._to_repeat).append(outcome.job)

    def _keep(self, result: Result) -> None:
        """Put a result in the ledger, then do the next thing with it."""
        place = self._place_notes.pop(result.student, ())
        result = replace(result, notes=(*place, *result.notes)) if place else result
        self._ledger.keep(result)
        is_one_of_several = self._attempts and self._attempts.are_open(result.student)
        if is_one_of_several and (result.set_aside or not result.fault):
            self._to_go_on.append(result.student)
        elif not result.reason:
            self._to_record.append(result)
        elif result.fault and not result.set_aside:
            self._count(result)
        else:
            self._write_reason(result)

    def _write_reason(self, result: Result) -> None:
        name = self._recorder.shown_name(result.student)
        page = refusal_page(result.notebook, name, result.reason)
        self._recorder.write_feedback(result.student, page, self._students[result.student])
        self._ledger.mark_recorded(result.student)
        self._count(result)

    def _record(self) -> None:
        """Enter the waiting results as one batch and have their feedback made."""
        self._last_batch = time.monotonic()
        if not self._to_record:
            return
        recorded = self._recorder.record([self._to_enter(result) for result in self._to_record])
        results, self._to_record = self._to_record, []
        in_gradebook = self._recorder.digests(one.student for one in recorded)
        for result, one in zip(results, recorded, strict=True):
            if one.grades is None:
                self._keep(self._faulty(one.student, one.fault))
                continue
            new_notes = tuple(note for note in one.notes if note not in result.notes)
            if new_notes:
                self._ledger.keep(replace(result, notes=(*result.notes, *new_notes)))
            beside = self._beside(one.student, in_gradebook[one.student])
            self._to_render.append(_render_job(one.student, beside, result.graded, one.grades))

    def _to_enter(self, result: Result) -> Graded:
        student = result.student
        again, by_hand = student in self._recorded_before, self._by_hand.get(student)
        return Graded(student, self._students[student], result.graded, again, by_hand)

    def _faulty(self, student: str, fault: str, set_aside: bool = False) -> Result:
        return faulty(self._assignment.name, self._assignment.exercises, student, fault, set_aside)

    def _count(self, result: Result) -> None:
        """Count a submission that ended without a grade."""
        if result.set_aside:
            self._tally.set_aside += 1
        elif result.fault:
            self._tally.failed += 1
        else:
            self._tally.refused += 1
        self._on_change()

    def _count_grade(self, student: str) -> None:
        if student in self._ran:
            self._tally.graded += 1
        else:
            self._tally.unchanged += 1
        self._on_change()

    # --- the workers ---

    def _open_pool(self) -> Pool:
        """The workers, begun where they are first needed: a class in which nothing changed needs none."""
        if self._pool is None:
            client = self._stack.enter_context(self._open_client())
            self._stack.callback(_unregister, client, self._id)
            prepare(client, Preparation(self._id, self._assignment))
            self._pool = Pool(client, self._on_death)
        return self._pool

    def _on_death(self, job: Job) -> None:
        self._tally.repeated += 1
        if job.alone:  # with others beside it nobody knows whose fault it was
            self._ledger.count_break(job.student)


def prepare(client, preparation: Preparation) -> None:
    """Prepare all workers. If one dies meanwhile, the others are prepared again.
    Raises CourseError if a worker cannot take part, or one dies each time."""
    try:
        with_retries(lambda: client.register_plugin(preparation), OSError)
    except OSError as error:
        raise CourseError(f"the workers die or are lost while they are prepared: {error}") from error


def _unregister(client, plugin: str) -> None:
    with suppress(Exception):  # the scheduler may be gone: that is why we stop, and was said already
        client.unregister_worker_plugin(plugin)


@contextmanager
def _interrupts_noted() -> Iterator[threading.Event]:
    """Is set by Ctrl-C, which raises KeyboardInterrupt as ever: Python drops that where it comes within a finaliser,
    and would show it there, with a traceback."""
    noted = threading.Event()
    show = sys.unraisablehook

    def note(number: int, frame: FrameType | None) -> None:
        noted.set()
        signal.default_int_handler(number, frame)

    def show_others(dropped: sys.UnraisableHookArgs) -> None:
        if not isinstance(dropped.exc_value, KeyboardInterrupt):
            show(dropped)

    # Whoever hears interrupts in another way, or not at all, goes on so.
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield noted
        return
    signal.signal(signal.SIGINT, note)
    sys.unraisablehook = show_others
    try:
        yield noted
    finally:
        sys.unraisablehook = show
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _render_job(student: str, beside: Beside | None, graded: str, grades: GradesOfNotebook) -> Job:
    """The job that makes a student's feedback, of a result that was entered with this beside it."""
    return Job(student, render_on_worker, (graded, grades), beside)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _problem(outcome: Outcome) -> str:
    """Why a job gave nothing, or ""."""
    if outcome.broke:
        return f"{MAX_BREAKS} workers died of it, each with nothing else to do. Grade it by hand, or try with --force"
    return f"{type(outcome.error).__name__}: {outcome.error}" if outcome.error else ""
