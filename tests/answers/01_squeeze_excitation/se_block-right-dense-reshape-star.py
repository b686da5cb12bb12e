# exercise: se_block
# kind: right
# score: 8
from keras import layers

def se_block(x, ratio=16):
    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(channels // ratio, activation="relu", kernel_initializer="he_normal")(s)
    s = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(s)
    s = layers.Reshape((1, 1, channels))(s)
    return x * s
