"""What the commands share: exit statuses, where messages go, the progress bar."""

from __future__ import annotations

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

from ..seeds import LARGEST

EXIT_USAGE, EXIT_NOT_GRADED, EXIT_STOPPED = 2, 3, 130
SEED = click.IntRange(0, LARGEST)

# Progress and messages go to stderr: stdout holds the result alone.
stderr = Console(stderr=True)


def say(sentence: str) -> None:
    """Print a message as it is: brackets in a path are no markup."""
    stderr.print(sentence, markup=False, highlight=False)


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
