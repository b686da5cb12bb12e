"""Collect submissions: match what was downloaded, let nbgrader's zip_collect do the collecting, never delete any.

`downloaded/<notebook>/collected.json` says what was collected: who, from which file, late or not; and why of somebody
nothing was. What a newer submission replaces goes to `downloaded/<notebook>/replaced/`, and where the best attempt
counts, so does an older one that comes with it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError

from ..course import Course, CourseError
from ..files import write_whole
from ..record.attempts import kept_attempts, next_place
from ..sandbox.limits import Limits
from .collection import (
    NOT_TAKEN,
    RECORD,
    Collected,
    CollectedState,
    Collection,
    collected_before,
    digest_of,
    entries_of,
)
from .downloads import open_downloads
from .matching import Matcher, Roster, Submission, Unmatched, recognise_lms
from .roster import Person, read_roster, without_address
from .zip_collect import prepared_path, zip_collect


def collect(
    course: Course,
    name: str,
    downloads: list[Path],
    roster_file: Path | None = None,
    lms: str | None = None,
    dry_run: bool = False,
) -> Collection:
    """Collect the submissions of a notebook from bulk downloads; where no order is given, a later download is newer.

    Raises CourseError if a download or the roster cannot be read, they are of no or of different LMS, or nbgrader
    fails.
    """
    limits = Limits(config=course.config())
    of_roster, roster = read_roster(roster_file, to_collect=True) if roster_file else (None, None)
    if lms and of_roster and lms != of_roster:
        raise CourseError(f"{roster_file} comes from {of_roster.title()}, not from {lms.title()}")
    with open_downloads(downloads, limits) as members:
        lms = lms or of_roster or recognise_lms(members)
        matcher = Matcher(course, name, lms, roster, limits)
        shelf = Shelf(course, name)
        found = [shelf.compare(one) for one in matcher.match(members)]
        if not dry_run:
            shelf.put(found, _not_taken(matcher.unmatched, roster or {}))
            _enter_names(course, [one.submission for one in found], roster)
    missing = None if roster is None else shelf.missing(roster, found)
    by_number = without_address(lms, roster or {})
    return Collection(name, lms, dry_run, tuple(found), tuple(matcher.unmatched), missing, by_number)


def _not_taken(unmatched: list[Unmatched], roster: Roster) -> dict[str, dict]:
    """Of whom a file was left, and why, as it is kept in collected.json; of several files it is the first."""
    found: dict[str, dict] = {}
    for one in unmatched:
        if one.lms_id:
            person = roster.get(one.lms_id, Person(one.lms_id, "", one.lms_id))
            entry = {"student": person.student, "lms_id": one.lms_id, "name": person.name, NOT_TAKEN: one.reason}
            found.setdefault(person.student, entry)
    return found


class Shelf:
    """What of one notebook is in nbgrader's folder of submissions, and where it came from."""

    def __init__(self, course: Course, name: str):
        self._course, self._name = course, name
        self._directory = CourseDirectory(config=course.config())
        self._own = course.root / "downloaded" / name
        self._record = collected_before(course, name)
        self._keeps_older = course.best_counts

    def people(self) -> dict[str, Person]:
        """Whose submissions were collected, by their number in the LMS, as far as is known; empty if none were."""
        entries = self._record.values()
        return {one["lms_id"]: Person(one["lms_id"], one["name"], one["student"]) for one in entries}

    def _folder(self, student: str) -> Path:
        directory = self._directory
        return Path(directory.format_path(directory.submitted_directory, student, self._name))

    def compare(self, one: Submission) -> Collected:
        """What is to become of a submission, beside what was collected before."""
        if one.student != one.lms_id and self._folder(one.lms_id).exists():
            one = replace(one, student=one.lms_id)  # collected before there was a roster: no second student of it
        before = self._record.get(one.student, {})
        state = self._state(one, before)
        was_before = state == CollectedState.UNCHANGED and before.get("resubmitted", False)
        again = state == CollectedState.REPLACED or was_before
        return Collected(one, state, one.resubmitted or again)

    def _state(self, one: Submission, before: dict) -> CollectedState:
        folder = self._folder(one.student)
        if not folder.exists():
            return CollectedState.NEW
        if one.digest in (before.get("sha256"), digest_of(folder / f"{self._name}{one.suffix}")):
            return CollectedState.UNCHANGED
        is_older = one.time is not None and one.time.isoformat(" ") < (before.get("time") or "")
        return CollectedState.OLDER if is_older or one.place[0] < before.get("upload", 0) else CollectedState.REPLACED

    def missing(self, roster: Roster, found: list[Collected]) -> tuple[Person, ...]:
        """Who of the roster has handed in nothing that matches, now or before."""
        there = {one.submission.lms_id for one in found}
        return tuple(
            person
            for person in roster.values()
            if person.lms_id not in there
            and not any(self._folder(student).exists() for student in (person.student, person.lms_id))
        )

    def put(self, found: list[Collected], not_taken: Mapping[str, dict]) -> None:
        """Bring what is new into the folder of submissions, through nbgrader's zip_collect, and keep the record."""
        fresh = [one.submission for one in found if one.state in (CollectedState.NEW, CollectedState.REPLACED)]
        if fresh:
            with tempfile.TemporaryDirectory(prefix="collect-") as top:
                for one in fresh:
                    path = prepared_path(Path(top), self._name, one.student, one.suffix, one.time)
                    path.parent.mkdir(parents=True)
                    path.write_bytes(one.member.read())
                for one in found:
                    if one.state == CollectedState.REPLACED:
                        self._move_away(one.submission.student)
                zip_collect(self._course, self._name, Path(top))
        for one in fresh:
            if digest_of(self._folder(one.student) / f"{self._name}{one.suffix}") != one.digest:
                raise CourseError(f"nbgrader's zip_collect left out the submission of {one.student}: collect again")
        for one in found:
            if self._keeps_older and one.state != CollectedState.OLDER:
                self._keep_older(one.submission)
            if one.state == CollectedState.UNCHANGED:
                self._stamp(one.submission)
        self._write_record(found, not_taken)

    def _earlier(self, one: Collected) -> dict[str, dict[str, bool]]:
        """Which of the attempts before were late, by their digests: one of them may be the one that counts."""
        before = self._record.get(one.submission.student, {})
        late = {**before.get("earlier", {}), before.get("sha256"): before.get("late")}
        late |= {older.digest: older.late for older in one.submission.older}
        earlier = {
            digest: bool(is_late) for digest, is_late in late.items() if digest not in (None, one.submission.digest)
        }
        return {"earlier": earlier} if earlier else {}

    def _move_away(self, student: str) -> None:
        """Keep what a newer submission replaces: nbgrader would delete it. It takes the place of a copy of it."""
        folder, kept = self._folder(student), kept_attempts(self._course, self._name, student).values()
        copies = [one for one in kept if self._keeps_older and self._digests(one) == self._digests(folder)]
        for one in copies:
            shutil.rmtree(one)
        folder.rename(copies[0] if copies else next_place(self._course, self._name, student))

    def _digests(self, folder: Path) -> tuple[str, ...]:
        return tuple(digest_of(folder / f"{self._name}{suffix}") for suffix in (".ipynb", ".zip"))

    def _keep_older(self, newest: Submission) -> None:
        """Keep the attempts that came with a submission, and may be the best, where no folder has them yet."""
        student = newest.student
        kept = kept_attempts(self._course, self._name, student).values()
        there = {digest for folder in (self._folder(student), *kept) for digest in self._digests(folder)}
        missing = [older for older in newest.older if older.digest not in there]
        for older in missing:
            place = next_place(self._course, self._name, student)
            write_whole(place / f"{self._name}{older.suffix}", older.member.read())
        for copy in kept if missing else ():
            if newest.digest in self._digests(copy):  # which grading made: the newest stays the last
                copy.rename(next_place(self._course, self._name, student))

    def _stamp(self, one: Submission) -> None:
        """Write the time that only a later roster told, unless another attempt counts and lies there."""
        path = self._folder(one.student) / "timestamp.txt"
        is_there = digest_of(path.with_name(f"{self._name}{one.suffix}")) == one.digest
        if one.time and is_there and not path.exists():
            path.write_text(one.time.isoformat(" "), encoding="utf-8")

    def _write_record(self, found: list[Collected], not_taken: Mapping[str, dict]) -> None:
        counted = [one for one in found if one.state != CollectedState.OLDER]
        collected = {one.submission.student: {**one.to_dict(), **self._earlier(one)} for one in counted}
        record = {**entries_of(self._course, self._name), **not_taken, **self._record, **collected}
        entries = [record[student] for student in sorted(record)]
        text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
        write_whole(self._own / RECORD, text.encode("utf-8", "replace"))


def _enter_names(course: Course, submissions: list[Submission], roster: Roster | None) -> None:
    """Enter who the students are into the gradebook, so that formgrader shows their names."""
    directory = CourseDirectory(config=course.config())
    try:
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            for one in submissions:
                person = (roster or {}).get(one.lms_id)
                if person and person.name:
                    first, last = person.first_and_last
                    email = {"email": person.email} if person.email else {}
                    about = {"first_name": first[:128], "last_name": last[:128], **email}
                    gradebook.update_or_create_student(one.student, lms_user_id=one.lms_id, **about)
                elif not _is_known(gradebook, one.student):
                    gradebook.update_or_create_student(one.student, lms_user_id=one.lms_id, last_name=one.name[:128])
    except OperationalError as error:
        raise CourseError(
            f"the submissions are collected, but not the names: another program may hold the gradebook ({error.orig}). "
            "Close it (formgrader?) and collect again"
        ) from error


def _is_known(gradebook: Gradebook, student: str) -> bool:
    try:
        gradebook.find_student(student)
    except MissingEntry:
        return False
    return True
