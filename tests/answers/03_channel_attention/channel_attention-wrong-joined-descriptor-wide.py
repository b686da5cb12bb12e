# exercise: channel_attention
# kind: wrong
# score: 1.75
# says: long vector
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    v = layers.Concatenate()([a, m])
    s = layers.Dense(2 * c // ratio, activation="relu")(v)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
