# exercise: channel_attention
# kind: wrong
# score: 1.5
# says: bare x
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    return x * ops.sigmoid(s)
