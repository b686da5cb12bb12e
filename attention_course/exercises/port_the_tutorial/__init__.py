"""Exercises of notebook 07: an old tutorial's five functions and its residual block, right in both data formats."""

from .bottlenecks import CBAM_BLOCK, CHANNEL_ATTENTION, SE_BLOCK
from .convolutions import ECA_BLOCK, SPATIAL_ATTENTION
from .residual import RESIDUAL_WITH_CBAM

EXERCISES = (SE_BLOCK, ECA_BLOCK, CHANNEL_ATTENTION, SPATIAL_ATTENTION, CBAM_BLOCK, RESIDUAL_WITH_CBAM)
