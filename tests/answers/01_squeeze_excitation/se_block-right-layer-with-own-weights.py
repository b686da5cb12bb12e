# exercise: se_block
# kind: right
# score: 8
from keras import ops

class SE(keras.Layer):
    """The gate's weights by hand."""

    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c))
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w1 = self.add_weight(shape=(c, m))

    def call(self, x):
        z = ops.mean(x, axis=(1, 2), keepdims=True)
        return x * ops.sigmoid(ops.relu(z @ self.w1 + self.b1) @ self.w2 + self.b2)


def se_block(x, ratio=16):
    return SE(ratio)(x)
