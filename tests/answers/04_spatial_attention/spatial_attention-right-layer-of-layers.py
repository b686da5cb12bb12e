# exercise: spatial_attention
# kind: right
# score: 7
from keras import layers, ops

class ChannelPool(layers.Layer):
    def call(self, x):
        return ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)


class Spatial(layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.pool = ChannelPool()
        self.conv = layers.Conv2D(1, size, padding="same", use_bias=False, activation="sigmoid")

    def call(self, x):
        return x * self.conv(self.pool(x))


def spatial_attention(x, kernel_size=7):
    return Spatial(kernel_size)(x)
