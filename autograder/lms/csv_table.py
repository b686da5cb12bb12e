"""CSV files that an LMS exported: read whole, written back with the same cells, quoted, and safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from ..course import CourseError
from ..files import write_whole

# What a spreadsheet may take for a formula, full-width signs too; a number or a lone dash is none.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠].|[\t\r\n]", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_MAX_CELL = 2**24  # characters; a Moodle worksheet holds whole texts


@dataclass
class CsvTable:
    """A CSV file. Every row has as many cells as the header."""

    path: Path
    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    newline: str = "\n"
    marked: bool = False  # with a byte order mark

    def find(self, name: str) -> int | None:
        """The place of the column of this name, capital letters or not."""
        names = [one.strip().lower() for one in self.header]
        return names.index(name.lower()) if name.lower() in names else None

    def require(self, name: str) -> int:
        """The place of a column. Raises CourseError if there is none of this name."""
        place = self.find(name)
        if place is None:
            raise CourseError(f"{self.path} has no column {name!r}; it has: {', '.join(self.header)}")
        return place


def read_table(path: Path) -> CsvTable:
    """Read a CSV file with commas, semicolons or tabs.
    Raises CourseError if it is no CSV in UTF-8, is empty, or has a row that is longer than its header."""
    csv.field_size_limit(_MAX_CELL)
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        delimiter = _delimiter(text)
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8: export it again, and do not save it from a spreadsheet") from error
    except ValueError as error:
        raise CourseError(f"{path} is empty: export it again") from error
    except csv.Error as error:
        raise CourseError(f"{path} is no CSV file ({error}): export it again") from error
    for number, row in enumerate(rows, start=2):
        if len(row) > len(header):
            raise CourseError(f"{path}: row {number} has {len(row)} cells, the header {len(header)}: export it again")
        row.extend([""] * (len(header) - len(row)))
    newline = "\r\n" if b"\r\n" in raw else "\n"
    rows = [row for row in rows if any(row)]
    return CsvTable(path, header, rows, delimiter, newline, marked=raw.startswith(b"\xef\xbb\xbf"))


def _delimiter(text: str) -> str:
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(",;\t", key=first.count)


def write_table(table: CsvTable, path: Path) -> None:
    """Write a table whole or not at all. Every cell is quoted; those that a spreadsheet would run get an apostrophe.
    Raises CourseError if it cannot be written: a mistyped folder is not made."""
    if not path.parent.is_dir():
        raise CourseError(f"{path} cannot be written: there is no folder {path.parent}")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter, lineterminator=table.newline, quoting=csv.QUOTE_ALL)
    writer.writerows([[safe_cell(cell) for cell in row] for row in (table.header, *table.rows)])
    try:
        write_whole(path, text.getvalue().encode("utf-8-sig" if table.marked else "utf-8", "replace"))
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}") from error


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run the cell as a formula."""
    return bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)


def safe_cell(cell: str) -> str:
    """The cell as text for every spreadsheet."""
    return f"'{cell}" if is_formula(cell) else cell
