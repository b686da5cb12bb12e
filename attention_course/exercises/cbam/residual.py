"""CBAM inside a residual block: its place, the shortcut and the batch norms.

Source: Woo, Park, Lee and Kweon, CBAM: Convolutional Block Attention Module, arXiv 1807.06521, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from autograder.exercise.exercise import Exercise, Mistake, WeightMistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    every_weight_learns,
    has_output_shape,
    has_weights,
    output_agrees,
    stands_twice,
)
from autograder.exercise.questions import KerasCall

from ... import oracle
from ...oracle.residual import cbam_residual_block, convolve, normalize
from ..inputs import feature_map, one_of, sides
from .block import cbam_weights

# --- the right block and known mistakes, as functions of the map x and the weights by slot --------------------------


def _read_slots(slots):
    """A residual block's slots as kernels, norms, attention, projection and stride."""
    norms = [
        tuple(slots[f"{name}{n}"] for name in ("gamma", "beta", "moving_mean", "moving_variance"))
        for n in (1, 2, 3)
        if f"gamma{n}" in slots
    ]
    attention = tuple(slots[name] for name in ("w1", "b1", "w2", "b2", "kernel"))
    strided = slots.get("strided_projection")
    projection = strided if strided is not None else slots.get("projection")
    return (slots["conv1"], slots["conv2"]), norms, attention, projection, 2 if strided is not None else 1


def _parts(x, slots):
    """What a wrong block puts together: shortcut, branch without attention, attention, and the norms for the rest."""
    kernels, norms, attention, projection, stride = _read_slots(slots)
    branch = oracle.relu(normalize(convolve(x, kernels[0], stride), *norms[0]))
    branch = normalize(convolve(branch, kernels[1]), *norms[1])
    shortcut = x if projection is None else normalize(convolve(x, projection, stride), *norms[2])
    return shortcut, branch, lambda maps: oracle.cbam_forward(maps, *attention)


def of_parts(put_together: Callable) -> Callable:
    """A wrong block: put_together(shortcut, branch without attention, CBAM)."""
    return lambda x, **slots: put_together(*_parts(x, slots))


def _rebuilt(first=oracle.relu, before_norm=False, second_strides=False):
    """A block whose branch is put together otherwise."""

    def block(x, **slots):
        kernels, norms, attention, projection, stride = _read_slots(slots)
        shortcut = _parts(x, slots)[0]
        strides = (1, stride) if second_strides else (stride, 1)
        branch = convolve(first(normalize(convolve(x, kernels[0], strides[0]), *norms[0])), kernels[1], strides[1])
        if before_norm:
            branch = normalize(oracle.cbam_forward(branch, *attention), *norms[1])
        else:
            branch = oracle.cbam_forward(normalize(branch, *norms[1]), *attention)
        return oracle.relu(shortcut + branch)

    return block


RESIDUAL_MISTAKES = (
    Mistake("The last ReLU is missing.", of_parts(lambda s, f, cbam: s + cbam(f))),
    Mistake("The last ReLU comes before the addition.", of_parts(lambda s, f, cbam: s + oracle.relu(cbam(f)))),
    Mistake(
        "A ReLU comes before CBAM: the branch goes into it as the batch norm leaves it.",
        of_parts(lambda s, f, cbam: oracle.relu(s + cbam(oracle.relu(f)))),
    ),
    Mistake(
        "CBAM comes after the addition, so that it turns down the shortcut too.",
        of_parts(lambda s, f, cbam: oracle.relu(cbam(s + f))),
    ),
    Mistake(
        "CBAM comes after the last ReLU, outside the block.",
        of_parts(lambda s, f, cbam: cbam(oracle.relu(s + f))),
    ),
    Mistake(
        "CBAM is on the shortcut: it belongs to the branch.",
        of_parts(lambda s, f, cbam: oracle.relu(cbam(s) + f)),
    ),
    Mistake(
        "Three things are added: the branch without attention is one too many.",
        of_parts(lambda s, f, cbam: oracle.relu(s + f + cbam(f))),
    ),
    Mistake(
        "Attention is applied to the shortcut as well.", of_parts(lambda s, f, cbam: oracle.relu(cbam(s) + cbam(f)))
    ),
    Mistake("The shortcut is missing.", of_parts(lambda s, f, cbam: oracle.relu(cbam(f)))),
    Mistake("The shortcut is counted twice.", of_parts(lambda s, f, cbam: oracle.relu(2 * s + cbam(f)))),
    Mistake("There is no ReLU between the two convolutions.", _rebuilt(first=lambda maps: maps)),
    Mistake("CBAM comes before the last batch norm of the branch.", _rebuilt(before_norm=True)),
    Mistake("The stride is in the second convolution: it belongs to the first.", _rebuilt(second_strides=True)),
)


# --- the exercise -----------------------------------------------------------------------------------------------


def residual_oracle(x, **slots):
    kernels, norms, attention, projection, stride = _read_slots(slots)
    norm = norms[2] if projection is not None else None
    return cbam_residual_block(x, kernels[0], norms[0], kernels[1], norms[1], attention, projection, norm, stride)


def _residual_weights(rng, x, filters, width, stride):
    """Weights by slot. A shape that occurs more than once gets the same values, so that no order has to be known."""
    channels = x.shape[-1]
    # Variances as large as those of the convolutions, so that the epsilon of a norm makes no difference.
    norm = {
        "gamma": rng.uniform(0.6, 1.4, size=filters),
        "beta": rng.normal(size=filters) / 2,
        "moving_mean": rng.normal(size=filters),
        "moving_variance": rng.uniform(0.7, 1.4, size=filters) * 9 * channels,
    }
    projected = stride != 1 or channels != filters
    slots = {f"{name}{n}": value for n in range(1, 4 if projected else 3) for name, value in norm.items()}
    slots["conv1"] = rng.normal(size=(3, 3, channels, filters))
    slots["conv2"] = slots["conv1"] if channels == filters else rng.normal(size=(3, 3, filters, filters))
    if projected:
        slots["projection" if stride == 1 else "strided_projection"] = 3 * rng.normal(size=(1, 1, channels, filters))
    branch = oracle.relu(normalize(convolve(x, slots["conv1"], stride), *norm.values()))
    return {**slots, **cbam_weights(rng, normalize(convolve(branch, slots["conv2"]), *norm.values()), width)}


def _residual_questions(rng):
    def block_of(*shape, width, filters, stride=1, ratio=None, gradients=None):
        x = feature_map(rng, *shape)
        keywords = {"filters": filters, "stride": stride, "ratio": ratio}
        keywords = {name: value for name, value in keywords.items() if value not in (None, 1)}
        weights = _residual_weights(rng, x, filters, width, stride)
        return KerasCall(shape[1:], x, weights, keywords, gradients=gradients)

    odd = (3, 5, 7)  # odd sides: here Keras pads both ends alike, as do those who pad by hand
    usual, strided = one_of(rng, 2, 3), one_of(rng, 9, 10, 11)
    # So far apart that a projection of the branch has weights of its own number.
    narrow, other = ((5, 10), (5, 11), (6, 11))[rng.integers(3)]
    shape = (*sides(rng, among=odd), 16 * usual)
    return {
        "identity": block_of(2, *shape, width=usual, filters=16 * usual, gradients=rng.normal(size=(2, *shape))),
        "wider": block_of(2, *sides(rng, among=odd), narrow, width=2, filters=other, ratio=4),
        "strided": block_of(2, *sides(rng, among=odd), strided, width=3, filters=strided, stride=2, ratio=3),
        "unknown sides": KerasCall(
            (None, None, narrow),
            feature_map(rng, 2, *sides(rng), narrow),
            {},
            {"filters": other, "stride": 2, "ratio": 4},
        ),
        "twice": KerasCall(shape, feature_map(rng, 2, *shape), {}, {"filters": 16 * usual}, repeat=2),
    }


def _strided(question: KerasCall) -> tuple[int, ...]:
    """The shape of the output: filters instead of channels, sides divided by the stride and rounded up."""
    (batch, height, width, _), stride = question.x.shape, question.keywords["stride"]
    return batch, -(-height // stride), -(-width // stride), question.keywords["filters"]


@dataclass(frozen=True)
class _Sizes:
    """The sizes of a question: how many weights are expected, in all, in CBAM and in the shortcut's convolution."""

    wanted: int
    attention: int
    projection: int
    channels: int
    filters: int

    @classmethod
    def of(cls, question: KerasCall) -> _Sizes:
        size = {slot: int(np.size(value)) for slot, value in question.weights.items()}
        attention = sum(size[slot] for slot in ("w1", "b1", "w2", "b2", "kernel"))
        projection = size.get("projection", 0) + size.get("strided_projection", 0)
        return cls(question.size, attention, projection, question.channels, question.keywords["filters"])


def _where_alone(slips: tuple[WeightMistake, ...]) -> tuple[WeightMistake, ...]:
    """The same slips, each without the numbers of weights that another one has as well."""

    def numbers(slip: WeightMistake, question: KerasCall) -> set[int]:
        number = slip.number(question)
        return {number} if isinstance(number, int) else set(number or ())

    def own(slip: WeightMistake) -> Callable[[KerasCall], set[int]]:
        others = [other for other in slips if other is not slip]
        return lambda question: numbers(slip, question).difference(*(numbers(other, question) for other in others))

    return tuple(replace(slip, count=own(slip)) for slip in slips)


_FITS = "The shortcut is projected where the shape already fits."
_SLIPS = weight_mistakes(
    _Sizes.of,
    (
        "The projection of the shortcut is missing.",
        lambda s: s.wanted - s.projection - 4 * s.filters if s.projection else None,
    ),
    ("The projection is to be a 1 x 1 convolution.", lambda s: s.wanted + 8 * s.projection),
    (
        "The two convolutions of the branch have biases: the norm after each takes its place.",
        lambda s: s.wanted + 2 * s.filters,
    ),
    ("The convolutions have biases: the norm after each takes its place.", lambda s: s.wanted + 3 * s.filters),
    ("One of the convolutions has a bias: the norm after it takes its place.", lambda s: s.wanted + s.filters),
    ("CBAM is missing.", lambda s: s.wanted - s.attention),
    ("CBAM is there twice.", lambda s: s.wanted + s.attention),
    ("A batch norm is missing.", lambda s: s.wanted - 4 * s.filters),
    ("Two batch norms are missing.", lambda s: s.wanted - 8 * s.filters),
    ("There is a batch norm too many.", lambda s: s.wanted + 4 * s.filters),
    (_FITS, lambda s: {s.wanted + s.channels * s.filters, s.wanted + s.channels * s.filters + 4 * s.filters}),
    (
        "The branch is projected, not the shortcut.",
        lambda s: s.wanted - s.projection + s.filters**2 if s.projection else None,
    ),
    ("The kernel of CBAM has another size than 7.", lambda s: {s.wanted + 2 * (k * k - 49) for k in (1, 3, 5)}),
)


CBAM_RESIDUAL_BLOCK = Exercise(
    id="cbam_residual_block",
    oracle=residual_oracle,
    questions=_residual_questions,
    properties=(
        has_output_shape(("identity", "wider", "strided"), 0.5),
        has_weights("identity", 0.75, "where the shape fits: no projection", card="the list in the exercise"),
        has_weights(
            ("wider", "strided"),
            0.75,
            "where the width or the sides change: a 1 x 1 convolution with its norm",
            name="weights of the projection",
            card="the list in the exercise",
        ),
        output_agrees("identity", 2.0, "the shortcut passes as it is", name="identity", every_weight=True),
        output_agrees(("wider", "strided"), 2.0, "the shortcut is projected", name="projection", every_weight=True),
        every_weight_learns("identity", 0.5, "in training, a gradient reaches the input and every weight"),
        builds("unknown sides", 0.25, shape=_strided),
        stands_twice(("identity", "twice"), 0.25),
    ),
    mistakes=RESIDUAL_MISTAKES,
    weight_mistakes=_where_alone(_SLIPS),
)
