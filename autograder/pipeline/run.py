"""Run what is graded, and ask each exercise's questions where the student's code lives.

The verdict is not made here: what a student's interpreter says is only carried on (see `judging`).
"""

from __future__ import annotations

import base64
import secrets
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer

from .. import cells
from ..exercises import find_exercise
from ..exercises.base import Answer, Call, Exercise, KerasCall
from ..judge import ASK_SOURCE
from ..judge.answer import pack_request, read_response


@dataclass(frozen=True)
class Reply:
    """What became of one exercise: answers, or the status that stopped it (timeout, crash, missing)."""

    exercise: Exercise
    questions: Mapping[str, Call | KerasCall]
    answers: Mapping[str, Answer] | None = None
    status: str = ""


class Run(Execute):
    """nbgrader preprocessor in place of Execute: skips demonstrations, asks where a test cell names an exercise.

    Leaves `resources["replies"]`, a Reply by the test cell's grade id, and `resources["seed"]`.
    """

    seed = Integer(None, allow_none=True, help="Seed of the questions' inputs; None: a new one each time").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, km=None) -> tuple[NotebookNode, ResourcesDict]:
        self._notebook = resources["nbgrader"]["notebook"]
        self._stopped: dict[int, str] = {}  # cells that stopped the interpreter, with the status
        seed = self.seed if self.seed is not None else secrets.randbelow(2**31)
        resources["seed"], resources["replies"] = seed, {}
        # A folder of its own: what the code writes stays out of the course's folders.
        with tempfile.TemporaryDirectory(prefix="submission-") as scratch:
            resources["metadata"] = {**resources.get("metadata", {}), "path": scratch}
            return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        self._check_assign_resources(resources)
        if cell.cell_type == "code" and "demo" not in cells.tags(cell):
            if cells.is_judged(cell):
                resources["replies"][cells.grade_id(cell)] = self._test(cell, index, resources["seed"])
            else:
                self._execute(cell, index)
        return cell, resources

    def _test(self, cell: NotebookNode, index: int, seed: int) -> Reply:
        """Run the visible checks, for the student to read, then ask."""
        exercise = find_exercise(self._notebook, cells.judged_exercise(cell))
        questions = exercise.ask(seed)
        cell.source = cells.visible_source(cell.source)
        status = self._status_of_answer_cell(exercise.id, index) or self._execute(cell, index)
        if status:
            return Reply(exercise, questions, status=status)
        answers, status = self._ask(exercise, questions, index)
        if answers and exercise.id in self._missing and all(a.status == "missing" for a in answers.values()):
            status = "missing"
        return Reply(exercise, questions, None if status else answers, status)

    @property
    def _missing(self) -> list[str]:
        return self.nb.metadata.get("autograder", {}).get("missing", [])

    def _status_of_answer_cell(self, exercise_id: str, index: int) -> str:
        """The status of an answer cell that stopped the interpreter when it was run."""
        for position, status in self._stopped.items():
            if position < index and cells.grade_id(self.nb.cells[position]) == exercise_id:
                return status
        return ""

    def _ask(self, exercise: Exercise, questions, index: int) -> tuple[Mapping[str, Answer] | None, str]:
        nonce = secrets.token_hex(16)
        marker = f"application/x-answer-{nonce}"
        cell = nbformat.v4.new_code_cell(_ask_code(pack_request(exercise.id, questions, nonce), marker))
        status = self._execute(cell, index)
        if status:
            return None, status
        return read_response(_find_response(cell, marker), questions, nonce), ""

    def _execute(self, cell: NotebookNode, index: int) -> str:
        """Run one cell. Returns "", or the status when it stopped the interpreter; a new one stands ready then."""
        status = self._execute_once(cell, index)
        if status:
            self._stopped[index] = status
            self._start_again(index)
        return status

    def _execute_once(self, cell: NotebookNode, index: int) -> str:
        standing = self.nb.cells[index]
        try:
            self.execute_cell(cell, index, store_history=True)
        except DeadKernelError:
            return "crash"
        except CellTimeoutError:
            return "timeout"
        finally:
            self.nb.cells[index] = standing  # nbclient puts what it ran here, a question too
        timed_out = any(output.get("ename") == "CellTimeoutError" for output in cell.outputs)
        return "timeout" if timed_out else ""

    def _start_again(self, index: int) -> None:
        """A fresh interpreter with the cells before `index` run again, but for tests and those that stopped it."""
        self._new_kernel()
        for position, cell in enumerate(self.nb.cells[:index]):
            skipped = position in self._stopped or cells.is_judged(cell) or "demo" in cells.tags(cell)
            if cell.cell_type == "code" and not skipped:
                status = self._execute_once(nbformat.from_dict(dict(cell)), position)
                if status:  # it went well the first time: leave it out and go on without it
                    self._stopped[position] = status
                    return self._start_again(index)

    def start_new_kernel(self, **arguments) -> None:
        """Start the interpreter without its notices in our terminal: what a cell prints comes as messages."""
        super().start_new_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **arguments)

    def _new_kernel(self) -> None:
        self._cleanup_kernel()
        self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()


def _ask_code(request: bytes, marker: str) -> str:
    """Code for the student's interpreter: defines the asker in a namespace of its own and lets it answer."""
    encoded = base64.b64encode(request).decode()
    return (
        "(lambda space: (exec(compile(space['source'], 'ask', 'exec'), space), "
        f"space['send'](globals(), __import__('base64').b64decode({encoded!r}), {marker!r})))"
        f"({{'__name__': 'ask', 'source': {ASK_SOURCE!r}}});"
    )


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
