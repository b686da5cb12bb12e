"""`%check` and `%progress`: the judge and one's progress inside a notebook.

They run in the student's own process, which can fool them: they are for studying, not for grades. They need NumPy,
IPython, Jinja and what the exercises need themselves, nothing else, so that they work on Colab too.
"""

from __future__ import annotations

import contextlib
import functools
import random
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from traceback import walk_tb

import numpy as np
from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.core.magic import Magics, line_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring

from .course import CourseError
from .exercise.catalogue import Catalogue, catalogue_around
from .judge.cause import Failure, names_of, stopped_with
from .judge.process import JudgeFault, JudgeProcess
from .judge.verdict import Verdict, as_html, as_text, points_text, without_answers
from .progress.overview import find_work, overview
from .progress.render import as_fragment
from .progress.render import as_text as progress_text
from .progress.store import Store, own_store
from .seeds import draw_seed
from .statuses import Status
from .templating import render
from .which_notebook import Unclear, exercise_named, notebook_named, notebook_of

OWN_PROCESS = "This check ran inside your own notebook: it is for you. In a class, grades come from the grader."


Shown = dict[str, str]  # what a magic shows by its type: HTML where there is a browser, the same as text elsewhere


def _page(verdicts: list[Verdict], lines: list[str]) -> Shown:
    """Verdicts, and below them lines of text."""
    markup = render("autograder.judge", "verdicts.html.j2", verdicts=map(as_html, verdicts), lines=lines)
    return {"text/html": markup, "text/plain": "\n".join([*map(as_text, verdicts), *lines])}


class Told(Exception):
    """There is nothing to show but the one sentence of the message."""


def shows(magic: Callable[[CourseMagics, str], Shown]) -> Callable[[CourseMagics, str], None]:
    """Display what a magic gives and return nothing: `_` and `Out` stay as they were."""

    @functools.wraps(magic)
    def shown(self: CourseMagics, line: str) -> None:
        try:
            page = magic(self, line)
        except (Told, Unclear) as told:
            page = _page([], [str(told)])
        self.shell.display_pub.publish(page)

    return shown


@magics_class
class CourseMagics(Magics):
    """The magics of one notebook's kernel."""

    shell: InteractiveShell

    def __init__(self, shell: InteractiveShell, catalogue: Catalogue, store: Store | None = None):
        super().__init__(shell)
        self._catalogue = catalogue
        self._store = store or own_store(print, catalogue.package)
        self._judge_process = JudgeProcess(catalogue)
        self._failures: dict[str, Failure] = {}  # the last failed cell by each name that it would have defined

    def keep_failure(self, result: ExecutionResult) -> None:
        """Remember why a cell did not come to its end, until its names are defined after all (post_run_cell)."""
        source, error = getattr(result.info, "raw_cell", None) or "", result.error_before_exec or result.error_in_exec
        for name in names_of(source):
            self._failures.pop(name, None)
        if error is not None:
            try:
                message = str(error)
            except Exception:  # a student's own exception may fail to print itself
                message = ""
            line = _line_of(error, self.shell.user_ns)
            failure = stopped_with(source, type(error).__name__, message, line, where="")
            self._failures |= dict.fromkeys(names_of(source), failure)

    @magic_arguments()
    @argument("words", nargs="*", help="exercises; the notebook's name or number may stand first; none: all written")
    @argument("--notebook", help="the notebook's name or number, where it is not clear from what is defined")
    @argument("--seed", type=int, help="seed of the inputs, to replay a result exactly")
    @line_magic
    @shows
    def check(self, line: str) -> Shown:
        """Judge your functions with every check that a class is graded with."""
        asked = _parsed(self.check, line)
        seed = draw_seed() if asked.seed is None else asked.seed
        if seed < 0:
            raise Told("--seed is a whole number, zero or more.")
        notebook, wanted = self._what(asked.words, asked.notebook)
        undefined = [name for name in wanted if not self._is_defined(name)]
        if undefined:
            raise Told(f"{undefined[0]} is not defined yet. {self._why_undefined(undefined[0])}")
        defined = wanted or [one.id for one in self._catalogue.exercises_of(notebook) if self._is_defined(one.id)]
        if not defined:
            raise Told(f"Nothing of {notebook} is defined yet. Run its cells from the top, then %check again.")
        verdicts = [self._judge(notebook, name, seed) for name in defined]
        written = [verdict for verdict in verdicts if not verdict.unwritten]
        self._store.record(notebook, written)
        return self._shown(notebook, written, [one for one in verdicts if one.unwritten], seed)

    @magic_arguments()
    @argument("folder", nargs="?", help="folder of your notebooks; found by itself if this one is in it")
    @line_magic
    @shows
    def progress(self, line: str) -> Shown:
        """Show your progress through all notebooks: what the judge said last, and what to do next."""
        asked = _parsed(self.progress, line)
        folder = Path(asked.folder).expanduser() if asked.folder else find_work(self._catalogue, Path.cwd())
        if folder is not None and not folder.is_dir():
            raise Told(f"There is no folder {folder}.")
        records = self._store.read()
        try:
            standing = overview(self._catalogue, records, folder)
        except ImportError:  # reading notebook files needs more than running one
            standing = overview(self._catalogue, records)
        return {"text/html": as_fragment(standing), "text/plain": progress_text(standing)}

    def _why_undefined(self, exercise: str) -> str:
        failure = self._failures.get(exercise)
        return failure.sentence(exercise) if failure else "Write it in its answer cell and run that cell first."

    def _judge(self, notebook: str, exercise: str, seed: int) -> Verdict:
        try:
            with left_as_it_was(self.shell.user_ns):
                failures = list(dict.fromkeys(self._failures.values()))
                return self._judge_process.judge(notebook, exercise, self.shell.user_ns, seed, failures)
        except KeyboardInterrupt:
            raise Told(f"Stopped while {exercise} ran. Does it come to an end? Look at its loops.") from None
        except Exception as error:  # a fault of the judge's own, which is no traceback of the student's
            reason = str(error) if isinstance(error, JudgeFault) else type(error).__name__
            sentence = f"The judge failed here, not you ({reason}). Please report it, with --seed {seed}."
            return without_answers(self._catalogue.find(notebook, exercise), Status.GRADER_FAULT, sentence)

    def _what(self, words: list[str], option: str | None) -> tuple[str, list[str]]:
        """The notebook and the exercises asked for; none means all."""
        named = option
        if option is None and words and notebook_named(self._catalogue, words[0]):
            named, *words = words
        notebook = notebook_named(self._catalogue, named) if named is not None else None
        if notebook is None and named is not None:
            raise Unclear(f"The course has no notebook {named}. It has: {', '.join(self._catalogue.notebooks)}.")
        if notebook is None:
            notebook = notebook_of(self._catalogue, self.shell.user_ns, words)
        return notebook, list(dict.fromkeys(exercise_named(self._catalogue, notebook, word) for word in words))

    def _is_defined(self, name: str) -> bool:
        return callable(self.shell.user_ns.get(name))

    def _shown(self, notebook: str, written: list[Verdict], unwritten: list[Verdict], seed: int) -> Shown:
        lines = []
        if unwritten:
            names = ", ".join(verdict.id for verdict in unwritten)
            lines.append(f"Not written yet: {names}. Each has hints below its answer cell.")
            lines += [failure.sentence(v.id) for v in unwritten if (failure := self._failures.get(v.id))]
        lines.append(self._total(notebook))
        if written:
            lines.append(f"{OWN_PROCESS} The inputs have seed {seed}: --seed {seed} replays them.")
        return _page(written, lines)

    def _total(self, notebook: str) -> str:
        records, exercises = self._store.read().get(notebook, {}), self._catalogue.exercises_of(notebook)
        judged = [one for one in exercises if one.id in records]
        score, full = sum(records[one.id].score for one in judged), sum(one.points for one in exercises)
        since = "so far" if self._store.keeps else "in this session"
        return (
            f"{notebook} {since}: {points_text(score)} of the judge's {points_text(full)} points, "
            f"{len(judged)} of {len(exercises)} exercises judged."
        )


def _parsed(magic: Callable, line: str) -> Namespace:
    """The line's arguments. What is wrong with an option, IPython says in one line of its own."""
    try:
        return parse_argstring(magic, line)
    except ValueError as error:  # an open quotation mark
        raise Told(f"{line} cannot be read: {str(error).lower()}.") from None


def _line_of(error: BaseException, namespace: dict) -> int | None:
    """The line of the cell, run in `namespace`, in which it stopped."""
    lines = (line for frame, line in walk_tb(error.__traceback__) if frame.f_globals is namespace)
    return next(lines, None)


@contextlib.contextmanager
def left_as_it_was(namespace: dict) -> Iterator[None]:
    """Give the names in `namespace` and the random numbers to come back, whatever the asked functions did to them."""
    names, numpy_state, python_state = dict(namespace), np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        for name in namespace.keys() - names.keys():
            del namespace[name]
        namespace.update(names)
        np.random.set_state(numpy_state)
        random.setstate(python_state)


def load(shell: InteractiveShell) -> None:
    """Add the magics to a shell, with completion of exercises' names."""
    try:
        catalogue = catalogue_around(Path.cwd())
    except CourseError as error:
        raise UsageError(str(error)) from None
    magics = CourseMagics(shell, catalogue)
    shell.register_magics(magics)
    shell.events.register("post_run_cell", magics.keep_failure)
    ids = sorted({exercise.id for name in catalogue.notebooks for exercise in catalogue.exercises_of(name)})

    def complete(_, event) -> list[str]:
        return [name for name in (*ids, *catalogue.notebooks) if name.startswith(event.symbol)]

    shell.set_hook("complete_command", complete, str_key="%check")
