"""The blocks with a bottleneck: SE, the channel half of CBAM, and CBAM, in both data formats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.exercise.exercise import Exercise, Mistake, weight_mistakes
from autograder.exercise.models import builds, gradients_agree, has_output_shape, output_agrees, reloads
from autograder.exercise.weights import has_number_of_weights, has_weights, stands_twice

from ... import oracle
from ..gate_mistakes import BOTTLENECK_SLIPS, Bottleneck, softmax
from ..inputs import bottleneck, feature_map, one_of, sides, uneven
from .convolutions import spatial_gate
from .formats import (
    MEETS_COLUMNS,
    ask_in_format,
    gate_of,
    gated,
    in_both_formats,
    max_of,
    mean_of,
    only_first,
    right_in_channels_first,
    unchanged,
)

# --- the blocks with a bottleneck: SE, CBAM's channel half, CBAM ----------------------------------------------------


def _with_kernel(rng, weights: dict, kernel: bool) -> dict:
    return {**weights, "kernel": rng.normal(size=(7, 7, 2)) * 0.2} if kernel else weights


def _bottleneck_questions(kernel: bool = False) -> Callable:
    """The questions of a block with a bottleneck, and perhaps a 7x7 kernel behind it."""

    def questions(rng):
        def block_of(batch, height, width, channels, inner, **options):
            x = feature_map(rng, batch, height, width, channels)
            weights = bottleneck(rng, inner, mean_of(x), max_of(x))
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


_PROPERTIES = (
    has_output_shape("random", 0.25),
    has_weights("random", 0.5, "exactly the weights on the card, all trainable"),
    output_agrees("random", 0.5, "channels-last, with a ratio that does not divide the channels"),
    has_number_of_weights("default ratio", 0.25, "the default ratio is the one of the tutorial", name="default ratio"),
    right_in_channels_first(
        ("first, width equals channels", "first"), 1.25, "channels-first, where W equals C too", usual="random"
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
        ("Do the layers belong to the model, and does the gate come from the input?", lambda s: 0),
    ),
)
_CHANNEL_WEIGHT_MISTAKES = (
    *_SE_WEIGHT_MISTAKES,
    *weight_mistakes(
        Bottleneck.of,
        ("There are two bottlenecks: mean and max go through the same one.", lambda s: 2 * s.total() - s.others),
        ("Mean and max are joined: they go through one by one.", lambda s: s.total(channels=2 * s.channels)),
    ),
)
_CBAM_WEIGHT_MISTAKES = (
    *_CHANNEL_WEIGHT_MISTAKES,
    *weight_mistakes(
        Bottleneck.of,
        ("The convolution has a bias: it is to have none.", lambda s: s.total() + 1),
        ("There is no 7x7 convolution.", lambda s: s.total() - s.others),
        ("The kernel of the convolution is 3x3: it is to be 7x7.", lambda s: s.total() - s.others + 18),
    ),
)


SE_BLOCK = Exercise(
    id="se_block",
    oracle=lambda x, w1, b1, w2, b2, **form: oracle.se_forward(x, w1, b1, w2, b2, **form),
    questions=_bottleneck_questions(),
    properties=_PROPERTIES,
    weight_mistakes=_SE_WEIGHT_MISTAKES,
    mistakes=(
        *in_both_formats(
            ("The sigmoid is missing.", lambda x, **w: gated(x, gate_of(last=unchanged)(mean_of(x), **w))),
            (
                "There is no ReLU between the two layers.",
                lambda x, **w: gated(x, gate_of(between=unchanged)(mean_of(x), **w)),
            ),
            (
                "A ReLU stands after the second layer, so that no gate is below one half.",
                lambda x, **w: gated(x, gate_of(last=lambda a: oracle.sigmoid(oracle.relu(a)))(mean_of(x), **w)),
            ),
            (
                "A softmax makes the channels compete: each gate needs a sigmoid of its own.",
                lambda x, **w: gated(x, gate_of(last=softmax)(mean_of(x), **w)),
            ),
            ("The squeeze takes the max, not the mean.", lambda x, **w: gated(x, oracle.excite(max_of(x), **w))),
            (
                "The squeeze adds up and does not divide.",
                lambda x, **w: gated(x, oracle.excite(x.sum(axis=(1, 2)), **w)),
            ),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, **w: gated(np.ones_like(x), oracle.excite(mean_of(x), **w)),
            ),
            ("The gate is added: a gate multiplies.", lambda x, **w: x + oracle.excite(mean_of(x), **w)[:, None, None]),
            (
                "The input is added to the gated map: the residual belongs to the network, not to the block.",
                lambda x, **w: x + oracle.se_forward(x, **w),
            ),
            ("An extra ReLU stands before the block.", lambda x, **w: oracle.se_forward(oracle.relu(x), **w)),
        ),
        Mistake(MEETS_COLUMNS, only_first(lambda x, **w: x * oracle.excite(x.mean(axis=(2, 3)), **w)[:, None, None])),
    ),
)


def _halves(last, join):
    """CBAM's channel half with another way to join the two: join(gate logits of the mean, those of the max)."""

    def wrong(x, w1, b1, w2, b2):
        logits = [oracle.shared_mlp(v, w1, b1, w2, b2) for v in (mean_of(x), max_of(x))]
        return gated(x, last(join(*logits)))

    return wrong


CHANNEL_ATTENTION = Exercise(
    id="channel_attention",
    oracle=lambda x, w1, b1, w2, b2, **form: oracle.channel_attention_forward(x, w1, b1, w2, b2, **form),
    questions=_bottleneck_questions(),
    properties=_PROPERTIES,
    weight_mistakes=_CHANNEL_WEIGHT_MISTAKES,
    mistakes=(
        *in_both_formats(
            ("The sigmoid is missing.", _halves(unchanged, lambda a, m: a + m)),
            ("The max is not used.", _halves(oracle.sigmoid, lambda a, m: a)),
            ("The mean is not used.", _halves(oracle.sigmoid, lambda a, m: m)),
            (
                "Each half has a sigmoid of its own, so that a gate can be above one: add first.",
                _halves(unchanged, lambda a, m: oracle.sigmoid(a) + oracle.sigmoid(m)),
            ),
            ("The two halves are averaged: they are added.", _halves(oracle.sigmoid, lambda a, m: (a + m) / 2)),
            (
                "A ReLU stands on the sum, so that no gate is below one half.",
                _halves(oracle.sigmoid, lambda a, m: oracle.relu(a + m)),
            ),
            (
                "Mean and max are added before the layers: each goes through them by itself.",
                lambda x, **w: gated(x, oracle.excite(mean_of(x) + max_of(x), **w)),
            ),
            (
                "There is no ReLU between the two layers.",
                lambda x, w1, b1, w2, b2: gated(
                    x, oracle.sigmoid((mean_of(x) @ w1 + max_of(x) @ w1 + 2 * b1) @ w2 + 2 * b2)
                ),
            ),
            (
                "The last bias is counted once: each of the two ways adds it.",
                lambda x, w1, b1, w2, b2: gated(
                    x, oracle.sigmoid((oracle.relu(mean_of(x) @ w1 + b1) + oracle.relu(max_of(x) @ w1 + b1)) @ w2 + b2)
                ),
            ),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, **w: oracle.channel_attention_forward(x, **w) / x,
            ),
        ),
        Mistake(
            MEETS_COLUMNS,
            only_first(
                lambda x, **w: (
                    x
                    * oracle.sigmoid(
                        oracle.shared_mlp(x.mean(axis=(2, 3)), **w) + oracle.shared_mlp(x.max(axis=(2, 3)), **w)
                    )[:, None, None]
                )
            ),
        ),
    ),
)


# --- CBAM -----------------------------------------------------------------------------------------------------------


def _split(x, kernel, **weights):
    """The two gates of the unrefined map, each of the map's shape."""
    ones = np.ones_like(x)
    spatial = spatial_gate(x, kernel=kernel)
    logits = oracle.shared_mlp(mean_of(x), **weights) + oracle.shared_mlp(max_of(x), **weights)
    return gated(ones, oracle.sigmoid(logits)), ones * spatial


def _spatial_of_refined(x, kernel, **weights):
    refined = oracle.channel_attention_forward(x, **weights)
    return refined, spatial_gate(refined, kernel=kernel)


def _spatial_first(x, kernel, **weights):
    return oracle.channel_attention_forward(oracle.spatial_attention_forward(x, kernel), **weights)


CBAM_BLOCK = Exercise(
    id="cbam_block",
    oracle=lambda x, w1, b1, w2, b2, kernel, **form: oracle.cbam_forward(x, w1, b1, w2, b2, kernel, **form),
    questions=_bottleneck_questions(kernel=True),
    properties=_PROPERTIES,
    weight_mistakes=_CBAM_WEIGHT_MISTAKES,
    mistakes=in_both_formats(
        ("The spatial half stands first: channels come first.", _spatial_first),
        (
            "The spatial gate is computed from the input: it is to see the map that the channel half gives.",
            lambda x, kernel, **w: x * np.prod(_split(x, kernel, **w), axis=0),
        ),
        (
            "The two halves stand side by side and are added: one follows the other.",
            lambda x, kernel, **w: x * np.sum(_split(x, kernel, **w), axis=0),
        ),
        (
            "It gives the gate itself: multiply the feature map by it.",
            lambda x, kernel, **w: oracle.cbam_forward(x, kernel=kernel, **w) / x,
        ),
        (
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
            lambda x, kernel, **w: x + oracle.cbam_forward(x, kernel=kernel, **w),
        ),
        (
            "The spatial gate multiplies the input: it is to multiply the map that the channel half gives.",
            lambda x, kernel, **w: x * _spatial_of_refined(x, kernel, **w)[1],
        ),
        (
            "The max stands first in the spatial half: the mean is to stand first.",
            lambda x, kernel, **w: oracle.cbam_forward(x, kernel=kernel[..., ::-1], **w),
        ),
    ),
)
