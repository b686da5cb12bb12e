"""One's own record of what the judge said: a small JSON file, written whole or not at all.

It is for oneself and proves nothing: anybody can edit it. Grades come from the grader.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..files import write_whole
from ..judge.verdict import Verdict
from ..statuses import Status

VARIABLE = "AUTOGRADER_PROGRESS"  # another file's path, or OFF
OFF = "off"
_VERSION = 1
_MAX_SENTENCE = 300  # characters

Records = dict[str, dict[str, "Record"]]  # by notebook, then by exercise


@dataclass(frozen=True)
class Record:
    """What the judge said last of one exercise, and when (ISO 8601, UTC)."""

    score: float
    max_score: float
    status: str
    sentence: str
    checked: str


def default_path(package: str) -> Path | None:
    """Where the record of a course is kept on this machine; None where its user wants none."""
    wanted = os.environ.get(VARIABLE, "").strip()
    if wanted.lower() == OFF:
        return None
    if wanted:
        return Path(wanted).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    course = package.partition(".")[0].replace("_", "-")
    return Path(data).expanduser() / course / "progress.json"


def own_store(say: Callable[[str], object], package: str) -> Store:
    """The store of this machine's user for the course whose exercises are in `package`."""
    return Store(default_path(package), say)


class Store:
    """Reads and writes the record. Where nothing can be kept in a file, it lasts as long as this object.

    A record is a convenience, so no trouble with the file is an error: `say` is called with one sentence instead.
    """

    def __init__(self, path: Path | None, say: Callable[[str], object]):
        self._path = path
        self._say = say
        self._unsaved: Records = {}

    @property
    def keeps(self) -> bool:
        """Whether the record outlasts this process."""
        return self._path is not None

    def read(self) -> Records:
        """All records. A file that cannot be read as such is moved aside."""
        if self._path is None:
            return self._unsaved
        try:
            return _parse(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._say(f"Your progress could not be read: {error}")
            return {}
        except (ValueError, RecursionError):
            self._move_aside(self._path)
            return {}

    def record(self, notebook: str, verdicts: Iterable[Verdict]) -> None:
        """Keep the latest verdict of each exercise. A fault of the grader says nothing about the student."""
        records = self.read()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for verdict in verdicts:
            if verdict.status != Status.GRADER_FAULT:
                sentence = verdict.messages[0][:_MAX_SENTENCE] if verdict.messages else ""
                records.setdefault(notebook, {})[verdict.id] = Record(
                    verdict.score, verdict.max_score, verdict.status, sentence, now
                )
        if self._path is None:
            self._unsaved = records
            return
        try:
            write_whole(self._path, _format(records))
        except OSError as error:
            self._say(f"Your progress could not be kept: {error}")
            self._path, self._unsaved = None, records

    def _move_aside(self, path: Path) -> None:
        kept = path.with_name(f"{path.name}.unreadable-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        try:
            path.replace(kept)
            self._say(f"Your progress file could not be read. It was moved to {kept}, and a new one begins.")
        except OSError as error:
            self._say(f"Your progress file cannot be read, nor moved aside: {error}")
            self._path = None


def _format(records: Records) -> str:
    notebooks = {name: {key: asdict(record) for key, record in found.items()} for name, found in records.items()}
    return json.dumps({"version": _VERSION, "notebooks": notebooks}, indent=1) + "\n"


def _parse(text: str) -> Records:
    """Records from the file's text. Raises ValueError if it is not what `_format` writes."""
    try:
        content = json.loads(text)
        if content["version"] != _VERSION:
            raise ValueError(f"version {content['version']!r}")
        return {
            name: {key: _checked(Record(**fields)) for key, fields in found.items()}
            for name, found in content["notebooks"].items()
        }
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("not a progress file") from error


def _checked(record: Record) -> Record:
    numbers = (record.score, record.max_score)
    texts = (record.status, record.sentence, record.checked)
    if not all(type(number) in (int, float) and math.isfinite(number) for number in numbers):
        raise ValueError("points must be numbers")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("texts must be texts")
    return record
