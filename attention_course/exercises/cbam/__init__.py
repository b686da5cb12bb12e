"""Exercises of notebook 05: CBAM in NumPy, a test that catches one fault, CBAM as a layer and in a residual block."""

from .block import CBAM, CBAM_FORWARD
from .cases import TELLING_CASE
from .residual import CBAM_RESIDUAL_BLOCK

EXERCISES = (CBAM_FORWARD, TELLING_CASE, CBAM, CBAM_RESIDUAL_BLOCK)
