"""Courses of notebooks that grade themselves: written as text, built, graded in a sandbox, with feedback."""

import sys

# jsonschema, which reads our notebooks, builds the grammar of international addresses (RFC 3987) when it is first
# imported, wherever it is installed, and needs as long for it as all else that a command imports. No notebook has a
# field of that format, and jsonschema goes on without.
if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # not to be imported
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules["rfc3987_syntax"]  # others may have it


def load_ipython_extension(shell) -> None:
    """`%load_ext autograder`: the magics %check and %progress."""
    from .magics import load

    load(shell)
