# exercise: se_block
# kind: wrong
# score: 1.25
# says: belong to the model
from keras import layers

class SE(layers.Layer):
    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        c = x.shape[-1]
        s = layers.GlobalAveragePooling2D()(x)
        s = layers.Dense(c // self.ratio, activation="relu")(s)
        s = layers.Dense(c, activation="sigmoid")(s)
        return layers.Multiply()([x, s])


def se_block(x, ratio=16):
    return SE(ratio)(x)
