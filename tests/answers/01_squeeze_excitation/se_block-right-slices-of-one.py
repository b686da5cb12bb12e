# exercise: se_block
# kind: right
# score: 8
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAvgPool2D()(x)
    s = layers.Dense(c // ratio, "relu")(s)
    s = layers.Dense(c, "sigmoid")(s)
    return x * s[:, None, None, :]
