# exercise: se_block
# kind: wrong
# score: 7.5
# says: raised TypeError
from keras import layers, ops

def se_block(x, ratio=16):
    _, H, W, C = x.shape
    s = ops.sum(x, axis=(1, 2)) / (H * W)
    s = layers.Dense(C // ratio, activation="relu")(s)
    s = layers.Dense(C, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
