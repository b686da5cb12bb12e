"""The judge in a process of its own, for `%check`: what a student's notebook did to NumPy does not reach it.

The notebook's interpreter answers the questions and runs the models; questions, oracle and verdict are the judge's.
Both speak in frames: four bytes of length, one of kind, and the content.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

import numpy as np

from ..exercise.catalogue import Catalogue, load_catalogue
from ..sandbox.inside import models
from . import ask
from .answer import find_answers
from .cause import Failure
from .verdict import Verdict, judge_answers

_JOB, _ASK, _RUN, _VERDICT, _FAULT, _REPLY = b"J", b"A", b"R", b"V", b"F", b"="
_PACKAGES = str(Path(__file__).absolute().parents[2])
_START = f"import sys; sys.path.insert(0, {_PACKAGES!r}); from autograder.judge.process import serve; serve()"


class JudgeFault(Exception):
    """The judge itself failed; the message says how."""


class JudgeProcess:
    """One judge of a course's exercises, started at the first question and ended with its notebook's kernel."""

    _process: subprocess.Popen | None = None

    def __init__(self, catalogue: Catalogue):
        self._course = {"package": catalogue.package, "path": catalogue.path}

    def judge(
        self, notebook: str, exercise: str, namespace: dict, seed: int, failures: Sequence[Failure] = ()
    ) -> Verdict:
        """Ask the functions in `namespace`, in this interpreter, and have the answers judged; `failures`: of cells.
        Raises JudgeFault if the judge fails or its process ends."""
        try:
            job = {**self._course, "notebook": notebook, "exercise": exercise, "seed": seed}
            job["failures"] = list(map(asdict, failures))
            return self._talk(job, namespace)
        except BaseException as error:
            self.stop()  # it is gone, or waits for an answer that nobody will give
            if isinstance(error, OSError | EOFError):
                raise JudgeFault(f"its process ended: {error}") from error
            raise

    def _talk(self, job: dict, namespace: dict) -> Verdict:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                # -P: a file of the student's beside the notebook, such as random.py, is not the standard library's.
                [sys.executable, "-P", "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # an interrupt is for the notebook
            )
        to_judge, from_judge = self._process.stdin, self._process.stdout
        assert to_judge is not None and from_judge is not None  # both are pipes, as Popen was told
        _write(to_judge, _JOB, json.dumps(job).encode())
        while True:
            kind, content = _read(from_judge)
            if kind == _ASK:
                _write(to_judge, _REPLY, ask.answer(namespace, content))
            elif kind == _RUN:
                with np.errstate(all="ignore"):
                    _write(to_judge, _REPLY, models.run(content))
            elif kind == _VERDICT:
                return Verdict.from_dict(json.loads(content))
            else:
                raise JudgeFault(content.decode())

    def stop(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def serve() -> None:
    """Judge one job after the other, until the notebook's kernel ends."""
    from_kernel, to_kernel = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but frames on it

    def through(kind: bytes):
        def exchange(content: bytes) -> bytes:
            _write(to_kernel, kind, content)
            return _read(from_kernel)[1]

        return exchange

    while True:
        try:
            job = json.loads(_read(from_kernel)[1])
        except EOFError:
            return
        try:
            exercise = load_catalogue(job["package"], job["path"]).find(job["notebook"], job["exercise"])
            questions = exercise.ask(job["seed"])
            failures = [Failure(**failure) for failure in job["failures"]]
            answers = find_answers(exercise.id, questions, through(_ASK), through(_RUN))
            verdict = judge_answers(exercise, questions, answers, failures)
            _write(to_kernel, _VERDICT, json.dumps(asdict(verdict)).encode())
        except EOFError:
            return
        except Exception as error:
            _write(to_kernel, _FAULT, f"{type(error).__name__}: {error}".encode("utf-8", "replace"))


def _write(stream: IO[bytes], kind: bytes, content: bytes) -> None:
    stream.write(struct.pack(">I", len(content)) + kind + content)
    stream.flush()


def _read(stream: IO[bytes]) -> tuple[bytes, bytes]:
    head = stream.read(5)
    if len(head) < 5:
        raise EOFError("it says no more")
    (size,) = struct.unpack(">I", head[:4])
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("it stopped in the middle")
    return head[4:], content
