"""Exercises of notebook 08: how much a gate depends on the class, and pooling by a softmax over positions."""

from __future__ import annotations

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake
from autograder.exercise.questions import Call

from .. import oracle
from ..oracle import where_this_lives
from .inputs import feature_map, gates, sides

# --- gate_spread ---------------------------------------------------------------------------------------------------


def _classes(rng, counts) -> np.ndarray:
    """Labels in mixed order, so many of each class; the numbers of the classes have gaps and do not begin at 0."""
    numbers = np.cumsum(rng.integers(2, 5, size=len(counts)))
    return rng.permutation(np.repeat(numbers, counts))


def _gates_of(rng, labels, channels) -> Call:
    """Gates (B, C) that depend on the class, in some channels more than in others."""
    means = dict(zip(np.unique(labels), rng.uniform(0.25, 0.75, size=(len(np.unique(labels)), channels)), strict=True))
    noise = gates(rng, len(labels), channels) - 0.5
    return Call((np.array([means[label] for label in labels]) + 0.5 * noise, labels))


def _spread_questions(rng):
    random = _gates_of(rng, _classes(rng, (3, 5, 2, 6)), 7)
    two, other = sorted(rng.choice(np.arange(1, 10), size=2, replace=False))
    return {
        "hand": Call((np.array([[0.2, 0.9], [0.5, 0.3], [0.4, 0.5], [0.9, 0.3]]), np.array([2, 5, 2, 5]))),
        "paper": Call((rng.integers(1, 10, size=(5, 2)) / 10, np.array([two, other, two, other, two]))),
        "random": random,
        "again": random,
        "many": _gates_of(rng, _classes(rng, (1, 4, 2, 7, 3)), 3),
    }


def _means(gates, labels):
    return np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])


def _of_each_class(function):
    """The deviation over classes of another number than the mean."""
    return lambda gates, labels: np.std([function(gates[labels == one]) for one in np.unique(labels)], axis=0)


def _with_empty_classes(first):
    """Classes from `first` to the highest label; an empty one has a mean gate of 0."""

    def function(gates, labels):
        numbers = range(first, int(labels.max()) + 1)
        return np.std([gates[labels == one].sum(axis=0) / max(1, np.sum(labels == one)) for one in numbers], axis=0)

    return function


GATE_SPREAD = Exercise(
    id="gate_spread",
    oracle=where_this_lives.gate_spread,
    questions=_spread_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "many"), 0.5, "gives one number per channel: (C,)"),
        agrees(("hand", "paper"), 1, "two classes, small enough to check on paper", name="hand case"),
        agrees(("random", "many"), 2, "classes of unequal size, with gaps between their numbers", name="random cases"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=(
        Mistake(
            "It takes the deviation over all images: first the mean of each class, then the deviation of these means.",
            lambda gates, labels: gates.std(axis=0),
        ),
        Mistake(
            "It measures how the images of one class differ: asked is how far the means of the classes are apart.",
            lambda gates, labels: np.mean([gates[labels == one].std(axis=0) for one in np.unique(labels)], axis=0),
        ),
        Mistake(
            "It divides by the number of classes less one: these are all the classes, so divide by their number.",
            lambda gates, labels: _means(gates, labels).std(axis=0, ddof=1),
        ),
        Mistake(
            "It gives the variance: the standard deviation is its square root.",
            lambda gates, labels: _means(gates, labels).var(axis=0),
        ),
        Mistake(
            "It gives the distance between the largest and the smallest mean: asked is the standard deviation.",
            lambda gates, labels: np.ptp(_means(gates, labels), axis=0),
        ),
        Mistake(
            "It gives the mean distance from the mean: a standard deviation squares the distances.",
            lambda gates, labels: np.abs(_means(gates, labels) - _means(gates, labels).mean(axis=0)).mean(axis=0),
        ),
        Mistake(
            "A class counts as often as it has images: every class counts once.",
            lambda gates, labels: _means(gates, labels)[np.unique(labels, return_inverse=True)[1]].std(axis=0),
        ),
        Mistake(
            "It adds up the gates of a class: the mean divides by the number of its images.",
            _of_each_class(lambda part: part.sum(axis=0)),
        ),
        Mistake(
            "It takes the median of each class, where the mean is asked for.",
            _of_each_class(lambda part: np.median(part, axis=0)),
        ),
        Mistake(
            "It takes the largest gate of each class, where the mean is asked for.",
            _of_each_class(lambda part: part.max(axis=0)),
        ),
        Mistake("Numbers that no image has as its label count as classes: skip them.", _with_empty_classes(0)),
        Mistake("Numbers that no image has as its label count as classes: skip them.", _with_empty_classes(1)),
        Mistake(
            "It divides the deviation by the mean: asked is the deviation itself.",
            lambda gates, labels: _means(gates, labels).std(axis=0) / _means(gates, labels).mean(axis=0),
        ),
        Mistake(
            "It takes the deviation over the channels: asked is one number per channel, over the classes.",
            lambda gates, labels: _means(gates, labels).std(axis=1),
        ),
        Mistake(
            "It returns the mean gates of the classes: their deviation is still missing.",
            _means,
        ),
    ),
)

# --- softmax_pool --------------------------------------------------------------------------------------------------

_HAND_X = np.array([[[[0.0, 4.0], [0.0, 8.0]], [[1.0, 0.0], [0.0, 6.0]]]])  # (1, 2, 2, 2)
_HAND_QUERY = np.array([np.log(3), 0.0])  # exp of the logits: 1, 1, 3, 1


def _paper_pool(rng) -> Call:
    """A map (1, 2, 2, 2) of whole numbers, and a query that makes the powers 1 and 2, or 1 and 3."""
    seen = rng.permutation([0.0, 0.0, 1.0, 1.0]).reshape(1, 2, 2)
    values = rng.permutation(np.arange(1.0, 10.0))[:4].reshape(1, 2, 2)
    return Call((np.stack([seen, values], axis=-1), np.array([np.log(rng.integers(2, 9)), 0.0])))


def _pool_questions(rng):
    def scene(*shape, scale=1.0):
        return Call((feature_map(rng, *shape), scale * rng.normal(size=shape[-1])))

    random = scene(3, *sides(rng, 3, 5), 5)
    large = feature_map(rng, 2, *sides(rng, 2, 4), 4)
    large[..., 0] = 10.0
    query = rng.normal(size=4)
    query[0] = rng.integers(80, 120)  # all logits are near 1,000, and differ by no more than usual
    return {
        "hand": Call((_HAND_X, _HAND_QUERY)),
        "paper": _paper_pool(rng),
        "random": random,
        "again": random,
        "one image": scene(1, *sides(rng, 1, 6), 6),
        "no preference": Call((feature_map(rng, 2, *sides(rng, 2, 7), 7), np.zeros(7))),
        "large logits": Call((large, query)),
    }


def _weighted(weigh):
    """A pool with other weights: `weigh(logits (B, H, W))`, of the same shape."""
    return lambda x, query: np.einsum("bhw,bhwc->bc", weigh(x @ query), x)


def _softmax(logits, axis):
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _share(values):
    return values / values.sum(axis=(1, 2), keepdims=True)


def _per_channel(x, query):
    return (x * _softmax(x * query, (1, 2))).sum(axis=(1, 2))


SOFTMAX_POOL = Exercise(
    id="softmax_pool",
    oracle=where_this_lives.softmax_pool,
    questions=_pool_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives one number per image and channel: (B, C)"),
        agrees(("hand", "paper"), 1, "four positions, small enough to check on paper", name="hand case"),
        agrees(("random", "one image"), 2.25, "random maps with unequal sides, of both signs", name="random cases"),
        agrees("no preference", 0.25, "a query of zeros gives the plain mean", name="no preference"),
        agrees("large logits", 0.5, "logits near 1,000 give a finite result", name="large logits"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=(
        Mistake("It gives the plain mean: the query has no effect.", lambda x, query: x.mean(axis=(1, 2))),
        Mistake(
            "The softmax runs along the columns alone: the weights of one image add up to 1 over all its positions.",
            _weighted(lambda logits: _softmax(logits, 1)),
        ),
        Mistake(
            "The softmax runs along the rows alone: the weights of one image add up to 1 over all its positions.",
            _weighted(lambda logits: _softmax(logits, 2)),
        ),
        Mistake(
            "All images share one softmax: the weights of each image add up to 1.",
            _weighted(lambda logits: _softmax(logits, (0, 1, 2))),
        ),
        Mistake(
            "Each channel has weights of its own: the weights of a position are shared by its channels.", _per_channel
        ),
        Mistake(
            "The weights are sigmoids: a softmax makes the positions compete, so that their weights add up to 1.",
            _weighted(oracle.sigmoid),
        ),
        Mistake(
            "The weights are sigmoids: a softmax makes the positions compete, so that their weights add up to 1.",
            lambda x, query: (x * oracle.sigmoid(x @ query)[..., None]).mean(axis=(1, 2)),
        ),
        Mistake(
            "The weights are sigmoids divided by their sum: a softmax divides the exponentials by theirs.",
            _weighted(lambda logits: _share(oracle.sigmoid(logits))),
        ),
        Mistake(
            "The logits are divided by their sum: the exponential of each logit is missing.",
            _weighted(_share),
        ),
        Mistake("The weights are not divided by their sum.", _weighted(np.exp)),
        Mistake(
            "The weights are the logits themselves: a softmax of them is asked for.",
            _weighted(lambda logits: logits),
        ),
        Mistake(
            "It divides by the number of positions too: the weights add up to 1 already.",
            lambda x, query: where_this_lives.softmax_pool(x, query) / x[0, :, :, 0].size,
        ),
        Mistake(
            "It takes the position with the largest logit alone: a softmax weighs all positions.",
            _weighted(lambda logits: _share(logits == logits.max(axis=(1, 2), keepdims=True))),
        ),
        Mistake(
            "The logits have the wrong sign: the largest logit gets the largest weight.",
            lambda x, query: where_this_lives.softmax_pool(x, -query),
        ),
        Mistake(
            "The logits are divided by the root of C, as self-attention does: here they are the plain products.",
            lambda x, query: where_this_lives.softmax_pool(x, query / np.sqrt(len(query))),
        ),
        Mistake(
            "It returns the weights of the positions: the weighted mean of the map is still missing.",
            oracle.context_attention,
        ),
    ),
)

EXERCISES = (GATE_SPREAD, SOFTMAX_POOL)
