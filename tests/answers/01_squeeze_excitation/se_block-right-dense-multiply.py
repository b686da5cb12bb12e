# exercise: se_block
# kind: right
# score: 8
from keras import layers

def se_block(x, ratio=16):
    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(channels // ratio, activation="relu")(s)
    s = layers.Dense(channels, activation="sigmoid")(s)
    # Multiply puts the missing axes in by itself
    return layers.Multiply()([x, s])
