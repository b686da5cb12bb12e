"""Exercises of notebook 01: squeeze, excite, scale, the block's weights, the Keras block and a gate's gradient."""

from .counts import SE_WEIGHT_COUNT
from .gates import EXCITE, GATE_GRADIENT, SE_BLOCK, SE_FORWARD, SQUEEZE

EXERCISES = (SQUEEZE, EXCITE, SE_FORWARD, SE_WEIGHT_COUNT, SE_BLOCK, GATE_GRADIENT)
