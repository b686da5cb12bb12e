# exercise: channel_attention
# kind: wrong
# score: 7
# says: stopped gradient
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = second(first(a)) + second(first(ops.stop_gradient(m)))
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
