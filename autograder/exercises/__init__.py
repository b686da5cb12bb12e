"""One module a notebook: what is asked of each graded function and how an answer is judged."""

from __future__ import annotations

from importlib import import_module

from .base import Exercise

_MODULES = {
    "00_feature_maps": "feature_maps",
    "01_squeeze_excitation": "squeeze_excitation",
    "02_efficient_channel_attention": "efficient_channel_attention",
    "03_channel_attention": "channel_attention",
    "04_spatial_attention": "spatial_attention",
    "05_cbam": "cbam",
    "06_plug_in": "plug_in",
    "07_port_the_tutorial": "port_the_tutorial",
}
NOTEBOOKS = tuple(_MODULES)


def exercises_of(notebook: str) -> tuple[Exercise, ...]:
    """The exercises of a notebook, in the order in which they stand there.

    Raises
    ------
    LookupError : if the course has no such notebook.
    """
    if notebook not in _MODULES:
        raise LookupError(f"no notebook named {notebook!r}; there are: {', '.join(_MODULES)}")
    return import_module(f".{_MODULES[notebook]}", __package__).EXERCISES


def find_exercise(notebook: str, exercise_id: str) -> Exercise:
    """One exercise of a notebook.

    Raises
    ------
    LookupError : if there is no such notebook or exercise.
    """
    for exercise in exercises_of(notebook):
        if exercise.id == exercise_id:
            return exercise
    known = ", ".join(exercise.id for exercise in exercises_of(notebook))
    raise LookupError(f"{notebook} has no exercise {exercise_id!r}; there are: {known}")
