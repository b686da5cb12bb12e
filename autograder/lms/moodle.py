"""Moodle: the names in its "Download all submissions" archive, its grading worksheet and its lists of people as CSV.

A file is in a folder `Ada Lovelace_1234_assignsubmission_file_` (newer: without the last underscore), or has that
before its name. Where students are in groups the group's name comes first, with a hyphen; where marking is anonymous,
the name is "Participant". Moodle gives a student another number in each assignment. Late or not is in the worksheet
alone, groups in the list of participants alone; neither this nor the gradebook's export has the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath

from dateutil import parser

from ..intake.names import HandIn
from .csv_table import CsvTable

# Moodle makes spaces of the underscores in a name.
_PART = re.compile(
    r"(?P<name>[^_]*)_(?P<id>[0-9]{1,18})_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)", re.DOTALL
)
_IDENTIFIER = re.compile(r"[^\d=+\-@]\D*(?P<id>[0-9]{1,18})")
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._-]*@[a-z0-9][a-z0-9.-]*")
_ANONYMOUS = "participant"
_LATE = re.compile(r"\blate\b", re.IGNORECASE)

GRADE, MAXIMUM, FEEDBACK = "Grade", "Maximum grade", "Feedback comments"


def hand_ins(path: PurePosixPath) -> list[HandIn]:
    """What a file's name says: one answer or none."""
    match = _first_part(path)
    if not match or match["kind"] != "file":
        return []
    return [HandIn(str(int(match["id"])), match["name"], match["file"] or path.name)]


def names_in(name: str) -> list[str | None]:
    """The names that may be the student's: the whole, or what is on one side of a hyphen beside a group's name.

    None stands for a name that Moodle hides. Nobody can choose the number: Moodle makes spaces of a name's underscores.
    """
    hyphens = [place for place, character in enumerate(name) if character == "-"]
    sides = [side for place in hyphens for side in (name[:place], name[place + 1 :])]
    found = [name, *(side for side in sides if side.strip())]
    return [None if one.strip().lower() == _ANONYMOUS else one for one in found]


def feedback_path(path: PurePosixPath, name: str) -> str:
    """Where feedback is in the archive that Moodle takes back: beside the student's file, in the folder or with what is
    before its name."""
    match = _first_part(path)
    assert match
    start = match.string[: match.start("file")] if match["file"] else f"{match.string}/"
    return f"{start}{name}.html"


def _first_part(path: PurePosixPath) -> re.Match | None:
    """The first part that fits: a student can choose what stands further right."""
    return next((match for part in path.parts if (match := _PART.fullmatch(part))), None)


def why_unknown(path: PurePosixPath) -> str:
    """Why a file's name does not say whose it is."""
    return "a text typed into Moodle, not a file" if _first_part(path) else "not named as Moodle names submissions"


def is_roster(table: CsvTable) -> bool:
    return table.find("Identifier") is not None or is_list_of_people(table)


def is_list_of_people(table: CsvTable) -> bool:
    """Whether it is the list of participants, or the gradebook's export: people without the assignment's numbers."""
    there = {column for column in ("Identifier", "First name", "Email address") if table.find(column) is not None}
    return there == {"First name", "Email address"}


def people_rows(table: CsvTable) -> Iterator[tuple[str, str, list[str]]]:
    """(address, last name and first name, row) of each person in a list of people who has an address."""
    for row in table.rows:
        if address := _cell(table, row, "Email address").lower():
            last = _cell(table, row, "Last name") or _cell(table, row, "Surname")
            yield address, ", ".join(filter(None, (last, _cell(table, row, "First name")))), row


def groups(table: CsvTable, row: list[str]) -> str:
    """A person's groups, with commas between them; "" where there are none, or the file does not say."""
    return _cell(table, row, "Groups")


def student_rows(table: CsvTable) -> Iterator[tuple[str, str, list[str]]]:
    """(number, full name, row) of each student in the worksheet; the name is "" where marking is anonymous."""
    identifier = table.require("Identifier")
    for row in table.rows:
        if match := _IDENTIFIER.fullmatch(row[identifier].strip()):
            yield str(int(match["id"])), _cell(table, row, "Full name"), row


def email(table: CsvTable, row: list[str]) -> str:
    """A student's e-mail address in small letters; "" if there is none that can be a folder's name."""
    address = _cell(table, row, "Email address").lower()
    return address if len(address) <= 100 and _EMAIL.fullmatch(address) else ""


def is_late(table: CsvTable, row: list[str]) -> bool:
    """Whether the worksheet's status says so."""
    return bool(_LATE.search(_cell(table, row, "Status")))


def is_draft(table: CsvTable, row: list[str]) -> bool:
    return _cell(table, row, "Status").startswith("Draft")


def is_closed(table: CsvTable, row: list[str]) -> bool:
    """Whether Moodle says that the grade cannot be changed."""
    return _cell(table, row, "Grade can be changed").lower() == "no"


def handed_in(table: CsvTable, row: list[str]) -> datetime | None:
    """When the submission was last changed, in UTC; None where the worksheet says nothing that can be read.

    Moodle writes its user's local time, which is taken for this machine's.
    """
    text = _cell(table, row, "Last modified (submission)")
    try:
        return parser.parse(text, dayfirst=True).astimezone(UTC).replace(tzinfo=None, microsecond=0) if text else None
    except (ValueError, OverflowError):  # "-", or another language
        return None


def _cell(table: CsvTable, row: list[str], column: str) -> str:
    place = table.find(column)
    return "" if place is None else row[place].strip()
