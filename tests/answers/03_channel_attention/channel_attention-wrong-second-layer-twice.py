# exercise: channel_attention
# kind: wrong
# score: 1.75
# says: second layer stands there twice
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    first = layers.Dense(c // ratio, activation="relu")
    s = layers.Dense(c)(first(a)) + layers.Dense(c)(first(m))
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
