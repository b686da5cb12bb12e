"""Courses of notebooks that grade themselves: written as text, built, graded in a sandbox, with feedback."""

import sys
from contextlib import suppress

# jsonschema, which reads our notebooks, builds the grammar of international addresses (RFC 3987) when it is first
# imported, wherever it is installed, and needs as long for it as all else that a command imports. No notebook has a
# field of that format, and jsonschema goes on without.
if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # not to be imported
    try:
        with suppress(ImportError):  # the layers need none
            import jsonschema  # noqa: F401
    finally:
        del sys.modules["rfc3987_syntax"]  # others may have it


DISTRIBUTION = "attention-course"  # what pip calls it: on the public index "autograder" belongs to somebody else


def what_to_install(error: ModuleNotFoundError) -> str:
    """A sentence that says what to install where a module is missing. Raises the error if the module is ours."""
    package = str(error.name).partition(".")[0]
    if package == __name__:
        raise error
    return (
        f"the package {package} is missing, because what grades is an optional part of {DISTRIBUTION}: run "
        'pip install ".[course,grader]" in a clone of its repository (not "pip install autograder", which is another '
        "project's)"
    )


def load_ipython_extension(shell) -> None:
    """`%load_ext autograder`: the magics %check and %progress.
    Raises ModuleNotFoundError, with what to install, if a package is missing."""
    try:
        from .magics import load
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(what_to_install(error), name=error.name) from error

    load(shell)
