"""Two ways to judge: the share of a gate inside a box, and the interval of a difference."""

from __future__ import annotations

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, not_an_array, returns_array
from autograder.exercise.exercise import Exercise, Mistake, Round, Wrong, for_each_question
from autograder.exercise.questions import Call

from ...oracle import plug_in
from ..inputs import gates

# --- mass_inside ---------------------------------------------------------------------------------------------------


def _boxes(rng, count: int, height: int, width: int) -> np.ndarray:
    """Boxes (count, 4) with unequal sides, none of them the whole map, none at the same place in both directions."""
    boxes = []
    while len(boxes) < count:
        top, bottom = sorted(rng.choice(height + 1, 2, replace=False))
        left, right = sorted(rng.choice(width + 1, 2, replace=False))
        # A box that is exchanged, or closed at its end, must still lie on the map and hold other positions.
        inside = bottom < height and right < width and max(right, bottom) < min(height, width)
        if inside and (top, bottom) != (left, right) and bottom - top >= 2 and right - left >= 2:
            boxes.append((top, left, bottom, right))
    return np.array(boxes)


_HAND_GATE = np.array([[[0.5, 0.1, 0.1], [0.9, 0.3, 0.1]], [[0.1, 0.3, 0.2], [0.2, 0.1, 0.3]]])
_HAND_BOXES = np.array([[0, 0, 2, 1], [0, 1, 1, 2]])


def _paper_scene(rng) -> Call:
    """Two gates of 2 x 3 in tenths, each with a box, as small as the case above."""
    boxes = [(0, 0, 2, 1), (0, 1, 1, 2), (1, 0, 2, 2), (0, 1, 2, 3), (1, 1, 2, 3), (0, 0, 1, 2)]
    return Call((rng.integers(1, 10, size=(2, 2, 3)) / 10, np.array(rng.permutation(boxes)[:2])))


def _mass_questions(rng):
    def scene(batch, height, width, scale=1.0):
        gate = scale * gates(rng, batch, height, width) ** 3 * rng.uniform(0.3, 1.0, size=(batch, 1, 1))
        return Call((gate, _boxes(rng, batch, height, width)))

    random = scene(4, 9, 11)
    border = np.array([[0, 0, 3, 2], [5, 4, 8, 7], [0, 4, 8, 7], [2, 0, 4, 7]])
    return {
        "hand": Call((_HAND_GATE, _HAND_BOXES)),
        "paper": _paper_scene(rng),
        "random": random,
        "again": random,
        "square": scene(6, 6, 6),
        "one image": scene(1, 7, 9),
        "border": Call((gates(rng, 4, 8, 7) ** 3, border)),
        "other scale": scene(3, 8, 10, scale=40.0),
    }


def _mass(choose, divide=lambda gate: gate.sum(axis=(1, 2))):
    """A wrong share: the sum of `choose(one gate, top, left, bottom, right)`, divided by something."""

    def function(gate, boxes):
        parts = [np.sum(choose(one, *box)) for one, box in zip(gate, boxes.tolist(), strict=True)]
        return np.array(parts) / divide(gate)

    return function


def _inside(one, top, left, bottom, right):
    return one[top:bottom, left:right]


def _areas(boxes):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


MASS_INSIDE = Exercise(
    id="mass_inside",
    oracle=plug_in.mass_inside,
    questions=_mass_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives one share for each image: (B,)"),
        agrees(("hand", "paper"), 0.75, "a case small enough for paper", name="hand case"),
        agrees(
            ("random", "square", "one image"), 1.25, "random gates, each with a box of its own", name="random cases"
        ),
        agrees("border", 0.5, "boxes that touch the border of the map", name="border"),
        agrees("other scale", 0.5, "a share does not depend on the scale of the gate", name="any scale"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=(
        Mistake(
            "It gives the sum inside the box: divide it by the sum of the whole gate.", _mass(_inside, lambda g: 1)
        ),
        Mistake(
            "It gives the mean inside the box, not a share of the whole.",
            lambda gate, boxes: _mass(_inside, lambda g: 1)(gate, boxes) / _areas(boxes),
        ),
        Mistake(
            "It compares the mean inside the box with the mean of the gate: a share compares sums.",
            lambda gate, boxes: _mass(_inside, lambda g: g.mean(axis=(1, 2)))(gate, boxes) / _areas(boxes),
        ),
        Mistake(
            "It gives the share of the area, whatever the gate is.",
            lambda gate, boxes: _areas(boxes) / gate[0].size,
        ),
        Mistake("It divides by the sum of all images: each gate has a sum of its own.", _mass(_inside, np.sum)),
        Mistake("It gives the share outside the box.", lambda gate, boxes: 1 - plug_in.mass_inside(gate, boxes)),
        Mistake(
            "It compares the sum inside the box with the sum outside: a share compares it with the whole.",
            lambda gate, boxes: 1 / (1 / plug_in.mass_inside(gate, boxes) - 1),
        ),
        Mistake(
            "The last row and column are taken in: the boxes are half open.",
            _mass(lambda one, top, left, bottom, right: one[top : bottom + 1, left : right + 1]),
        ),
        Mistake(
            "The last row and column of the box are left out: half open means up to bottom and right.",
            _mass(lambda one, top, left, bottom, right: one[top : bottom - 1, left : right - 1]),
        ),
        Mistake(
            "Rows and columns are exchanged: a box is top, left, bottom, right.",
            _mass(lambda one, top, left, bottom, right: one[left:right, top:bottom]),
        ),
        Mistake(
            "The box is read as top, left, height and width: it holds top, left, bottom and right.",
            _mass(lambda one, top, left, bottom, right: one[top : top + bottom, left : left + right]),
        ),
        Mistake(
            "The box is read as top, bottom, left, right: the order is top, left, bottom, right.",
            _mass(lambda one, top, left, bottom, right: one[top:left, bottom:right]),
        ),
        Mistake(
            "Every gate is cut with the box of the first image.",
            lambda gate, boxes: plug_in.mass_inside(gate, np.broadcast_to(boxes[:1], boxes.shape)),
        ),
        Mistake(
            "The gates pass through a softmax first: the share is of the gate as it is.",
            lambda gate, boxes: plug_in.mass_inside(np.exp(gate), boxes),
        ),
    ),
)


# --- paired_difference ---------------------------------------------------------------------------------------------


def _runs(rng, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Two networks' accuracies over `count` seeds: what the seeds share is larger than what they do not.

    Neither network is better with every seed, and sorted apart from each other the runs would give another interval: so
    absolute differences and lost pairs always show.
    """
    while True:
        seeds = 0.8 + 0.05 * rng.normal(size=count)
        a, b = seeds + 0.02 + 0.02 * rng.normal(size=count), seeds + 0.02 * rng.normal(size=count)
        lost = np.std(np.sort(a) - np.sort(b)) / np.std(a - b)
        if (a - b).min() < -0.005 and (a - b).max() > 0.005 and lost < 0.9:
            return a, b


# Seven runs: of four, the square root is two, and half or twice the width would pass for a slip in it.
_HAND_RUNS = (np.array([0.2, 0.4, 0.6, 0.6, 0.9, 1.0, 1.2]), np.array([0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.8]))


def _paper_runs(rng) -> tuple[np.ndarray, np.ndarray]:
    """Four runs in hundredths, in rising order; the first network is better in each, and its lead grows."""
    b = np.sort(rng.choice(np.arange(20, 60), size=4, replace=False)) / 100
    return b + np.sort(rng.choice(np.arange(1, 40), size=4, replace=False)) / 100, b


def _paired_questions(rng):
    five = _runs(rng, 5)
    return {
        "hand": Call(_HAND_RUNS),
        "paper": Call(_paper_runs(rng)),
        "five": Call(five),
        "again": Call(five),
        "lists": Call(tuple(values.tolist() for values in _runs(rng, 6))),
        "three": Call(_runs(rng, 3)),
        "ten": Call(_runs(rng, 10)),
        "percent": Call(tuple(100 * values for values in _runs(rng, 5))),
    }


def _interval(middle, half):
    return (middle, middle - half, middle + half)


def _differences(a, b):
    return np.asarray(a, np.float64) - np.asarray(b, np.float64)


def _t(count: int) -> float:
    return plug_in.T_95[min(count, 11) - 2]


def _other_factor(factor):
    """The interval with another number of standard errors; `factor(n)` takes the number of runs."""

    def function(a, b):
        d = _differences(a, b)
        return _interval(d.mean(), factor(len(d)) * d.std(ddof=1) / np.sqrt(len(d)))

    return function


def _unpaired(freedom):
    """The interval of two groups of runs; `freedom(n)` gives the degrees of freedom, of which the table has ten."""

    def function(a, b):
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        error = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))
        return _interval(a.mean() - b.mean(), plug_in.T_95[freedom(len(a)) - 1] * error)

    return function


def _spread(deviation, count=np.sqrt):
    def function(a, b):
        d = _differences(a, b)
        return _interval(d.mean(), _t(len(d)) * deviation(d) / count(len(d)))

    return function


_T_90 = (6.3138, 2.9200, 2.3534, 2.1318, 2.0150, 1.9432, 1.8946, 1.8595, 1.8331, 1.8125)
_PAIR = plug_in.paired_difference


@for_each_question("type", "returns a tuple of three Python floats", on_word=True)
def _gives_three_floats(round: Round, key: str) -> None:
    """A tuple of three Python floats."""
    value = round.value(key)
    _three_numbers(round, key)
    if not isinstance(value.content, tuple):
        raise Wrong(f"It returns a value of type {value.type} where a tuple of three floats is expected.")
    kinds = {item.type for item in value.content}
    if kinds != {"float"}:
        other = sorted(kinds - {"float"})[0]
        raise Wrong(f"An entry of the tuple is of type {other}: turn each one into a Python float.")


@for_each_question("mean", "the first number is the mean of a - b")
def _means_agree(round: Round, key: str) -> None:
    """The first number is the mean of the differences."""
    got, expected = _three_numbers(round, key), round.expected(key)
    if not _close(got[:1], expected[:1], expected):
        sentence = "The first number is not the mean of the differences a - b."
        raise Wrong(round.diagnose(key, got, same=_same) or sentence)


@for_each_question()
def _intervals_agree(round: Round, key: str, otherwise: str) -> None:
    """Both ends of the interval agree; `otherwise` is said where no known mistake explains them."""
    got, expected = _three_numbers(round, key), round.expected(key)
    if not _close(got, expected, expected):
        raise Wrong(round.diagnose(key, got, same=_same) or otherwise)


def _three_numbers(round: Round, key: str) -> np.ndarray:
    """The three numbers of an answer, whatever holds them: a list or an array costs points in one place only."""
    value = round.value(key)
    content = value.content
    if value.type == "NoneType":
        raise Wrong(not_an_array(value.type, "a tuple of three floats"))
    if isinstance(content, tuple):
        for item in content:
            if isinstance(item.content, tuple | list | dict) or np.size(item.content) != 1:
                sentence = (
                    f"An entry of the tuple is of type {item.type}: each entry is one number for all runs together."
                )
                raise Wrong(sentence, "an entry holds several numbers")
        content = np.array([np.asarray(item.content).item() if item.is_numeric else np.nan for item in content])
    elif not value.is_numeric:
        content = None
    if content is None or np.shape(content) != (3,):
        raise Wrong("Three numbers are expected: the mean, the low end and the high end of the interval.")
    return np.asarray(content, np.float64)


def _close(got: np.ndarray, wanted, interval) -> bool:
    """Within a thousandth of the interval's half width, which leaves room for rounded critical values."""
    mean, low, _ = (float(number) for number in interval)
    room = 1e-3 * abs(mean - low) + 1e-9
    return bool(np.all(np.isfinite(got)) and np.all(np.abs(got - np.asarray(wanted, np.float64)) <= room))


def _same(got: np.ndarray, wrong: np.ndarray) -> bool:
    return wrong.shape == (3,) and _close(got, wrong, np.array([wrong.mean(), wrong.min(), wrong.max()]))


PAIRED_DIFFERENCE = Exercise(
    id="paired_difference",
    oracle=plug_in.paired_difference,
    questions=_paired_questions,
    properties=(
        _gives_three_floats("five", 0.5),
        _means_agree(("hand", "five", "lists"), 1.0),
        _intervals_agree(
            ("hand", "paper"),
            0.75,
            "a case small enough for paper",
            name="hand case",
            otherwise="The interval of a hand case is wrong.",
        ),
        _intervals_agree(
            ("five", "percent"),
            1.25,
            "the interval of five seeds, in shares or in percent",
            name="five seeds",
            otherwise="The interval of five runs is wrong: check deviation, standard error and critical "
            "value one by one.",
        ),
        _intervals_agree(
            ("ten", "lists", "three"),  # of six runs or three a wrong t may be that of five
            1.25,
            "three, six and ten seeds, arrays or lists",
            name="other numbers of seeds",
            otherwise="The interval is wrong for another number of runs: which of its parts depend on how "
            "many there are?",
        ),
        leaves_arguments_alone(("five", "again"), 0.25, read=_three_numbers, look_for="-=, sort or pop"),
    ),
    mistakes=(
        Mistake("It gives b - a: the order is a - b.", lambda a, b: _PAIR(b, a)),
        Mistake("It takes absolute differences: the sign says which one is better.", lambda a, b: _absolute(a, b)),
        Mistake("The order is mean, low, high.", lambda a, b: (_PAIR(a, b)[1], _PAIR(a, b)[0], _PAIR(a, b)[2])),
        Mistake("The ends are exchanged: low comes before high.", lambda a, b: _at(_PAIR(a, b), 0, 2, 1)),
        *(
            Mistake("The runs are not paired: take the differences first, then their deviation.", _unpaired(freedom))
            for freedom in (lambda n: n - 1, lambda n: 2 * n - 2)
        ),
        Mistake(
            "The critical value is that of the normal distribution: it is too small for so few runs.",
            _other_factor(lambda n: 1.96),
        ),
        Mistake(
            "The interval is one standard error to each side: the critical value is missing.",
            _other_factor(lambda n: 1),
        ),
        Mistake(
            "The critical value belongs to n degrees of freedom: there are n - 1.", _other_factor(lambda n: _t(n + 1))
        ),
        Mistake("The critical value is always that of five runs.", _other_factor(lambda n: _t(5))),
        Mistake(
            "The critical value leaves too much on each side: five percent are to be left on both sides together.",
            _other_factor(lambda n: _T_90[n - 2]),
        ),
        Mistake("The deviation divides by n: for a sample it divides by n - 1.", _spread(np.std)),
        Mistake("The deviation is not divided by the square root of n.", _spread(lambda d: d.std(ddof=1), lambda n: 1)),
        Mistake("It divides by n instead of the square root of n.", _spread(lambda d: d.std(ddof=1), lambda n: n)),
        Mistake("It takes the variance instead of the standard deviation.", _spread(lambda d: d.var(ddof=1))),
        Mistake("It gives half the width, not the two ends.", lambda a, b: _half_width(a, b)),
    ),
)


def _absolute(a, b):
    middle, half = plug_in.mean_and_half_width(np.abs(_differences(a, b)))
    return _interval(middle, half)


def _half_width(a, b):
    middle, half = plug_in.mean_and_half_width(_differences(a, b))
    return (middle, -half, half)


def _at(values, *places):
    return tuple(values[place] for place in places)
