"""Exercises of notebook 05: CBAM in NumPy, as a function of Keras, as a layer, and inside a residual block.

Source: Woo, Park, Lee and Kweon, CBAM: Convolutional Block Attention Module, arXiv 1807.06521, section 3.
"""

from __future__ import annotations

import numpy as np

from autograder.exercise.base import Call, Exercise, KerasCall, Round
from autograder.exercise.block_properties import (
    builds,
    gradients_agree,
    has_weights,
    output_agrees,
    returns_keras_tensor,
    stands_twice,
)
from autograder.exercise.layer_properties import comes_back, is_layer
from autograder.exercise.properties import agrees, has_shape, leaves_arguments_alone, returns_array

from .. import oracle
from ..oracle.residual import cbam_residual_block, convolve, normalize
from .cbam_mistakes import CBAM_MISTAKES, RESIDUAL_MISTAKES, read_slots
from .inputs import bottleneck, feature_map, negative_map, one_of, paper_map, sides, uneven, whole_numbers
from .residual_properties import every_weight_learns, has_block_weights, has_output_shape, works_with_unknown_sides


def _weights(rng, x, width, size=7):
    """Weights of the block for x, by slot. Both passes through the bottleneck meet hidden units of both signs."""
    weights = bottleneck(rng, width, oracle.global_average_pool(x), oracle.global_max_pool(x))
    refined = oracle.channel_attention_forward(x, **weights)
    # Scaled so that the logits of the spatial gate are of size one: a gate of only zeros and ones hides mistakes.
    spread = np.std(oracle.channel_pool(refined))
    return {**weights, "kernel": rng.normal(size=(size, size, 2)) / (spread * size)}


# --- cbam_forward --------------------------------------------------------------------------------------------------


def _hand_call():
    """Two by two positions, three channels, one hidden unit, off for the mean; three taps that are not zero."""
    kernel = np.zeros((7, 7, 2))
    kernel[3, 3], kernel[3, 4, 0] = (1.0, -0.5), 2.0
    x = np.array([[[[1.0, 4.0, 0.0], [3.0, -4.0, 2.0]], [[5.0, 0.0, -2.0], [-1.0, 8.0, 4.0]]]])
    w1, w2 = np.array([[0.5], [-0.25], [1.0]]), np.array([[1.0, -0.5, 0.25]])
    return Call((x, w1, np.array([-3.0]), w2, np.array([-1.0, 0.5, 0.25]), kernel))


def _paper_call(rng):
    """A case of the same size, drawn anew."""
    kernel = np.zeros((7, 7, 2))
    kernel[3, 3], kernel[3, 4, 0] = whole_numbers(rng, 2) / 4, whole_numbers(rng, 1)[0] / 4
    weights = (whole_numbers(rng, *shape) / 4 for shape in ((3, 1), (1,), (1, 3), (3,)))
    return Call((paper_map(rng), *weights, kernel))


def _forward_questions(rng):
    def block_of(x, width):
        return Call((x, *_weights(rng, x, width).values()))

    random = block_of(feature_map(rng, 2, 5, 9, 8), 2)
    return {
        "hand": _hand_call(),
        "paper": _paper_call(rng),
        "random": random,
        "again": random,
        "one image": block_of(feature_map(rng, 1, 8, 3, 6), 3),
        "negative": block_of(negative_map(rng, 3, 4, 6, 10), 2),
        "equal sides": block_of(feature_map(rng, 4, 4, 4, 4), 2),
    }


CBAM_FORWARD = Exercise(
    id="cbam_forward",
    oracle=oracle.cbam_forward,
    questions=_forward_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives the feature map's own shape: (B, H, W, C)"),
        agrees("hand case", ("hand", "paper"), 1.0, "a map and weights small enough for paper"),
        agrees("random cases", ("random", "one image", "negative"), 2.25, "random maps of both signs, random weights"),
        agrees("equal sides", ("equal sides",), 0.75, "sizes at which a wrong broadcast would go unnoticed"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=CBAM_MISTAKES,
)


# --- cbam_block and CBAM -------------------------------------------------------------------------------------------


def _block_questions(layer):
    def questions(rng):
        def block_of(*shape, width, size=7, **options):
            x = feature_map(rng, *shape)
            return KerasCall(shape[1:], x, _weights(rng, x, width, size), layer=layer, **options)

        def plain(input_shape, **options):
            x = feature_map(rng, 2, *small, same**2)
            return KerasCall((*input_shape, same**2), x, keywords=keywords, layer=layer, **options)

        # The ratio does not divide the channels, and the remainder is large: every way of rounding differs.
        channels, ratio, width = uneven(rng)
        # And no kernel is as large as what another slip adds or takes away.
        sizes = (size for size in (3, 5) if not {size**2, 2 * size**2} & {channels, channels + width})
        settings = {"ratio": ratio, "kernel_size": one_of(rng, *sizes)}
        same, small, usual = one_of(rng, 4, 5), sides(rng, 2), one_of(rng, 2, 3, 5)
        alike, keywords = (one_of(rng, 3, 4, 5),) * 3, {"ratio": same, "kernel_size": one_of(rng, 3, 5)}
        return {
            "random": block_of(
                2, *sides(rng, 2), channels, width=width, size=settings["kernel_size"], keywords=settings, reload=layer
            ),
            "defaults": block_of(3, *sides(rng), 16 * usual, width=usual, reload=layer),
            "equal sides": block_of(
                *alike,
                same**2,
                width=same,
                size=keywords["kernel_size"],
                keywords=keywords,
                gradients=rng.normal(size=(*alike, same**2)),
            ),
            "unknown sides": plain((None, None)),
            "twice": plain(small, repeat=2),
        }

    return questions


def _two_layers(channels, width):
    return 2 * channels * width + width + channels


def _explain_block_weights(total: int, round: Round) -> str | None:
    question = round.questions["random"]
    channels, ratio, size = question.x.shape[-1], question.keywords["ratio"], question.keywords["kernel_size"]
    width = channels // ratio
    mlp, kernel = _two_layers(channels, width), 2 * size**2
    known = {
        0: "Do the layers belong to the model? Layers that are made while a layer is called do not.",
        mlp: "Only the channel half is there.",
        kernel: "Only the spatial half is there.",
        mlp + kernel + 1: "The convolution of the spatial half has a bias.",
        2 * mlp + kernel: "There are two pairs of dense layers: mean and max share one pair.",
        mlp + kernel + 2: "A norm is left in.",
        mlp + kernel + 4: "A batch norm is left in.",
        mlp + size**2: "The convolution sees one map where it has to see two.",
        mlp + 98: "The size of the kernel is ignored.",
        2 * channels * width + kernel: "Both biases of the channel half are missing.",
        mlp - width + kernel: "The bias of the first dense layer is missing.",
        mlp - channels + kernel: "The bias of the second dense layer is missing.",
        mlp + channels * size**2: "The convolution sees all channels: it has to see their mean and their max.",
        mlp + kernel * channels: "The convolution gives a map for every channel: one map is due.",
        _two_layers(channels, ratio) + kernel: "The ratio is taken for the width of the bottleneck.",
        _two_layers(channels, channels // 16) + kernel: "The ratio is ignored.",
        _two_layers(channels, width + 1) + kernel: "The width is rounded up: it is to be rounded down.",
        3 * channels * width + width + channels + kernel: "Mean and max are joined before the dense layers: each goes "
        "through them by itself.",
    }
    return known.get(total)


_EXACTLY = "exactly the weights W1, b1, W2, b2 and the kernel, all trainable"


def _by_name(x, w1, b1, w2, b2, kernel):
    return oracle.cbam_forward(x, w1, b1, w2, b2, kernel)


CBAM_BLOCK = Exercise(
    id="cbam_block",
    oracle=_by_name,
    questions=_block_questions(layer=False),
    properties=(
        returns_keras_tensor("random", 0.5),
        has_weights("random", 1.0, _EXACTLY, _explain_block_weights),
        output_agrees("defaults", ("defaults",), 0.75, "the default ratio is 16, the default kernel 7 x 7"),
        output_agrees("values", ("random",), 1.75, "gives what your NumPy version gives, weight for weight", True),
        output_agrees("equal sides", ("equal sides",), 0.75, "sizes at which a wrong broadcast would go unnoticed"),
        gradients_agree("equal sides", 0.75),
        builds("unknown sides", "unknown sides", 0.25, "works where height and width are not known"),
        stands_twice("equal sides", "twice", 0.25),
    ),
    mistakes=CBAM_MISTAKES,
)

CBAM = Exercise(
    id="CBAM",
    oracle=_by_name,
    questions=_block_questions(layer=True),
    properties=(
        is_layer("random", 0.5),
        has_weights("random", 1.0, _EXACTLY, _explain_block_weights),
        output_agrees("defaults", ("defaults",), 0.75, "the default ratio is 16, the default kernel 7 x 7"),
        output_agrees("values", ("random",), 1.75, "gives what your NumPy version gives, weight for weight", True),
        output_agrees("equal sides", ("equal sides",), 0.5, "sizes at which a wrong broadcast would go unnoticed"),
        gradients_agree("equal sides", 0.5),
        builds("unknown sides", "unknown sides", 0.25, "works where height and width are not known"),
        stands_twice("equal sides", "twice", 0.25),
        comes_back("saved", "defaults", 1.25, "a model with the layer can be saved and loaded"),
        comes_back("saved with settings", "random", 1.25, "a loaded layer keeps the ratio and the kernel size it had"),
    ),
    mistakes=CBAM_MISTAKES,
)


# --- cbam_residual_block -------------------------------------------------------------------------------------------


def _residual_oracle(x, **slots):
    kernels, norms, attention, projection, stride = read_slots(slots)
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
    return {**slots, **_weights(rng, normalize(convolve(branch, slots["conv2"]), *norm.values()), width)}


def _residual_questions(rng):
    def block_of(*shape, width, filters, stride=1, ratio=None, gradients=None):
        x = feature_map(rng, *shape)
        keywords = {"filters": filters, "stride": stride, "ratio": ratio}
        keywords = {name: value for name, value in keywords.items() if value not in (None, 1)}
        weights = _residual_weights(rng, x, filters, width, stride)
        return KerasCall(shape[1:], x, weights, keywords, gradients=gradients)

    odd = (3, 5, 7)  # odd sides: here Keras pads both ends alike, as do those who pad by hand
    usual, other, strided = one_of(rng, 2, 3), one_of(rng, 9, 10, 11), one_of(rng, 9, 10, 11)
    shape, narrow = (*sides(rng, among=odd), 16 * usual), one_of(rng, 5, 6, 7)
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


def _explain_residual_weights(total: int, round: Round, key: str) -> str | None:
    weights, keywords = round.questions[key].weights, round.questions[key].keywords
    sizes = {slot: np.size(value) for slot, value in weights.items()}
    wanted, filters, channels = sum(sizes.values()), keywords["filters"], round.questions[key].x.shape[-1]
    attention = sum(sizes[slot] for slot in ("w1", "b1", "w2", "b2", "kernel"))
    projection = sizes.get("projection", 0) + sizes.get("strided_projection", 0)
    known = {
        2 * filters: "The two convolutions of the branch have biases: the norm behind each takes its place.",
        3 * filters: "The convolutions have biases: the norm behind each takes its place.",
        filters: "One of the convolutions has a bias: the norm behind it takes its place.",
        -attention: "CBAM is missing.",
        attention: "CBAM stands there twice.",
        -4 * filters: "A batch norm is missing.",
        -8 * filters: "Two batch norms are missing.",
        4 * filters: "There is a batch norm too many.",
        channels * filters + 4 * filters: "The shortcut is projected where the shape already fits.",
        channels * filters: "The shortcut is projected where the shape already fits.",
    }
    if projection:
        known[-projection - 4 * filters] = "The projection of the shortcut is missing."
        known[8 * projection] = "The projection is to be a 1 x 1 convolution."
    return known.get(total - wanted)


CBAM_RESIDUAL_BLOCK = Exercise(
    id="cbam_residual_block",
    oracle=_residual_oracle,
    questions=_residual_questions,
    properties=(
        has_output_shape(("identity", "wider", "strided"), 0.5),
        has_block_weights(
            "weights", ("identity",), 0.75, "where the shape fits: no projection", _explain_residual_weights
        ),
        has_block_weights(
            "weights of the projection",
            ("wider", "strided"),
            0.75,
            "where the width or the sides change: a 1 x 1 convolution with its norm",
            _explain_residual_weights,
        ),
        output_agrees("identity", ("identity",), 2.0, "the shortcut passes as it is", True),
        output_agrees("projection", ("wider", "strided"), 2.0, "the shortcut is projected", True),
        every_weight_learns("identity", 0.5),
        works_with_unknown_sides("unknown sides", 0.25),
        stands_twice("identity", "twice", 0.25),
    ),
    mistakes=RESIDUAL_MISTAKES,
)

EXERCISES = (CBAM_FORWARD, CBAM_BLOCK, CBAM, CBAM_RESIDUAL_BLOCK)
