"""Exercises of notebook 04: a convolution by hand, the spatial gate in NumPy and in Keras, a kernel made by hand."""

from .gate import CONV2D_SAME, SPATIAL_ATTENTION, SPATIAL_ATTENTION_FORWARD, SPATIAL_MISTAKES
from .spot import SPOT_KERNEL

EXERCISES = (CONV2D_SAME, SPATIAL_ATTENTION_FORWARD, SPOT_KERNEL, SPATIAL_ATTENTION)

__all__ = ["EXERCISES", "SPATIAL_MISTAKES"]
