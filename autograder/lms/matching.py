"""From the files of bulk downloads to one submission per student, with a reason for every file that leads to none."""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..course import Course, CourseError
from ..intake.archive import SIGNATURE, notebook_in_archive
from ..intake.kinds import Unreadable, why_no_notebook
from ..intake.names import HandIn, is_copy_of, notebook_stem, same_letters
from ..intake.reading import decoded, notebook_text, read_submission
from ..intake.recognise import Recogniser
from ..sandbox.limits import Limits
from .downloads import Member
from .roster import LMS, Person

Roster = Mapping[str, Person]


@dataclass(frozen=True)
class Submission:
    """The file of one student that is to be graded.

    `attempt` counts from 1, as far as the names tell; `superseded` are the older files, `older` those of them that can
    be read, the oldest first; `notes` are for the teacher; `place` orders a student's submissions.
    """

    student: str
    lms_id: str
    name: str
    member: Member
    file: str
    suffix: str
    digest: str
    late: bool = False
    attempt: int = 1
    time: datetime | None = None
    superseded: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    place: tuple[int, int, int] = (0, 0, 0)
    older: tuple[Submission, ...] = ()

    @property
    def resubmitted(self) -> bool:
        return self.attempt > 1 or bool(self.superseded)


@dataclass(frozen=True)
class Unmatched:
    """A file that leads to no submission, and why; `lms_id` is whose it is, where that is certain."""

    file: str
    download: str
    reason: str
    lms_id: str = ""


@dataclass(frozen=True)
class _Piece:
    """A file with what its name says; `download` is the download's place in the order given."""

    member: Member
    said: HandIn
    download: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands among the student's files: by Canvas's number of the upload, else by download and copy."""
        stem = notebook_stem(self.said.file)
        return self.said.upload, self.download, stem[1] if stem else 0


def recognise_lms(downloads: list[list[Member]]) -> str:
    """Which LMS named the files. Raises CourseError if none did."""
    for lms in ("moodle", "canvas"):  # Moodle's names cannot be taken for anything else
        if any(LMS[lms].hand_ins(member.path) for members in downloads for member in members):
            return lms
    raise CourseError(
        "no file is named as Canvas or Moodle name submissions: give the archive as it was downloaded, or say --lms"
    )


class Matcher:
    """Finds each student's submission of one notebook."""

    def __init__(self, course: Course, name: str, lms: str, roster: Roster | None, limits: Limits):
        self._name, self._lms = name, LMS[lms]
        self._roster, self._limits = roster, limits
        self._recogniser = Recogniser(course)
        self._digests: dict[_Piece, str] = {}  # of the files that were read
        self.unmatched: list[Unmatched] = []

    def match(self, downloads: list[list[Member]]) -> list[Submission]:
        """One submission per student, in the order of their ids. What matches nothing is in `unmatched` afterwards."""
        pieces: dict[str, list[_Piece]] = defaultdict(list)
        for number, members in enumerate(downloads):
            for member in members:
                said = self._said(member)
                if said:
                    pieces[said.lms_id].append(_Piece(member, said, number))
        found = (self._of_student(lms_id, own) for lms_id, own in pieces.items())
        return sorted((one for one in found if one), key=lambda one: one.student)

    def _leave(self, member: Member, reason: str, lms_id: str = "") -> None:
        self.unmatched.append(Unmatched(str(member), member.download, reason, lms_id))

    def _said(self, member: Member) -> HandIn | None:
        """What a file's name says for certain."""
        if member.refused:
            self._leave(member, member.refused)
            return None
        found = self._lms.hand_ins(member.path)
        if not found:
            self._leave(member, self._lms.why_unknown(member.path))
        elif self._roster is None:
            return next((one for one in found if is_copy_of(one.file, self._name)), found[0])
        else:
            on_it = [one for one in found if one.lms_id in self._roster]
            agreeing = [one for one in on_it if self._agrees(one, self._roster[one.lms_id])]
            if len(agreeing) == 1:
                return agreeing[0]
            self._leave(member, self._why_not_on_roster(found[0], on_it, agreeing))
        return None

    def _agrees(self, said: HandIn, person: Person) -> bool:
        """Whether the file's name and the roster name one person; where marking is anonymous one has none."""
        return not person.name or any(
            name is None or same_letters(name, person.name) for name in self._lms.names_in(said.name)
        )

    def _are_one(self, one: str, other: str) -> bool:
        """Whether two names that come with one number may be one person's."""
        return any(
            name is not None and same_letters(name, whole)
            for whole, part in ((one, other), (other, one))
            for name in self._lms.names_in(part)
        )

    def _why_not_on_roster(self, first: HandIn, on_it: list[HandIn], agreeing: list[HandIn]) -> str:
        if agreeing:
            return f"it may be of {' or of '.join(one.lms_id for one in agreeing)}: a name that ends in a number"
        if not on_it:
            return f"the number {first.lms_id} is not on the roster"
        one = on_it[0]
        known = f"{one.lms_id} is {self._roster[one.lms_id].name!r} on the roster, not {one.name!r}"
        return f"{known}: export the roster again, and collect again with it"

    def _of_student(self, lms_id: str, pieces: list[_Piece]) -> Submission | None:
        names = [piece.said.name for piece in pieces]
        if self._roster is None and not all(self._are_one(name, names[0]) for name in names):
            for piece in pieces:
                self._leave(piece.member, f"the number {lms_id} stands with several names: give a --roster")
            return None
        by_download: dict[int, list[_Piece]] = defaultdict(list)
        for piece in pieces:
            by_download[piece.download].append(piece)
        found = [one for own in by_download.values() if (one := self._of_download(own))]
        if not found:
            return None
        *older, newest = sorted(found, key=lambda one: one.place)
        other = [one for one in older if one.digest != newest.digest]
        before = [file for one in older for file in one.superseded]
        superseded = tuple(dict.fromkeys([*before, *(str(one.member) for one in other), *newest.superseded]))
        every = [each for one in (*other, newest) for each in (*one.older, *([one] if one is not newest else []))]
        return replace(newest, superseded=superseded, older=tuple(every))

    def _of_download(self, pieces: list[_Piece]) -> Submission | None:
        """A student's submission in one download: the file with the name asked for, else with its cells, else a zip."""
        # What a file is that has not a notebook's name, with the sentence that grading would say of it.
        reasons = {piece: why_no_notebook(b"", piece.said.file) or "not a notebook" for piece in pieces}
        group = next(filter(None, self._groups(pieces, reasons)), [])
        submission = self._newest(group, reasons) if group else None
        if submission:
            beside = [f"also handed in: {piece.said.file}" for piece in pieces if piece not in group]
            return replace(submission, notes=(*submission.notes, *beside))
        for piece, reason in reasons.items():
            self._leave(piece.member, reason, piece.said.lms_id)
        return None

    def _groups(self, pieces: list[_Piece], reasons: dict[_Piece, str]) -> Iterator[list[_Piece]]:
        """The files that may be it, the likeliest group first. To look into files takes time, so names come first."""

        def none_is_another(group: list[_Piece]) -> list[_Piece]:
            return [piece for piece in group if not self._is_another(piece, reasons)]

        yield none_is_another([piece for piece in pieces if is_copy_of(piece.said.file, self._name)])
        yield [piece for piece in pieces if notebook_stem(piece.said.file) and self._holds_it(piece, reasons)]
        yield none_is_another([piece for piece in pieces if piece.said.file.lower().endswith(".zip")])

    def _is_another(self, piece: _Piece, reasons: dict[_Piece, str]) -> bool:
        """Whether a file is certainly another notebook, whatever its name; then the reason is noted. What cannot be
        read is none. Each is read once: its digest is kept."""
        other = None
        with suppress(Unreadable):
            content = piece.member.read()
            is_archive = _suffix(piece) == ".zip" or content.startswith(SIGNATURE)
            raw = notebook_in_archive(content, self._limits) if is_archive else content
            self._digests[piece] = hashlib.sha256(content).hexdigest()
            other = self._recogniser.other_than(self._name, decoded(raw, piece.said.file))
        if other:
            reasons[piece] = f"it is {other}, not {self._name}"
        return other is not None

    def _holds_it(self, piece: _Piece, reasons: dict[_Piece, str]) -> bool:
        """Whether a notebook with another name has the cells of the one asked for; else the reason is noted."""
        with tempfile.TemporaryDirectory(prefix="collect-") as folder:
            path = Path(folder) / "submission.ipynb"
            try:
                path.write_bytes(piece.member.read())
                read_submission(path, self._limits)
                name = self._recogniser.name_of(notebook_text(path, self._limits))
            except Unreadable as reason:
                reasons[piece] = str(reason)
                return False
        if name is None:
            reasons[piece] = "neither its name nor its cells are those of a notebook of this course"
        elif name != self._name:
            reasons[piece] = f"it is {name}, not {self._name}"
        return name == self._name

    def _newest(self, group: list[_Piece], reasons: dict[_Piece, str]) -> Submission | None:
        """The newest of the files that may be it; None, with the reasons noted, if it cannot be read or told."""
        *older, newest = sorted(group, key=lambda piece: piece.place)
        try:
            digest = self._digest(newest)
            digests = {piece: self._digest_of_older(piece) for piece in older}
            others = [piece for piece in older if digests[piece] != digest]
        except Unreadable as reason:
            reasons[newest] = str(reason)
            reasons |= {piece: f"an older one than {newest.said.file}" for piece in older}
            return None
        rivals = [piece for piece in others if piece.place == newest.place]
        if rivals:
            listed = ", ".join(sorted(str(piece.member) for piece in (*rivals, newest)))
            reasons |= {piece: f"not the only one that may be it: {listed}" for piece in group}
            return None
        readable = tuple(self._submission(piece, digests[piece]) for piece in others if digests[piece])
        return replace(
            self._submission(newest, digest), superseded=tuple(str(piece.member) for piece in others), older=readable
        )

    def _digest(self, piece: _Piece) -> str:
        """Read a file to the end, a zip archive's notebook too.
        Raises Unreadable if it is beyond the limits, damaged, or an archive without the one notebook."""
        if piece in self._digests:
            return self._digests[piece]
        content = piece.member.read()
        if _suffix(piece) == ".zip":
            notebook_in_archive(content, self._limits)
        return hashlib.sha256(content).hexdigest()

    def _digest_of_older(self, piece: _Piece) -> str:
        try:
            return self._digest(piece)
        except Unreadable:
            return ""  # superseded all the same

    def _submission(self, piece: _Piece, digest: str) -> Submission:
        said, person = piece.said, (self._roster or {}).get(piece.said.lms_id)
        is_named = is_copy_of(said.file, self._name)
        notes = [] if is_named else [f"handed in as {said.file}"]
        if person and person.draft:
            notes.append("a draft: not submitted for grading")
        return Submission(
            person.student if person else said.lms_id,
            said.lms_id,
            person.name if person and person.name else said.name,
            piece.member,
            said.file,
            _suffix(piece),
            digest,
            said.late or bool(person and person.late),
            # Canvas alone says with its number that a file was there before.
            notebook_stem(said.file)[1] + 1 if is_named and said.upload else 1,
            person.time if person else None,
            notes=tuple(notes),
            place=piece.place,
        )


def _suffix(piece: _Piece) -> str:
    return ".ipynb" if notebook_stem(piece.said.file) else ".zip"
