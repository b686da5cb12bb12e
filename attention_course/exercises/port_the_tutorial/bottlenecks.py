"""The blocks with a bottleneck: SE and CBAM, in both data formats."""

from __future__ import annotations

from collections.abc import Callable

from autograder.exercise.exercise import Exercise, Mistake, Property, weight_mistakes
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_number_of_weights,
    has_output_shape,
    has_weights,
    output_agrees,
    reloads,
    stands_twice,
)

from ... import oracle
from ..cbam.block import CBAM_MISTAKES
from ..gate_mistakes import BLOCK_MISTAKES, BOTTLENECK_SLIPS, Bottleneck
from ..inputs import bottleneck, feature_map, one_of, sides, uneven
from .formats import MEETS_COLUMNS, as_in, ask_in_format, only_first, right_in_channels_first

# --- both blocks, and SE ----------------------------------------------------------------------------------------------


def _with_kernel(rng, weights: dict, kernel: bool) -> dict:
    return {**weights, "kernel": rng.normal(size=(7, 7, 2)) * 0.2} if kernel else weights


def _bottleneck_questions(kernel: bool = False) -> Callable:
    """The questions of a block with a bottleneck, and perhaps a 7x7 kernel after it."""

    def questions(rng):
        def block_of(batch, height, width, channels, inner, **options):
            x = feature_map(rng, batch, height, width, channels)
            weights = bottleneck(rng, inner, oracle.global_average_pool(x), oracle.global_max_pool(x))
            return ask_in_format(x, _with_kernel(rng, weights, kernel), **options)

        # The ratio does not divide the channels, and the remainder is large: every way of rounding differs.
        channels, ratio, width = uneven(rng)
        shape = (2, *sides(rng, 2), channels)
        first, same = one_of(rng, 6, 7, 9), one_of(rng, 3, 4)
        small = feature_map(rng, 2, *sides(rng, 2), 16)
        return {
            "random": block_of(*shape, width, keywords={"ratio": ratio}, reload=True, gradients=rng.normal(size=shape)),
            "default ratio": block_of(3, *sides(rng, 3), 16, 2),
            "few channels": block_of(2, *sides(rng, 2), one_of(rng, 3, 5, 6, 7), 1),
            "first": block_of(2, *sides(rng, 2), 2 * first, 2, first=True, keywords={"ratio": first}),
            "first, width equals channels": block_of(
                2, one_of(rng, 5, 6, 7), same**2, same**2, same, first=True, keywords={"ratio": same}
            ),
            "unknown": ask_in_format(feature_map(rng, 2, *sides(rng, 2), one_of(rng, 12, 16, 20)), {}, unknown=True),
            "twice": ask_in_format(small, {}, repeat=2),
        }

    return questions


def _properties(weights: float, first: float) -> tuple[Property, ...]:
    """What is judged of both; `weights` and `first` are the points for the weights and for channels-first."""
    return (
        has_output_shape("random", 0.25),
        has_weights("random", weights, "exactly the weights on the card, all trainable"),
        output_agrees("random", 0.5, "channels-last, with a ratio that does not divide the channels"),
        has_number_of_weights(
            "default ratio", 0.25, "the default ratio is the one of the tutorial", name="default ratio"
        ),
        right_in_channels_first(
            ("first, width equals channels", "first"), first, "channels-first, where W equals C too", usual="random"
        ),
        output_agrees("few channels", 0.25, "fewer channels than the ratio: one unit is left", name="few channels"),
        gradients_agree("random", 0.25),
        builds("unknown", 0.25),
        stands_twice(("default ratio", "twice"), 0.25),
        reloads("random", 0.25),
    )


_SE_WEIGHT_MISTAKES = (
    *BOTTLENECK_SLIPS,
    *weight_mistakes(
        Bottleneck.of,
        ("Do the layers belong to the model, and does the gate come from the input?", 0),
    ),
)
_CBAM_WEIGHT_MISTAKES = (
    *_SE_WEIGHT_MISTAKES,
    *weight_mistakes(
        Bottleneck.of,
        ("There are two bottlenecks: mean and max go through the same one.", lambda s: 2 * s.total() - s.others),
        ("Mean and max are joined: they go through one by one.", lambda s: s.total(channels=2 * s.channels)),
        ("The convolution has a bias: it should have none.", lambda s: s.total() + 1),
        ("There is no 7x7 convolution.", lambda s: s.total() - s.others),
        ("The kernel of the convolution is 3x3: it should be 7x7.", lambda s: s.total() - s.others + 18),
    ),
)


SE_BLOCK = Exercise(
    id="se_block",
    oracle=lambda x, w1, b1, w2, b2, **form: oracle.se_forward(x, w1, b1, w2, b2, **form),
    questions=_bottleneck_questions(),
    properties=_properties(weights=0.5, first=1.25),
    weight_mistakes=_SE_WEIGHT_MISTAKES,
    mistakes=(
        *as_in(
            BLOCK_MISTAKES,
            "The sigmoid is missing.",
            "There is no ReLU between the two layers.",
            "A ReLU comes after the second layer, so that no gate is below one half.",
            "A softmax makes the channels compete: each gate needs a sigmoid of its own.",
            "The squeeze takes the max, not the mean.",
            "The squeeze adds up and does not divide.",
            "It gives the gate itself: multiply the feature map by it.",
            "The gate is added: a gate multiplies.",
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
            "An extra ReLU comes before the block.",
        ),
        Mistake(MEETS_COLUMNS, only_first(lambda x, **w: x * oracle.excite(x.mean(axis=(2, 3)), **w)[:, None, None])),
    ),
)


# --- CBAM -----------------------------------------------------------------------------------------------------------


CBAM_BLOCK = Exercise(
    id="cbam_block",
    oracle=lambda x, w1, b1, w2, b2, kernel, **form: oracle.cbam_forward(x, w1, b1, w2, b2, kernel, **form),
    questions=_bottleneck_questions(kernel=True),
    properties=_properties(weights=0.25, first=0.5),
    mistakes=as_in(
        CBAM_MISTAKES,
        (
            "The spatial half comes first: in CBAM the channel half does.",
            "The spatial half comes first: it should follow the channel half.",
        ),
        "The spatial gate is computed from the input: it has to look at the refined map.",
        "The two halves stand side by side and their results are added: the second one works on what the first gives.",
        (
            "It gives the product of the gates: the feature map is missing.",
            "It gives the gate itself: multiply the feature map by it.",
        ),
        "The input is added to the result: the residual belongs to the network, not to the block.",
        (
            "The spatial gate multiplies the input: what the channel half gave is lost.",
            "The spatial gate multiplies the input: it should multiply the map that the channel half gives.",
        ),
        (
            "Mean and max are exchanged in the spatial half: the mean comes first.",
            "The max comes first in the spatial half: the mean should come first.",
        ),
    ),
    weight_mistakes=_CBAM_WEIGHT_MISTAKES,
)
