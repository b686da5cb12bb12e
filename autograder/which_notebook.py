"""Which notebook of the course a running kernel belongs to, and which of its exercises a word names."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping

from .exercise.catalogue import Catalogue


class Unclear(Exception):
    """The question has no single answer; the message says so in a sentence or two, and what to write instead."""


def notebook_named(catalogue: Catalogue, word: str) -> str | None:
    """The notebook that a word names: its whole name, a file's or a copy's ("Copy of 07_...ipynb"), or its number."""
    word = word.strip()
    numbered = [name for name in catalogue.notebooks if word.isdigit() and name.startswith(f"{int(word):02}_")]
    within = [name for name in catalogue.notebooks if name in word]
    return next(iter(numbered or within), None)


def notebook_of(catalogue: Catalogue, namespace: Mapping, wanted: Iterable[str] = ()) -> str:
    """The notebook whose cells were run: by its list of points, else by its file's name, else by what is defined.
    Raises Unclear if none of these tells, or several notebooks would do."""
    return (
        _by_points(catalogue, namespace)
        or _by_file(catalogue, namespace)
        or _by_names(catalogue, namespace, set(wanted))
    )


def exercise_named(catalogue: Catalogue, notebook: str, word: str) -> str:
    """The exercise's id. Raises Unclear if the notebook has none of that name."""
    known = _ids(catalogue, notebook)
    if word in known:
        return word
    near = difflib.get_close_matches(word.casefold(), [name.casefold() for name in known], n=1)
    meant = next((f" Did you mean {name}?" for name in known if [name.casefold()] == near), "")
    elsewhere = next((name for name in catalogue.notebooks if word in _ids(catalogue, name)), None)
    if elsewhere:
        meant = f" It is an exercise of {elsewhere}: %check {elsewhere} {word}"
    raise Unclear(f"{notebook} has no exercise named {word}.{meant} It has: {', '.join(known)}.")


def _ids(catalogue: Catalogue, notebook: str) -> list[str]:
    return [exercise.id for exercise in catalogue.exercises_of(notebook)]


def _by_points(catalogue: Catalogue, namespace: Mapping) -> str | None:
    """The helper cell of every notebook lists its exercises with their points."""
    points = namespace.get("POINTS")
    if not isinstance(points, dict):
        return None
    return next((name for name in catalogue.notebooks if set(_ids(catalogue, name)) == points.keys()), None)


def _by_file(catalogue: Catalogue, namespace: Mapping) -> str | None:
    """JupyterLab and VS Code tell a kernel the name of its notebook's file."""
    for path in (os.environ.get("JPY_SESSION_NAME"), namespace.get("__vsc_ipynb_file__"), namespace.get("__session__")):
        name = notebook_named(catalogue, os.path.basename(path)) if isinstance(path, str) else None  # noqa: PTH119 - any text
        if name:
            return name
    return None


def _by_names(catalogue: Catalogue, namespace: Mapping, wanted: set[str]) -> str:
    """The notebook of which the most functions are defined, among those that have all the exercises asked for."""
    ids = {name: _ids(catalogue, name) for name in catalogue.notebooks}
    found = {
        name: sum(callable(namespace.get(one)) for one in own) for name, own in ids.items() if wanted.issubset(own)
    }
    if not found:
        known = set().union(*ids.values())
        strange = sorted(wanted - known)
        if strange:
            near = difflib.get_close_matches(strange[0], sorted(known), n=1)
            meant = f" Did you mean {near[0]}?" if near else " %check alone checks all that is written."
            raise Unclear(f"The course has no exercise named {strange[0]}.{meant}")
        raise Unclear(f"No notebook has all of these exercises: {', '.join(sorted(wanted))}.")
    most = max(found.values())
    best = [name for name, count in found.items() if count == most]
    if len(best) == 1:
        return best[0]
    if not wanted and not most:
        raise Unclear("No exercise is defined yet. Run the notebook's cells from the top, then %check again.")
    word = next(iter(wanted), "")
    raise Unclear(f"This could be {' or '.join(best)}. Say which: %check {best[0]} {word}".rstrip())
