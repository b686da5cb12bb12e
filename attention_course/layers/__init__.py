"""The attention blocks as Keras 3 layers, and as the five functions of the tutorial that notebook 07 ports.

Written with `keras.ops` alone, so any backend runs them. The layers work in both data formats, in mixed precision and
with a height and width that are not known in advance. A saved model loads in a process that has imported this package.
"""

from .channel import ChannelAttention, EfficientChannelAttention, SqueezeExcitation
from .from_timm import load_timm
from .functions import cbam_block, channel_attention, eca_block, se_block, spatial_attention
from .further import CoordinateAttention, GlobalContext, ScSE, SimAM
from .insert import insert
from .spatial import CBAM, SpatialAttention

__all__ = [
    "CBAM",
    "ChannelAttention",
    "CoordinateAttention",
    "EfficientChannelAttention",
    "GlobalContext",
    "ScSE",
    "SimAM",
    "SpatialAttention",
    "SqueezeExcitation",
    "cbam_block",
    "channel_attention",
    "eca_block",
    "insert",
    "load_timm",
    "se_block",
    "spatial_attention",
]
