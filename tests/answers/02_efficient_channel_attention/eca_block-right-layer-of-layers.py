# exercise: eca_block
# kind: right
# score: 7
from keras import layers

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


class ECA(layers.Layer):
    def __init__(self, gamma, b):
        super().__init__()
        self.gamma, self.shift = gamma, b

    def build(self, shape):
        size = kernel_size(shape[-1], self.gamma, self.shift)
        self.pool = layers.GlobalAveragePooling2D()
        self.conv = layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid")
        self.conv.build((None, shape[-1], 1))

    def call(self, x):
        gate = self.conv(self.pool(x)[:, :, None])
        return x * gate[:, None, None, :, 0]


def eca_block(x, gamma=2, b=1):
    return ECA(gamma, b)(x)
