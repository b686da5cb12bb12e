"""Choosing a block by its name."""

from __future__ import annotations

import sys

import numpy as np

from autograder.exercise.exercise import Exercise, Mistake, Round, WeightMistake, Wrong, for_each_question
from autograder.exercise.models import gradients_agree, has_output_shape, has_weights, output_agrees, stands_twice
from autograder.exercise.questions import KerasCall

from ... import oracle
from ...oracle import plug_in
from ..inputs import bottleneck, feature_map, one_of, sides

RATIO = 4
BLOCKS = ("none", "se", "eca", "cbam")
ALMOST = ("SE", "", "e")  # names that pass where capitals do not count, or nothing at all, or a part of a name does
REFUSED = ("refused", "refused: capitals", "refused: empty", "refused: part", "refused too")


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
    others = ("senet", *ALMOST, f"CBAM{one_of(rng, *range(2, 100))}")
    refused = (KerasCall(small, feature_map(rng, 2, *small), before=(name,)) for name in others)
    return {
        "none": block("none", 2, *sides(rng, 2), depth()),
        "se": block("se", 3, *sides(rng, 3), depth()),
        "eca": block("eca", 2, *sides(rng, 2), 128),
        "cbam": block("cbam", *whole, gradients=rng.normal(size=whole)),
        "se twice": KerasCall(small, feature_map(rng, 2, *small), before=("se",), repeat=2),
        "se once": KerasCall(small, feature_map(rng, 2, *small), before=("se",)),
        **dict(zip(REFUSED, refused, strict=True)),
    }


def _twice(question: KerasCall) -> int | None:
    return 2 * question.size if question.size else None


def _usual_ratio(question: KerasCall) -> int | None:
    name = question.before[0]
    return attention_size(name, question.channels, ratio=16) if name in ("se", "cbam") else None


def _other(name: str) -> WeightMistake:
    """The block of this name where another one is asked for, or none."""

    def count(question: KerasCall) -> set[int] | None:
        sizes = {attention_size(name, question.channels, ratio) for ratio in (RATIO, 16)}
        return None if name == question.before[0] else sizes

    return WeightMistake(f"It is the {name.upper()} block that is attached.", count)


def _all(question: KerasCall) -> range:
    return range(sum(attention_size(name, question.channels) for name in BLOCKS), sys.maxsize)


_WEIGHT_MISTAKES = (
    WeightMistake("Is the result of the block returned?", 0),
    WeightMistake("The block is attached twice.", _twice),
    WeightMistake("The ratio is not the one of the card: is it passed on?", _usual_ratio),
    *(_other(name) for name in BLOCKS[1:]),
    WeightMistake("Several blocks are attached: the name chooses one.", _all),
)


@for_each_question("other names", "refuses any other name with a ValueError that names it", on_word=True)
def _refuses(round: Round, key: str) -> None:
    """Another name raises a ValueError that says which name it was."""
    answer, name = round.answers[key], round.block(key).before[0]
    if answer.exception == "ValueError":
        if name not in answer.error:
            raise Wrong("The ValueError does not say which name it refuses: put the name into its message.")
        return
    if answer.exception and not answer.stub:
        raise Wrong(f"Another name raises {answer.exception} where a ValueError is expected.")
    round.answer(key)  # missing, or not written yet
    sentence = (
        f'Another name passes without an error, here "{name}": raise a ValueError, so that no misspelling goes unseen.'
    )
    raise Wrong(sentence, "another name passes")


def _with_input_added(x, **weights):
    return x + plug_in.attach(x, **weights)


ATTACH = Exercise(
    id="attach",
    oracle=plug_in.attach,
    questions=_attach_questions,
    properties=(
        has_output_shape("cbam", 0.5),
        output_agrees("none", 0.5, '"none" gives the map as it came', name="none"),
        has_weights(
            BLOCKS,
            1.0,
            "each name brings exactly the weights of its block",
            subject='With "{key}" the block',
            card="the card",
        ),
        output_agrees(
            ("se", "eca", "cbam"), 1.5, "gives what the named block gives, weight for weight", every_weight=True
        ),
        gradients_agree("cbam", 0.25),
        stands_twice(("se once", "se twice"), 0.5),
        _refuses(REFUSED, 0.75),
    ),
    mistakes=(
        Mistake("The input is added: attach gives the result of the block alone.", _with_input_added),
        Mistake("A ReLU comes after the block.", lambda x, **weights: oracle.relu(plug_in.attach(x, **weights))),
        Mistake("A ReLU comes before the block.", lambda x, **weights: plug_in.attach(oracle.relu(x), **weights)),
    ),
    weight_mistakes=_WEIGHT_MISTAKES,
)
