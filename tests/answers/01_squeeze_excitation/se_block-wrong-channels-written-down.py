# exercise: se_block
# kind: wrong
# score: 0
# says: raised ValueError
from keras import layers

def se_block(x, ratio=16):
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(64 // ratio, activation="relu")(s)
    s = layers.Dense(64, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
