# exercise: channel_attention
# kind: wrong
# score: 7.5
# says: raised
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a = layers.Flatten()(layers.AveragePooling2D((x.shape[1], x.shape[2]))(x))
    m = layers.Flatten()(layers.MaxPooling2D((x.shape[1], x.shape[2]))(x))
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
