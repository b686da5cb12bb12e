"""The attention blocks as Keras 3 layers, and as the five functions of the tutorial that notebook 07 ports.

Written with `keras.ops` alone, so any backend runs them. The layers work in both data formats, in mixed precision and
with a height and width that are not known in advance. A saved model loads in a process that has imported this package.
"""

from .channel import ChannelAttention, EfficientChannelAttention, SqueezeExcitation
from .functions import cbam_block, channel_attention, eca_block, se_block, spatial_attention
from .spatial import CBAM, SpatialAttention

__all__ = [
    "CBAM",
    "ChannelAttention",
    "EfficientChannelAttention",
    "SpatialAttention",
    "SqueezeExcitation",
    "cbam_block",
    "channel_attention",
    "eca_block",
    "se_block",
    "spatial_attention",
]
