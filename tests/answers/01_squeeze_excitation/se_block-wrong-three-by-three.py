# exercise: se_block
# kind: wrong
# score: 1.75
# says: model.summary
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Conv2D(c // ratio, 3, padding="same", activation="relu")(s)
    s = layers.Conv2D(c, 3, padding="same", activation="sigmoid")(s)
    return layers.Multiply()([x, s])
