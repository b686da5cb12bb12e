# exercise: se_block
# kind: wrong
# score: 3.25
# says: first image
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return x * s[0]
