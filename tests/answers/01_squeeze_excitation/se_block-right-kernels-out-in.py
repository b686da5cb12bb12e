# exercise: se_block
# kind: right
# score: 8
from keras import layers, ops


# kept as PyTorch keeps them: (out, in), turned where they are used
class Excite(layers.Layer):
    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, shape):
        channels, width = shape[-1], shape[-1] // self.ratio
        self.w1 = self.add_weight(shape=(width, channels))
        self.b1 = self.add_weight(shape=(width,), initializer="zeros")
        self.w2 = self.add_weight(shape=(channels, width))
        self.b2 = self.add_weight(shape=(channels,), initializer="zeros")

    def call(self, x):
        z = ops.mean(x, axis=(1, 2))
        hidden = ops.relu(ops.matmul(z, ops.transpose(self.w1)) + self.b1)
        gate = ops.sigmoid(ops.matmul(hidden, ops.transpose(self.w2)) + self.b2)
        return x * gate[:, None, None, :]


def se_block(x, ratio=16):
    return Excite(ratio)(x)
