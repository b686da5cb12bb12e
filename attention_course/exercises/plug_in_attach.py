"""The exercise of notebook 06 about choosing a block by its name."""

from __future__ import annotations

import numpy as np

from autograder.exercise.base import Exercise, KerasCall, Mistake, Round
from autograder.exercise.block_properties import gradients_agree, output_agrees, returns_keras_tensor, stands_twice

from .. import oracle
from ..oracle import plug_in
from .inputs import bottleneck, feature_map, one_of, sides
from .plug_in_properties import holds_weights, refuses

RATIO = 4
BLOCKS = ("none", "se", "eca", "cbam")


def attention_weights(rng, name: str, x: np.ndarray) -> dict[str, np.ndarray]:
    """Weights of the block with this name for the map x, by slot."""
    channels = x.shape[3]
    if name == "none":
        return {}
    if name == "eca":
        return {"kernel": rng.normal(size=oracle.eca_kernel_size(channels))}
    layers = bottleneck(rng, channels // RATIO, oracle.global_average_pool(x), oracle.global_max_pool(x))
    return layers if name == "se" else {**layers, "kernel": rng.normal(size=(7, 7, 2)) / 4}


def attention_size(name: str, channels: int, ratio: int = RATIO) -> int:
    pair = oracle.se_weight_count(channels, ratio)
    return {"none": 0, "se": pair, "eca": oracle.eca_kernel_size(channels), "cbam": pair + 98}[name]


# --- attach --------------------------------------------------------------------------------------------------------


def _attach_questions(rng):
    def block(name, *shape, **options):
        x = feature_map(rng, *shape)
        return KerasCall(shape[1:], x, attention_weights(rng, name, x), before=(name,), **options)

    def depth():
        return RATIO * one_of(rng, 5, 6, 7, 9)

    small, whole = (*sides(rng, 2), RATIO * one_of(rng, 4, 5)), (2, *sides(rng, 2), depth())
    names = {"refused": "senet", "refused too": f"CBAM{one_of(rng, *range(2, 100))}"}
    refused = {key: KerasCall(small, feature_map(rng, 2, *small), before=(name,)) for key, name in names.items()}
    return {
        "none": block("none", 2, *sides(rng, 2), depth()),
        "se": block("se", 3, *sides(rng, 3), depth()),
        "eca": block("eca", 2, *sides(rng, 2), 128),
        "cbam": block("cbam", *whole, gradients=rng.normal(size=whole)),
        "se twice": KerasCall(small, feature_map(rng, 2, *small), before=("se",), repeat=2),
        "se once": KerasCall(small, feature_map(rng, 2, *small), before=("se",)),
        **refused,
    }


def _explain_attach(total: int, round: Round, key: str) -> str | None:
    channels, (name,) = round.questions[key].x.shape[-1], round.questions[key].before
    if total == 0:
        return "Is the result of the block returned?"
    if name != "none" and total == 2 * attention_size(name, channels):
        return "The block stands there twice."
    if name in ("se", "cbam") and total == attention_size(name, channels, 16):
        return "The ratio is not the one of the card: is it passed on?"
    for other in BLOCKS[1:]:
        if other != name and total in (attention_size(other, channels), attention_size(other, channels, 16)):
            return f"It is the {other.upper()} block that is attached."
    if total > sum(attention_size(other, channels) for other in BLOCKS) - 1:
        return "Several blocks are attached: the name chooses one."
    return None


def _with_input_added(x, **weights):
    return x + plug_in.attach(x, **weights)


ATTACH = Exercise(
    id="attach",
    oracle=plug_in.attach,
    questions=_attach_questions,
    properties=(
        returns_keras_tensor("cbam", 0.5),
        output_agrees("none", ("none",), 0.5, '"none" gives the map as it came'),
        holds_weights("weights", BLOCKS, 1.0, "each name brings exactly the weights of its block", _explain_attach),
        output_agrees(
            "values", ("se", "eca", "cbam"), 1.5, "gives what the named block gives, weight for weight", True
        ),
        gradients_agree("cbam", 0.25),
        stands_twice("se once", "se twice", 0.5),
        refuses(("refused", "refused too"), 0.75),
    ),
    mistakes=(
        Mistake("The input is added: attach gives the result of the block alone.", _with_input_added),
        Mistake("A ReLU stands behind the block.", lambda x, **weights: oracle.relu(plug_in.attach(x, **weights))),
        Mistake("A ReLU stands before the block.", lambda x, **weights: plug_in.attach(oracle.relu(x), **weights)),
    ),
)
