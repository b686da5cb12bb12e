"""The command line: `autograder COMMAND`."""

from __future__ import annotations

import io
import os
import platform
import sys

import click

from . import DISTRIBUTION
from .commands.build import build_command
from .commands.bundle import bundle_command
from .commands.check import check_command
from .commands.collect import collect_command
from .commands.console import EXIT_STOPPED, EXIT_USAGE, say
from .commands.export import export_command
from .commands.feedback import feedback_command
from .commands.grade import grade_command
from .commands.new import new_command
from .commands.progress import progress_command
from .commands.replay import replay_command
from .commands.report import report_command
from .commands.similar import similar_command
from .commands.site import site_command
from .commands.words import words_command
from .commands.work import work_command
from .course import CourseError
from .files import disk_is_full


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[
        build_command,
        bundle_command,
        check_command,
        collect_command,
        export_command,
        feedback_command,
        grade_command,
        new_command,
        progress_command,
        replay_command,
        report_command,
        similar_command,
        site_command,
        words_command,
        work_command,
    ],
)
@click.version_option(
    package_name=DISTRIBUTION,
    message=f"autograder %(version)s, of {DISTRIBUTION}, on Python {platform.python_version()}",
)
def cli() -> None:
    """Courses of notebooks that grade themselves."""


def main() -> None:
    """Entry point: what is wrong with the course, its use or the disk is one line and exit status 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that the terminal or file has no letters for stops nothing
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr does by itself
    try:
        sys.exit(cli(prog_name="autograder", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except click.Abort:
        say("stopped")
        sys.exit(EXIT_STOPPED)
    except CourseError as error:
        _end_with(str(error))
    except Exception as error:
        if not disk_is_full(error):
            raise
        _end_with("the disk is full. No file was left half written: make room and run the same again")


def _end_with(sentence: str) -> None:
    say(f"autograder: {sentence}")
    sys.exit(EXIT_USAGE)
