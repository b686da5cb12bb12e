# exercise: se_block
# kind: wrong
# score: 3.25
# says: residual
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Add()([x, layers.Multiply()([x, s])])
