"""Exercises of notebook 07: an old tutorial's five functions and its residual block, right in both data formats."""

from __future__ import annotations

from .port_bottleneck import CBAM_BLOCK, CHANNEL_ATTENTION, SE_BLOCK
from .port_convolution import ECA_BLOCK, SPATIAL_ATTENTION
from .port_residual import RESIDUAL_WITH_CBAM

EXERCISES = (SE_BLOCK, ECA_BLOCK, CHANNEL_ATTENTION, SPATIAL_ATTENTION, CBAM_BLOCK, RESIDUAL_WITH_CBAM)
