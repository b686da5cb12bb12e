# exercise: se_block
# kind: right
# score: 8
from keras import layers

def gate_model(channels, ratio):
    z = keras.Input((channels,))
    h = layers.Dense(channels // ratio, activation="relu")(z)
    s = layers.Dense(channels, activation="sigmoid")(h)
    return keras.Model(z, s)


def se_block(x, ratio=16):
    z = layers.GlobalAveragePooling2D()(x)
    return layers.Multiply()([x, gate_model(z.shape[-1], ratio)(z)])
