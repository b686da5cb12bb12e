# exercise: se_block
# kind: wrong
# score: 7
# says: ratio
from keras import layers

def se_block(x, ratio):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
