# exercise: se_block
# kind: wrong
# score: 1.75
# says: a norm is left in
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c)(s)
    s = layers.Activation("sigmoid")(layers.LayerNormalization()(s))
    return layers.Multiply()([x, s])
