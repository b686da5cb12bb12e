"""Exercises of notebook 08: a block that starts at 1, a gate's dependence on the class, pooling by a softmax."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.exercise.arrays import (
    agrees,
    array_of,
    compare_values,
    has_shape,
    leaves_arguments_alone,
    returns_array,
)
from autograder.exercise.exercise import Exercise, Mistake, Round, Wrong, close, for_each_question
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_output_shape,
    has_weights,
    model_of,
    output_agrees,
    output_of,
    require,
    stands_twice,
)
from autograder.exercise.questions import Call, KerasCall

from .. import oracle
from ..oracle import where_this_lives
from .gate_mistakes import BOTTLENECK_SLIPS, by_name
from .inputs import bottleneck, feature_map, gates, one_of, sides, uneven

# --- identity_se_block ---------------------------------------------------------------------------------------------


def _block_questions(rng):
    def block_of(batch, channels, width, **keywords):
        shape = (batch, *sides(rng, batch, channels), channels)
        x = feature_map(rng, *shape)
        return KerasCall(shape[1:], x, bottleneck(rng, width, oracle.squeeze(x)), **keywords)

    channels, ratio, width = uneven(rng)
    usual, same = one_of(rng, 2, 3, 5), one_of(rng, 4, 5, 6)
    # With no weights given the block runs with its own. With w2 and b2 near zero, the first layer keeps its own.
    first, units = one_of(rng, 3, 4, 5), one_of(rng, 6, 7, 8)
    start = feature_map(rng, 3, *sides(rng, 3), first * units)
    tiny = {"w2": 1e-6 * rng.normal(size=(units, first * units)), "b2": 1e-6 * rng.normal(size=first * units)}
    small = (*sides(rng, 2), same**2)
    return {
        "random": block_of(2, channels, width, keywords={"ratio": ratio}),
        "default ratio": block_of(3, 16 * usual, usual),
        "gradients": _with_gradients(rng, block_of(2, same**2, same, keywords={"ratio": same})),
        "start": KerasCall(start.shape[1:], start, {}, {"ratio": first}),
        "first step": _with_gradients(rng, KerasCall(start.shape[1:], start, tiny, {"ratio": first})),
        "unknown sides": KerasCall((None, None, same**2), feature_map(rng, 2, *small), {}, {"ratio": same}),
        "once": KerasCall(small, feature_map(rng, 2, *small), {}, {"ratio": same}),
        "twice": KerasCall(small, feature_map(rng, 2, *small), {}, {"ratio": same}, repeat=2),
    }


def _with_gradients(rng, question):
    return replace(question, gradients=rng.normal(size=question.x.shape))


@for_each_question("start", "before any training the output is the input, exactly")
def _starts_as_identity(round: Round, key: str) -> None:
    """With the weights that the block makes itself, its output is its input."""
    got, x = output_of(model_of(round, key)), round.block(key).x
    if got.shape == x.shape and close(got, x / 2):
        raise Wrong("Before any training every gate is one half: twice the sigmoid is asked for.")
    if not close(got, x):
        raise Wrong("Before any training the output is not the input: every gate has to be 1 for every image.")


@for_each_question("first step", "at the first step of training the last kernel gets a gradient")
def _learns_at_once(round: Round, key: str) -> None:
    """With next to nothing in the last layer, its kernel has a gradient: the bottleneck is not zero."""
    model = model_of(round, key)
    require("output", model)
    require("gradients", model)
    if "w2" not in model.matched:
        raise Wrong("The weights have other shapes than the exercise gives, so no gradient was looked for.")
    if "w2" not in model.gradients:
        raise Wrong("No gradient reaches the last kernel: is a gradient stopped on the way?")
    if not np.any(model.gradients["w2"]):
        last = round.block(key).weights["w2"].shape
        if model.size != 2 * np.prod(last) + sum(last):
            raise Wrong(
                "The last kernel gets no gradient: something behind it is zero, and it is no part of the block."
            )
        raise Wrong("Only b2 can ever learn: the bottleneck starts at zero, so the last kernel gets no gradient.")


def _of_logits(function, squeeze=oracle.squeeze, between=oracle.relu):
    """x times another function of the logits of SE."""

    def block(x, w1, b1, w2, b2):
        return x * function(between(squeeze(x) @ w1 + b1) @ w2 + b2)[:, None, None, :]

    return by_name(block)


def _twice(logits):
    return 2 * oracle.sigmoid(logits)


IDENTITY_SE_BLOCK = Exercise(
    id="identity_se_block",
    oracle=lambda x, w1, b1, w2, b2: where_this_lives.identity_se_forward(x, w1, b1, w2, b2),
    questions=_block_questions,
    properties=(
        has_output_shape("random", 0.5),
        has_weights("random", 0.75, "exactly the weights W1, b1, W2, b2, all trainable"),
        output_agrees("random", 1.5, "with given weights, x times twice the sigmoid", every_weight=True),
        output_agrees("default ratio", 0.25, "the default ratio is 16", name="default ratio"),
        _starts_as_identity("start", 1.25),
        _learns_at_once("first step", 0.75),
        gradients_agree("gradients", 0.5),
        builds("unknown sides", 0.25),
        stands_twice(("once", "twice"), 0.25),
    ),
    mistakes=(
        Mistake("The gate is the sigmoid itself: twice the sigmoid is asked for.", _of_logits(oracle.sigmoid)),
        Mistake(
            "The sigmoid is added to 1: twice the sigmoid is asked for.",
            _of_logits(lambda logits: 1 + oracle.sigmoid(logits)),
        ),
        Mistake(
            "One plus a tanh is twice the sigmoid of twice the logits: the logits themselves are asked for.",
            _of_logits(lambda logits: 1 + np.tanh(logits)),
        ),
        Mistake("The sigmoid is missing.", _of_logits(lambda logits: 2 * logits)),
        Mistake("There is no sigmoid: one plus the logits has no bounds.", _of_logits(lambda logits: 1 + logits)),
        Mistake("There is no ReLU between the two layers.", _of_logits(_twice, between=lambda hidden: hidden)),
        Mistake("The squeeze takes the max, not the mean.", _of_logits(_twice, squeeze=oracle.global_max_pool)),
        Mistake(
            "It gives the gate itself: multiply the feature map by it.",
            by_name(lambda x, *w: 2 * oracle.excite(oracle.squeeze(x), *w)[:, None, None, :]),
        ),
    ),
    weight_mistakes=BOTTLENECK_SLIPS,
)

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
        # In the second channel one class falls and the other rises: sorted labels look like no spread within them.
        "hand": Call((np.array([[0.2, 0.9], [0.5, 0.3], [0.4, 0.5], [0.9, 0.5]]), np.array([2, 5, 2, 5]))),
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
            "It adds up the squares and does not divide: a standard deviation divides them by the number of classes.",
            lambda gates, labels: np.linalg.norm(_means(gates, labels) - _means(gates, labels).mean(axis=0), axis=0),
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

# (1, 2, 2, 3), for with two channels a softmax over them is a sigmoid. The exponentials of the logits are 3, 2, 1, 6.
_HAND_X = np.array([[[[1.0, 4.0, 0.0], [0.0, 8.0, 1.0]], [[0.0, 2.0, 0.0], [1.0, 0.0, 1.0]]]])
_HAND_QUERY = np.array([np.log(3), 0.0, np.log(2)])


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
    large[..., 0] = [[[10.0]], [[0.0]]]
    query = rng.normal(size=4)
    query[0] = rng.integers(80, 120)  # all logits of the first image are near 1,000, and differ by no more than usual
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


@for_each_question("large logits", "logits near 1,000 in one image, small ones in another, give a finite result")
def _large_logits_agree(round: Round, key: str) -> None:
    """As `agrees`. Where the image with large logits alone has a result, the message says why."""
    got = array_of(round, key)
    if got.shape == np.shape(round.expected(key)) and [*map(np.all, np.isfinite(got))] == [True, False]:
        raise Wrong(
            "The logits of all images are lowered by the same number: each image has a largest logit of its own."
        )
    compare_values(round, key, got)


def _cut_anew(x, query):
    """The right pool of a map whose numbers were cut anew, the channels first."""
    cut = x.reshape(len(x), x.shape[3], 1, -1)
    return where_this_lives.softmax_pool(np.moveaxis(cut, 1, -1), query)


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
        _large_logits_agree("large logits", 0.5),
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
        Mistake("A reshape mixes channels with positions: the channels are the last axis and stay so.", _cut_anew),
        Mistake(
            "It returns the weights of the positions: the weighted mean of the map is still missing.",
            oracle.context_attention,
        ),
    ),
)

EXERCISES = (IDENTITY_SE_BLOCK, GATE_SPREAD, SOFTMAX_POOL)
