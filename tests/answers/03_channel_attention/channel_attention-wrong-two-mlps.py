# exercise: channel_attention
# kind: wrong
# score: 1.75
# says: two MLPs
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(a)
    s = layers.Dense(c)(s)
    t = layers.Dense(c // ratio, activation="relu")(m)
    t = layers.Dense(c)(t)
    return layers.Multiply()([x, ops.sigmoid(s + t)])
