# exercise: se_block
# kind: wrong
# score: 7.5
# says: raised
from keras import layers

def se_block(x, ratio=16):
    _, height, width, c = x.shape
    s = layers.AveragePooling2D((height, width))(x)
    s = layers.Conv2D(c // ratio, 1, activation="relu")(s)
    s = layers.Conv2D(c, 1, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
