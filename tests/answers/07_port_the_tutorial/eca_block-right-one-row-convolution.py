# exercise: eca_block
# kind: right
# score: 5
from keras import layers, ops

from math import log2


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.backend.image_data_format() == "channels_first"
    place = (2, 3) if first else (1, 2)
    z = ops.mean(input_feature, axis=place)  # (B, C)
    size = int(abs((log2(z.shape[1]) + b) / gamma))
    if size % 2 == 0:
        size += 1
    row = z[:, None, :, None]  # one row, C columns, depth 1
    conv = layers.Conv2D(1, (1, size), padding="same", use_bias=False, data_format="channels_last",
                         name=("eca_layer_" + name) or None if name else None)
    gate = ops.sigmoid(conv(row))[:, 0, :, 0]
    return input_feature * ops.expand_dims(gate, place)
