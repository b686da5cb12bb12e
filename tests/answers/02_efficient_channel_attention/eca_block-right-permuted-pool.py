# exercise: eca_block
# kind: right
# score: 7
from keras import layers

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Permute((3, 1, 2))(s)
    s = layers.Conv2D(1, (kernel_size(c, gamma, b), 1), padding="same", use_bias=False, activation="sigmoid")(s)
    return x * layers.Permute((2, 3, 1))(s)
