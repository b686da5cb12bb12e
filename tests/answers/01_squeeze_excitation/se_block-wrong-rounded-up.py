# exercise: se_block
# kind: wrong
# score: 4.5
# says: rounded up
from keras import layers

import math


def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(math.ceil(c / ratio), activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
