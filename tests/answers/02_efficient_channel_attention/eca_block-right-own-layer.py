# exercise: eca_block
# kind: right
# score: 7
from keras import ops

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


class ChannelKernel(keras.layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.size,), initializer="glorot_uniform")

    def call(self, x):
        z = ops.mean(x, axis=(1, 2))
        p = self.size // 2
        z = ops.pad(z, ((0, 0), (p, p)))
        c = x.shape[-1]
        a = sum(self.kernel[t] * z[:, t:t + c] for t in range(self.size))
        return x * ops.sigmoid(a)[:, None, None, :]


def eca_block(x, gamma=2, b=1):
    return ChannelKernel(kernel_size(x.shape[-1], gamma, b))(x)
