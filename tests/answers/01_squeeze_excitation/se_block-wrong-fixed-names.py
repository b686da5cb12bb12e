# exercise: se_block
# kind: wrong
# score: 7.5
# says: used 2 times
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(name="squeeze")(x)
    s = layers.Dense(c // ratio, activation="relu", name="excite_1")(s)
    s = layers.Dense(c, activation="sigmoid", name="excite_2")(s)
    return layers.Multiply(name="scale")([x, s])
