"""Courses of notebooks that grade themselves: written as text, built, graded in a sandbox, with feedback."""

import sys


def _import_jsonschema_without_its_grammar() -> None:
    """Import jsonschema, which reads our notebooks, without the grammar of international addresses (RFC 3987).

    It builds that grammar when it is first imported, wherever the package is installed, and needs as long for it as
    all else that a command imports. No notebook has a field of that format, and jsonschema goes on without.
    """
    if "jsonschema" in sys.modules or "rfc3987_syntax" in sys.modules:
        return
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # not to be imported
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules["rfc3987_syntax"]  # others may have it


_import_jsonschema_without_its_grammar()


def load_ipython_extension(shell) -> None:
    """`%load_ext autograder`: the magics %check and %progress."""
    from .magics import load

    load(shell)
