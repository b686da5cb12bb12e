# exercise: se_block
# kind: wrong
# score: 3.25
# says: adds up
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = ops.sum(x, axis=(1, 2))
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
