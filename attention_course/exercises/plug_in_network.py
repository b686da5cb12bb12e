"""The exercise of notebook 06 about the whole network."""

from __future__ import annotations

import numpy as np

from autograder.exercise.base import Exercise, KerasCall, Mistake, Round
from autograder.exercise.block_properties import output_agrees

from .. import oracle
from ..oracle import plug_in
from .inputs import one_of
from .plug_in_attach import BLOCKS, RATIO, attention_size
from .plug_in_properties import every_weight_is_reached, gives_probabilities, holds_weights, is_network

# --- small_resnet --------------------------------------------------------------------------------------------------

WIDTHS = (16, 32)


def network_shapes(attention: str, depth: int, classes: int) -> dict[str, tuple[int, ...]]:
    """The shape of every weight by slot, the norms first. Weights of one shape and kind get one value."""
    shapes, kernels, before = {}, {"k_stem": (3, 3, depth, 16)}, 16
    places = {"stem": 16}
    for block, width in enumerate(WIDTHS, start=1):
        kernels |= {f"k_{block}a": (3, 3, before, width), f"k_{block}b": (3, 3, width, width)}
        places |= {f"{block}a": width, f"{block}b": width}
        if block > 1:
            kernels[f"k_{block}c"], places[f"{block}c"] = (1, 1, before, width), width
        narrow = width // RATIO
        if attention in ("se", "cbam"):
            slots = {"w1": (width, narrow), "b1": (narrow,), "w2": (narrow, width), "b2": (width,)}
            kernels |= {f"{slot}_{block}": shape for slot, shape in slots.items()}
        if attention in ("eca", "cbam"):
            kernels[f"kernel_{block}"] = (oracle.eca_kernel_size(width),) if attention == "eca" else (7, 7, 2)
        before = width
    for vector in plug_in.NORM:
        shapes |= {f"{vector}_{place}": (width,) for place, width in places.items()}
    return {**shapes, **kernels, "w_head": (before, classes), "b_head": (classes,)}


def _network_weights(rng, attention: str, depth: int, classes: int) -> dict[str, np.ndarray]:
    """A value for every slot. Slots that a matching by shape cannot tell apart share their value."""
    drawn, weights = {}, {}
    for slot, shape in network_shapes(attention, depth, classes).items():
        vector = next((name for name in plug_in.NORM if slot.startswith(name)), "")
        if (vector, shape) not in drawn:
            drawn[vector, shape] = _draw(rng, vector, shape)
        weights[slot] = drawn[vector, shape]
    return weights


def _draw(rng, vector: str, shape: tuple[int, ...]) -> np.ndarray:
    if vector in ("gamma", "moving_variance"):
        return rng.uniform(0.6, 1.6, size=shape)
    if vector or len(shape) == 1:
        return rng.normal(size=shape) / 2
    fan_in = np.prod(shape[:-1]) if len(shape) == 4 else shape[0]
    return rng.normal(size=shape) * np.sqrt(2 / fan_in)


def _network_questions(rng):
    def network(attention, height, width, depth, classes, **options):
        x = rng.normal(size=(3, height, width, depth)) + rng.normal(size=(3, 1, 1, depth))
        weights = _network_weights(rng, attention, depth, classes)
        keywords = {"attention": attention, "classes": classes}
        return KerasCall(x.shape[1:], x, weights, keywords, whole=True, **options)

    def depth():
        return one_of(rng, 1, 2, 3, 4)

    def classes():
        return one_of(rng, 5, 6, 7, 9, 10, 11)  # no other weight has so many entries

    few = classes()
    return {
        "none": network("none", one_of(rng, 10, 12), one_of(rng, 14, 16), 3, classes()),
        "se": network("se", one_of(rng, 10, 12), 14, depth(), few, gradients=rng.normal(size=(3, few))),
        "eca": network("eca", one_of(rng, 9, 11), 16, depth(), classes()),
        "cbam": network("cbam", 12, one_of(rng, 11, 13), depth(), classes()),
    }


def _explain_network(total: int, round: Round, key: str) -> str | None:
    question = round.questions[key]
    depth, classes, attention = question.x.shape[-1], question.keywords["classes"], question.keywords["attention"]
    shapes = network_shapes(attention, depth, classes)
    size = {slot: int(np.prod(shape)) for slot, shape in shapes.items()}
    wanted = sum(size.values())
    extra = {block: attention_size(attention, width) for block, width in enumerate(WIDTHS, start=1)}
    plain, convolved = wanted - sum(extra.values()), (16, 16, 16, 32, 32, 32)
    projection = 4 * 32 + size["k_2c"]
    known = {
        plain: "The attention is missing: does every block attach it?",
        wanted + sum(convolved): "The convolutions have biases: the norm behind each one makes them superfluous.",
        wanted - 4 * sum(convolved): "The norms are missing.",
        wanted - 4 * 32: "The norm of the shortcut is missing.",
        wanted - projection: "The 1x1 convolution of the second shortcut is missing.",
        wanted
        + 16 * 16
        + 4 * 16: "The first block has a convolution on its shortcut: the input itself goes round there.",
        wanted + 8 * size["k_2c"]: "The shortcut has a 3x3 convolution where the card says 1x1.",
        wanted + sum(extra.values()): "The attention is attached twice in each block.",
        plain + extra[2]: "Only the last block has its attention.",
        plain + extra[1]: "Only the first block has its attention.",
        wanted + extra[1]: "One attention block too many: does one stand behind the stem?",
        wanted + extra[2]: "One attention block too many: does one stand before the head?",
    }
    if (
        attention == "none"
        and total > wanted
        and total - wanted in {sum(attention_size(name, width) for width in WIDTHS) for name in BLOCKS[1:]}
    ):
        return 'With "none" the network holds an attention block.'
    if attention == "none":
        known.pop(plain, None)
        known.pop(wanted, None)
    return known.get(total)


def _variant(join):
    """A wrong network: `join(x, weights, block, stride)` in place of the residual block."""

    def network(x, **weights):
        x = plug_in.stem(x, weights)
        for block, stride in plug_in.STRIDES.items():
            x = join(x, weights, block, stride)
        return plug_in.head(x, weights)

    return network


def _sum(x, w, block, stride):
    return plug_in.shortcut_path(x, w, block, stride) + plug_in.main_path(x, w, block, stride)


def _linear_main(x, w, block, stride):
    return plug_in.conv_norm(plug_in.conv_norm(x, w, f"{block}a", stride), w, f"{block}b")


def _stride_in_second(x, w, block, stride):
    inner = oracle.relu(plug_in.conv_norm(x, w, f"{block}a"))
    return plug_in.attention(plug_in.conv_norm(inner, w, f"{block}b", stride), w, block)


def _after_first(x, w, block, stride):
    # Where the attention stands behind the first norm it has the same width.
    inner = plug_in.attention(plug_in.conv_norm(x, w, f"{block}a", stride), w, block)
    return plug_in.conv_norm(oracle.relu(inner), w, f"{block}b")


_SHORT = plug_in.shortcut_path


def _logits(x, **weights):
    x = plug_in.stem(x, weights)
    for block, stride in plug_in.STRIDES.items():
        x = oracle.relu(_SHORT(x, weights, block, stride) + plug_in.branch(x, weights, block, stride))
    return x.mean(axis=(1, 2)) @ weights["w_head"] + weights["b_head"]


def _other_head(pool):
    """The network with another pool before the head."""

    def network(x, **weights):
        x = plug_in.stem(x, weights)
        for block, stride in plug_in.STRIDES.items():
            x = oracle.relu(_SHORT(x, weights, block, stride) + plug_in.branch(x, weights, block, stride))
        return plug_in.head(pool(x)[:, None, None, :], weights)

    return network


def _stem_of_stride_one(x, **weights):
    x = oracle.relu(plug_in.conv_norm(x, weights, "stem"))
    for block, stride in plug_in.STRIDES.items():
        x = oracle.relu(_SHORT(x, weights, block, stride) + plug_in.branch(x, weights, block, stride))
    return plug_in.head(x, weights)


def _sigmoid_head(x, **weights):
    return oracle.sigmoid(_logits(x, **weights))


SMALL_RESNET = Exercise(
    id="small_resnet",
    oracle=plug_in.small_resnet,
    questions=_network_questions,
    properties=(
        is_network(("none", "cbam"), 0.5),
        holds_weights(
            "plain weights", ("none",), 1.0, "without attention, the weights of the card", _explain_network, "network"
        ),
        holds_weights(
            "attention's weights",
            ("se", "eca", "cbam"),
            1.25,
            "with attention, one block more in each residual block",
            _explain_network,
            "network",
        ),
        output_agrees("plain values", ("none",), 1.25, "without attention, computes what the card says", True),
        output_agrees("values", ("se", "eca", "cbam"), 1.75, "the attention stands where the card puts it", True),
        gives_probabilities(("none", "se"), 0.5),
        every_weight_is_reached(("se",), 0.75),
    ),
    mistakes=(
        Mistake(
            "The attention stands behind the addition: it belongs on the branch, before the shortcut is added.",
            _variant(lambda x, w, b, s: oracle.relu(plug_in.attention(_sum(x, w, b, s), w, b))),
        ),
        Mistake(
            "The attention stands behind the last ReLU of the block: it belongs on the branch.",
            _variant(lambda x, w, b, s: plug_in.attention(oracle.relu(_sum(x, w, b, s)), w, b)),
        ),
        Mistake(
            "The attention stands on the shortcut: it belongs on the branch.",
            _variant(
                lambda x, w, b, s: oracle.relu(
                    plug_in.attention(_SHORT(x, w, b, s), w, b) + plug_in.main_path(x, w, b, s)
                )
            ),
        ),
        Mistake(
            "The attention stands behind the first norm: it belongs behind the last one of the branch.",
            _variant(lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + _after_first(x, w, b, s))),
        ),
        Mistake(
            "A ReLU stands between the last norm and the attention.",
            _variant(
                lambda x, w, b, s: oracle.relu(
                    _SHORT(x, w, b, s) + plug_in.attention(oracle.relu(plug_in.main_path(x, w, b, s)), w, b)
                )
            ),
        ),
        Mistake(
            "The branch ends in a ReLU: the last ReLU of a block comes after the addition.",
            _variant(lambda x, w, b, s: _SHORT(x, w, b, s) + oracle.relu(plug_in.branch(x, w, b, s))),
        ),
        Mistake(
            "The ReLU after the addition is missing.",
            _variant(lambda x, w, b, s: _SHORT(x, w, b, s) + plug_in.branch(x, w, b, s)),
        ),
        Mistake(
            "The ReLU between the two convolutions of a branch is missing.",
            _variant(
                lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + plug_in.attention(_linear_main(x, w, b, s), w, b))
            ),
        ),
        Mistake(
            "The main path is added twice, once with attention and once without.",
            _variant(lambda x, w, b, s: oracle.relu(_sum(x, w, b, s) + plug_in.branch(x, w, b, s))),
        ),
        Mistake(
            "The second convolution of a branch takes the stride: the first one should.",
            _variant(lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + _stride_in_second(x, w, b, s))),
        ),
        Mistake("The stem keeps the size of the picture: the card gives it a stride of 2.", _stem_of_stride_one),
        Mistake(
            "The head takes the max over positions where the card says the mean.", _other_head(oracle.global_max_pool)
        ),
        Mistake("The head gives logits: a softmax turns them into probabilities.", _logits),
        Mistake("A sigmoid stands in the head where the classes share a softmax.", _sigmoid_head),
    ),
)
