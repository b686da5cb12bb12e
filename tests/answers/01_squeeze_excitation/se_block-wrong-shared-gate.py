# exercise: se_block
# kind: wrong
# score: 3.25
# says: share one gate
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = ops.mean(x, axis=(0, 1, 2), keepdims=True)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return x * s
