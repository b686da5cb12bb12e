"""The whole network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.exercise.exercise import TOLERANCE, Exercise, Mistake, Round, Wrong, for_each_question, weight_mistakes
from autograder.exercise.models import (
    every_weight_learns,
    has_output_shape,
    has_weights,
    model_of,
    output_agrees,
    output_of,
)
from autograder.exercise.questions import KerasCall

from ... import oracle
from ...oracle import plug_in
from ..inputs import one_of
from .attach import BLOCKS, RATIO, attention_size

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


@dataclass(frozen=True)
class _Sizes:
    """The weights of a question's network: in all, of its attention by block, of the second shortcut's kernel."""

    attention: str
    wanted: int
    blocks: tuple[int, ...]
    shortcut: int

    @classmethod
    def of(cls, question: KerasCall) -> _Sizes:
        name = question.keywords["attention"]
        blocks = tuple(attention_size(name, width) for width in WIDTHS)
        return cls(name, question.size, blocks, int(np.size(question.weights["k_2c"])))

    def attended(self, change: int) -> int | None:
        """The weights with another attention; None where no attention is asked for."""
        return None if self.attention == "none" else self.wanted + change

    @property
    def attention_instead(self) -> set[int] | None:
        """The weights where no attention is asked for and each block has one all the same."""
        if self.attention != "none":
            return None
        return {self.wanted + sum(attention_size(name, width) for width in WIDTHS) for name in BLOCKS[1:]}


_CONVOLVED = (16, 16, 16, 32, 32, 32)  # filters of the convolutions, the second shortcut's among them
_WEIGHT_MISTAKES = weight_mistakes(
    _Sizes.of,
    ('With "none" the network holds an attention block.', lambda s: s.attention_instead),
    ("The attention is missing: does every block attach it?", lambda s: s.attended(-sum(s.blocks))),
    (
        "The convolutions have biases: the norm after each one makes them superfluous.",
        lambda s: s.wanted + sum(_CONVOLVED),
    ),
    ("The norms are missing.", lambda s: s.wanted - 4 * sum(_CONVOLVED)),
    ("The norm of the shortcut is missing.", lambda s: s.wanted - 4 * 32),
    ("The 1x1 convolution of the second shortcut is missing.", lambda s: s.wanted - 4 * 32 - s.shortcut),
    (
        "The first block has a convolution on its shortcut: the input itself goes round there.",
        lambda s: s.wanted + 16 * 16 + 4 * 16,
    ),
    ("The shortcut has a 3x3 convolution where the card says 1x1.", lambda s: s.wanted + 8 * s.shortcut),
    ("The attention is attached twice in each block.", lambda s: s.attended(sum(s.blocks))),
    ("Only the last block has its attention.", lambda s: s.attended(-s.blocks[0])),
    ("Only the first block has its attention.", lambda s: s.attended(-s.blocks[1])),
    ("One attention block too many: is there one after the stem?", lambda s: s.attended(s.blocks[0])),
    ("One attention block too many: is there one before the head?", lambda s: s.attended(s.blocks[1])),
)


_SHORT = plug_in.shortcut_path


def _residual(x, w, block, stride):
    return oracle.relu(_SHORT(x, w, block, stride) + plug_in.branch(x, w, block, stride))


def _variant(join=_residual, stem=plug_in.stem, head=plug_in.head):
    """A wrong network: another stem(x, weights), join(x, weights, block, stride) or head(x, weights)."""

    def network(x, **weights):
        x = stem(x, weights)
        for block, stride in plug_in.STRIDES.items():
            x = join(x, weights, block, stride)
        return head(x, weights)

    return network


def _sum(x, w, block, stride):
    return plug_in.shortcut_path(x, w, block, stride) + plug_in.plain_branch(x, w, block, stride)


def _linear_branch(x, w, block, stride):
    return plug_in.conv_norm(plug_in.conv_norm(x, w, f"{block}a", stride), w, f"{block}b")


def _stride_in_second(x, w, block, stride):
    inner = oracle.relu(plug_in.conv_norm(x, w, f"{block}a"))
    return plug_in.attention(plug_in.conv_norm(inner, w, f"{block}b", stride), w, block)


def _after_first(x, w, block, stride):
    # Where the attention comes after the first norm it has the same width.
    inner = plug_in.attention(plug_in.conv_norm(x, w, f"{block}a", stride), w, block)
    return plug_in.conv_norm(oracle.relu(inner), w, f"{block}b")


def _logits(x, w):
    return x.mean(axis=(1, 2)) @ w["w_head"] + w["b_head"]


@for_each_question("probabilities", "gives probabilities: finite, and each row sums to one")
def _gives_probabilities(round: Round, key: str) -> None:
    """Each row is finite, not negative, and sums to one."""
    got = output_of(model_of(round, key))
    if got.ndim != 2 or not got.size or not np.all(np.isfinite(got)):
        raise Wrong("The output is no table of finite numbers, one row per image.")
    if got.min() < -TOLERANCE or np.max(np.abs(got.sum(axis=1) - 1)) > 1e-3:
        raise Wrong("The rows of the output do not sum to one: the head ends in a softmax over the classes.")


SMALL_RESNET = Exercise(
    id="small_resnet",
    oracle=plug_in.small_resnet,
    questions=_network_questions,
    properties=(
        has_output_shape(("none", "cbam"), 0.5, "gives a keras.Model with one score for each class"),
        has_weights(
            "none",
            1.0,
            "without attention, the weights of the card",
            name="plain weights",
            subject='With "{key}" the network',
            card="the card",
        ),
        has_weights(
            ("se", "eca", "cbam"),
            1.25,
            "with attention, one block more in each residual block",
            name="attention's weights",
            subject='With "{key}" the network',
            card="the card",
        ),
        output_agrees(
            "none", 1.25, "without attention, computes what the card says", name="plain values", every_weight=True
        ),
        output_agrees(("se", "eca", "cbam"), 1.75, "the attention is where the card puts it", every_weight=True),
        _gives_probabilities(("none", "se"), 0.5),
        every_weight_learns("se", 0.75, "in training, a gradient reaches every weight"),
    ),
    mistakes=(
        Mistake(
            "The attention comes after the addition: it belongs on the branch, before the shortcut is added.",
            _variant(lambda x, w, b, s: oracle.relu(plug_in.attention(_sum(x, w, b, s), w, b))),
        ),
        Mistake(
            "The attention comes after the last ReLU of the block: it belongs on the branch.",
            _variant(lambda x, w, b, s: plug_in.attention(oracle.relu(_sum(x, w, b, s)), w, b)),
        ),
        Mistake(
            "The attention is on the shortcut: it belongs on the branch.",
            _variant(
                lambda x, w, b, s: oracle.relu(
                    plug_in.attention(_SHORT(x, w, b, s), w, b) + plug_in.plain_branch(x, w, b, s)
                )
            ),
        ),
        Mistake(
            "The attention comes after the first norm: it belongs after the last one of the branch.",
            _variant(lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + _after_first(x, w, b, s))),
        ),
        Mistake(
            "There is a ReLU between the last norm and the attention.",
            _variant(
                lambda x, w, b, s: oracle.relu(
                    _SHORT(x, w, b, s) + plug_in.attention(oracle.relu(plug_in.plain_branch(x, w, b, s)), w, b)
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
                lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + plug_in.attention(_linear_branch(x, w, b, s), w, b))
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
        Mistake(
            "The stem keeps the size of the picture: the card gives it a stride of 2.",
            _variant(stem=lambda x, w: oracle.relu(plug_in.conv_norm(x, w, "stem"))),
        ),
        Mistake(
            "The head takes the max over positions where the card says the mean.",
            _variant(head=lambda x, w: plug_in.head(oracle.global_max_pool(x)[:, None, None, :], w)),
        ),
        Mistake("The head gives logits: a softmax turns them into probabilities.", _variant(head=_logits)),
        Mistake(
            "The head ends in a sigmoid: the classes share a softmax.",
            _variant(head=lambda x, w: oracle.sigmoid(_logits(x, w))),
        ),
    ),
    weight_mistakes=_WEIGHT_MISTAKES,
)
