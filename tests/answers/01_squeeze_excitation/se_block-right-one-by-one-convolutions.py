# exercise: se_block
# kind: right
# score: 8
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[3]
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(c // ratio, 1, activation="relu")(gate)
    gate = layers.Conv2D(c, 1, activation="sigmoid")(gate)
    return layers.Multiply()([gate, x])
