"""The class as gradebook and roster together have it, and its sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from ..course import Course, CourseError
from ..record.class_list import ClassList, Lateness, Member, read_class_list
from .collection import collected_before, digest_of
from .roster import Person, read_roster


def class_list(course: Course, name: str, roster_file: Path | None = None, section: str = "") -> ClassList:
    """The class around a notebook: who is in the gradebook, and who is on the roster, if there is one.

    Of lateness nbgrader has the word, and where it knows nothing of any, the LMS that it was collected from.
    Raises CourseError if the gradebook, the roster or the record of collecting cannot be read, or nobody is in the
    section.
    """
    known = read_class_list(CourseDirectory(config=course.config()).db_url, name)
    people = read_roster(roster_file)[1].values() if roster_file else ()
    members = _merged(known.members, people)
    collected = collected_before(course, name)
    marked = {student: Lateness(marked=True) for student in collected if _is_marked(course, name, collected[student])}
    return ClassList(only_section(members, section) if section else members, marked | known.lateness, section)


def _is_marked(course: Course, name: str, entry: dict) -> bool:
    """Whether the LMS calls the attempt late that counts: the one in the folder of submissions."""
    late, earlier = bool(entry.get("late")), entry.get("earlier")
    if not earlier:
        return late
    directory = CourseDirectory(config=course.config())
    folder = Path(directory.format_path(directory.submitted_directory, entry["student"], name))
    there = (digest_of(folder / f"{name}{suffix}") for suffix in (".ipynb", ".zip"))
    return next((bool(earlier[digest]) for digest in there if digest in earlier), late)


def _merged(members: Mapping[str, Member], people: Iterable[Person]) -> dict[str, Member]:
    merged = dict(members)
    for student, person in by_student(people, {student: member.name for student, member in members.items()}).items():
        merged[student] = Member(merged.get(student, Member()).name or _written_out(person), person.section)
    return merged


def by_student(people: Iterable[Person], names: Mapping[str, str]) -> dict[str, Person]:
    """The people of a roster by their ids in nbgrader; `names` has the names of the students who are known there.

    Whoever goes by a number in nbgrader, and is on the roster by address, is found by name where it is one person's.
    """
    people = list(people)
    on_roster = Counter(_written_out(person).casefold() for person in people)
    known: dict[str, list[str]] = {}
    for student, name in names.items():
        known.setdefault(name.casefold(), []).append(student)

    def student_of(person: Person) -> str:
        # Collected before there was a roster, somebody of Moodle's is in the gradebook by number.
        for one in (person.lms_id, person.student):
            if one in names:
                return one
        name = _written_out(person).casefold()
        alike = known.get(name, []) if "@" in person.lms_id and on_roster[name] == 1 else []
        return alike[0] if len(alike) == 1 else person.student

    return {student_of(person): person for person in people}


def _written_out(person: Person) -> str:
    return " ".join(filter(None, person.first_and_last))


def only_section(members: Mapping[str, Member], section: str) -> dict[str, Member]:
    """The members of a section, as the roster writes it, capital letters or not.
    Raises CourseError if it has nobody."""
    found = {student: member for student, member in members.items() if is_in_section(member.section, section)}
    if not found:
        there = sorted({member.section for member in members.values() if member.section})
        files = "Canvas's gradebook or Moodle's list of participants"
        listed = "; ".join(there) or f"none, since no roster that names them was given: --roster, {files}"
        raise CourseError(f"nobody is in the section {section!r}; sections: {listed}")
    return found


def is_in_section(cell: str, section: str) -> bool:
    """Whether a roster's cell is this section, or the list in words of several with it among them."""
    one = re.escape(section.strip())
    return bool(re.search(rf"(?:^|, (?:and )?| and ){one}(?:$|, | and )", cell, re.IGNORECASE))
