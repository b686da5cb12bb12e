"""Commands that the checks of this folder run."""

from __future__ import annotations

import subprocess

from tests.support.binder_server import last_line


class CheckError(Exception):
    """A step could not be done; the message is one line."""


def run(*command, **options) -> str:
    """Run a command and return what it printed. Raises CheckError if it fails, with the last line that it wrote."""
    words = [str(word) for word in command]
    try:
        process = subprocess.run(words, capture_output=True, text=True, **options)
    except OSError as error:
        raise CheckError(f"{words[0]} cannot be run: {error.strerror}") from error
    if process.returncode:
        raise CheckError(f"{' '.join(words):.120} failed: {last_line(process.stderr.strip() or process.stdout)}")
    return process.stdout
