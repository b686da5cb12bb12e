# exercise: eca_block
# kind: wrong
# score: 1.25
# says: belong to the model
from keras import layers

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


class ECA(layers.Layer):
    def __init__(self, gamma, b):
        super().__init__()
        self.gamma, self.shift = gamma, b

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        c = x.shape[-1]
        k = kernel_size(c, self.gamma, self.shift)
        s = layers.Reshape((c, 1))(layers.GlobalAveragePooling2D()(x))
        s = layers.Conv1D(1, k, padding="same", use_bias=False, activation="sigmoid")(s)
        return x * layers.Reshape((1, 1, c))(s)


def eca_block(x, gamma=2, b=1):
    return ECA(gamma, b)(x)
