"""nbgrader's exchange, with a real folder, the teacher's course and a home for each student."""

from __future__ import annotations

from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeFetchAssignment,
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)

from autograder.course import Course


class Exchange:
    """What `nbgrader release_assignment` and so on do for one notebook, as the teacher or as a student."""

    def __init__(self, course: Course, notebook: str, folder: Path):
        self._course, self._notebook, self._folder = course, notebook, folder
        (folder / "exchange").mkdir()
        self._teacher(ExchangeReleaseAssignment)

    def hand_in(self, student: str, content: str) -> None:
        """A student fetches the assignment, works on it and submits."""
        if not (self._home(student) / self._notebook).exists():
            self._student(ExchangeFetchAssignment, student)
        (self._home(student) / self._notebook / f"{self._notebook}.ipynb").write_text(content)
        self._student(ExchangeSubmit, student)

    def collect(self, update: bool = False) -> None:
        config = self._course.config()
        config.ExchangeCollect.update = update
        self._do(ExchangeCollect, config)

    def release_feedback(self) -> None:
        self._teacher(ExchangeReleaseFeedback)

    def fetch_feedback(self, student: str) -> list[str]:
        """The pages that a student has fetched, one for each submission with feedback."""
        self._student(ExchangeFetchFeedback, student)
        pages = (self._home(student) / self._notebook / "feedback").glob("*/*.html")
        return [page.read_text() for page in sorted(pages)]

    def _home(self, student: str) -> Path:
        return self._folder / "homes" / student

    def _teacher(self, step: type) -> None:
        self._do(step, self._course.config())

    def _student(self, step: type, student: str) -> None:
        config, home = self._course.config(), self._home(student)
        home.mkdir(parents=True, exist_ok=True)
        config.CourseDirectory.student_id = student
        config.Exchange.assignment_dir, config.Exchange.cache = str(home), str(home / ".cache")
        self._do(step, config)

    def _do(self, step: type, config) -> None:
        config.Exchange.root = str(self._folder / "exchange")
        config.CourseDirectory.assignment_id = self._notebook
        step(
            coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config
        ).start()
