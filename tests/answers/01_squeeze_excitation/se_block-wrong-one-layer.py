# exercise: se_block
# kind: wrong
# score: 1.75
# says: one layer
from keras import layers

def se_block(x, ratio=16):
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(x.shape[-1], activation="sigmoid")(s)
    return layers.Multiply()([x, s])
