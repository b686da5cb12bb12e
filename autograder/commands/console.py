"""What the commands share: exit statuses, where messages go, the progress bar."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ..printable import printable
from ..seeds import LARGEST

EXIT_USAGE, EXIT_NOT_GRADED, EXIT_STOPPED = 2, 3, 130
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DOWNLOAD = click.Path(exists=True, path_type=Path)  # of an LMS: an archive, or a folder of its files
TO_WRITE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SEED = click.IntRange(0, LARGEST)
ROSTER_HELP = "Canvas's gradebook, or Moodle's list of participants or grading worksheet: names, sections or groups."
SECTION_HELP = "Only this section, or group of Moodle's, by the roster."

# Progress and messages go to stderr: stdout holds the result alone.
stderr = Console(stderr=True)


def say(sentence: str, soft_wrap: bool = False) -> None:
    """Print a message: brackets in a path are no markup, and a student's name moves no cursor."""
    stderr.print(printable(sentence, keep="\n"), markup=False, highlight=False, soft_wrap=soft_wrap)


def progress_bar(unit: str) -> Progress:
    """A progress bar that counts in `unit`, with the time left."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=stderr,
    )
