# exercise: se_block
# kind: wrong
# score: 1.75
# says: norm is left in
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio)(s)
    s = layers.BatchNormalization()(s)
    s = layers.ReLU()(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
