# exercise: eca_block
# kind: right
# score: 7
from keras import layers, ops

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_block(x, gamma=2, b=1):
    channels = x.shape[-1]
    k = kernel_size(channels, gamma, b)
    print("kernel size", k)
    z = ops.expand_dims(ops.mean(x, axis=[1, 2]), -1)
    z = layers.ZeroPadding1D(k // 2)(z)
    g = layers.Conv1D(filters=1, kernel_size=k, use_bias=False, kernel_initializer="he_normal")(z)
    g = ops.sigmoid(ops.reshape(g, (-1, 1, 1, channels)))
    return ops.multiply(x, g)
