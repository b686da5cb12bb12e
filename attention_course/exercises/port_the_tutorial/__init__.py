"""Exercises of notebook 07: functions of an old tutorial, right in both data formats, and a case that finds faults."""

from .bottlenecks import CBAM_BLOCK, SE_BLOCK
from .convolutions import ECA_BLOCK, SPATIAL_ATTENTION
from .telling import TELLING_CASE

EXERCISES = (SE_BLOCK, ECA_BLOCK, SPATIAL_ATTENTION, CBAM_BLOCK, TELLING_CASE)
