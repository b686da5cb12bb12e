"""The version of a new gradebook's tables, from the list that nbgrader brings.

nbgrader starts `alembic` by its name to read that list: seconds of processor time for each new gradebook, and an error
where the environment's folder is not on PATH.
"""

from __future__ import annotations

from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR


def install() -> None:
    """Let nbgrader read the list here. To do it again changes nothing."""
    api.get_alembic_version = newest_version


def newest_version() -> str | None:
    """The version that `nbgrader db upgrade` would leave."""
    from alembic.script import ScriptDirectory  # most commands make no gradebook

    return ScriptDirectory(ALEMBIC_DIR).get_current_head()
