# exercise: se_block
# kind: wrong
# score: 7
# says: gradient
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(ops.stop_gradient(x))
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
