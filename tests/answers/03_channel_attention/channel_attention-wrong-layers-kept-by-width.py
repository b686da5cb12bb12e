# exercise: channel_attention
# kind: wrong
# score: 7.5
# says: share their weights
from keras import layers

kept = {}


def channel_attention(x, ratio=16):
    c = x.shape[-1]
    if (c, ratio) not in kept:
        kept[c, ratio] = layers.Dense(c // ratio, activation="relu"), layers.Dense(c)
    first, second = kept[c, ratio]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
