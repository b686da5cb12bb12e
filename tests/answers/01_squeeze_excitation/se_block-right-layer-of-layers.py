# exercise: se_block
# kind: right
# score: 8
from keras import layers

class SqueezeExcite(layers.Layer):
    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, input_shape):
        channels = input_shape[-1]
        self.pool = layers.GlobalAveragePooling2D(keepdims=True)
        self.first = layers.Dense(channels // self.ratio, activation="relu")
        self.second = layers.Dense(channels, activation="sigmoid")
        self.first.build((None, 1, 1, channels))
        self.second.build((None, 1, 1, channels // self.ratio))

    def call(self, x):
        return x * self.second(self.first(self.pool(x)))


def se_block(x, ratio=16):
    return SqueezeExcite(ratio)(x)
