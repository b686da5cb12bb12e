"""Exercises of notebook 01: squeeze, excite, scale, their cost and the Keras block."""

from .counts import RESNET_OVERHEAD, SE_WEIGHT_COUNT
from .gates import EXCITE, SE_BLOCK, SE_FORWARD, SQUEEZE

EXERCISES = (SQUEEZE, EXCITE, SE_FORWARD, SE_WEIGHT_COUNT, SE_BLOCK, RESNET_OVERHEAD)
