# exercise: se_block
# kind: right
# score: 8
from keras import layers

def se_block(x, ratio=16):
    channels = x.shape[-1]
    z = layers.GlobalAveragePooling2D(dtype="float64")(x)
    hidden = layers.Dense(channels // ratio, activation="relu", dtype="float64")(z)
    gate = layers.Dense(channels, activation="sigmoid", dtype="float64")(hidden)
    return layers.Multiply(dtype="float64")([x, gate])
