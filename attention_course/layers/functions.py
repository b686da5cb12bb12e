"""The five functions of the tutorial that notebook 07 ports, with its names, parameters and defaults.

Each takes the KerasTensor of a feature map and gives one of the same shape, in the data format of
`keras.config.image_data_format()`.
"""

from .channel import ChannelAttention, EfficientChannelAttention, SqueezeExcitation
from .spatial import CBAM, SpatialAttention


def se_block(input_feature, ratio=8):
    """Squeeze-and-excitation with biases."""
    return SqueezeExcitation(ratio)(input_feature)


def eca_block(input_feature, b=1, gamma=2, name=""):
    """Efficient channel attention with the adaptive kernel size.

    name: ends the layer's name, "eca_layer_" + name, so a model holds each name once; with the default
    Keras numbers the layers, so it can be used again and again.
    """
    layer_name = None if name in ("", None) else f"eca_layer_{name}"
    return EfficientChannelAttention(gamma=gamma, b=b, name=layer_name)(input_feature)


def channel_attention(input_feature, ratio=8):
    """The channel half of CBAM, with biases."""
    return ChannelAttention(ratio)(input_feature)


def spatial_attention(input_feature):
    """The spatial half of CBAM, 7x7."""
    return SpatialAttention()(input_feature)


def cbam_block(cbam_feature, ratio=8):
    """CBAM: the channel half, then the spatial half."""
    return CBAM(ratio)(cbam_feature)
