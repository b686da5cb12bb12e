"""Exercises of notebook 02: the band, the block, its kernel size read both ways, and what it costs."""

from .block import BAND_MATRIX, ECA_BLOCK, ECA_FORWARD
from .counts import ECA_KERNEL_SIZE, ECA_WEIGHT_COUNT, FIRST_CHANNELS_FOR

EXERCISES = (BAND_MATRIX, ECA_FORWARD, ECA_KERNEL_SIZE, FIRST_CHANNELS_FOR, ECA_BLOCK, ECA_WEIGHT_COUNT)
