"""The gradebook, to look at. nbgrader's own Gradebook makes what it misses, so it is not used to look."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from ..course import CourseError


def has_gradebook(db_url: str) -> bool:
    """Whether there is a gradebook: a file, where SQLite keeps it."""
    url = make_url(db_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


@contextmanager
def open_to_read(db_url: str) -> Iterator[Connection]:
    """A connection to the gradebook that, with SQLite, cannot write.
    Raises CourseError if the gradebook cannot be read."""
    engine = create_engine(db_url)
    try:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
        with engine.connect() as connection, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about nbgrader's own tables
            yield connection
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise CourseError(
            f"the gradebook cannot be read ({reason}): close what holds it, or check CourseDirectory.db_url"
        ) from error
    finally:
        engine.dispose()
