# exercise: channel_attention
# kind: wrong
# score: 4.25
# says: incompatible
from keras import layers

first, second = None, None


def channel_attention(x, ratio=16):
    global first, second
    if first is None:
        first = layers.Dense(x.shape[-1] // ratio, activation="relu")
        second = layers.Dense(x.shape[-1])
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
