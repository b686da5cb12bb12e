"""What a student's function is asked. The judge asks it where the student's code lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Call:
    """Call the exercise's function with these arguments and send back what it returns."""

    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class KerasCall:
    """Build a model around the exercise's Keras function and send it back; it is run elsewhere, with these weights.

    Attributes
    ----------
    input_shape : the shape of `keras.Input`, without the batch axis; None where it is unknown.
    x : the batch (B, ...) on which the model is run.
    weights : values by slot, such as {"w1": (C, m), ...}. A slot is matched by shape with axes of length one removed,
        so a Dense kernel and the kernel of a 1x1 convolution are the same slot. A slot named b... is a bias: where the
        block has none, the other properties are judged as if it were zero. A slot named gamma..., beta...,
        moving_mean... or moving_variance... takes that weight of a batch norm; these slots come first.
    keywords : further arguments of the function.
    gradients : an array of the output's shape; when given, the gradients of sum(output * array) come back too, taken
        in training mode.
    reload : save the model and load it again; its outputs before and after come back, with weights of their own.
    repeat : how many times the model contains the block, one after the other.
    data_format : the global image data format while the model is built and run.
    layer : the exercise is a layer's class: an instance, made with the keywords, is called on the tensor.
    before : arguments of the function that come before the tensor.
    whole : the function makes a whole model, from input_shape and the keywords, all given by name.
    """

    input_shape: tuple[int | None, ...]
    x: np.ndarray
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)
    keywords: Mapping[str, Any] = field(default_factory=dict)
    gradients: np.ndarray | None = None
    reload: bool = False
    repeat: int = 1
    data_format: str = "channels_last"
    layer: bool = False
    before: tuple[Any, ...] = ()
    whole: bool = False

    @property
    def channels(self) -> int:
        """How many channels the batch has."""
        return int(self.x.shape[1 if self.data_format == "channels_first" else -1])

    @property
    def size(self) -> int:
        """How many single weights the slots hold."""
        return sum(int(np.size(value)) for value in self.weights.values())


Question = Call | KerasCall
