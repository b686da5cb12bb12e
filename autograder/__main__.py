"""`autograder`, and `python -m autograder`: the command line, where what it needs is installed."""

import gc
import sys

from . import what_to_install


def main() -> None:
    """Entry point. Where only the layers are installed, one sentence says what is missing, with exit status 2."""
    gc.set_threshold(50_000, 10, 10)  # looking for garbage while all is imported: a sixth of a command's start
    try:
        from .cli import main as command_line
    except ModuleNotFoundError as error:
        print(f"autograder: {what_to_install(error)}", file=sys.stderr)
        sys.exit(2)
    command_line()


if __name__ == "__main__":
    main()
