# exercise: se_block
# kind: wrong
# score: 6.5
# says: not trainable
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu", trainable=False)(s)
    s = layers.Dense(c, activation="sigmoid", trainable=False)(s)
    return layers.Multiply()([x, s])
