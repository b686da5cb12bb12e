# exercise: channel_attention
# kind: wrong
# score: 3.25
# says: two gates are added
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c, activation="sigmoid")
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    return layers.Multiply()([x, s])
