# exercise: channel_attention
# kind: wrong
# score: 1.25
# says: belong to the model
from keras import layers, ops

class Gate(layers.Layer):
    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        first, second = layers.Dense(x.shape[-1] // self.ratio, activation="relu"), layers.Dense(x.shape[-1])
        s = second(first(ops.mean(x, axis=(1, 2)))) + second(first(ops.max(x, axis=(1, 2))))
        return layers.Multiply()([x, ops.sigmoid(s)])


def channel_attention(x, ratio=16):
    return Gate(ratio)(x)
