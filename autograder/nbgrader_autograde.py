"""`nbgrader autograde` and formgrader's button take the files that `autograder grade` takes.

nbgrader looks for `submitted/<student>/<notebook>/<notebook>.ipynb` alone and reads it with nbformat. Once
nbgrader_config.py has called `install`, its Autograde finds a submission with `find_submission` and reads it with
`read_submission`. Nothing in the folder of submissions is changed. What cannot be read is an error in nbgrader's log,
with the sentence that `autograder grade` gives; no row is made for it in the gradebook, and the others are graded.
Where the notebook's points are not those of its exercises, that sentence is said and nothing is graded.
"""

from __future__ import annotations

import fnmatch
import glob
import logging
import os
import stat
from datetime import datetime
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import temp_attrs

from .course import Course, CourseError
from .grading.points import require_points
from .intake.finding import find_students, find_submission, place_note
from .intake.kinds import Unreadable, shown_name
from .intake.reading import read_submission
from .intake.recognise import Recogniser
from .printable import printable
from .record.hand_grades import SETTLED, left_by_last_grading, settled_grades
from .record.recorder import read_timestamp
from .sandbox.fork_server import start_early
from .sandbox.limits import Limits

_init_notebooks, _init_destination = Autograde.init_notebooks, Autograde.init_destination
_init_assignment, _convert_notebooks = Autograde.init_assignment, BaseConverter.convert_notebooks


def install() -> None:
    """Give nbgrader's Autograde these ways to find and read a submission. To do it again changes nothing.

    What any of nbgrader's converters logs is text alone.
    """
    BaseConverter.convert_notebooks = _with_printable_log
    Autograde.init_notebooks = _find_folders
    Autograde.init_destination = _read_before_anything_is_made
    Autograde.init_assignment = _copy_plain_files_alone
    CourseDirectory.get_existing_timestamp = _timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


class _Printable(logging.Filter):
    """Lets a log's lines through as text alone: nbgrader's own hold the names of students' files and folders too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = printable(record.getMessage(), keep="\n"), ()
        return True


_PRINTABLE = _Printable()  # a log takes the same one once


def _with_printable_log(self: BaseConverter) -> None:
    self.log.addFilter(_PRINTABLE)
    _convert_notebooks(self)


class SubmissionExporter(NotebookExporter):
    """Autograde's exporter: where it would read the submitted file, it takes what `read_submission` gave."""

    def from_filename(self, filename, resources=None, **options):
        submission = getattr(self.parent, "submission", None)
        if submission is None:
            return super().from_filename(filename, resources, **options)
        if not self.parent._sanitizing:
            resources["nbgrader"][SETTLED] = self.parent.settled
            return super().from_filename(filename, resources, **options)
        notebook, resources["nbgrader"]["notes"] = submission
        return self.from_notebook_node(notebook, resources, **options)


def _find_folders(self: Autograde) -> None:
    """Instead of nbgrader's search for files: every student who has a folder, whatever the file in it is called."""
    name = self.coursedir.assignment_id
    self.assignments, self.notebooks = {}, []
    if name in _course(self).names and fnmatch.fnmatchcase(name, self.coursedir.notebook_id):
        # Such a file need not be there: it stands for what `find_submission` finds.
        self.assignments = {
            str(folder): [str(folder / f"{name}.ipynb")]
            for student, folder in _folders(self, name).items()
            if fnmatch.fnmatchcase(student, self.coursedir.student_id)
        }
    if self.assignments:
        _require_sound(self, name)
        start_early(self.config)
    else:
        _init_notebooks(self)  # it says best what it misses


def _require_sound(self: Autograde, name: str) -> None:
    """What is wrong with points or settings is said as nbgrader says such things: in its log, before anything runs."""
    course = _course(self)
    try:
        require_points(course, name)
        if course.best_counts:
            self.log.info("What lies in the folder of submissions is graded; `autograder grade` compares attempts")
    except CourseError as error:
        self.log.error("%s", error)
        raise NbGraderException(str(error)) from error


def _folders(self: Autograde, name: str) -> dict[str, Path]:
    top = Path(self.coursedir.format_path(self.coursedir.submitted_directory, "student", name)).parents[1]
    try:
        return find_students(_course(self), name, top)
    except CourseError:
        return {}


def _read_before_anything_is_made(self: Autograde, assignment_id: str, student_id: str) -> bool:
    """nbgrader's own decision whether to grade, then the submission is read: a refusal leaves no row of zeros."""
    self.submission = None
    self.settled = _settled(self, assignment_id, student_id)
    if not _init_destination(self, assignment_id, student_id):
        return False
    course = _course(self)
    if assignment_id in course.names:
        folder, limits = Path(self._format_source(assignment_id, student_id)), Limits(config=self.config)
        try:
            path = find_submission(folder, assignment_id, Recogniser(course).holds(assignment_id), limits)
            self.submission = read_submission(path, limits)
        except (Unreadable, OSError) as error:
            reason = f"The file cannot be read: {error.strerror}." if isinstance(error, OSError) else error
            self.log.error("%s: not graded: %s", student_id, reason)
            raise
        if os.fspath(path) != str(folder / f"{assignment_id}.ipynb"):
            self.log.info("%s: %s is taken for %s.ipynb", student_id, shown_name(path.name), assignment_id)
        for note in place_note(folder, path):
            self.log.warning("%s: %s", student_id, note)
    return True


def _settled(self: Autograde, name: str, student: str) -> dict[str, tuple]:
    """Looked up first: nbgrader removes the graded notebook, and sets all scores of a file of another name to 0."""
    graded = left_by_last_grading(Path(self._format_dest(name, student)) / f"{name}.ipynb")
    if not graded:
        return {}
    with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
        return settled_grades(gradebook, name, student, graded)


def _copy_plain_files_alone(self: Autograde, assignment_id: str, student_id: str) -> None:
    """nbgrader copies what lies beside a notebook: it would follow a link out of the folder, fail at a pipe, and write
    out a sparse file of any size."""
    folder, room = Path(self._format_source(assignment_id, student_id)), Limits(config=self.config).beside_bytes
    left_out = []
    for path in folder.rglob("*"):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= room:
            room -= status.st_size
        elif not stat.S_ISDIR(status.st_mode):
            left_out.append(path.name)
            name = shown_name(path.name)
            self.log.warning("%s: %s is not copied: too large, or no plain file", student_id, name)
    with temp_attrs(self.coursedir, ignore=[*self.coursedir.ignore, *map(glob.escape, left_out)]):
        _init_assignment(self, assignment_id, student_id)


def _timestamp(self: CourseDirectory, folder: str) -> datetime | None:
    """The time in a folder's timestamp.txt. A file that holds none costs nobody a grade, and formgrader no page."""
    time, notes = read_timestamp(Path(folder))
    for note in notes:
        self.log.warning("%s: %s", folder, note)
    return time


def _submitted_timestamp(self: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    directory = self.coursedir
    return directory.get_existing_timestamp(
        directory.format_path(directory.submitted_directory, student_id, assignment_id)
    )


def _course(self: Autograde) -> Course:
    return Course.find(Path(self.coursedir.root))
