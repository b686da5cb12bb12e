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
    k = kernel_size(c, gamma, b)
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((c, 1))(s)
    s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
    s = layers.Activation("sigmoid")(s)
    s = layers.Reshape((1, 1, c))(s)
    return layers.Multiply()([x, s])
