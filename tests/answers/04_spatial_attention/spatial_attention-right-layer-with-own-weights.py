# exercise: spatial_attention
# kind: right
# score: 7
from keras import ops

class SpatialGate(keras.Layer):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.k, self.k, 2, 1), initializer="glorot_uniform")

    def call(self, x):
        d = ops.concatenate([ops.mean(x, -1, keepdims=True), ops.max(x, -1, keepdims=True)], -1)
        return x * ops.sigmoid(ops.conv(d, self.kernel, padding="same"))


def spatial_attention(x, kernel_size=7):
    return SpatialGate(kernel_size)(x)
