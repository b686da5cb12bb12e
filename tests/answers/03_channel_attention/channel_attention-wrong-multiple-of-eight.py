# exercise: channel_attention
# kind: wrong
# score: 1.75
# says: multiple of 8
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(max(8, (c // ratio + 4) // 8 * 8), activation="relu")
    second = layers.Dense(c)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
