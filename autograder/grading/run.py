"""Run what is graded, ask each exercise's questions where the student's code lives, and judge the answers here.

A student's interpreter is never asked for a verdict, and never told one.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Mapping

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from traitlets import Any, Integer

from .. import cells
from ..exercise.answers import Answer
from ..exercise.catalogue import catalogue_of
from ..exercise.exercise import Exercise
from ..exercise.questions import Call, KerasCall
from ..files import temporary_folder
from ..judge import ASK_SOURCE, RUN_SOURCE
from ..judge.answer import find_answers
from ..judge.cause import Failure, stopped_with, was_stopped
from ..judge.verdict import STATUS_SENTENCES, Verdict, judge_answers, without_answers
from ..sandbox.model_runner import ModelRunner, RunStopped
from ..sandbox.watch import Breach
from ..seeds import draw_seed
from ..statuses import AnswerStatus, Status
from .execute import SandboxedExecute

_TOO_MUCH_TO_READ = Breach(Status.LIMIT, "What it returns and prints is more than grading reads.")
_LINE = re.compile(r"In\[\d+\](?:\x1b\[[\d;]*m)*, line (\d{1,6})\b")  # of a cell, as IPython's tracebacks name it
_FROM_THE_TOP = "Grading runs the cells from the top."
_USAGE_ERROR = "UsageError: "


class Run(SandboxedExecute):
    """nbgrader preprocessor instead of Execute: skips demonstrations, asks where a test cell names an exercise.

    Leaves `resources["verdict_by_cell"]`, by the test cell's grade id, `resources["seed"]`,
    `resources["exercise_seconds"]`, the wall time of each exercise, `resources["contested"]`: whether something
    beside the submission may have had a part in a verdict (see `Breach`), and `resources["asleep"]`: whether it was
    asleep wherever that is so.
    """

    seed = Integer(
        None,
        allow_none=True,
        help="Seed of the questions' inputs, to repeat one submission exactly: every submission that is graded with it "
        "gets the same inputs. None: a new seed for each submission",
    ).tag(config=True)
    on_answers = Any(
        None, help="Hears of each exercise that was answered: its id, the questions and the answers. For `replay`"
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, km=None) -> tuple[NotebookNode, ResourcesDict]:
        self.start_clock()
        self._notebook = resources["nbgrader"]["notebook"]
        self._catalogue = catalogue_of(self.config)
        self._stopped: dict[int, Breach] = {}  # cells that stopped the interpreter
        self._failures: dict[int, Failure] = {}  # cells that did not come to their end, those among them
        for cell in nb.cells:
            if cell.cell_type == "code":  # editors leave a byte order mark there, which Python cannot read
                cell.source = cell.source.lstrip("\ufeff")
        self._contested = False  # whether a model was stopped, or a response lost, for what may be another's fault
        self._asker, self._has_asker = f"_asker_{secrets.token_hex(8)}", False
        seed = self.seed if self.seed is not None else draw_seed()
        resources["seed"], resources["verdict_by_cell"], resources["exercise_seconds"] = seed, {}, {}
        # Where trusted code runs: what it writes stays out of the course's folders.
        with temporary_folder("submission-") as folder, ModelRunner(self.limits) as self._models:
            resources["metadata"] = {**resources.get("metadata", {}), "path": str(folder)}
            nb, resources = super().preprocess(nb, resources, km)
        contested = [breach for breach in self._stopped.values() if breach.contested]
        resources["contested"] = self._contested or bool(contested)
        resources["asleep"] = bool(contested) and not self._contested and all(breach.asleep for breach in contested)
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        self._check_assign_resources(resources)
        if cell.cell_type == "code" and "demo" not in cells.tags(cell):
            started = time.monotonic()
            if cells.is_judged(cell):
                name = cells.judged_exercise(cell)
                resources["verdict_by_cell"][cells.grade_id(cell)] = self._test(cell, index, resources["seed"])
            else:
                name = cells.answer_of(cell) or cells.grade_id(cell) or ""
                self._keep_failure(cell, index, self._execute(cell, index))
            seconds = resources["exercise_seconds"]
            seconds[name] = seconds.get(name, 0.0) + time.monotonic() - started
        return cell, resources

    def _test(self, cell: NotebookNode, index: int, seed: int) -> Verdict:
        """Ask and judge. Where points are lost, the visible checks are run too, for the student to read."""
        exercise = self._catalogue.find(self._notebook, cells.judged_exercise(cell))
        cell.source = cells.visible_source(cell.source)
        stopped = self._what_stopped_its_answer(exercise.id, index)
        if stopped:
            return without_answers(exercise, stopped.status, stopped.sentence)
        questions = exercise.ask(seed)
        try:
            answers = self._answers(exercise, questions, index)
        except RunStopped as stop:
            # A kernel that slept is among those that were stopped, and looked at there.
            self._contested |= stop.breach.contested and not stop.breach.asleep
            return without_answers(exercise, stop.breach.status, stop.breach.sentence)
        if self.on_answers is not None:
            self.on_answers(exercise.id, questions, answers)
        missing = self.nb.metadata.get("autograder", {}).get("missing", [])
        if exercise.id in missing and all(answer.status == AnswerStatus.MISSING for answer in answers.values()):
            return without_answers(exercise, Status.MISSING)
        verdict = judge_answers(exercise, questions, answers, self._failures_for(answers, index))
        if verdict.status != Status.PASS:
            self._execute(cell, index)
        return verdict

    def _keep_failure(self, cell: NotebookNode, index: int, breach: Breach | None) -> None:
        """Remember why a cell did not come to its end. When run again, it may."""
        failure = _failure_of(cell, breach)
        self._failures.pop(index, None)
        if failure is not None:
            self._failures[index] = failure

    def _failures_for(self, answers: Mapping[str, Answer], index: int) -> list[Failure]:
        """What can be the cause of a missing name: cells that failed above; those that never run, or run later."""
        if all(answer.status == AnswerStatus.OK for answer in answers.values()):
            return [failure for position, failure in sorted(self._failures.items()) if position < index]
        found = []
        for position, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code" or cells.is_judged(cell):
                continue
            if position > index:
                later, answers_to = "comes only after this exercise", cells.answer_of(cell)
                found.append(Failure(cell.source, later, _FROM_THE_TOP, answers_to, where="below"))
            elif "demo" in cells.tags(cell):
                found.append(Failure(cell.source, "is a demonstration, which grading does not run"))
            elif position in self._failures:
                found.append(self._failures[position])
        return found

    def _what_stopped_its_answer(self, exercise_id: str, index: int) -> Breach | None:
        """Why the interpreter was stopped when a cell of the exercise's answer was run, if it was."""
        for position, breach in self._stopped.items():
            if position < index and cells.answer_of(self.nb.cells[position]) == exercise_id:
                return breach
        return None

    def _answers(
        self, exercise: Exercise, questions: Mapping[str, Call | KerasCall], index: int
    ) -> Mapping[str, Answer]:
        """What comes back for the questions. Raises RunStopped where the code was stopped before it had answered."""

        def ask(request: bytes) -> bytes:
            return self._in_kernel("{asker}.send(globals(), {request}, {marker})", request, index)

        def run(request: bytes) -> bytes:
            if self.trust_submissions:
                return self._in_kernel("{asker}.publish({asker}.run({request}), {marker})", request, index)
            return self._models.run(request, min(self.limits.cell_seconds, self.seconds_left))

        return find_answers(exercise.id, questions, ask, run, self.limits.answer_bytes)

    def _in_kernel(self, call: str, request: bytes, index: int) -> bytes:
        """What the asker's `call` lets out of the student's interpreter. The first time the asker is brought along."""
        marker = f"application/x-answer-{secrets.token_hex(16)}"
        cell = NotebookNode(cell_type="code", metadata=NotebookNode(), source="", outputs=[])

        def write_question() -> None:
            bring = "" if self._has_asker else _bring_code(self._asker, self.trust_submissions)
            cell.source = bring + _call_code(self._asker, call, request, marker)
            self._has_asker = True

        stopped = self._execute(cell, index, self.limits.answer_bytes * 4 // 3, write_question)
        if stopped:
            raise RunStopped(_TOO_MUCH_TO_READ if stopped.status == Status.LIMIT else stopped)
        response = _find_response(cell, marker)
        self._contested |= not response  # lost by the student's code, or on the way from a machine that is too busy
        return response

    def _execute(self, cell: NotebookNode, index: int, answer_bytes: int = 0, prepare=lambda: None) -> Breach | None:
        """Run one cell. Returns what stopped the interpreter, or None; a new one is ready then."""
        prepare()
        breach = self.run_cell(cell, index, answer_bytes)
        if breach and breach.status == Status.CRASH:
            # What an earlier cell did may end an interpreter late: a crash is this cell's if it comes again.
            self._start_again(index)
            prepare()
            breach = self.run_cell(cell, index, answer_bytes)
        if breach:
            self._stopped[index] = breach
            self._start_again(index)
        return breach

    def _start_again(self, index: int) -> None:
        """A fresh interpreter with the cells before `index` run again, but for tests and those that stopped it."""
        if self.time_is_over:
            return
        self.new_kernel()
        self._has_asker = False
        for position, cell in enumerate(self.nb.cells[:index]):
            skipped = position in self._stopped or cells.is_judged(cell) or "demo" in cells.tags(cell)
            if cell.cell_type == "code" and not skipped:
                again = from_dict(dict(cell))
                breach = self.run_cell(again, position)
                if self.time_is_over:
                    return
                self._keep_failure(again, position, breach)
                if breach:  # it went well the first time: leave it out and go on without it
                    self._stopped[position] = breach
                    self._start_again(index)
                    return


def _failure_of(cell: NotebookNode, breach: Breach | None) -> Failure | None:
    """Why a cell did not come to its end; None if it did, as far as what it says can be believed."""
    answers = cells.answer_of(cell)
    if breach:
        return was_stopped(cell.source, breach.sentence or STATUS_SENTENCES[breach.status], answers=answers)
    for output in reversed(cell.outputs):
        if output.output_type == "error":
            line = _LINE.search("".join(output.traceback[:50])[:50_000])
            return stopped_with(
                cell.source, output.ename, output.evalue, int(line[1]) if line else None, answers=answers
            )
        said = output.text.rstrip()[-2_000:].rpartition("\n")[2] if output.get("name") == "stderr" else ""
        if said.startswith(_USAGE_ERROR):  # IPython prints it, and gives no error
            return stopped_with(cell.source, *said.split(": ", 1), answers=answers)
    return None


def _bring_code(asker: str, with_models: bool) -> str:
    """Code for the student's interpreter that makes the asker a module, with the runner of models where trusted."""
    source = f"{ASK_SOURCE}\n{RUN_SOURCE}" if with_models else ASK_SOURCE
    modules = "__import__('sys').modules"
    return (
        f"{modules}[{asker!r}] = type(__import__('sys'))({asker!r})\n"
        f"exec(compile({source!r}, 'ask', 'exec'), {modules}[{asker!r}].__dict__)\n"
    )


def _call_code(asker: str, call: str, request: bytes, marker: str) -> str:
    """Code for the student's interpreter: `call` with asker, request and marker put in. It makes no name there."""
    decoded = f"__import__('base64').b64decode({base64.b64encode(request).decode()!r})"
    return call.format(asker=f"__import__('sys').modules[{asker!r}]", request=decoded, marker=repr(marker)) + ";"


def _find_response(cell: NotebookNode, marker: str) -> bytes:
    """The first message that carries this question's marker; what came under another one, or later, is ignored."""
    for output in cell.outputs:
        encoded = output.get("data", {}).get(marker)
        if isinstance(encoded, str):
            try:
                return base64.b64decode(encoded, validate=True)
            except ValueError:
                break
    return b""
