# exercise: channel_attention
# kind: wrong
# score: 7
# says: weights of the block
from keras import layers

def channel_attention(x, ratio=8):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
