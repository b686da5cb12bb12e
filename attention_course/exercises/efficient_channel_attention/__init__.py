"""Exercises of notebook 02: the band, the block, its kernel size read both ways, and the kernel from its gates."""

from .block import BAND_MATRIX, ECA_BLOCK, ECA_FORWARD
from .counts import ECA_KERNEL_SIZE, FIRST_CHANNELS_FOR
from .recover import KERNEL_FROM_GATES

EXERCISES = (BAND_MATRIX, ECA_FORWARD, KERNEL_FROM_GATES, ECA_KERNEL_SIZE, FIRST_CHANNELS_FOR, ECA_BLOCK)
