# exercise: se_block
# kind: wrong
# score: 1.25
# says: belong to the model
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    layers.Multiply()([x, s])
    return x
