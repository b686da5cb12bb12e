"""The tutorial's residual block."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from autograder.exercise.arrays import compare_shape, unexplained
from autograder.exercise.exercise import Exercise, Mistake, Round, Wrong, close, for_each_question, weight_mistakes
from autograder.exercise.models import OTHER_WEIGHTS, has_output_shape, has_weights, model_of, output_of, stands_twice
from autograder.exercise.questions import KerasCall

from ... import oracle
from ...oracle.plug_in import NORM
from ..cbam.residual import RESIDUAL_MISTAKES, of_parts, residual_oracle
from ..inputs import feature_map, one_of, sides
from .formats import FIRST, as_in, ask_in_format

_BEHIND = "The attention stands behind the addition: it belongs on the branch."

# --- the residual block ---------------------------------------------------------------------------------------------


def _residual_questions(rng):
    def norm(filters, number):
        return {
            f"gamma{number}": rng.uniform(0.5, 1.5, filters),
            f"beta{number}": rng.normal(size=filters) * 0.5,
            f"moving_mean{number}": rng.normal(size=filters) * 0.5,
            f"moving_variance{number}": rng.uniform(0.5, 2.0, filters),
        }

    def block_of(batch, height, width, channels, filters, strides=1, ratio=8, biases=False, **options):
        inner, projected = max(1, filters // ratio), strides > 1 or channels != filters
        # The norms come first: their vectors are as long as the last bias of the bottleneck.
        weights = {slot: value for number in range(1, 3 + projected) for slot, value in norm(filters, number).items()}
        weights["conv1"] = rng.normal(size=(3, 3, channels, filters)) / np.sqrt(9 * channels)
        weights["conv2"] = rng.normal(size=(3, 3, filters, filters)) / np.sqrt(9 * filters)
        if projected:
            weights["shortcut"] = rng.normal(size=(1, 1, channels, filters)) / np.sqrt(channels)
        weights["w1"], weights["w2"] = rng.normal(size=(filters, inner)), rng.normal(size=(inner, filters))
        weights["kernel"] = rng.normal(size=(7, 7, 2)) * 0.2
        if biases:
            weights["b1"], weights["b2"] = rng.normal(size=inner), rng.normal(size=filters)
        asked = {"filters": (filters, None), "strides": (strides, 1), "ratio": (ratio, 8)}
        keywords = {name: value for name, (value, default) in asked.items() if value != default}
        return ask_in_format(feature_map(rng, batch, height, width, channels), weights, keywords=keywords, **options)

    # No shape of one kind of weight is one of another kind: the channels are neither the filters nor the bottleneck.
    same, filters, other = one_of(rng, 6, 7), one_of(rng, 6, 7, 9), one_of(rng, 7, 9)
    small, odd = feature_map(rng, 2, *sides(rng, 2), same), (5, 7, 9)
    return {
        "identity": block_of(2, *sides(rng, 2), same, same, ratio=2),
        "width": block_of(2, *sides(rng, 2), one_of(rng, 4, 5), 6, ratio=3, unknown=True),
        "strides": block_of(2, one_of(rng, 5, 7), one_of(rng, 6, 8), 16, 16, strides=2),
        "all weights": block_of(2, *sides(rng, among=odd), 5, filters, strides=2, ratio=2, biases=True),
        "first": block_of(2, *sides(rng, among=odd), 5, other, strides=2, ratio=2, biases=True, first=True),
        "twice": ask_in_format(small, {}, keywords={"filters": same, "ratio": 2}, repeat=2),
    }


def _of_notebook_05(function: Callable) -> Callable:
    """A function of notebook 05's residual block with the names of this one; biases that it does not have are zero."""

    def renamed(x, strides=1, shortcut=None, **weights):
        filters, inner = weights["w1"].shape
        slots = {"b1": np.zeros(inner), "b2": np.zeros(filters), **weights}
        if shortcut is not None:
            slots["projection" if strides == 1 else "strided_projection"] = shortcut
        return function(x, **slots)

    return renamed


@dataclass(frozen=True)
class _Sizes:
    """The sizes of a question: how many weights are expected, in all, in CBAM and on a projected shortcut."""

    wanted: int
    cbam: int
    projection: int
    channels: int
    filters: int
    projected: bool
    first: bool

    @classmethod
    def of(cls, question: KerasCall) -> _Sizes:
        weights, channels, filters = question.weights, question.channels, question.keywords["filters"]
        inner = weights["w1"].shape[1]
        return cls(
            wanted=question.size + (0 if "b1" in weights else inner + filters),
            cbam=2 * filters * inner + inner + filters + 98,
            projection=channels * filters + 4 * filters,
            channels=channels,
            filters=filters,
            projected="shortcut" in weights,
            first=question.data_format == FIRST,
        )

    @property
    def convolutions(self) -> int:
        return 2 + self.projected


def _if_projected(count: Callable[[_Sizes], int]) -> Callable[[_Sizes], int | None]:
    return lambda s: count(s) if s.projected else None


_WEIGHT_MISTAKES = weight_mistakes(
    _Sizes.of,
    (
        "The two 3x3 convolutions are missing.",
        lambda s: {s.projection + s.cbam, s.projection + s.filters + s.cbam},
    ),
    (
        "Every convolution has a bias: the norm behind it makes that superfluous.",
        lambda s: s.wanted + s.convolutions * s.filters,
    ),
    ("One of the convolutions has a bias: the norm behind it makes that superfluous.", lambda s: s.wanted + s.filters),
    (
        "Two of the convolutions have a bias: the norm behind them makes that superfluous.",
        lambda s: s.wanted + 2 * s.filters,
    ),
    ("There is no CBAM in the block.", lambda s: s.wanted - s.cbam),
    ("There are two CBAMs in the block.", lambda s: s.wanted + s.cbam),
    ("There are no norms behind the convolutions.", lambda s: s.wanted - 4 * s.filters * s.convolutions),
    ("The shortcut has no norm, or another one is missing.", _if_projected(lambda s: s.wanted - 4 * s.filters)),
    ("The shortcut has no convolution.", _if_projected(lambda s: s.wanted - s.projection)),
    (
        "The shortcut is to be the input itself where shapes allow.",
        lambda s: None if s.projected else {s.wanted + s.projection, s.wanted + s.channels * s.filters},
    ),
    (
        "In channels-first a layer takes another axis for the channels: not every layer obeys the global setting.",
        lambda s: range(sys.maxsize) if s.first else None,
    ),
)


@for_each_question()
def _residual_agrees(round: Round, key: str) -> None:
    """Values of a block with convolutions and norms, whatever else it has: weights too many stay as they start.

    The four vectors of the norms are given in the order in which the norms stand in the model. A block may make its
    shortcut first: every order of the norms is tried, and one that agrees is enough.
    """
    model, question = model_of(round, key), round.block(key)
    if set(model.matched) != set(question.weights):
        raise Wrong(OTHER_WEIGHTS)
    got = output_of(model)
    compare_shape(round, key, got)
    orders = list(_norms_in_any_order(question.weights))
    expected = [np.asarray(round.evaluate(round.exercise.oracle, key, order)) for order in orders]
    if not any(close(got, one) for one in expected):
        known = (round.diagnose(key, got, order) for order in orders)
        reason = next(filter(None, known), None) or round.diagnose_weights(key, model.size)
        raise Wrong(reason) if reason else unexplained(round, key, got, expected[0])


def _norms_in_any_order(weights: Mapping[str, np.ndarray]) -> Iterator[dict[str, np.ndarray]]:
    numbers = sorted(slot.removeprefix("gamma") for slot in weights if slot.startswith("gamma"))
    for order in permutations(numbers):
        moved = {f"{part}{to}": weights[f"{part}{at}"] for to, at in zip(numbers, order, strict=True) for part in NORM}
        yield {**weights, **moved}


RESIDUAL_WITH_CBAM = Exercise(
    id="residual_with_cbam",
    oracle=_of_notebook_05(residual_oracle),
    questions=_residual_questions,
    weight_mistakes=_WEIGHT_MISTAKES,
    settings=("strides",),
    properties=(
        has_output_shape("strides", 0.25),
        has_weights("all weights", 1.0, "exactly the layers on the card", card="the layers on the card"),
        _residual_agrees(
            "identity", 1.25, "strides 1 and equal widths: the shortcut is the input", name="identity shortcut"
        ),
        _residual_agrees(
            ("width", "strides"),
            1.25,
            "another width, or strides of 2, where height and width are not known",
            name="projected shortcut",
        ),
        has_weights(
            "first",
            1.0,
            "builds in channels-first with the same weights (it is not run)",
            name="channels first",
            card="the layers on the card",
        ),
        stands_twice(("identity", "twice"), 0.25),
    ),
    mistakes=(
        *as_in(
            RESIDUAL_MISTAKES,
            ("The last ReLU is missing.", "The ReLU after the addition is missing."),
            "The last ReLU comes before the addition.",
            ("CBAM comes after the addition, so that it turns down the shortcut too.", _BEHIND),
            ("CBAM comes after the last ReLU, outside the block.", _BEHIND),
            "CBAM is on the shortcut: it belongs to the branch.",
            "Three things are added: the branch without attention is one too many.",
            "The shortcut is counted twice.",
            "The shortcut is missing.",
            made=_of_notebook_05,
        ),
        Mistake(
            "The ReLU stands before the attention.",
            _of_notebook_05(of_parts(lambda s, f, cbam: s + cbam(oracle.relu(f)))),
        ),
    ),
)
