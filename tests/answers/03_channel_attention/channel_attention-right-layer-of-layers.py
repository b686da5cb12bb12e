# exercise: channel_attention
# kind: right
# score: 8
from keras import layers, ops

class ChannelAttention(layers.Layer):
    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, shape):
        self.first = layers.Dense(shape[-1] // self.ratio, activation="relu")
        self.second = layers.Dense(shape[-1])
        self.first.build((None, shape[-1]))
        self.second.build((None, shape[-1] // self.ratio))

    def call(self, x):
        pools = [ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))]
        logits = sum(self.second(self.first(pool)) for pool in pools)
        return x * ops.sigmoid(logits)[:, None, None, :]


def channel_attention(x, ratio=16):
    print('ratio', ratio)
    return ChannelAttention(ratio)(x)
