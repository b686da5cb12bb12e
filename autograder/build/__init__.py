"""Text source -> executed walkthrough -> student version; what the source leaves out is filled in on the way.

`marks` reads what a source's cells say they are, `filling` writes what follows from it, `source` makes the notebook,
`make` runs it, `readme` carries the points into README.md.
"""

from .make import build, is_current, student_version, write_notebook
from .source import read_source, without_source

__all__ = ["build", "is_current", "read_source", "student_version", "without_source", "write_notebook"]
