# exercise: cbam_block
# kind: right
# score: 6
from keras import ops

class Both(keras.Layer):
    def __init__(self, ratio, size):
        super().__init__()
        self.ratio, self.size = ratio, size

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.kernel = self.add_weight(shape=(self.size, self.size, 2, 1))
        self.w1 = self.add_weight(shape=(c, m))
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c))
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")

    def call(self, x):
        v = ops.stack([ops.mean(x, (1, 2)), ops.max(x, (1, 2))])
        logits = ops.sum(ops.relu(v @ self.w1 + self.b1) @ self.w2 + self.b2, axis=0)
        x = x * ops.sigmoid(logits)[:, None, None]
        d = ops.stack([ops.mean(x, -1), ops.max(x, -1)], -1)
        return x * ops.sigmoid(ops.conv(d, self.kernel, padding="same"))


def cbam_block(x, ratio=16, kernel_size=7):
    return Both(ratio, kernel_size)(x)
