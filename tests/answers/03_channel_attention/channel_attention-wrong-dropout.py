# exercise: channel_attention
# kind: wrong
# score: 7
# says: dropout
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    drop = layers.Dropout(0.5)
    s = second(drop(first(a))) + second(drop(first(m)))
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
