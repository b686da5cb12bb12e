"""What is asked of a Keras block whose gate comes from a two-layer bottleneck, SE's or CBAM's channel half."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.exercise.exercise import Property
from autograder.exercise.models import (
    builds,
    gradients_agree,
    has_output_shape,
    has_weights,
    output_agrees,
    stands_twice,
)
from autograder.exercise.questions import KerasCall

from .inputs import bottleneck, feature_map, one_of, sides


def block_questions(
    rng: np.random.Generator,
    pools: Callable[[np.ndarray], tuple[np.ndarray, ...]],
    sizes: tuple[int, int, int],
) -> Mapping[str, KerasCall]:
    """The questions: `pools` gives what the two layers read of a map, `sizes` are those of `inputs.uneven`."""

    def block_of(*shape, width, **keywords):
        x = feature_map(rng, *shape)
        return KerasCall(shape[1:], x, bottleneck(rng, width, *pools(x)), **keywords)

    # The ratio does not divide the channels, and the remainder is large: every way of rounding differs.
    channels, ratio, width = sizes
    # Here the ratio is the width of the bottleneck too: anyone who confuses the two still sees gradients judged.
    same, alike = one_of(rng, 4, 5, 6), one_of(rng, 3, 4, 5)
    shape, keywords, small = (alike, one_of(rng, 2, 6), alike, same**2), {"ratio": same}, (*sides(rng, 2), same**2)
    usual = one_of(rng, 2, 3, 5)
    return {
        "random": block_of(2, *sides(rng, 2), channels, width=width, keywords={"ratio": ratio}),
        "default ratio": block_of(3, *sides(rng), 16 * usual, width=usual),
        "batch equals width": block_of(*shape, width=same, keywords=keywords, gradients=rng.normal(size=shape)),
        "unknown sides": KerasCall((None, None, same**2), feature_map(rng, 2, *small), {}, keywords),
        "twice": KerasCall(small, feature_map(rng, 2, *small), {}, keywords, repeat=2),
    }


def block_properties(weights: str) -> tuple[Property, ...]:
    """The properties; `weights` says which weights the block has."""
    return (
        has_output_shape("random", 0.75),
        has_weights("random", 1.5, weights),
        output_agrees("default ratio", 1.0, "the default ratio is 16", name="default ratio"),
        output_agrees("random", 2.0, "gives what your NumPy version gives, weight for weight", every_weight=True),
        output_agrees("batch equals width", 0.75, "a batch as large as the map is wide", name="equal sides"),
        gradients_agree("batch equals width", 1.0),
        builds("unknown sides", 0.5),
        stands_twice(("batch equals width", "twice"), 0.5),
    )
