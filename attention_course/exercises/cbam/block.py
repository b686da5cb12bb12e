"""CBAM in NumPy and as a layer of Keras.

Source: Woo, Park, Lee and Kweon, CBAM: Convolutional Block Attention Module, arXiv 1807.06521, section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.exercise.arrays import agrees, has_shape, leaves_arguments_alone, returns_array
from autograder.exercise.exercise import Exercise, Mistake, weight_mistakes
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_output_shape,
    has_weights,
    output_agrees,
    reloads,
    stands_twice,
)
from autograder.exercise.questions import Call, KerasCall

from ... import oracle
from ..channel_attention import CHANNEL_MISTAKES
from ..gate_mistakes import WIDTH_SLIPS, Bottleneck
from ..inputs import bottleneck, feature_map, negative_map, one_of, paper_map, sides, uneven, whole_numbers
from ..spatial_attention import SPATIAL_MISTAKES

# --- known mistakes: of the two halves, and of their order ----------------------------------------------------------

_sigmoid, _relu, _mlp = oracle.sigmoid, oracle.relu, oracle.shared_mlp


def _logits(x, *w):
    """The two rows of logits, from the mean and from the max."""
    return _mlp(oracle.global_average_pool(x), *w), _mlp(oracle.global_max_pool(x), *w)


def _channel_gate(x, *w):
    return _sigmoid(sum(_logits(x, *w)))[:, None, None, :]


def _spatial_gate(x, kernel):
    return _sigmoid(oracle.conv2d_same(oracle.channel_pool(x), kernel))[..., None]


def _behind(gate):
    """A block with another channel gate, the spatial half as it should be."""
    return lambda x, kernel, *w: oracle.spatial_attention_forward(x * gate(x, *w), kernel)


def _before(spatial):
    """A block with the right channel half, and another spatial half."""
    return lambda x, kernel, *w: spatial(x * _channel_gate(x, *w), kernel)


def _gate_of(logits):
    return lambda x, *w: logits(*_logits(x, *w), *w)[:, None, None, :]


def _without_relu(v, w1, b1, w2, b2):
    return (v @ w1 + b1) @ w2 + b2


def _linear_gate(x, *w):
    mean, largest = oracle.global_average_pool(x), oracle.global_max_pool(x)
    return _sigmoid(_without_relu(mean, *w) + _without_relu(largest, *w))[:, None, None, :]


def _averaged_gate(x, *w):
    mean, largest = oracle.global_average_pool(x), oracle.global_max_pool(x)
    return _sigmoid(_mlp((mean + largest) / 2, *w))[:, None, None, :]


def _by_spatial(logits_of):
    return lambda x, kernel: x * _sigmoid(logits_of(x, kernel))[..., None]


def _pools(x):
    return x.mean(axis=-1), x.max(axis=-1)


def _stacked(*maps):
    return np.stack(maps, axis=-1)


def _in_half(half: str, known: tuple[Mistake, ...], block: Callable, *sentences: str) -> Iterator[tuple[str, Callable]]:
    """Known mistakes of a half, by their sentences, as those of the block that is made of it."""
    functions = {mistake.sentence: mistake.function for mistake in known}
    for sentence in sentences:
        head, colon, advice = sentence.removesuffix(".").partition(":")
        yield f"{head} in the {half} half{colon}{advice}.", block(functions[sentence])


_BLOCKS = (
    # the block as a whole
    (
        "The spatial gate is computed from the input: it has to look at the refined map.",
        lambda x, kernel, *w: x * _channel_gate(x, *w) * _spatial_gate(x, kernel),
    ),
    (
        "The spatial half comes first: in CBAM the channel half does.",
        lambda x, kernel, *w: oracle.channel_attention_forward(oracle.spatial_attention_forward(x, kernel), *w),
    ),
    (
        "The two halves stand side by side and their results are added: the second one works on what the first gives.",
        lambda x, kernel, *w: oracle.channel_attention_forward(x, *w) + oracle.spatial_attention_forward(x, kernel),
    ),
    (
        "The spatial gate multiplies the input: what the channel half gave is lost.",
        lambda x, kernel, *w: x * _spatial_gate(x * _channel_gate(x, *w), kernel),
    ),
    (
        "It gives the product of the gates: the feature map is missing.",
        lambda x, kernel, *w: _channel_gate(x, *w) * _spatial_gate(x * _channel_gate(x, *w), kernel),
    ),
    (
        "It gives a gate, not a feature map.",
        lambda x, kernel, *w: _spatial_gate(x * _channel_gate(x, *w), kernel),
    ),
    (
        "The input is added to the result: the residual belongs to the network, not to the block.",
        lambda x, kernel, *w: x + oracle.cbam_forward(x, *w, kernel),
    ),
    (
        "The input is added between the two halves.",
        lambda x, kernel, *w: oracle.spatial_attention_forward(x + x * _channel_gate(x, *w), kernel),
    ),
    ("The spatial half is missing.", lambda x, kernel, *w: oracle.channel_attention_forward(x, *w)),
    ("The channel half is missing.", lambda x, kernel, *w: oracle.spatial_attention_forward(x, kernel)),
    (
        "A ReLU comes between the two halves.",
        lambda x, kernel, *w: oracle.spatial_attention_forward(_relu(x * _channel_gate(x, *w)), kernel),
    ),
    # the channel half
    ("The channel gate uses the mean alone.", _behind(_gate_of(lambda a, m, *w: _sigmoid(a)))),
    ("The channel gate uses the max alone.", _behind(_gate_of(lambda a, m, *w: _sigmoid(m)))),
    (
        "The two channel gates are added after the sigmoid, so that a gate may pass 1.",
        _behind(_gate_of(lambda a, m, *w: _sigmoid(a) + _sigmoid(m))),
    ),
    (
        "The bias b2 is counted once: each of the two passes through the layers adds it.",
        _behind(_gate_of(lambda a, m, w1, b1, w2, b2: _sigmoid(a + m - b2))),
    ),
    (
        "The logits of mean and max are averaged: they are to be added.",
        _behind(_gate_of(lambda a, m, *w: _sigmoid((a + m) / 2))),
    ),
    ("The mean and the max are averaged before the layers: each goes through them by itself.", _behind(_averaged_gate)),
    ("There is no ReLU between the two layers of the channel half.", _behind(_linear_gate)),
    ("The channel gate has no sigmoid.", _behind(_gate_of(lambda a, m, *w: a + m))),
    (
        "A ReLU comes before the sigmoid of the channel gate.",
        _behind(_gate_of(lambda a, m, *w: _sigmoid(_relu(a + m)))),
    ),
    # the spatial half
    (
        "The spatial gate has no sigmoid.",
        _before(lambda x, k: x * oracle.conv2d_same(oracle.channel_pool(x), k)[..., None]),
    ),
    (
        "Mean and max are exchanged in the spatial half: the mean comes first.",
        _before(_by_spatial(lambda x, k: oracle.conv2d_same(_stacked(*_pools(x)[::-1]), k))),
    ),
    (
        "The spatial half takes the mean twice, and no max.",
        _before(_by_spatial(lambda x, k: oracle.conv2d_same(_stacked(_pools(x)[0], _pools(x)[0]), k))),
    ),
    (
        "The kernel of the spatial half is flipped: a network correlates.",
        _before(_by_spatial(lambda x, k: oracle.conv2d_same(oracle.channel_pool(x), k[::-1, ::-1]))),
    ),
    (
        "A ReLU comes after the convolution of the spatial half.",
        _before(_by_spatial(lambda x, k: _relu(oracle.conv2d_same(oracle.channel_pool(x), k)))),
    ),
    ("A ReLU comes after the block.", lambda x, kernel, *w: _relu(oracle.cbam_forward(x, *w, kernel))),
    *_in_half(
        "channel",
        CHANNEL_MISTAKES,
        lambda wrong: lambda x, kernel, *w: oracle.spatial_attention_forward(wrong(x, *w), kernel),
        "Both biases are left out.",
        "The bias b1 is left out.",
        "The bias b2 is left out.",
        "The two descriptors are added before the MLP: each of them goes through it alone.",
        "A ReLU is applied at the end of the MLP: logits may be below zero.",
        "A sigmoid is applied at the end of the MLP and another one after the sum.",
        "The gate is the mean of two gates: add the logits, then take one sigmoid.",
        "The greater of the two gates is taken: the logits are to be added.",
        "One descriptor is used twice: the mean does not enter.",
        "The min is taken instead of the max.",
        "The max is taken of absolute values: negative numbers keep their sign.",
        "The mean pool adds up and does not divide.",
    ),
    *_in_half(
        "spatial",
        SPATIAL_MISTAKES,
        _before,
        "Both maps are the max: the first should be the mean.",
        "The second map is the min: it should be the max.",
        "The max is taken of absolute values: negative numbers keep their sign.",
        "The first map is a sum: the mean divides by C.",
        "Rows and columns of the kernel are exchanged.",
        "The sigmoid is applied twice.",
    ),
)

# Functions of the map x and the weights, given in their order or by name.
CBAM_MISTAKES = tuple(
    Mistake(sentence, lambda x, w1, b1, w2, b2, kernel, function=function: function(x, kernel, w1, b1, w2, b2))
    for sentence, function in _BLOCKS
)


# --- questions ------------------------------------------------------------------------------------------------------


def cbam_weights(rng, x, width, size=7):
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
        return Call((x, *cbam_weights(rng, x, width).values()))

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
        agrees(("hand", "paper"), 1.0, "a map and weights small enough for paper", name="hand case"),
        agrees(
            ("random", "one image", "negative"), 2.25, "random maps of both signs, random weights", name="random cases"
        ),
        agrees("equal sides", 0.75, "sizes at which a wrong broadcast would go unnoticed", name="equal sides"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=CBAM_MISTAKES,
)


# --- CBAM ------------------------------------------------------------------------------------------------------------


def _layer_questions(rng):
    def block_of(*shape, width, size=7, **options):
        x = feature_map(rng, *shape)
        return KerasCall(shape[1:], x, cbam_weights(rng, x, width, size), layer=True, **options)

    def plain(input_shape, repeat=1, **further):
        x = feature_map(rng, 2, *small, same**2)
        return KerasCall((*input_shape, same**2), x, keywords=keywords | further, layer=True, repeat=repeat)

    # The ratio does not divide the channels, and the remainder is large: every way of rounding differs.
    channels, ratio, width = uneven(rng)
    # And no kernel is as large as what another slip adds or takes away.
    sizes = (size for size in (3, 5) if not {size**2, 2 * size**2} & {channels, channels + width})
    settings = {"ratio": ratio, "kernel_size": one_of(rng, *sizes)}
    same, small, usual = one_of(rng, 4, 5), sides(rng, 2), one_of(rng, 2, 3, 5)
    alike, keywords = (one_of(rng, 3, 4, 5),) * 3, {"ratio": same, "kernel_size": one_of(rng, 3, 5)}
    return {
        "random": block_of(
            2, *sides(rng, 2), channels, width=width, size=settings["kernel_size"], keywords=settings, reload=True
        ),
        "defaults": block_of(3, *sides(rng), 16 * usual, width=usual, reload=True),
        "equal sides": block_of(
            *alike,
            same**2,
            width=same,
            size=keywords["kernel_size"],
            keywords=keywords,
            gradients=rng.normal(size=(*alike, same**2)),
        ),
        "unknown sides": plain((None, None), name="attention"),  # every layer takes a name
        "twice": plain(small, repeat=2),
    }


_JOINED = "Mean and max are joined before the dense layers: each goes through them by itself."
# So it is with as many filters as channels, and where the pools run over the positions.
_ONE_MAP = (
    "The convolution has weights for every channel: it takes two maps, mean and max over channels, and gives one."
)
_WEIGHT_MISTAKES = (
    *weight_mistakes(
        Bottleneck.of,
        ("Do the layers belong to the model? Layers that are made while a layer is called do not.", 0),
        ("Only the channel half is there.", lambda s: s.total() - s.others),
        ("Only the spatial half is there.", lambda s: s.others),
        ("The convolution of the spatial half has a bias.", lambda s: s.total() + 1),
        ("There are two pairs of dense layers: mean and max share one pair.", lambda s: 2 * s.total() - s.others),
        ("A norm is left in.", lambda s: s.total() + 2),
        ("A batch norm is left in.", lambda s: s.total() + 4),
        ("The convolution sees one map where it has to see two.", lambda s: s.total() - s.others // 2),
        ("The size of the kernel is ignored.", lambda s: s.total() - s.others + 98),
        ("Both biases of the channel half are missing.", lambda s: s.total() - s.width - s.channels),
        ("The bias of the first dense layer is missing.", lambda s: s.total() - s.width),
        ("The bias of the second dense layer is missing.", lambda s: s.total() - s.channels),
        (
            "The convolution sees all channels: it has to see their mean and their max.",
            lambda s: s.total() - s.others + s.channels * s.others // 2,
        ),
        (_ONE_MAP, lambda s: s.total() - s.others + s.channels * s.others),
        (_JOINED, lambda s: s.total(channels=2 * s.channels)),
    ),
    *WIDTH_SLIPS,
)

_EXACTLY = "exactly the weights W1, b1, W2, b2 and the kernel, all trainable"


def _by_name(x, w1, b1, w2, b2, kernel):
    return oracle.cbam_forward(x, w1, b1, w2, b2, kernel)


CBAM = Exercise(
    id="CBAM",
    oracle=_by_name,
    questions=_layer_questions,
    properties=(
        has_output_shape("random", 0.5, "makes a Keras layer that keeps the shape of a map"),
        has_weights("random", 1.0, _EXACTLY),
        output_agrees("defaults", 0.75, "the default ratio is 16, the default kernel 7 x 7", name="defaults"),
        output_agrees("random", 1.75, "gives what your NumPy version gives, weight for weight", every_weight=True),
        output_agrees("equal sides", 0.5, "sizes at which a wrong broadcast would go unnoticed", name="equal sides"),
        gradients_agree("equal sides", 0.5),
        builds("unknown sides", 0.25),
        stands_twice(("equal sides", "twice"), 0.25),
        reloads("defaults", 1.25, "a model with the layer can be saved and loaded", name="saved"),
        reloads(
            "random", 1.25, "a loaded layer keeps the ratio and the kernel size it had", name="saved with settings"
        ),
    ),
    mistakes=CBAM_MISTAKES,
    weight_mistakes=_WEIGHT_MISTAKES,
)
