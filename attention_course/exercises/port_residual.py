"""The exercise of notebook 07 about the tutorial's residual block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.base import Exercise, Mistake, Round
from autograder.exercise.block_properties import stands_twice

from .. import oracle
from ..oracle.residual import cbam_residual_block, main_path, shortcut_path
from .inputs import feature_map, one_of, sides
from .port_formats import FIRST, ask_in_format
from .port_properties import NORM, has_every_weight, keeps_shape, residual_agrees

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


def _parts(weights: dict) -> dict:
    """The weights by slot as the oracle's arguments; biases that were not given are zero."""

    def norm(number):
        slots = [f"{part}{number}" for part in NORM]
        return [weights[slot] for slot in slots] if slots[0] in weights else None

    inner = weights["w1"].shape[1]
    return {
        "conv1": weights["conv1"],
        "norm1": norm(1),
        "conv2": weights["conv2"],
        "norm2": norm(2),
        "cbam": (
            weights["w1"],
            weights.get("b1", np.zeros(inner)),
            weights["w2"],
            weights.get("b2", np.zeros(len(weights["w1"]))),
            weights["kernel"],
        ),
        "shortcut": weights.get("shortcut"),
        "norm": norm(3),
    }


def _pieces(wrong: Callable) -> Callable:
    """A mistake made of the three right pieces: wrong(F(x), the shortcut, the CBAM)."""

    def function(x, strides=1, **weights):
        parts = _parts(weights)
        main = main_path(x, *(parts[name] for name in ("conv1", "norm1", "conv2", "norm2")), strides)
        shortcut = shortcut_path(x, parts["shortcut"], parts["norm"], strides)
        return wrong(main, shortcut, lambda y: oracle.cbam_forward(y, *parts["cbam"]))

    return function


def _explain_residual(total: int, round: Round, key: str) -> str | None:
    question = round.questions[key]
    weights, filters = question.weights, question.keywords["filters"]
    inner = weights["w1"].shape[1]
    wanted = sum(np.size(value) for value in weights.values()) + (0 if "b1" in weights else inner + filters)
    cbam = 2 * filters * inner + inner + filters + 98
    convolutions = 2 + ("shortcut" in weights)
    channels = question.x.shape[1 if question.data_format == FIRST else 3]
    projection = channels * filters + 4 * filters
    known = {
        projection + cbam: "The two 3x3 convolutions are missing.",
        projection + filters + cbam: "The two 3x3 convolutions are missing.",
        wanted + convolutions * filters: "Every convolution has a bias: the norm behind it makes that superfluous.",
        wanted + filters: "One of the convolutions has a bias: the norm behind it makes that superfluous.",
        wanted + 2 * filters: "Two of the convolutions have a bias: the norm behind them makes that superfluous.",
        wanted - cbam: "There is no CBAM in the block.",
        wanted + cbam: "There are two CBAMs in the block.",
        wanted - 4 * filters * convolutions: "There are no norms behind the convolutions.",
        wanted - 4 * filters: "One norm is missing.",
    }
    if "shortcut" in weights:
        known[wanted - 4 * filters] = "The shortcut has no norm, or another one is missing."
        known[wanted - 4 * filters - channels * filters] = "The shortcut has no convolution."
    else:
        known[wanted + projection] = "The shortcut is to be the input itself where shapes allow."
        known[wanted + channels * filters] = "The shortcut is to be the input itself where shapes allow."
    if question.data_format == FIRST and total not in known:
        return (
            "In channels-first a layer takes another axis for the channels: not every layer obeys the global setting."
        )
    return known.get(total)


RESIDUAL_WITH_CBAM = Exercise(
    id="residual_with_cbam",
    oracle=lambda x, strides=1, **weights: cbam_residual_block(x, stride=strides, **_parts(weights)),
    questions=_residual_questions,
    properties=(
        keeps_shape("strides", 0.25),
        has_every_weight(
            "weights",
            ("all weights",),
            1.0,
            "exactly the layers on the card",
            _explain_residual,
        ),
        residual_agrees(
            "identity shortcut",
            ("identity",),
            1.25,
            "strides 1 and equal widths: the shortcut is the input",
            _explain_residual,
        ),
        residual_agrees(
            "projected shortcut",
            ("width", "strides"),
            1.25,
            "another width, or strides of 2, where height and width are not known",
            _explain_residual,
        ),
        has_every_weight(
            "channels first",
            ("first",),
            1.0,
            "builds in channels-first with the same weights (it is not run)",
            _explain_residual,
        ),
        stands_twice("identity", "twice", 0.25),
    ),
    mistakes=tuple(
        Mistake(sentence, _pieces(wrong))
        for sentence, wrong in (
            ("The ReLU after the addition is missing.", lambda main, short, cbam: short + cbam(main)),
            (
                "The ReLU stands before the addition: it belongs behind it.",
                lambda main, short, cbam: short + oracle.relu(cbam(main)),
            ),
            ("The ReLU stands before the attention.", lambda main, short, cbam: short + cbam(oracle.relu(main))),
            (
                "The attention stands behind the addition: it belongs on the branch.",
                lambda main, short, cbam: oracle.relu(cbam(short + main)),
            ),
            (
                "The attention stands behind the addition: it belongs on the branch.",
                lambda main, short, cbam: cbam(oracle.relu(short + main)),
            ),
            (
                "The attention stands on the shortcut: it belongs on the other branch.",
                lambda main, short, cbam: oracle.relu(main + cbam(short)),
            ),
            (
                "Three things are added: the shortcut and the attended branch are enough.",
                lambda main, short, cbam: oracle.relu(short + main + cbam(main)),
            ),
            (
                "The shortcut is counted twice.",
                lambda main, short, cbam: oracle.relu(short + short + cbam(main)),
            ),
            ("The shortcut is missing.", lambda main, short, cbam: oracle.relu(cbam(main))),
        )
    ),
)
