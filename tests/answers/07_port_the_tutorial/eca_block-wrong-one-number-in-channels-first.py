# exercise: eca_block
# kind: wrong
# score: 3.5
# says: one number gates the whole image
from keras import layers, ops

import math


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    size = int(abs((math.log2(channels) + b) / gamma))
    size = size if size % 2 else size + 1
    label = "eca_layer_" + name if name else None
    gate = layers.Reshape((channels, 1))(layers.GlobalAveragePooling2D()(input_feature))
    gate = ops.sigmoid(layers.Conv1D(1, size, padding="same", use_bias=False, name=label)(gate))
    return input_feature * (gate[..., None] if first else ops.transpose(gate, (0, 2, 1))[:, None])
