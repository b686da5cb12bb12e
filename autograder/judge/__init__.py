"""The judge: ask (beside the student's code), answer (the wire format), verdict (out of its reach).

`judge_for` is the forgeable short way, for nbgrader's default preprocessors and for the instructor's walkthrough: ask
and verdict in one interpreter. Grades that count come from `autograder.grading`, where they are kept apart.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from ..course import CourseError
from ..exercise.answers import Answer
from ..exercise.catalogue import load_catalogue
from ..exercise.exercise import Exercise
from ..exercise.questions import Call, KerasCall
from ..sandbox.inside import models
from ..seeds import draw_seed
from . import ask
from .answer import find_answers
from .verdict import Verdict, as_html, as_text, judge_answers

ASK_SOURCE = inspect.getsource(ask)
RUN_SOURCE = inspect.getsource(models)


def judge_namespace(exercise: Exercise, namespace: dict, seed: int = 0) -> Verdict:
    """Ask the function in `namespace`, in this interpreter, and judge the answers."""
    questions = exercise.ask(seed)
    return judge_answers(exercise, questions, answers_here(exercise.id, questions, namespace))


def answers_here(function: str, questions: Mapping[str, Call | KerasCall], namespace: dict) -> dict[str, Answer]:
    """The answers of a function in `namespace`, asked and run in this interpreter."""
    return find_answers(function, questions, lambda request: ask.answer(namespace, request), models.run)


def judge_for(notebook: str, package: str, path: str = "") -> Callable[[str], float]:
    """The `judge(exercise_id)` of a notebook: shows the verdict and returns the score, which nbgrader reads.

    `package` is the one of the course's exercises, `path` the folder that it lies in if it is not installed. Raises
    ImportError if there is no such package here.
    """
    try:
        catalogue = load_catalogue(package, path)
    except CourseError as error:
        raise ImportError(str(error)) from error

    def judge(exercise_id: str) -> float:
        from IPython import get_ipython
        from IPython.display import publish_display_data

        verdict = judge_namespace(catalogue.find(notebook, exercise_id), get_ipython().user_ns, draw_seed())
        publish_display_data({"text/html": as_html(verdict), "text/plain": as_text(verdict)})
        return verdict.score

    return judge
