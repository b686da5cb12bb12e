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
    z = layers.Reshape((1, c, 1))(layers.GlobalAveragePooling2D()(x))
    g = layers.Conv2D(1, (1, kernel_size(c, gamma, b)), padding="same", use_bias=False)(z)
    g = layers.Activation("sigmoid")(layers.Reshape((c,))(g))
    return layers.multiply([x, g])
