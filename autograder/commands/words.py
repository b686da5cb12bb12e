"""`autograder words`."""

from __future__ import annotations

import webbrowser

import click

from ..course import Course, CourseError
from .console import say


@click.command("words")
@click.argument("notebook")
@click.argument("question", required=False)
@click.option("--no-browser", is_flag=True, help="Open no browser: only print the address. It is a secret.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on this machine.  [default: a free one]")
def words_command(notebook: str, question: str | None, no_browser: bool, port: int) -> None:
    """Grade the answers in words to a QUESTION of NOTEBOOK on one page, beside the rubric, by keyboard alone.

    Without QUESTION: the first with answers left to grade. Names are hidden until you ask for them. Each grade is saved
    at once into the gradebook, beside formgrader. The page is for this machine alone; Ctrl-C ends it.
    """
    from ..words.desk import Refused
    from ..words.open import open_desk
    from ..words.questions import questions_of
    from ..words.server import address, serve

    course = Course.find()
    name = course.require(notebook)
    questions = questions_of(course, name)
    if question is not None and question not in questions:
        raise CourseError(f"{name} has no question {question!r}; there are: {', '.join(questions)}")
    with open_desk(course, name) as desk:
        try:
            tallies = {id: desk.tally(id) for id in questions}
        except Refused as refused:
            raise CourseError(f"{refused} Close it (formgrader?) and run this again") from refused
        if not any(tally.students for tally in tallies.values()):
            raise CourseError(f"no submission of {name} has been graded: run `autograder grade {name}` first")
        first = question or max(tallies, key=lambda id: tallies[id].to_grade > 0)

        def on_start(base: str) -> None:
            say(f"{address(base, first)}\nfor this machine alone; Ctrl-C ends it", soft_wrap=True)
            if not no_browser:
                webbrowser.open(address(base, first))

        try:
            serve(name, questions, desk, port, on_start)
        except KeyboardInterrupt:
            say(_saved(name, *desk.saved), soft_wrap=True)


def _saved(name: str, grades: int, comments: int) -> str:
    numbers = [_count(*one) for one in ((grades, "grade"), (comments, "comment")) if one[0]]
    if not numbers:
        return "\nNothing was changed."
    return f"\nSaved: {' and '.join(numbers)}. `autograder grade {name}` puts them into the feedback."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
