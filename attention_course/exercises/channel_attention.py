"""Exercises of notebook 03: CBAM's channel attention, one MLP shared by mean and max, and which fault made a map.

Source: Woo, Park, Lee and Kweon, CBAM: Convolutional Block Attention Module, arXiv 1807.06521, section 3.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.arrays import (
    agrees,
    array_of,
    compare_shape,
    has_shape,
    leaves_arguments_alone,
    returns_array,
)
from autograder.exercise.exercise import (
    Exercise,
    Mistake,
    Round,
    Wrong,
    close,
    for_each_question,
    weight_mistakes,
)
from autograder.exercise.questions import Call

from .. import oracle
from .bottleneck_block import block_properties, block_questions
from .gate_mistakes import BOTTLENECK_SLIPS, TWO_LAYER_SLIPS, Bottleneck, by_name, softmax
from .inputs import HAND_MAP, bottleneck, feature_map, negative_map, one_of, paper_map, sides, uneven, whole_numbers

# --- inputs --------------------------------------------------------------------------------------------------------


def _paper_weights(rng, width: int, *descriptors: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weights of an MLP for three channels, in halves; the sigmoid of the sum of logits is neither 0 nor 1."""
    while True:
        shapes = ((3, width), (width,), (width, 3), (3,))
        weights = tuple(whole_numbers(rng, *shape, largest=5) / 2 for shape in shapes)
        if np.abs(sum(oracle.shared_mlp(v, *weights) for v in descriptors)).max() < 5:
            return weights


def _lit_map(rng, *shape: int) -> np.ndarray:
    """A feature map in which every channel has a positive number: a max that starts at zero costs no points here."""
    while True:
        x = feature_map(rng, *shape)
        if oracle.global_max_pool(x).min() > 0:
            return x


def _pools(x):
    return oracle.global_average_pool(x), oracle.global_max_pool(x)


def _mlp(last: Callable = lambda logits: logits, between: Callable = oracle.relu) -> Callable:
    """An MLP with another function after the second layer, or between the two."""
    return lambda v, w1, b1, w2, b2: last(between(v @ w1 + b1) @ w2 + b2)


# --- the block -----------------------------------------------------------------------------------------------------


def _axes(gate):
    return gate[:, None, None, :]


def _from_logits(combine: Callable, mlp: Callable = oracle.shared_mlp) -> Callable:
    """A block whose gate is `combine` of the logits of mean and of max."""
    return lambda x, *w: x * _axes(combine(*(mlp(v, *w) for v in _pools(x))))


def _from_pools(combine: Callable) -> Callable:
    """A block whose two descriptors are combined before one call of the MLP gives the gate."""
    return lambda x, *w: x * _axes(oracle.excite(combine(*_pools(x)), *w))


def _other_pools(mean: Callable = oracle.global_average_pool, largest: Callable = oracle.global_max_pool) -> Callable:
    """A block with other pools and everything else in its place."""
    return lambda x, *w: x * _axes(oracle.sigmoid(oracle.shared_mlp(mean(x), *w) + oracle.shared_mlp(largest(x), *w)))


def _hidden(x, w1, b1):
    return [oracle.relu(v @ w1 + b1) for v in _pools(x)]


def _gate(x, w):
    return oracle.sigmoid(sum(oracle.shared_mlp(v, *w) for v in _pools(x)))


def _sum_sigmoid(a, m):
    return oracle.sigmoid(a + m)


_GATES_ADDED = "The two gates are added, which can exceed one: add the logits, then take one sigmoid."
_BIAS_ONCE = "The bias b2 counts once: each of the two results of the MLP brings its own."
_GATE_ALONE = "It gives the gate itself: multiply the feature map by it."

CHANNEL_MISTAKES = tuple(
    Mistake(sentence, by_name(function))
    for sentence, function in (
        (_GATES_ADDED, _from_logits(lambda a, m: oracle.sigmoid(a) + oracle.sigmoid(m))),
        (
            "The gate is the mean of two gates: add the logits, then take one sigmoid.",
            _from_logits(lambda a, m: (oracle.sigmoid(a) + oracle.sigmoid(m)) / 2),
        ),
        (
            "Two gates multiply the map one by the other: add the logits, then take one sigmoid.",
            _from_logits(lambda a, m: oracle.sigmoid(a) * oracle.sigmoid(m)),
        ),
        (
            "The second pool looks at the map that the first gate has changed: both look at x.",
            lambda x, *w: _from_pools(lambda a, m: m)(_from_pools(lambda a, m: a)(x, *w), *w),
        ),
        (
            "The greater of the two gates is taken: the logits are to be added.",
            _from_logits(lambda a, m: oracle.sigmoid(np.maximum(a, m))),
        ),
        ("The logits are averaged, not added.", _from_logits(lambda a, m: oracle.sigmoid((a + m) / 2))),
        ("The logits are multiplied, not added.", _from_logits(lambda a, m: oracle.sigmoid(a * m))),
        (
            "One is subtracted from the other: the logits are to be added.",
            _from_logits(lambda a, m: oracle.sigmoid(a - m)),
        ),
        ("The max is not used: this is the gate of squeeze and excitation.", _from_pools(lambda a, m: a)),
        ("The mean is not used: the gate looks at the max alone.", _from_pools(lambda a, m: m)),
        ("One descriptor is used twice: the max does not enter.", _from_logits(lambda a, m: oracle.sigmoid(2 * a))),
        ("One descriptor is used twice: the mean does not enter.", _from_logits(lambda a, m: oracle.sigmoid(2 * m))),
        (
            "The two descriptors are averaged before the MLP: each of them goes through it alone.",
            _from_pools(lambda a, m: (a + m) / 2),
        ),
        (
            "The two descriptors are added before the MLP: each of them goes through it alone.",
            _from_pools(lambda a, m: a + m),
        ),
        (
            "The two descriptors are multiplied before the MLP: each of them goes through it alone.",
            _from_pools(lambda a, m: a * m),
        ),
        (
            _BIAS_ONCE,
            lambda x, w1, b1, w2, b2: x * _axes(oracle.sigmoid(sum(_hidden(x, w1, b1)) @ w2 + b2)),
        ),
        (
            "The ReLU comes after the sum of the two first layers: each descriptor needs its own.",
            lambda x, w1, b1, w2, b2: (
                x * _axes(oracle.sigmoid(oracle.relu(sum(v @ w1 + b1 for v in _pools(x))) @ w2 + 2 * b2))
            ),
        ),
        (
            "A ReLU is applied to the sum, so that no gate is below one half.",
            _from_logits(lambda a, m: oracle.sigmoid(oracle.relu(a + m))),
        ),
        (
            "A ReLU is applied at the end of the MLP: logits may be below zero.",
            _from_logits(_sum_sigmoid, lambda v, *w: oracle.relu(oracle.shared_mlp(v, *w))),
        ),
        (
            "A sigmoid is applied at the end of the MLP and another one after the sum.",
            _from_logits(_sum_sigmoid, oracle.excite),
        ),
        ("The sigmoid is missing.", _from_logits(lambda a, m: a + m)),
        (
            "A softmax makes the channels compete: each gate needs a sigmoid of its own.",
            _from_logits(lambda a, m: softmax(a + m)),
        ),
        (
            "A tanh is used instead of the sigmoid: a gate lies between 0 and 1.",
            _from_logits(lambda a, m: np.tanh(a + m)),
        ),
        ("A hard sigmoid is used instead of the sigmoid.", _from_logits(lambda a, m: np.clip((a + m) / 6 + 0.5, 0, 1))),
        ("There is no ReLU between the two layers.", _from_logits(_sum_sigmoid, _mlp(between=lambda hidden: hidden))),
        (
            "A sigmoid is used instead of the ReLU between the layers.",
            _from_logits(_sum_sigmoid, _mlp(between=oracle.sigmoid)),
        ),
        (
            "A tanh is used instead of the ReLU between the layers.",
            _from_logits(_sum_sigmoid, _mlp(between=np.tanh)),
        ),
        *(
            (
                "A leaky ReLU is used between the layers: below zero a ReLU gives zero.",
                _from_logits(
                    _sum_sigmoid, _mlp(between=lambda hidden, slope=slope: np.maximum(hidden, slope * hidden))
                ),
            )
            for slope in (0.01, 0.2, 0.3)  # what libraries begin with
        ),
        (
            "The sign in the exponent of the sigmoid is lost: a large logit gives a gate near 1.",
            _from_logits(lambda a, m: oracle.sigmoid(-(a + m))),
        ),
        (
            "Both biases are left out.",
            _from_logits(_sum_sigmoid, lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, 0 * b1, w2, 0 * b2)),
        ),
        (
            "The bias b1 is left out.",
            _from_logits(_sum_sigmoid, lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, 0 * b1, w2, b2)),
        ),
        (
            "The bias b2 is left out.",
            _from_logits(_sum_sigmoid, lambda v, w1, b1, w2, b2: oracle.shared_mlp(v, w1, b1, w2, 0 * b2)),
        ),
        ("The min is taken instead of the max.", _other_pools(largest=lambda x: x.min(axis=(1, 2)))),
        (
            "The max is taken of absolute values: negative numbers keep their sign.",
            _other_pools(largest=lambda x: np.abs(x).max(axis=(1, 2))),
        ),
        (
            "The max never goes below zero: a max may be negative.",
            _other_pools(largest=lambda x: np.maximum(x.max(axis=(1, 2)), 0)),
        ),
        ("The mean pool adds up and does not divide.", _other_pools(mean=lambda x: x.sum(axis=(1, 2)))),
        (
            "A ReLU is applied before the pools.",
            _other_pools(lambda x: oracle.relu(x).mean(axis=(1, 2)), lambda x: oracle.relu(x).max(axis=(1, 2))),
        ),
        (
            "The images share one gate: each image has its own.",
            _other_pools(
                lambda x: np.repeat(x.mean(axis=(0, 1, 2))[None], len(x), axis=0),
                lambda x: np.repeat(x.max(axis=(0, 1, 2))[None], len(x), axis=0),
            ),
        ),
        ("Every image gets the gate of the first image.", lambda x, *w: x * _gate(x, w)[0]),
        (_GATE_ALONE, lambda x, *w: np.broadcast_to(_axes(_gate(x, w)), x.shape)),
        (_GATE_ALONE, lambda x, *w: _axes(_gate(x, w))),
        (_GATE_ALONE, lambda x, *w: _gate(x, w)),
        ("The gate is added: a gate multiplies.", lambda x, *w: x + _axes(_gate(x, w))),
        (
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
            lambda x, *w: x + x * _axes(_gate(x, w)),
        ),
        (
            "The bare x * gate lines up the batch of the gate with the width of x: the gate needs two more axes.",
            lambda x, *w: x * _gate(x, w),
        ),
    )
)


def _forward_hand() -> tuple[np.ndarray, ...]:
    """A map and weights: the mean (4, 2, -3) wakes one unit and the max (7, 8, 0) the other."""
    return (
        HAND_MAP,
        np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, 1.0]]),
        np.array([-1.0, 0.0]),
        np.array([[1.0, -1.0, 0.5], [-0.25, 0.5, 0.0]]),
        np.array([1.0, -0.5, 0.25]),
    )


def _forward_questions(rng):
    def block_of(*shape, width, make=_lit_map):
        x = make(rng, *shape)
        return Call((x, *bottleneck(rng, width, *_pools(x)).values()))

    random, paper = block_of(2, 5, 7, 8, width=3), paper_map(rng)
    return {
        "hand": Call(_forward_hand()),
        "paper": Call((paper, *_paper_weights(rng, 2, *_pools(paper)))),
        "random": random,
        "again": random,
        "negative": block_of(3, 4, 6, 5, width=3, make=negative_map),
        "batch equals width": block_of(4, 3, 4, 4, width=3),
        "one image": block_of(1, 4, 3, 6, width=4),
    }


CHANNEL_ATTENTION_FORWARD = Exercise(
    id="channel_attention_forward",
    oracle=oracle.channel_attention_forward,
    questions=_forward_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees(("hand", "paper"), 1.0, "a map and weights small enough for paper", name="hand case"),
        agrees(("random", "one image"), 2.5, "random maps and weights, biases not zero", name="random cases"),
        agrees("negative", 0.75, "maps without a positive number", name="negative maps"),
        agrees("batch equals width", 0.75, "sizes at which a wrong broadcast would go unnoticed", name="equal sides"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=CHANNEL_MISTAKES,
)


# --- which of six blocks made a map --------------------------------------------------------------------------------

_FAULTS = 6


def _marks(pick: Callable) -> Callable:
    """Truth values from a map y and the six blocks' maps, None where one cannot be computed."""
    return lambda x, y, *w: np.array([float(pick(one, y)) for one in oracle.suspects(x, *w)])


def _fits(one, y, **tolerance) -> bool:
    return one is not None and np.allclose(one, y, **{"rtol": 1e-4, "atol": 1e-5, **tolerance})


def _missed(*numbers: int) -> Callable:
    """The right marks but that these blocks are never found."""
    return lambda *args: oracle.faults_that_fit(*args) * ~np.isin(np.arange(_FAULTS), numbers)


def _magnitude_of_max(x, y, *w):
    """The marks where the block at place 4 takes the absolute value of the maximum."""
    mean, largest = _pools(x)
    gate = oracle.sigmoid(oracle.shared_mlp(mean, *w) + oracle.shared_mlp(np.abs(largest), *w))
    found = oracle.faults_that_fit(x, y, *w)
    found[4] = _fits(x * _axes(gate), y)
    return found


def _first_mark(x, y, *w):
    found = oracle.faults_that_fit(x, y, *w)
    return found * (np.arange(_FAULTS) == np.argmax(found))


def _nothing_but_one(x, y, *w):
    found = oracle.faults_that_fit(x, y, *w)
    return found * (found.sum() == 1)


_ONE_COMPARED = "Only one of the images is compared: a block has to fit every image."

# A block that is never found can be wrong in many ways, so what is said is how the table has it.
_FIT_MISTAKES = (
    Mistake("Only the first explanation that fits is marked: mark all that fit.", _first_mark),
    Mistake("Where several explanations fit, none is marked: mark all that fit.", _nothing_but_one),
    Mistake(
        "Exact equality is asked for: y was computed in float32, so allow for rounding.",
        _marks(lambda one, y: one is not None and np.array_equal(one, y)),
    ),
    Mistake("The truth values are inverted: a mark says that a block fits.", _marks(lambda one, y: not _fits(one, y))),
    Mistake(
        _ONE_COMPARED,
        _marks(lambda one, y: one is not None and _fits(one[0], y[0])),
    ),
    Mistake(
        _ONE_COMPARED,
        _marks(lambda one, y: one is not None and _fits(one[-1], y[-1])),
    ),
    Mistake(
        "A block counts as fitting where some numbers agree: all of them have to.",
        _marks(lambda one, y: one is not None and np.isclose(one, y, rtol=1e-4, atol=1e-5).any()),
    ),
    Mistake(
        "A block that cannot be computed for these shapes counts as fitting.",
        _marks(lambda one, y: one is None or _fits(one, y)),
    ),
    Mistake("No block is found in any map: compare each of the six maps with all of y.", _missed(*range(_FAULTS))),
    Mistake("The block at place 1 is not found in the map it made: there b2 is added once.", _missed(1)),
    Mistake("The block at place 2 is not found in the map it made: its gate is the mean of two gates.", _missed(2)),
    Mistake(
        "The block at place 3 is not found in the map it made: there the MLP of the averaged pools counts twice.",
        _missed(3),
    ),
    Mistake(
        "The block at place 4 is not found in the map it made: there the absolute values come before the maximum.",
        _missed(4),
    ),
    Mistake(
        "The block at place 4 takes the absolute value of the maximum: there it is the maximum of absolute values.",
        _magnitude_of_max,
    ),
    Mistake(
        "The bare product is missed: for a batch of one image it is right, and for B = W it can be computed.",
        _missed(5),
    ),
    Mistake("The order of the six is another one.", lambda *args: oracle.faults_that_fit(*args)[::-1]),
)


def _recorded(rng, fault: int, *shape: int, change: Callable | None = None) -> Call:
    """A map and what the block of this number made of it, in float32.

    `change` makes several blocks give the same; else no other does, not even for the first image. Those that differ
    give numbers far apart.
    """
    while True:
        x = feature_map(rng, *shape)
        weights = bottleneck(rng, 3, *_pools(x))
        if change:
            x, weights = change(x, weights)
        maps = oracle.suspects(x, **weights)
        y = maps[fault]
        far = [np.abs(one - y).max() for one in maps if one is not None]
        at_first = [np.abs(one[0] - y[0]).max() for one in maps if one is not None]
        alike = sum(one < 1e-9 for one in far)
        apart = sum(one > 0.05 for one in far)
        if alike + apart == len(far) and (change or alike == 1 == sum(one < 0.05 for one in at_first)):
            return Call((x, y.astype(np.float32).astype(np.float64), *weights.values()))


def _no_b2(x, w):
    return x, {**w, "b2": 0 * w["b2"]}


def _all_positive(x, w):
    return np.abs(x) + 0.1, w


def _flat(x, w):
    return np.broadcast_to(x[:, :1, :1], x.shape).copy(), w


def _first_flat(x, w):
    return np.concatenate([_flat(x[:1], w)[0], x[1:]]), w


def _made_by_another(rng) -> Call:
    """A map that none of the six made: the gate sees the mean alone."""
    call = _recorded(rng, 0, 3, *sides(rng, 3), one_of(rng, 5, 6, 7))
    x, _, *w = call.arguments
    return Call((x, x * _axes(oracle.excite(_pools(x)[0], *w)), *w))


def _paper_fault(rng) -> Call:
    """One of the faulty blocks on a map of whole numbers."""
    while True:
        x = paper_map(rng)
        weights = _paper_weights(rng, 2, *_pools(x))
        maps = oracle.suspects(x, *weights)
        right, once, mean = maps[:3]
        if min(np.abs(right - once).max(), np.abs(right - mean).max(), np.abs(once - mean).max()) > 0.05:
            return Call((x, maps[one_of(rng, 1, 2)], *weights))


_ONE_IMAGE = ("one image, b2 once", "one image, mean of gates", "one image, averaged")
_SINGLE = tuple(f"recording {number}" for number in range(_FAULTS))


def _fit_questions(rng):
    order = rng.permutation(_FAULTS)
    alike = [one_of(rng, 2, 3) for _ in order]
    singles = {
        # The bare product needs B = W; so has every second of the others, and where it has not, this one raises.
        key: _recorded(rng, fault, b, one_of(rng, 4, 5), b if fault == 5 or number % 2 else b + 2, one_of(rng, 5, 6))
        for number, (key, fault, b) in enumerate(zip(_SINGLE, order, alike, strict=True))
    }

    def several(change: Callable = lambda x, w: (x, w), batch: int = 2, fault: int = 0, alone: bool = False) -> Call:
        call = _recorded(rng, fault, batch, one_of(rng, 3, 4), one_of(rng, 5, 6), 5, change=change)
        fit = oracle.faults_that_fit(*call.arguments).sum()
        return call if fit == 1 or not alone else several(change, batch, fault, alone)

    random = several()
    return {
        "hand": _hand_recording(),
        "paper": _paper_fault(rng),
        "random": random,
        "again": random,
        **singles,
        "no b2": several(_no_b2),
        "no b2, b2 once": several(_no_b2, fault=1),
        "one image": several(batch=1),
        **{key: several(batch=1, fault=fault) for fault, key in enumerate(_ONE_IMAGE, start=1)},
        "positive": several(_all_positive),
        "positive, other fault": several(_all_positive, fault=one_of(rng, 1, 2, 3)),
        "flat": several(_flat),
        "first image flat": several(_first_flat, alone=True),
        "none of the six": _made_by_another(rng),
    }


def _hand_recording() -> Call:
    """The hand case of the block, made by one that counts b2 once."""
    x, *weights = _forward_hand()
    return Call((x, oracle.suspects(x, *weights)[1], *weights))


@for_each_question("marks")
def marks_agree(round: Round, key: str, otherwise: str) -> None:
    """The six truth values are right; `otherwise` is said where no known mistake explains them."""
    got = array_of(round, key)
    compare_shape(round, key, got)
    if not close(got, round.expected(key)):
        raise Wrong(round.diagnose(key, got) or otherwise)


FAULTS_THAT_FIT = Exercise(
    id="faults_that_fit",
    oracle=oracle.faults_that_fit,
    questions=_fit_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.25, "gives six truth values: (6,)"),
        marks_agree(
            ("hand", "paper", *_SINGLE),
            2.5,
            "recordings that one explanation fits, each of the six in its turn",
            name="one explanation",
            otherwise="A recording that one explanation fits is marked otherwise: which of your six maps is not as the "
            "card says?",
        ),
        marks_agree(
            (
                "no b2",
                "no b2, b2 once",
                "one image",
                *_ONE_IMAGE,
                "positive",
                "positive, other fault",
                "flat",
                "first image flat",
                "none of the six",
            ),
            2.75,
            "recordings that cannot tell some of the six apart, and one that none of them fits",
            name="several, or none",
            otherwise="Where several explanations fit, or none does, the marks are wrong: compare each of the six maps "
            "with all of y.",
        ),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=_FIT_MISTAKES,
)


def _block_questions(rng):
    return block_questions(rng, _pools, uneven(rng, widths=(5, 11)))  # of width 3, some sums have two causes


_JOINED = "Mean and max are joined to one long vector: each goes through the MLP alone."
_BLOCK_WEIGHT_MISTAKES = (
    *BOTTLENECK_SLIPS,
    *TWO_LAYER_SLIPS,
    *weight_mistakes(
        Bottleneck.of,
        ("There are two MLPs: mean and max go through one and the same.", lambda s: 2 * s.total()),
        ("The first layer is there twice: mean and max share it.", lambda s: s.total() + s.first),
        ("The second layer is there twice: mean and max share it.", lambda s: 2 * s.total() - s.first),
        (_JOINED, lambda s: s.total(channels=2 * s.channels)),
        (_JOINED, lambda s: s.total(2 * s.channels // s.ratio, 2 * s.channels)),
    ),
)


CHANNEL_ATTENTION = Exercise(
    id="channel_attention",
    oracle=lambda x, w1, b1, w2, b2: oracle.channel_attention_forward(x, w1, b1, w2, b2),
    questions=_block_questions,
    properties=block_properties("exactly one MLP's weights W1, b1, W2, b2, shared and trainable"),
    mistakes=CHANNEL_MISTAKES,
    weight_mistakes=_BLOCK_WEIGHT_MISTAKES,
)

EXERCISES = (CHANNEL_ATTENTION_FORWARD, FAULTS_THAT_FIT, CHANNEL_ATTENTION)
