# exercise: eca_block
# kind: wrong
# score: 0.75
# says: does the gate come from the input
from keras import layers

import math


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    size = int(abs((math.log2(channels) + b) / gamma))
    size = size if size % 2 else size + 1
    label = "eca_layer_" + name if name else None
    gate = keras.ops.ones((1, channels))
    gate = layers.Reshape((channels, 1))(gate)
    gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
    gate = layers.Activation("sigmoid")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
