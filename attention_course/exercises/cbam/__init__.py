"""Exercises of notebook 05: CBAM in NumPy, as a function of Keras, as a layer, and inside a residual block."""

from .block import CBAM, CBAM_BLOCK, CBAM_FORWARD
from .residual import CBAM_RESIDUAL_BLOCK

EXERCISES = (CBAM_FORWARD, CBAM_BLOCK, CBAM, CBAM_RESIDUAL_BLOCK)
