"""nbgrader's own zip_collect, run from Python on files that were laid out for it."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from ..course import Course, CourseError

# What `prepared_path` makes. The names that an LMS gives are read before: no one pattern tells two files of one student
# apart, or one student from another whose name ends in digits.
_PREPARED = r".*/(?P<student_id>[^/]+)/(?:at(?P<timestamp>\d{8}T\d{6})_)?(?P<file_id>[^/]+)\.(?:ipynb|zip)$"


def prepared_path(top: Path, name: str, student: str, suffix: str, time: datetime | None) -> Path:
    """Where a submission is laid for `zip_collect`; the time (UTC) makes a timestamp.txt."""
    stamp = f"at{time:%Y%m%dT%H%M%S}_" if time else ""
    return top / name / "archive" / student / f"{stamp}{name}{suffix}"


def zip_collect(course: Course, name: str, top: Path) -> None:
    """Collect what lies prepared under `top` into nbgrader's folder of submissions. Students there must have none yet.
    Raises CourseError if nbgrader fails, with what it said last."""
    config = course.config()
    config.CourseDirectory.assignment_id = name
    config.ZipCollectApp.collect_directory_structure = f"{top}/{{assignment_id}}/{{collect_step}}"
    config.ZipCollectApp.archive_directory, config.ZipCollectApp.extracted_directory = "archive", "extracted"
    config.ZipCollectApp.extractor_plugin = ExtractorPlugin
    config.ZipCollectApp.collector_plugin = FileNameCollectorPlugin
    config.ExtractorPlugin.zip_ext = []  # archives from students stay packed: grading reads them safely
    config.FileNameCollectorPlugin.named_regexp = _PREPARED
    config.FileNameCollectorPlugin.valid_ext = [".ipynb", ".zip"]
    said = _Said()
    app = ZipCollectApp(config=config)
    app.coursedir = CourseDirectory(config=config)
    app.log = said.logger
    try:
        app.init_plugins()
        app.extract_archive_files()
        app.process_extracted_files()
    except (SystemExit, OSError) as error:  # nbgrader's way to fail is to leave
        raise CourseError(f"nbgrader's zip_collect failed: {said.last or error}") from error


class _Said(logging.Handler):
    """Keeps nbgrader's last warning or error, and prints nothing."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.last = ""
        self.logger = logging.Logger("zip_collect")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()
