# exercise: channel_attention
# kind: right
# score: 8
from keras import ops

class ChannelGate(keras.Layer):
    """One product with w2 for both pools: its bias counts twice."""

    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.w1 = self.add_weight(shape=(c, m), initializer="he_normal")
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c), initializer="he_normal")
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")

    def call(self, x):
        mean, largest = ops.mean(x, axis=(1, 2), keepdims=True), ops.amax(x, axis=(1, 2), keepdims=True)
        hidden = ops.relu(mean @ self.w1 + self.b1) + ops.relu(largest @ self.w1 + self.b1)
        return x * ops.sigmoid(hidden @ self.w2 + 2 * self.b2)


def channel_attention(x, ratio=16):
    return ChannelGate(ratio)(x)
