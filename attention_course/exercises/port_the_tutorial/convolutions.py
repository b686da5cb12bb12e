"""The blocks whose gate is a convolution: ECA and the spatial half of CBAM, in both data formats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.exercise.exercise import Exercise, Mistake, WeightMistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    despite_a_bias,
    gradients_agree,
    has_number_of_weights,
    has_output_shape,
    has_weights,
    output_agrees,
    reloads,
    stands_twice,
)
from autograder.exercise.questions import KerasCall

from ... import oracle
from ..efficient_channel_attention.block import ECA_MISTAKES, KernelSizes, eca_gate
from ..inputs import feature_map, one_of, sides
from ..spatial_attention import SPATIAL_MISTAKES
from .formats import FIRST, MEETS_COLUMNS, as_in, ask_in_format, only_first, right_in_channels_first

# --- ECA ------------------------------------------------------------------------------------------------------------


def _eca_questions(rng):
    def block_of(batch, height, width, channels, size, **options):
        x = feature_map(rng, batch, height, width, channels)
        return ask_in_format(x, {"kernel": rng.normal(size=size)}, **options)

    # A natural logarithm gives the same kernel, and costs points where it does not.
    channels = int(rng.integers(21, 31))
    shape, small = (2, *sides(rng, 2), channels), feature_map(rng, 2, *sides(rng, 2), one_of(rng, 14, 15, 16))
    power, b = [(5, 3), (6, 2), (6, 4), (5, 5)][rng.integers(4)]  # a tie
    return {
        "random": block_of(*shape, 3, reload=True, gradients=rng.normal(size=shape)),
        "few": block_of(2, *sides(rng, 2), one_of(rng, 5, 6, 7), 1),
        # Rounded up before it is made odd, the size would be 5.
        "many": block_of(2, *sides(rng, 2), int(rng.integers(64, 110)), 3),
        "C = 128": block_of(2, *sides(rng, 2), 128, 5),
        "b and gamma": block_of(2, *sides(rng, 2), 2**power, power + b + 1, keywords={"b": b, "gamma": 1}),
        "named": block_of(
            2, *sides(rng, 2), one_of(rng, 10, 11, 12, 13), 3, keywords={"name": f"stage{one_of(rng, *range(1, 100))}"}
        ),
        # As many channels as above: where the kernel is of another size, it is not for their number.
        "first": block_of(2, *sides(rng, 2), channels, 3, first=True),
        "first, width equals channels": block_of(2, one_of(rng, 5, 6, 7), channels, channels, 3, first=True),
        "unknown": ask_in_format(small, {}, unknown=True),
        "twice": ask_in_format(small, {}, repeat=2),
    }


def _in_channels_last(item: WeightMistake) -> WeightMistake:
    """The same slip, known in this format alone."""
    return replace(item, count=lambda question: None if question.data_format == FIRST else item.number(question))


def _channels_as_depth(question: KerasCall) -> int | None:
    return question.channels * question.size if question.data_format == FIRST else None


_ECA_WEIGHT_MISTAKES = (
    WeightMistake(
        "The layer takes the channels for its depth, so that one number gates the whole image.", _channels_as_depth
    ),
    *map(
        _in_channels_last,
        weight_mistakes(
            KernelSizes.of,
            ("Do the layers belong to the model, and does the gate come from the input?", 0),
            ("The convolution has a bias: it should have none.", lambda s: s.kernel + 1),
            ("Every channel has a kernel of its own: one kernel is shared by all.", lambda s: s.kernel * s.channels),
            (
                "The convolution mixes all channels: its channels should be steps along a line.",
                lambda s: s.kernel * s.channels**2,
            ),
            ("The kernel is too small for this number of channels.", 1),
            ("The kernel has an even size.", 2),
            ("The kernel is too large for this number of channels.", 5),
            ("There is a dense layer where a short kernel is expected.", lambda s: s.channels**2 + s.channels),
        ),
    ),
)


ECA_BLOCK = Exercise(
    id="eca_block",
    oracle=lambda x, kernel, **form: oracle.eca_forward(x, kernel, **form),
    questions=_eca_questions,
    weight_mistakes=_ECA_WEIGHT_MISTAKES,
    properties=(
        has_output_shape("random", 0.25),
        has_weights("random", 0.25, "exactly one kernel, without a bias, trainable"),
        despite_a_bias(output_agrees(("random", "named"), 1.0, "channels-last, also with a name")),
        has_number_of_weights(
            ("few", "many", "C = 128"), 0.5, "the formula, its tie and few channels", name="kernel size", usual="random"
        ),
        has_number_of_weights("b and gamma", 0.25, "other values of b and gamma", name="b and gamma", usual="random"),
        has_weights(
            "first",
            0.5,
            "the same kernel in channels-first",
            name="weights, channels first",
            card="the layers on the card",
        ),
        despite_a_bias(
            right_in_channels_first(
                ("first, width equals channels", "first"), 1.0, "channels-first, where W equals C too", usual="random"
            )
        ),
        despite_a_bias(gradients_agree("random", 0.25)),
        builds("unknown", 0.25),
        stands_twice(("random", "twice"), 0.5),
        reloads("random", 0.25),
    ),
    mistakes=(
        *as_in(
            ECA_MISTAKES,
            "The sigmoid is missing.",
            "The kernel is flipped: a convolution of this course does not turn its kernel round.",
            "A ReLU is applied before the sigmoid, so that no gate is below one half.",
            "The squeeze takes the max, not the mean.",
            (
                "The ends are joined to a ring: beyond the first and the last channel there are zeros.",
                "The first and the last channel are taken for neighbours.",
            ),
            "It gives the gate itself: multiply the feature map by it.",
            "The gate is added: a gate multiplies.",
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
        ),
        Mistake(
            MEETS_COLUMNS, only_first(lambda x, kernel: x * eca_gate(np.moveaxis(x, 1, -1), kernel)[:, None, None])
        ),
    ),
)


# --- spatial attention ----------------------------------------------------------------------------------------------


def _spatial_questions(rng):
    def block_of(*shape, **options):
        return ask_in_format(feature_map(rng, *shape), {"kernel": rng.normal(size=(7, 7, 2)) * 0.2}, **options)

    shape, small = (3, *sides(rng, 3), one_of(rng, 5, 6, 7)), (2, *sides(rng, 2), one_of(rng, 8, 12, 16))
    return {
        "random": block_of(2, *sides(rng, among=(7, 8, 9)), one_of(rng, 5, 6, 7), reload=True),
        "gradients": block_of(*shape, gradients=rng.normal(size=shape)),
        "first": block_of(2, *sides(rng, 2, among=(3, 4, 5, 7, 8)), one_of(rng, 6, 9, 10), first=True),
        "first, two channels": block_of(3, *sides(rng, 3), 2, first=True),
        "unknown": ask_in_format(feature_map(rng, *small), {}, unknown=True),
        "twice": ask_in_format(feature_map(rng, *small), {}, repeat=2),
    }


def _height_as_channels(question: KerasCall) -> int | None:
    return 49 * question.x.shape[2] if question.data_format == FIRST else None


def _filter_a_channel(question: KerasCall) -> int | None:
    return None if question.data_format == FIRST else 98 * question.channels


_SPATIAL_WEIGHT_MISTAKES = (
    WeightMistake("The convolution takes the height of the map for the number of its channels.", _height_as_channels),
    WeightMistake("Do the layers belong to the model, and does the gate come from the input?", 0),
    WeightMistake("The convolution has a bias: it should have none.", 99),
    WeightMistake("The kernel is 3x3: it should be 7x7.", 18),
    WeightMistake("The kernel is 1x1: it should be 7x7.", 2),
    WeightMistake("The convolution sees one map where it should see two, the mean and the max.", 49),
    WeightMistake("The convolution has several outputs: there is one gate for each position.", _filter_a_channel),
)


SPATIAL_ATTENTION = Exercise(
    id="spatial_attention",
    oracle=lambda x, kernel, **form: oracle.spatial_attention_forward(x, kernel, **form),
    questions=_spatial_questions,
    weight_mistakes=_SPATIAL_WEIGHT_MISTAKES,
    properties=(
        has_output_shape("random", 0.25),
        has_weights("random", 0.5, "one 7x7 kernel for two maps, without a bias", card="the layers on the card"),
        despite_a_bias(output_agrees(("random", "gradients"), 0.75, "channels-last")),
        has_weights(
            ("first, two channels", "first"),
            0.5,
            "the same kernel in channels-first",
            name="weights, channels first",
            card="the layers on the card",
        ),
        despite_a_bias(
            right_in_channels_first(
                ("first, two channels", "first"), 1.0, "channels-first, with two channels too", usual="random"
            )
        ),
        despite_a_bias(gradients_agree("gradients", 0.25)),
        builds("unknown", 0.25),
        stands_twice(("gradients", "twice"), 0.25),
        reloads("random", 0.25),
    ),
    mistakes=(
        *as_in(
            SPATIAL_MISTAKES,
            "The sigmoid is missing.",
            (
                "The order is swapped: mean comes first, then max.",
                "The max comes first: the mean should come first.",
            ),
            ("Both maps are the mean: the second should be the max.", "The mean is used twice."),
            "A ReLU comes between the convolution and the sigmoid, so that no gate is below one half.",
            "It gives the gate itself: multiply the feature map by it.",
            "The gate is added: a gate multiplies.",
            "The input is added to the gated map: the residual belongs to the network, not to the block.",
            # The kernel is Keras's own here: it is the map that comes to it the wrong way round.
            (
                "Rows and columns of the kernel are exchanged.",
                "Height and width are exchanged on the way to the convolution.",
            ),
        ),
        Mistake(
            "In channels-first the pools run over the columns, not over the channels.",
            only_first(oracle.spatial_attention_forward),
        ),
    ),
)
