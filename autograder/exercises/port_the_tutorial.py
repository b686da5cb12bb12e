"""Exercises of notebook 07: an old tutorial's five functions and its residual block, right in both data formats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .. import oracle
from ..oracle.feature_maps import read_map, write_map
from ..oracle.residual import cbam_residual_block, main_path, shortcut_path
from .base import Exercise, KerasCall, Mistake, Property, Round
from .block_properties import builds, gradients_agree, has_weights, output_agrees, returns_keras_tensor, stands_twice
from .inputs import bottleneck, feature_map
from .port_properties import (
    NORM,
    has_every_weight,
    keeps_shape,
    many_sizes,
    reloads,
    residual_agrees,
    right_in_channels_first,
)
from .spatial_properties import despite_a_bias

FIRST = "channels_first"


def _ask(x: np.ndarray, weights: dict, first: bool = False, unknown: bool = False, **options) -> KerasCall:
    """A question about x (B, H, W, C), put in either format; unknown: height and width are not given to Keras."""
    sides = (None, None) if unknown else x.shape[1:3]
    shape = (x.shape[3], *sides) if first else (*sides, x.shape[3])
    if first:
        x, options["data_format"] = write_map(x, FIRST), FIRST
    return KerasCall(shape, x, weights, **options)


def _either_format(wrong: Callable) -> Callable:
    """A mistake about maps (B, H, W, C), made in either format."""

    def function(x, *, data_format="channels_last", **weights):
        return write_map(wrong(read_map(x, data_format), **weights), data_format)

    return function


def _only_first(wrong: Callable) -> Callable:
    """A mistake of one format alone, about x as it stands, (B, C, H, W)."""

    def function(x, *, data_format="channels_last", **weights):
        if data_format != FIRST:
            raise ValueError("only in channels-first")
        return wrong(np.asarray(x, np.float64), **weights)

    return function


def _both(*pairs: tuple[str, Callable]) -> tuple[Mistake, ...]:
    return tuple(Mistake(sentence, _either_format(function)) for sentence, function in pairs)


_COLUMNS = "In channels-first the gate meets the columns of the map, not its channels."


# --- the blocks with a bottleneck: SE, CBAM's channel half, CBAM ----------------------------------------------------


def _with_kernel(rng, weights: dict, kernel: bool) -> dict:
    return {**weights, "kernel": rng.normal(size=(7, 7, 2)) * 0.2} if kernel else weights


def _bottleneck_questions(kernel: bool = False) -> Callable:
    """The questions of a block with a bottleneck, and perhaps a 7x7 kernel behind it."""

    def questions(rng):
        def block_of(batch, height, width, channels, inner, **options):
            x = feature_map(rng, batch, height, width, channels)
            weights = bottleneck(rng, np.concatenate([x.mean(axis=(1, 2)), x.max(axis=(1, 2))]), inner)
            return _ask(x, _with_kernel(rng, weights, kernel), **options)

        small = feature_map(rng, 2, 3, 4, 16)
        return {
            # The ratio does not divide the channels, and the remainder is large: every way of rounding differs.
            "random": block_of(
                2, 5, 7, 23, 3, keywords={"ratio": 6}, reload=True, gradients=rng.normal(size=(2, 5, 7, 23))
            ),
            "default ratio": block_of(3, 4, 5, 16, 2),
            "few channels": block_of(2, 3, 4, 5, 1),
            "first": block_of(2, 5, 7, 18, 2, first=True, keywords={"ratio": 9}),
            "first, width equals channels": block_of(2, 6, 16, 16, 4, first=True, keywords={"ratio": 4}),
            "unknown": _ask(small, {}, unknown=True),
            "twice": _ask(small, {}, repeat=2),
        }

    return questions


def _bottleneck_properties(explain: Callable) -> tuple[Property, ...]:
    return (
        returns_keras_tensor("random", 0.25),
        has_weights("random", 0.5, "exactly the weights on the card, all trainable", explain),
        output_agrees("values", ("random",), 0.5, "channels-last, with a ratio that does not divide the channels"),
        many_sizes("default ratio", ("default ratio",), 0.25, "the default ratio is the one of the tutorial"),
        right_in_channels_first(
            ("first, width equals channels", "first"), 1.25, "channels-first, where W equals C too", "random"
        ),
        output_agrees("few channels", ("few channels",), 0.25, "fewer channels than the ratio: one unit is left"),
        gradients_agree("random", 0.25),
        builds("unknown sides", "unknown", 0.25, "works where height and width are not known"),
        stands_twice("default ratio", "twice", 0.25),
        reloads("random", 0.25),
    )


def _explain_bottleneck(total: int, round: Round) -> str | None:
    question = round.questions["random"]
    channels, ratio = question.x.shape[-1], question.keywords["ratio"]
    width, kernel = channels // ratio, np.size(question.weights.get("kernel", ()))

    def two_layers(inner: int) -> int:
        return 2 * channels * inner + inner + channels + kernel

    known = {
        0: "Do the layers belong to the model, and does the gate come from the input?",
        2 * channels * width + kernel: "Both biases are missing.",
        two_layers(width) - width: "The bias of the first layer is missing.",
        two_layers(width) - channels: "The bias of the second layer is missing.",
        two_layers(ratio): "The ratio is taken for the width of the bottleneck.",
        two_layers(channels * ratio): "The bottleneck is made wider by the ratio, not narrower.",
        two_layers(channels // 8): "The ratio is ignored.",
        two_layers(width + 1): "The width is rounded up: it is to be rounded down.",
        two_layers(8): "The width is rounded to a multiple of 8.",
        2 * two_layers(width) - kernel: "There are two bottlenecks: mean and max go through the same one.",
        3 * channels * width + width + channels + kernel: "Mean and max are joined: they go through one by one.",
        two_layers(width) + 1: "The convolution has a bias: it is to have none.",
        two_layers(width) - kernel: "There is no 7x7 convolution.",
        two_layers(width) - kernel + 18: "The kernel of the convolution is 3x3: it is to be 7x7.",
    }
    return known.get(total)


def _gate_of(last: Callable = oracle.sigmoid, between: Callable = oracle.relu) -> Callable:
    return lambda z, w1, b1, w2, b2: last(between(z @ w1 + b1) @ w2 + b2)


def _softmax(values):
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def _times(x, gate):
    return x * gate[:, None, None, :]


def _mean(x):
    return x.mean(axis=(1, 2))


def _max(x):
    return x.max(axis=(1, 2))


def _none(values):
    return values


SE_BLOCK = Exercise(
    id="se_block",
    oracle=lambda x, w1, b1, w2, b2, **form: oracle.se_forward(x, w1, b1, w2, b2, **form),
    questions=_bottleneck_questions(),
    properties=_bottleneck_properties(_explain_bottleneck),
    mistakes=(
        *_both(
            ("The sigmoid is missing.", lambda x, **w: _times(x, _gate_of(last=_none)(_mean(x), **w))),
            (
                "There is no ReLU between the two layers.",
                lambda x, **w: _times(x, _gate_of(between=_none)(_mean(x), **w)),
            ),
            (
                "A ReLU stands after the second layer, so that no gate is below one half.",
                lambda x, **w: _times(x, _gate_of(last=lambda a: oracle.sigmoid(oracle.relu(a)))(_mean(x), **w)),
            ),
            (
                "A softmax makes the channels compete: each gate needs a sigmoid of its own.",
                lambda x, **w: _times(x, _gate_of(last=_softmax)(_mean(x), **w)),
            ),
            ("The squeeze takes the max, not the mean.", lambda x, **w: _times(x, oracle.excite(_max(x), **w))),
            (
                "The squeeze adds up and does not divide.",
                lambda x, **w: _times(x, oracle.excite(x.sum(axis=(1, 2)), **w)),
            ),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, **w: _times(np.ones_like(x), oracle.excite(_mean(x), **w)),
            ),
            ("The gate is added: a gate multiplies.", lambda x, **w: x + oracle.excite(_mean(x), **w)[:, None, None]),
            (
                "The input is added to the gated map: the residual belongs to the network, not to the block.",
                lambda x, **w: x + oracle.se_forward(x, **w),
            ),
            ("An extra ReLU stands before the block.", lambda x, **w: oracle.se_forward(oracle.relu(x), **w)),
        ),
        Mistake(_COLUMNS, _only_first(lambda x, **w: x * oracle.excite(x.mean(axis=(2, 3)), **w)[:, None, None])),
    ),
)


def _halves(last, join):
    """CBAM's channel half with another way to join the two: join(gate logits of the mean, those of the max)."""

    def wrong(x, w1, b1, w2, b2):
        logits = [oracle.shared_mlp(v, w1, b1, w2, b2) for v in (_mean(x), _max(x))]
        return _times(x, last(join(*logits)))

    return wrong


CHANNEL_ATTENTION = Exercise(
    id="channel_attention",
    oracle=lambda x, w1, b1, w2, b2, **form: oracle.channel_attention_forward(x, w1, b1, w2, b2, **form),
    questions=_bottleneck_questions(),
    properties=_bottleneck_properties(_explain_bottleneck),
    mistakes=(
        *_both(
            ("The sigmoid is missing.", _halves(_none, lambda a, m: a + m)),
            ("The max is not used.", _halves(oracle.sigmoid, lambda a, m: a)),
            ("The mean is not used.", _halves(oracle.sigmoid, lambda a, m: m)),
            (
                "Each half has a sigmoid of its own, so that a gate can be above one: add first.",
                _halves(_none, lambda a, m: oracle.sigmoid(a) + oracle.sigmoid(m)),
            ),
            ("The two halves are averaged: they are added.", _halves(oracle.sigmoid, lambda a, m: (a + m) / 2)),
            (
                "A ReLU stands on the sum, so that no gate is below one half.",
                _halves(oracle.sigmoid, lambda a, m: oracle.relu(a + m)),
            ),
            (
                "Mean and max are added before the layers: each goes through them by itself.",
                lambda x, **w: _times(x, oracle.excite(_mean(x) + _max(x), **w)),
            ),
            (
                "There is no ReLU between the two layers.",
                lambda x, w1, b1, w2, b2: _times(
                    x, oracle.sigmoid((_mean(x) @ w1 + _max(x) @ w1 + 2 * b1) @ w2 + 2 * b2)
                ),
            ),
            (
                "The last bias is counted once: each of the two ways adds it.",
                lambda x, w1, b1, w2, b2: _times(
                    x, oracle.sigmoid((oracle.relu(_mean(x) @ w1 + b1) + oracle.relu(_max(x) @ w1 + b1)) @ w2 + b2)
                ),
            ),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, **w: oracle.channel_attention_forward(x, **w) / x,
            ),
        ),
        Mistake(
            _COLUMNS,
            _only_first(
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


# --- ECA ------------------------------------------------------------------------------------------------------------


def _eca_questions(rng):
    def block_of(batch, height, width, channels, size, **options):
        x = feature_map(rng, batch, height, width, channels)
        return _ask(x, {"kernel": rng.normal(size=size)}, **options)

    small = feature_map(rng, 2, 3, 4, 16)
    return {
        "random": block_of(2, 5, 7, 24, 3, reload=True, gradients=rng.normal(size=(2, 5, 7, 24))),
        "C = 5": block_of(2, 3, 4, 5, 1),
        "C = 64": block_of(2, 3, 4, 64, 3),
        "C = 128": block_of(2, 3, 4, 128, 5),
        "b and gamma": block_of(2, 3, 4, 64, 9, keywords={"b": 2, "gamma": 1}),
        "named": block_of(2, 3, 4, 12, 3, keywords={"name": "stage1"}),
        "first": block_of(2, 5, 7, 24, 3, first=True),
        "first, width equals channels": block_of(2, 6, 16, 16, 3, first=True),
        "unknown": _ask(small, {}, unknown=True),
        "twice": _ask(small, {}, repeat=2),
    }


def _explain_eca(total: int, round: Round) -> str | None:
    question = round.questions["random"]
    channels, size = question.x.shape[-1], question.weights["kernel"].size
    return {
        0: "Do the layers belong to the model, and does the gate come from the input?",
        size + 1: "The convolution has a bias: it is to have none.",
        size * channels: "Every channel has a kernel of its own: one kernel is shared by all.",
        size * channels * channels: "The convolution mixes all channels: its channels are to be steps along a line.",
        1: "The kernel is too small for this number of channels.",
        2: "The kernel has an even size.",
        5: "The kernel is too large for this number of channels.",
        channels * channels + channels: "There is a dense layer where a short kernel is expected.",
    }.get(total)


def _explain_eca_first(total: int, round: Round, key: str) -> str | None:
    question = round.questions[key]
    channels, size = question.x.shape[1], question.weights["kernel"].size
    if total == size * channels:
        return "The layer takes the channels for its depth, so that one number gates the whole image."
    return None


def _along(x, kernel, between=_none, last=oracle.sigmoid, pool=_mean, **pad):
    z = np.pad(pool(x), ((0, 0), (len(kernel) // 2,) * 2), **pad)
    logits = sum(kernel[i] * z[:, i : i + x.shape[3]] for i in range(len(kernel)))
    return last(between(logits))


ECA_BLOCK = Exercise(
    id="eca_block",
    oracle=lambda x, kernel, **form: oracle.eca_forward(x, kernel, **form),
    questions=_eca_questions,
    properties=(
        returns_keras_tensor("random", 0.25),
        has_weights("random", 0.25, "exactly one kernel, without a bias, trainable", _explain_eca),
        despite_a_bias(output_agrees("values", ("random", "named"), 1.0, "channels-last, also with a name")),
        many_sizes(
            "kernel size", ("C = 5", "C = 64", "C = 128"), 0.5, "the formula, its tie and few channels", "random"
        ),
        many_sizes("b and gamma", ("b and gamma",), 0.25, "other values of b and gamma", "random"),
        has_every_weight(
            "weights, channels first", ("first",), 0.5, "the same kernel in channels-first", _explain_eca_first
        ),
        despite_a_bias(
            right_in_channels_first(
                ("first, width equals channels", "first"), 1.0, "channels-first, where W equals C too", "random"
            )
        ),
        despite_a_bias(gradients_agree("random", 0.25)),
        builds("unknown sides", "unknown", 0.25, "works where height and width are not known"),
        stands_twice("random", "twice", 0.5),
        reloads("random", 0.25),
    ),
    mistakes=(
        *_both(
            ("The sigmoid is missing.", lambda x, kernel: _times(x, _along(x, kernel, last=_none))),
            ("The kernel is flipped.", lambda x, kernel: _times(x, _along(x, kernel[::-1]))),
            ("A ReLU stands before the sigmoid.", lambda x, kernel: _times(x, _along(x, kernel, between=oracle.relu))),
            ("The squeeze takes the max, not the mean.", lambda x, kernel: _times(x, _along(x, kernel, pool=_max))),
            (
                "The first and the last channel are taken for neighbours.",
                lambda x, kernel: _times(x, _along(x, kernel, mode="wrap")),
            ),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, kernel: _times(np.ones_like(x), _along(x, kernel)),
            ),
            ("The gate is added: a gate multiplies.", lambda x, kernel: x + _along(x, kernel)[:, None, None]),
            (
                "The input is added to the gated map: the residual belongs to the network, not to the block.",
                lambda x, kernel: x + _times(x, _along(x, kernel)),
            ),
        ),
        Mistake(_COLUMNS, _only_first(lambda x, kernel: x * _along(np.moveaxis(x, 1, -1), kernel)[:, None, None])),
    ),
)


# --- spatial attention ----------------------------------------------------------------------------------------------


def _spatial_questions(rng):
    def block_of(*shape, **options):
        return _ask(feature_map(rng, *shape), {"kernel": rng.normal(size=(7, 7, 2)) * 0.2}, **options)

    small = feature_map(rng, 2, 3, 4, 16)
    return {
        "random": block_of(2, 9, 7, 6, reload=True),
        "gradients": block_of(3, 4, 5, 6, gradients=rng.normal(size=(3, 4, 5, 6))),
        "first": block_of(2, 5, 7, 6, first=True),
        "first, two channels": block_of(3, 5, 7, 2, first=True),
        "unknown": _ask(small, {}, unknown=True),
        "twice": _ask(small, {}, repeat=2),
    }


def _explain_spatial(total: int, round: Round, key: str) -> str | None:
    question = round.questions[key]
    height, channels = question.x.shape[1:3] if question.data_format == "channels_last" else question.x.shape[2:0:-1]
    if question.data_format == FIRST and total == 49 * question.x.shape[2]:
        return "The convolution takes the height of the map for the number of its channels."
    known = {
        0: "Do the layers belong to the model, and does the gate come from the input?",
        99: "The convolution has a bias: it is to have none.",
        18: "The kernel is 3x3: it is to be 7x7.",
        2: "The kernel is 1x1: it is to be 7x7.",
        49: "The convolution sees one map where it is to see two, the mean and the max.",
        98 * question.x.shape[3]: "The convolution has several outputs: there is one gate for each position.",
    }
    return known.get(total)


def _pooled(x, order=(0, 1), between=_none, last=oracle.sigmoid, join=None, *, kernel):
    d = oracle.channel_pool(x)[..., list(order)] if join is None else join(x)
    return last(between(oracle.conv2d_same(d, kernel)))[..., None]


SPATIAL_ATTENTION = Exercise(
    id="spatial_attention",
    oracle=lambda x, kernel, **form: oracle.spatial_attention_forward(x, kernel, **form),
    questions=_spatial_questions,
    properties=(
        returns_keras_tensor("random", 0.25),
        has_every_weight("weights", ("random",), 0.5, "one 7x7 kernel for two maps, without a bias", _explain_spatial),
        despite_a_bias(output_agrees("values", ("random", "gradients"), 0.75, "channels-last")),
        has_every_weight(
            "weights, channels first",
            ("first, two channels", "first"),
            0.5,
            "the same kernel in channels-first",
            _explain_spatial,
        ),
        despite_a_bias(
            right_in_channels_first(
                ("first, two channels", "first"), 1.0, "channels-first, with two channels too", "random"
            )
        ),
        despite_a_bias(gradients_agree("gradients", 0.25)),
        builds("unknown sides", "unknown", 0.25, "works where height and width are not known"),
        stands_twice("gradients", "twice", 0.25),
        reloads("random", 0.25),
    ),
    mistakes=(
        *_both(
            ("The sigmoid is missing.", lambda x, kernel: x * _pooled(x, last=_none, kernel=kernel)),
            (
                "The max stands first: the mean is to stand first.",
                lambda x, kernel: x * _pooled(x, (1, 0), kernel=kernel),
            ),
            ("The mean is used twice.", lambda x, kernel: x * _pooled(x, (0, 0), kernel=kernel)),
            ("A ReLU stands before the sigmoid.", lambda x, kernel: x * _pooled(x, between=oracle.relu, kernel=kernel)),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, kernel: np.ones_like(x) * _pooled(x, kernel=kernel),
            ),
            (
                "It gives the gate itself: multiply the feature map by it.",
                lambda x, kernel: _pooled(x, kernel=kernel),
            ),
            ("The gate is added: a gate multiplies.", lambda x, kernel: x + _pooled(x, kernel=kernel)),
            (
                "The input is added to the gated map: the residual belongs to the network, not to the block.",
                lambda x, kernel: x + x * _pooled(x, kernel=kernel),
            ),
            (
                "Height and width are exchanged on the way to the convolution.",
                lambda x, kernel: x * _pooled(x.swapaxes(1, 2), kernel=kernel).swapaxes(1, 2),
            ),
        ),
        Mistake(
            "In channels-first the pools run over the columns, not over the channels.",
            _only_first(lambda x, kernel: x * _pooled(x, kernel=kernel)),
        ),
    ),
)


# --- CBAM -----------------------------------------------------------------------------------------------------------


def _split(x, kernel, **weights):
    """The two gates of the unrefined map, each of the map's shape."""
    ones = np.ones_like(x)
    spatial = _pooled(x, kernel=kernel)
    logits = oracle.shared_mlp(_mean(x), **weights) + oracle.shared_mlp(_max(x), **weights)
    return _times(ones, oracle.sigmoid(logits)), ones * spatial


def _spatial_of_refined(x, kernel, **weights):
    refined = oracle.channel_attention_forward(x, **weights)
    return refined, _pooled(refined, kernel=kernel)


def _spatial_first(x, kernel, **weights):
    return oracle.channel_attention_forward(oracle.spatial_attention_forward(x, kernel), **weights)


CBAM_BLOCK = Exercise(
    id="cbam_block",
    oracle=lambda x, w1, b1, w2, b2, kernel, **form: oracle.cbam_forward(x, w1, b1, w2, b2, kernel, **form),
    questions=_bottleneck_questions(kernel=True),
    properties=_bottleneck_properties(_explain_bottleneck),
    mistakes=_both(
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
        return _ask(feature_map(rng, batch, height, width, channels), weights, keywords=keywords, **options)

    small = feature_map(rng, 2, 5, 7, 6)
    return {
        "identity": block_of(2, 5, 7, 6, 6, ratio=2),
        "width": block_of(2, 5, 7, 4, 6, ratio=3, unknown=True),
        "strides": block_of(2, 5, 8, 16, 16, strides=2),
        "all weights": block_of(2, 5, 7, 4, 6, strides=2, ratio=2, biases=True),
        "first": block_of(2, 5, 9, 4, 6, strides=2, ratio=2, biases=True, first=True),
        "twice": _ask(small, {}, keywords={"filters": 6, "ratio": 2}, repeat=2),
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

EXERCISES = (SE_BLOCK, ECA_BLOCK, CHANNEL_ATTENTION, SPATIAL_ATTENTION, CBAM_BLOCK, RESIDUAL_WITH_CBAM)
