"""The judge: ask (beside the student's code), answer (the wire format), verdict (out of its reach).

`judge_for` is the forgeable short way, for nbgrader's default preprocessors and for the instructor's walkthrough: ask
and verdict in one interpreter. Grades that count come from `autograder.pipeline`, where they are kept apart.
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable, Sequence

from ..exercises import find_exercise
from . import ask
from .answer import pack_request, read_response
from .cause import Failure
from .verdict import Verdict, as_html, as_text, judge_answers

ASK_SOURCE = inspect.getsource(ask)


def judge_namespace(
    notebook: str, exercise_id: str, namespace: dict, seed: int = 0, failures: Sequence[Failure] = ()
) -> Verdict:
    """Ask the functions in `namespace`, in this interpreter, and judge the answers; `failures`: of cells before.

    Raises
    ------
    LookupError : if the notebook has no such exercise.
    """
    exercise = find_exercise(notebook, exercise_id)
    questions, nonce = exercise.ask(seed), secrets.token_hex(8)
    response = ask.answer(namespace, pack_request(exercise.id, questions, nonce))
    return judge_answers(exercise, questions, read_response(response, questions, nonce), failures)


def judge_for(notebook: str) -> Callable[[str], float]:
    """The `judge(exercise_id)` of a notebook: shows the verdict and returns the score, which nbgrader reads."""

    def judge(exercise_id: str) -> float:
        from IPython import get_ipython
        from IPython.display import publish_display_data

        verdict = judge_namespace(notebook, exercise_id, get_ipython().user_ns)
        publish_display_data({"text/html": as_html(verdict), "text/plain": as_text(verdict)})
        return verdict.score

    return judge
