"""Run what is graded, ask each exercise's questions where the student's code lives, and judge the answers here.

A student's interpreter is never asked for a verdict, and never told one.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets import Integer

from .. import cells
from ..exercises import find_exercise
from ..exercises.base import Answer, Exercise
from ..files import temporary_folder
from ..judge import ASK_SOURCE
from ..judge.answer import pack_request, read_response
from ..judge.verdict import Verdict, judge_answers, without_answers
from ..sandbox.watch import Breach
from .execute import SandboxedExecute, copy_of

_TOO_MUCH_TO_READ = Breach("limit", "What it returns and prints is more than grading reads.")


class Run(SandboxedExecute):
    """nbgrader preprocessor in place of Execute: skips demonstrations, asks where a test cell names an exercise.

    Leaves `resources["verdict_by_cell"]`, by the test cell's grade id, `resources["seed"]`,
    `resources["exercise_seconds"]`, the wall time of each exercise, and `resources["contested"]`: whether something
    beside the submission may have had a part in a verdict (see `Breach`).
    """

    seed = Integer(None, allow_none=True, help="Seed of the questions' inputs; None: a new one each time").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, km=None) -> tuple[NotebookNode, ResourcesDict]:
        self.start_clock()
        self._notebook = resources["nbgrader"]["notebook"]
        self._stopped: dict[int, Breach] = {}  # cells that stopped the interpreter
        self._asker, self._has_asker = f"_asker_{secrets.token_hex(8)}", False
        seed = self.seed if self.seed is not None else secrets.randbelow(2**31)
        resources["seed"], resources["verdict_by_cell"], resources["exercise_seconds"] = seed, {}, {}
        # Where trusted code runs: what it writes stays out of the course's folders.
        with temporary_folder("submission-") as folder:
            resources["metadata"] = {**resources.get("metadata", {}), "path": str(folder)}
            nb, resources = super().preprocess(nb, resources, km)
        resources["contested"] = any(breach.contested for breach in self._stopped.values())
        return nb, resources

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        self._check_assign_resources(resources)
        if cell.cell_type == "code" and "demo" not in cells.tags(cell):
            started = time.monotonic()
            if cells.is_judged(cell):
                name = cells.judged_exercise(cell)
                resources["verdict_by_cell"][cells.grade_id(cell)] = self._test(cell, index, resources["seed"])
            else:
                name = cells.grade_id(cell)
                self._execute(cell, index)
            seconds = resources["exercise_seconds"]
            seconds[name] = seconds.get(name, 0.0) + time.monotonic() - started
        return cell, resources

    def _test(self, cell: NotebookNode, index: int, seed: int) -> Verdict:
        """Ask and judge. Where points are lost, the visible checks are run too, for the student to read."""
        exercise = find_exercise(self._notebook, cells.judged_exercise(cell))
        cell.source = cells.visible_source(cell.source)
        stopped = self._what_stopped_its_answer(exercise.id, index)
        if not stopped:
            questions = exercise.ask(seed)
            answers, stopped = self._ask(exercise, questions, index)
        if not stopped and exercise.id in self._missing and all(a.status == "missing" for a in answers.values()):
            stopped = Breach("missing")
        if stopped:
            return without_answers(exercise, stopped.status, stopped.sentence)
        verdict = judge_answers(exercise, questions, answers)
        if verdict.status != "pass":
            self._execute(cell, index)
        return verdict

    @property
    def _missing(self) -> list[str]:
        return self.nb.metadata.get("autograder", {}).get("missing", [])

    def _what_stopped_its_answer(self, exercise_id: str, index: int) -> Breach | None:
        """Why the interpreter was stopped when the exercise's answer cell was run, if it was."""
        for position, breach in self._stopped.items():
            if position < index and cells.grade_id(self.nb.cells[position]) == exercise_id:
                return breach
        return None

    def _ask(self, exercise: Exercise, questions, index: int) -> tuple[Mapping[str, Answer] | None, Breach | None]:
        nonce = secrets.token_hex(16)
        marker = f"application/x-answer-{nonce}"
        request = pack_request(exercise.id, questions, nonce)
        cell = NotebookNode(cell_type="code", metadata=NotebookNode(), source="", outputs=[])

        def write_question() -> None:
            cell.source = _ask_code(request, marker, self._asker, first=not self._has_asker)
            self._has_asker = True

        encoded_bytes = self.limits.answer_bytes * 4 // 3
        stopped = self._execute(cell, index, encoded_bytes, write_question)
        if stopped:
            return None, _TOO_MUCH_TO_READ if stopped.status == "limit" else stopped
        return read_response(_find_response(cell, marker), questions, nonce, self.limits.answer_bytes), None

    def _execute(self, cell: NotebookNode, index: int, answer_bytes: int = 0, prepare=lambda: None) -> Breach | None:
        """Run one cell. Returns what stopped the interpreter, or None; a new one stands ready then."""
        prepare()
        breach = self.run_cell(cell, index, answer_bytes)
        if breach and breach.status == "crash":
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
                breach = self.run_cell(copy_of(cell), position)
                if self.time_is_over:
                    return
                if breach:  # it went well the first time: leave it out and go on without it
                    self._stopped[position] = breach
                    self._start_again(index)
                    return


def _ask_code(request: bytes, marker: str, asker: str, first: bool) -> str:
    """Code for the student's interpreter: lets the asker answer. The first time it brings the asker along."""
    modules = "__import__('sys').modules"
    bring = (
        f"{modules}[{asker!r}] = type(__import__('sys'))({asker!r})\n"
        f"exec(compile({ASK_SOURCE!r}, 'ask', 'exec'), {modules}[{asker!r}].__dict__)\n"
    )
    encoded = base64.b64encode(request).decode()
    ask = f"{modules}[{asker!r}].send(globals(), __import__('base64').b64decode({encoded!r}), {marker!r});"
    return bring + ask if first else ask


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
