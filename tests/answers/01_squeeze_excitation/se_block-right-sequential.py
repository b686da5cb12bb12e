# exercise: se_block
# kind: right
# score: 8
from keras import layers

def se_block(x, ratio=16):
    filters = x.shape[-1]
    gate = keras.Sequential([
        layers.GlobalAveragePooling2D(),
        layers.Dense(filters // ratio, activation=keras.activations.relu),
        layers.Dense(filters, activation=keras.activations.sigmoid),
        layers.Reshape((1, 1, -1)),
    ])
    return layers.multiply([x, gate(x)])
