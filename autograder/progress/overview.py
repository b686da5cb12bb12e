"""Where one stands: the judge's records together with the notebooks as they are in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..exercise.catalogue import Catalogue
from ..exercise.exercise import Exercise
from .states import Question, Work, WorkState
from .store import Record, Records


@dataclass(frozen=True)
class Standing:
    """How one exercise stands. `score` is None as long as the judge has not been asked."""

    id: str
    points: float
    state: WorkState
    score: float | None = None
    checked: str = ""
    advice: str = ""


@dataclass(frozen=True)
class NotebookStanding:
    """How one notebook stands: its exercises in order, then the questions in words as far as the file shows them."""

    name: str
    exercises: tuple[Standing, ...]
    questions: tuple[Question, ...] = ()

    @property
    def score(self) -> float:
        return sum(item.score or 0.0 for item in self.exercises)

    @property
    def points(self) -> float:
        return sum(item.points for item in self.exercises)

    @property
    def begun(self) -> bool:
        written = any(one.written for one in self.questions)
        return written or any(item.state != WorkState.NOT_BEGUN for item in self.exercises)

    @property
    def done(self) -> bool:
        return all(item.state == WorkState.RIGHT for item in self.exercises)

    @property
    def next(self) -> Standing | None:
        """The first exercise that is not right yet."""
        return next((item for item in self.exercises if item.state != WorkState.RIGHT), None)


@dataclass(frozen=True)
class Overview:
    """How the whole course stands."""

    notebooks: tuple[NotebookStanding, ...]

    @property
    def score(self) -> float:
        return sum(notebook.score for notebook in self.notebooks)

    @property
    def points(self) -> float:
        return sum(notebook.points for notebook in self.notebooks)

    @property
    def next(self) -> str:
        """What to do next, in one sentence: go on where something is begun, else begin the next notebook."""
        open_ones = [(notebook, item) for notebook in self.notebooks if (item := notebook.next)]
        if not open_ones:
            return "Every exercise is right. The stretch tasks at the end of each notebook are left."
        notebook, item = next((one for one in open_ones if one[0].begun), open_ones[0])
        return f"Next: {item.id} in {notebook.name}. {item.advice}"


def overview(catalogue: Catalogue, records: Records, folder: Path | None = None) -> Overview:
    """The course's standing from the records, and from the notebooks in `folder` where it is given."""
    found = []
    for name in catalogue.notebooks:
        exercises, known = catalogue.exercises_of(name), records.get(name, {})
        work = _look(name, exercises, folder)
        standings = (
            _standing(one.id, one.points, known.get(one.id), work.states.get(one.id, WorkState.NOT_BEGUN))
            for one in exercises
        )
        found.append(NotebookStanding(name, tuple(standings), work.questions))
    return Overview(tuple(found))


def find_work(catalogue: Catalogue, start: Path, top: Path | None = None) -> Path | None:
    """The folder around `start` (itself, or one above it up to `top`) that holds most notebooks of the course; None if
    none does. A notebook's own folder holds it alone, the one above may hold them all."""
    held = {
        folder: sum(_file(name, folder) is not None for name in catalogue.notebooks)
        for folder in (start, *start.parents)
        if top is None or folder.is_relative_to(top)
    }
    most = max(held, key=lambda folder: held[folder])
    return most if held[most] else None


def _standing(exercise_id: str, points: float, record: Record | None, state: WorkState) -> Standing:
    if record is None:
        advice = "Write it." if state == WorkState.NOT_BEGUN else f"Ask the judge: %check {exercise_id}"
        return Standing(exercise_id, points, state, advice=advice)
    if record.score >= points:
        return Standing(exercise_id, points, WorkState.RIGHT, points, record.checked)
    score = max(0.0, record.score)
    state = state if state == WorkState.NOT_BEGUN and not score else WorkState.PARTLY if score else WorkState.WRONG
    return Standing(exercise_id, points, state, score, record.checked, record.sentence)


def _file(name: str, folder: Path) -> Path | None:
    places = (folder / name / f"{name}.ipynb", folder / f"{name}.ipynb")
    return next((path for path in places if path.is_file()), None)


def _look(name: str, exercises: Iterable[Exercise], folder: Path | None) -> Work:
    """What the notebook's file in `folder` shows; nothing where there is none, or it cannot be read."""
    path = _file(name, folder) if folder else None
    if path is None:
        return Work()
    # Imported here: a notebook without the course, as on Colab, may be without nbformat and needs none of this.
    from ..intake.reading import Unreadable, read_submission
    from .work import look

    try:
        notebook, _ = read_submission(path)
    except (Unreadable, OSError):
        return Work()
    return look(notebook, [exercise.id for exercise in exercises])
