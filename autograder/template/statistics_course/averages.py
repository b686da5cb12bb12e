"""The exercises of notebook 01: the right answers, the questions, and what students read about known mistakes."""

from __future__ import annotations

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake
from autograder.exercise.questions import Call

# --- the right answers: they share no code with the notebook ---------------------------------------------------------


def medians(table):
    """The median of each column of table (n, k), with shape (k,)."""
    ordered, n = np.sort(table, axis=0), len(table)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2


def moving_average(values, width):
    """The mean of every `width` neighbours in values (n,), with shape (n - width + 1,)."""
    return np.array([np.mean(values[start : start + width]) for start in range(len(values) - width + 1)])


# --- the questions: drawn anew for each submission, so that nobody can write the answers down -------------------------

MEASURED = np.array([[3.0, 10.0], [1.0, 30.0], [2.0, 20.0]])  # its medians: 2 and 20


def _table(rng, rows, columns):
    """Numbers for which every known mistake shows: others may give the median by chance."""
    while True:
        table = rng.integers(-50, 100, size=(rows, columns)) + rng.random((rows, columns))
        wrong = np.stack([_not_sorted(table), _rows_sorted(table)])
        if np.abs(wrong - medians(table)).max(axis=1).min() > 0.1:
            return table


def _not_sorted(table):
    n = len(table)
    return (table[(n - 1) // 2] + table[n // 2]) / 2


def _rows_sorted(table):
    return _not_sorted(table[np.argsort(table[:, 0])])


def _median_questions(rng):
    odd = _table(rng, 2 * rng.integers(2, 5) + 1, 3)
    return {
        "measured": Call((MEASURED,)),
        "odd": Call((odd,)),
        "again": Call((odd,)),  # the same once more: did it change what it was given?
        "even": Call((_table(rng, 2 * rng.integers(2, 5), 4),)),
    }


def _average_questions(rng):
    values = rng.integers(-20, 50, size=rng.integers(9, 14)) + rng.random()
    return {
        "values": Call((values, 3)),
        "again": Call((values, 3)),
        "wide": Call((rng.normal(10, 5, size=12), int(rng.integers(4, 8)))),
        "all": Call((rng.normal(10, 5, size=6), 6)),
    }


# --- the exercises: what an answer must be, the points, and the sentence for each known mistake -----------------------

MEDIANS = Exercise(
    id="medians",
    oracle=medians,
    questions=_median_questions,
    properties=(
        returns_array("odd", 0.25),
        has_shape(("odd", "even"), 0.5, "gives one number for each column"),
        agrees(("measured", "odd"), 1, "the value in the middle", name="odd number of rows"),
        agrees(("even",), 1, "the mean of the two values in the middle", name="even number of rows"),
        leaves_arguments_alone(("odd", "again"), 0.25),
    ),
    mistakes=(
        Mistake("The rows are not sorted: the middle of the table is not the median.", _not_sorted),
        Mistake(
            "With an even number of rows two values are in the middle: the median is their mean.",
            lambda table: np.sort(table, axis=0)[len(table) // 2],
        ),
        Mistake("These are means: a median is the value in the middle.", lambda table: table.mean(axis=0)),
        Mistake("These are the medians of the rows, not of the columns.", lambda table: medians(table.T)),
        Mistake("Whole rows are sorted, by their first value: each column has an order of its own.", _rows_sorted),
    ),
)

MOVING_AVERAGE = Exercise(
    id="moving_average",
    oracle=moving_average,
    questions=_average_questions,
    properties=(
        returns_array("values", 0.25),
        has_shape(("values", "wide", "all"), 0.5, "gives one number for each window that fits"),
        agrees(("values",), 0.5, "the mean of every three neighbours", name="windows of three"),
        agrees(("wide", "all"), 0.5, "wide windows, and one as wide as the data", name="other windows"),
        leaves_arguments_alone(("values", "again"), 0.25),
    ),
    mistakes=(
        Mistake("These are sums: divide by the width.", lambda values, width: width * moving_average(values, width)),
        Mistake(
            "The last window is missing: n values have n - width + 1 windows.",
            lambda values, width: moving_average(values, width)[:-1],
        ),
        Mistake(
            "At the ends the windows reach beyond the data, where zeros were added: take those alone that fit.",
            lambda values, width: np.convolve(values, np.ones(width) / width, mode="same"),
        ),
        Mistake(
            "Each mean begins at the first value: a window moves along.",
            lambda values, width: (np.cumsum(values) / np.arange(1, len(values) + 1))[width - 1 :],
        ),
    ),
)

EXERCISES = (MEDIANS, MOVING_AVERAGE)
