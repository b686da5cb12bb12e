# exercise: se_block
# kind: wrong
# score: 1.75
# says: multiple of 8
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    m = max(8, (c // ratio + 4) // 8 * 8)
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(m, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
