# exercise: se_block
# kind: wrong
# score: 4.5
# says: bias of the second layer
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid", use_bias=False)(s)
    return layers.Multiply()([x, s])
